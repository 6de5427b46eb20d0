"""Rows that belong together: groups by equal keys, and what groups that share rows make together."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from dmgen.audience.cells.vector import Mask, Positions, is_empty

Codes = NDArray[np.int64]
"""A group a row: equal numbers belong together, NOBODY belongs to none."""
NOBODY = -1


class Links(NamedTuple):
    """Rows that are tied: `rows[i]` belongs to the group `groups[i]`; a row may stand in several."""

    rows: Positions
    groups: Codes


def codes_of(cells: pa.Array, usable: Mask) -> Codes:
    """A number for each different text of the usable rows; NOBODY for empty cells and for the others."""
    codes = np.asarray(cells.dictionary_encode().indices, np.int64)
    return np.where(usable & ~is_empty(cells), codes, NOBODY)


def both(one: Codes, other: Codes) -> Codes:
    """Groups of the rows that agree in both."""
    known = (one != NOBODY) & (other != NOBODY)
    codes = np.full(len(one), NOBODY, np.int64)
    if known.any():
        pairs = one[known] * (int(other.max()) + 1) + other[known]
        codes[known] = pd.factorize(pairs)[0]
    return codes


def shared(codes: Codes) -> Codes:
    """The groups of two rows and more."""
    known = codes != NOBODY
    times = np.bincount(codes[known], minlength=1)
    return np.where(known & (times[codes] > 1), codes, NOBODY)


def variety(groups: Codes, kinds: Codes) -> Codes:
    """How many different kinds each group has, by its number; NOBODY is no kind."""
    known = (groups != NOBODY) & (kinds != NOBODY)
    different = pd.DataFrame({"group": groups[known], "kind": kinds[known]}).drop_duplicates()
    return np.bincount(different["group"].to_numpy(), minlength=int(groups.max(initial=0)) + 1)


def links_of(codes: Codes) -> Links:
    """The ties that equal numbers are."""
    rows = np.flatnonzero(shared(codes) != NOBODY)
    return Links(rows, codes[rows])


def pair_links(one: Positions, other: Positions) -> Links:
    """The ties of pairs of rows."""
    pairs = np.arange(len(one))
    return Links(np.concatenate([one, other]), np.concatenate([pairs, pairs]))


def components(links: Sequence[Links], rows: int) -> Positions:
    """For each row the first row that it is tied to, directly or through others; a lone row has its own number.

    Every round hooks each set of rows onto the lowest one that it touches and then shortens the way there, so that
    the rounds grow with the logarithm of the longest chain (Shiloach and Vishkin 1982).
    """
    label = np.arange(rows)
    groups, offset = [], 0
    for link in links:
        groups.append(link.groups + offset)
        offset += int(link.groups.max(initial=-1)) + 1
    row = np.concatenate([link.rows for link in links])
    group = np.concatenate(groups)
    while True:
        lowest = np.full(offset, rows)
        np.minimum.at(lowest, group, label[row])
        hooked = label.copy()
        np.minimum.at(hooked, label[row], lowest[group])
        while not np.array_equal(hooked, shorter := hooked[hooked]):
            hooked = shorter
        if np.array_equal(hooked, label):
            return label
        label = hooked
