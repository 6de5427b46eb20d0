"""What stands on one page of one piece, in page coordinates (mm from the trim's top left)."""

from dataclasses import dataclass
from typing import NamedTuple

from dmgen.model.layout import Box, Cmyk, Color, PanelSlot, PathSlot
from dmgen.model.symbol import Symbol


class Run(NamedTuple):
    """A stretch of a line in one font, in that font's character ids."""

    font: str
    text: str


class Line(NamedTuple):
    """A line of a text block: offset from the block's left edge (mm), letter spacing (mm), text.

    `text` is in the font's character ids (see `dmgen.fonts.face`), ready to be written. A line that needs other
    fonts, too, has `runs`; its `text` is then only to be read.
    """

    offset: float
    spacing: float
    text: str
    runs: tuple[Run, ...] = ()


class Text(NamedTuple):
    """Lines of one font and size; x and y are the first baseline's start."""

    font: str
    size: float
    condense: float  # horizontal scale, 1 = none
    color: Color
    x: float
    y: float
    leading: float
    lines: list[Line]


class MixedText(Text):
    """A text of which some lines have runs in several fonts, on one baseline."""

    __slots__ = ()


class Hung(NamedTuple):
    """Characters of one font in a column: x from its axis and y from its top (mm) to where the first one hangs.

    Upright characters hang by the middle of their em box's top and are in a vertical font. Turned ones lie on a
    baseline that runs down, and digits that share an em on one that runs across, narrowed to `condense`: both are in
    an ordinary font and start on its baseline.
    """

    font: str
    turned: bool
    condense: float
    x: float
    y: float
    text: str


class Columns(NamedTuple):
    """Vertical text: columns from right to left, `leading` apart; x is the first one's axis, y their top."""

    size: float
    flat: float  # vertical scale, 1 = none
    color: Color
    x: float
    y: float
    leading: float
    columns: list[list[Hung]]


class Stamp(NamedTuple):
    """A form drawn once a file, placed with its origin at x, y."""

    form: str
    x: float
    y: float


class Picture(NamedTuple):
    """A picture of the job by its key, filling the box."""

    key: str
    box: Box


class Code(NamedTuple):
    """A symbol; the box is that of the modules, without the quiet zone."""

    symbol: Symbol
    box: Box
    color: Cmyk


class Watermark(NamedTuple):
    """Outlined text over everything, turned by `angle` degrees counter-clockwise about the start of its baseline."""

    font: str
    size: float
    color: Cmyk
    x: float
    y: float
    angle: float
    text: str  # in the font's character ids


Item = Text | Columns | Stamp | Picture | Code | PanelSlot | PathSlot | Watermark


@dataclass(frozen=True, slots=True)
class PageContents:
    """The items of one page, back to front."""

    width: float
    height: float
    bleed: float
    items: list[Item]
