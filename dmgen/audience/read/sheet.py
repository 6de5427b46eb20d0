"""The cells of a list file, and what every kind of list file has in common."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dmgen.errors import DmgenError, ListError
from dmgen.messages import mark

BOM = b"\xef\xbb\xbf"  # UTF-8


@dataclass(frozen=True, slots=True)
class InputFile:
    """A list as it was read, for the job's record; blank rows are not rows. `remarks`: how it was understood."""

    path: Path
    sha256: str
    rows: int
    blank: int = 0
    remarks: tuple[DmgenError, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a list: `lines` says where each row begins in the file.

    `ragged` notes rows (by position) with a wrong number of fields; they are padded or cut.
    """

    columns: dict[str, pa.Array]
    lines: NDArray[np.int64]
    ragged: dict[int, str]
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


def checked_header(path: Path, header: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The header's names, stripped and each once, and those that it repeats. Raises ListError for blank ones."""
    names = [name.strip() for name in header]
    if "" in names:
        raise ListError(
            mark("{file}: column {number} has no name in the header. Name it or remove the column."),
            file=path,
            number=names.index("") + 1,
        )
    return _each_once(names), tuple(dict.fromkeys(name for name, n in Counter(names).items() if n > 1))


def _each_once(names: list[str]) -> tuple[str, ...]:
    taken, once = set(names), []
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
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
