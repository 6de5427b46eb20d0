"""The figures of an audience: parts of it, repeat purchases, intervals, media, pairs of products, subscriptions.

Definitions, each over counted orders only (completed, with an amount, up to as_of, of a listed customer), a purchase
being an order, or one day's orders where the scheme's options say so (same_day_orders = "merge"):

- repeat rate: buyers with two purchases or more ÷ buyers. F2 conversion (F2転換率): of the customers whose first
  purchase lies in a month, the share with a second one within so many days of it; shown once all of them have had
  so many days.
- purchase interval: days from a customer's day of purchase to their next; several orders of a day are one purchase.
- LTV by media code: what the customers whose first order came through a medium have spent up to now ÷ customers.
- churn by subscription count (定期n回目): of those who had delivery n, who did not go on to n + 1. A next delivery is
  overdue after one and a half times the usual interval (the median over all); whoever waits less is not counted yet.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dmgen.audience.cells.vector import TEXT, Mask, Positions, mask
from dmgen.audience.measure.affinity import Affinity
from dmgen.audience.measure.bought import bought
from dmgen.audience.measure.goods import Goods
from dmgen.model.analysis import FEWEST, WINDOWS, Churn, Cohort, Intervals, Pair, Part, Turn

_EPOCH = date(1970, 1, 1)
_MOST_REPEATS = 10
_MOST_BARS = 53
_WEEK = 7
_LONGEST_SHOWN = 0.95  # of the intervals; the longer ones are one bar
_MOST_MEDIA = 30
_PAIRS_SHOWN = 20
_PATIENCE = 1.5  # usual intervals
_MOST_TURNS = 24


class Purchases:
    """The purchases by customer and day; `rows` is the number of customers. `merge`: one day's orders are one."""

    def __init__(self, orders: pd.DataFrame, rows: int, *, merge: bool = False) -> None:
        made = bought(orders, merge)
        kept = made.orders[made.purchases]
        self.customer: NDArray[np.int64] = orders["customer"].to_numpy(np.int64)[kept]
        self.day: NDArray[np.int64] = orders["day"].to_numpy(np.int64)[kept]
        self.count = np.bincount(self.customer, minlength=rows)
        self.spent = np.zeros(rows, np.int64)
        self.spent[made.buyers] = made.over_orders(np.add, orders["amount"].to_numpy(np.int64))

    @property
    def first(self) -> Positions:
        """Where each buyer's orders begin."""
        return np.flatnonzero(np.diff(self.customer, prepend=-1))

    def part(self, key: str, label: str, people: Mask) -> Part:
        """Some of the customers in numbers; of too few only how many they are."""
        buyers = people & (self.count > 0)
        buying = int(buyers.sum())
        if 0 < buying < FEWEST:
            return Part(key, label, int(people.sum()), buying, None, None)
        return Part(key, label, int(people.sum()), buying, int(self.count[people].sum()), int(self.spent[people].sum()))


def parts(made: Purchases, cells: pa.Array, names: Sequence[tuple[str, str]]) -> tuple[Part, ...]:
    """The customers by a column, for each (cell, label)."""
    return tuple(made.part(key, label, mask(pc.equal(cells, key))) for key, label in names)


def repeats(made: Purchases) -> tuple[int, ...]:
    """Buyers by their number of purchases."""
    counted = np.minimum(made.count[made.count > 0], _MOST_REPEATS)
    return tuple(np.bincount(counted, minlength=2)[1:].tolist())


def cohorts(made: Purchases, as_of: date) -> tuple[Cohort, ...]:
    """The customers of each first month and their second purchases, oldest first."""
    first = made.first
    if not len(first):
        return ()
    begun = made.day[first]
    later = np.minimum(first + 1, len(made.day) - 1)
    wait = np.where(made.count[made.customer[first]] > 1, made.day[later] - begun, np.iinfo(np.int64).max)
    month = begun.astype("datetime64[D]").astype("datetime64[M]")
    until = (as_of - _EPOCH).days
    found = []
    for number in range(int(month.min().astype(int)), int(month.max().astype(int)) + 1):
        at = month.astype(int) == number
        start = np.datetime64(number, "M").astype("datetime64[D]").astype(date)
        end = (np.datetime64(number + 1, "M").astype("datetime64[D]").astype(date) - _EPOCH).days - 1
        enough = int(at.sum()) >= FEWEST
        within = tuple(float((wait[at] <= days).mean()) if enough and end + days <= until else None for days in WINDOWS)
        ever = float((made.count[made.customer[first]][at] > 1).mean()) if enough else None
        found.append(Cohort(start, int(at.sum()), within, ever))
    return tuple(found)


def intervals(made: Purchases) -> Intervals | None:
    """How long customers take to buy again; None where nobody has."""
    days = _gaps(made.customer, made.day)
    if len(days) < FEWEST:
        return None
    low, middle, high = (float(value) for value in np.quantile(days, (0.25, 0.5, 0.75)))
    longest = float(np.quantile(days, _LONGEST_SHOWN))
    width = _WEEK * max(1, -(-int(longest) // (_WEEK * _MOST_BARS)))
    bars = np.bincount(np.minimum(days // width, int(longest) // width + 1))
    return Intervals(len(days), (low, middle, high), width, tuple(bars.tolist()))


def _gaps(customer: NDArray[np.int64], day: NDArray[np.int64]) -> NDArray[np.int64]:
    """Days between the different days of each customer; both sorted."""
    gap = np.diff(day)
    return np.asarray(gap[(np.diff(customer) == 0) & (gap > 0)])


def media(made: Purchases, cells: pa.Array) -> tuple[Part, ...]:
    """The buyers by the medium of their first order, most revenue first; the small ones together, without an id."""
    coded = pc.fill_null(cells, "").cast(TEXT).dictionary_encode()
    code, words = np.asarray(coded.indices), coded.dictionary.to_pylist()
    buyers = made.count > 0
    people = np.bincount(code[buyers], minlength=len(words))
    spent = np.zeros(len(words), np.int64)
    np.add.at(spent, code, made.spent)
    known = [place for place in np.lexsort((words, -spent)).tolist() if words[place] and people[place] >= FEWEST]
    known = known[:_MOST_MEDIA]
    found = [made.part(words[place], words[place], buyers & (code == place)) for place in known]
    rest = buyers & ~np.isin(code, known)
    return (*found, made.part("", "", rest)) if rest.any() else tuple(found)


def named_pairs(pairs: Affinity, goods: Goods) -> tuple[Pair, ...]:
    """The best pairs of products by their names; of fewer than FEWEST people none."""
    shown = np.flatnonzero(pairs.support >= FEWEST)[:_PAIRS_SHOWN]
    return tuple(
        Pair(
            goods.keys[before], goods.names[before], goods.keys[after], goods.names[after], support, confidence, lift
        )
        for before, after, support, confidence, lift in zip(
            pairs.before[shown].tolist(), pairs.after[shown].tolist(), pairs.support[shown].tolist(),
            pairs.confidence[shown].tolist(), pairs.lift[shown].tolist(), strict=True,
        )
    )  # fmt: skip


def churn(orders: pd.DataFrame, number: NDArray[np.int64], as_of: date) -> Churn | None:
    """Who goes on and who stops after each delivery; `number`, one an order, is 0 for no delivery."""
    customer, day = orders["customer"].to_numpy(np.int64), orders["day"].to_numpy(np.int64)
    kept = np.lexsort((day, customer))
    kept = kept[number[kept] > 0]
    customer, day, number = customer[kept], day[kept], number[kept]
    gaps = _gaps(customer, day)
    if not len(gaps):
        return None
    days = int(np.ceil(np.median(gaps) * _PATIENCE))
    begins = np.flatnonzero(np.diff(customer, prepend=-1))
    most, last = np.maximum.reduceat(number, begins), np.maximum.reduceat(day, begins)
    overdue = last + days < (as_of - _EPOCH).days
    turns = [
        Turn(
            turn,
            int((most > turn).sum()),
            int(((most == turn) & overdue).sum()),
            int(((most == turn) & ~overdue).sum()),
        )
        for turn in range(1, min(int(most.max()), _MOST_TURNS) + 1)
    ]
    return Churn(days, tuple(turns))
