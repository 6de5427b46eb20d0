"""The address side of a card: address at the right, names in the middle, postal code in its boxes."""

import pickle
from collections.abc import Callable
from dataclasses import replace

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dmgen.errors import CampaignError
from dmgen.fonts import FontLibrary
from dmgen.layout import Master, SetError
from dmgen.model.contents import Columns, Hung, Stamp, Text
from dmgen.model.layout import AddressSlot, Box, Direction, Fit, PanelSlot, PostalBoxesSlot, Style, TextSlot
from tests.conftest import extracted, press_kit, print_pages
from tests.layout.conftest import ROW, MakeMaster, Set, set_piece

ADDRESS = Style("mincho", 4.0, 6.0, Fit.SHRINK, direction=Direction.VERTICAL)
NAME = Style("mincho", 9.0, 12.0, Fit.SHRINK, direction=Direction.VERTICAL)
BOX = Box(12, 27, 76, 108)
SLOT = AddressSlot(name="address", box=BOX, style=ADDRESS, name_style=NAME)
DIGITS = Style("gothic", 5.0, 5.0)
POSTAL = PostalBoxesSlot(name="postal", box=Box(44.3, 12, 47.7, 8), style=DIGITS)
KNOWN = frozenset(ROW)
Card = Callable[..., Set]


@pytest.fixture
def card(make_master: MakeMaster) -> Card:
    """`card(name="…", street="…")` is a set card."""
    master = make_master(SLOT, POSTAL, known=KNOWN)

    def make(**row: str) -> Set:
        return set_piece(master, row)

    return make


def _words(item: Columns) -> list[str]:
    return ["".join(run.text for run in column) for column in item.columns]


def _blocks(piece: Set) -> tuple[Columns, Columns]:
    address, names = piece.items(Columns)
    return address, names


def _last(column: list[Hung]) -> Hung:
    return column[-1]


def test_the_address_of_a_person(card: Card) -> None:
    address, names = _blocks(card())
    assert _words(address) == ["東京都千代田区千代田一－一", "若葉ビル二階"]
    assert _words(names) == ["青葉 花子様"]
    assert address.x == pytest.approx(88 - 2.0)
    assert names.x == pytest.approx(50.0)


def test_the_building_begins_lower_and_ends_with_the_street(card: Card) -> None:
    street, building = _blocks(card())[0].columns
    assert building[0].y == pytest.approx(13 * 4.0 - 6 * 4.0)
    street, building = _blocks(card(building="若葉ビル" * 4))[0].columns
    assert (street[0].y, building[0].y) == (0.0, pytest.approx(4.0))


def test_empty_parts_close_up(card: Card) -> None:
    assert _words(_blocks(card(building="", town=""))[0]) == ["東京都千代田区一－一"]


def test_a_long_street_ends_its_column_between_parts(card: Card) -> None:
    address, _ = _blocks(card(city="札幌市東区" * 3, town="北六条東" * 3, street="4丁目1-23", building=""))
    assert _words(address) == ["東京都" + "札幌市東区" * 3, "北六条東" * 3 + "四丁目一－二三"]


def test_an_address_in_one_cell_has_its_building_in_a_column(make_master: MakeMaster) -> None:
    master = make_master(SLOT, POSTAL, known=frozenset({"customer_id", "name", "postal_code", "address"}))
    assert _words(_blocks(set_piece(master))[0]) == ["東京都千代田区千代田一－一", "若葉ビル二階"]
    spaced = set_piece(master, {"address": "東京都 千代田区 千代田1-1"})
    assert _words(_blocks(spaced)[0]) == ["東京都 千代田区 千代田一－一"]


def test_joint_names_have_the_family_once_and_their_titles_in_a_line(card: Card) -> None:
    _, names = _blocks(card(name="佐々木 健太郎", joint_names="花子、翔"))
    assert _words(names) == ["佐々木 健太郎様", "花子様", "翔様"]
    assert len({round(_last(column).y, 6) for column in names.columns}) == 1
    first, second, third = names.columns
    given = next(run for run in first if run.text.startswith("健"))
    assert second[0].y == pytest.approx(given.y)
    middle = given.y + (_last(first).y - given.y) / 2
    assert given.y < third[0].y < middle


def test_joint_names_of_another_family_are_whole(card: Card) -> None:
    assert _words(_blocks(card(joint_names="山田 太郎"))[1]) == ["青葉 花子様", "山田 太郎様"]


def test_horizontal_addresses_show_joint_names_on_lines(make_master: MakeMaster) -> None:
    flat = replace(ADDRESS, direction=Direction.HORIZONTAL)
    master = make_master(replace(SLOT, style=flat, name_style=flat), known=KNOWN)
    assert "joint_names" in master.names
    assert set_piece(master, {"joint_names": "太郎"}).lines()[-2:] == ["青葉 花子　様", "青葉 太郎　様"]


def test_an_organisation_is_onchu_under_its_department(card: Card) -> None:
    _, names = _blocks(card(name="株式会社青葉堂オンラインストア 営業企画部"))
    assert _words(names) == ["株式会社青葉堂オンラインストア", "営業企画部　御中"]


def test_a_short_name_is_spaced_out_and_a_long_one_is_set_smaller(card: Card) -> None:
    short, long = (_blocks(card(name=name))[1] for name in ("林 修", "寿限無寿限無五劫 之助之助之助"))
    steps = [after.y - before.y for before, after in zip(short.columns[0], short.columns[0][1:], strict=False)]
    assert min(steps[2:]) > 9.0
    assert (short.size, long.size < 9.0) == (9.0, True)


def test_the_address_keeps_its_size_where_only_the_name_is_long(card: Card) -> None:
    address, names = _blocks(card(name="寿限無寿限無五劫 之助之助之助"))
    assert (address.size, names.size < 9.0) == (4.0, True)


def test_names_give_way_to_a_wide_address(card: Card) -> None:
    address, names = _blocks(card(joint_names="太郎、次郎、三郎", building="若葉" * 26))
    width = (len(names.columns) - 1) * names.leading
    right = names.x + names.size / 2
    assert right < 50 + width / 2 + names.size / 2
    assert address.x - (len(address.columns) - 1) * address.leading - address.size / 2 > right


def test_what_does_not_fit_at_all_is_overset(card: Card) -> None:
    for row in ({"name": "寿限無" * 400}, {"building": "若葉ビル" * 500}, {"joint_names": "、".join(["花子"] * 40)}):
        with pytest.raises(SetError) as caught:
            card(**row)
        assert (caught.value.reason, caught.value.slot) == ("overset", "address")


def test_a_missing_glyph_is_told_by_code_point(card: Card) -> None:
    with pytest.raises(SetError) as caught:
        card(joint_names="花\u0704")
    assert (caught.value.reason, caught.value.value) == ("missing_glyph", "U+0704")


def test_a_master_of_columns_travels_to_workers(make_master: MakeMaster) -> None:
    master = make_master(SLOT, POSTAL, known=KNOWN)
    assert _words(_blocks(set_piece(pickle.loads(pickle.dumps(master))))[1]) == ["青葉 花子様"]


# On paper


def _printed(fonts: FontLibrary, master: Master, row: dict[str, str]) -> bytes:
    return print_pages(press_kit(fonts, master.forms), set_piece(master, row).pages)


NAMES = st.text(st.sampled_from("青葉花子々ヴォー𠮷髙（株）A1 　・"), min_size=1, max_size=30).filter(str.strip)
CELLS = st.text(st.sampled_from("北海道札幌市東区ーABC0123-「」（） ｱ々"), max_size=30)


@given(name=NAMES, joint=st.lists(NAMES, max_size=3), street=CELLS, building=CELLS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_character_stands_inside_the_box(
    make_master: MakeMaster, fonts: FontLibrary, name: str, joint: list[str], street: str, building: str
) -> None:
    master = make_master(SLOT, POSTAL, known=KNOWN)
    row = {"name": name, "joint_names": "、".join(joint), "street": street, "building": building}
    try:
        data = _printed(fonts, master, row)
    except SetError as error:
        assert error.reason == "overset"
        return
    with pypdfium2.PdfDocument(data) as document:
        image = document[0].render(scale=100 / 72).to_pil().convert("L").point(lambda v: 255 * (v < 200))
    scale = 100 / 25.4
    ink = image.crop((0, round((20.5 + 3) * scale), *image.size)).getbbox()
    assert ink is not None
    left, top, right, bottom = (edge / scale - 3.0 for edge in ink)
    top, bottom = top + 20.5 + 3.0, bottom + 20.5 + 3.0
    assert left >= BOX.left - 0.6
    assert right <= BOX.left + BOX.width + 0.6
    assert top >= BOX.top - 0.6
    assert bottom <= BOX.top + BOX.height + 0.6


def test_a_reader_finds_address_names_and_code_in_order(make_master: MakeMaster, fonts: FontLibrary) -> None:
    master = make_master(SLOT, POSTAL, known=KNOWN)
    text = extracted(_printed(fonts, master, {"joint_names": "太郎、葛\U000e0100子", "name": "𠮷野 花子"}))
    expected = "東京都千代田区千代田一－一若葉ビル二階𠮷野花子様太郎様葛\U000e0100子様1000001"
    assert "".join(text.split()) == expected


# The postal code


def _boxes(slot: PostalBoxesSlot, make_master: MakeMaster) -> Set:
    return set_piece(make_master(slot), {"postal_code": "123-4567"})


def test_digits_stand_in_the_middle_of_their_boxes(make_master: MakeMaster, fonts: FontLibrary) -> None:
    """Centres as measured on the official figure (B1 of the facts) for a card of 100 mm."""
    [digits] = _boxes(POSTAL, make_master).items(Text)
    face = fonts["gothic"]
    centres = [digits.x + line.offset + face.advances[line.text] * 5.0 / 2000 for line in digits.lines]
    assert [line.text for line in digits.lines] == list("1234567")
    assert centres == pytest.approx([47.15, 54.15, 61.15, 68.75, 75.55, 82.35, 89.15])
    assert digits.y - face.cap_height * 5.0 / 2000 == pytest.approx(16.0)


def test_frames_lie_around_the_boxes(make_master: MakeMaster) -> None:
    piece = _boxes(replace(POSTAL, frames=True), make_master)
    [stamp] = piece.items(Stamp)
    panels = [item for item in piece.master.forms[stamp.form] if isinstance(item, PanelSlot)]
    boxes, hyphen = panels[:7], panels[7]
    inner = [(panel.box.left + panel.line / 2, panel.box.width - panel.line) for panel in boxes]
    assert [left for left, _ in inner] == pytest.approx([44.3, 51.3, 58.3, 65.9, 72.7, 79.5, 86.3])
    assert [width for _, width in inner] == pytest.approx([5.7] * 7)
    assert [panel.box.top + panel.line / 2 for panel in boxes] == pytest.approx([12.0] * 7)
    assert [panel.line for panel in boxes] == [0.5] * 3 + [0.3] * 4
    assert all(panel.stroke is not None and panel.stroke[0] == panel.stroke[3] == 0 for panel in boxes)
    assert hyphen.box.top + hyphen.box.height / 2 == pytest.approx(16.0)
    assert 64.0 < hyphen.box.left < hyphen.box.left + hyphen.box.width < 65.9


def test_boxes_of_another_size_and_digits_too_large_are_refused(make_master: MakeMaster) -> None:
    with pytest.raises(CampaignError, match=r"slot postal: the seven boxes .* are 47\.7 × 8 mm"):
        make_master(replace(POSTAL, box=Box(44.3, 12, 50, 8)))
    with pytest.raises(CampaignError, match=r"digits of 12\.0 mm do not fit their boxes; a style of 10\.\d mm does"):
        make_master(replace(POSTAL, style=replace(DIGITS, size=12.0)))


def test_an_address_in_columns_needs_its_postal_code_elsewhere(make_master: MakeMaster) -> None:
    with pytest.raises(CampaignError, match=r"slot address: .* does not show the postal code"):
        make_master(SLOT)
    code = TextSlot(name="code", box=Box(12, 12, 40, 8), words="code", style=DIGITS)
    make_master(SLOT, code, words={"code": "{{ postal_code }}"})


def test_cards_are_japanese(make_master: MakeMaster) -> None:
    for slot in (SLOT, POSTAL):
        with pytest.raises(CampaignError, match=r'country = "JP" in shop\.toml'):
            make_master(slot, POSTAL, country="generic")
