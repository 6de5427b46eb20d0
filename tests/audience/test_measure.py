"""What is measured of each customer: as one would count it by hand, and nothing where there is nothing to count."""

import operator
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import mean

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.audience import load_audience
from dmgen.audience.measure.rules import truth
from dmgen.audience.measure.scheme import scores
from dmgen.model.rule import Rule
from dmgen.model.scheme import Score

from .conftest import AS_OF, ORDERS, build, people, person, rules
from .purchases import Order, measured

DAY = timedelta(days=1)
ORDER = st.builds(
    Order,
    who=st.integers(0, 5),
    days=st.one_of(st.sampled_from([0, 1, 29, 30, 31, 239, 240]), st.integers(0, 900)),
    amount=st.integers(1, 9999),
    sku=st.sampled_from(["", "A", "B", "C", "?"]),
)
PRODUCTS = {"A": {"category": "茶", "name": "煎茶"}, "B": {"category": "菓子", "name": ""}, "C": {"category": "茶"}}


def half_up(number: int, by: int) -> int:
    return int(Fraction(number, by) + Fraction(1, 2))


@settings(max_examples=150, deadline=None)
@given(st.lists(ORDER, max_size=30))
def test_measures_agree_with_a_count_by_hand(orders: list[Order]) -> None:
    found = measured(orders, customers=7, products=PRODUCTS)
    bought: dict[int, list[Order]] = defaultdict(list)
    for order in sorted(orders, key=lambda order: order.day):
        bought[order.who].append(order)
    for who in range(7):
        row = {name: cells[who] for name, cells in found.items()}
        buys = bought[who]
        if not buys:
            assert (row["purchases"], row["spent"], row["lapsed"]) == (0, 0, False)
            assert {row[name] for name in row if name.endswith(("_sku", "_product"))} == {""}
            assert all(row[name] is None for name in ("average_basket", "last_order", "next_purchase_on"))
            continue
        spent = sum(order.amount for order in buys)
        assert (row["purchases"], row["spent"]) == (len(buys), spent)
        assert row["average_basket"] == half_up(spent, len(buys))
        first, last = (AS_OF - buy.days * DAY for buy in (buys[0], buys[-1]))
        assert (row["first_order"], row["last_order"]) == (first, last)
        assert (row["tenure_days"], row["recency_days"]) == ((last - first).days, (AS_OF - last).days)
        assert row["lapsed"] == ((AS_OF - last).days >= 240)
        gaps = [(b.day - a.day) for a, b in pairwise(buys)]
        if first == last:
            assert (row["average_interval_days"], row["next_purchase_on"]) == (None, None)
        else:
            interval = half_up(sum(gaps), len(gaps))
            assert row["average_interval_days"] == interval == pytest.approx(mean(gaps), abs=0.5)
            assert row["next_purchase_on"] == last + interval * DAY
        assert row["spent_per_month"] == half_up(30 * spent, max(30, (AS_OF - first).days))
        assert (row["first_sku"], row["last_sku"]) == (buys[0].sku, buys[-1].sku)
        names = {"A": "煎茶"}
        assert row["last_product"] == names.get(buys[-1].sku, buys[-1].sku)
        assert row["favourite_category"] == favourite([buy.sku for buy in buys])


def favourite(skus: list[str]) -> str:
    categories = [PRODUCTS[sku]["category"] for sku in skus if sku in PRODUCTS]
    last = {category: place for place, category in enumerate(categories)}
    return max(last, key=lambda category: (categories.count(category), last[category]), default="")


def test_lines_of_an_order_count_one_by_one() -> None:
    orders = [Order(0, 9, lines=("B", "A", "C")), Order(0, 5, lines=("B",)), Order(1, 5, lines=("A", "B"))]
    assert measured(orders, products=PRODUCTS)["favourite_category"] == ["菓子", "菓子"]
    earlier = [Order(0, 5, lines=("A",)), Order(0, 9, lines=("B",))]
    assert measured(earlier, products=PRODUCTS)["favourite_category"] == ["茶"], "of equals the one bought last"


def test_a_category_is_not_known_without_skus_or_products() -> None:
    assert "favourite_category" not in measured([Order(0, 1)], products={"A": {"name": "x"}})
    assert "favourite_category" not in measured([Order(0, 1)], products=PRODUCTS, leave_out=("sku",))
    assert "first_product" not in measured([Order(0, 1)], leave_out=("sku",))
    assert measured([Order(0, 1, sku="A")], products={})["last_product"] == ["A"]


def test_subscriptions_and_deliveries_are_the_latest_and_the_medium_that_of_the_first_order() -> None:
    orders = [Order(0, 9), Order(0, 5), Order(1, 5), Order(0, 2), Order(1, 9)]
    further = {
        "subscription": pa.array([3, 4, None, 1, None], pa.int64()),
        "delivered_on": pa.array([AS_OF - 8 * DAY, AS_OF - 4 * DAY, None, None, None], pa.date32()),
        "media": pa.array(["web", "チラシ", "チラシ", "", ""], pa.large_string()),
    }
    found = measured(orders, customers=3, further=further)
    assert found["subscription_count"] == [4, None, None]
    assert found["delivered_on"] == [AS_OF - 4 * DAY, None, None]
    assert found["first_media"] == ["web", "", ""]


def test_orders_at_a_discount_or_with_a_code_are_counted() -> None:
    orders = [Order(0, 9, discount=-50), Order(0, 9, code="X"), Order(0, 5), Order(1, 1)]
    assert measured(orders)["discounted_purchases"] == [2, 0]
    assert measured(orders, scheme="rfm", options={"same_day_orders": "merge"})["discounted_purchases"] == [1, 0]
    assert measured(orders, leave_out=("code",))["discounted_purchases"] == [1, 0]
    assert "discounted_purchases" not in measured(orders, leave_out=("code", "discount"))


@pytest.mark.parametrize(
    ("written", "month"),
    [
        ("1980-05-12", 5),
        ("1980/5/12", 5),
        ("1980年05月12日", 5),
        ("05-12", 5),
        ("5/12", 5),
        ("５月１２日", 5),
        ("--05-12", 5),
        ("12月1日", 12),
        ("02-29", 2),
        ("02-30", None),
        ("13/5", None),
        ("0512", None),
        ("不明", None),
        ("", None),
    ],
)
def test_the_month_of_a_birthday_with_or_without_its_year(written: str, month: int | None) -> None:
    found = measured([Order(0, 1)], birthdays=[written])
    assert found["birthday_month"] == [month]
    assert found["months_to_birthday"] == [None if month is None else (month - AS_OF.month) % 12]


def test_measures_are_columns_for_rules_and_a_list_keeps_its_own_points_rank_and_birthday(tmp_path: Path) -> None:
    customers = people(person("A", email="1980-10-05", registered_on="2026-01-01"), person("B", email="05-01"))
    customers = customers.replace("email,phone", "birthday,rank", 1).replace("name_kana", "points", 1)
    orders = f"{ORDERS}\n1,A,2026-08-01,100,1,completed\n2,A,2026-09-01,100,1,completed\n3,B,2026-09-01,9,1,completed"
    segments = rules("months_to_birthday == 1 and next_purchase_on >= '2026-10-01'", "average_interval_days > 0")
    audience = load_audience(build(tmp_path, customers, orders, scheme="rfm", segments=segments))
    assert [audience.open_positions(name).tolist() for name in ("s0", "s1")] == [[0], []]
    (row,) = audience.rows([0], ["next_purchase_on", "birthday", "rank", "points", "rfm", "spent_per_month"])
    assert list(row.values()) == [date(2026, 10, 2), "1980-10-05", "", None, row["rfm"], 100]


NUMBERS = st.one_of(st.integers(-9, 9), st.integers(-20, 20).map(lambda n: n / 100))
BOUNDS = st.one_of(st.fractions(-9, 9, max_denominator=400), NUMBERS.map(lambda n: Fraction(repr(n))))


@settings(max_examples=300)
@given(
    st.lists(st.one_of(st.none(), NUMBERS.map(float)), min_size=1, max_size=8),
    BOUNDS,
    st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
    st.booleans(),
    st.booleans(),
)
def test_columns_and_exact_numbers_compare_as_decimals_do(
    cells: list[float | None], bound: Fraction, sign: str, whole: bool, mirrored: bool
) -> None:
    """1/3 is no float, 0.07 is none either: a threshold moves nobody by rounding."""
    kind = pa.int64() if whole else pa.float64()
    cells = [cell if cell is None or not whole else int(cell) for cell in cells]
    column = pd.Series(pa.array(cells, kind), dtype=pd.ArrowDtype(kind))
    rule = Rule.parse(f"bound {sign} column" if mirrored else f"column {sign} bound")
    names = {"column": column, "bound": bound}
    compare = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
               ">=": operator.ge}[sign]  # fmt: skip
    exact = [None if cell is None else Fraction(repr(cell)) for cell in cells]
    expected = [c is not None and (compare(bound, c) if mirrored else compare(c, bound)) for c in exact]
    assert truth(rule, names.__getitem__, len(cells)).tolist() == expected


def test_a_cell_without_a_value_has_no_score() -> None:
    values = np.array([np.nan, 1.0, 2.0])
    assert scores(Score("x", 2, one_is_high=False), values).tolist() == [0, 1, 2]
    assert scores(Score("x", 2, one_is_high=True), values).tolist() == [0, 2, 1]
    assert scores(Score("x", 2, one_is_high=True), values[:0]).tolist() == []
