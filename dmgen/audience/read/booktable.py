"""The table on a worksheet: titles above it, merged cells in its header, notes beside it, hidden rows in it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from openpyxl.utils import get_column_letter

from dmgen.audience.cells.text import clean
from dmgen.audience.cells.vector import TEXT, Mask, mask, mend
from dmgen.audience.read.rows import Layout, judged
from dmgen.audience.read.sheet import Damage, InputFile, Sheet, above, checked_header, digest, nameless
from dmgen.audience.read.sheetxml import Merge
from dmgen.audience.read.sniff import SAMPLE_ROWS, filled, header_place, is_data, refuse_data
from dmgen.errors import DmgenError, ListError
from dmgen.messages import mark
from dmgen.model.cells import unguard

_CHUNK = 20_000  # rows


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a worksheet as text. `unsaved`: a cell whose formula has no saved result."""

    number: int
    cells: list[str]
    hidden: bool = False
    unsaved: str = ""


@dataclass(frozen=True, slots=True)
class _Header:
    """`bottom`: the header's last row. `copied`: columns that have their name from a merged cell to their left."""

    top: int
    bottom: int
    names: tuple[str, ...]
    copied: frozenset[int]
    titles: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A worksheet's table with all its columns, and the names that its header repeats."""

    sheet: Sheet
    repeated: tuple[str, ...]


def sample(lines: Iterable[Line]) -> list[Line]:
    """The first rows that say something."""
    return list(islice((line for line in lines if filled(line.cells)), SAMPLE_ROWS))


def read_table(path: Path, lines: Iterator[Line], merges: Sequence[Merge]) -> Table:
    """The table that these rows hold, which must say something. Raises ListError where it cannot be read."""
    top = sample(lines)
    header = _header(path, top, merges)
    cells = _Cells(Layout(path, ",", header.names))
    for line in chain(top, lines):
        if line.number > header.bottom:
            cells.add(line)
    columns = cells.columns()
    cells.refuse_unusable()
    said = [_said(column, cells.damaged) for column in columns]
    kept = ["" if place in header.copied and not said[place].any() else name for place, name in enumerate(header.names)]
    names, repeated = checked_header(path, kept)
    for place, name in enumerate(names):
        if not name and said[place].any():
            raise nameless(path, place + 1, cells.numbers[int(said[place].argmax())])
    remarks = [*([above(path, header.top)] if header.titles else []), *cells.remarks()]
    blank = max(cells.numbers[-1] - header.bottom - len(cells.numbers), 0) if cells.numbers else 0
    file = InputFile(path, digest(path), len(cells.numbers), blank, tuple(remarks))
    found = {name: column for name, column in zip(names, columns, strict=True) if name}
    return Table(Sheet(found, np.array(cells.numbers, np.int64), cells.damaged, file), repeated)


def _said(column: pa.Array, damaged: Collection[int]) -> Mask:
    """Which rows, of those that are whole, say something in a column."""
    said = mask(pc.not_equal(pc.utf8_trim_whitespace(column), ""))
    said[list(damaged)] = False
    return said


def _header(path: Path, top: Sequence[Line], merges: Sequence[Merge]) -> _Header:
    last = top[-1].number
    near = [merge for merge in merges if merge.top <= last]
    spread = [_spread(line, near) for line in top]
    place = header_place(spread)
    line = top[place]
    bottom, under = _bottom(place, top, near)
    upper, lower = spread[place], spread[under]
    width = max(len(upper), len(lower))
    pairs = zip(_padded(upper, width), _padded(lower, width), strict=True)
    names = [clean(below if below.strip() else name) for name, below in pairs]
    while names and not names[-1]:
        names.pop()
    refuse_data(path, line.number, names)
    own = {column for merge in near if merge.left < merge.right for column in range(merge.left + 1, merge.right + 1)
           if merge.top <= top[under].number <= merge.bottom}  # fmt: skip
    return _Header(line.number, bottom, tuple(names), frozenset(own), place > 0)


def _spread(line: Line, merges: Sequence[Merge]) -> list[str]:
    """A row whose merged cells hold their text in every column; a title over the whole table stays one cell."""
    across = [merge for merge in merges if merge.top <= line.number <= merge.bottom]
    cells = _padded(line.cells, max((merge.right + 1 for merge in across), default=0))
    spread = list(cells)
    for merge in across:
        spread[merge.left : merge.right + 1] = [cells[merge.left]] * (merge.right + 1 - merge.left)
    return spread if len(filled(cells)) > 1 else cells


def _bottom(place: int, top: Sequence[Line], merges: Sequence[Merge]) -> tuple[int, int]:
    """Where a header of several rows ends: its last row's number, and its place among `top`."""
    line = top[place].number
    starting = [merge for merge in merges if merge.top == line]
    down = max((merge.bottom for merge in starting), default=line)
    if down > line:
        return down, max(at for at, other in enumerate(top) if other.number <= down)
    wide = {column for merge in starting for column in range(merge.left, merge.right + 1)}
    following = top[place + 1] if place + 1 < len(top) else None
    if following and wide and wide <= filled(following.cells) and not is_data(following.cells):
        return following.number, place + 1
    return line, place


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


@dataclass(slots=True)
class _Cells:
    """Rows of the table being turned into columns."""

    layout: Layout
    numbers: list[int] = field(default_factory=list)
    damaged: dict[int, Damage] = field(default_factory=dict)
    hidden: int = 0
    beside: Counter[int] = field(default_factory=Counter)  # by column: cells to the right of the table
    first_beside: str = ""
    _rows: list[list[str]] = field(default_factory=list)
    _chunks: list[list[pa.Array]] = field(default_factory=list)

    def add(self, line: Line) -> None:
        """A row below the header; blank ones are no rows."""
        width = self.layout.width
        self._note_beside(line, width)
        cells = _padded(line.cells[:width], width)
        row = judged(line.number, cells, "".join(cells), "", self.layout)
        if not row.cells and not line.unsaved:
            return
        damage = Damage("formula_unsaved", f"cell {line.unsaved}") if line.unsaved else row.damage
        if damage:
            self.damaged[len(self.numbers)] = damage
        self.hidden += line.hidden
        self.numbers.append(line.number)
        self._rows.append(row.cells or cells)
        if len(self._rows) == _CHUNK:
            self._flush()

    def _note_beside(self, line: Line, width: int) -> None:
        for column in filled(line.cells[width:]):
            self.beside[width + column] += 1
            self.first_beside = self.first_beside or f"{get_column_letter(width + column + 1)}{line.number}"

    def _flush(self) -> None:
        columns = zip(*self._rows, strict=True) if self._rows else [()] * self.layout.width
        self._chunks.append([pa.array(cells, TEXT) for cells in columns])
        self._rows.clear()

    def columns(self) -> list[pa.Array]:
        """The columns of the table, by place."""
        self._flush()
        whole = [pa.chunked_array(chunks, TEXT).combine_chunks() for chunks in zip(*self._chunks, strict=True)]
        return [mend(cells, mask(pc.starts_with(cells, "'")), unguard) for cells in whole]

    def refuse_unusable(self) -> None:
        """Raises ListError where most rows have unsaved formulas, or cells in a column that has no name."""
        unsaved = [row for row, damage in self.damaged.items() if damage.reason == "formula_unsaved"]
        if 2 * len(unsaved) > len(self.numbers):
            raise ListError(
                mark(
                    "{file}, line {line}: formulas were saved without their results ({cell}), as in {rows} rows. "
                    "Open the workbook in Excel, save it, and try again."
                ),
                file=self.layout.path,
                line=self.numbers[unsaved[0]],
                cell=self.damaged[unsaved[0]].note,
                rows=len(unsaved),
            )
        for column, count in self.beside.most_common(1):
            if 2 * count > len(self.numbers):
                raise nameless(self.layout.path, column + 1, self.numbers[0])

    def remarks(self) -> Iterator[DmgenError]:
        """What a person may have forgotten on the sheet."""
        if self.hidden:
            yield ListError(
                mark("{file}: {count} rows are hidden in Excel (a filter?). They are read like the others."),
                file=self.layout.path,
                count=self.hidden,
            )
        if self.beside:
            yield ListError(
                mark("{file}: {count} cells stand beside the table, the first is {cell}. They are not read."),
                file=self.layout.path,
                count=sum(self.beside.values()),
                cell=self.first_beside,
            )
