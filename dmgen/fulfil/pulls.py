"""Pull lists: the pieces that somebody must take out of the pile, in the order in which they lie there."""

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from dmgen.errors import LedgerError
from dmgen.fulfil.folder import MANIFEST, PARTIAL, PULLS, explained
from dmgen.fulfil.tables import read_table, write_table
from dmgen.messages import mark

PULL = "pull.csv"


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
    taken = [int(entry.name) for entry in (job / room).glob("*") if entry.name.isdecimal()]
    return job / room / f"{max(taken, default=0) + 1:03d}"


def write_pulls(file: Path, pulls: Iterable[Pull]) -> Path:
    """Write a pull list, which appears whole. Raises OutputError where it cannot be written."""
    with explained(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        partial = file.with_name(file.name + PARTIAL)
        write_table(partial, PULL_COLUMNS, pulls)
        return partial.replace(file)


def keep_pulls(job: Path, pulls: Iterable[Pull]) -> Path:
    """Write a pull list beside the job, or pile, that it belongs to, under a number of its own.

    The number is nobody else's, though the shops of a pile write at the same moment. Raises OutputError.
    """
    with explained(job):
        while True:
            folder = next_folder(job, PULLS)
            folder.parent.mkdir(exist_ok=True)
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            return write_pulls(folder / PULL, pulls)


@contextmanager
def kept_pulls(
    lists: Mapping[Path, Iterable[Pull]], whole: Path | None = None, pulls: Iterable[Pull] = ()
) -> Iterator[list[Path]]:
    """Pull lists by the job or pile beside which they lie, and one of all `pulls` in the file `whole`.

    They are taken away again where the block ends badly: what they say could not be recorded then.
    """
    files: list[Path] = []
    try:
        if whole:
            files.append(write_pulls(whole, pulls))
        for folder, own in lists.items():
            files.append(keep_pulls(folder, own))
        yield files
    except BaseException:
        for file in files:
            file.unlink(missing_ok=True)
            if file != whole:
                with suppress(OSError):
                    file.parent.rmdir()
        raise
