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
    """Which row is the header: the first that names the columns in use below it; titles stand above it.

    A column is in use when half of the rows below have it. -1 where no row says anything.
    """
    cells = [filled(row) for row in rows]
    for place, names in enumerate(cells):
        below = [row for row in cells[place + 1 :] if row]
        counted = Counter(column for row in below for column in row)
        used = {column for column, count in counted.items() if 2 * count >= len(below)}
        if names and (used <= names or (len(names) > 1 and 2 * len(used - names) < len(used))):
            return place
    return max(range(len(rows)), key=lambda place: len(cells[place]), default=-1)


def refuse_data(path: Path, line: int, cells: Cells) -> None:
    """Refuse a table without a header: its first row has cells that are data. Raises ListError.

    A shop names its columns as it likes: several cells of one kind (years, days) may be names.
    """
    kinds = [_kind(cell.strip()) for cell in cells]
    known = {kind for kind in kinds if kind}
    alone = len(filled(cells)) == 1 and bool(known) and known != {"number"}
    if alone or len(known) > 1:
        raise ListError(
            mark(
                "{file}, line {line}: this row holds data; the header is missing. Add a row of column names above it."
            ),
            file=path,
            line=line,
        )


def _kind(cell: str) -> str:
    return next((kind for kind, pattern in _DATA.items() if pattern.fullmatch(cell)), "")


@dataclass(frozen=True, slots=True)
class Guess:
    """What a separator makes of the first rows: where the header is, its width, and whether the rows agree."""

    separator: str
    place: int
    width: int
    agreed: bool


def guess(separator: str, rows: Sequence[Cells]) -> Guess:
    """What this separator makes of the rows that it gives, none of them blank."""
    place = header_place(rows)
    width = len(rows[place]) if place >= 0 else 0
    below = rows[place + 1 :]
    same = sum(len(row) == width for row in below)
    agreed = same >= _AGREE * len(below) and (place == 0 or 2 * len(below) >= len(rows))
    return Guess(separator, place, width, agreed)


def best(guesses: Sequence[Guess]) -> Guess:
    """The separator whose header comes first and which the rows agree on; the comma, named first, where in doubt."""
    splitting = [each for each in guesses if each.width > 1]
    agreed = [each for each in splitting if each.agreed]
    if agreed:
        return min(agreed, key=lambda each: each.place)
    return next(iter(splitting), guesses[0])
