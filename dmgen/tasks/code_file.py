"""Files of codes that people bring: one a line, or a CSV with a column of codes; UTF-8 or Shift_JIS."""

import csv
import re
import unicodedata
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dmgen.audience.cells.dates import day
from dmgen.errors import ListError
from dmgen.messages import mark

CODE_HEADINGS = ("code", "coupon_code", "coupon code", "discount code", "クーポンコード", "クーポン番号")
PIECE_HEADINGS = ("piece_id",)
_JOB_HEADING = "job"
_DAY_HEADINGS = ("day", "used_on", "date", "paid at", "created at", "受注日", "注文日", "購入日")
_BETWEEN = re.compile(r"[,、;]")  # a cart writes the codes of one order into one cell


class CodeLine(NamedTuple):
    """A code as it stands in a line of a file, with the day and the job beside it, if they are there."""

    line: int
    code: str
    day: date | None
    job: str = ""


class _Columns(NamedTuple):
    code: int
    day: int | None = None
    job: int | None = None

    @staticmethod
    def cell(cells: list[str], at: int | None) -> str:
        return cells[at].strip() if at is not None and at < len(cells) else ""


def read_codes(path: Path, headings: Collection[str], zone: ZoneInfo) -> list[CodeLine]:
    """The codes of a file with their lines, blank cells left out; several in one cell are each one.

    Raises ListError with file and line, never with what stands there: in the wrong column that is somebody's name.
    """
    reader = csv.reader(_text(path).splitlines(keepends=True), strict=True)
    found: list[CodeLine] = []
    columns: _Columns | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns, is_heading = _columns(path, reader.line_num, cells, headings)
                if is_heading:
                    continue
            found += _line(path, reader.line_num, cells, columns, zone)
    except csv.Error as error:
        raise ListError(
            mark("{file}, line {line}: this is no CSV line ({reason}). Mend the line and run again."),
            file=path,
            line=reader.line_num,
            reason=error,
        ) from None
    return found


def _line(path: Path, line: int, cells: list[str], columns: _Columns, zone: ZoneInfo) -> Iterator[CodeLine]:
    cell = columns.cell(cells, columns.code).lstrip("'")  # a spreadsheet's sign for text
    told = columns.cell(cells, columns.day)
    codes = [code for code in map(str.strip, _BETWEEN.split(cell)) if code]
    if not codes:
        return
    on = day(unicodedata.normalize("NFKC", told), zone) if told else None
    if told and on is None:
        message = mark("{file}, line {line}: the day cannot be read. Write it as 2026-04-10, or leave the cell empty.")
        raise ListError(message, file=path, line=line)
    for code in codes:
        yield CodeLine(line, code, on, columns.cell(cells, columns.job))


def _columns(path: Path, line: int, cells: list[str], headings: Collection[str]) -> tuple[_Columns, bool]:
    """Where codes, days and jobs stand, from the first line of a file, and whether that line is a heading."""
    names = [unicodedata.normalize("NFKC", cell).strip().lower() for cell in cells]
    at = next((place for place, name in enumerate(names) if name in headings), None)
    if at is not None:
        days = [names.index(heading) for heading in _DAY_HEADINGS if heading in names]
        job = names.index(_JOB_HEADING) if _JOB_HEADING in names else None
        return _Columns(at, days[0] if days else None, job), True
    if len(cells) == 1:
        return _Columns(0), False
    raise ListError(
        mark(
            "{file}, line {line}: no column holds codes. Write over it one of these headings: {headings}; or give a "
            "file with one code a line."
        ),
        file=path,
        line=line,
        headings=", ".join(headings),
    )


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        message = mark("{file} cannot be read ({reason}): name a CSV or text file with codes")
        raise ListError(message, file=path, reason=error.strerror) from None
    text = b"\0" not in content and not content.startswith(b"PK\x03\x04")
    for encoding in ("utf-8-sig", "cp932") if text else ():
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            pass
    message = mark("{file} is neither UTF-8 nor Shift_JIS (an Excel workbook?): save it as CSV and run again")
    raise ListError(message, file=path)
