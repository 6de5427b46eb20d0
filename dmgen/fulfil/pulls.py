"""Pull lists: the pieces that somebody must take out of the pile, in the order in which they lie there."""

import csv
from collections.abc import Collection, Iterable
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

    `packed` is the shipment into which it was scanned already ("": none), `page` the first one of it in `file`.
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
    taken = [int(entry.name) for entry in (job / room).glob("*") if entry.name.isdecimal()]
    return job / room / f"{max(taken, default=0) + 1:03d}"


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


def keep_pulls(job: Path, pulls: Collection[Pull], day: date, why: str) -> Path:
    """Write a pull list beside the job that it belongs to, under a number of its own; the pieces are void since `day`.

    Raises OutputError.
    """
    folder = next_folder(job, PULLS)
    write_void_pieces(folder, (VoidPiece(pull.piece_id, day, why) for pull in pulls))
    return write_pulls(folder / PULL, pulls)
