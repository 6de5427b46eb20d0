"""Slots and pages show where their rules hold; names that do not exist are refused."""

from dataclasses import replace

import pytest

from dmgen.errors import CampaignError
from dmgen.layout import SetError
from dmgen.model.contents import Text
from dmgen.model.layout import (
    AddressSlot,
    Box,
    Page,
    PanelSlot,
    Style,
    TextSlot,
)
from dmgen.model.rule import Rule
from tests.layout.conftest import NOTHING, NUMBERS, ROW, MakeMaster, set_piece

BODY = Style("mincho", 4.0, 6.0)
SMALL = Style("gothic", 3.0, 4.0)
BOX = Box(20, 100, 100, 40)
CODE = Style("mono", 5.0, 6.0)
WORDS = {"body": "　本文"}


def _text(words: str = "body", box: Box = BOX, when: str = "", **style: object) -> TextSlot:
    rule = Rule.parse(when) if when else None
    return TextSlot(name="body", box=box, when=rule, words=words, style=replace(BODY, **style))  # type: ignore[arg-type]


def _address(height: float = 40.0, **style: object) -> AddressSlot:
    small = replace(SMALL, **style)  # type: ignore[arg-type]
    return AddressSlot(name="address", box=Box(20, 20, 80, height), style=small, name_style=replace(BODY, **style))  # type: ignore[arg-type]


def test_a_slot_shows_only_where_its_rule_holds(make_master: MakeMaster) -> None:
    panel = PanelSlot(name="panel", box=Box(10, 10, 20, 20), fill=(0, 0, 0, 1), when=Rule.parse("points > 1000"))
    master = make_master(_text(when="note"), panel, words={"body": "{{ note }}"})
    assert [len(piece.pages[0].items) for piece in (set_piece(master), set_piece(master, {"points": 5}))] == [1, 0]
    assert set_piece(master, {"note": "春", "points": 5}).lines() == ["春"]
    assert {"points", "note"} <= master.names


@pytest.mark.parametrize("rule", ["points / 0 > 1", "points + note > 1", "-note < 1", "note > 1"])
def test_a_rule_over_an_empty_cell_is_false_and_no_error(make_master: MakeMaster, rule: str) -> None:
    assert set_piece(make_master(_text(when=rule), words=WORDS)).pages[0].items == []


def test_a_rule_over_unlike_things_says_what_to_do(make_master: MakeMaster) -> None:
    with pytest.raises(CampaignError, match=r'when = "name > 5" .* shop\.toml'):
        set_piece(make_master(_text(when="name > 5"), words=WORDS))


def test_unknown_names_in_rules_are_refused(make_master: MakeMaster) -> None:
    with pytest.raises(CampaignError, match=r'slot body: when = "pionts > 5": there is no pionts\. There is: .*points'):
        make_master(_text(when="pionts > 5"), words=WORDS)
    with pytest.raises(CampaignError, match=r'when = "pionts > 5": there is no pionts\. There is: .*points'):
        make_master(pages=(Page((_text(),), Rule.parse("pionts > 5")),), words=WORDS)


def test_unknown_names_in_words_are_refused(make_master: MakeMaster) -> None:
    with pytest.raises(CampaignError, match=r"letter\.toml, line 21: \[words\] body: there is no pionts"):
        make_master(_text(), words={"body": "一\n{{ pionts }}"})


def test_pages_show_only_where_their_rules_hold(make_master: MakeMaster) -> None:
    pages = (
        Page((_text(),)),
        Page((_text("second"),), Rule.parse("points > 1000")),
        Page((_text("third"),), Rule.parse("tickets")),
    )
    words = {"body": "一{{ name }}", "second": "二{{ name }}", "third": "三{{ name }}"}
    master = make_master(pages=pages, words=words)
    shown = [[piece.lines(page)[0][0] for page in range(len(piece.pages))] for piece in (
        set_piece(master), set_piece(master, {"points": 5}), set_piece(master, {"points": 5}, NOTHING),
    )]  # fmt: skip
    assert shown == [["一", "二", "三"], ["一", "三"], ["一"]]


@pytest.mark.parametrize(("points", "printed"), [(5, 2), (2000, 2)])
def test_every_duplex_piece_starts_on_a_front(make_master: MakeMaster, points: int, printed: int) -> None:
    pages = (Page((_text(),)), Page((_text(),), Rule.parse("points > 1000")))
    piece = set_piece(make_master(pages=pages, words=WORDS, sides=2), {"points": points})
    assert len(piece.pages) == printed
    assert bool(piece.pages[1].items) == (points > 1000)
    assert (piece.pages[1].width, piece.pages[1].height, piece.pages[1].bleed) == (210, 297, 3)


def test_a_piece_without_any_page_is_told_apart(make_master: MakeMaster) -> None:
    with pytest.raises(SetError) as caught:
        set_piece(make_master(pages=(Page((_text(),), Rule.parse("points > 5000")),), words=WORDS))
    assert caught.value.reason == "no_page"


def test_fitting_again_may_leave_out_only_what_shows_nothing_of_the_row(make_master: MakeMaster) -> None:
    slots = (_address(), _text("own"), _text("common"), _text("ruled", when="points"), _text("listed", when="tickets"))
    words = {"own": "{{ points }}", "common": "{{ coupon }}", "ruled": "{{ piece_id }}", "listed": "{{ sequence }}"}
    master = make_master(*slots, words=words)
    [page] = master.set_piece(ROW, NUMBERS, 1, personal_only=True)
    whole = set_piece(master).pages[0]
    texts = [[line.text for item in p.items if isinstance(item, Text) for line in item.lines] for p in (page, whole)]
    assert texts[0] == [line for line in texts[1] if line not in (NUMBERS.coupon_text, "1")]
    assert {"1200", "P1"} <= set(texts[0])
