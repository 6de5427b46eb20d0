"""What letters cost: against a second reckoning written from the printed tables, at every threshold, and in any mix."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from dmgen.errors import CampaignError
from dmgen.model.posting import Discount, MailRules, Sorting
from dmgen.post.postage import postage
from dmgen.post.rates import rates
from tests.post import by_hand
from tests.post.given import (
    ADVERTISING,
    BARCODE,
    CARD,
    LARGE,
    LETTER,
    LOCAL,
    SHIPPED,
    SORTED,
    THICK,
    asked,
    posting,
)

THRESHOLDS = (1, 100, 1_000, 2_000, 3_000, 10_000, 50_000, 75_000, 100_000, 1_000_000)
NEAR = sorted({max(one + step, 0) for one in THRESHOLDS for step in (-1, 0, 1)})
ALLOWED = [(), (SORTED,), (BARCODE,), (ADVERTISING,), (SORTED, BARCODE), (BARCODE, ADVERTISING), (LOCAL,)]


@st.composite
def mails(draw):
    """A few postings, their pieces around the thresholds, some without a barcode."""
    found = []
    for item in draw(st.lists(st.sampled_from([CARD, LETTER, LETTER._replace(weight=20.0), THICK, LARGE]), max_size=4)):
        pieces = draw(st.one_of(st.sampled_from(NEAR), st.integers(0, 120_000)))
        with_barcode = draw(st.one_of(st.just(pieces), st.integers(0, pieces)))
        found.append(posting(item, pieces, with_barcode, d104=pieces))
    return found


RULES = st.builds(
    lambda discounts, sort, slack, regional: asked(*discounts, sort=sort, slack=slack, regional=regional),
    st.sampled_from(ALLOWED),
    st.sampled_from(Sorting),
    st.sampled_from([0, 3, 7]),
    st.booleans(),
)


def _by_hand(mail, rules: MailRules) -> int:
    plain = [
        (
            one.classed.mail_class.value,
            one.classed.price,
            tuple(one.item),
            one.item.thickness,
            one.pieces,
            one.with_barcode,
        )
        for one in mail
    ]
    discounts = {one.value for one in rules.discounts}
    return by_hand.total(plain, discounts, rules.sort.value, rules.slack, rules.regional_office)


@given(mails(), RULES)
@example([posting(LETTER, 50_000, 999)], asked(SORTED, BARCODE, slack=7, regional=True))
def test_two_reckonings_agree(mail, rules):
    assert postage(mail, rules, SHIPPED).total == _by_hand(mail, rules)


@given(mails(), RULES)
def test_lines_add_up_and_lose_nobody(mail, rules):
    paid = postage(mail, rules, SHIPPED)
    assert [sum(line.pieces for line in paid.lines if line.posting is one) for one in mail] == [
        one.pieces for one in mail
    ]
    assert paid.full == sum(one.pieces * one.classed.price for one in mail)
    whole = Decimal(0)
    for line in paid.lines:
        assert line.unit == line.full - sum(one.off for one in line.given)
        assert line.amount == line.unit * line.pieces
        assert {one.discount for one in line.given} <= set(rules.discounts)
        assert not (line.barcode and line.pieces > line.posting.with_barcode)
        whole += line.amount
    assert 0 <= whole - paid.total < 1


@given(mails(), RULES, st.sampled_from(Discount))
def test_no_discount_ever_raises_the_price(mail, rules, discount):
    assume(discount not in rules.discounts)
    more = replace(rules, discounts=(*rules.discounts, discount))
    assume(not any(SHIPPED.exclude(discount, one) for one in rules.discounts))
    assert (
        postage(mail, more, SHIPPED).total <= postage(mail, rules, SHIPPED).total <= postage(mail, rules, SHIPPED).full
    )


@given(mails(), RULES)
def test_the_order_of_discounts_and_of_postings_does_not_matter(mail, rules):
    turned = replace(rules, discounts=rules.discounts[::-1])
    assert postage(mail[::-1], turned, SHIPPED).total == postage(mail, rules, SHIPPED).total


# (discounts, order, days more, regional office, thing, pieces from which the rate holds, below, from then on)
STEPS = [
    ((SORTED,), "district", 0, False, LETTER, 2_000, 0, 3),
    ((SORTED,), "district", 0, False, CARD, 10_000, 3, 4),
    ((SORTED,), "district", 0, False, LARGE, 50_000, 4, 5),
    ((SORTED,), "district", 0, False, LETTER, 100_000, 5, 6),
    ((SORTED,), "listed", 0, False, LETTER, 2_000, 0, 1),
    ((SORTED,), "listed", 0, False, LETTER, 10_000, 1, 2),
    ((SORTED,), "listed", 0, False, LETTER, 50_000, 2, 3),
    ((SORTED,), "listed", 0, False, LETTER, 100_000, 3, 4),
    ((SORTED,), "none", 0, False, LETTER, 2_000, 0, 0),
    ((SORTED,), "district", 3, False, LETTER, 2_000, 0, 5),  # (1)
    ((SORTED,), "district", 0, True, LETTER, 50_000, 4, 6),  # (2)
    ((SORTED,), "district", 0, True, LARGE, 50_000, 4, 8),
    ((SORTED,), "district", 7, True, LETTER, 50_000, 4, 9),  # (3)
    ((SORTED,), "district", 7, True, LARGE, 50_000, 4, 11),
    ((SORTED,), "district", 3, True, LETTER, 50_000, 6, 8),  # (6)
    ((SORTED,), "district", 3, True, LARGE, 50_000, 6, 10),
    ((SORTED,), "district", 7, False, LETTER, 50_000, 4, 5),  # 7 days more are for a regional office
    ((BARCODE,), "none", 0, False, LETTER, 1_000, 0, 3),
    ((BARCODE,), "none", 0, False, CARD, 1_000, 0, 3),
    ((BARCODE,), "none", 0, False, THICK, 1_000, 0, 0),  # thicker than 6 mm
    ((BARCODE,), "none", 0, False, LARGE, 1_000, 0, 0),
    ((SORTED, BARCODE), "district", 0, False, LETTER, 2_000, 3, 6),  # (8)
    ((ADVERTISING,), "district", 3, False, CARD, 2_000, 0, 8),
    ((ADVERTISING,), "district", 3, False, LETTER, 10_000, 19, 21),
    ((ADVERTISING,), "district", 0, False, LETTER, 2_000, 0, 0),  # 3 or 7 days more have to be accepted
    ((ADVERTISING,), "none", 3, False, LETTER, 2_000, 0, 0),
    ((ADVERTISING,), "district", 7, True, CARD, 50_000, 20, 23),  # since October 2022: 1 % for the days
    ((ADVERTISING,), "district", 7, True, LETTER, 50_000, 24, 27),
    ((ADVERTISING, BARCODE), "district", 7, True, LETTER, 50_000, 27, 30),  # as a print shop reckons it (waribiki.html)
    ((SORTED, BARCODE), "district", 7, True, LETTER, 50_000, 7, 12),  # and this
    ((ADVERTISING,), "district", 7, False, LETTER, 50_000, 24, 25),  # 7 days more are for a regional office
    ((ADVERTISING,), "district", 3, True, LETTER, 50_000, 24, 26),
    ((ADVERTISING, BARCODE), "district", 3, False, LETTER, 2_000, 3, 15),
    ((ADVERTISING,), "district", 3, False, LARGE, 2_000, 0, 0),  # no rate is known
    ((LOCAL,), "district", 0, False, LETTER, 100, 0, 0),  # no price is known
]


@pytest.mark.parametrize(("discounts", "sort", "slack", "regional", "item", "at", "below", "reached"), STEPS)
def test_a_threshold(discounts, sort, slack, regional, item, at, below, reached):
    rules = asked(*discounts, sort=Sorting(sort), slack=slack, regional=regional)
    for pieces, percent in ((at - 1, below), (at, reached), (at + 1, reached)):
        (line,) = postage([posting(item, pieces, d104=pieces)], rules, SHIPPED).lines
        assert sum((one.percent for one in line.given), Decimal(0)) == percent, pieces


def test_pieces_without_a_barcode_count_towards_sorting_and_not_towards_the_barcode():
    rules = asked(SORTED, BARCODE)
    few, enough = (postage([posting(LETTER, 2_000, count)], rules, SHIPPED) for count in (999, 1_000))
    assert [(line.pieces, line.unit) for line in few.lines] == [(2_000, Decimal("106.7"))]
    assert [(line.pieces, line.unit) for line in enough.lines] == [(1_000, Decimal("103.4")), (1_000, Decimal("106.7"))]


def test_segments_of_one_form_and_weight_count_together_and_others_do_not():
    """形状および重量が同一: not even a sheet more in the same envelope and for the same price."""
    rules = asked(SORTED)
    alike = [posting(LETTER, 1_200), posting(LETTER, 800)]
    assert postage(alike, rules, SHIPPED).saved == 2_000 * 110 * 3 // 100
    another_sheet = LETTER._replace(weight=LETTER.weight + 6.53, thickness=LETTER.thickness + 0.39)
    for other in (LARGE, LETTER._replace(width=90.0, height=205.0), another_sheet):
        assert postage([posting(LETTER, 1_999), posting(other, 1_999)], rules, SHIPPED).saved == 0


@pytest.mark.parametrize(("thickness", "percent"), [(5.99, 3), (6.0, 3), (6.01, 0)])
def test_the_thickness_up_to_which_a_barcode_is_read(thickness, percent):
    mail = [posting(LETTER._replace(thickness=thickness), 1_000)]
    assert postage(mail, asked(BARCODE), SHIPPED).saved == 1_000 * 110 * percent // 100


EXCLUDED = [(SORTED, ADVERTISING), (SORTED, LOCAL), (BARCODE, LOCAL), (ADVERTISING, LOCAL)]


@pytest.mark.parametrize("pair", [*EXCLUDED, *(pair[::-1] for pair in EXCLUDED)])
def test_discounts_that_exclude_one_another_are_refused(pair):
    with pytest.raises(CampaignError, match=f'"{pair[0]}" and "{pair[1]}" are not given together'):
        postage([posting(LETTER, 5_000)], asked(*pair, slack=3), SHIPPED)


OWN = """
format = 1
[[sets]]
valid_from = 2024-10-01
[sets.classes.teikei]
short = [90, 120]
long  = [140, 235]
steps = [{ to = 25, yen = 100 }, { to = 50, yen = 110 }]
[sets.discounts.local]
classes = ["teikei"]
one_district = true
least = 100
prices = [{ to = 25, yen = [[1, 90], [1_000, 80]] }, { to = 50, yen = [[1, 95]] }]
[sets.discounts.barcode]
classes = ["teikei"]
base = [{ percent = [[10, 0.5]] }]
[sets.rounding]
to = "%s"
[[sets]]
valid_from = 2027-04-01
[sets.classes.teikei]
short = [90, 120]
long  = [140, 235]
steps = [{ to = 50, yen = 130 }]
"""


@pytest.fixture
def own(tmp_path):
    """Prices from a file of one's own, for a day and a rounding."""

    def read(day: date = date(2026, 12, 1), rounding: str = "down", text: str = OWN):
        file = tmp_path / "postage.toml"
        file.write_text(text % rounding, "utf-8")
        return rates(day, file)

    return read


def test_a_price_within_one_district(own):
    """From 100 pieces on, whichever row would give it to fewer; by weight; only where all letters go to one."""
    prices, rules = own(), asked(LOCAL)

    def units(*mail):
        return [line.unit for line in postage(mail, rules, prices).lines]

    assert units(posting(LETTER, 99, prices=prices, d104=99)) == [100]
    assert units(posting(LETTER, 100, prices=prices, d104=100)) == [90]
    assert units(posting(LETTER, 1_000, prices=prices, d104=1_000)) == [80]
    assert units(posting(LETTER._replace(weight=30.0), 1_000, prices=prices, d104=1_000)) == [95]
    assert units(posting(LETTER, 1_000, prices=prices, d104=999, d150=1)) == [100]
    assert units(posting(LETTER, 1_000, prices=prices)) == [100]  # nobody counted the districts


def test_a_price_of_its_own_never_raises_the_full_price(own):
    """A slip in one's own file: 115 yen within the district where 110 are asked of everybody."""
    prices = own(text=OWN.replace("[[1, 95]]", "[[1, 115]]"))
    mail = [posting(LETTER._replace(weight=30.0), 1_000, prices=prices, d104=1_000)]
    assert postage(mail, asked(LOCAL), prices).saved == 0


def test_an_exclusion_holds_in_both_directions_though_written_once(own):
    prices = own(text=OWN.replace("least = 100", 'least = 100\nnot_with = ["barcode"]'))
    for pair in ((LOCAL, BARCODE), (BARCODE, LOCAL)):
        with pytest.raises(CampaignError, match="are not given together"):
            postage([], asked(*pair), prices)


@pytest.mark.parametrize(("rounding", "total"), [("down", 1_094), ("half_up", 1_095), ("up", 1_095)])
def test_a_total_is_rounded_once_as_the_file_says(own, rounding, total):
    prices = own(rounding=rounding)
    mail = [posting(LETTER._replace(weight=30.0), 10, prices=prices)]
    assert postage(mail, asked(BARCODE), prices).total == total  # 10 × 109.45 = 1,094.5


def test_a_new_set_holds_from_its_day(own):
    for day, price in ((date(2027, 3, 31), 110), (date(2027, 4, 1), 130), (date(2030, 1, 1), 130)):
        prices = own(day)
        assert postage([posting(THICK, 1, prices=prices)], asked(), prices).total == price


def test_a_discount_that_the_prices_do_not_have_is_refused(own):
    with pytest.raises(CampaignError, match='no discount "barcode" from 2027-04-01 on; it has: none'):
        postage([], asked(BARCODE), own(date(2027, 4, 1)))


def test_no_letter_costs_nothing():
    assert postage([], asked(SORTED, BARCODE), SHIPPED).total == 0
