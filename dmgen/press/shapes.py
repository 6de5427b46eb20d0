"""Fixed vector shapes, drawn by reportlab."""

import re
from collections.abc import Callable
from io import BytesIO

import pikepdf
from reportlab.lib.colors import CMYKColor, CMYKColorSep
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

from dmgen.model.layout import Color, PanelSlot, PathSlot, Spot
from dmgen.press.operators import Names, Used

PT = 72 / 25.4
Place = Callable[[float, float], tuple[float, float]]
_NON_ZERO = 1  # reportlab's FILL_NON_ZERO, SVG's default rule
# reportlab starts every page with its own matrix and an unembedded Helvetica.
_PRELUDE = re.compile(rb"^1 0 0 1 0 0 cm\s+BT /F1 12 Tf 14\.4 TL ET\s*")
_TOKEN = re.compile(r"[MLHVCZ]|[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", re.IGNORECASE)


def shape_operators(shapes: list[PanelSlot | PathSlot], origin: tuple[float, float], names: Names, used: Used) -> bytes:
    """Operators of panels and paths; `origin` is where the trim's top left corner lies, in points.

    Shapes knock out what lies under them.
    """
    canvas = Canvas(BytesIO(), pageCompression=0, invariant=1, enforceColorSpace="SEP_CMYK")
    canvas.translate(*origin)
    for shape in shapes:
        canvas.saveState()
        if shape.fill:
            canvas.setFillColor(_color(shape.fill, names, used))
        if shape.stroke:
            canvas.setStrokeColor(_color(shape.stroke, names, used))
            canvas.setLineWidth(shape.line * PT)
        if isinstance(shape, PanelSlot):
            _panel(canvas, shape)
        else:
            _path(canvas, shape)
        canvas.restoreState()
    with pikepdf.open(BytesIO(_finished(canvas))) as pdf:
        content = pdf.pages[0].Contents.read_bytes()
    return b"q /G0 gs\n" + _PRELUDE.sub(b"", content).strip() + b"\nQ\n"


def _finished(canvas: Canvas) -> bytes:
    data: bytes = canvas.getpdfdata()  # type: ignore[no-untyped-call]
    return data


def _color(color: Color, names: Names, used: Used) -> CMYKColor:
    """A colour for reportlab, which names the colour space of an ink as the ink: ours has our resource name."""
    if isinstance(color, Spot):
        used.inks.add(color)
        return CMYKColorSep(*color.cmyk, spotName=names.inks[color].decode())
    return CMYKColor(*color)


def _panel(canvas: Canvas, panel: PanelSlot) -> None:
    if panel.dash:
        canvas.setDash([part * PT for part in panel.dash])
    box = panel.box
    place = (box.left * PT, -(box.top + box.height) * PT, box.width * PT, box.height * PT)
    options = {"stroke": int(bool(panel.stroke)), "fill": int(bool(panel.fill))}
    if panel.radius:
        canvas.roundRect(*place, radius=panel.radius * PT, **options)
    else:
        canvas.rect(*place, **options)


def _path(canvas: Canvas, shape: PathSlot) -> None:
    box = shape.box
    scale = min(box.width / shape.view[0], box.height / shape.view[1]) * PT
    path = canvas.beginPath()
    _trace(path, shape.path, lambda x, y: (box.left * PT + x * scale, -box.top * PT - y * scale))
    options = {"stroke": int(bool(shape.stroke)), "fill": int(bool(shape.fill))}
    canvas.drawPath(path, **options, fillMode=_NON_ZERO)


def _trace(path: PDFPathObject, data: str, place: Place) -> None:
    """Follow SVG path data of absolute M L H V C Z commands."""
    tokens = _TOKEN.findall(data)
    command, x, y, i = "", 0.0, 0.0, 0
    start = (x, y)
    while i < len(tokens):
        if tokens[i].isalpha():
            command = tokens[i]
            i += 1
        count = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Z": 0}[command]
        values = [float(token) for token in tokens[i : i + count]]
        i += count
        if command == "Z":
            path.close()
            x, y = start
            continue
        if command == "C":
            points = [coordinate for k in (0, 2, 4) for coordinate in place(values[k], values[k + 1])]
            path.curveTo(*points)
            x, y = values[4:]
            continue
        x = values[0] if command != "V" else x
        y = values[-1] if command != "H" else y
        (path.moveTo if command == "M" else path.lineTo)(*place(x, y))
        if command == "M":
            command, start = "L", (x, y)
