"""An AR marker looked at cell by cell: the place is known, so that neither turned nor mirrored ones pass."""

import numpy as np

from dmgen.model.places import SlotPlace
from dmgen.readback.pages import PrintedPage
from dmgen.symbols import MARKER_CELLS, MARKER_QUIET, aruco_id

_PIXELS = 8  # a cell
_QUIET = round(MARKER_QUIET * _PIXELS)
_DARK, _LIGHT = 64, 200  # what black ink and white paper look like at least


def read_marker(page: PrintedPage, slot: SlotPlace) -> tuple[int, bool] | None:
    """The id of the marker in a slot, and whether all of it is black on white; none where there is no marker."""
    if slot.symbol is None:
        return None
    module = slot.symbol.width / MARKER_CELLS
    pixels = page.pixels(slot.symbol.grown(MARKER_QUIET * module), _PIXELS / module)
    side = MARKER_CELLS * _PIXELS
    inside = pixels[_QUIET : _QUIET + side, _QUIET : _QUIET + side]
    if inside.shape != (side, side):
        return None
    cells = inside.reshape(MARKER_CELLS, _PIXELS, MARKER_CELLS, _PIXELS).swapaxes(1, 2)
    grid = cells.mean(axis=(2, 3)) < (_DARK + _LIGHT) / 2
    marker = aruco_id(grid.tolist())
    if marker is None:
        return None
    middles = cells[:, :, 1:-1, 1:-1]  # at edges a pixel may be half of either
    pure = np.where(grid[:, :, None, None], middles < _DARK, middles > _LIGHT).all()
    quiet = pixels > _LIGHT
    quiet[_QUIET - 1 : _QUIET + side + 1, _QUIET - 1 : _QUIET + side + 1] = True
    return marker, bool(pure and quiet.all())
