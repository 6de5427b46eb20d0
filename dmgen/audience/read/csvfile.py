"""CSV lists: UTF-8 or cp932, read in chunks so that memory holds columns and not Python strings."""

import codecs
import csv
import hashlib
from array import array
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.vector import TEXT, mask, mend
from dmgen.audience.read.sheet import BOM, InputFile, Sheet, checked_header, unreadable
from dmgen.errors import ListError
from dmgen.messages import mark
from dmgen.model.cells import unguard

_CHUNK = 20_000  # rows
_BLOCK = 1 << 20  # bytes
_DOS_END = "\x1a"


@dataclass(frozen=True, slots=True)
class _CsvSource:
    path: Path
    header: tuple[str, ...]
    repeated: tuple[str, ...]
    encoding: str
    sha256: str

    def read(self, names: Collection[str]) -> Sheet:
        cells = _Cells(self.header, names)
        rows = _rows(self.path, self.encoding)
        _first_row(rows)
        for line, row in rows:
            cells.add(line, row)
        file = InputFile(self.path, self.sha256, len(cells.lines), cells.blank)
        return Sheet(cells.columns(), np.array(cells.lines, np.int64), cells.ragged, file)


def open_csv(path: Path) -> _CsvSource:
    """The CSV file at `path`. Raises ListError where encoding or header are not understood."""
    try:
        encoding, sha256 = _encoding(path)
        header = [unguard(name) for name in _first_row(_rows(path, encoding))]
    except OSError as error:
        raise unreadable(path, error) from error
    if not header:
        raise ListError(mark("{file}: the file is empty. Export the list again."), file=path)
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        raise ListError(
            mark("{file}: the columns are separated by {separator}, not by commas. Save it as CSV UTF-8."),
            file=path,
            separator="';'" if ";" in header[0] else "TAB",
        )
    return _CsvSource(path, *checked_header(path, header), encoding, sha256)


def _first_row(rows: Iterator[tuple[int, list[str]]]) -> list[str]:
    """The header: the first row that is not a blank line; empty if there is none."""
    return next((row for _, row in rows if len(row) > 1 or "".join(row).strip() not in ("", _DOS_END)), [])


def _rows(path: Path, encoding: str) -> Iterator[tuple[int, list[str]]]:
    """Every row with its first physical line. Raises ListError for quotes that do not match."""
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, strict=True)
        line = 1
        try:
            for row in reader:
                yield line, row
                line = reader.line_num + 1
        except csv.Error as error:
            raise ListError(
                mark('{file}, line {line}: the row has a quote (") that is not closed or not doubled. Mend it there.'),
                file=path,
                line=line,
            ) from error


@dataclass(slots=True)
class _Cells:
    """Rows being turned into columns, a chunk at a time."""

    header: tuple[str, ...]
    wanted: Collection[str]
    lines: "array[int]" = field(default_factory=lambda: array("q"))
    ragged: dict[int, str] = field(default_factory=dict)
    blank: int = 0
    _rows: list[list[str]] = field(default_factory=list)
    _chunks: dict[str, list[pa.Array]] = field(default_factory=dict)

    def add(self, line: int, row: list[str]) -> None:
        width = len(self.header)
        if "".join(row).strip() in ("", _DOS_END):
            self.blank += 1
            return
        if len(row) != width:
            self.ragged[len(self.lines)] = f"{len(row)} fields, {width} expected"
            row = (row + [""] * width)[:width]
        self.lines.append(line)
        self._rows.append(row)
        if len(self._rows) == _CHUNK:
            self._flush()

    def _flush(self) -> None:
        for name, cells in zip(self.header, zip(*self._rows, strict=True), strict=False):
            if name in self.wanted:
                self._chunks.setdefault(name, []).append(pa.array(cells, TEXT))
        self._rows.clear()

    def columns(self) -> dict[str, pa.Array]:
        self._flush()
        return {name: self._column(name) for name in self.header if name in self.wanted}

    def _column(self, name: str) -> pa.Array:
        cells = pa.chunked_array(self._chunks.pop(name, []), TEXT).combine_chunks()
        return mend(cells, mask(pc.starts_with(cells, "'")), unguard)


def _encoding(path: Path) -> tuple[str, str]:
    """The file's encoding and its sha256. Raises ListError naming the line that is neither."""
    with path.open("rb") as file:
        bom = file.read(len(BOM)) == BOM
    sha256, failed = _decodes(path, "utf-8")
    if failed is None:
        return "utf-8-sig", sha256
    if not bom and not _looks_utf8(path, failed):
        _, failed = _decodes(path, "cp932")
        if failed is None:
            return "cp932", sha256
    raise ListError(
        mark("{file}, line {line}: bytes that are neither UTF-8 nor cp932 (Shift_JIS). Export it again as UTF-8."),
        file=path,
        line=_line_at(path, failed),
    )


def _decodes(path: Path, encoding: str) -> tuple[str, int | None]:
    """The file's sha256, and the byte where decoding fails (None where it does not)."""
    sha256, decoder = hashlib.sha256(), codecs.getincrementaldecoder(encoding)()
    failed: int | None = None
    done = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            sha256.update(block)
            pending = len(decoder.getstate()[0])
            if failed is None:
                failed = _failure(decoder, block, done - pending)
            done += len(block)
    if failed is None:
        failed = _failure(decoder, b"", done - len(decoder.getstate()[0]), final=True)
    return sha256.hexdigest(), failed


def _failure(decoder: codecs.IncrementalDecoder, block: bytes, start: int, final: bool = False) -> int | None:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError as error:
        return start + error.start
    return None


def _looks_utf8(path: Path, failed: int) -> bool:
    """Whether the text around the failure is UTF-8 with damage, which cp932 would turn into nonsense."""
    with path.open("rb") as file:
        file.seek(max(0, failed - _BLOCK // 2))
        text = file.read(_BLOCK).decode("utf-8", "replace")
    damage = text.count("\ufffd")
    return sum(character > "\x7f" for character in text) - damage > 10 * damage


def _line_at(path: Path, position: int) -> int:
    with path.open("rb") as file:
        head = file.read(position)
    return 1 + head.count(b"\n") + head.count(b"\r") - head.count(b"\r\n")
