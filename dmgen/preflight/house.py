"""Rules of practice: what the standards allow and presses or readers do not forgive."""

from dmgen.messages import mark
from dmgen.preflight.finding import Fault, Faults
from dmgen.preflight.geometry import overlap, shrunk
from dmgen.preflight.shown import Painted, Placed, ShownText, Stroked

_PT = 72 / 25.4  # points a millimetre
_MARGIN = 3.0  # mm
_THIN, _INK, _BODY = 0.25, 3.2, 12.0  # points, solids, points
_GOOD, _LEAST, _LINE_ART = 300, 150, 600  # pixels an inch
_SLACK = 0.995  # 299.9 dpi is 300
_SHARPER = mark("place the image smaller, or put one with more pixels in its place")


def safe_text(text: ShownText) -> Faults:
    """Live text ≥ 3 mm inside the trim. What stands beyond the bleed (slug, marks) is not live."""
    boxes = text.page.boxes
    (x0, y0), (x1, y1), half = text.start, text.end, text.size / 4
    run = (min(x0, x1) - 0.01, min(y0, y1), max(x0, x1) + 0.01, max(y0, y1) + half)
    if not boxes.trim or not boxes.printed or not overlap(run, boxes.printed):
        return
    safe = shrunk(boxes.trim, _MARGIN * _PT - 0.1)
    if run[0] < safe[0] or run[1] < safe[1] or run[2] > safe[2] or run[3] > safe[3]:
        yield Fault(
            text.at,
            mark("text stands less than 3 mm from the trim (at {x:.0f} mm, {y:.0f} mm from the trim's top left)"),
            mark("move text inwards, so that cutting does not touch it"),
            {"x": (x0 - boxes.trim[0]) / _PT, "y": (boxes.trim[3] - y0) / _PT},
        )


def thin_line(line: Stroked) -> Faults:
    """Lines ≥ 0.25 pt."""
    if line.width < _THIN * _SLACK:
        yield Fault(
            line.at,
            mark("a line of {width:.2f} pt"),
            mark("make lines 0.25 pt or thicker"),
            {"width": line.width},
        )


def ink_total(painted: Painted) -> Faults:
    """At most 320 % of ink in one place."""
    if painted.colour.ink > _INK + 0.001:
        yield Fault(
            painted.at,
            mark("{ink:.0%} of ink in one colour (limit 320 %)"),
            mark("use a colour with less ink"),
            {"ink": painted.colour.ink},
        )


def rich_black(text: ShownText) -> Faults:
    """No rich black under 12 pt."""
    if text.colour and text.colour.is_rich_black and text.size < _BODY * _SLACK:
        yield Fault(
            text.at,
            mark("text of {size:.1f} pt in black of several inks"),
            mark("set text under 12 pt in 100 % black alone (K100)"),
            {"size": text.size},
        )


def black_overprint(text: ShownText) -> Faults:
    """Black text K100 with explicit overprint."""
    if text.colour and text.colour.is_black and not text.overprint:
        yield Fault(
            text.at, mark("black text does not overprint"), mark("set black text to overprint, against white edges")
        )


def resolution(image: Placed) -> Faults:
    """Effective resolution: under 300 dpi is soft; images of one bit want 600."""
    wanted = _LINE_ART if image.bits == 1 else _GOOD
    if _LEAST <= image.resolution < wanted * _SLACK or (image.bits == 1 and image.resolution < _LEAST):
        yield Fault(
            image.at,
            mark("an image of {dpi:.0f} dpi (wanted: {wanted})"),
            _SHARPER,
            {"dpi": image.resolution, "wanted": wanted},
        )


def low_resolution(image: Placed) -> Faults:
    """Effective resolution: under 150 dpi is seen as pixels."""
    if image.bits > 1 and image.resolution < _LEAST:
        yield Fault(
            image.at, mark("an image of {dpi:.0f} dpi: its pixels will be seen"), _SHARPER, {"dpi": image.resolution}
        )
