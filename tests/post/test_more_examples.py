"""Whole reckonings whose figures were worked out from the printed tables by a script without dmgen.

Each sits where a rule begins or ends: one letter, a hundredth of a gram, a mm, a day more, one barcode fewer.
"""

from dataclasses import replace

import pytest

from dmgen.errors import CampaignError
from dmgen.model.posting import ENVELOPES, Discount, Enclosure, MailClass, MailRules, Paper, Sorting
from dmgen.post.classes import classed
from dmgen.post.item import item_of
from dmgen.post.postage import Posting, postage
from tests.post.given import ADVERTISING, BARCODE, CARD_PAPER, PAPER, SHIPPED, SORTED, asked, layout

THIRDS = (99.0, 198.0)
LOCAL = Discount.LOCAL


def cards(pieces: int, with_barcode: int) -> Posting:
    item = item_of(layout(100.0, 148.0), 1, CARD_PAPER, MailRules())
    return Posting(item, classed(item, MailRules(), SHIPPED, card=True), pieces, with_barcode, {"104": pieces})


def letters(pieces: int, with_barcode: int, sheets: int = 1, rules: MailRules | None = None) -> Posting:
    rules = rules or asked()
    item = item_of(layout(folds=THIRDS), sheets, PAPER, rules)
    return Posting(item, classed(item, rules, SHIPPED, card=False), pieces, with_barcode, {"104": pieces})


def total(rules: MailRules, *mail: Posting) -> int:
    return postage(mail, rules, SHIPPED).total


@pytest.mark.parametrize(
    ("pieces", "with_barcode", "yen"),
    [
        (2_000, 999, 164_900),  # 2,000 × 82.45
        (2_000, 1_000, 162_350),  # 1,000 × 79.90 + 1,000 × 82.45
        (1_999, 1_000, 167_365),  # 1,000 × 82.45 + 999 × 85
        (1_999, 999, 169_915),  # 1,999 × 85
    ],
)
def test_cards_by_district_one_letter_or_one_barcode_short(pieces, with_barcode, yen):
    assert total(asked(SORTED, BARCODE), cards(pieces, with_barcode)) == yen


@pytest.mark.parametrize(
    ("pieces", "slack", "yen"),
    [
        (50_000, 0, 5_009_125),  # 5 + 1, barcode 3
        (50_000, 3, 4_899_125),  # 5 + (1 + 2)
        (50_000, 7, 4_844_125),  # 5 + (1 + 3)
        (49_999, 0, 5_119_019),  # 4: a regional office gives nothing to fewer than 50,000
        (49_999, 3, 5_009_021),  # 4 + 2
        (49_999, 7, 5_119_019),  # and 7 days give nothing without it
    ],
)
def test_letters_at_a_regional_office_by_days_more(pieces, slack, yen):
    rules = asked(SORTED, BARCODE, slack=slack, regional=True)
    assert total(rules, letters(pieces, 48_750)) == yen


@pytest.mark.parametrize(("enclosed", "weight", "yen"), [(72.7, 100.0, 419_040), (72.71, 100.01, 628_560)])
def test_large_envelopes_of_just_100_g_and_a_little_more(enclosed, weight, yen):
    """Sorted by the post office's list, 3 days more: 1 + 2 percent of 180 or 270 yen. No barcode discount for them."""
    kaku2 = replace(asked(SORTED, BARCODE, sort=Sorting.LISTED, slack=3), envelope=ENVELOPES["kaku2"])
    rules = replace(kaku2, enclosures=(Enclosure("冊子", enclosed, 2.0),))
    item = item_of(layout(200.0, 300.0), 2, Paper.of("紙", 100), rules)  # sheets of 6 g each, the envelope 15.3
    told = classed(item, rules, SHIPPED, card=False)
    assert (item.weight, told.mail_class) == (weight, MailClass.TEIKEIGAI)
    assert total(rules, Posting(item, told, 2_400, 2_400, {})) == yen


@pytest.mark.parametrize(("pieces", "yen"), [(3_000, 219_555), (2_999, 227_126)])
def test_advertising_cards_one_short_of_a_higher_rate(pieces, yen):
    """11 percent from 3,000 on, 8 below; 2,900 have a barcode: 3 more."""
    assert total(asked(ADVERTISING, BARCODE, slack=3), cards(pieces, 2_900)) == yen


@pytest.mark.parametrize(("slack", "yen"), [(3, 3_908_300), (7, 3_853_300)])
def test_advertising_letters_at_a_regional_office(slack, yen):
    """25 + 1 percent, and 1 more (since October 2022) for 7 days; 49,000 of 50,000 have a barcode."""
    assert total(asked(ADVERTISING, BARCODE, slack=slack, regional=True), letters(50_000, 49_000)) == yen


def test_a_segment_with_a_sheet_more_is_neither_sorted_nor_coded_with_the_others():
    """1,500 and 600 are 2,100 letters of 110 yen, but not of one weight: only the 1,480 barcodes of the first count."""
    mail = [letters(1_500, 1_480), letters(600, 590, sheets=2)]
    assert {one.classed.step for one in mail} == {50}
    assert total(asked(SORTED, BARCODE), *mail) == 226_116  # together it would be 217,239


@pytest.mark.parametrize(("weight", "yen"), [(150.0, 540_000), (150.01, 645_000)])
def test_yu_mail_has_no_discount_here(weight, yen):
    rules = replace(asked(SORTED, BARCODE), mail_class=MailClass.YUMAIL)
    item = letters(1, 1).item._replace(weight=weight)
    told = classed(item, rules, SHIPPED, card=False)
    assert total(rules, Posting(item, told, 3_000, 3_000, {})) == yen


def test_what_is_not_given_together_is_refused_whatever_else_is_asked_for():
    for pair in ((SORTED, ADVERTISING), (LOCAL, SORTED), (LOCAL, BARCODE), (LOCAL, ADVERTISING)):
        for more in ((), (BARCODE,)):
            discounts = tuple(dict.fromkeys((*more, *pair)))
            with pytest.raises(CampaignError, match="are not given together"):
                total(asked(*discounts, slack=3), letters(3_000, 3_000))
