"""A job brought up to a newer list of its parcels: what to take out, what to move, and the few pieces to print."""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dmgen.afterwards import parts_of, read_ticket, refuse_part
from dmgen.campaign.files import is_file
from dmgen.errors import CampaignError, DmgenError, LedgerError
from dmgen.fulfil import (
    FULFIL,
    MANIFEST,
    PARCELS,
    PULL,
    TICKET,
    VOID_PIECES,
    Pull,
    VoidPiece,
    explained,
    next_folder,
    numbered_folders,
    write_pulls,
    write_void_pieces,
)
from dmgen.ledger import Event, Ledger, Told, What
from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Campaign, Shop
from dmgen.model.offer import DropKey
from dmgen.model.parcel import ParcelOutcome, PlannedParcel
from dmgen.model.production import JobRecord, JobState
from dmgen.model.recipient import Outcome
from dmgen.packed import as_planned
from dmgen.packing_files import write_packing_files
from dmgen.planning.changed import printed_pieces, printed_rows, pulls_of, write_plan
from dmgen.planning.difference import Difference, difference
from dmgen.planning.plan import Plan
from dmgen.reasons import explain_reason
from dmgen.tasks.piles import pile_of
from dmgen.web import language_of

ADDED = "added"  # the folder of the pieces that are printed now, within that of the difference
_SEALED, _BEFORE = "lottery_sealed", "printed_before"
_UNSENT = (JobState.READY, JobState.NOT_RELEASED)


@dataclass(frozen=True)
class Standing:
    """A job of parcels that is printed and not sent: its folder, its job.json, its parcels as they are planned now.

    `parts` are the jobs that complete it, earlier differences.
    """

    record: JobRecord
    folder: Path
    ticket: dict[str, Any]
    parcels: list[PlannedParcel]
    parts: list[JobRecord]

    @property
    def key(self) -> DropKey:
        """The drop that it belongs to."""
        return DropKey(self.record.shop, self.record.campaign, self.record.drop)

    @property
    def as_of(self) -> date:
        """The day up to which it was measured."""
        return date.fromisoformat(self.ticket["settings"]["as_of"])


@dataclass(frozen=True)
class Completed:
    """What a newer list changed in a job. The pieces of before are kept, moved or pulled; `parcels` those of now.

    `folder` holds what to do, None where nothing changed; `part` is the job of what was printed now, if anything was.
    """

    job: str
    before: int
    kept: int
    moved: int
    pulled: int
    added: int
    parcels: dict[str, int]
    pulls: list[Pull] = field(default_factory=list)
    folder: Path | None = None
    part: str = ""
    remarks: tuple[DmgenError, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The numbers and the list, for other programs."""
        facts = ("job", "before", "kept", "moved", "pulled", "added", "parcels")
        return {fact: getattr(self, fact) for fact in facts} | {
            "pulls": [pull._asdict() for pull in self.pulls],
            "folder": str(self.folder) if self.folder else None,
            "part": self.part or None,
        }


def standing_job(ledger: Ledger, shop: Shop, job: str) -> Standing:
    """The job of parcels asked for, by id or folder. Raises LedgerError where it cannot be completed any more."""
    here = is_file(Path(job) / TICKET)
    record = ledger.job(str(read_ticket(Path(job))["job"]) if here else job)
    if record.shop != shop.id:
        raise LedgerError(
            mark("job {job} is of the shop {found}, not of {shop}: give --shop its shop.toml"),
            job=record.id,
            found=record.shop,
            shop=shop.id,
        )
    refuse_part(record)
    if record.state is not JobState.READY:
        raise LedgerError(
            mark(
                "job {job} is {state}, so its parcels are not changed any more: only a job that is ready and not sent "
                "is brought up to date. See the jobs with: dmgen jobs"
            ),
            job=record.id,
            state=record.state.value,
        )
    parcels = ledger.parcels(record.id)
    if not parcels:
        raise LedgerError(
            mark(
                "job {job} has no parcels: it was printed without --shipments, so there is nothing to bring up to date"
            ),
            job=record.id,
        )
    refuse_piled(ledger, record)
    folder = Path(job) if here else Path(record.folder)
    if not is_file(folder / TICKET) or read_ticket(folder)["job"] != record.id:
        raise LedgerError(
            mark("job {job} is not in {folder}, where it was printed: name the folder where it is now"),
            job=record.id,
            folder=folder,
        )
    return Standing(record, folder, read_ticket(folder), parcels, parts_of(ledger, record))


def refuse_piled(ledger: Ledger, job: JobRecord) -> None:
    """Refuse a job whose letters lie in a pile with others'. Raises LedgerError.

    What a newer list changes in one is not to be seen without the others: which parcels another campaign of the shop
    has, and the pile's order, packing lists and carrier's file.
    """
    if piled := pile_of(ledger, job.id):
        raise LedgerError(
            mark(
                "job {job} lies in the pile {pile} ({folder}) with others, and a newer list changes all of them: it is "
                "not brought up to date alone. Make the pile again with the newer list, all campaigns together: dmgen "
                "run A B C --shipments FILE. Every letter keeps its numbers; who said no is left out. Whoever is only "
                "to be stopped: dmgen withdraw, dmgen void"
            ),
            job=job.id,
            pile=piled.name,
            folder=piled.folder,
        )


def refuse_other(campaign: Campaign, job: Standing) -> None:
    """Refuse a folder that is another campaign's. Raises CampaignError."""
    if campaign.key != job.key or not campaign.in_parcels:
        raise CampaignError(
            mark("{folder} is not the campaign {campaign} that job {job} was printed of: name its folder, --campaign"),
            folder=campaign.folder,
            campaign=job.record.campaign,
            job=job.record.id,
        )


def cancel_unplanned(ledger: Ledger, job: Standing) -> None:
    """Cancel what completes a job but was never planned: an earlier difference that was cut off."""
    planned = {one.piece_id for one in job.parcels} | ledger.taken_out(job.record.shop, [job.record.id])
    for part in job.parts:
        if part.state in _UNSENT and not planned & {row["piece_id"] for row in printed_pieces(Path(part.folder))}:
            ledger.cancel(part.id)


def compared(plan: Plan, ledger: Ledger, job: Standing) -> Difference:
    """What the newer list, as it is planned, changes in a job; `leave_out_spent` went before."""
    found = difference(job.parcels, _wanted(plan), ledger.packed_in(job.record.id))
    return found.without_added(_SEALED) if plan.campaign.lottery.is_ours else found


def _wanted(plan: Plan) -> list[PlannedParcel]:
    """The parcels of a plan with whose piece they take; no piece is there yet."""
    pieces = [one.piece for one in plan.packings if one.piece is not None]
    who = (str(row["customer_id"]) for row in plan.audience.stream(pieces, ("customer_id",)))
    return [as_planned(one, one.parcel.customer_id if one.piece is None else next(who)) for one in plan.packings]


def narrow_to(plan: Plan, found: Difference, folder: Path) -> None:
    """Leave in a plan what is to be printed now; whose piece was printed before has that as the reason."""
    added = {one.shipment_id for one in found.added}
    new = [one for one in plan.packings if one.parcel.shipment_id in added]
    rest = [one.piece for one in plan.packings if one.piece is not None and one.parcel.shipment_id not in added]
    plan.audience.settle(rest, Outcome.NO_PARCEL, "parcels", _BEFORE)
    plan.packings, plan.series = new, f"f{folder.name}-"


@contextmanager
def difference_folder(job: Standing) -> Iterator[Path]:
    """The folder of the next difference; what is not finished is taken away again, now or by the next one."""
    for entry in numbered_folders(job.folder / FULFIL):
        if not is_file(entry / PARCELS):
            with explained(entry):
                shutil.rmtree(entry)
    folder = next_folder(job.folder, FULFIL)
    try:
        yield folder
    except BaseException:
        for name in (PARCELS, MANIFEST, PULL, VOID_PIECES):
            (folder / name).unlink(missing_ok=True)
        raise


def settle(plan: Plan, ledger: Ledger, job: Standing, found: Difference, folder: Path, part: str = "") -> Completed:
    """Write what to do into the folder of a difference, and let it be the job's plan from now on.

    `part` is the job of what was printed now. Raises OutputError where the lists cannot be written: nothing is changed.
    """
    pieces = ledger.pieces_of(job.key, [one.recipient for one in found.added])
    planned = found.with_pieces(pieces)
    printed = [(job.record.id, job.folder), *((one.id, Path(one.folder)) for one in job.parts if one.state in _UNSENT)]
    rows = printed_rows(job.folder, [*printed, *([(part, folder / ADDED)] if part else [])])
    pulls = pulls_of(found, rows, ledger.packed_in(job.record.id), job.record.id)
    shop = plan.campaign.shop
    speaker, today = Speaker(language_of(shop)), datetime.now(ZoneInfo(shop.time_zone)).date()
    out = {one.before.piece_id: Told(today, explain_reason(one.why, speaker)) for one in found.pulled}
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_void_pieces(folder, (VoidPiece(piece, *told) for piece, told in out.items()))
        write_pulls(folder / PULL, pulls)
        write_plan(planned, rows, folder)
        remarks = write_packing_files(plan.campaign, plan.workshop, folder)
    own = ledger.codes_of_pieces(shop.id, list(out))
    void = {place: out[piece] for piece, places in own.items() for place in places}
    ledger.keep_parcels(job.record.id, planned, _happened(job.record.id, found, pieces, part), void)
    return _completed(job, found, planned, pulls, folder, part, tuple(remarks))


def unchanged(job: Standing, found: Difference) -> Completed:
    """The newer list says what the job's plan says already."""
    return _completed(job, found, found.plan)


def _completed(
    job: Standing,
    found: Difference,
    planned: Sequence[PlannedParcel],
    pulls: list[Pull] | None = None,
    folder: Path | None = None,
    part: str = "",
    remarks: tuple[DmgenError, ...] = (),
) -> Completed:
    counts = Counter(
        f"empty.{one.reason}" if one.outcome is ParcelOutcome.EMPTY else one.outcome.value for one in planned
    )
    return Completed(
        job=job.record.id,
        before=sum(bool(one.piece_id) for one in job.parcels),
        kept=len(found.kept),
        moved=len(found.moved),
        pulled=len(found.pulled),
        added=len(found.added),
        parcels=dict(sorted(counts.items())),
        pulls=pulls or [],
        folder=folder,
        part=part,
        remarks=remarks,
    )


def _happened(job: str, found: Difference, pieces: dict[str, str], part: str) -> Iterator[Event]:
    for before, after in found.moved:
        told = {"from": before.shipment_id, "to": after.shipment_id, "wave": after.wave, "position": after.position}
        yield Event(job, before.piece_id, What.MOVED, told)
    for out in found.pulled:
        yield Event(job, out.before.piece_id, What.PULLED, {"shipment": out.before.shipment_id, "why": out.why})
    for one in found.added:
        told = {"shipment": one.shipment_id, "printed_in": part}
        yield Event(job, pieces[one.recipient], What.PACKED, told)
