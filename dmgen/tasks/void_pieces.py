"""`dmgen void`: pieces of a job whose codes are no longer good, told to the ledger, the packing plan and the shop."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dmgen.afterwards import open_ledger
from dmgen.errors import DmgenError, UsageError
from dmgen.fulfil import (
    CODE_COLUMNS,
    CODES,
    MANIFEST,
    VOIDS,
    Pull,
    VoidPiece,
    explained,
    kept_pulls,
    read_table,
    write_table,
    write_void_pieces,
)
from dmgen.ledger import Event, Ledger, What
from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Shop
from dmgen.model.offer import CodeKind, CodeSource, DropKey
from dmgen.model.parcel import ParcelOutcome, PlannedParcel
from dmgen.model.production import JobRecord, JobState
from dmgen.offers import coupon
from dmgen.tasks import offers_export, offers_fates
from dmgen.tasks.offers_export import Exported
from dmgen.tasks.offers_fates import Voided
from dmgen.tasks.piles import lay_in_piles
from dmgen.tasks.released_job import ReleasedJob, named_job
from dmgen.tasks.some_pieces import Named, Rows, some_pieces

VOID_CODES = "void-codes.csv"
VOID_COLUMNS = (*CODE_COLUMNS[:3], "printed", *CODE_COLUMNS[3:])
EMPTY_REASON = "void"  # of a parcel whose piece is void: nothing goes in
_STANDING = (JobState.READY, JobState.SENT)


@dataclass(frozen=True)
class VoidedPieces:
    """What became void. `pieces` were meant, of which so many `known` before; `parcels` have nothing to pack now.

    `codes` are by kind what became of their codes, and `shared` those that everybody has: they stay good. `file` is the
    list of all codes of the job that are void, `rows` of them, `cart` what the cart takes to withdraw them, where it
    was asked for. `pulls` are the letters to take out now of a job that is not sent, `lists` the files that say so.
    """

    job: str
    pieces: int
    known: int
    parcels: int
    codes: Voided
    shared: tuple[str, ...]
    file: Path
    rows: int
    cart: Exported | None
    pulls: tuple[Pull, ...]
    lists: tuple[Path, ...]
    remarks: tuple[DmgenError, ...]

    def as_json(self, speaker: Speaker) -> dict[str, Any]:
        """The numbers, for other programs."""
        facts = {fact: getattr(self, fact) for fact in ("job", "pieces", "known", "parcels", "rows")}
        cart = {"folder": str(self.cart.folder), **self.cart.as_json(speaker)} if self.cart else None
        return {
            **facts,
            "codes": self.codes.as_json(),
            "stay_good": list(self.shared),
            "file": str(self.file),
            "cart": cart,
            "pulls": [pull._asdict() for pull in self.pulls],
            "lists": [str(file) for file in self.lists],
            "remarks": [speaker.error(remark) for remark in self.remarks],
        }


def void_pieces(
    shop: Shop, job: str, named: Named, reason: str, out: Path | None, form: str | None, speaker: Speaker
) -> VoidedPieces:
    """Make pieces of a released job void: their codes, and their places in the parcels. Again, it changes nothing.

    A used code stays used, a code that everybody has stays good; both are told. With `form` (of carts.FORMATS) the
    files are written with which the cart withdraws what is void. Raises what `some_pieces`, `named_job` and
    `offers_fates.void` raise, and UsageError without a reason.
    """
    if not reason.strip():
        raise UsageError(mark('say why, for the call centre: --reason "cut off at the fold" (and nobody\'s name)'))
    ledger = open_ledger(shop)
    with ledger.hold(shop.id):
        source = named_job(ledger, shop.id, job, (MANIFEST, CODES))
        rows, of_others = some_pieces(ledger, shop, source, named)
        pieces = [row["piece_id"] for row in rows]
        voided = offers_fates.void(shop, pieces, None, reason)
        known = {event.piece_id for event in ledger.events(shop.id, pieces) if event.what is What.VOIDED}
        fresh = [piece for piece in pieces if piece not in known]
        told = {"reason": reason.strip()}
        events = [Event(source.record.id, piece, What.VOIDED, told) for piece in fresh]
        laid = lay_in_piles(ledger, _pulls(ledger, source, rows))
        with kept_pulls(({source.folder: laid.pulls} if laid.pulls else {}) | laid.lists) as lists:
            parcels = _empty(ledger, source.record, set(pieces), events)
        write_void_pieces(source.folder / VOIDS, _void_pieces(ledger, source.record.id, ZoneInfo(shop.time_zone)))
        remarks = (*of_others, *laid.remarks)
    folder = out or source.folder / VOIDS
    cart = offers_export.export(shop, job, form, folder / form, speaker, only_void=True) if form else None
    file, listed = _list(ledger, source, folder)
    return VoidedPieces(
        job=source.record.id,
        pieces=len(pieces),
        known=len(known),
        parcels=parcels,
        codes=voided,
        shared=_shared(source, set(pieces)),
        file=file,
        rows=listed,
        cart=cart,
        pulls=tuple(laid.pulls),
        lists=tuple(lists),
        remarks=remarks,
    )


def _pulls(ledger: Ledger, job: ReleasedJob, rows: Rows) -> list[Pull]:
    """The letters to take out now, packed ones first; of a job that is sent none, for they are gone."""
    if job.record.state is JobState.SENT:
        return []
    base = job.record.part_of or job.record.id
    now = {one.piece_id: one for one in ledger.parcels(base) if one.piece_id}
    packed, gone = ledger.packed_in(base), ledger.taken_out(job.record.shop, {base, job.record.id})
    pulls = []
    for row in (row for row in rows if row["piece_id"] not in gone):
        piece, parcel = row["piece_id"], now.get(row["piece_id"])
        at = (parcel.wave, parcel.position, parcel.shipment_id, parcel.key) if parcel else ()
        pull = Pull(piece, *at)._replace(why=EMPTY_REASON, packed=packed.get(piece, ""), job=job.record.id)
        pulls.append(pull._replace(file=row["file"], page=row["first_page"], sequence=row["sequence"]))
    return sorted(pulls, key=lambda pull: not pull.packed)


def _shared(job: ReleasedJob, pieces: set[str]) -> tuple[str, ...]:
    """The codes on these pieces that everybody in the drop has."""
    offers = _offers_with(job, CodeSource.SHARED)
    rows = read_table(job.folder / CODES)
    return tuple(sorted({row["code"] for row in rows if row["piece_id"] in pieces and row["name"] in offers}))


def _offers_with(job: ReleasedJob, codes: CodeSource) -> set[str]:
    return {one["id"] for one in job.ticket["settings"]["offers"] if one["codes"] == codes.value}


def _empty(ledger: Ledger, job: JobRecord, pieces: set[str], events: list[Event]) -> int:
    """Take the pieces out of the plans of all standing jobs of the drop, and note what happened; parcels changed."""
    changed = 0
    same = [one for one in ledger.jobs(job.shop) if (one.campaign, one.drop) == (job.campaign, job.drop)]
    for one in same:
        plan = ledger.parcels(one.id) if one.state in _STANDING else []
        count = sum(parcel.piece_id in pieces for parcel in plan)
        if count:
            ledger.keep_parcels(one.id, [_without(parcel, pieces) for parcel in plan], events)
            events, changed = [], changed + count
    ledger.note(job.shop, events)
    return changed


def _without(parcel: PlannedParcel, pieces: set[str]) -> PlannedParcel:
    if parcel.piece_id not in pieces:
        return parcel
    return parcel._replace(piece_id="", outcome=ParcelOutcome.EMPTY, reason=EMPTY_REASON)


def _void_pieces(ledger: Ledger, job: str, zone: ZoneInfo) -> Iterator[VoidPiece]:
    """All pieces of the job that were made void, so that a lost ledger can be told again."""
    for event in ledger.job_events(job, What.VOIDED):
        if event.at:
            yield VoidPiece(event.piece_id, event.at.astimezone(zone).date(), event.told["reason"])


def _list(ledger: Ledger, job: ReleasedJob, folder: Path) -> tuple[Path, int]:
    """Write every code of the job that is void, as codes.csv has it and as it is printed."""
    file = folder / VOID_CODES
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(".csv.new")
        count = write_table(beside, VOID_COLUMNS, _void_codes(ledger, job))
        beside.replace(file)
    return file, count


def _void_codes(ledger: Ledger, job: ReleasedJob) -> Iterator[tuple[str, ...]]:
    record = job.record
    key = DropKey(record.shop, record.campaign, record.drop)
    void = {kind.value: ledger.voided(key, kind) for kind in CodeKind}
    pooled = _offers_with(job, CodeSource.POOL)
    for row in read_table(job.folder / CODES):
        if row["code"] in void[row["kind"]]:
            ours = row["kind"] == CodeKind.COUPON.value and row["name"] not in pooled
            printed = coupon.in_fours(row["code"]) if ours else row["code"]
            yield tuple(printed if name == "printed" else row[name] for name in VOID_COLUMNS)
