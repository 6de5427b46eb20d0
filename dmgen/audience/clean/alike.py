"""Rows that are nearly alike: pairs within small blocks, their likeness measured by rapidfuzz."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from dmgen.audience.cells.vector import Mask, Positions
from dmgen.audience.clean.groups import NOBODY, Codes, shared

_MOST_IN_A_BLOCK = 300  # rows; more in one house is an office, a school or a forwarding service
_ONE_SLIP = 1  # characters put in, left out, changed or swapped
_SHORTEST_NAME = 3  # characters; in shorter ones one changed character makes another name
_NEARLY_EQUAL = 90  # of 100: addresses that differ in a character or two


class Pairs(NamedTuple):
    """Pairs of rows, the earlier one first."""

    one: Positions
    other: Positions

    @classmethod
    def none(cls) -> "Pairs":
        """No pairs."""
        return cls(np.zeros(0, np.int64), np.zeros(0, np.int64))

    def where(self, keep: Callable[[Positions, Positions], Mask]) -> "Pairs":
        """The pairs that `keep` is true of."""
        kept = keep(self.one, self.other)
        return Pairs(self.one[kept], self.other[kept])


class Likeness(NamedTuple):
    """What names are compared by: name keys, and keys of their readings in kana, empty where there is none."""

    names: pa.Array
    readings: pa.Array


def neighbours(blocks: Codes, apart: Codes) -> Pairs:
    """All pairs of rows of one block that differ in `apart`; blocks of very many rows are left out."""
    blocks = shared(blocks)
    rows = np.flatnonzero(blocks != NOBODY)
    frame = pd.DataFrame({"block": blocks[rows], "row": rows, "apart": apart[rows]})
    grouped = frame.groupby("block")
    worth = (grouped["apart"].transform("nunique") > 1) & (grouped["row"].transform("size") <= _MOST_IN_A_BLOCK)
    frame = frame[worth]
    pairs = frame.merge(frame, on="block")
    pairs = pairs[(pairs["row_x"] < pairs["row_y"]) & (pairs["apart_x"] != pairs["apart_y"])]
    return Pairs(pairs["row_x"].to_numpy(np.int64), pairs["row_y"].to_numpy(np.int64))


def similar_names(pairs: Pairs, of: Likeness) -> Pairs:
    """The pairs with one reading; where a reading is missing, those whose names differ in one character at most.

    Two readings that differ are two people: brothers' names often differ in one character.
    """
    names = [np.asarray(of.names.take(pa.array(side)), object) for side in pairs]
    readings = [np.asarray(of.readings.take(pa.array(side)), object) for side in pairs]
    read = (readings[0] != "") & (readings[1] != "")
    alike = np.where(read, readings[0] == readings[1], one_slip(*names))
    return pairs.where(lambda _one, _other: alike.astype(np.bool_))


def one_slip(names: NDArray[np.object_], others: NDArray[np.object_]) -> Mask:
    """Which names, not very short ones, are the other's but for one character."""
    slips = process.cpdist(names, others, scorer=OSA.distance, score_cutoff=_ONE_SLIP)
    long = np.array([len(name) >= _SHORTEST_NAME for name in names], np.bool_)
    return np.asarray((slips <= _ONE_SLIP) & long, np.bool_)


def similar_places(pairs: Pairs, houses: pa.Array) -> Pairs:
    """The pairs whose houses are written almost alike."""
    sides = [np.asarray(houses.take(pa.array(side)), object) for side in pairs]
    near = process.cpdist(*sides, scorer=fuzz.ratio, score_cutoff=_NEARLY_EQUAL) >= _NEARLY_EQUAL
    return pairs.where(lambda _one, _other: np.asarray(near, np.bool_))
