"""AR markers: the same 250 as OpenCV's, in the same position, and none read from a marker with a wrong cell."""

import cv2
import numpy as np
import pytest

from dmgen.symbols import MARKER_CELLS, MARKERS, aruco_id, aruco_symbol

OPENCV = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_ARUCO_MIP_36h12)


@pytest.mark.parametrize("marker", range(MARKERS))
def test_every_marker_is_opencv_s_own_upright(marker: int) -> None:
    theirs = cv2.aruco.generateImageMarker(OPENCV, marker, MARKER_CELLS)  # a pixel a cell, with the border of one
    assert np.array_equal(np.array(aruco_symbol(marker).grid()), theirs == 0)
    assert aruco_id(aruco_symbol(marker).grid()) == marker


def test_there_are_as_many_as_in_the_dictionary() -> None:
    assert len(OPENCV.bytesList) == MARKERS
    for marker in (-1, MARKERS):
        with pytest.raises(ValueError):
            aruco_symbol(marker)


def test_markers_differ_in_twelve_cells_however_they_are_turned() -> None:
    """What the dictionary promises; a slip in the data file would be nearer to some other marker."""
    grids = np.array([aruco_symbol(marker).grid() for marker in range(MARKERS)])
    for turn in range(4):
        turned = np.rot90(grids, turn, axes=(1, 2))
        apart = (grids[:, None] != turned[None, :]).sum(axis=(2, 3))
        if not turn:
            np.fill_diagonal(apart, MARKER_CELLS**2)
        assert apart.min() >= 12


def test_a_wrong_cell_and_a_turned_or_mirrored_marker_are_no_marker() -> None:
    grid = aruco_symbol(17).grid()
    for row in range(MARKER_CELLS):
        for column in range(MARKER_CELLS):
            wrong = [list(cells) for cells in grid]
            wrong[row][column] = not wrong[row][column]
            assert aruco_id(wrong) is None
    for turn in (1, 2, 3):
        assert aruco_id(np.rot90(np.array(grid), turn).tolist()) is None
    assert aruco_id([row[::-1] for row in grid]) is None
    assert aruco_id(grid[:-1]) is None
