"""Data Matrix ECC 200 (ISO/IEC 16022): square symbols, ASCII encodation with pairs of digits."""

import re
from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from dmgen.model.symbol import Symbol
from dmgen.symbols.galois import reed_solomon
from dmgen.symbols.payload import PayloadError

QUIET_ZONE = 1  # modules on each side
_POLYNOMIAL = 0x12D
_PAD = 129
_PAIRS = re.compile(rb"[0-9]{2}|.", re.DOTALL)


class _Size(NamedTuple):
    """A row of table 7: side in modules, regions a side, codewords of data and of checks in all, blocks."""

    side: int
    regions: int
    data: int
    checks: int
    blocks: int


_SIZES = [
    _Size(*row)
    for row in (
        (10, 1, 3, 5, 1), (12, 1, 5, 7, 1), (14, 1, 8, 10, 1), (16, 1, 12, 12, 1), (18, 1, 18, 14, 1),
        (20, 1, 22, 18, 1), (22, 1, 30, 20, 1), (24, 1, 36, 24, 1), (26, 1, 44, 28, 1), (32, 2, 62, 36, 1),
        (36, 2, 86, 42, 1), (40, 2, 114, 48, 1), (44, 2, 144, 56, 1), (48, 2, 174, 68, 1), (52, 2, 204, 84, 2),
        (64, 4, 280, 112, 2), (72, 4, 368, 144, 4), (80, 4, 456, 192, 4), (88, 4, 576, 224, 4), (96, 4, 696, 272, 4),
        (104, 4, 816, 336, 6), (120, 6, 1050, 408, 6), (132, 6, 1304, 496, 8), (144, 6, 1558, 620, 10),
    )
]  # fmt: skip


def _codewords(payload: bytes) -> bytes:
    """ASCII encodation (5.2.3): a pair of digits is one codeword, any other character is another."""
    return bytes(int(part) + 130 if len(part) == 2 else part[0] + 1 for part in _PAIRS.findall(payload))


def datamatrix_columns(payload: bytes) -> int:
    """Modules along one side that a payload needs. Raises PayloadError ("payload_too_long")."""
    needed = len(_codewords(payload))
    for size in _SIZES:
        if needed <= size.data:
            return size.side
    raise PayloadError("payload_too_long", payload.decode("ascii"))


def datamatrix_symbol(payload: bytes, columns: int) -> Symbol:
    """The symbol of a payload with so many columns. Raises PayloadError ("payload_too_long")."""
    size = next(size for size in _SIZES if size.side == columns)
    data = _codewords(payload)
    if len(data) > size.data:
        raise PayloadError("payload_too_long", payload.decode("ascii"))
    data += bytes(_pad(place, first=place == len(data) + 1) for place in range(len(data) + 1, size.data + 1))
    code = reed_solomon(_POLYNOMIAL, 1, size.checks // size.blocks)
    checks = [code.check_bytes(data[block :: size.blocks]) for block in range(size.blocks)]
    stream = data + bytes(check[at] for at in range(len(checks[0])) for check in checks)
    bits = f"01{int.from_bytes(stream):0{8 * len(stream)}b}"
    return Symbol(columns, columns, int("".join(_chosen(size)(bits)), 2))


def _pad(place: int, *, first: bool) -> int:
    """Pads after the first are made irregular (5.2.3, annex B.1)."""
    if first:
        return _PAD
    value = _PAD + 149 * place % 253 + 1
    return value if value <= 254 else value - 254


@lru_cache(maxsize=24)
def _chosen(size: _Size) -> Callable[[str], tuple[str, ...]]:
    """Picks what each module shows from "01" and the bits of the codewords, in the order of `Symbol.modules`."""
    region = size.side // size.regions
    places = _placed(size.side - 2 * size.regions)
    order = []
    for row in range(size.side):
        for column in range(size.side):
            down, across = row % region, column % region
            if across == 0 or down == region - 1:
                order.append(1)  # the solid edges of the finder pattern
            elif down == 0 or across == region - 1:
                order.append(int(column % 2 == 0 if down == 0 else row % 2 == 1))
            else:
                inner = row - 2 * (row // region) - 1, column - 2 * (column // region) - 1
                order.append(places[inner])
        order.append(0)
    return itemgetter(*order)


def _placed(side: int) -> dict[tuple[int, int], int]:
    """For each module of the mapping matrix the place of its bit after "01": the placement of annex F.3."""
    found: dict[tuple[int, int], int] = {}

    def put(cells: tuple[tuple[int, int], ...]) -> None:
        """The next codeword, its most significant bit first; a module outside wraps around."""
        start = 2 + 8 * (len(found) // 8)
        for bit, cell in enumerate(cells):
            found[_wrapped(*cell, side)] = start + bit

    row, column = 4, 0
    while row < side or column < side:
        if corner := _corner(side, row, column):
            put(corner)
        while row >= 0 and column < side:
            if row < side and column >= 0 and (row, column) not in found:
                put(_utah(row, column))
            row, column = row - 2, column + 2
        row, column = row + 1, column + 3
        while row < side and column >= 0:
            if row >= 0 and column < side and (row, column) not in found:
                put(_utah(row, column))
            row, column = row + 2, column - 2
        row, column = row + 3, column + 1
    if (side - 1, side - 1) not in found:  # the corner that no codeword reaches
        for cell, dark in (((-1, -1), 1), ((-2, -2), 1), ((-1, -2), 0), ((-2, -1), 0)):
            found[side + cell[0], side + cell[1]] = dark
    return found


def _wrapped(row: int, column: int, side: int) -> tuple[int, int]:
    if row < 0:
        row, column = row + side, column + 4 - (side + 4) % 8
    if column < 0:
        row, column = row + 4 - (side + 4) % 8, column + side
    return row, column


def _utah(row: int, column: int) -> tuple[tuple[int, int], ...]:
    """The modules of a codeword whose last bit stands here."""
    steps = ((-2, -2), (-2, -1), (-1, -2), (-1, -1), (-1, 0), (0, -2), (0, -1), (0, 0))
    return tuple((row + down, column + across) for down, across in steps)


def _corner(n: int, row: int, column: int) -> tuple[tuple[int, int], ...]:
    """The modules of the codeword that is split between corners, where the way through the matrix meets one."""
    if (row, column) == (n, 0):
        return (n - 1, 0), (n - 1, 1), (n - 1, 2), (0, n - 2), (0, n - 1), (1, n - 1), (2, n - 1), (3, n - 1)
    if (row, column) == (n - 2, 0) and n % 4:
        return (n - 3, 0), (n - 2, 0), (n - 1, 0), (0, n - 4), (0, n - 3), (0, n - 2), (0, n - 1), (1, n - 1)
    if (row, column) == (n - 2, 0) and n % 8 == 4:
        return (n - 3, 0), (n - 2, 0), (n - 1, 0), (0, n - 2), (0, n - 1), (1, n - 1), (2, n - 1), (3, n - 1)
    if (row, column) == (n + 4, 2) and n % 8 == 0:
        return (n - 1, 0), (n - 1, n - 1), (0, n - 3), (0, n - 2), (0, n - 1), (1, n - 3), (1, n - 2), (1, n - 1)
    return ()
