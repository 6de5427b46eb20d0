"""Draws the mark of paid postage: ring or frame, the post office, the lines under it, what is paid."""

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from dmgen.errors import CampaignError
from dmgen.fonts import MissingGlyphError
from dmgen.layout.plans import Fixed, OversetError, fitted
from dmgen.messages import mark
from dmgen.model.contents import Item
from dmgen.model.layout import Align, Box, Fit, MarkShape, PanelSlot, PathSlot, PostageMarkSlot

if TYPE_CHECKING:
    from dmgen.layout.compiler import Compiler

_LINE = 0.3  # mm
_MARGIN = 0.5  # mm between the frame and what stands in it
# Shares of the mark's height: the first line under the post office, alone or with a second, in the whole mark and in
# the upper half; the post office's type, that of what is paid in two lines and in one; the gap beside a line, and
# down to where there is room for text.
_FIRST = {(False, 1): 0.37, (False, 2): 0.33, (True, 1): 0.27, (True, 2): 0.245}
_OFFICE, _PAID, _PAID_SHORT = 0.115, 0.178, 0.13
_NEAR, _FOOT = 0.03, 0.9
_BETWEEN = 0.25  # of the type, between two lines of it
_ARC = 4 / 3 * (math.sqrt(2) - 1)  # control points of a quarter of a circle


class _Row(NamedTuple):
    """Text at a height of the mark, in a type (mm)."""

    text: str
    top: float
    size: float


def postage_mark_plan(slot: PostageMarkSlot, compiler: "Compiler") -> Fixed:
    """The mark, the same for everybody. Raises CampaignError for a post office whose name does not fit."""
    items: list[Item] = [_frame(slot), *(_line(slot, height) for height in line_heights(slot))]
    try:
        for row in _rows(slot):
            items += _text(slot, row, compiler)
    except (OversetError, MissingGlyphError):
        message = mark(
            "{file}: slot {slot}: {words} does not fit the mark: make it larger, up to 30 mm, or choose another font"
        )
        raise CampaignError(message, file=compiler.layout.file, slot=slot.name, words=row.text) from None
    return Fixed(tuple(items))


def line_heights(slot: PostageMarkSlot) -> list[float]:
    """How far from its top (mm) the middles of the mark's lines are."""
    height = slot.box.height
    above, below = slot.lines
    first = _FIRST[slot.advert, below] * height
    over = [first - (_OFFICE + 2 * _NEAR) * height] if above else []
    halving = [height / 2] if slot.advert else []
    return [*over, *(first + number * slot.gap for number in range(below)), *halving]


def _rows(slot: PostageMarkSlot) -> Iterator[_Row]:
    height, below = slot.box.height, slot.lines[1]
    first = _FIRST[slot.advert, below] * height
    if slot.post_office:
        yield _Row(slot.post_office, first - (_OFFICE + _NEAR) * height, _OFFICE * height)
    last = first + (below - 1) * slot.gap
    if slot.advert:
        size = _PAID_SHORT * height
        yield _Row(slot.paid[0], (last + height / 2 - size) / 2, size)
        return
    size = _PAID * height
    block = size * (len(slot.paid) * (1 + _BETWEEN) - _BETWEEN)
    top = (last + _FOOT * height - block) / 2
    for number, words in enumerate(slot.paid):
        yield _Row(words, top + number * size * (1 + _BETWEEN), size)


def _text(slot: PostageMarkSlot, row: _Row, compiler: "Compiler") -> list[Item]:
    box = slot.box
    width = min(_width(slot, row.top), _width(slot, row.top + row.size)) - 2 * _MARGIN
    place = Box(box.left + (box.width - width) / 2, box.top + row.top, width, row.size)
    style = replace(
        slot.style, size=row.size, leading=row.size, fit=Fit.CONDENSE, align=Align.CENTER, middle=True, tracking=0.0
    )
    return fitted([row.text], compiler.setter(style, place), place)


def _width(slot: PostageMarkSlot, height: float) -> float:
    """How wide the mark is at a height (mm from its top), within its frame."""
    if slot.shape is MarkShape.SQUARE:
        return slot.box.width - 2 * _LINE
    radius = slot.box.height / 2
    return 2 * math.sqrt(max((radius - _LINE) ** 2 - (radius - height) ** 2, 0.0))


def _line(slot: PostageMarkSlot, height: float) -> PanelSlot:
    """A line from side to side, its ends under the frame's."""
    width = _width(slot, height) + _LINE
    box = Box(slot.box.left + (slot.box.width - width) / 2, slot.box.top + height - _LINE / 2, width, _LINE)
    return PanelSlot(name="", box=box, fill=slot.style.color)


def _frame(slot: PostageMarkSlot) -> PanelSlot | PathSlot:
    """The frame, whose outer edge is the box's."""
    box, color = slot.box.grown(-_LINE / 2), slot.style.color
    if slot.shape is MarkShape.SQUARE:
        return PanelSlot(name="", box=box, stroke=color, line=_LINE)
    near, far = 1 - _ARC, 1 + _ARC
    path = (
        f"M 2 1 C 2 {far:.5f} {far:.5f} 2 1 2 C {near:.5f} 2 0 {far:.5f} 0 1 "
        f"C 0 {near:.5f} {near:.5f} 0 1 0 C {far:.5f} 0 2 {near:.5f} 2 1 Z"
    )
    return PathSlot(name="", box=box, path=path, view=(2.0, 2.0), stroke=color, line=_LINE)
