"""What a table is like, from its first rows: its separator, its header, and whether it has one."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dmgen.audience.read.rows import Cells
from dmgen.errors import ListError
from dmgen.messages import mark

SAMPLE_ROWS = 60
SEPARATORS = ",;\t"
_AGREE = 0.9  # of the rows, before anything but a comma is believed
_KINDS = {
    "mail": r"[\w.+-]+@[\w-]+(\.[\w-]+)+",
    "postal": r"〒? ?[0-9]{3}-[0-9]{4}",
    "phone": r"\(?\+?[0-9]{2,5}\)?-?[0-9]{1,4}-[0-9]{3,4}",
    "date": r"(19|20)[0-9]{2}([-/.])[0-9]{1,2}\2[0-9]{1,2}([ T].*)?|(19|20)[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日",
    "number": r"[-¥]?[0-9][0-9,]*(\.[0-9]+)?",
    "prefecture": r"北海道|東京都|(大阪|京都)府|..県|.歌山県|神奈川県|鹿児島県",
}
_DATA = {kind: re.compile(pattern) for kind, pattern in _KINDS.items()}


def filled(cells: Cells) -> set[int]:
    """Which cells of a row say something."""
    return {place for place, cell in enumerate(cells) if cell.strip()}


def header_place(rows: Sequence[Cells]) -> int:
    """Which row is the header: the first that names the columns in use below it, or most; titles stand above it.

    A column is in use when half of the rows below have it. -1 where no row says anything.
    """
    cells = [filled(row) for row in rows]
    for place, names in enumerate(cells):
        below = [row for row in cells[place + 1 :] if row]
        counted = Counter(column for row in below for column in row)
        used = {column for column, count in counted.items() if 2 * count >= len(below)}
        most = len(names) > 1 and 2 * len(used - names) < len(used) and not any(map(_kind, rows[place]))
        if names and (used <= names or most):
            return place
    return max(range(len(rows)), key=lambda place: len(cells[place]), default=-1)


def refuse_data(path: Path, line: int, cells: Cells) -> None:
    """Refuse a table without a header: its first row holds data. Raises ListError.

    One column alone may be a plain list of addresses or numbers; who reads it knows what it is.
    """
    if len(cells) > 1 and is_data(cells):
        raise ListError(
            mark(
                "{file}, line {line}: this row holds data; the header is missing. Add a row of column names above it."
            ),
            file=path,
            line=line,
        )


def is_data(cells: Cells) -> bool:
    """Whether a row cannot be a header.

    A shop names its columns as it likes: several cells of one kind (years, days) may be names.
    """
    kinds = {kind for cell in cells if (kind := _kind(cell))}
    alone = len(filled(cells)) == 1 and bool(kinds) and kinds != {"number"}
    return alone or len(kinds) > 1


def _kind(cell: str) -> str:
    return next((kind for kind, pattern in _DATA.items() if pattern.fullmatch(cell.strip())), "")


@dataclass(frozen=True, slots=True)
class Guess:
    """What a separator makes of the first rows: where the header is, its width, how many rows are as wide."""

    separator: str
    place: int
    width: int
    same: int
    agreed: bool


def guess(separator: str, rows: Sequence[Cells]) -> Guess:
    """What this separator makes of the rows that it gives, none of them blank."""
    place = header_place(rows)
    width = len(rows[place]) if place >= 0 else 0
    below = rows[place + 1 :]
    same = sum(len(row) == width for row in below)
    agreed = same >= _AGREE * len(below) and (place == 0 or 2 * len(below) >= len(rows))
    return Guess(separator, place, width, same, agreed)


def best(guesses: Sequence[Guess]) -> Guess:
    """The separator whose header comes first, if the rows agree on it; the comma, named first, where in doubt.

    A header further down is believed only where no row is as wide as the first one.
    """
    splitting = sorted((each for each in guesses if each.width > 1), key=lambda each: each.place)
    agreed = [each for each in splitting if each.agreed]
    first = [each for each in splitting if each.place == splitting[0].place]
    for candidates in ([each for each in first if each.agreed], [each for each in first if each.same], agreed):
        if candidates:
            return candidates[0]
    return splitting[0] if splitting else guesses[0]
