"""Lengths, boxes, sheet sizes and colours as people write them; millimetres and shares come out."""

import math
import re
from collections.abc import Iterable

from dmgen.campaign.problems import RefusalError
from dmgen.messages import mark
from dmgen.model.layout import K100, Box, Cmyk, Color, Spot

_UNITS = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72}
_LENGTH = re.compile(r"([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)) ?(mm|cm|in|pt)")
_SIZES = {
    "A4": (210.0, 297.0),
    "A5": (148.0, 210.0),
    "hagaki": (100.0, 148.0),
    "B5": (182.0, 257.0),  # JIS P 0138, not ISO
    "Letter": (215.9, 279.4),
}
COLORS: dict[str, Cmyk] = {"black": K100, "white": (0.0, 0.0, 0.0, 0.0)}
"""Colours that every layout knows by name."""

_LONGEST_NAME = 127  # bytes (ISO 32000-1, annex C)
_PROCESS = {"all", "none", "cyan", "magenta", "yellow", "black"}  # what PDF itself means by these names (8.6.6.4)


def length(written: object) -> float:
    """A length in mm: a bare number is mm. Raises RefusalError."""
    if isinstance(written, str) and (match := _LENGTH.fullmatch(written)):
        return float(match[1]) * _UNITS[match[2]]
    if isinstance(written, int | float) and not isinstance(written, bool) and math.isfinite(written):
        return float(written)
    raise RefusalError(mark('write a length: 3 (mm), "10mm", "1cm", "0.125in" or "9pt"'))


def length_from_zero(written: object) -> float:
    """A length of zero or more, in mm. Raises RefusalError."""
    value = length(written)
    if value < 0:
        raise RefusalError(mark("write a length of zero or more"))
    return value


def positive_length(written: object) -> float:
    """A length above zero, in mm. Raises RefusalError."""
    value = length(written)
    if value <= 0:
        raise RefusalError(mark("write a length above zero"))
    return value


def box(written: object) -> Box:
    """A box from its four lengths. Raises RefusalError."""
    if not isinstance(written, list) or len(written) != 4:
        raise RefusalError(mark("a box is [left, top, width, height] in mm from the trimmed corner"))
    left, top, width, height = (length(part) for part in written)
    if width <= 0 or height <= 0:
        raise RefusalError(mark("in [left, top, width, height], width and height must be above zero"))
    return Box(left, top, width, height)


def measure(written: object) -> tuple[float, float]:
    """Width and height, each above zero. Raises RefusalError."""
    if not isinstance(written, list) or len(written) != 2:
        raise RefusalError(mark("write [width, height]"))
    return positive_length(written[0]), positive_length(written[1])


def size(written: object) -> tuple[float, float]:
    """Width and height in mm of a sheet size by name or by measure. Raises RefusalError."""
    if isinstance(written, str) and written in _SIZES:
        return _SIZES[written]
    if isinstance(written, list):
        return measure(written)
    raise RefusalError(mark("allowed: {sizes}, or [width, height] in mm"), sizes=_quoted(_SIZES))


def color(written: object) -> Cmyk:
    """A colour as shares from 0 to 1. Raises RefusalError."""
    if isinstance(written, str) and written in COLORS:
        return COLORS[written]
    if isinstance(written, list) and len(written) == 4 and all(map(_is_percent, written)):
        cyan, magenta, yellow, black = (part / 100 for part in written)
        return cyan, magenta, yellow, black
    raise RefusalError(
        mark("allowed: {names}, or [cyan, magenta, yellow, black] in percent, 0 to 100 each"),
        names=_quoted(COLORS),
    )


def ink(written: object) -> Color | str:
    """A colour, or the name of one of [colors], to be looked up later. Raises RefusalError."""
    if isinstance(written, str) and written not in COLORS:
        return written
    return color(written)


def named_color(written: object) -> Color:
    """What a name of [colors] stands for: a colour or a spot ink. Raises RefusalError."""
    if not isinstance(written, list):
        name = written.get("spot") if isinstance(written, dict) and set(written) == {"spot", "cmyk"} else None
        if not isinstance(name, str):
            message = mark(
                "write a colour, [cyan, magenta, yellow, black] in percent, or a spot ink: "
                '{{ spot = "PANTONE 871 C", cmyk = [20, 25, 60, 25] }}'
            )
            raise RefusalError(message)
        if not name.strip() or len(name.encode()) > _LONGEST_NAME or name.strip().casefold() in _PROCESS:
            message = mark("a spot ink has the name that the printer knows it by, not one of {names}")
            raise RefusalError(message, names=", ".join(sorted(_PROCESS)))
        return Spot(name.strip(), color(written["cmyk"]))  # type: ignore[index]
    return color(written)


def _is_percent(part: object) -> bool:
    return isinstance(part, int | float) and not isinstance(part, bool) and 0 <= part <= 100


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
