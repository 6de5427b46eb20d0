"""The cells of a list file, and what every kind of list file has in common."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dmgen.audience.cells.text import clean
from dmgen.errors import DmgenError, ListError
from dmgen.messages import mark
from dmgen.reasons import reason_words

LONGEST_CELL = 32_767  # characters: what a cell of Excel can hold


@dataclass(frozen=True, slots=True)
class InputFile:
    """A list as it was read, for the job's record; blank rows are not rows. `remarks`: how it was understood."""

    path: Path
    sha256: str
    rows: int
    blank: int = 0
    remarks: tuple[DmgenError, ...] = ()


@dataclass(frozen=True, slots=True)
class Damage:
    """Why a row cannot be trusted: a reason code, and what was seen."""

    reason: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a list: `lines` says where each row begins in the file.

    `damaged` names rows (by position) whose cells must not be used: they are padded, cut or empty.
    """

    columns: dict[str, pa.Array]
    lines: NDArray[np.int64]
    damaged: dict[int, Damage]
    file: InputFile


class Source(Protocol):
    """A list file whose header has been read."""

    @property
    def path(self) -> Path:
        """Where the file is."""

    @property
    def header(self) -> tuple[str, ...]:
        """The names of its columns, stripped, each once: the second 送料 is "送料 (2)"."""

    @property
    def repeated(self) -> tuple[str, ...]:
        """The names that the file's header has more than once."""

    def read(self, names: Collection[str]) -> Sheet:
        """The columns of these names; text is large_string without nulls. Raises ListError."""


def unreadable(path: Path, error: OSError) -> ListError:
    """The error for a file that the system does not let us read."""
    return ListError(
        mark("{file}: cannot be read ({problem}). Close it in other programs and check its permissions."),
        file=path,
        problem=error.strerror or type(error).__name__,
    )


def checked_header(path: Path, header: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The header's names, cleaned and each once, and those that it repeats; columns without a name stay "".

    Raises ListError where no column has a name.
    """
    names = [clean(name) for name in header]
    if not any(names):
        raise ListError(mark("{file}: the file is empty. Export the list again."), file=path)
    return _each_once(names), tuple(dict.fromkeys(name for name, n in Counter(names).items() if name and n > 1))


def above(path: Path, line: int) -> ListError:
    """The remark on a table with titles above its header, which stands in this line."""
    return ListError(mark("{file}: the header is line {line}; what stands above it is left out."), file=path, line=line)


def nameless(path: Path, number: int, line: int) -> ListError:
    """The error for a column that has cells and no name; `number` counts from 1."""
    return ListError(
        mark("{file}, line {line}: column {number} has cells, but no name in the header. Name it or remove it."),
        file=path,
        number=number,
        line=line,
    )


def _each_once(names: list[str]) -> tuple[str, ...]:
    taken, once = set(names), []
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += bool(name)
        own = name
        while seen[name] > 1 and (own := f"{name} ({seen[name]})") in taken:
            seen[name] += 1
        taken.add(own)
        once.append(own)
    return tuple(once)


def refuse_repeated(source: Source, tolerated: Collection[str] = ()) -> None:
    """Raises ListError where the header repeats a name that is not tolerated: which of them is meant?"""
    repeated = [name for name in source.repeated if name not in tolerated]
    if repeated:
        raise ListError(
            mark("{file}: the header has the column {columns} more than once. Rename or remove one of them."),
            file=source.path,
            columns=", ".join(repeated),
        )


def refuse_damaged(sheet: Sheet) -> None:
    """Refuse a list of the shop's own making that has a damaged row. Raises ListError naming the first."""
    if not sheet.damaged:
        return
    row = min(sheet.damaged)
    damage = sheet.damaged[row]
    raise ListError(
        mark("{file}, line {line}: {reason} ({note}). Mend the row; cells that hold a separator stand in quotes."),
        file=sheet.file.path,
        line=int(sheet.lines[row]),
        reason=ListError(reason_words(damage.reason)),
        note=damage.note,
    )
