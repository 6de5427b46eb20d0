"""Page boxes as the page is seen: turned, in millimetres where asked (ISO 32000-1, 14.11.2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pikepdf import Array, Dictionary, Object

from dmgen.pdf.values import is_number

_POINT = 25.4 / 72  # mm
_DEPTH = 64


class Rectangle(NamedTuple):
    """Left, bottom, right, top in the page's own units, in that order however it was written."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From bottom to top."""
        return self.top - self.bottom

    def within(self, other: "Rectangle") -> "Rectangle":
        """The part that lies in another."""
        return Rectangle(
            max(self.left, other.left),
            max(self.bottom, other.bottom),
            min(self.right, other.right),
            min(self.top, other.top),
        )

    def grown(self, margin: float) -> "Rectangle":
        """Larger by a margin on each side."""
        return Rectangle(self.left - margin, self.bottom - margin, self.right + margin, self.top + margin)


@dataclass(frozen=True)
class PageBoxes:
    """The boxes of a page as they are written; `unit` is in points, `rotate` 0, 90, 180 or 270 clockwise."""

    media: Rectangle
    crop: Rectangle | None
    bleed: Rectangle | None
    trim: Rectangle | None
    art: Rectangle | None
    unit: float
    rotate: int

    def millimetres(self, rectangle: Rectangle) -> tuple[float, float]:
        """Width and height as the page is seen."""
        scale = self.unit * _POINT
        width, height = rectangle.width * scale, rectangle.height * scale
        return (height, width) if self.rotate in (90, 270) else (width, height)


def inherited(node: Object, key: str) -> Object | None:
    """An entry of a page, or of the nearest node above it that has one (7.7.3.4)."""
    for _ in range(_DEPTH):
        if key in node:
            value: Object = node[key]
            return value
        parent = node.get("/Parent")
        if not isinstance(parent, Dictionary):
            return None
        node = parent
    return None


def page_boxes(page: Object) -> PageBoxes:
    """The boxes of a page dictionary. Raises ValueError where it has no usable MediaBox."""
    media = rectangle(inherited(page, "/MediaBox"))
    if media is None:
        raise ValueError("no MediaBox")
    unit, turned = page.get("/UserUnit", 1), inherited(page, "/Rotate")
    return PageBoxes(
        media=media,
        crop=rectangle(inherited(page, "/CropBox")),
        bleed=rectangle(page.get("/BleedBox")),
        trim=rectangle(page.get("/TrimBox")),
        art=rectangle(page.get("/ArtBox")),
        unit=float(unit) if is_number(unit) and unit > 0 else 1.0,
        rotate=round(float(turned)) % 360 // 90 * 90 if turned is not None and is_number(turned) else 0,
    )


def rectangle(written: Object | None) -> Rectangle | None:
    """A rectangle of four numbers with an area; corners may be written in any order (7.9.5)."""
    numbers = list(_numbers(written)) if isinstance(written, Array) else []
    if len(numbers) != 4:
        return None
    left, right = sorted(numbers[::2])
    bottom, top = sorted(numbers[1::2])
    return Rectangle(left, bottom, right, top) if left < right and bottom < top else None


def _numbers(written: Array) -> Iterator[float]:
    for item in written:
        if is_number(item):
            yield float(item)
