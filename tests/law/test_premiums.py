"""What may be given away, by cases computed by hand; impossible lotteries; and that dearer is never more lawful."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.law.premiums import Group
from dmgen.law.rules import Kind
from dmgen.model.audience import Lists
from dmgen.model.campaign import Channel
from dmgen.model.lottery import Alongside, Contest, Lottery, Reveal
from dmgen.model.offer import Benefit, Tier
from dmgen.model.rule import Rule
from tests.law.given import DAY, assessed, breached, campaign, gift, prize

PAGE = Reveal.PAGE
VALUE = ["lottery.prizes.0.value"]
TOGETHER, TOTAL = ["lottery.prizes"], ["law.planned_sales"]

# (cheapest purchase, value of the only prize, what is refused)
PRIZES = [
    (100, 2_000, []),  # a shop with an article of 100 yen
    (100, 2_001, VALUE),
    (1_000, 20_000, []),  # exactly 20 times
    (1_000, 20_001, VALUE),
    (4_999, 99_980, []),
    (4_999, 99_981, VALUE),
    (5_000, 100_000, []),
    (5_000, 100_001, VALUE),
    (90_000, 100_001, VALUE),
]


@pytest.mark.parametrize(("cheapest", "value", "refused"), PRIZES)
def test_one_prize(cheapest, value, refused):
    assert breached(campaign(Lottery(prizes=(prize(value),)), cheapest)) == refused


@pytest.mark.parametrize(("value", "refused"), [(300_000, []), (300_001, VALUE)])
def test_a_joint_lottery(value, refused):
    assert breached(campaign(Lottery(prizes=(prize(value),), contest=Contest.JOINT), 100)) == refused


@pytest.mark.parametrize(
    ("contest", "sales", "refused"),
    [
        (Contest.GENERAL, 1_500_000, []),  # 30 × 1,000 = 30,000 = 2 %
        (Contest.GENERAL, 1_499_999, TOTAL),
        (Contest.JOINT, 1_000_000, []),  # 3 %
        (Contest.JOINT, 999_999, TOTAL),
    ],
)
def test_all_prizes_against_the_planned_sales(contest, sales, refused):
    lottery = Lottery(prizes=(prize(1_000, 30),), contest=contest)
    assert breached(campaign(lottery, sales=sales)) == refused


TWO = (prize(15_000, 1, "drawn"), prize(5_000, 10, "shown", PAGE))
THREE = (prize(15_000, 1, "drawn"), prize(5_001, 10, "shown", PAGE))


@pytest.mark.parametrize(
    ("lottery", "refused"),
    [
        (Lottery(prizes=TWO), []),  # one number wins one of them, on the page or at the draw
        (Lottery(prizes=THREE), []),
        (Lottery(prizes=TWO, repeat=True), []),  # one number can win both: 20,000
        (Lottery(prizes=THREE, repeat=True), TOGETHER),
        (Lottery(prizes=(prize(15_000, 5, "a"), prize(15_000, 5, "b"))), []),
        (Lottery(prizes=(prize(15_000, 5, "a"), prize(15_000, 5, "b")), repeat=True), TOGETHER),
        (Lottery(prizes=(prize(20_000, 3),), repeat=True), []),  # no number wins one prize twice
        (Lottery(prizes=(prize(15_000),), alongside=(Alongside("店頭", 5_000, 9_000),)), []),
        (Lottery(prizes=(prize(15_000),), alongside=(Alongside("店頭", 5_001, 9_000),)), ["lottery.alongside"]),
        (Lottery(prizes=(prize(20_001),), alongside=(Alongside("店頭", 1, 1),)), VALUE),  # said once, of the prize
    ],
)
def test_lotteries_that_run_together_are_added_up(lottery, refused):
    assert breached(campaign(lottery)) == refused


def test_the_prizes_of_a_lottery_alongside_count_in_the_total():
    lottery = Lottery(prizes=(prize(10_000),), alongside=(Alongside("店頭", 5_000, 90_000),))
    assert breached(campaign(lottery, sales=5_000_000)) == []
    assert breached(campaign(lottery, sales=4_999_999)) == TOTAL


# (worth, minimum basket, cheapest purchase, lawful)
GIFTS = [
    (200, 0, 999, True),
    (201, 0, 999, False),
    (200, 0, 1_000, True),
    (201, 0, 1_000, False),
    (201, 0, 1_005, True),
    (600, 3_000, 500, True),  # the minimum is the transaction
    (601, 3_000, 500, False),
    (400, 500, 2_000, True),  # nobody can pay less than the cheapest purchase
    (401, 500, 2_000, False),
    (200, 0, 1, True),
]


@pytest.mark.parametrize(("worth", "minimum", "cheapest", "lawful"), GIFTS)
def test_a_gift_with_a_purchase(worth, minimum, cheapest, lawful):
    made = campaign(cheapest=cheapest, offers=(gift(worth, minimum),))
    nobody = Group("all", 10, 0, 0, 0)
    assert breached(made, nobody) == ([] if lawful else ["offers.gift.worth"])
    assert assessed(made, nobody).measured[0].kind is Kind.GIFT


def test_a_tier_s_gift_is_named_where_it_is_written():
    dear = replace(gift(5_000, 1_000), id="gift.gold")
    made = campaign(offers=(replace(gift(200), tiers=(Tier(Rule.parse("spent > 1"), dear),)),))
    assert breached(made, Group("all", 10, 0, 0, 0)) == ["offers.gift.tiers.0.worth"]


@pytest.mark.parametrize(
    "benefit",
    [{"amount": 90_000}, {"benefit": Benefit.PERCENT, "percent": 90}, {"benefit": Benefit.SHIPPING},
     {"benefit": Benefit.POINTS, "points": 90_000}],
)  # fmt: skip
def test_a_discount_for_everybody_is_a_price_cut(benefit):
    """Neither a limit nor a figure is asked for: 値引 is no premium."""
    offer = replace(gift(0), **({"benefit": Benefit.AMOUNT, "gift": ""} | benefit))
    made = campaign(cheapest=None, sales=None, offers=(offer,))
    [row] = assessed(made, Group("all", 10, 0, 0, 0)).measured
    assert (row.kind, row.limit, row.lawful) == (Kind.PRICE_CUT, None, True)


def test_the_same_discount_won_by_lottery_is_a_prize_with_its_whole_value():
    offer = replace(gift(0), id="off", benefit=Benefit.AMOUNT, amount=500, gift="")
    lottery = Lottery(prizes=(prize(2_001, 1, offer="off"),))
    assert breached(campaign(lottery, 100, offers=(offer,))) == VALUE
    understated = Lottery(prizes=(prize(499, 1, offer="off"),))
    assert breached(campaign(understated, offers=(offer,))) == VALUE
    assert breached(campaign(Lottery(prizes=(prize(500, 1, offer="off"),)), offers=(offer,))) == []


@pytest.mark.parametrize(
    ("lottery", "offers", "figures", "missing"),
    [
        (Lottery(prizes=(prize(1),)), (), (None, 1), ["law"]),
        (Lottery(prizes=(prize(1),)), (), (1, None), ["law"]),
        (Lottery(prizes=(prize(1),)), (), (None, None), ["law", "law"]),
        (Lottery(elsewhere=True), (gift(1),), (None, None), ["law"]),
        (Lottery(elsewhere=True), (gift(1),), (1, None), []),  # a gift has no total
        (Lottery(elsewhere=True), (), (None, None), []),
        (Lottery(prizes=(prize(1),), contest=Contest.OPEN), (), (None, None), []),
    ],
)
def test_what_is_needed_to_measure_is_asked_for(lottery, offers, figures, missing):
    """Nothing is ever measured by a guess, and nothing is asked for that measures nothing."""
    assert breached(campaign(lottery, *figures, offers=offers)) == missing


def test_past_spending_counts_for_nothing():
    """The orders list says what people spent; only the cheapest purchase that is written measures."""
    made = campaign(Lottery(prizes=(prize(20_001),)), lists=Lists())
    with_orders = replace(made, lists=replace(made.lists, orders=made.folder / "orders.csv"))
    assert assessed(made) == assessed(with_orders)
    assert breached(with_orders) == VALUE


OPEN = Lottery(prizes=(prize(10**7),), contest=Contest.OPEN)


def test_an_open_lottery_has_no_limit_and_no_customers():
    assert breached(campaign(OPEN, None, None)) == []
    assert breached(campaign(OPEN), Group("all", 10, 10, 1, 1, bought=True)) == ["lottery.kind"]
    assert breached(campaign(OPEN), Group("all", 10, 0, 0, 0, bought=True), Group("b", 10, 10, 1, 1)) == []
    assert breached(campaign(OPEN, lists=Lists(orders=campaign().folder))) == ["lottery.kind"]
    for channel in (Channel.INSERT_NOTE, Channel.INSERT_OPEN):
        assert breached(campaign(OPEN, channel=channel)) == ["lottery.kind"]


@pytest.mark.parametrize(
    ("lottery", "tickets", "refused"),
    [
        (Lottery(), 5, ["lottery.prizes"]),  # numbers, and nothing to win
        (Lottery(elsewhere=True), 5, []),
        (Lottery(), 0, []),
        (Lottery(prizes=(prize(1),)), 0, ["lottery.prizes"]),  # nobody can reach it
        (Lottery(prizes=(prize(1),), elsewhere=True), 5, []),  # of ours, drawn by another: measured all the same
        (Lottery(prizes=(prize(1, 5),)), 5, []),
        (Lottery(prizes=(prize(1, 6),)), 5, ["lottery.prizes"]),
        (Lottery(prizes=(prize(1, 3, "a"), prize(1, 3, "b"))), 5, ["lottery.prizes"]),
        (Lottery(prizes=(prize(1, 3, "a"), prize(1, 3, "b", PAGE))), 5, ["lottery.prizes"]),
        (Lottery(prizes=(prize(1, 3, "a"), prize(1, 3, "b", PAGE)), repeat=True), 5, []),
        (Lottery(prizes=(prize(1, 6, "a", PAGE),)), 5, ["lottery.prizes"]),
        (Lottery(prizes=(prize(1, 6),), repeat=True), 5, ["lottery.prizes"]),  # no number wins it twice
        (Lottery(prizes=(prize(1, 6, "a", PAGE),), repeat=True), 5, ["lottery.prizes"]),
    ],
)
def test_lotteries_that_cannot_be(lottery, tickets, refused):
    assert breached(campaign(lottery), Group("all", 5, tickets, 1 if tickets else 0, 1 if tickets else 0)) == refused


def test_a_campaign_without_letters_promises_nothing():
    assert breached(campaign(Lottery(prizes=(prize(10**6, 99),)), None, None), Group("all", 0, 0, 0, 0)) == []


def test_several_numbers_of_one_person_are_pointed_out_not_refused():
    made = campaign(Lottery(prizes=(prize(8_000, 3),)))
    for most, remarks in ((1, 0), (2, 0), (3, 1), (100, 1)):
        found = assessed(made, Group("all", 10, 100, most, most))
        assert (len(found.remarks), found.breaches) == (remarks, ())


values = st.integers(1, 150_000)
counts = st.integers(1, 50)
prizes = st.lists(st.tuples(values, counts, st.sampled_from(Reveal)), min_size=1, max_size=4)


@given(prizes, st.integers(1, 20_000), st.integers(1, 10**8), st.booleans(), st.data())
def test_raising_a_value_never_makes_an_unlawful_campaign_lawful(made, cheapest, sales, again, data):
    def lottery(listed):
        return Lottery(prizes=tuple(prize(v, c, f"p{n}", r) for n, (v, c, r) in enumerate(listed)), repeat=again)

    place = data.draw(st.integers(0, len(made) - 1))
    value, count, reveal = made[place]
    dearer = [*made[:place], (value + data.draw(st.integers(1, 10**6)), count, reveal), *made[place + 1 :]]
    before = breached(campaign(lottery(made), cheapest, sales))
    assert not before or breached(campaign(lottery(dearer), cheapest, sales))


@given(prizes, st.integers(1, 20_000), st.integers(1, 10**8), st.booleans())
def test_prizes_against_a_second_calculation(made, cheapest, sales, again):
    """The whole of 一般懸賞 once more, from its text: 20 times below 5,000 yen, else 100,000; 2 percent of sales."""
    listed = tuple(prize(v, c, f"p{n}", r) for n, (v, c, r) in enumerate(made))
    lawful = breached(campaign(Lottery(prizes=listed, repeat=again), cheapest, sales)) == []
    most = 20 * cheapest if cheapest < 5_000 else 100_000
    values = [value for value, _, _ in made]
    one = sum(values) if again else max(values)
    assert lawful == (one <= most and 100 * sum(v * c for v, c, _ in made) <= 2 * sales)


def test_the_report_names_the_rule_and_the_day():
    [row, total] = assessed(campaign(Lottery(prizes=(prize(500, 4),)))).measured
    assert "昭和52年公取委告示3号" in row.rule
    assert (row.base, row.limit, total.value, total.base, total.limit) == (1_000, 20_000, 2_000, 10**8, 2_000_000)
    assert DAY.year == 2026
