"""What a letter is to the post: folded or in its envelope, with everything that lies in it; what does not fit."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.errors import CampaignError
from dmgen.model.posting import ENVELOPES, Enclosure, Envelope, MailRules, Paper
from dmgen.post.item import item_of
from tests.post.given import CARD_PAPER, NAGA3, PAPER, layout

THIRDS = (99.0, 198.0)


def test_a_folded_card_is_as_large_as_it_is_folded_and_as_heavy_as_all_of_it():
    """layouts/pressed-card: 148 × 200 mm, folded at 100."""
    item = item_of(layout(148.0, 200.0, (100.0,)), 1, CARD_PAPER, MailRules())
    assert item[:2] == (100.0, 148.0)
    assert item.thickness == pytest.approx(2 * 209.4 * 0.00125, abs=0.001)
    assert item.weight == pytest.approx(0.148 * 0.2 * 209.4, abs=0.005)


@pytest.mark.parametrize(("first", "second"), [(90.3, 197.3), (90.2, 197.2)])
def test_a_panel_is_as_high_as_it_is_written(first, second):
    """197.3 − 90.3 is 107.00000000000001 to the machine, too high for a card by nothing; 197.2 − 90.2 is less."""
    assert second - first != 107
    assert item_of(layout(154.0, 297.0, (first, second)), 1, PAPER, MailRules())[:2] == (107.0, 154.0)


def test_uneven_folds_are_as_high_as_the_largest_panel():
    assert item_of(layout(210.0, 297.0, (97.0, 197.0)), 1, PAPER, MailRules())[:2] == (100.0, 210.0)


def test_sheets_envelope_and_enclosures_add_up():
    rules = MailRules(envelope=NAGA3, enclosures=(Enclosure("小冊子", 12.5, 0.4), Enclosure("カード", 5.0, 0.8)))
    item = item_of(layout(folds=THIRDS), 2, PAPER, rules)
    assert item[:2] == (120.0, 235.0)
    assert item.weight == pytest.approx(2 * 0.21 * 0.297 * 104.7 + 5.4 + 17.5, abs=0.005)
    assert item.thickness == pytest.approx(6 * PAPER.thickness + 1.2 + 0.2, abs=0.001)


@given(st.integers(1, 20), st.floats(40, 400), st.floats(0.05, 0.5))
def test_one_sheet_more_weighs_what_it_weighs(sheets, gsm, thickness):
    rules, paper = MailRules(envelope=NAGA3), Paper("紙", gsm, thickness)
    less, more = (item_of(layout(folds=THIRDS), count, paper, rules) for count in (sheets, sheets + 1))
    assert more.weight - less.weight == pytest.approx(gsm * 0.06237, abs=0.011)
    assert more.thickness - less.thickness == pytest.approx(3 * thickness, abs=0.002)


@pytest.mark.parametrize(
    ("envelope", "folds", "able"),
    [
        ("yo2", THIRDS, '"naga3", "yocho3", "kaku2", "kaku20"'),  # 210 × 99 does not go into 162 × 114
        ("naga4", THIRDS, '"naga3", "yocho3", "kaku2", "kaku20"'),  # nor into 205 × 90
        ("naga3", (), '"kaku2", "kaku20"'),  # nobody said how it is folded
        ("naga3", (148.5,), '"kaku2", "kaku20"'),
    ],
)
def test_an_envelope_that_cannot_hold_the_sheet_is_refused_with_those_that_can(envelope, folds, able):
    with pytest.raises(CampaignError) as refused:
        item_of(layout(folds=folds), 1, PAPER, MailRules(envelope=ENVELOPES[envelope]))
    text = str(refused.value)
    assert ENVELOPES[envelope].name in text and able in text and "folds in the [page] of letter.toml" in text


def test_what_fits_into_nothing_is_said_too():
    rules = MailRules(envelope=NAGA3)
    with pytest.raises(CampaignError, match="none"):
        item_of(layout(420.0, 594.0), 1, PAPER, rules)
    own = replace(rules, envelope=Envelope("特大", 430.0, 600.0, 60.0, 0.3))
    assert item_of(layout(420.0, 594.0), 1, PAPER, own)[:2] == (430.0, 600.0)


@pytest.mark.parametrize(
    ("width", "height", "fits"),
    [(118.0, 233.0, True), (118.1, 200.0, False), (100.0, 233.1, False), (233.0, 118.0, True)],
)
def test_the_room_that_an_envelope_needs(width, height, fits):
    """2 mm each way, whichever side of the sheet is the longer."""
    rules = MailRules(envelope=NAGA3)
    if fits:
        assert item_of(layout(width, height), 1, PAPER, rules)[:2] == (120.0, 235.0)
    else:
        with pytest.raises(CampaignError):
            item_of(layout(width, height), 1, PAPER, rules)
