"""Reads the customer barcode (カスタマバーコード) from pixels: the one printed code that zxing does not know."""

import numpy as np

from dmgen.readback.pages import Pixels

# 郵便番号・バーコードマニュアル: 1 = long, 2 = semi-long upper, 3 = semi-long lower, 4 = timing bar.
# Three bars each: 0 … 9, the hyphen, CC1 … CC8; the place is the check value.
_CHARACTERS = "144114132312123141321213231411414324342234432243423441111"
NAMES = (*"0123456789-", *(f"CC{number}" for number in range(1, 9)))
_VALUES = {_CHARACTERS[3 * value : 3 * value + 3]: value for value in range(len(NAMES))}
_START, _STOP = "13", "31"
_BARS = 67  # start, 7 digits of the postal code, 13 codes of the address, check digit, stop
_STATES = {(True, True): "1", (True, False): "2", (False, True): "3", (False, False): "4"}
_DARK = 128


def bars_of(pixels: Pixels) -> str:
    """The bars from left to right as 1 … 4; "" where they are not 67 bars that each cross the middle."""
    dark = pixels < _DARK
    rows = np.flatnonzero(dark.any(axis=1))
    edges = np.flatnonzero(np.diff(dark.any(axis=0), prepend=False, append=False))
    if len(edges) != 2 * _BARS:
        return ""
    top, height = int(rows[0]), int(rows[-1] - rows[0]) + 1
    states = []
    for middle in (edges[::2] + edges[1::2]) // 2:
        reach = np.flatnonzero(dark[:, middle]) - top
        if len(reach) == 0 or len(reach) != reach[-1] - reach[0] + 1 or not reach[0] < height / 2 < reach[-1]:
            return ""
        # A semi-long bar is two thirds of a long one, the timing bar the middle third: ends differ by a third.
        states.append(_STATES[bool(reach[0] < height / 6), bool(reach[-1] >= height * 5 / 6 - 1)])
    return "".join(states)


def decoded(bars: str) -> tuple[str, ...]:
    """The 20 codes (postal code and address) that bars stand for; none where start, stop or check digit is wrong."""
    body = bars[len(_START) : -len(_STOP)]
    if len(bars) != _BARS or not bars.startswith(_START) or not bars.endswith(_STOP):
        return ()
    values = [_VALUES.get(body[i : i + 3], -1) for i in range(0, len(body), 3)]
    if -1 in values or sum(values) % 19:  # the check digit fills the sum up to a multiple of 19
        return ()
    return tuple(NAMES[value] for value in values[:-1])
