"""The work of one batch: fit what will be printed, then print what was issued."""

import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
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
from dmgen.model.production import NO_NUMBERS, Batch, BatchResult, Lot, LotKind, Numbers, Record, Row, Sheet
from dmgen.model.recipient import fingerprint
from dmgen.press import Group, Piece, PressKit, PrintFile
from dmgen.timings import timed
from dmgen.workshop import Workshop


@dataclass(frozen=True)
class Kit:
    """What every worker needs, made once by the parent: masters by segment, and the press's forms and fonts.

    `sheets` are the masters of sheets that are no pieces, by their kind.
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


class _Piece(NamedTuple):
    """A piece with its sequence and the place of its kind among the batch's."""

    sequence: int
    kind: int
    row: Row
    numbers: Numbers


Leaf = _Piece | Sheet
"""What stands together in a print file."""


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


@timed(mark("print letters"))
def produce(
    workshop: Workshop[Kit], batches: list[Print], progress: Callable[[str, int, int], None]
) -> list[BatchResult]:
    """Print every batch, in one process or several."""
    results: list[BatchResult] = []
    progress("print", 0, len(batches))
    for result in workshop.each(print_batch, batches):
        results.append(result)
        progress("print", len(results), len(batches))
    return results


def print_batch(kit: Kit, job: Print) -> BatchResult:
    """Write one print file and its parts of the manifest. Raises OutputError where they cannot be written."""
    batch: Batch = pickle.loads(job.batch.read_bytes())  # noqa: S301  our own file, written by the parent
    path = job.folder / batch.file
    with explained(path):
        with path.open("wb", buffering=1 << 18) as out, closing(BatchTables(job.batch.parent, batch)) as tables:
            file = PrintFile(out, kit.press, Group(batch.printed_with, batch.number))
            _print_leaves(kit, job, batch, file, tables)
            file.close()
        job.batch.unlink()
    segments = tuple(dict.fromkeys(kind.segment for kind in batch.kinds))
    told = (batch.file, len(batch.rows), file.pages, file.size, file.digest)
    return BatchResult(batch.number, batch.printed_with, segments, *told)


def print_shell(kit: Kit, job: Shell) -> BatchResult:
    """Write what is the same on all letters of a segment, once. Raises OutputError where it cannot be written."""
    path = job.folder / job.file
    pages = kit.masters[job.segment].set_shell()
    with explained(path), path.open("wb") as out:
        file = PrintFile(out, kit.press, Group.of(job.segment))
        file.add(pages, [Piece(len(pages), f"shell-{job.segment}", 0)] if file.wants_pieces else ())
        file.close()
    lot = Lot(LotKind.SEGMENT, job.segment)
    return BatchResult(0, lot, (job.segment,), job.file, 0, file.pages, file.size, file.digest)


def _print_leaves(kit: Kit, job: Print, batch: Batch, file: PrintFile, tables: BatchTables) -> None:
    """Compose, draw and list what the file holds, some hundred leaves at a time.

    A turned file is printed from its end, and listed from its beginning all the same.
    """
    masters = [kit.masters[kind.segment].sealed(job.commitment) for kind in batch.kinds]
    leaves = _leaves(batch)
    waiting: list[tuple[Leaf, tuple[int, int]]] = []
    in_print_order = reversed(list(leaves)) if batch.turned else leaves
    while stretch := list(islice(in_print_order, _STRETCH)):
        page = file.pages + 1
        pages = [_set(kit, masters, leaf, from_end=batch.turned) for leaf in stretch]
        file.add(list(chain.from_iterable(pages)), _parts(batch, stretch, pages) if file.wants_pieces else ())
        for leaf, own in zip(stretch, pages, strict=True):
            waiting.append((leaf, (page, page + len(own) - 1)))
            page += len(own)
        if not batch.turned:
            _list(masters, tables, waiting)
            waiting.clear()
    _list(masters, tables, reversed(waiting))


def _leaves(batch: Batch) -> Iterator[Leaf]:
    """Pieces and sheets in packing order."""
    sheets = deque(batch.sheets)
    kinds = batch.kind_of or (0,) * len(batch.rows)
    for place, (kind, row, numbers) in enumerate(zip(kinds, batch.rows, batch.numbers, strict=True)):
        while sheets and sheets[0].before <= place:
            yield sheets.popleft()
        yield _Piece(batch.first_sequence + place, kind, row, numbers)
    yield from sheets


def _set(kit: Kit, masters: Sequence[Master], leaf: Leaf, *, from_end: bool) -> list[PageContents]:
    """The pages of a leaf; `from_end`, its last sheet comes first."""
    if isinstance(leaf, Sheet):
        master = kit.sheets[leaf.kind]
        pages = master.set_piece({"sheet": Record(leaf.cells)}, NO_NUMBERS, 0)
    else:
        master = masters[leaf.kind]
        pages = master.set_piece(leaf.row, leaf.numbers, leaf.sequence)
    if not from_end:
        return pages
    sides = master.layout.sides
    starts = range(0, len(pages), sides)
    return [page for start in reversed(starts) for page in pages[start : start + sides]]


def _list(masters: Sequence[Master], tables: BatchTables, printed: Iterable[tuple[Leaf, tuple[int, int]]]) -> None:
    for leaf, pages in printed:
        if isinstance(leaf, Sheet):
            tables.add_sheet(leaf, pages)
            continue
        _check_person(leaf.row)
        marker = masters[leaf.kind].marker_of(leaf.row, leaf.numbers, leaf.sequence)
        tables.add(leaf.row, leaf.numbers, leaf.sequence, pages, marker, leaf.kind)


def _parts(batch: Batch, stretch: list[Leaf], pages: list[list[PageContents]]) -> list[Piece]:
    """What document parts say of their pieces."""
    return [
        Piece(len(own), "", 0, sheet=leaf.kind)
        if isinstance(leaf, Sheet)
        else Piece(
            len(own),
            leaf.numbers.piece_id,
            leaf.sequence,
            str(leaf.row["postal_code"]),
            batch.kinds[leaf.kind].segment if batch.lot else "",
        )
        for leaf, own in zip(stretch, pages, strict=True)
    ]


def _check_person(row: Row) -> None:
    """Name and address must still be those that were imported together."""
    person = (str(row["customer_id"]), str(row["name"]), str(row["postal_code"]), str(row["address"]))
    if fingerprint(*person) != row["fingerprint"]:
        raise PreflightError(
            mark("a name and an address no longer belong together: nothing is released; please report this fault")
        )
