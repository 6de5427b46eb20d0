"""Code 128 (ISO/IEC 15417): sets A, B and C, chosen so that the symbol is as short as can be."""

import re
from functools import lru_cache

from dmgen.model.symbol import Symbol

QUIET_ZONE = 10  # modules left and right
_A, _B, _C = 0, 1, 2
_STARTS, _SWITCHES, _SHIFT, _STOP = (103, 104, 105), (101, 100, 99), 98, 106
_TAKEN = {_A: 1, _B: 1, _C: 2}
# Widths of bar, space, bar, space … of the values 0 to 106 (table 1); the last one is the stop character.
_WIDTHS = re.findall(
    "[0-9]+",
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
    "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
    "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
    "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112",
)
# As `Symbol.modules` holds them: each module is a column of one row, with its guard bit.
_MODULES = ["".join(("10", "00")[n % 2] * int(width) for n, width in enumerate(widths)) for widths in _WIDTHS]
# What matters for the choice of sets: a digit, else whether set A, set B or both have the character.
_CLASSES = bytes(
    ord("0") if 48 <= char < 58 else ord("a") if char < 32 else ord("b") if char >= 96 else ord("x")
    for char in range(128)
) + bytes(128)
_SETS = {"0": (_A, _B), "x": (_A, _B), "a": (_A,), "b": (_B,)}


@lru_cache(maxsize=4096)
def _steps(shape: str) -> tuple[tuple[int, ...], ...]:
    """(set, codes to write before …) of each character or pair: the shortest way for a payload of this shape.

    A step is the set that the data is read in, followed by the start, switch or shift codes before it.
    """
    length = len(shape)
    # best[n][s]: the fewest codes for what follows n, in set s, with the first step.
    best: list[list[tuple[int, tuple[int, ...], int]]] = [[(0, (), s) for s in (_A, _B, _C)]]
    best *= length + 2
    for at in range(length - 1, -1, -1):
        best[at] = [min(_choices(shape, at, current, best)) for current in (_A, _B, _C)]
    if not length:
        return ()
    current = min((_A, _B, _C), key=lambda s: (best[0][s][0], -s))
    steps, at = [], 0
    first: tuple[int, ...] = (_STARTS[current],)
    while at < length:
        _, (read, *before), current = best[at][current]
        steps.append((read, *first, *before))
        first, at = (), at + _TAKEN[read]
    return tuple(steps)


def _choices(
    shape: str, at: int, current: int, best: list[list[tuple[int, tuple[int, ...], int]]]
) -> list[tuple[int, tuple[int, ...], int]]:
    """Every way to go on from a set: (codes in all, the step, the set after it)."""
    found = []
    for new in _SETS[shape[at]]:
        switch = () if new == current else (_SWITCHES[new],)
        found.append((1 + len(switch) + best[at + 1][new][0], (new, *switch), new))
        if switch and current != _C:
            found.append((2 + best[at + 1][current][0], (new, _SHIFT), current))
    if shape[at : at + 2] == "00":
        switch = () if current == _C else (_SWITCHES[_C],)
        found.append((1 + len(switch) + best[at + 2][_C][0], (_C, *switch), _C))
    return found


def _values(payload: bytes) -> list[int]:
    """The values of the symbol's characters, check and stop character included."""
    values, at = [], 0
    for read, *before in _steps(payload.translate(_CLASSES).decode("ascii")):
        values += before
        if read == _C:
            values.append(int(payload[at : at + 2]))
        else:
            values.append(payload[at] - 32 if payload[at] >= 32 else payload[at] + 64)
        at += _TAKEN[read]
    check = values[0] + sum(place * value for place, value in enumerate(values))
    return [*values, check % 103, _STOP]


def code128_columns(payload: bytes) -> int:
    """Modules from the first bar to the last; `payload` is ASCII and not empty."""
    steps = _steps(payload.translate(_CLASSES).decode("ascii"))
    return 11 * (sum(map(len, steps)) + 2) + 2


def code128_symbol(payload: bytes) -> Symbol:
    """The bars of a payload, which is ASCII and not empty."""
    values = _values(payload)
    return Symbol(11 * len(values) + 2, 1, int("".join(map(_MODULES.__getitem__, values)), 2), upright=True)
