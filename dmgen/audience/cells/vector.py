"""Small tools over whole columns (pyarrow arrays) that the other modules share."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Positions = NDArray[np.int64]
TEXT = pa.large_string()


def mask(flags: pa.Array) -> Mask:
    """A boolean column as a numpy mask; empty cells are false."""
    return np.asarray(pc.fill_null(flags, False).to_numpy(zero_copy_only=False), dtype=np.bool_)


def matches(cells: pa.Array, pattern: str) -> Mask:
    """Which cells contain `pattern` (RE2)."""
    return mask(pc.match_substring_regex(cells, pattern))


def is_empty(cells: pa.Array) -> Mask:
    """Which text cells are empty."""
    return mask(pc.equal(cells, ""))


def each(cells: pa.Array, function: Callable[[str], Any], kind: pa.DataType) -> pa.Array:
    """`function` of every cell, called once for each different cell."""
    coded = cells.dictionary_encode()
    return pa.array([function(cell) for cell in coded.dictionary.to_pylist()], kind).take(coded.indices)


def mend(cells: pa.Array, odd: Mask, function: Callable[[str], str]) -> pa.Array:
    """The text column with `function` applied to the odd cells only."""
    if not odd.any():
        return cells
    flags = pa.array(odd)
    return pc.replace_with_mask(cells, flags, each(cells.filter(flags), function, cells.type))


def patch(plain: pa.Array, odd: Mask, values: pa.Array) -> pa.Array:
    """`plain` with the cells of `odd` replaced by `values`, in order."""
    return pc.replace_with_mask(plain, pa.array(odd), values) if odd.any() else plain
