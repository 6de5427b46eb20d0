"""The dark modules of symbols as rectangles: runs along each line, never split, so that no seams show."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from dmgen.model.symbol import Symbol

_Grid = tuple[int, int, bool]  # lines, modules a line, upright


@lru_cache(maxsize=64)
def _operands(grid: _Grid) -> tuple[npt.NDArray[np.bytes_], npt.NDArray[np.bytes_]]:
    """Of a run, what stands for its first module (counted along the lines) and for its length."""
    lines, length, upright = grid
    places = [(n, m) for n in range(lines) for m in range(length + 1)]
    first = [b"%d %d " % ((line, at) if upright else (at, line)) for line, at in places]
    size = b"1 %d re\n" if upright else b"%d 1 re\n"
    return np.array(first, np.bytes_), np.array([size % run for run in range(length + 1)], np.bytes_)


def module_runs(symbols: Sequence[Symbol]) -> list[bytes]:
    """For each symbol one `re` operator a run of dark modules, in module coordinates from the top left, y down."""
    alike: defaultdict[_Grid, list[int]] = defaultdict(list)
    for place, symbol in enumerate(symbols):
        alike[symbol.lines, symbol.length, symbol.upright].append(place)
    runs = [b""] * len(symbols)
    for grid, places in alike.items():
        for place, text in zip(places, _runs(grid, [symbols[place].modules for place in places]), strict=True):
            runs[place] = text
    return runs


def _runs(grid: _Grid, modules: list[int]) -> list[bytes]:
    """The guard bit after each line keeps runs from reaching into the next one: edges are starts and ends in turn."""
    bits = (grid[1] + 1) * grid[0]
    length = (bits + 7) // 8
    packed = b"".join((matrix << length * 8 - bits).to_bytes(length) for matrix in modules)
    dark = np.unpackbits(np.frombuffer(packed, np.uint8)).reshape(len(modules), length * 8)
    edges = np.flatnonzero(np.diff(dark, axis=1, prepend=0))
    starts, ends = edges[::2], edges[1::2]
    symbol, first = np.divmod(starts, length * 8)
    at, size = _operands(grid)
    chosen: npt.NDArray[Any] = np.empty(len(starts), [("at", at.dtype), ("size", size.dtype)])
    chosen["at"], chosen["size"] = at[first], size[ends - starts]
    text, width = chosen.tobytes(), chosen.dtype.itemsize
    cuts = np.searchsorted(symbol, np.arange(len(modules) + 1)) * width
    return [text[start:stop].translate(None, b"\0") for start, stop in pairwise(cuts.tolist())]
