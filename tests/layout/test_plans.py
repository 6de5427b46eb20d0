"""Each kind of slot shows what it should for a piece, and says why where it cannot."""

from dataclasses import replace

import pytest

from dmgen.errors import CampaignError
from dmgen.layout import SetError
from dmgen.model.contents import Code, Picture, Stamp, Text
from dmgen.model.layout import (
    AddressSlot,
    Align,
    Box,
    CouponSlot,
    Fit,
    ImageSlot,
    LotterySlot,
    PanelSlot,
    QrSlot,
    Style,
    TextSlot,
)
from dmgen.model.production import Record
from dmgen.model.rule import Rule
from tests.layout.conftest import NOTHING, ROW, MakeMaster, set_piece, tickets

BODY = Style("mincho", 4.0, 6.0)
SMALL = Style("gothic", 3.0, 4.0)
BOX = Box(20, 100, 100, 40)
CODE = Style("mono", 5.0, 6.0)


def _text(words: str = "body", box: Box = BOX, when: str = "", **style: object) -> TextSlot:
    rule = Rule.parse(when) if when else None
    return TextSlot(name="body", box=box, when=rule, words=words, style=replace(BODY, **style))  # type: ignore[arg-type]


def _address(height: float = 40.0, **style: object) -> AddressSlot:
    small = replace(SMALL, **style)  # type: ignore[arg-type]
    return AddressSlot(name="address", box=Box(20, 20, 80, height), style=small, name_style=replace(BODY, **style))  # type: ignore[arg-type]


# The address


def test_the_address_of_a_person(make_master: MakeMaster) -> None:
    assert set_piece(make_master(_address())).lines() == [
        "〒100-0001", "東京都千代田区千代田1-1", "若葉ビル2階", "青葉 花子　様",
    ]  # fmt: skip


def test_empty_lines_of_the_address_close_up(make_master: MakeMaster) -> None:
    master = make_master(_address())
    with_building, without = set_piece(master), set_piece(master, {"building": "", "town": None})
    assert without.lines() == ["〒100-0001", "東京都千代田区1-1", "青葉 花子　様"]
    names = [piece.items(Text)[-1] for piece in (with_building, without)]
    assert names[0].y - names[1].y == pytest.approx(SMALL.leading)


def test_an_organisation_is_onchu(make_master: MakeMaster) -> None:
    assert set_piece(make_master(_address()), {"name": "株式会社青葉"}).lines()[-1] == "株式会社青葉　御中"


def test_an_address_in_one_column(make_master: MakeMaster) -> None:
    known = frozenset({"customer_id", "name", "postal_code", "address"})
    master = make_master(_address(), known=known)
    assert set_piece(master).lines() == ["〒100-0001", "東京都千代田区千代田1-1 若葉ビル2階", "青葉 花子　様"]
    assert master.names == {"name", "postal_code", "address"}


def test_a_row_without_parts_shows_its_whole_address(make_master: MakeMaster) -> None:
    """Where a list has both, a letter never goes out with a postal code and a name only."""
    empty = dict.fromkeys(("prefecture", "city", "town", "street", "building"), "")
    assert set_piece(make_master(_address()), empty).lines()[1] == ROW["address"]


def test_a_list_without_building_column_loses_nothing(make_master: MakeMaster) -> None:
    known = frozenset({"name", "postal_code", "address", "city", "street"})
    assert set_piece(make_master(_address(), known=known)).lines()[1] == "千代田区1-1"


@pytest.mark.parametrize(
    ("row", "lines"),
    [
        (
            {"name": "John Smith", "postal_code": "62701", "building": "Apt 4", "street": "123 Main St",
             "town": "", "city": "Springfield", "prefecture": "IL"},
            ["John Smith", "123 Main St Apt 4", "Springfield, IL 62701"],
        ),
        (
            {"name": "Ann Lee", "postal_code": "SW1A 1AA", "building": "", "street": "1 High Street",
             "town": "Soho", "city": "London", "prefecture": ""},
            ["Ann Lee", "1 High Street", "Soho, London SW1A 1AA"],
        ),
        (
            {"name": "Ann Lee", "postal_code": "92688", "building": "Building 7 Apartment 2210",
             "street": "14500 Old Chattanooga Valley Parkway East", "town": "", "city": "Moab", "prefecture": "UT"},
            ["Ann Lee", "14500 Old Chattanooga Valley Parkway East", "Building 7 Apartment 2210", "Moab, UT 92688"],
        ),
    ],
)  # fmt: skip
def test_an_address_outside_japan_has_the_name_first_and_the_place_last(
    make_master: MakeMaster, row: dict[str, str], lines: list[str]
) -> None:
    """Name, street with the apartment, "City, State ZIP"; no 〒 and no 様."""
    assert set_piece(make_master(_address(), country="generic"), row).lines() == lines


def test_an_address_outside_japan_in_one_column(make_master: MakeMaster) -> None:
    known = frozenset({"customer_id", "name", "postal_code", "address"})
    row = {"name": "John Smith", "postal_code": "62701", "address": "123 Main St, Springfield, IL"}
    master = make_master(_address(), known=known, country="generic")
    assert set_piece(master, row).lines() == ["John Smith", "123 Main St, Springfield, IL", "62701"]


def test_a_long_address_is_set_smaller_and_then_refused(make_master: MakeMaster) -> None:
    row = {"building": "若葉ビル" * 12}
    with pytest.raises(SetError) as caught:
        set_piece(make_master(_address(20)), row)
    assert (caught.value.reason, caught.value.slot) == ("overset", "address")
    smaller = set_piece(make_master(_address(20, fit=Fit.SHRINK)), row)
    assert smaller.items(Text)[0].size < SMALL.size
    assert "".join(smaller.lines()).count("若葉ビル") == 12


# Numbers


COUPON = CouponSlot(name="coupon", box=Box(20, 200, 90, 20), words="coupon", style=SMALL, code_style=CODE)
LOTTERY = LotterySlot(name="kuji", box=Box(120, 200, 60, 30), style=CODE, words="kuji", words_style=SMALL)
WORDS = {"coupon": "{{ offer.label }}", "kuji": "抽選番号", "body": "　本文"}


def test_a_coupon_stands_on_the_bottom_edge_under_its_words(make_master: MakeMaster) -> None:
    piece = set_piece(make_master(COUPON, words=WORDS))
    words, code = piece.items(Text)
    assert piece.lines() == ["500円引き", "ABCD 2345 EFGH"]
    assert words.y == pytest.approx(200 + 0.88 * 3.0)
    assert code.y == pytest.approx(220 - 5.0 + 1.025 * 5.0)


def test_every_ticket_has_a_line(make_master: MakeMaster) -> None:
    piece = set_piece(make_master(LOTTERY, words=WORDS), numbers=tickets("11111111", "22222222"))
    assert piece.lines() == ["抽選番号", "11111111", "22222222"]


def test_a_lottery_slot_needs_no_words(make_master: MakeMaster) -> None:
    assert set_piece(make_master(replace(LOTTERY, words=None))).lines() == ["12345678"]


def test_a_piece_without_numbers_has_no_empty_coupon(make_master: MakeMaster) -> None:
    assert set_piece(make_master(COUPON, LOTTERY, words=WORDS), numbers=NOTHING).pages[0].items == []


def test_more_tickets_than_fit_are_overset(make_master: MakeMaster) -> None:
    with pytest.raises(SetError) as caught:
        set_piece(make_master(LOTTERY, words=WORDS), numbers=tickets(*["11111111"] * 9))
    assert (caught.value.reason, caught.value.slot) == ("overset", "kuji")


def test_a_qr_code_keeps_its_quiet_zone_in_the_box(make_master: MakeMaster) -> None:
    slot = QrSlot(name="qr", box=Box(100, 200, 30, 24), link="coupon")
    master = make_master(slot)
    [code] = set_piece(master).items(Code)
    module = code.box.width / code.symbol.columns
    assert code.box.width == code.box.height == pytest.approx(24 - 8 * module)
    assert (code.box.left, code.box.top) == pytest.approx((103 + 4 * module, 200 + 4 * module))
    assert master.links == ("coupon",)


def test_a_qr_code_with_small_modules_is_refused_with_the_size_it_needs(make_master: MakeMaster) -> None:
    with pytest.raises(CampaignError, match=r"slot qr: modules of 0\.\d\d mm .* make the box 12 × 12 mm"):
        make_master(QrSlot(name="qr", box=Box(100, 200, 10, 10), link="coupon"))
    make_master(QrSlot(name="qr", box=Box(100, 200, 12, 12), link="coupon"))


def test_a_qr_code_without_links_says_what_to_write(make_master: MakeMaster) -> None:
    with pytest.raises(CampaignError, match=r'slot qr: .* write links = "https://…/" in shop\.toml'):
        make_master(QrSlot(name="qr", box=Box(100, 200, 30, 30), link="coupon"), links=False)


# Words


def test_words_for_everybody_are_one_form_and_no_text_of_the_page(make_master: MakeMaster) -> None:
    panel = PanelSlot(name="panel", box=Box(10, 10, 20, 20), fill=(0, 0, 0, 0.1))
    piece = set_piece(make_master(panel, _text(), words=WORDS))
    assert piece.pages[0].items == [Stamp("0.0", 0.0, 0.0)]
    assert piece.stamped() == ["　本文"]


def test_words_of_the_shop_and_offer_are_for_everybody(make_master: MakeMaster) -> None:
    piece = set_piece(make_master(_text(), words={"body": "{{ shop.sender }}の{{ offer.label }}"}))
    assert (piece.lines(), piece.stamped()) == ([], ["青葉堂の500円引き"])


def test_static_paragraphs_are_stamped_below_what_varies(make_master: MakeMaster) -> None:
    words = {"body": "一\n{{ name }}\n\n二\n三\n{% if note %}{{ note }}{% endif %}\n{{ points | comma }}"}
    piece = set_piece(make_master(_text(), words=words))
    assert piece.lines() == ["青葉 花子", "1,200"]
    assert piece.stamped() == ["一", "", "二", "三"]
    first, second = piece.items(Stamp)
    assert (first.x, first.y) == (20, 100)
    assert (second.x, second.y) == (20, pytest.approx(100 + 2 * 6.0))
    assert piece.items(Text)[1].y == pytest.approx(100 + 5 * 6.0 + 0.88 * 4.0)


def test_a_paragraph_that_says_nothing_takes_no_line(make_master: MakeMaster) -> None:
    words = {"body": "{{ name }}\n　{{ note }}\n{% if points > 5000 %}\n　多い\n　とても\n{% endif %}\n\n終"}
    piece = set_piece(make_master(_text(), words=words))
    assert piece.lines() == ["青葉 花子"]
    assert piece.stamped() == ["", "終"]
    assert piece.items(Stamp)[0].y == pytest.approx(106)
    longer = set_piece(make_master(_text(), words=words), {"points": 6000})
    assert longer.lines() == ["青葉 花子", "　多い", "　とても"]


def test_where_the_words_do_not_fit_all_of_them_are_set_smaller_together(make_master: MakeMaster) -> None:
    words = {"body": "一\n{{ name }}\n二"}
    master = make_master(_text(box=Box(20, 100, 40, 16), fit=Fit.SHRINK), words=words)
    assert set_piece(master).stamped() == ["一", "二"]
    piece = set_piece(master, {"name": "青葉花子" * 4})
    [text] = piece.items(Text)
    assert piece.stamped() == []
    assert text.size < 4.0
    assert "".join(piece.lines()) == "一" + "青葉花子" * 4 + "二"
    assert text.y + (len(text.lines) - 1) * text.leading - 0.88 * text.size + text.size <= 116.02


@pytest.mark.parametrize("fit", list(Fit))
def test_words_that_do_not_fit_at_all_are_overset(make_master: MakeMaster, fit: Fit) -> None:
    master = make_master(_text(box=Box(20, 100, 40, 10), fit=fit), words={"body": "{{ name }}"})
    with pytest.raises(SetError) as caught:
        set_piece(master, {"name": "青葉花子" * 60})
    assert (caught.value.reason, caught.value.slot, caught.value.value) == ("overset", "body", "")


def test_fixed_words_that_do_not_fit_are_the_layouts_fault(make_master: MakeMaster) -> None:
    with pytest.raises(CampaignError, match=r'letter\.toml: slot body: the words do not fit .* fit = "shrink"'):
        make_master(_text(box=Box(20, 100, 20, 5)), words={"body": "青葉花子" * 4})


def test_a_missing_glyph_of_a_customer_is_told_by_code_point_only(make_master: MakeMaster) -> None:
    master = make_master(_address(), words={})
    with pytest.raises(SetError) as caught:
        set_piece(master, {"name": "山田\u0704"})
    assert (caught.value.reason, caught.value.slot, caught.value.value) == ("missing_glyph", "address", "U+0704")


def test_a_missing_glyph_of_the_words_is_told_with_its_line(make_master: MakeMaster) -> None:
    with pytest.raises(CampaignError, match=r"letter\.toml, line 21: \[words\] body: the font mincho .* U\+1F44D"):
        make_master(_text(), words={"body": "一\n👍"})


def test_words_in_the_middle_of_their_box(make_master: MakeMaster) -> None:
    for source, row in (("春", {}), ("{{ name }}", {"name": "春"})):
        master = make_master(_text(box=Box(20, 100, 40, 20), middle=True), words={"body": source})
        piece = set_piece(master, row)
        items = piece.items(Text) or [item for form in master.forms.values() for item in form]
        assert items[0].y == pytest.approx(100 + 8.0 + 0.88 * 4.0), source


def test_the_name_slot_of_the_sample_takes_long_names(make_master: MakeMaster) -> None:
    slot = _text(box=Box(22, 106, 150, 12), size=14 * 25.4 / 72, leading=18 * 25.4 / 72, fit=Fit.SHRINK)
    master = make_master(slot, words={"body": "{{ name }} 様"})
    for name in ("Wolfeschlegelsteinhausenbergerdorff " * 3)[:100], "寿限無" * 15, "W" * 100:
        lines = set_piece(master, {"name": name}).lines()
        assert "".join(lines).replace(" ", "") == name.replace(" ", "") + "様"
        assert len(lines[-1]) >= 3
        assert not lines[-1].startswith("様")


def test_right_aligned_words_end_at_the_boxs_edge(make_master: MakeMaster) -> None:
    piece = set_piece(make_master(_text(align=Align.RIGHT), words={"body": "{{ name }}\n{{ points }}"}))
    first, second = (item.lines[0] for item in piece.items(Text))
    assert first.offset == pytest.approx(100 - 4.0 * 4 - 4.0 * 0.2 - 0.02, abs=0.5)
    assert second.offset > first.offset


# Pictures


def test_a_picture_keeps_its_proportions_in_the_middle_of_its_box(make_master: MakeMaster) -> None:
    slot = ImageSlot(name="photo", box=Box(100, 50, 40, 40), file=None, column="product.photo")
    master = make_master(slot, pictures={"tea.jpg": (400, 200)})
    [picture] = set_piece(master, {"product": Record({"photo": "tea.jpg"})}).items(Picture)
    assert (picture.key, picture.box) == ("tea.jpg", Box(100, 60, 40, 20))
    assert set_piece(master).items(Picture) == []


def test_a_picture_of_an_unknown_column_is_refused(make_master: MakeMaster) -> None:
    slot = ImageSlot(name="photo", box=Box(100, 50, 40, 40), file=None, column="maker.foto")
    with pytest.raises(CampaignError, match=r"slot photo: there is no column maker\.foto"):
        make_master(slot)


def test_a_picture_that_is_not_there_is_told_with_its_column_and_file(make_master: MakeMaster) -> None:
    slot = ImageSlot(name="photo", box=Box(100, 50, 40, 40), file=None, column="product.photo")
    with pytest.raises(SetError) as caught:
        set_piece(make_master(slot), {"product": Record({"photo": "tea.jpg"})})
    told = (caught.value.reason, caught.value.slot, caught.value.field, caught.value.value)
    assert told == ("missing_image", "photo", "product.photo", "tea.jpg")
