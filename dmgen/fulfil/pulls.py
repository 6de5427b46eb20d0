"""Pull lists: the pieces that somebody must take out of the pile, in the order in which they lie there."""

import csv
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from dmgen.errors import LedgerError
from dmgen.fulfil.folder import MANIFEST, PARTIAL, PULLS, explained
from dmgen.fulfil.tables import read_table, write_table
from dmgen.messages import mark

PULL = "pull.csv"
VOID_PIECES = "void-pieces.csv"  # beside a pull list, and in VOIDS


class Pull(NamedTuple):
    """A piece to take out: where it lies, why, and where to put it instead; without `put_into_*` it is destroyed.

    `packed` is the shipment into which it was scanned already ("": none), `page` the first one of it in `file`, which
    is the job's, or that of the `pile` in which it lies with the letters of other jobs.
    """

    piece_id: str
    wave: str = ""
    position: str = ""
    shipment_id: str = ""
    match_key: str = ""
    why: str = ""
    put_into_shipment: str = ""
    put_into_wave: str = ""
    put_into_position: str = ""
    packed: str = ""
    job: str = ""
    file: str = ""
    page: str = ""
    sequence: str = ""
    pile: str = ""


PULL_COLUMNS = Pull._fields


class VoidPiece(NamedTuple):
    """A piece that nobody gets any more, since when and why, as the ledger was told: a lost one is told it again."""

    piece_id: str
    day: date
    why: str


class Lying(NamedTuple):
    """Where a piece was printed: file, first page in it, sequence in the job."""

    file: str
    page: str
    sequence: str


def lying_in(job: Path, piece_ids: Collection[str]) -> dict[str, Lying]:
    """Where pieces of a job lie, by its manifest. Raises LedgerError where that cannot be read."""
    manifest = job / MANIFEST
    try:
        return {
            row["piece_id"]: Lying(row["file"], row["first_page"], row["sequence"])
            for row in read_table(manifest)
            if row["piece_id"] in piece_ids
        }
    except (OSError, ValueError, LookupError, csv.Error) as error:
        raise LedgerError(
            mark("{file}: cannot be read as it was written ({problem}). Put the job's own file back."),
            file=manifest,
            problem=type(error).__name__,
        ) from None


def next_folder(job: Path, room: str) -> Path:
    """The next unused folder of a room of a job folder: 001, 002 …"""
    taken = numbered_folders(job / room)
    return job / room / f"{int(taken[-1].name) + 1 if taken else 1:03d}"


def numbered_folders(room: Path) -> list[Path]:
    """The folders of a room of a job folder, in the order in which they were made."""
    return sorted((entry for entry in room.glob("*") if entry.name.isdecimal()), key=lambda entry: int(entry.name))


def write_void_pieces(folder: Path, pieces: Iterable[VoidPiece]) -> Path:
    """Write beside lists of what to do what the ledger is told; it appears whole. Raises OutputError."""
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        partial = folder / (VOID_PIECES + PARTIAL)
        write_table(partial, VoidPiece._fields, pieces)
        return partial.replace(folder / VOID_PIECES)


def write_pulls(file: Path, pulls: Iterable[Pull]) -> Path:
    """Write a pull list, which appears whole. Raises OutputError where it cannot be written."""
    with explained(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_name(file.name + PARTIAL)
        write_table(partial, PULL_COLUMNS, pulls)
        return partial.replace(file)


@contextmanager
def kept_pulls(
    lists: Mapping[Path, Iterable[Pull]],
    void: Mapping[Path, Iterable[VoidPiece]] | None = None,
    *,
    whole: Path | None = None,
    pulls: Iterable[Pull] = (),
) -> Iterator[list[Path]]:
    """Pull lists by the job or pile beside which they lie, and one of all `pulls` in the file `whole`, a new one.

    Each lies under a number of its own, with what the ledger is told of the `void` pieces. They are taken away again
    where the block ends badly: what they say could not be recorded then. Raises OutputError.
    """
    files: list[Path] = []
    own: list[Path] = []
    try:
        if whole:
            files.append(write_pulls(whole, pulls))
        for place, some in lists.items():
            own.append(_new_folder(place))
            if void and place in void:
                write_void_pieces(own[-1], void[place])
            files.append(write_pulls(own[-1] / PULL, some))
        yield files
    except BaseException:
        for folder in own:
            shutil.rmtree(folder, ignore_errors=True)
        if whole in files:
            whole.unlink(missing_ok=True)
        raise


def _new_folder(job: Path) -> Path:
    """A folder that is nobody else's, though the shops of a pile write at the same moment."""
    with explained(job):
        while True:
            folder = next_folder(job, PULLS)
            folder.parent.mkdir(exist_ok=True)
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            return folder
