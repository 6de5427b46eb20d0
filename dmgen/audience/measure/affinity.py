"""Cross-sell: what the buyers of a product bought next, and what that recommends to each of them.

The definitions, with n buyers of any product in all:

- a customer *followed* A with B where B's first purchase is of a later day than A's first purchase;
- support of A → B: the customers who did; confidence: support ÷ buyers of A;
- lift: confidence ÷ (customers who bought B on a later day than their first purchase of anything ÷ n), that is, how
  many times as often B follows A as it follows any purchase. The share of B's buyers as a whole would not do as the
  measure: many begin with B, and nobody can be led from A to B who began with B.

A pair counts from the campaign's support and lift on ([cross_sell]). Its score is confidence × lift: confidence alone
names the best-selling product to everybody, lift alone a rarity.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dmgen.audience.cells.vector import Mask
from dmgen.audience.measure.goods import UNKNOWN, Owned
from dmgen.model.audience import CrossSell

MOST_PRODUCTS = 5000  # pairs are counted among so many products, those with most buyers: 100 MB of counts
_BLOCK = 4_000_000  # pairs that are held at a time
_SAME_SCORE = 9  # decimals: scores that differ by less are equal


@dataclass(frozen=True, slots=True)
class Affinity:
    """The pairs A → B of a shop's orders that count, best first: arrays that run parallel."""

    before: NDArray[np.int32]
    after: NDArray[np.int32]
    support: NDArray[np.int64]
    confidence: NDArray[np.float64]
    lift: NDArray[np.float64]
    score: NDArray[np.float64]


def affinity(bought: Owned, products: int, asked: CrossSell) -> Affinity:
    """The pairs that count, by score, then support, then the products' order; the same lists, the same order.

    Products that fewer than `asked.support` people bought can be in no such pair and are left out beforehand. Of more
    than MOST_PRODUCTS those with most buyers are counted.
    """
    support_needed = max(asked.support, 1)
    buyers = np.bincount(bought.product, minlength=products)
    starts = _starts(bought.customer)
    followed = _followers(bought, starts, products)
    chosen = np.flatnonzero(buyers >= support_needed)
    if len(chosen) > MOST_PRODUCTS:
        chosen = np.sort(chosen[np.argsort(-buyers[chosen], kind="stable")[:MOST_PRODUCTS]])
    counts = _pair_counts(bought, chosen, products)
    before, after = np.nonzero(counts >= support_needed)
    support = counts[before, after].astype(np.int64)
    before, after = chosen[before], chosen[after]
    confidence = support / buyers[before]
    lift = confidence / (followed[after] / max(len(starts), 1))
    score = np.round(confidence * lift, _SAME_SCORE)
    order = np.lexsort((before, after, -support, -score))
    order = order[lift[order] >= asked.lift]
    return Affinity(
        before[order].astype(np.int32),
        after[order].astype(np.int32),
        support[order],
        confidence[order],
        lift[order],
        score[order],
    )


def recommended(pairs: Affinity, bought: Owned, allowed: Mask, customers: int) -> NDArray[np.int32]:
    """The product to offer each customer: the best pair from what they own to what they do not; else UNKNOWN.

    `allowed` says which products may be offered.
    """
    best = np.full(customers, len(pairs.after), np.int64)
    kept = np.flatnonzero(allowed[pairs.after])  # ranks, best first
    by_before = kept[np.argsort(pairs.before[kept], kind="stable")]
    products = np.arange(len(allowed))
    begin = np.searchsorted(pairs.before[by_before], products)
    end = np.searchsorted(pairs.before[by_before], products, side="right")
    have = bought.customer * len(allowed) + bought.product  # sorted
    rows = np.flatnonzero(begin[bought.product] < end[bought.product])
    place = begin[bought.product[rows]]
    while len(rows):
        customer, rank = bought.customer[rows], by_before[place]
        wanted = customer * len(allowed) + pairs.after[rank]
        at = np.minimum(np.searchsorted(have, wanted), len(have) - 1)
        new = have[at] != wanted
        np.minimum.at(best, customer[new], rank[new])
        rows, place = rows[~new], place[~new] + 1
        left = place < end[bought.product[rows]]
        rows, place = rows[left], place[left]
    return np.append(pairs.after, UNKNOWN)[best].astype(np.int32)


def _starts(customer: NDArray[np.int64]) -> NDArray[np.int64]:
    """The first row of each customer."""
    return np.flatnonzero(np.diff(customer, prepend=-1))


def _followers(bought: Owned, starts: NDArray[np.int64], products: int) -> NDArray[np.int64]:
    """How many bought each product on a later day than their first purchase of anything."""
    if not len(starts):
        return np.zeros(products, np.int64)
    begun = np.repeat(np.minimum.reduceat(bought.first, starts), np.diff(starts, append=len(bought.customer)))
    return np.bincount(bought.product[bought.first > begun], minlength=products)


def _pair_counts(bought: Owned, chosen: NDArray[np.int64], products: int) -> NDArray[np.int32]:
    """How many customers followed A (row) with B (column), among the chosen products.

    By customer and day, each row is paired with the later rows of its customer only; blocks of rows keep the memory
    bounded whatever one customer bought.
    """
    number = np.full(products, UNKNOWN, np.int64)
    number[chosen] = np.arange(len(chosen))
    rows = np.flatnonzero(number[bought.product] != UNKNOWN)
    rows = rows[np.lexsort((bought.first[rows], bought.customer[rows]))]
    product = number[bought.product[rows]]
    later, end = _later_rows(bought.customer[rows], bought.first[rows])
    pairs = np.cumsum(end - later)
    counts = np.zeros((len(chosen), len(chosen)), np.int32)
    low, one = 0, np.int32(1)  # of the same type as the counts: numpy adds it many times faster
    while low < len(rows):
        done = pairs[low - 1] if low else 0
        high = max(int(np.searchsorted(pairs, done + _BLOCK, side="right")), low + 1)
        times = end[low:high] - later[low:high]
        starts = later[low:high] - (np.cumsum(times) - times)
        after = product[np.repeat(starts, times) + np.arange(times.sum())]
        before = np.repeat(product[low:high], times)
        np.add.at(counts.reshape(-1), before * len(chosen) + after, one)
        low = high
    return counts


def _later_rows(customer: NDArray[np.int64], day: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each of these rows, sorted by customer and day: its customer's first row of a later day, and the row after
    that customer's last."""
    people, days = np.diff(customer, prepend=-1) != 0, np.diff(day, prepend=-1) != 0
    ends = np.append(np.flatnonzero(people)[1:], len(customer))[np.cumsum(people) - 1]
    turns = people | days
    return np.append(np.flatnonzero(turns)[1:], len(customer))[np.cumsum(turns) - 1], ends
