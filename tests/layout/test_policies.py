"""What is printed of a piece that cannot be set as it should be, and what is said of it."""

from dataclasses import replace
from typing import Any

import pytest

from dmgen.errors import CampaignError
from dmgen.layout import SetError
from dmgen.model.campaign import Policies, Policy
from dmgen.model.characters import GETA, stand_in
from dmgen.model.contents import Picture, Text
from dmgen.model.layout import (
    AddressSlot,
    Box,
    CouponSlot,
    Fit,
    ImageSlot,
    Style,
    TextSlot,
)
from dmgen.model.production import Record
from dmgen.model.rule import Rule
from tests.layout.conftest import NUMBERS, ROW, MakeMaster, Set

BODY = Style("mincho", 4.0, 6.0, fallback=("gothic", "mono"))
BOX = Box(20, 100, 100, 40)
WARN = Policies(Policy.WARN, Policy.WARN, Policy.WARN)
NO_FONT = "山田\u0704\U000e01ef"
OTHER_FORM = "渡邊\U000e0109"


def _slot(words: str = "body", box: Box = BOX, **style: object) -> TextSlot:
    return TextSlot(name="body", box=box, words=words, style=replace(BODY, **style))  # type: ignore[arg-type]


def _address() -> AddressSlot:
    return AddressSlot(name="address", box=Box(20, 20, 80, 40), style=BODY, name_style=BODY)


def _set(master: Any, row: dict[str, Any]) -> tuple[Set, list[tuple[str, str, str]]]:
    faults: list[SetError] = []
    pages = master.set_piece({**ROW, **row}, NUMBERS, 1, warnings=faults)
    return Set(master, pages), [(fault.reason, fault.field, fault.value) for fault in faults]


def test_what_stands_in() -> None:
    assert stand_in("邊\U000e0109") == "邊"
    assert stand_in("👍") == stand_in("か\u309a") == stand_in("\U000e0100") == GETA == "〓"


@pytest.mark.parametrize("policy", [Policy.REJECT, Policy.STOP])
@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"name": "山\u0704"}, "name"),
        ({"building": "若\u0704ビル"}, "building"),
        ({"street": "\u0704", "address": "東京都\u0704"}, "street"),
        (
            {"address": "東京都\u0704", **dict.fromkeys(("prefecture", "city", "town", "street", "building"), "")},
            "address",
        ),
    ],
)
def test_a_missing_glyph_names_the_column_that_holds_it(
    make_master: MakeMaster, policy: Policy, row: dict[str, str], field: str
) -> None:
    master = make_master(_address(), policies=Policies(missing_glyph=policy))
    with pytest.raises(SetError) as caught:
        _set(master, row)
    assert (caught.value.reason, caught.value.slot) == ("missing_glyph", "address")
    assert (caught.value.field, caught.value.value) == (field, "U+0704")


def test_a_missing_glyph_of_the_writers_own_is_no_customers_fault(make_master: MakeMaster) -> None:
    """It would cost every letter: the layout is refused, whatever the policy."""
    words = {"body": "{{ name }}\n{% if points %}\n{{ name }}様\u0704\n{% endif %}"}
    with pytest.raises(CampaignError, match=r"line 21: \[words\] body: the font mincho, gothic, mono .* U\+0704"):
        make_master(_slot(), words=words, policies=WARN)


def test_a_missing_glyph_that_is_in_no_cell_names_the_slot(make_master: MakeMaster) -> None:
    master = make_master(_slot(), words={"body": "{{ name or '\u0704' }}"})
    with pytest.raises(SetError) as caught:
        _set(master, {"name": ""})
    assert (caught.value.column, caught.value.field) == ("", "body")


def test_a_missing_glyph_of_a_product_names_its_column(make_master: MakeMaster) -> None:
    master = make_master(_slot(), words={"body": "{{ product.name }}"}, known=frozenset({"product.*", "product"}))
    with pytest.raises(SetError) as caught:
        _set(master, {"product": Record({"name": "茶\u0704"})})
    assert caught.value.field == "product.name"


def test_with_a_warning_nobodys_name_is_guessed(make_master: MakeMaster) -> None:
    """The base of a sequence is the same name in another hand; anything else is 〓, which nobody takes for a name."""
    master = make_master(_address(), _slot(), words={"body": "{{ name }}様 {{ points }}"}, policies=WARN)
    piece, faults = _set(master, {"name": NO_FONT})
    assert (piece.lines()[-2], piece.lines()[-1]) == ("山田〓　様", "山田〓様 1200")
    assert faults == [("missing_glyph", "name", "U+0704 U+E01EF"), ("missing_glyph", "name", "U+0704")] * 2
    piece, faults = _set(master, {"name": OTHER_FORM})
    assert piece.lines()[-2] == "渡邊　様"
    assert faults == [("missing_glyph", "name", "U+908A U+E0109")] * 2


def test_rules_see_the_cell_as_it_is(make_master: MakeMaster) -> None:
    slot = replace(_slot(), when=Rule.parse(f'name == "{NO_FONT}"'))
    piece, faults = _set(make_master(slot, words={"body": "{{ name }}"}, policies=WARN), {"name": NO_FONT})
    assert (piece.lines(), len(faults)) == (["山田〓"], 2)


def test_many_missing_characters_are_told_one_by_one(make_master: MakeMaster) -> None:
    cell = "".join(map(chr, range(0x0E01, 0x0E31))) * 3
    master = make_master(_address(), policies=WARN)
    piece, faults = _set(master, {"building": cell})
    assert "".join(piece.lines()).count("〓") == 144
    assert len({value for reason, _, value in faults if reason == "missing_glyph"}) == 48


def test_a_faultless_piece_is_the_same_under_any_policy(make_master: MakeMaster) -> None:
    words = {"body": "{{ name }}様"}
    [strict], [lenient] = (
        _set(make_master(_address(), _slot(), words=words, policies=policies), {})[0].pages
        for policies in (Policies(), WARN)
    )
    assert strict == lenient


@pytest.mark.parametrize("fit", list(Fit))
def test_overset_words_run_on_below_their_box_and_none_is_lost(make_master: MakeMaster, fit: Fit) -> None:
    master = make_master(_slot(box=Box(20, 100, 40, 10), fit=fit), words={"body": "{{ name }}"}, policies=WARN)
    name = "青葉花子" * 60
    piece, faults = _set(master, {"name": name})
    assert faults == [("overset", "body", "")]
    assert "".join(piece.lines()) == name
    [text] = piece.items(Text)
    assert text.y == pytest.approx(100 + 0.88 * text.size)
    assert text.size == pytest.approx({Fit.ERROR: 4.0}.get(fit, 6 * 25.4 / 72), abs=0.01)


def test_a_coupon_too_high_for_its_box_keeps_its_code(make_master: MakeMaster) -> None:
    slot = CouponSlot(name="coupon", box=Box(20, 200, 20, 8), words="coupon", style=BODY, code_style=BODY)
    words = {"coupon": "{{ name }}様への感謝をこめて、いつもありがとうございます"}
    piece, faults = _set(make_master(slot, words=words, policies=WARN), {})
    assert faults == [("overset", "coupon", "")]
    assert "".join(piece.lines()).replace(" ", "").endswith("ABCD2345EFGH")
    first, second = piece.items(Text)
    assert second.y > first.y + (len(first.lines) - 1) * first.leading


def test_words_that_would_leave_the_sheet_are_never_printed(make_master: MakeMaster) -> None:
    master = make_master(_slot(box=Box(20, 280, 40, 10)), words={"body": "{{ name }}"}, policies=WARN)
    with pytest.raises(SetError, match="overset"):
        _set(master, {"name": "青葉花子" * 60})


def test_a_missing_glyph_and_overset_words_in_one_slot(make_master: MakeMaster) -> None:
    row = {"name": "山\u0704" * 60}
    slot = _slot(box=Box(20, 100, 40, 10))
    piece, faults = _set(make_master(slot, words={"body": "{{ name }}"}, policies=WARN), row)
    assert [reason for reason, _, _ in faults] == ["missing_glyph", "overset"]
    assert "".join(piece.lines()) == "山〓" * 60
    strict = make_master(slot, words={"body": "{{ name }}"}, policies=Policies(missing_glyph=Policy.WARN))
    with pytest.raises(SetError, match="overset"):
        _set(strict, row)


def test_a_missing_picture_leaves_its_slot_empty(make_master: MakeMaster) -> None:
    slot = ImageSlot(name="photo", box=Box(100, 50, 40, 40), file=None, column="product.photo")
    master = make_master(slot, policies=WARN, pictures={"there.jpg": (10, 10)})
    piece, faults = _set(master, {"product": Record({"photo": "tea.jpg"})})
    assert (piece.items(Picture), faults) == ([], [("missing_image", "product.photo", "tea.jpg")])
    piece, faults = _set(master, {"product": Record({"photo": "there.jpg"})})
    assert (len(piece.items(Picture)), faults) == (1, [])
    assert _set(master, {"product": Record({})})[1] == []
