"""Panels and paths are drawn where and as their slots say, in press colours."""

from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from dmgen.model.contents import Stamp
from dmgen.model.layout import Box, Cmyk, PanelSlot, PathSlot
from tests.conftest import Printed, page

INK: Cmyk = (0.0, 0.0, 0.0, 1.0)
DPI = 254  # ten pixels a millimetre


def _drawn(printed: Printed, *slots: PanelSlot | PathSlot) -> Image.Image:
    """The form as it is stamped on a page without bleed."""
    data = printed(page(Stamp("base", 0.0, 0.0), bleed=0.0), forms={"base": list(slots)}, bleed=0.0)
    with pikepdf.open(BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Form":
                operators = {str(operator) for _, operator in pikepdf.parse_content_stream(thing)}
                assert not {"BT", "Tf", "rg", "RG", "g", "G"} & operators  # reportlab's own prelude names Helvetica
                assert list(thing.Resources.Font.keys()) == []
    with pypdfium2.PdfDocument(data) as document:
        return document[0].render(scale=DPI / 72).to_pil().convert("L")


def _dark(image: Image.Image, x: float, y: float) -> bool:
    return int(image.getpixel((round(x * 10), round(y * 10)))) < 128  # type: ignore[arg-type]


def _path(path: str, view: tuple[float, float] = (10, 10), **paint: object) -> PathSlot:
    return PathSlot(name="p", box=Box(20, 30, 20, 20), path=path, view=view, **({"fill": INK} | paint))  # type: ignore[arg-type]


def test_a_panel_covers_its_box(printed: Printed) -> None:
    image = _drawn(printed, PanelSlot(name="p", box=Box(20, 30, 40, 10), fill=INK))
    assert [_dark(image, x, y) for x, y in ((20.2, 30.2), (59.8, 39.8), (40, 35))] == [True] * 3
    assert not any(_dark(image, x, y) for x, y in ((19.7, 35), (60.3, 35), (40, 29.7), (40, 40.3)))


def test_an_outline_has_the_width_of_its_line_and_rounded_corners(printed: Printed) -> None:
    slot = PanelSlot(name="p", box=Box(20, 30, 40, 20), stroke=INK, line=1.0, radius=5.0)
    image = _drawn(printed, slot)
    assert _dark(image, 20, 40) and _dark(image, 19.7, 40) and _dark(image, 20.3, 40)
    assert not any(_dark(image, x, y) for x, y in ((19.2, 40), (20.8, 40), (40, 40), (20.3, 30.3)))


def test_a_dash_leaves_gaps(printed: Printed) -> None:
    image = _drawn(printed, PanelSlot(name="p", box=Box(20, 30, 40, 20), stroke=INK, line=1.0, dash=(2.0, 2.0)))
    row = [_dark(image, x / 10, 50) for x in range(205, 595)]
    assert 0.4 < sum(row) / len(row) < 0.6


def test_a_dash_ends_with_its_panel(printed: Printed) -> None:
    dashed = PanelSlot(name="p", box=Box(5, 5, 10, 10), stroke=INK, line=1.0, dash=(2.0, 2.0))
    solid = PanelSlot(name="q", box=Box(20, 30, 40, 20), stroke=INK, line=1.0)
    image = _drawn(printed, dashed, solid)
    assert all(_dark(image, x / 10, 50) for x in range(205, 595))


@pytest.mark.parametrize(
    "path",
    [
        "M0 0 H10 V10 H0 Z",
        "M0 0 L10 0 10 10 0 10 Z",
        "M0,0 10,0 10,10 0,10Z",
        "M0 0 C3 0 7 0 10 0 C10 3 10 7 10 10 0 10 0 10 0 10 Z",
        "M 0.0e0 0 L 1e1 0 V 10 H0",
        "M0 0 V5 Z H10 V10 H0",  # after Z the pen is where the outline began
        "M2 2 Z M0 0 L10 0 L10 10 L0 10 Z",
    ],
)
def test_ways_to_write_a_square(printed: Printed, path: str) -> None:
    image = _drawn(printed, _path(path))
    corners = ((20.5, 30.5), (39.5, 30.5), (39.5, 49.5), (20.5, 49.5), (30, 40))
    assert [_dark(image, x, y) for x, y in corners] == [True] * 5
    assert not any(_dark(image, x, y) for x, y in ((19.5, 40), (40.5, 40), (30, 29.5), (30, 50.5)))


def test_a_view_keeps_its_proportions(printed: Printed) -> None:
    image = _drawn(printed, _path("M0 0 H20 V10 H0 Z", view=(20, 10)))
    assert _dark(image, 39.5, 39.5)
    assert not _dark(image, 30, 41)


def test_a_hole_is_one_only_where_it_turns_the_other_way(printed: Printed) -> None:
    """SVG's rule is the nonzero winding number, not even-odd."""
    same, other = "M3 3 H7 V7 H3 Z", "M3 3 V7 H7 V3 Z"
    assert _dark(_drawn(printed, _path("M0 0 H10 V10 H0 Z" + same)), 30, 40)
    assert not _dark(_drawn(printed, _path("M0 0 H10 V10 H0 Z" + other)), 30, 40)
