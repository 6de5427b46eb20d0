"""Rectangles and matrices in points (ISO 32000-1, 7.9.5, 8.3 and 14.11.2)."""

import math
from functools import cached_property, lru_cache
from typing import Any

from pikepdf import Array, Object

from dmgen.preflight.reading import numbers

Rect = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]
UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_SLACK = 0.02  # points: boxes are rounded
_HUGE = 1e9


def rectangle(value: object) -> Rect | None:
    """A rectangle, its corners put in order; None for what is none or has no area."""
    if not isinstance(value, Array):
        return None
    written = value.unparse()
    return _ordered(numbers(value, 4)) if b"R" in written else _rectangle(written)


@lru_cache(maxsize=64)
def _rectangle(written: bytes) -> Rect | None:
    """The pages of a job have the same boxes: each is read once."""
    return _ordered(numbers(Object.parse(written), 4))


def _ordered(found: tuple[float, ...] | None) -> Rect | None:
    if found is None:
        return None
    left, right = sorted((found[0], found[2]))
    bottom, top = sorted((found[1], found[3]))
    return (left, bottom, right, top) if right > left and top > bottom else None


def inside(inner: Rect, outer: Rect) -> bool:
    """Whether `inner` lies in `outer`, but for rounding."""
    low = inner[0] >= outer[0] - _SLACK and inner[1] >= outer[1] - _SLACK
    return low and inner[2] <= outer[2] + _SLACK and inner[3] <= outer[3] + _SLACK


def overlap(a: Rect, b: Rect) -> bool:
    """Whether two rectangles share an area."""
    return min(a[2], b[2]) - max(a[0], b[0]) > _SLACK and min(a[3], b[3]) - max(a[1], b[1]) > _SLACK


def shrunk(rect: Rect, by: float) -> Rect:
    """A rectangle, smaller by so much on every side."""
    return rect[0] + by, rect[1] + by, rect[2] - by, rect[3] - by


def multiplied(a: Matrix, b: Matrix) -> Matrix:
    """First `a`, then `b`; values beyond any page are cut so that nothing overflows."""
    found = (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )
    if max(map(abs, found)) < _HUGE:
        return found
    return tuple(max(-_HUGE, min(_HUGE, value)) for value in found)  # type: ignore[return-value]


def moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Where a matrix takes a point."""
    return x * matrix[0] + y * matrix[2] + matrix[4], x * matrix[1] + y * matrix[3] + matrix[5]


def width_scale(matrix: Matrix) -> float:
    """By how much a matrix stretches along x."""
    return math.hypot(matrix[0], matrix[1])


def height_scale(matrix: Matrix) -> float:
    """By how much a matrix stretches along y."""
    return math.hypot(matrix[2], matrix[3])


def mean_scale(matrix: Matrix) -> float:
    """By how much a matrix stretches lines: the root of what it does to areas."""
    return math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))


class Boxes:
    """A page's boxes in points; None for what is missing or no box. Media and crop may be inherited."""

    def __init__(self, own: dict[str, Any], inherited: dict[str, Any]) -> None:
        self._own = own
        self._inherited = inherited

    @cached_property
    def media(self) -> Rect | None:
        """MediaBox."""
        return rectangle(self._own.get("/MediaBox", self._inherited.get("/MediaBox")))

    @cached_property
    def crop(self) -> Rect | None:
        """CropBox."""
        return rectangle(self._own.get("/CropBox", self._inherited.get("/CropBox")))

    @cached_property
    def bleed(self) -> Rect | None:
        """BleedBox."""
        return rectangle(self._own.get("/BleedBox"))

    @cached_property
    def trim(self) -> Rect | None:
        """TrimBox, or the ArtBox that stands for it."""
        return rectangle(self._own.get("/TrimBox")) or rectangle(self._own.get("/ArtBox"))

    @property
    def printed(self) -> Rect | None:
        """What must be kept clear of anything that is not printed: the bleed, or what is known of it."""
        return self.bleed or self.trim or self.media
