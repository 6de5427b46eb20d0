"""The dark modules of matrix symbols as rectangles: runs along each row, never split, so that no seams show."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dmgen.model.symbol import Symbol


@lru_cache(maxsize=8)
def _rectangles(size: int) -> npt.NDArray[np.bytes_]:
    """rectangles[first module, length]: the operator of a run, padded with NUL; modules count along the rows."""
    stride = size + 1
    table = [
        [b"%d %d %d 1 re\n" % (x, y, length) if x + length <= size else b"" for length in range(stride)]
        for y in range(size)
        for x in range(stride)
    ]
    return np.array(table, dtype=np.bytes_)


def module_runs(symbols: Sequence[Symbol]) -> list[bytes]:
    """For each symbol one `re` operator a run of dark modules, in module coordinates from the top left, y down."""
    runs: dict[int, list[bytes]] = {}
    for size in {symbol.size for symbol in symbols}:
        runs[size] = _runs(size, [symbol.modules for symbol in symbols if symbol.size == size])
        runs[size].reverse()
    return [runs[symbol.size].pop() for symbol in symbols]


def _runs(size: int, modules: list[int]) -> list[bytes]:
    """The guard bit after each row keeps runs from reaching into the next one: edges are starts and ends in turn."""
    bits = (size + 1) * size
    length = (bits + 7) // 8
    packed = b"".join((matrix << length * 8 - bits).to_bytes(length) for matrix in modules)
    dark = np.unpackbits(np.frombuffer(packed, np.uint8)).reshape(len(modules), length * 8)
    edges = np.flatnonzero(np.diff(dark, axis=1, prepend=0))
    starts, ends = edges[::2], edges[1::2]
    symbol, first = np.divmod(starts, length * 8)
    chosen = _rectangles(size)[first, ends - starts]
    text, width = chosen.tobytes(), chosen.dtype.itemsize
    cuts = np.searchsorted(symbol, np.arange(len(modules) + 1)) * width
    return [text[start:stop].translate(None, b"\0") for start, stop in pairwise(cuts.tolist())]
