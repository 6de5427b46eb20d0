"""The graphics state as far as the rules look at it (ISO 32000-1, 8.4 and 9.3), and operands read into it."""

from dataclasses import dataclass
from typing import Any

from pikepdf import Dictionary

from dmgen.preflight.geometry import UNIT, Matrix
from dmgen.preflight.reading import names, number
from dmgen.preflight.resources import Font
from dmgen.preflight.shown import Colour
from dmgen.preflight.spaces import Space

_BLACK = Colour(Space("DeviceGray", 1), (0.0,))


@dataclass(frozen=True, slots=True)
class State:
    """The state of the moment; `mode` is the text rendering mode."""

    ctm: Matrix = UNIT
    fill: Colour = _BLACK
    stroke: Colour = _BLACK
    width: float = 1.0
    fill_over: bool = False
    stroke_over: bool = False
    font: Font | None = None
    size: float = 0.0
    mode: float = 0.0
    spacing: float = 0.0
    words: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0


def values(operands: list[Any], count: int) -> tuple[float, ...] | None:
    """Exactly `count` numbers as operands; None for anything else."""
    found = tuple(value for value in map(number, operands) if value is not None)
    return found if len(found) == count == len(operands) else None


def matrix(operands: list[Any]) -> Matrix | None:
    """The six numbers of a matrix."""
    return values(operands, 6)  # type: ignore[return-value]


def blends(state: dict[str, Any]) -> bool:
    """Whether a graphics state makes anything see-through."""
    alphas = [number(state.get(entry)) for entry in ("/ca", "/CA")]
    modes, mask = names(state.get("/BM")), state.get("/SMask")
    opaque = not modes or modes[0] in ("Normal", "Compatible")
    return any(alpha not in (None, 1.0) for alpha in alphas) or not opaque or isinstance(mask, Dictionary)
