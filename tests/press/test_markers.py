"""Every AR marker as it is printed, rasterised and found by OpenCV's detector, which knows nothing of ours."""

from io import BytesIO

import cv2
import numpy as np
import numpy.typing as npt
import pikepdf
import pypdfium2
import pytest

from dmgen.fonts import FontLibrary
from dmgen.model.contents import Code
from dmgen.model.layout import K100, Box
from dmgen.symbols import MARKER_CELLS, MARKER_QUIET, MARKERS, SMALLEST_MARKER, aruco_symbol
from tests.conftest import page, press_kit, print_pages

DETECTOR = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_ARUCO_MIP_36h12))
STEP = SMALLEST_MARKER * (1 + 2 * MARKER_QUIET / MARKER_CELLS)  # quiet zones touch
GRID = [(10 + STEP * column, 10 + STEP * row) for row in range(7) for column in range(5)]  # 35 a page
Image = npt.NDArray[np.uint8]


def letters(fonts: FontLibrary) -> bytes:
    """All markers in the smallest size, each with no more than its quiet zone."""
    codes = [
        Code(aruco_symbol(marker), Box(*GRID[marker % len(GRID)], SMALLEST_MARKER, SMALLEST_MARKER), K100)
        for marker in range(MARKERS)
    ]
    pages = [page(*codes[at : at + len(GRID)], width=210, height=297) for at in range(0, MARKERS, len(GRID))]
    return print_pages(press_kit(fonts), pages)


@pytest.fixture(scope="module")
def printed(fonts: FontLibrary) -> bytes:
    return letters(fonts)


def rasters(pdf: bytes, dpi: int) -> list[Image]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [np.array(one.render(scale=dpi / 72, grayscale=True).to_pil()) for one in document]


def found(image: Image) -> dict[int, Image]:
    """The corners of the markers by id, the first the top left one of an upright marker."""
    corners, ids, _ = DETECTOR.detectMarkers(image)
    return {} if ids is None else {int(one): each[0] for one, each in zip(ids.ravel(), corners, strict=True)}


@pytest.mark.parametrize("dpi", [150, 200])
def test_all_250_are_found_where_they_were_printed(printed: bytes, dpi: int) -> None:
    seen = [found(image) for image in rasters(printed, dpi)]
    assert [sorted(ids) for ids in seen] == [
        list(range(at, min(at + len(GRID), MARKERS))) for at in range(0, MARKERS, len(GRID))
    ]
    for marker, corners in (pair for ids in seen for pair in ids.items()):
        left, top = GRID[marker % len(GRID)]
        right, foot = left + SMALLEST_MARKER, top + SMALLEST_MARKER
        wanted = np.array([(left, top), (right, top), (right, foot), (left, foot)]) + 3  # bleed
        assert np.abs(corners * 25.4 / dpi - wanted).max() < 0.4, marker  # mm; another turn would be 25 away


@pytest.mark.parametrize("angle", [7, 45, 90, 180, 233])
@pytest.mark.parametrize("blur", [0.0, 3.0])
def test_markers_are_found_turned_tilted_and_out_of_focus(printed: bytes, angle: int, blur: float) -> None:
    image = rasters(printed, 150)[3]
    height, width = image.shape
    turn = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), angle, 0.6), [0, 0, 1]])
    tilt = np.array([[1, 0, 0], [0, 1, 0], [0, 0.0002, 1]])
    seen = cv2.warpPerspective(image, tilt @ turn, (width, height), borderValue=255)
    seen = cv2.GaussianBlur(seen, (0, 0), blur) if blur else seen
    ids = found(seen)
    inside = set(ids) & set(range(105, 140))
    assert set(ids) == inside
    assert len(inside) >= 30  # of 35: some reach out of the picture


def test_a_mirrored_sheet_shows_no_marker(printed: bytes) -> None:
    for image in rasters(printed, 150):
        assert not found(np.ascontiguousarray(image[:, ::-1]))


def test_a_marker_is_one_fill_of_black_ink(printed: bytes) -> None:
    """Runs in one path leave no hairlines between rows; black alone needs no register."""
    with pikepdf.open(BytesIO(printed)) as pdf:
        operations = [(operands, str(op)) for operands, op in pikepdf.parse_content_stream(pdf.pages[0])]
    colors = {tuple(map(float, operands)) for operands, op in operations if op in ("k", "K")}
    assert colors == {(0, 0, 0, 1)}
    assert not {op for _, op in operations} & {"rg", "RG", "g", "G", "cs", "CS", "scn", "SCN"}
    assert sum(op in ("f", "f*") for _, op in operations) == len(GRID)
    border = rasters(printed, 97)[0][: round(40 / 25.4 * 97)]
    x, y = (round((GRID[0][axis] + 3 + 0.5) / 25.4 * 97) for axis in (0, 1))
    column = border[y : y + round(24 / 25.4 * 97), x + 1]
    assert len(set(column.tolist())) == 1
