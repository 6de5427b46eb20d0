"""Rows of separated text as people and broken programs write them: damage costs the damaged row at most.

The grammar is RFC 4180's, but a quote inside an unquoted cell is a character like others (5" pipe). A quoted
cell that is not closed, or closed and followed by more, condemns the row in which it opens; reading goes on
at the next physical line.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dmgen.audience.cells.text import clean
from dmgen.audience.read.sheet import LONGEST_CELL, Damage
from dmgen.errors import ListError
from dmgen.messages import mark
from dmgen.model.cells import unguard

LONGEST_ROW = 16 << 20  # characters within which a quoted cell must end
_DOS_END = "\x1a"
_MARK = "\ufeff"  # a byte order mark inside a file: two exports were joined
# Controls other than TAB, line ends, VT and FF; C1 other than NEL; surrogates are bytes of no encoding.
_FOREIGN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]+")
_QUOTED = r'"[^"]*+(?:""[^"]*+)*+"'
_CLOSES = re.compile(r'[^"]*+(?:""[^"]*+)*+"')

Cells = list[str]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is written: its separator, and the header's cells, cleaned, as they stand in the file."""

    path: Path
    separator: str
    header: tuple[str, ...]

    @property
    def width(self) -> int:
        """Cells a row."""
        return len(self.header)


@dataclass(frozen=True, slots=True)
class Row:
    """A row with the number of its first line; a blank one has no cells. Damaged ones keep what could be read."""

    line: int
    cells: Cells
    damage: Damage | None = None


def lines_of(text: str) -> list[str]:
    """Physical lines with their ends: CR, LF or CRLF, and nothing else."""
    return list(io.StringIO(text, newline=""))


def is_blank(cells: Sequence[str]) -> bool:
    """Whether a row says nothing: blanks, only separators, or the end mark of DOS."""
    return "".join(cells).strip() in ("", _DOS_END)


def first_rows(lines: Sequence[str], separator: str, count: int) -> list[tuple[int, Cells, int]]:
    """The first rows, before the header is known: place among the lines, cells, lines taken up."""
    layout = Layout(Path(), separator, ())
    found: list[tuple[int, Cells, int]] = []
    at = 0
    while at < len(lines) and len(found) < count:
        cells, problem, used = _record(lines, at, layout)
        if problem:
            cells, used = _line(lines[at], separator) or [lines[at]], 1
        found.append((at, [_SURROGATE.sub("\ufffd", cell) for cell in cells], used))
        at += used
    return found


def is_torn(lines: Sequence[str], separator: str) -> bool:
    """Whether these lines, which should be one row, have quotes that do not match."""
    return bool(_record(lines, 0, Layout(Path(), separator, ()))[1])


def rows(lines: Sequence[str], first: int, layout: Layout, final: bool) -> tuple[list[Row], int]:
    """The rows of these lines, and how many lines they take up; `first` is the number of the first one.

    A quoted cell may go on beyond the last line: unless this is the `final` one, such a row is left for the
    next call, which must begin with its line. Raises ListError for a second header that is not the first.
    """
    found: list[Row] = []
    at = 0
    while at < len(lines):
        cells, problem, used = _record(lines, at, layout)
        if problem == "more" and not final and sum(map(len, lines[at:])) < LONGEST_ROW:
            break
        if used > 1 and (problem or len(cells) != layout.width):
            cells, problem, used = _line(lines[at], layout.separator), "more", 1  # it swallowed other rows
        found.append(judged(first + at, cells, "".join(lines[at : at + used]), problem, layout))
        at += used
    return found, at


def _record(lines: Sequence[str], at: int, layout: Layout) -> tuple[Cells, str, int]:
    """The row that begins at a line: its cells, the problem with its quotes, how many lines it takes up.

    The problem is "stray" for text after a closing quote, "more" while a quote is open.
    """
    cells: Cells = []
    where, used = 0, 1
    while True:
        where, problem = _split(_bare("".join(lines[at : at + used])), layout.separator, cells, where)
        swallows = problem == "more" and used == 1 and at + 1 < len(lines) and _is_row(lines[at + 1], layout)
        if problem != "more" or swallows:
            return cells, "open" if swallows else problem, used
        used += 1
        while at + used <= len(lines) and not _CLOSES.match(lines[at + used - 1]):
            used += 1
        if at + used > len(lines):
            return cells, problem, len(lines) - at


def _line(line: str, separator: str) -> Cells:
    """The cells of one line, as far as its quotes allow."""
    cells: Cells = []
    _split(_bare(line), separator, cells, 0)
    return cells


def _split(text: str, separator: str, cells: Cells, at: int) -> tuple[int, str]:
    """Add the cells from `at` on. Where that ended, and the problem there, if any."""
    if not at and '"' not in text:
        cells.extend(text.split(separator))
        return len(text), ""
    cell, quoted = _patterns(separator)
    while found := cell.match(text, at):
        cells.append(found[2] if found[1] is None else found[1].replace('""', '"'))
        at = found.end()
        if not found[3]:
            return at, ""
    return at, "stray" if quoted.match(text, at) else "more"


@cache
def _patterns(separator: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """One cell with the separator or the end after it; a quoted cell whatever comes after it."""
    mark = re.escape(separator)
    cell = rf'(?:"([^"]*+(?:""[^"]*+)*+)"|((?!")[^{mark}\r\n]*+))({mark}|\Z)'
    return re.compile(cell), re.compile(_QUOTED)


@cache
def _whole_row(separator: str, width: int) -> re.Pattern[str]:
    mark = re.escape(separator)
    cell = rf'(?:{_QUOTED}|[^"{mark}\r\n]*+)'
    return re.compile(rf"{cell}(?:{mark}{cell}){{{width - 1}}}[\r\n]*")


def _is_row(line: str, layout: Layout) -> bool:
    """Whether a line by itself is a whole row: then the quote before it was never closed."""
    return layout.width > 1 and bool(_whole_row(layout.separator, layout.width).fullmatch(line))


def _bare(text: str) -> str:
    """A row's text without the line end, a byte order mark before it, and the end mark of DOS after it."""
    text = text.removesuffix("\n").removesuffix("\r").removeprefix(_MARK)
    return text.removesuffix(_DOS_END) if len(text) > 1 else text


def judged(line: int, cells: Cells, text: str, problem: str, layout: Layout) -> Row:
    """A row as it may be used: `text` is all of it, `problem` what is wrong with its quotes."""
    if problem:
        note = "text after a closing quote" if problem == "stray" else "a quote that is not closed"
        return _damaged(line, cells, Damage("quote_unclear", note), layout)
    if is_blank(cells):
        return Row(line, [])
    if foreign := _FOREIGN.search(_bare(text)):
        return _damaged(line, cells, Damage("row_damaged", _name(foreign[0])), layout)
    if cells[0].strip().strip("'").strip() in layout.header and _is_header(cells, line, layout):
        return _damaged(line, cells, Damage("header_again", "the names of the columns"), layout)
    if len(cells) != layout.width:
        return _damaged(line, cells, Damage("ragged_row", f"{len(cells)} fields, {layout.width} expected"), layout)
    if len(text) > LONGEST_CELL and (longest := max(map(len, cells))) > LONGEST_CELL:
        return _damaged(line, cells, Damage("cell_too_long", f"{longest} characters, {LONGEST_CELL} at most"), layout)
    return Row(line, cells)


def _name(character: str) -> str:
    if character >= "\ud800":
        return "bytes that are no character"
    return f"control character U+{ord(character):04X}"


def _is_header(cells: Cells, line: int, layout: Layout) -> bool:
    """Whether a row repeats the header. Raises ListError where it names the columns in another order."""
    names = [clean(unguard(cell)) for cell in cells]
    if tuple(names) == layout.header:
        return True
    known = {name for name in layout.header if name}
    if len(known) > 1 and len(known.intersection(names)) * 2 > len(known):
        raise ListError(
            mark(
                "{file}, line {line}: a second header, with other columns than the first: two exports in one file. "
                "Save them as two files, or leave one out."
            ),
            file=layout.path,
            line=line,
        )
    return False


def _damaged(line: int, cells: Cells, damage: Damage, layout: Layout) -> Row:
    kept = [_SURROGATE.sub("\ufffd", cell[:LONGEST_CELL]) for cell in cells[: layout.width]]
    return Row(line, kept + [""] * (layout.width - len(kept)), damage)
