"""ArUco markers of the dictionary ARUCO_MIP_36h12: six by six cells in a black border of one cell."""

from functools import cache
from pathlib import Path

from dmgen.model.symbol import Symbol

MARKER_CELLS = 8
"""Cells of a side, the border among them."""

MARKERS = 250
MARKER_QUIET = 1.5
"""Blank cells on each side: 5.6 mm around a marker of 30 mm (Fujitsu's manual asks for three modules of a QR code)."""

SMALLEST_MARKER = 25.0
"""mm: what phones find on a letter that is held at arm's length."""

RECOMMENDED_MARKER = 30.0

_DATA = Path(__file__).with_name("aruco_mip_36h12.txt")
_INNER = MARKER_CELLS - 2


@cache
def _codes() -> dict[int, int]:
    """Ids by code."""
    lines = [line for line in _DATA.read_text("ascii").splitlines() if not line.startswith("#")]
    return {int(line, 16): marker for marker, line in enumerate(lines)}


def aruco_symbol(marker: int) -> Symbol:
    """The marker with this id, 0 to 249. Raises ValueError for any other."""
    if not 0 <= marker < MARKERS:
        raise ValueError(marker)
    code = list(_codes())[marker]
    white = [bit == "1" for bit in f"{code:0{_INNER * _INNER}b}"]
    rows = [[not bit for bit in white[at : at + _INNER]] for at in range(0, len(white), _INNER)]
    border = [[True] * MARKER_CELLS]
    return Symbol.of_rows([*border, *([True, *row, True] for row in rows), *border])


def aruco_id(grid: list[list[bool]]) -> int | None:
    """The id of the marker whose cells these are (True is dark), upright and without a wrong one; else none."""
    if len(grid) != MARKER_CELLS or not all([*grid[0], *grid[-1], *(row[0] and row[-1] for row in grid)]):
        return None
    code = int("".join("0" if dark else "1" for row in grid[1:-1] for dark in row[1:-1]), 2)
    return _codes().get(code)
