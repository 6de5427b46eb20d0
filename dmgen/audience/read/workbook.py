"""Excel workbooks (xlsx): the first visible sheet that holds a table, read as a list.

openpyxl knows the package and its sheets; strings, styles and cells are streamed (sheetxml), since a list has many
of them and openpyxl stops at any fault in a style.
"""

import warnings
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TypeVar

from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS, STYLES_TYPE

from dmgen.audience.read.booktable import Line, Table, read_table, sample
from dmgen.audience.read.foreign import ZIP, refuse_archive, refuse_false_name, refuse_foreign
from dmgen.audience.read.sheet import Sheet
from dmgen.audience.read.sheetcells import Cells, style
from dmgen.audience.read.sheetxml import Merge, merged_ranges, number_formats, shared_strings, stored_rows
from dmgen.audience.read.sniff import filled
from dmgen.errors import DmgenError, ListError
from dmgen.messages import mark

T = TypeVar("T")
SUFFIXES = (".xlsx", ".xlsm")
_LARGEST = 2 << 30  # bytes of all parts, unpacked
_LARGEST_STRINGS = 512 << 20
_BOMB = 200  # times: what no workbook above 100 MB is packed by
_BROKEN = (
    OSError, EOFError, KeyError, ValueError, TypeError, IndexError, AttributeError, SyntaxError, ArithmeticError,
    RuntimeError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _BookSource:
    """A workbook's table: read when it was opened, since a sheet is one stream from titles to merged cells."""

    path: Path
    table: Table
    remarks: tuple[DmgenError, ...]

    @property
    def header(self) -> tuple[str, ...]:
        """The columns that have a name."""
        return tuple(self.table.sheet.columns)

    @property
    def repeated(self) -> tuple[str, ...]:
        """The names that the header has more than once."""
        return self.table.repeated

    def read(self, names: Collection[str]) -> Sheet:
        """The columns of these names."""
        sheet = self.table.sheet
        columns = {name: cells for name, cells in sheet.columns.items() if name in names}
        file = replace(sheet.file, remarks=(*self.remarks, *sheet.file.remarks))
        return replace(sheet, columns=columns, file=file)


@dataclass(frozen=True, slots=True)
class _Book:
    """An open workbook: where its visible worksheets are, by title."""

    path: Path
    archive: zipfile.ZipFile
    sheets: dict[str, str]
    cells: Cells

    def lines(self, part: str) -> Iterator[Line]:
        """The rows of a worksheet. Raises ListError where it is damaged."""
        try:
            with self.archive.open(part) as file:
                for row in stored_rows(file):
                    texts = {cell.column: self.cells.text(cell) for cell in row.cells}
                    cells = [texts.get(column, "") for column in range(max(texts, default=-1) + 1)]
                    yield Line(row.line, cells, row.hidden, row.unsaved)
        except _BROKEN as error:
            raise _broken(self.path) from error

    def merges(self, part: str) -> list[Merge]:
        """The merged ranges of a worksheet."""
        with self.archive.open(part) as file:
            return merged_ranges(file)


def open_workbook(path: Path, head: bytes) -> _BookSource:
    """The table in the workbook at `path`. Raises ListError where there is none, or it cannot be read."""
    if not head.startswith(ZIP):
        refuse_foreign(path, head)
        raise ListError(
            mark("{file}: this is no workbook, whatever its name says. If it is CSV, rename it to {stem}.csv."),
            file=path,
            stem=path.stem,
        )
    with path.open("rb") as file, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl's, about styles and the like
        return _source(_book(path, file))


def _book(path: Path, file: IO[bytes]) -> _Book:
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
        refuse_archive(path, [part.filename for part in parts])
        refuse_false_name(path, "xlsx", SUFFIXES)
        _refuse_bomb(path, parts)
        reader = ExcelReader(file, read_only=True, keep_links=False)
        reader.read_manifest()
        reader.read_workbook()
        sheets = {
            sheet.name: relation.target
            for sheet, relation in reader.parser.find_sheets()
            if sheet.state == "visible" and relation.Type.endswith("/worksheet")
        }
        styles = [style(*known) for known in _part(reader, STYLES_TYPE, number_formats)]
        cells = Cells(_part(reader, SHARED_STRINGS, shared_strings), styles, reader.wb.epoch)
        return _Book(path, reader.archive, sheets, cells)
    except _BROKEN as error:
        raise _broken(path) from error


def _part(reader: ExcelReader, kind: str, read: Callable[[IO[bytes]], list[T]]) -> list[T]:
    """What the part of this content type holds; nothing where there is none."""
    parts = [part.PartName for part in reader.package.Override if part.ContentType == kind]
    if not parts:
        return []
    with reader.archive.open(parts[0].removeprefix("/")) as file:
        return read(file)


def _broken(path: Path) -> ListError:
    return ListError(
        mark("{file}: this is not a whole workbook. Open it in Excel, save it again, or export it as CSV UTF-8."),
        file=path,
    )


def _refuse_bomb(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    size = sum(part.file_size for part in parts)
    strings = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    packed = sum(part.compress_size for part in parts)
    if size > _LARGEST or strings > _LARGEST_STRINGS or (size > 100 << 20 and size > _BOMB * packed):
        raise ListError(
            mark("{file}: the workbook unpacks to {size} MB, which no list needs. Export it as CSV UTF-8."),
            file=path,
            size=size >> 20,
        )


def _source(book: _Book) -> _BookSource:
    """The first sheet with a row of several cells; else the first that says anything."""
    widths = {
        title: max((len(filled(line.cells)) for line in sample(book.lines(part))), default=0)
        for title, part in book.sheets.items()
    }
    telling = [title for title, width in widths.items() if width]
    chosen = next((title for title in telling if widths[title] > 1), next(iter(telling), None))
    if chosen is None:
        raise ListError(mark("{file}: no sheet of the workbook holds a table. Export the list again."), file=book.path)
    part = book.sheets[chosen]
    table = read_table(book.path, book.lines(part), book.merges(part))
    others = [title for title in telling if title != chosen]
    if not others:
        return _BookSource(book.path, table, ())
    remark = ListError(
        mark("{file}: the sheet {sheet} is read. Not read: {others}."),
        file=book.path,
        sheet=chosen,
        others=", ".join(others),
    )
    return _BookSource(book.path, table, (remark,))
