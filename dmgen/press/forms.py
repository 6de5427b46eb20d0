"""Form XObjects: what is drawn once a file and stamped on every page that needs it (ISO 32000-1, 8.10)."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from dmgen.model.contents import Item
from dmgen.model.layout import PanelSlot, PathSlot
from dmgen.press.operators import PT, Names, Used, draw, number
from dmgen.press.shapes import shape_operators

_OVERHANG = 20  # mm: a form of text begins at an em box, over which accents and swashes reach


@dataclass(frozen=True)
class Form:
    """A form's compressed operators and what they refer to; its origin is the point that is stamped."""

    content: bytes
    box: str
    used: Used


def _is_shape(item: Item) -> bool:
    return isinstance(item, PanelSlot | PathSlot)


def _operators(items: list[Item], names: Names, used: Used) -> bytes:
    shapes = [item for item in items if isinstance(item, PanelSlot | PathSlot)]
    return shape_operators(shapes, (0.0, 0.0), names, used) if shapes else draw([(items, (0.0, 0.0))], names, used)[0]


def build_form(items: Sequence[Item], names: Names, width: float, height: float, bleed: float) -> Form:
    """A form of fixed items for pages of this trim size and bleed (mm)."""
    used = Used()
    content = b"".join(_operators(list(group), names, used) for _, group in groupby(items, _is_shape))
    over = bleed + _OVERHANG
    box = (-over * PT, -(height + over) * PT, (width + over) * PT, over * PT)
    return Form(zlib.compress(content, 9), " ".join(map(number, box)), used)
