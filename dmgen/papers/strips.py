"""Blocks as strips that lie one below the other: what no page end divides, and what stays with what follows."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from dmgen.model.contents import Stamp, Text
from dmgen.model.layout import K100, Align, Color
from dmgen.papers.document import Block, Column, Facts, Note, Picture, Pictures, Table
from dmgen.papers.setter import Place, Setter
from dmgen.papers.style import ACROSS, ASCENT, FINE, GREY, HAIR, LIGHT, Scale, Shapes

_MOST_TIED = 4  # rows of facts that are not torn apart: who signs, and when
_GUTTER = 8.0  # mm between columns of facts and of pictures
_GAP = 3.0  # mm between columns of a table
_PAD, _DENSE = 0.9, 0.1  # units above and below a row
_LABELS = 0.4  # of a column of facts at most
_MOST_LINES = 24  # of a cell on one page; what is beyond follows on the next
_MOST_CAPTION = 6  # lines
_NARROWEST_PICTURE = 16.0  # mm
_HIGHEST_PICTURE = 150.0
_EASILY = 0.88  # so narrow a line may be before it is broken

Drawn = Text | Stamp
Sizes = Mapping[tuple[Path, int], tuple[float, float]]
"""Width and height of pages of other files (mm)."""
Thing = TypeVar("Thing")


class Strip(NamedTuple):
    """Items from a strip's left and top; `before`: space above, but not where a page begins.

    `joined`: it stays with what follows. `head` is repeated above it where it begins a page.
    """

    height: float
    items: Sequence[Drawn]
    before: float = 0.0
    joined: bool = False
    head: "Strip | None" = None


class Shown(NamedTuple):
    """A picture and the size that it is shown in (mm)."""

    picture: Picture
    width: float
    height: float


class Cell(NamedTuple):
    """A text broken into lines for its column."""

    lines: Sequence[str]
    text: str
    left: float
    width: float
    align: Align
    color: Color


class Stripper:
    """Makes strips of blocks in one scale; `shown` are the pictures by the names that they are stamped with."""

    def __init__(self, setter: Setter, scale: Scale, sizes: Sizes) -> None:
        self._setter, self._scale, self._sizes = setter, scale, sizes
        self.shapes = Shapes()
        self.shown: dict[str, Shown] = {}

    def strips(self, block: Block) -> Iterator[Strip]:
        """The strips of a block, its heading first."""
        made = list(self._made(block))
        space = 7 * self._scale.unit
        if block.heading and made:
            yield self._heading(block.heading)._replace(before=space)
        elif made:
            made[0] = made[0]._replace(before=space)
        yield from made

    def _made(self, block: Block) -> Iterator[Strip]:
        match block:
            case Facts(large=True):
                return self._figures(block)
            case Facts():
                return self._facts(block)
            case Table():
                return self._table(block)
            case Note():
                return self._note(block)
            case Pictures():
                return self._pictures(block)

    def _heading(self, text: str) -> Strip:
        size, unit = self._scale.heading, self._scale.unit
        bar = self.shapes.panel(0, (6 * unit - size) / 2, 1.0 * unit, size, K100)
        lines = self._setter.lines(text, ACROSS - 2.8 * unit, size)
        item = self._setter.block(lines, Place(2.8 * unit, self._base(size, 6 * unit)), size, 6 * unit)
        return Strip((6 * len(lines) + 1.6) * unit, [bar, item], joined=True)

    def _base(self, size: float, leading: float) -> float:
        """From the top of a line's room to its baseline."""
        return (leading - size) / 2 + ASCENT * size

    def _figures(self, block: Facts) -> Iterator[Strip]:
        unit, scale = self._scale.unit, self._scale
        width = _column(block.columns)
        for some in _side_by_side(block.rows, block.columns):
            items: list[Drawn] = []
            for place, (label, value) in enumerate(some):
                left = place * (width + _GUTTER)
                items.append(self.shapes.rule(left, 0, width, FINE))
                items += self._setter.line(label, Place(left, 4.6 * unit), width, scale.label, color=GREY)
                items += self._setter.line(value, Place(left, 11.6 * unit), width, scale.large)
            yield Strip(15 * unit, items)

    def _facts(self, block: Facts) -> Iterator[Strip]:
        """Pairs down the columns; a row is as high as its longest value needs. A few rows stay on one page."""
        scale = self._scale
        width = _column(block.columns)
        widest = max((self._setter.width(label, scale.label) for label, _ in block.rows), default=0.0)
        labels = min(widest + _GAP, width * _LABELS)
        deep = -(-len(block.rows) // block.columns)
        for row in range(deep):
            cells: list[Cell] = []
            for place, pair in enumerate(block.rows[row::deep]):
                left = place * (width + _GUTTER)
                cells.append(self._cell(pair[0], left, labels - _GAP, scale.label, color=GREY))
                cells.append(self._cell(pair[1], left + labels, width - labels, scale.body))
            lefts = [place * (width + _GUTTER) for place in range(len(cells) // 2)]
            rules = [self.shapes.rule(left, -HAIR, width, HAIR, LIGHT) for left in lefts]
            strips = self._row(cells, [scale.label, scale.body] * block.columns, rules, _PAD)
            tied = deep <= _MOST_TIED and row < deep - 1
            yield from (strip._replace(joined=tied) for strip in strips)

    def _cell(
        self, text: str, left: float, width: float, size: float, align: Align = Align.LEFT, color: Color = K100
    ) -> Cell:
        """Words are broken where they are too long; numbers and what stands in the middle is narrowed."""
        easy = align is not Align.LEFT or self._setter.width(text, size) * _EASILY <= width
        lines = () if easy and "\n" not in text.strip() else self._setter.lines(text, width, size)
        return Cell(lines, text, left, width, align, color)

    def _row(self, cells: Sequence[Cell], sizes: Sequence[float], rule: Sequence[Stamp], pad: float) -> Iterator[Strip]:
        """Cells side by side over a rule, their first lines on one baseline; what is too high for a page in parts."""
        deep = max((len(cell.lines) for cell in cells), default=1)
        if deep <= _MOST_LINES:
            yield self._part(cells, sizes, rule, pad)
            return
        first = [cell._replace(lines=cell.lines[:_MOST_LINES]) for cell in cells]
        rest = [cell._replace(lines=cell.lines[_MOST_LINES:], text="") for cell in cells]
        yield self._part(first, sizes, (), pad)
        yield from self._row(rest, sizes, rule, pad)

    def _part(self, cells: Sequence[Cell], sizes: Sequence[float], rule: Sequence[Stamp], pad: float) -> Strip:
        unit, body = self._scale.unit, self._scale.body
        leading = 4.6 * unit
        base = pad * unit + self._base(body, leading)
        items: list[Drawn] = []
        for cell, size in zip(cells, sizes, strict=False):
            place = Place(cell.left, base)
            if cell.lines:
                items.append(self._setter.block(list(cell.lines), place, size, leading, color=cell.color))
            else:
                items += self._setter.line(cell.text, place, cell.width, size, align=cell.align, color=cell.color)
        height = max(1, *(len(cell.lines) for cell in cells)) * leading + 2 * pad * unit
        return Strip(height, [*items, *(stamp._replace(y=stamp.y + height) for stamp in rule)])

    def _table(self, table: Table) -> Iterator[Strip]:
        scale, shapes = self._scale, self.shapes
        pad = _DENSE if table.dense else _PAD
        titles = self._cells(table.columns, [column.head for column in table.columns], scale.label, GREY)
        below = [shapes.rule(0, -FINE, ACROSS, FINE)]
        head = self._part(titles, [scale.label] * len(titles), below, _PAD)._replace(joined=True)
        yield head
        sizes = [scale.body] * len(table.columns)
        hair = [shapes.rule(0, -HAIR, ACROSS, HAIR, LIGHT)]
        for number, row in enumerate(table.rows, 1):
            last = number == len(table.rows) and bool(table.sums)
            for strip in self._row(self._cells(table.columns, row, scale.body), sizes, hair, pad):
                yield strip._replace(head=head, joined=last)
        if table.sums:
            strip = self._part(self._cells(table.columns, table.sums, scale.body), sizes, (), _PAD)
            yield strip._replace(items=[shapes.rule(0, -FINE, ACROSS, FINE), *strip.items], head=head)

    def _cells(self, columns: Sequence[Column], row: Sequence[str], size: float, color: Color = K100) -> list[Cell]:
        whole = sum(column.share for column in columns)
        room, left, cells = ACROSS - _GAP * (len(columns) - 1), 0.0, list[Cell]()
        for column, text in zip(columns, row, strict=True):
            width = room * column.share / whole
            cells.append(self._cell(text, left, width, size, column.align, color))
            left += width + _GAP
        return cells

    def _note(self, note: Note) -> Iterator[Strip]:
        """A strip a line; no page ends after a paragraph's first line or before its last."""
        unit = self._scale.unit
        size, leading = (self._scale.label, 4.2 * unit) if note.small else (self._scale.body, 5.4 * unit)
        for number, part in enumerate(note.text.splitlines()):
            lines = self._setter.lines(part, ACROSS, size)
            for at, line in enumerate(lines):
                color = GREY if note.small else K100
                item = self._setter.block([line], Place(0, self._base(size, leading)), size, leading, color=color)
                tied = at in (0, len(lines) - 2) and at < len(lines) - 1
                yield Strip(leading, [item], before=unit if number and not at else 0.0, joined=tied)

    def _pictures(self, block: Pictures) -> Iterator[Strip]:
        unit, size = self._scale.unit, self._scale.label
        height = min(block.height, _HIGHEST_PICTURE) * self._scale.pictures
        shown = [self._fit(picture, _column(block.columns), height) for picture in block.pictures]
        columns = block.columns
        if self._scale.pictures < 1:
            widest = max((*(one.width for one in shown), _NARROWEST_PICTURE))
            columns = max(columns, int((ACROSS + _GUTTER) / (widest + _GUTTER)))
        width = _column(columns)
        for some in _side_by_side(shown, columns):
            high = max(one.height for one in some)
            items, deep = list[Drawn](), 0
            for place, one in enumerate(some):
                left = place * (width + _GUTTER)
                items += [Stamp(self._name(one), left, 0), self.shapes.frame(left, 0, one.width, one.height)]
                lines = self._setter.at_most(_MOST_CAPTION, self._setter.lines(one.picture.caption, width, size))
                base = high + 1.2 * unit + self._base(size, 4 * unit)
                items.append(self._setter.block(lines, Place(left, base), size, 4 * unit))
                deep = max(deep, len(lines))
            yield Strip(high + (1.2 + 4 * deep + 2) * unit, items)

    def _fit(self, picture: Picture, width: float, height: float) -> Shown:
        wide, high = self._sizes[picture.file, picture.page]
        scale = min(width / wide, height / high)
        return Shown(picture, wide * scale, high * scale)

    def _name(self, shown: Shown) -> str:
        """Two that are the same page in the same size are drawn once; no name depends on where the file lies."""
        for name, known in self.shown.items():
            if _same_page(known.picture, shown.picture) and known.width == shown.width:
                return name
        name = f"picture {len(self.shown)}"
        self.shown[name] = shown
        return name


def _same_page(one: Picture, other: Picture) -> bool:
    return (one.file, one.page) == (other.file, other.page)


def _column(columns: int) -> float:
    """How wide each of so many columns is (mm)."""
    return (ACROSS - _GUTTER * (columns - 1)) / columns


def _side_by_side(things: Sequence[Thing], columns: int) -> Iterator[Sequence[Thing]]:
    """So many at a time."""
    return (things[start : start + columns] for start in range(0, len(things), columns))
