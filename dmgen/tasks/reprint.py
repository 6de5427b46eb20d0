"""`dmgen reprint`: sheets that were damaged or lost, taken out of the released print files once more."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmgen.afterwards import open_ledger
from dmgen.errors import DmgenError, LedgerError
from dmgen.fulfil import CODES, MANIFEST, PARCELS, REPRINTS, WARNINGS, read_table
from dmgen.ledger import CodePlace, Event, Fate, Ledger, What, Why
from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Shop
from dmgen.model.offer import CodeKind, DropKey
from dmgen.model.parcel import PlannedParcel
from dmgen.model.production import JobState
from dmgen.tasks.released_job import ReleasedJob, named_job, require_unchanged
from dmgen.tasks.reprint_folder import Reprint, free_number, write_reprint
from dmgen.tasks.some_pieces import Named, Rows, some, some_pieces

if TYPE_CHECKING:
    from dmgen.planning.plan import Progress


@dataclass(frozen=True)
class Reprinted:
    """What was printed again; `again` are pieces whose earlier reprint was not enough, with how often they are now."""

    folder: Path
    job: str
    pieces: int
    files: int
    pages: int
    again: dict[str, int]
    remarks: tuple[DmgenError, ...]

    def as_json(self, speaker: Speaker) -> dict[str, Any]:
        """The numbers, for other programs."""
        facts = {fact: getattr(self, fact) for fact in ("job", "pieces", "files", "pages", "again")}
        return {"folder": str(self.folder), **facts, "remarks": [speaker.error(remark) for remark in self.remarks]}


def reprint(shop: Shop, job: str, named: Named, reason: str, progress: "Progress") -> Reprinted:
    """Print pieces of a released job again, below its folder; the ledger notes it, and nothing new is issued.

    The same pages with the same numbers: the codes are those of the first print, good once. Raises LedgerError,
    writing nothing, for pieces that must not be in anybody's hands and for a job whose files are not as they were
    written; PreflightError where the new files do not read back; and what `some_pieces` raises.
    """
    ledger = open_ledger(shop)
    with ledger.hold(shop.id):
        source = named_job(ledger, shop.id, job, (MANIFEST, CODES))
        for name in (WARNINGS, PARCELS):
            if name in source.ticket["files"]:
                require_unchanged(source, name)
        rows, of_others = some_pieces(ledger, shop, source, named)
        events = _events(ledger, shop.id, rows)
        _refuse_posted(source, rows)
        plan = ledger.parcels(source.record.part_of or source.record.id)
        now = {parcel.piece_id: parcel for parcel in plan if parcel.piece_id}
        _refuse_dead(ledger, source, rows, now)
        times = {piece: 1 + Counter(event.what for event in own)[What.REPRINTED] for piece, own in events.items()}
        made = Reprint(source, free_number(source.folder), rows, times, _moved(rows, now), reason.strip())
        with write_reprint(made, progress) as written:
            told = {"folder": f"{REPRINTS}/{made.name}", "reason": made.reason}
            # Before the folder appears: a sheet that is not in the ledger must not exist.
            ledger.note(
                shop.id,
                (Event(source.record.id, piece, What.REPRINTED, told | {"n": str(n)}) for piece, n in times.items()),
            )
    return Reprinted(
        folder=made.folder,
        job=source.record.id,
        pieces=len(rows),
        files=len(written.prints),
        pages=sum(entry["pages"] for entry in written.prints),
        again={piece: n for piece, n in times.items() if n > 1},
        remarks=(*of_others, *_remarks(ledger, source, rows, now)),
    )


def _events(ledger: Ledger, shop: str, rows: Rows) -> dict[str, list[Event]]:
    """By piece what happened to it, in the manifest's order."""
    found: dict[str, list[Event]] = {row["piece_id"]: [] for row in rows}
    for event in ledger.events(shop, found.keys()):
        found[event.piece_id].append(event)
    return found


def _refuse_posted(job: ReleasedJob, rows: Rows) -> None:
    """Letters that went to the post are with people; those for parcels may still lie in the warehouse."""
    if job.record.state is JobState.SENT and not all(row.get("shipment_id") for row in rows):
        raise LedgerError(
            mark(
                "job {job} was sent on {on}: its letters are with the post, and a second one would be a second letter. "
                "Only pieces for parcels are printed again after that."
            ),
            job=job.record.id,
            on=job.record.sent_on,
        )


def _refuse_dead(ledger: Ledger, job: ReleasedJob, rows: Rows, now: dict[str, PlannedParcel]) -> None:
    """Raises LedgerError naming the pieces that were taken back, for whatever reason."""
    record, pieces = job.record, [row["piece_id"] for row in rows]
    halted = ledger.halts(record.part_of or record.id, record.shop, pieces)
    void = _void(ledger, job)
    dead: dict[Why, list[str]] = {}
    for piece in pieces:
        why = halted[piece].why if piece in halted else Why.VOID if piece in void else None
        if why is Why.UNPLANNED and not now:  # letters that are posted
            why = Why.VOID if piece in void else None
        if why:
            dead.setdefault(why, []).append(piece)
    if dead:
        reasons = [LedgerError(_DEAD[why], pieces=some(found)) for why, found in dead.items()]
        raise LedgerError(
            mark("these pieces are not printed again: {named}. Leave them out and type the command again."),
            named=_joined(reasons),
        )


_DEAD = {
    Why.VOID: mark("void: {pieces}"),
    Why.WITHDRAWN: mark("their customers want no letters: {pieces}"),
    Why.PULLED: mark("to be taken out of the pile: {pieces}"),
    Why.UNPLANNED: mark("in no parcel: {pieces}"),
}


def _joined(reasons: list[LedgerError]) -> DmgenError:
    first, *others = reasons
    for other in others:
        first = LedgerError(mark("{first}; {next}"), first=first, next=other)
    return first


def _void(ledger: Ledger, job: ReleasedJob) -> set[str]:
    """The pieces of a job that show a number which is no longer good, be it everybody's."""
    record = job.record
    key = DropKey(record.shop, record.campaign, record.drop)
    void = {kind.value: ledger.voided(key, kind) for kind in CodeKind}
    if not any(void.values()):
        return set()
    return {row["piece_id"] for row in read_table(job.folder / CODES) if row["code"] in void[row["kind"]]}


def _moved(rows: Rows, now: dict[str, PlannedParcel]) -> dict[str, PlannedParcel]:
    """By piece the parcel that it goes into now, where it was printed for another."""
    return {
        piece: now[piece]
        for row in rows
        if (piece := row["piece_id"]) in now and now[piece].shipment_id != row.get("shipment_id")
    }


def _remarks(ledger: Ledger, job: ReleasedJob, rows: Rows, now: dict[str, PlannedParcel]) -> Iterator[DmgenError]:
    """Pieces that somebody has already, as the cart and the packing tables tell."""
    pieces = [row["piece_id"] for row in rows]
    places: set[CodePlace] = set()
    for own in ledger.codes_of_pieces(job.record.shop, pieces).values():
        places.update(place for place in own if place.kind is CodeKind.COUPON)
    used = {place.piece_id for place, fates in ledger.fates(places).items() if Fate.USED in fates}
    if used:
        yield LedgerError(
            mark("the coupons of these pieces were used already, so somebody has their letters: {pieces}"),
            pieces=some([piece for piece in pieces if piece in used]),
        )
    matched = _matched(ledger, job, pieces) if now else []
    if matched:
        yield LedgerError(
            mark("these pieces were scanned into their parcels: take the old sheets out: {pieces}"),
            pieces=some(matched),
        )


def _matched(ledger: Ledger, job: ReleasedJob, pieces: list[str]) -> list[str]:
    with ledger.scanning(job.record.id) as scanning:
        return [piece for piece in pieces if (found := scanning.piece(piece)) and found.match]
