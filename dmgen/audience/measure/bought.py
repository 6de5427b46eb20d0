"""Purchases in the order in which each customer made them: what every measure counts."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dmgen.audience.cells.vector import Mask, Positions

_DAY_BITS = 23  # days from year 1 to 9999, counted from 1970, lie within ± 2^22
_DAY_ZERO = 1 << (_DAY_BITS - 1)


@dataclass(frozen=True, slots=True)
class Bought:
    """Orders sorted by customer, day and place in the file; a purchase is one of them or, merged, those of one day.

    `buyers` are the customers (rows of their list, ascending); `orders` rows of the orders, sorted;
    `purchases` where each purchase begins in `orders`; `first` where each buyer's begin in `purchases`.
    """

    buyers: Positions
    orders: Positions
    purchases: Positions
    first: Positions

    @property
    def counts(self) -> NDArray[np.int64]:
        """Purchases of each buyer."""
        return np.diff(self.first, append=len(self.purchases))

    @property
    def begins(self) -> Positions:
        """Where each buyer's orders begin in `orders`."""
        return self.purchases[self.first]

    @property
    def first_orders(self) -> Positions:
        """The row of each buyer's first order."""
        return self.orders[self.begins]

    @property
    def last_orders(self) -> Positions:
        """The row of each buyer's last order."""
        ends = np.append(self.begins[1:], len(self.orders))[: len(self.buyers)]
        return np.asarray(self.orders[ends - 1])

    @property
    def rank(self) -> Positions:
        """The place of every order in `orders`."""
        places = np.empty(len(self.orders), np.int64)
        places[self.orders] = np.arange(len(self.orders))
        return places

    def over_orders(self, function: np.ufunc, values: NDArray[Any]) -> NDArray[Any]:
        """`function` (add, maximum …) over each buyer's orders; `values` one an order, as in the file."""
        return _over(function, values[self.orders], self.begins)

    def any_order(self, flags: Mask) -> Mask:
        """Of which purchases any order is flagged; `flags` one an order, as in the file."""
        return np.asarray(_over(np.logical_or, flags[self.orders], self.purchases), np.bool_)

    def how_many(self, flags: Mask) -> NDArray[np.int64]:
        """How many purchases of each buyer are flagged; `flags` one a purchase."""
        return _over(np.add, flags.astype(np.int64), self.first)


def _over(function: np.ufunc, values: NDArray[Any], begins: Positions) -> NDArray[Any]:
    return function.reduceat(values, begins) if len(begins) else values[:0]


def bought(purchases: pd.DataFrame, merge: bool) -> Bought:
    """The purchases of an orders list (`customer`, `day` an order); `merge`: one day's orders are one purchase."""
    day = purchases["day"].to_numpy(np.int64)
    key = (purchases["customer"].to_numpy(np.int64) << _DAY_BITS) + day + _DAY_ZERO
    orders = np.argsort(key, kind="stable")
    key = key[orders]
    fresh = np.ones(len(key), np.bool_)
    if merge:
        fresh[1:] = key[1:] != key[:-1]
    begins = np.flatnonzero(fresh)
    customer = key[begins] >> _DAY_BITS
    new = np.ones(len(customer), np.bool_)
    new[1:] = customer[1:] != customer[:-1]
    first = np.flatnonzero(new)
    return Bought(customer[first], orders, begins, first)
