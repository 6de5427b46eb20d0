"""How often, how much, since when: the columns that every scheme is made of."""

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dmgen.audience.measure.bought import Bought
from dmgen.audience.measure.spread import Spread
from dmgen.audience.read.columns import Column

LAPSED_DAYS = 240  # a customer has lapsed, if the scheme says nothing else
_EPOCH = date(1970, 1, 1)
_MONTH = 30  # days


def totals(made: Bought, orders: pd.DataFrame, as_of: date, to_as_of: bool, spread: Spread) -> dict[str, Column]:
    """Counts, amounts and days of each buyer; who bought nothing has 0 purchases, spent 0 and nothing else.

    `to_as_of`: the tenure runs from the first purchase to `as_of`, not to the last purchase.
    """
    day = orders["day"].to_numpy(np.int64)
    count = made.counts
    spent = made.over_orders(np.add, orders["amount"].to_numpy(np.int64))
    first, last = day[made.first_orders], day[made.last_orders]
    today = (as_of - _EPOCH).days
    recency, since_first, known = today - last, today - first, last > first
    interval = np.maximum(count - 1, 1)
    gap = _rounded(last - first, interval)
    return {
        "purchases": spread.whole(count, empty=0),
        "spent": spread.money(spent, empty=0),
        "average_basket": spread.money(_rounded(spent, count)),
        "tenure_days": spread.whole(since_first if to_as_of else last - first),
        "recency_days": spread.whole(recency),
        "first_order": spread.days(first),
        "last_order": spread.days(last),
        "average_interval_days": spread.whole(gap, known),
        "next_purchase_on": spread.days(last + gap, known),
        "spent_per_month": spread.money(_rounded(_MONTH * spent, np.maximum(since_first, _MONTH))),
        "lapsed": spread.flag(recency >= LAPSED_DAYS),
    }


def _rounded(number: NDArray[np.int64], by: NDArray[np.int64]) -> NDArray[np.int64]:
    """A quotient of whole numbers, halves up."""
    return (2 * number + by) // (2 * by)
