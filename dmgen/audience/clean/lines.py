"""An order on several lines is one order: its lines found, and what is said of it on any of them said once."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dmgen.audience.cells.text import joined
from dmgen.audience.cells.values import text_of
from dmgen.audience.cells.vector import Mask, Positions, is_empty

NOBODYS = -1


@dataclass(frozen=True, slots=True)
class Grouped:
    """Rows by order: `order` of each row (-1 where the row is of none), the `head` row of each order."""

    order: Positions
    head: Positions
    single: bool  # whether every order has one row

    @property
    def plain(self) -> bool:
        """Whether rows and orders are the same."""
        return len(self.head) == len(self.order)

    @property
    def further(self) -> Mask:
        """Which rows are further lines of an order."""
        further = np.greater_equal(self.order, 0)
        further[self.head] = False
        return further

    def once(self, cells: pa.Array) -> tuple[pa.Array, Mask]:
        """Of each order the cell that its lines have (others may be empty), and for which orders they differ."""
        if self.single:
            return (cells if self.plain else cells.take(pa.array(self.head))), np.zeros(len(self.head), np.bool_)
        text = text_of(cells)
        coded = text.dictionary_encode()
        said = np.flatnonzero((self.order >= 0) & ~is_empty(text))
        code = np.asarray(coded.indices)
        row = self.head.copy()
        row[self.order[said[::-1]]] = said[::-1]  # of repeated indices the last assignment stays: the first row
        differing = np.zeros(len(self.head), np.bool_)
        differing[self.order[said[code[said] != code[row[self.order[said]]]]]] = True
        return cells.take(pa.array(row)), differing

    def together(self, cells: pa.Array) -> pa.Array:
        """Of each order all that its lines say, each thing once, in no particular order of lines."""
        values, differing = self.once(cells)
        if not differing.any():
            return values
        merged = [""] * len(self.head)
        rows = np.flatnonzero(self.order >= 0)
        rows = rows[differing[self.order[rows]]]
        said: dict[int, set[str]] = {}
        for order, cell in zip(self.order[rows].tolist(), cells.take(pa.array(rows)).to_pylist(), strict=True):
            said.setdefault(order, set()).add(cell)
        for order, words in said.items():
            merged[order] = " / ".join(sorted(words - {""}))
        return joined([_where(values, ~differing), pa.array(merged, values.type)], "")


def _where(cells: pa.Array, kept: Mask) -> pa.Array:
    return pa.array(np.where(kept, np.asarray(cells.to_pandas()), ""), cells.type)


def grouped(keys: pa.Array, usable: Mask, heading: Mask | None = None) -> Grouped:
    """Usable rows by their key. A head row is the first of its order, or the first where `heading` is."""
    rows = np.flatnonzero(usable)
    coded = (keys if len(rows) == len(keys) else keys.take(pa.array(rows))).dictionary_encode()
    orders = len(coded.dictionary)
    if orders == len(rows):
        of_row = np.full(len(keys), NOBODYS)
        of_row[rows] = np.arange(orders)
        return Grouped(of_row, rows, True)
    codes = np.asarray(coded.indices, np.int64)
    of_row = np.full(len(keys), NOBODYS)
    of_row[rows] = codes
    head = np.zeros(orders, np.int64)
    head[codes[::-1]] = rows[::-1]
    if heading is not None:
        chosen = rows[heading[rows]][::-1]
        head[of_row[chosen]] = chosen
    return Grouped(of_row, head, False)
