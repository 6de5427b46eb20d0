"""The dark modules of a matrix symbol as rectangles: runs along each row, never split, so that no seams show."""

from functools import lru_cache
from itertools import chain

from dmgen.model.symbol import Symbol


@lru_cache(maxsize=8)
def _edge_positions(length: int) -> list[list[tuple[int, ...]]]:
    """positions[i][b]: where the bits of byte b stand that is byte i of a bit string of `length` bytes."""
    bits = [tuple(k for k in range(8) if byte >> 7 - k & 1) for byte in range(256)]
    return [[tuple(8 * i + k for k in bits[byte]) for byte in range(256)] for i in range(length)]


class _Rectangles(dict[tuple[int, int], bytes]):
    """(first bit, bit after the last) of a run → its rectangle operator, filled as runs occur."""

    def __init__(self, stride: int) -> None:
        super().__init__()
        self.stride = stride

    def __missing__(self, run: tuple[int, int]) -> bytes:
        y, x = divmod(run[0], self.stride)
        text = self[run] = b"%d %d %d 1 re\n" % (x, y, run[1] - run[0])
        return text


@lru_cache(maxsize=8)
def _rectangles(stride: int) -> _Rectangles:
    return _Rectangles(stride)


def module_runs(symbol: Symbol) -> bytes:
    """One `re` operator a run of dark modules, in module coordinates from the top left, y down.

    The guard bit after each row keeps runs from reaching into the next one: a set bit of `v ^ v >> 1` is the start
    of a run or the place after its end, alternately.
    """
    stride = symbol.size + 1
    length = (stride * symbol.size + 8) // 8
    shift = length * 8 - stride * symbol.size
    modules = symbol.modules << shift
    edges = (modules ^ modules >> 1).to_bytes(length)
    positions = _edge_positions(length)
    found = list(chain.from_iterable(map(list.__getitem__, positions, edges)))
    return b"".join(map(_rectangles(stride).__getitem__, zip(found[::2], found[1::2], strict=True)))
