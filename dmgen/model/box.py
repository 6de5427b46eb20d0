"""Rectangles on a sheet (mm from the trim's top left corner)."""

from dataclasses import dataclass

_ROUNDING = 1e-6  # mm


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; left and top are measured from the trim's top left corner."""

    left: float
    top: float
    width: float
    height: float

    def meets(self, other: "Box") -> bool:
        """Whether the two share an area; boxes that only touch do not."""
        return (
            self.left < other.left + other.width - _ROUNDING
            and other.left < self.left + self.width - _ROUNDING
            and self.top < other.top + other.height - _ROUNDING
            and other.top < self.top + self.height - _ROUNDING
        )

    def holds(self, other: "Box") -> bool:
        """Whether the other lies within this one."""
        return (
            other.left >= self.left - _ROUNDING
            and other.top >= self.top - _ROUNDING
            and other.left + other.width <= self.left + self.width + _ROUNDING
            and other.top + other.height <= self.top + self.height + _ROUNDING
        )

    def grown(self, by: float) -> "Box":
        """The box with its edges moved outwards (mm)."""
        return Box(self.left - by, self.top - by, self.width + 2 * by, self.height + 2 * by)


def panel(width: float, height: float, folds: tuple[float, ...], box: Box) -> Box:
    """The part of a sheet between two folds (mm from the top) in which the middle of a box stands."""
    middle = box.top + box.height / 2
    top = max((fold for fold in folds if fold <= middle), default=0.0)
    return Box(0.0, top, width, min((fold for fold in folds if fold > middle), default=height) - top)
