"""The work of one batch: fit what will be printed, then print what was issued."""

import pickle
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from dmgen.errors import CampaignError, PreflightError
from dmgen.fulfil import BatchTables, explained
from dmgen.layout import Master, SetError
from dmgen.messages import mark
from dmgen.model.contents import PageContents
from dmgen.model.production import Batch, BatchResult, Numbers, Row
from dmgen.model.recipient import fingerprint
from dmgen.press import Group, Piece, PressKit, PrintFile


@dataclass(frozen=True)
class Kit:
    """What every worker needs, made once by the parent: masters by segment, and the press's forms and fonts.

    `sheets` are the masters of what lies between letters that go into parcels: "separator" and "slip".
    """

    masters: dict[str, Master]
    press: PressKit
    sheets: dict[str, Master] = field(default_factory=dict)


class Fitting(NamedTuple):
    """Rows of one segment to be fitted, each with placeholders as wide as any number that may be issued to it.

    Rows that are due the same share one object.
    """

    segment: str
    rows: list[Row]
    placeholders: list[Numbers]


class Misfit(NamedTuple):
    """A row that cannot be set as it should be: its place among the rows, and why.

    `field` is the column of the list where it is to be mended, or else the slot.
    """

    place: int
    reason: str
    field: str
    value: str


class Fitted(NamedTuple):
    """The rows that get no piece, and the faults of those that get one all the same."""

    misfits: list[Misfit]
    warnings: list[Misfit]


class Print(NamedTuple):
    """A batch to print: the file that holds it, the folder of the unfinished job, and the commitment of its lottery."""

    batch: Path
    folder: Path
    commitment: str = ""


Numbered = tuple[int, tuple[Row, Numbers]]
"""A piece's sequence with its row and numbers."""


class Shell(NamedTuple):
    """The pre-printed paper of a segment: the file that it is printed from, and the folder of the unfinished job."""

    segment: str
    file: str
    folder: Path


WIDEST_SEQUENCE = 8_888_888
_STRETCH = 200  # pieces that are composed, drawn and listed step by step


def fit(kit: Kit, job: Fitting) -> Fitted:
    """The rows that could not be printed. What passes here is never rejected while composing.

    Raises CampaignError if the words fail for every row: then they are at fault, not a customer's cell.
    """
    master = kit.masters[job.segment]
    misfits: list[Misfit] = []
    warnings: list[Misfit] = []
    failures: list[CampaignError] = []
    common_fits: set[int] = set()  # the placeholders with which what is nobody's own has been found to fit
    for place, (row, widest) in enumerate(zip(job.rows, job.placeholders, strict=True)):
        faults: list[SetError] = []
        known = id(widest) in common_fits
        try:
            master.set_piece(row, widest, WIDEST_SEQUENCE, personal_only=known, warnings=faults)
        except SetError as error:
            misfits.append(Misfit(place, error.reason, error.field, error.value))
        except CampaignError as error:
            misfits.append(Misfit(place, "words_failed", str(error.values.get("key", "")), ""))
            failures.append(error)
        else:
            if not (known or faults):
                common_fits.add(id(widest))
            warnings += dict.fromkeys(Misfit(place, fault.reason, fault.field, fault.value) for fault in faults)
    if failures and len(failures) == len(job.rows):
        raise failures[0]
    return Fitted(misfits, warnings)


def print_batch(kit: Kit, job: Print) -> BatchResult:
    """Write one print file and its parts of the manifest. Raises OutputError where they cannot be written."""
    batch: Batch = pickle.loads(job.batch.read_bytes())  # noqa: S301  our own file, written by the parent
    path = job.folder / batch.file
    with explained(path):
        with path.open("wb", buffering=1 << 18) as out, closing(BatchTables(job.batch.parent, batch)) as tables:
            file = PrintFile(out, kit.press, Group(batch.segment, batch.number))
            _print_pieces(kit.masters[batch.segment].sealed(job.commitment), batch, file, tables)
            file.close()
        job.batch.unlink()
    return BatchResult(batch.number, batch.segment, batch.file, len(batch.rows), file.pages, file.size, file.digest)


def print_shell(kit: Kit, job: Shell) -> BatchResult:
    """Write what is the same on all letters of a segment, once. Raises OutputError where it cannot be written."""
    path = job.folder / job.file
    pages = kit.masters[job.segment].set_shell()
    with explained(path), path.open("wb") as out:
        file = PrintFile(out, kit.press, Group(job.segment, 0))
        file.add(pages, [Piece(len(pages), f"shell-{job.segment}", 0)] if file.wants_pieces else ())
        file.close()
    return BatchResult(0, job.segment, job.file, 0, file.pages, file.size, file.digest)


def _print_pieces(master: Master, batch: Batch, file: PrintFile, tables: BatchTables) -> None:
    pieces = enumerate(zip(batch.rows, batch.numbers, strict=True), batch.first_sequence)
    while stretch := list(islice(pieces, _STRETCH)):
        first = file.pages + 1
        pages = [master.set_piece(row, numbers, sequence) for sequence, (row, numbers) in stretch]
        file.add(list(chain.from_iterable(pages)), _parts(stretch, pages) if file.wants_pieces else ())
        for (sequence, (row, numbers)), own in zip(stretch, pages, strict=True):
            _check_person(row)
            marker = master.marker_of(row, numbers, sequence)
            tables.add(row, numbers, sequence, (first, first + len(own) - 1), marker)
            first += len(own)


def _parts(stretch: list[Numbered], pages: list[list[PageContents]]) -> list[Piece]:
    """What document parts say of their pieces."""
    return [
        Piece(len(own), numbers.piece_id, sequence, str(row["postal_code"]))
        for (sequence, (row, numbers)), own in zip(stretch, pages, strict=True)
    ]


def _check_person(row: Row) -> None:
    """Name and address must still be those that were imported together."""
    person = (str(row["customer_id"]), str(row["name"]), str(row["postal_code"]), str(row["address"]))
    if fingerprint(*person) != row["fingerprint"]:
        raise PreflightError(
            mark("a name and an address no longer belong together: nothing is released; please report this fault")
        )
