"""Slots that hold codes: where the modules stand, what is refused before anything is issued, what a piece lacks."""

from urllib.parse import unquote

import pytest

from dmgen.errors import CampaignError
from dmgen.layout import SetError, measure, merged, symbol_names, with_budget
from dmgen.model.contents import Code, Stamp, Text
from dmgen.model.layout import K100, ArSlot, Box, JapanPostSlot, Page, QrSlot, Style, SymbolSlot
from dmgen.model.rule import Rule
from dmgen.symbols import CODINGS, aruco_symbol, customer_barcode
from tests.layout.conftest import NUMBERS, ROW, MakeMaster, set_piece
from tests.symbols.decode import decoded, picture

SMALL = Style("gothic", 2.5, 3.5)
BOX, POST = Box(20, 100, 80, 40), Box(20, 60, 75, 8)
QUIET = {"qr": (4, 4), "datamatrix": (1, 1), "code128": (10, 0), "ean13": (11, 0)}


def _slot(kind: str, box: Box = BOX, when: str = "", style: Style | None = None) -> SymbolSlot:
    return SymbolSlot(name="x", box=box, when=Rule.parse(when) if when else None, kind=kind, words="say", style=style)


def _said(master, row=None) -> str:
    [code] = set_piece(master, row).items(Code)
    return decoded(picture(code.symbol, 12, 30 if code.symbol.rows == 1 else 1)).text


@pytest.mark.parametrize("kind", ["qr", "code128", "datamatrix"])
def test_a_piece_s_own_words_are_its_code(make_master: MakeMaster, kind: str) -> None:
    master = make_master(_slot(kind), words={"say": "{{ customer_id }}/{{ points }}"})
    assert _said(master) == "1001/1200"
    assert _said(master, {"customer_id": "77"}) == "77/1200"


def test_ean13_computes_its_check_digit(make_master: MakeMaster) -> None:
    master = make_master(_slot("ean13"), words={"say": "4901234{{ '%05d' | format(points) }}"})
    assert _said(master) == "4901234012004"


@pytest.mark.parametrize("kind", QUIET)
def test_a_code_keeps_its_quiet_zone_in_the_box(make_master: MakeMaster, kind: str) -> None:
    box = BOX
    master = make_master(_slot(kind, box), words={"say": "490123456{{ '%03d' | format(7) }}{{ note }}"})
    [code] = set_piece(master).items(Code)
    module = code.box.width / code.symbol.columns
    across, above = QUIET[kind]
    assert code.box.left - box.left >= across * module - 1e-9
    right = box.left + box.width - code.box.left - code.box.width
    assert right >= (7 if kind == "ean13" else across) * module - 1e-9
    assert code.box.top - box.top >= above * module - 1e-9
    assert box.top + box.height - code.box.top - code.box.height >= above * module - 1e-9
    if kind in ("qr", "datamatrix"):
        assert code.box.width == pytest.approx(code.box.height)


@pytest.mark.parametrize("kind", ["code128", "ean13"])
def test_what_bars_say_stands_under_them(make_master: MakeMaster, kind: str) -> None:
    master = make_master(_slot(kind, style=SMALL), words={"say": "{{ customer_id }}23456789"})
    piece = set_piece(master)
    [code], [text] = piece.items(Code), piece.items(Text)
    assert text.lines[0].text == ("1001234567894" if kind == "ean13" else "100123456789")
    assert text.lines[0].offset > 0  # centred
    assert code.box.top + code.box.height < text.y - SMALL.size * 0.8
    assert text.y < 140


def test_words_without_anything_of_the_piece_are_drawn_once(make_master: MakeMaster) -> None:
    master = make_master(_slot("qr"), words={"say": "https://x.example/{{ shop.sender }}"})
    piece = set_piece(master)
    assert piece.items(Code) == []
    [stamp] = piece.items(Stamp)
    [code] = master.forms[stamp.form]
    assert unquote(decoded(picture(code.symbol, 4)).text) == "https://x.example/青葉堂"


def test_an_empty_cell_prints_no_code(make_master: MakeMaster) -> None:
    master = make_master(_slot("code128"), words={"say": "{{ note }}"})
    assert set_piece(master).items(Code) == []


# Customer data is data


@pytest.mark.parametrize("name", ["A&b=1#x", "青葉 花子", "100%", "a/b?c", "%41", "a+b"])
def test_a_value_never_parts_the_address_it_stands_in(make_master: MakeMaster, name: str) -> None:
    say = "https://x.example/?n={{ name }}&p={{ points }}"
    said = _said(make_master(_slot("qr"), words={"say": say}), {"name": name})
    assert said.isascii()
    start, _, end = said.partition("n=")
    value, _, rest = end.partition("&")
    assert (start, unquote(value), rest) == ("https://x.example/?", name, "p=1200")


def test_a_writer_may_encode_a_path_himself(make_master: MakeMaster) -> None:
    say = "https://x.example/{{ name | urlencode }}/{% if points > 3 %}{{- ' ' ~ points -}}{% endif %}"
    assert _said(make_master(_slot("qr"), words={"say": say}), {"name": "a/b c"}) == "https://x.example/a/b%20c/%201200"


def test_an_address_in_a_column_is_used_as_it_is(make_master: MakeMaster) -> None:
    master = make_master(_slot("qr"), words={"say": "{{ name }}"})
    assert _said(master, {"name": "https://x.example/a?b=1&c=名"}) == "https://x.example/a?b=1&c=%E5%90%8D"


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("qr", "青葉", "payload_not_ascii"),
        ("code128", "é", "payload_not_ascii"),
        ("datamatrix", "青", "payload_not_ascii"),
        ("ean13", "12", "payload_not_ean13"),
        ("ean13", "4901234567890", "payload_not_ean13"),
        ("qr", "x" * 2400, "payload_too_long"),
        ("datamatrix", "x" * 1600, "payload_too_long"),
    ],
)
def test_a_piece_whose_payload_cannot_be_a_code_is_rejected(make_master, kind, value, reason) -> None:
    master = make_master(_slot(kind), words={"say": "{{ note }}"})
    with pytest.raises(SetError) as caught:
        set_piece(master, {"note": value})
    assert (caught.value.reason, caught.value.slot, caught.value.value) == (reason, "x", value)


@pytest.mark.parametrize(
    ("kind", "say", "said"),
    [("qr", "青葉", "ASCII"), ("ean13", "12", "12 digits"), ("datamatrix", "x" * 1600, "too long")],
)
def test_words_for_everybody_that_cannot_be_a_code_are_the_campaign_s_fault(make_master, kind, say, said) -> None:
    with pytest.raises(CampaignError, match=f"slot x: a {kind} code cannot say .*{said}"):
        make_master(_slot(kind), words={"say": say})


# Sizes by budget


def _measured(master, rows, varying=(), numbers=NUMBERS):
    return with_budget(master, measure(master, [{**ROW, **row} for row in rows], numbers, 8_888_888, varying))


@pytest.mark.parametrize("kind", ["qr", "datamatrix", "code128"])
def test_modules_are_as_large_in_every_letter(make_master: MakeMaster, kind: str) -> None:
    """The longest payload of the list decides, and every letter is set as for it."""
    master = make_master(_slot(kind), words={"say": "N{{ note }}"})
    rows = [{"note": "a"}, {"note": "a" * 20}, {"note": None}]
    sized = _measured(master, rows)
    modules = set()
    for row in rows:
        [code] = set_piece(sized, row).items(Code)
        modules.add(round(code.box.width / code.symbol.columns, 6))
        assert _said(sized, row) == "N" + (row["note"] or "")
        box = BOX
        assert code.box.left - box.left == pytest.approx(box.left + box.width - code.box.left - code.box.width)
    assert len(modules) == 1
    alone = {c.symbol.columns for row in rows for c in set_piece(master, row).items(Code)}
    assert len(alone) > 1


@pytest.mark.parametrize(
    ("kind", "box", "need"),
    [
        ("qr", Box(20, 100, 11, 14), "12 × 12 mm"),  # 29 + 8 modules of 0.30
        ("datamatrix", Box(20, 100, 7, 9), "9 × 9 mm"),  # 26 + 2
        ("code128", Box(20, 100, 80, 12), "121 × 12 mm"),  # 42 characters of 11, 2 + 20
    ],
)
def test_modules_too_small_for_the_longest_payload_are_refused_with_the_box_they_need(
    make_master: MakeMaster, kind: str, box: Box, need: str
) -> None:
    master = make_master(_slot(kind, box), words={"say": "{{ note }}"})
    assert _measured(master, [{"note": "a"}])
    with pytest.raises(CampaignError, match=f"slot x: the longest payload of this list has 39 characters.*{need}"):
        _measured(master, [{"note": "a"}, {"note": "a" * 39}])


def test_ean13_and_low_bars_are_refused_at_once(make_master: MakeMaster) -> None:
    with pytest.raises(CampaignError, match="make the box 30 × 10 mm"):
        make_master(_slot("ean13", Box(20, 100, 29, 10)), words={"say": "490123456789"})
    with pytest.raises(CampaignError, match=r"slot x: bars of 4\.0 mm are too low"):
        make_master(_slot("code128", Box(20, 100, 80, 4)), words={"say": "{{ note }}"})
    with pytest.raises(CampaignError, match=r"make the box 9 mm high"):
        make_master(_slot("code128", Box(20, 100, 80, 5), style=SMALL), words={"say": "{{ note }}"})


def test_pieces_that_are_rejected_or_have_no_code_do_not_decide(make_master: MakeMaster) -> None:
    master = make_master(_slot("qr", when="points > 3"), words={"say": "{{ note }}"})
    assert symbol_names(master) == {"note", "points"}
    rows = [{"note": "a" * 100, "points": 1}, {"note": "青" * 100}, {"note": "a"}]
    assert _measured(master, rows).pages == _measured(master, rows[2:]).pages


def test_a_sequence_with_a_digit_less_still_fits(make_master: MakeMaster) -> None:
    """Five digits cost Code 128 more than six: in the printed letter modules must not shrink."""
    master = make_master(_slot("code128"), words={"say": "{{ sequence }}123"})
    sized = _measured(master, [{}], varying={"sequence"})
    widths = set()
    for sequence in (1, 12, 123, 1234, 12345, 123456, 1234567):
        [page] = sized.set_piece(ROW, NUMBERS, sequence)
        [code] = [item for item in page.items if isinstance(item, Code)]
        widths.add(round(code.box.width / code.symbol.columns, 9))
    assert len(widths) == 1


def test_budgets_of_segments_with_one_layout_are_one(make_master: MakeMaster) -> None:
    master = make_master(_slot("qr"), words={"say": "{{ note }}"})
    budgets = [measure(master, [{**ROW, "note": "a" * n}], NUMBERS, 1, ()) for n in (5, 100, 20)]
    assert merged(budgets) == budgets[1]
    assert with_budget(master, {}) == master


def test_a_rule_about_a_number_counts_as_held(make_master: MakeMaster) -> None:
    """The letter that stands for all has the highest sequence; others have lower ones."""
    master = make_master(_slot("qr", when="sequence < 10"), words={"say": "{{ note }}"})
    [need] = measure(master, [{**ROW, "note": "abc"}], NUMBERS, 8_888_888, ()).values()
    assert need == (CODINGS["qr"].columns("abc"), 3)


def test_a_link_in_words_needs_a_slot_that_issues_it(make_master: MakeMaster) -> None:
    with pytest.raises(CampaignError, match=r'slot x: a link is issued where .* link = "coupon"'):
        make_master(_slot("code128"), words={"say": "{{ link }}"})
    slots = _slot("code128", Box(10, 100, 190, 10)), QrSlot(name="qr", box=Box(100, 200, 30, 30), link="coupon")
    assert make_master(*slots, words={"say": "{{ link }}"})


# The customer barcode


def _japanpost(box: Box = POST, size: float = 9.0) -> JapanPostSlot:
    return JapanPostSlot(name="post", box=box, size=size)


def test_the_customer_barcode_of_the_address(make_master: MakeMaster) -> None:
    [code] = set_piece(make_master(_japanpost())).items(Code)
    assert code.symbol == customer_barcode("100-0001", "1-1 若葉ビル2階").symbol
    assert (code.box.width, code.box.height) == pytest.approx((70.623, 3.15))
    assert code.box.left - 20 >= 2
    assert code.box.top - 60 >= 2


@pytest.mark.parametrize(
    "row",
    [
        {"postal_code": "100-0000"},
        {"postal_code": "1"},
        {"town": "", "street": "", "building": "", "address": "富山市五福1区100"},
    ],
)
def test_an_address_without_customer_barcode_gets_its_letter_all_the_same(make_master: MakeMaster, row) -> None:
    assert set_piece(make_master(_japanpost()), row).items(Code) == []


def test_the_customer_barcode_from_an_address_in_one_column(make_master: MakeMaster) -> None:
    known = frozenset({"name", "postal_code", "address"})
    master = make_master(_japanpost(), known=known)
    assert master.names == {"postal_code", "address"}
    row = {"postal_code": "263-0023", "address": "千葉市稲毛区緑町3丁目30-8　郵便ビル403号"}
    [page] = master.set_piece(row, NUMBERS, 1)
    assert page.items[0].symbol == customer_barcode("263-0023", "3丁目30-8　郵便ビル403号").symbol


@pytest.mark.parametrize(
    ("part", "code", "number"),
    [("7-8", "100-0001", "7-8"), ("", "163-8001", ""), (None, "100-0001", "1-1-2")],
)
def test_the_customer_barcode_follows_japan_posts_data_where_they_tell(
    make_master: MakeMaster, part: str | None, code: str, number: str
) -> None:
    """`address_b` is the address after its town; "" for an office with a code of its own, none where nobody knows."""
    master = make_master(_japanpost(), known=frozenset({"name", "address", "address_b", "town", "street", "building"}))
    assert "address_b" in master.names
    [code_item] = set_piece(master, {"address_b": part, "postal_code": code}).items(Code)
    assert code_item.symbol == customer_barcode(code, number).symbol


@pytest.mark.parametrize(
    ("slot", "said"),
    [
        (_japanpost(Box(20, 60, 74, 8)), r"74\.7 × 7\.2 mm"),
        (_japanpost(Box(20, 60, 75, 7)), r"74\.7 × 7\.2 mm"),
        (_japanpost(size=11.5), r"11\.5 pt is 94\.3"),
    ],
)
def test_a_box_without_room_for_the_customer_barcode_is_refused(make_master: MakeMaster, slot, said) -> None:
    with pytest.raises(CampaignError, match=said):
        make_master(slot)


def test_the_customer_barcode_is_for_japan(make_master: MakeMaster) -> None:
    with pytest.raises(CampaignError, match='country = "JP"'):
        make_master(_japanpost(), country="generic")


def _marker(when: str = "") -> ArSlot:
    return ArSlot(name="m", box=Box(20, 20, 44, 44), when=Rule.parse(when) if when else None, size=30)


def test_a_marker_is_drawn_once_a_file(make_master: MakeMaster) -> None:
    master = make_master(_marker())
    [form] = master.forms.values()
    assert form == [Code(aruco_symbol(0), Box(27, 27, 30, 30), K100)]
    assert not master.pages[0].plans
    assert set_piece(master).items(Stamp) == [Stamp("0.0", 0.0, 0.0)]


@pytest.mark.parametrize(
    ("rule", "page_rule", "marker"),
    [("", "", 0), ("points > 1000", "", 0), ("points > 2000", "", None), ("", "points > 2000", None),
     ("points > 1000", "points > 2000", None), ("tickets", "points > 1000", 0), ("not tickets", "", None)],
)  # fmt: skip
def test_a_master_says_which_pieces_have_the_marker(make_master: MakeMaster, rule, page_rule, marker) -> None:
    page = Page((_marker(rule),), Rule.parse(page_rule) if page_rule else None)
    master = make_master(pages=(page, Page((_slot("qr"),))), words={"say": "x"})
    assert master.marker_of(ROW, NUMBERS, 1) == marker
    has_one = any(
        item for page in master.set_piece(ROW, NUMBERS, 1) for item in page.items
        if isinstance(item, Stamp) and any(code.symbol == aruco_symbol(0) for code in master.forms[item.form])
    )  # fmt: skip
    assert has_one == (marker is not None)
    assert make_master(_slot("qr"), words={"say": "x"}).marker_of(ROW, NUMBERS, 1) is None
