"""The figures of `dmgen analyze`, against counts in plain Python."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from math import ceil
from statistics import median

import numpy as np
import pandas as pd
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from dmgen.audience.measure.figures import Purchases, churn, cohorts, intervals, media, repeats
from dmgen.model.analysis import FEWEST, WINDOWS

AS_OF = date(2026, 9, 30)
EPOCH = date(1970, 1, 1)
ROWS = 12
Order = tuple[int, int, int, int]  # customer, days before AS_OF, amount, number of the delivery (0: none)
ORDERS = st.lists(
    st.tuples(st.integers(0, ROWS - 1), st.integers(0, 500), st.integers(1, 99), st.integers(0, 4)), max_size=60
)


def listed(orders: list[Order]) -> pd.DataFrame:
    until = (AS_OF - EPOCH).days
    return pd.DataFrame(
        {
            "customer": np.array([order[0] for order in orders], np.int64),
            "day": np.array([until - order[1] for order in orders], np.int32),
            "amount": np.array([order[2] for order in orders], np.int64),
        }
    )


def purchases(orders: list[Order]) -> Purchases:
    return Purchases(listed(orders), ROWS)


def days_of(orders: list[Order]) -> dict[int, list[date]]:
    found = defaultdict(list)
    for customer, ago, _, _ in orders:
        found[customer].append(AS_OF - timedelta(ago))
    return {customer: sorted(days) for customer, days in found.items()}


@given(ORDERS)
def test_repeats_count_every_buyer_once(orders: list[Order]) -> None:
    times = Counter(min(count, 10) for count in Counter(order[0] for order in orders).values())
    expected = [times[n] for n in range(1, max(times, default=1) + 1)]
    assert list(repeats(purchases(orders))) == (expected if orders else [0])


@given(ORDERS)
def test_orders_of_one_day_are_one_purchase_where_they_are_merged(orders: list[Order]) -> None:
    merged = Purchases(listed(orders), ROWS, merge=True)
    assert merged.count.tolist() == [len(set(days_of(orders).get(customer, []))) for customer in range(ROWS)]
    assert merged.spent.tolist() == [sum(o[2] for o in orders if o[0] == customer) for customer in range(ROWS)]


@given(ORDERS)
def test_cohorts_are_those_of_a_plain_count(orders: list[Order]) -> None:
    """Every buyer is in one month; a share stands only where all of them have had the days."""
    days, found = days_of(orders), cohorts(purchases(orders), AS_OF)
    assert sum(cohort.buyers for cohort in found) == len(days)
    for cohort in found:
        own = [bought for bought in days.values() if bought[0].replace(day=1) == cohort.month]
        assert cohort.buyers == len(own)
        next_month = (cohort.month + timedelta(32)).replace(day=1)
        for window, share in zip(WINDOWS, cohort.within, strict=True):
            if len(own) < FEWEST or next_month - timedelta(1) + timedelta(window) > AS_OF:
                assert share is None
            else:
                again = sum(len(bought) > 1 and (bought[1] - bought[0]).days <= window for bought in own)
                assert share is not None
                assert abs(share - again / len(own)) < 1e-12
        twice = sum(len(bought) > 1 for bought in own) / len(own) if len(own) >= FEWEST else None
        assert cohort.ever == twice


def gaps_of(days: list[date]) -> list[int]:
    once = sorted(set(days))
    return [(later - earlier).days for earlier, later in pairwise(once)]


@given(ORDERS)
def test_intervals_are_days_between_days(orders: list[Order]) -> None:
    gaps = [gap for days in days_of(orders).values() for gap in gaps_of(days)]
    found = intervals(purchases(orders))
    if len(gaps) < FEWEST:
        assert found is None
        return
    assert found is not None
    assert (found.count, sum(found.bars), found.quartiles[1]) == (len(gaps), len(gaps), median(gaps))
    assert found.bars[0] == sum(gap < found.width for gap in gaps) or len(found.bars) == 1


@given(ORDERS, st.lists(st.sampled_from(["", "A", "B", "検索"]), min_size=ROWS, max_size=ROWS))
def test_media_add_up_and_small_ones_stand_together(orders: list[Order], first: list[str]) -> None:
    parts = media(purchases(orders), pa.array([cell or None for cell in first], pa.large_string()))
    spent: Counter[str] = Counter()
    people = defaultdict(set)
    for customer, _, amount, _ in orders:
        spent[first[customer]] += amount
        people[first[customer]].add(customer)
    assert sum(part.people for part in parts) == len({order[0] for order in orders})
    shown = {part.id: part for part in parts if part.id}
    assert set(shown) == {code for code, who in people.items() if code and len(who) >= FEWEST}
    for code, part in shown.items():
        assert (part.people, part.spent) == (len(people[code]), spent[code])
    for part in parts:
        assert (part.spent is None) == (part.people < FEWEST)


@given(ORDERS)
def test_churn_counts_every_subscriber_of_a_delivery_once(orders: list[Order]) -> None:
    found = churn(listed(orders), np.array([order[3] for order in orders], np.int64), AS_OF)
    deliveries = [order for order in orders if order[3]]
    days = days_of(deliveries)
    gaps = [gap for own in days.values() for gap in gaps_of(own)]
    if not gaps:
        assert found is None
        return
    assert found is not None
    assert found.days == ceil(median(gaps) * 1.5)
    reached = {customer: max(o[3] for o in deliveries if o[0] == customer) for customer in days}
    late = {customer for customer, own in days.items() if (AS_OF - own[-1]).days > found.days}
    for turn in found.turns:
        at = {customer for customer, most in reached.items() if most == turn.number}
        assert turn.reached == sum(most >= turn.number for most in reached.values())
        assert (turn.went_on, turn.stopped) == (turn.reached - len(at), len(at & late))
        known = turn.went_on + turn.stopped
        assert turn.churn == (turn.stopped / known if known >= FEWEST else None)
