"""Lists of separated text: CSV and its kin, read in blocks so that memory holds columns and not Python strings."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dmgen.audience.cells.text import clean
from dmgen.audience.cells.vector import TEXT, is_empty, mask, mend
from dmgen.audience.read.encoding import Encoding, blocks, detect
from dmgen.audience.read.plain import Plain, plain_cells
from dmgen.audience.read.rows import Layout, Row, first_rows, is_blank, is_torn, lines_of, rows
from dmgen.audience.read.sheet import Damage, InputFile, Sheet, above, checked_header, nameless, unreadable
from dmgen.audience.read.sniff import SAMPLE_ROWS, SEPARATORS, best, guess, refuse_data
from dmgen.errors import DmgenError, ListError
from dmgen.messages import mark
from dmgen.model.cells import unguard

_SAMPLE = 1 << 18  # characters


@dataclass(frozen=True, slots=True)
class _Header:
    """The header's row: its cells, the bytes (of UTF-8) and lines that it and what stands above it take up."""

    layout: Layout
    size: int
    lines: int
    above: int


@dataclass(frozen=True, slots=True)
class _CsvSource:
    path: Path
    names: tuple[str, ...]  # by place in the row; "" where the header has none
    repeated: tuple[str, ...]
    top: _Header
    encoding: Encoding
    sha256: str

    @property
    def header(self) -> tuple[str, ...]:
        """The columns that have a name."""
        return tuple(name for name in self.names if name)

    def read(self, names: Collection[str]) -> Sheet:
        """The columns of these names. Raises ListError where a column without a name has cells."""
        layout = self.top.layout
        cells = _Cells([place for place, name in enumerate(self.names) if not name or name in names])
        line, rest = self.top.lines + 1, b""
        for block, final in self._blocks():
            text = rest + block
            if plain := plain_cells(text, layout, cells.places):
                cells.add_plain(line, plain)
                line, rest = line + plain.rows, b""
                continue
            lines = lines_of(text.decode("utf-8", "surrogatepass"))
            found, used = rows(lines, line, layout, final)
            cells.add(found)
            line, rest = line + used, "".join(lines[used:]).encode("utf-8", "surrogatepass")
        return self._sheet(cells)

    def _blocks(self) -> Iterator[tuple[bytes, bool]]:
        """The text below the header, and whether it is the last of it."""
        stream = blocks(self.path, self.encoding)
        block = next(stream, b"")[self.top.size :]
        for following in stream:
            yield block, False
            block = following
        yield block, True

    def _sheet(self, cells: "_Cells") -> Sheet:
        lines, columns = cells.lines(), cells.columns()
        for place in [place for place in cells.places if not self.names[place]]:
            said = ~is_empty(pc.utf8_trim_whitespace(columns.pop(place)))
            said[list(cells.damaged)] = False
            if said.any():
                raise nameless(self.path, place + 1, int(lines[said.argmax()]))
        file = InputFile(self.path, self.sha256, len(lines), cells.blank, self._remarks())
        return Sheet({self.names[place]: column for place, column in columns.items()}, lines, cells.damaged, file)

    def _remarks(self) -> tuple[DmgenError, ...]:
        """What is not plain UTF-8 or cp932 with commas from the first line on."""
        found: list[DmgenError] = []
        separator = self.top.layout.separator
        if separator != "," or self.encoding.title == "UTF-16":
            found.append(
                ListError(
                    mark("{file}: read as {encoding}, separated by {separator}."),
                    file=self.path,
                    encoding=self.encoding.title,
                    separator=ListError(mark("tabs")) if separator == "\t" else f"'{separator}'",
                )
            )
        if self.encoding.others:
            found.append(
                ListError(
                    mark("{file}: read as {encoding}, but {lines} lines in {other}."),
                    file=self.path,
                    encoding=self.encoding.title,
                    lines=self.encoding.others,
                    other="cp932" if self.encoding.name == "utf-8" else "UTF-8",
                )
            )
        if self.top.above:
            found.append(above(self.path, self.top.above + 1))
        return tuple(found)


def open_csv(path: Path, head: bytes, *, headed: bool = True) -> _CsvSource:
    """The separated text at `path`. Raises ListError where its encoding or header are not understood.

    Not `headed`: the first row is data, and columns are called as `numbered` does.
    """
    try:
        encoding, sha256 = detect(path, head)
        first = next(blocks(path, encoding), b"")
    except OSError as error:
        raise unreadable(path, error) from error
    top = (_header if headed else _numbers)(path, first.decode("utf-8", "surrogatepass"))
    names, repeated = checked_header(path, top.layout.header)
    return _CsvSource(path, names, repeated, top, encoding, sha256)


def _header(path: Path, text: str) -> _Header:
    sample = lines_of(text[:_SAMPLE])
    if len(text) > _SAMPLE and len(sample) > 1:
        sample.pop()  # it may be cut
    told = re.fullmatch(r"sep=([,;\t])\s*", sample[0]) if sample else None  # what Excel itself writes and reads
    skipped = 1 if told else 0
    by_separator = {
        separator: [row for row in first_rows(sample[skipped:], separator, SAMPLE_ROWS) if not is_blank(row[1])]
        for separator in (told[1] if told else SEPARATORS)
    }
    chosen = best([guess(separator, [cells for _, cells, _ in rows]) for separator, rows in by_separator.items()])
    if chosen.place < 0:
        raise ListError(mark("{file}: the file is empty. Export the list again."), file=path)
    found = by_separator[chosen.separator]
    at, cells, used = found[chosen.place]
    begin, end = skipped + at, skipped + at + used
    _refuse_torn(path, "".join(sample[begin:end]), begin + 1, chosen.separator)
    refuse_data(path, begin + 1, cells)
    header = [clean(unguard(cell)) for cell in cells]
    if _ends_with_separator(header, [row for _, row, _ in found[chosen.place + 1 :]]):
        header.append("")
    size = len("".join(sample[:end]).encode("utf-8", "surrogatepass"))
    return _Header(Layout(path, chosen.separator, tuple(header)), size, end, begin if chosen.place else 0)


def numbered(number: int) -> str:
    """What a column of a file without header is called; `number` counts from 1."""
    return f"column {number}"


def _numbers(path: Path, text: str) -> _Header:
    """What stands for the header of a file that has none: numbered columns, as many as most rows have cells."""
    sample = lines_of(text[:_SAMPLE])
    found = {
        separator: [cells for _, cells, _ in first_rows(sample, separator, SAMPLE_ROWS) if not is_blank(cells)]
        for separator in SEPARATORS
    }
    chosen = best([guess(separator, rows) for separator, rows in found.items()])
    if chosen.place < 0:
        raise ListError(mark("{file}: the file is empty. Export the list again."), file=path)
    ((width, _),) = Counter(map(len, found[chosen.separator])).most_common(1)
    return _Header(Layout(path, chosen.separator, tuple(map(numbered, range(1, width + 1)))), 0, 0, 0)


def _refuse_torn(path: Path, text: str, line: int, separator: str) -> None:
    if is_torn(lines_of(text), separator):
        raise ListError(
            mark('{file}, line {line}: the row has a quote (") that is not closed or not doubled. Mend it there.'),
            file=path,
            line=line,
        )
    if separator == "," and "," not in text and text.count("|") > 1:
        raise ListError(
            mark("{file}: the columns are separated by {separator}, not by commas. Save it as CSV UTF-8."),
            file=path,
            separator="'|'",
        )


def _ends_with_separator(header: list[str], below: list[list[str]]) -> bool:
    """Whether every row ends with a separator that the header lacks."""
    return bool(below) and all(len(row) == len(header) + 1 and not row[-1].strip() for row in below)


@dataclass(slots=True)
class _Cells:
    """Rows being turned into columns, a block at a time."""

    places: list[int]
    damaged: dict[int, Damage] = field(default_factory=dict)
    blank: int = 0
    _rows: int = 0
    _lines: list[NDArray[np.int64]] = field(default_factory=list)
    _chunks: dict[int, list[pa.Array]] = field(default_factory=dict)

    def add_plain(self, line: int, block: Plain) -> None:
        """Rows of which each is a line."""
        self._add(np.arange(line, line + block.rows), block.columns)

    def add(self, found: list[Row]) -> None:
        """Rows read one by one; the blank ones are counted only."""
        kept = [row for row in found if row.cells]
        self.blank += len(found) - len(kept)
        self.damaged |= {self._rows + place: row.damage for place, row in enumerate(kept) if row.damage}
        columns = {place: pa.array([row.cells[place] for row in kept], TEXT) for place in self.places}
        self._add(np.array([row.line for row in kept], np.int64), columns)

    def _add(self, lines: NDArray[np.int64], columns: dict[int, pa.Array]) -> None:
        self._rows += len(lines)
        self._lines.append(lines)
        for place, cells in columns.items():
            self._chunks.setdefault(place, []).append(cells)

    def lines(self) -> NDArray[np.int64]:
        """The first physical line of each row."""
        return np.concatenate([np.zeros(0, np.int64), *self._lines])

    def columns(self) -> dict[int, pa.Array]:
        """The columns by place; given up one by one, so that no cell is held twice."""
        return {place: self._column(place) for place in self.places}

    def _column(self, place: int) -> pa.Array:
        cells = pa.chunked_array(self._chunks.pop(place, []), TEXT).combine_chunks()
        return mend(cells, mask(pc.starts_with(cells, "'")), unguard)
