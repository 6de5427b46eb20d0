"""The pile of a batch: the pages of all jobs in packing order, between the first campaign's separators and slips."""

import hashlib
import pickle
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from dmgen.errors import DmgenError
from dmgen.fulfil import (
    PILE_COLUMNS,
    PILE_TABLE,
    SHEETS,
    BatchPlan,
    PileFolder,
    collate,
    explained,
    plan_waves,
    read_table,
    write_table,
)
from dmgen.messages import mark
from dmgen.model.campaign import Segment
from dmgen.model.parcel import Packing, ParcelOutcome
from dmgen.model.production import Batch
from dmgen.packing_files import write_pile_files
from dmgen.planning.plan import Plan, Progress
from dmgen.press import Leaf, join
from dmgen.produce import Kit, Print, print_batch
from dmgen.timings import timed
from dmgen.together.claims import Place
from dmgen.together.planned import Together
from dmgen.together.sources import Source
from dmgen.warehouse import PackLine

_PIECES = "pieces"


class Item(NamedTuple):
    """What lies in the pile: the piece of a place, or a sheet (of a place, if it is a slip), and its pages."""

    leaf: Leaf
    place: Place | None
    piece_id: str = ""


@dataclass(frozen=True)
class PileFile:
    """One print file of the pile; `items` are in packing order, in a `turned` file they are printed from the end."""

    file: str
    wave: str
    items: tuple[Item, ...]
    turned: bool
    frame: Path

    def printed(self) -> Iterator[Item]:
        """The items as they come in the file."""
        return reversed(self.items) if self.turned else iter(self.items)


class _Joining(NamedTuple):
    frame: Path
    leaves: tuple[Leaf, ...]
    target: Path


def pile_name(jobs: Sequence[str]) -> str:
    """What the pile of these jobs is called, for people and in the codes of its separators."""
    return f"pile-{hashlib.sha256(' '.join(jobs).encode()).hexdigest()[:6]}"


@timed(mark("make the pile"))
def make_pile(together: Together, sources: Sequence[Source], folder: PileFolder, progress: Progress) -> list[PileFile]:
    """Write the print files and pile.csv of a pile. Raises PreflightError where a job has not what the plan says."""
    name = pile_name([source.job for source in sources])
    with explained(folder.path):
        batches = list(_batches(together, name))
        frames = list(_frames(together.plans[0], batches, folder, name))
        files = [_file(batch, together, sources, *frame) for batch, frame in zip(batches, frames, strict=True)]
        jobs = [
            _Joining(one.frame, tuple(item.leaf for item in one.printed()), folder.partial / one.file) for one in files
        ]
        progress("pile", 0, len(jobs))
        for done, _ in enumerate(together.workshop.each(_join, jobs), 1):
            progress("pile", done, len(jobs))
        write_table(folder.partial / PILE_TABLE, PILE_COLUMNS, _rows(together, sources, files))
    return files


@timed(mark("write packing files"))
def write_for_warehouse(
    together: Together, sources: Sequence[Source], files: Sequence[PileFile], folder: PileFolder
) -> list[DmgenError]:
    """What the warehouse packs the pile from, over all shops; returns what to look at."""
    first, name = together.plans[0], pile_name([source.job for source in sources])
    where = _where(files)
    lines = [_line(place, sources, where.get(place.parcel.place)) for place in together.places]
    with explained(folder.path):
        return write_pile_files(first.campaign, name, lines, together.workshop, folder.partial)


def _line(place: Place, sources: Sequence[Source], lying: tuple[str, int, str] | None) -> PackLine:
    parcel, packing = place.parcel, place.packing
    campaign = sources[place.campaign].campaign if place.campaign is not None else None
    return PackLine(
        place=parcel.place,
        wave=parcel.wave,
        position=parcel.position,
        shipment_id=parcel.shipment_id,
        orders=parcel.orders,
        key=parcel.key,
        outcome=packing.outcome if packing else ParcelOutcome.EMPTY,
        reason=place.reason,
        piece_id=lying[2] if lying else "",
        segment=packing.segment if packing else "",
        label=f"{campaign.shop.id} {campaign.id}" if campaign else place.shop,
    )


def _join(_: object, job: _Joining) -> None:
    join(job.frame, job.leaves, job.target)


def _batches(together: Together, name: str) -> Iterator[BatchPlan]:
    """The files of the pile: waves and parts as those of a single job, by the first campaign's rules."""
    first = together.plans[0].campaign
    one = Segment(_PIECES, "", first.segments[0].layout)
    joint = replace(first, id=name, segments=(one,), parcels=together.rules)
    packings = [
        Packing(place.parcel, place.packing.outcome, "", number, _PIECES)
        if place.packing
        else Packing(place.parcel, ParcelOutcome.EMPTY, place.reason)
        for number, place in enumerate(together.places)
    ]
    return plan_waves(joint, packings)


def _frames(
    plan: Plan, batches: Sequence[BatchPlan], folder: PileFolder, name: str
) -> Iterator[tuple[Path, list[tuple[int, int]]]]:
    """For each file one that holds its separator and slips, and says what a print file says; their pages in it."""
    kit: Kit = replace(plan.kit, press=replace(plan.kit.press, title=f"{name} {plan.campaign.drop}"))
    names = []
    for number, batch in enumerate(batches, 1):
        frame = Batch(number, (), f"frame-{number:04d}.pdf", 1, [], [], lot=batch.lot, sheets=batch.sheets)
        path = folder.work / f"{number:06d}.batch"
        path.write_bytes(pickle.dumps(frame, pickle.HIGHEST_PROTOCOL))
        print_batch(kit, Print(path, folder.work))
        names.append(frame.file)
    collate(folder.work, folder.work, len(batches), sheets=True)
    pages: dict[str, list[tuple[int, int]]] = {file: [] for file in names}
    for row in read_table(folder.work / SHEETS):
        pages[row["file"]].append((int(row["first_page"]), int(row["last_page"])))
    for file in names:
        yield folder.work / file, pages[file]


def _file(
    batch: BatchPlan,
    together: Together,
    sources: Sequence[Source],
    frame: Path,
    sheet_pages: Sequence[tuple[int, int]],
) -> PileFile:
    """A file's items: its pieces where the jobs have them, its sheets where the frame has them."""
    first = together.plans[0].campaign
    sides = first.layouts[first.segments[0].layout].sides
    waiting = deque(zip(batch.sheets, sheet_pages, strict=True))
    items: list[Item] = []

    def lay_sheets(until: int) -> None:
        while waiting and waiting[0][0].before <= until:
            sheet, pages = waiting.popleft()
            place = int(str(sheet.cells.get("place", 0)))  # counts from 1; a separator has none
            leaf = Leaf(frame, _in_print_order(*pages, sides, from_end=batch.turned))
            items.append(Item(leaf, together.places[place - 1] if place else None))

    for count, number in enumerate(position for section in batch.sections for position in section.positions):
        lay_sheets(count)
        items.append(_piece(together.places[number], sources, sides, from_end=batch.turned))
    lay_sheets(batch.pieces)
    return PileFile(batch.file, batch.lot.name if batch.lot else "", tuple(items), batch.turned, frame)


def _piece(place: Place, sources: Sequence[Source], sides: int, *, from_end: bool) -> Item:
    source = sources[place.campaign or 0]
    row = source.pieces[place.parcel.shipment_id]
    pages = _in_print_order(int(row["first_page"]), int(row["last_page"]), sides, from_end=from_end)
    return Item(Leaf(source.folder / row["file"], pages, place.parcel.place), place, row["piece_id"])


def _in_print_order(first: int, last: int, sides: int, *, from_end: bool) -> tuple[int, ...]:
    """The pages of a piece sheet by sheet; `from_end`, its last sheet comes first."""
    starts = range(first, last + 1, sides)
    in_order = reversed(starts) if from_end else starts
    return tuple(page for start in in_order for page in range(start, min(start + sides, last + 1)))


def _rows(together: Together, sources: Sequence[Source], files: Sequence[PileFile]) -> Iterator[tuple[str | int, ...]]:
    """pile.csv: a row a parcel in packing order; what lies in it by its ids only, and the first page of its sheet."""
    where = _where(files)
    for place in together.places:
        parcel = place.parcel
        source = sources[place.campaign] if place.campaign is not None else None
        file, page, piece_id = where.get(parcel.place, ("", 0, ""))
        yield (
            *(parcel.place, parcel.wave, parcel.position, parcel.shipment_id, place.shop),
            *((source.campaign.id, source.job) if source else ("", "")),
            *(piece_id, parcel.key, file, page or ""),
            *(";".join(parcel.orders), parcel.tracking),
        )


def _where(files: Sequence[PileFile]) -> dict[int, tuple[str, int, str]]:
    """By place the file in which its sheet lies, the first page there, and the piece's id ("" for a slip)."""
    where: dict[int, tuple[str, int, str]] = {}
    for one in files:
        page = 1
        for item in one.printed():
            if item.place:
                where[item.place.parcel.place] = (one.file, page, item.piece_id)
            page += len(item.leaf.pages)
    return where
