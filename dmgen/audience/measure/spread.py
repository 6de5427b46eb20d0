"""Values of the buyers as columns of the customers list."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dmgen.audience.cells.vector import TEXT, Mask, Positions
from dmgen.audience.read.columns import Column
from dmgen.model.campaign import ColumnType


@dataclass(frozen=True, slots=True)
class Spread:
    """Makes columns of `rows` cells from one value a buyer; the others' cells are null unless `empty` is said.

    `known` marks the buyers who have a value. `decimals` are those of the shop's money.
    """

    buyers: Positions
    rows: int
    decimals: int

    def whole(self, values: NDArray[np.int64], known: Mask | None = None, empty: int | None = None) -> Column:
        """Whole numbers."""
        return Column(ColumnType.INT, self._cells(values, known, empty))

    def days(self, values: NDArray[np.int64], known: Mask | None = None) -> Column:
        """Dates, from days since 1970."""
        return Column(ColumnType.DATE, self._cells(values, known, None).cast(pa.int32()).cast(pa.date32()))

    def flag(self, values: Mask) -> Column:
        """Yes or no; no for the others."""
        return Column(ColumnType.FLAG, self._cells(values.astype(np.int64), None, 0).cast(pa.bool_()))

    def money(self, values: NDArray[np.int64], empty: int | None = None) -> Column:
        """Amounts of the smallest unit, as people write them."""
        amounts = self._cells(values, None, empty)
        if not self.decimals:
            return Column(ColumnType.INT, amounts)
        written = np.round(np.asarray(amounts.fill_null(0)) / 10**self.decimals, self.decimals)
        return Column(ColumnType.NUMBER, pa.array(written, mask=np.asarray(amounts.is_null())))

    def text(self, values: pa.Array) -> Column:
        """Text; empty for the others."""
        place = np.zeros(self.rows, np.int64)
        place[self.buyers] = np.arange(1, len(self.buyers) + 1)
        cells = pa.concat_arrays([pa.array([""], TEXT), values.cast(TEXT)])
        return Column(ColumnType.TEXT, cells.take(pa.array(place)))

    def _cells(self, values: NDArray[np.int64], known: Mask | None, empty: int | None) -> pa.Array:
        whole = np.full(self.rows, empty or 0, np.int64)
        whole[self.buyers] = values
        if empty is not None:
            return pa.array(whole)
        missing = np.ones(self.rows, np.bool_)
        missing[self.buyers] = False if known is None else ~known
        return pa.array(whole, mask=missing)
