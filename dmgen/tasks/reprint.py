"""`dmgen reprint`: sheets that were damaged or lost, taken out of the released print files once more."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dmgen.afterwards import open_ledger
from dmgen.errors import DmgenError, LedgerError
from dmgen.fulfil import CODES, MANIFEST, REPRINTS, WARNINGS, read_table
from dmgen.ledger import CodePlace, Event, Fate, Ledger, PlannedParcel, What
from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Shop
from dmgen.model.offer import CodeKind, DropKey
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
        if WARNINGS in source.ticket["files"]:
            require_unchanged(source, WARNINGS)
        rows = some_pieces(ledger, shop, source, named)
        events = _events(ledger, shop.id, rows)
        _refuse_posted(source, rows)
        plan = ledger.parcels(source.record.part_of or source.record.id)
        now = {parcel.piece_id: parcel for parcel in plan if parcel.piece_id}
        _refuse_dead(ledger, source, events, now)
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
        remarks=tuple(_remarks(ledger, shop.id, rows)),
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


def _refuse_dead(
    ledger: Ledger, job: ReleasedJob, events: dict[str, list[Event]], now: dict[str, PlannedParcel]
) -> None:
    """Raises LedgerError naming the pieces that were taken back, for whatever reason."""
    void = _void(ledger, job)
    dead: dict[str, list[str]] = {}
    for piece, own in events.items():
        happened = {event.what for event in own}
        if What.WITHDRAWN in happened:
            dead.setdefault(What.WITHDRAWN.value, []).append(piece)
        elif piece in void or What.VOIDED in happened:
            dead.setdefault("void", []).append(piece)
        elif piece not in now if now else What.PULLED in happened:  # pulled for another parcel, it stands in the plan
            dead.setdefault(What.PULLED.value, []).append(piece)
    if dead:
        reasons = [LedgerError(_DEAD[why], pieces=some(pieces)) for why, pieces in dead.items()]
        raise LedgerError(
            mark("these pieces are not printed again: {named}. Leave them out and type the command again."),
            named=_joined(reasons),
        )


_DEAD = {
    "void": mark("void: {pieces}"),
    What.PULLED.value: mark("to be taken out of the pile: {pieces}"),
    What.WITHDRAWN.value: mark("their customers want no letters: {pieces}"),
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


def _remarks(ledger: Ledger, shop: str, rows: Rows) -> Iterator[DmgenError]:
    places: set[CodePlace] = set()
    for own in ledger.codes_of_pieces(shop, [row["piece_id"] for row in rows]).values():
        places.update(place for place in own if place.kind is CodeKind.COUPON)
    used = sorted({place.piece_id for place, fates in ledger.fates(places).items() if Fate.USED in fates})
    if used:
        yield LedgerError(
            mark("the coupons of these pieces were used already, so somebody has their letters: {pieces}"),
            pieces=some(used),
        )
