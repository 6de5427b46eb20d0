"""Pieces scanned into their parcels: what a code stands for at this moment, and each match once."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Row, delete, or_, select, text

from dmgen.ledger.database import Kept
from dmgen.ledger.events import Event, What, note
from dmgen.ledger.halts import Halt, halts
from dmgen.ledger.parcels import keep_parcels, parcels_of, planned_parcel
from dmgen.ledger.tables import events, jobs, matches, parcels, pieces
from dmgen.model.parcel import PlannedParcel
from dmgen.model.production import JobRecord, JobState

T = TypeVar("T")

_OTHERS = 10  # jobs of the shop among which a parcel of another job is looked for
_PACKED_STATES = (JobState.READY.value, JobState.SENT.value)


class Match(NamedTuple):
    """A piece in its parcel: scanned at which station, and when (UTC)."""

    job: str
    piece_id: str
    shipment_id: str
    station: str
    at: datetime


class PieceNow(NamedTuple):
    """A piece of a shop as it stands now. `due` is its parcel in the job; `match` the parcel that it is in."""

    piece_id: str
    shop: str
    job: str  # whose plan holds it: the job scanned, else another one of the shop, "" none
    due: PlannedParcel | None
    match: Match | None
    halt: Halt | None


class ParcelNow(NamedTuple):
    """A parcel of the job as it stands now; `match` is the piece that is in it."""

    parcel: PlannedParcel
    match: Match | None


class Pair(NamedTuple):
    """A piece and a parcel that were scanned together, and whether they are matched by it."""

    piece: PieceNow | None
    parcel: ParcelNow | None
    stored: bool


class Standing(NamedTuple):
    """What became of a job's parcels: each is in one of the first four. `recall` are matches that hold no longer.

    A parcel whose piece was halted after it was matched stands in `halted` and its match in `recall`.
    """

    matched: list[PlannedParcel]
    missing: list[PlannedParcel]
    halted: list[PlannedParcel]
    empty: list[PlannedParcel]
    recall: list[Match]
    refused: Counter[str]


@dataclass(frozen=True, slots=True)
class Scanning:
    """One job at a packing table. Every question is put anew: others scan, stop pieces and change the plan.

    Raises LedgerError, by way of `Ledger.scanning`, where the database fails.
    """

    kept: Kept
    job: JobRecord
    drop_jobs: tuple[str, ...]  # all of the drop: a piece is in one parcel, whichever of them printed it

    def state(self) -> JobState:
        """What became of the job meanwhile."""
        state = select(jobs.c.state).where(jobs.c.id == self.job.id)
        return JobState(self._read(lambda connection: connection.scalars(state).one()))

    def parcels(self) -> list[PlannedParcel]:
        """The parcels of the job in packing order."""
        return self._read(lambda connection: parcels_of(connection, self.job.id))

    def changes(self) -> list[int]:
        """Something that differs when the plan was changed since; quickly asked for."""
        return self._read(self._changes)

    def piece(self, piece_id: str) -> PieceNow | None:
        """A piece of the shop; None for one of another shop, or of nobody."""
        return self._read(lambda connection: self._piece(connection, piece_id))

    def parcel(self, shipment_id: str) -> ParcelNow | None:
        """A parcel of the job."""
        return self._read(lambda connection: self._parcel(connection, shipment_id))

    def elsewhere(self, codes: Collection[str]) -> str:
        """Which of the shop's latest other jobs has a parcel with one of these codes; "" none."""
        return self._read(lambda connection: self._elsewhere(connection, codes))

    def match(self, piece_id: str, shipment_id: str, station: str) -> Pair:
        """Store that a piece is in its parcel, if both are as they should be and nobody did so at the same moment."""
        at = datetime.now(UTC)
        return self.kept.transact(
            lambda c: self._match(c, Match(self.job.id, piece_id, shipment_id, station, at)), write=True
        )

    def take_back(self, station: str) -> Match | None:
        """Undo the latest match of a station; None where it has none. It is remembered that there was one."""
        return self.kept.transact(lambda connection: self._take_back(connection, station), write=True)

    def latest(self, station: str) -> Match | None:
        """The latest match of a station in this job; None where it has none."""
        return self._read(lambda connection: self._latest(connection, station))

    def refuse(self, verdict: str, station: str, piece_id: str = "", shipment_id: str = "") -> None:
        """Remember a scan that was no match."""
        told = {"verdict": verdict, "station": station, "shipment": shipment_id}
        event = Event(self.job.id, piece_id, What.REFUSED, {name: said for name, said in told.items() if said})
        self.kept.transact(lambda connection: note(connection, self.job.shop, [event]), write=True)

    def standing(self) -> Standing:
        """What became of the parcels so far, at all stations."""
        return self._read(self._standing)

    def _read(self, work: Callable[[Connection], T]) -> T:
        return self.kept.transact(work)

    def _changes(self, connection: Connection) -> list[int]:
        c = events.c
        latest = [
            select(c.number).where(c.job == self.job.id, c.what == what.value).order_by(c.number.desc()).limit(1)
            for what in (What.PACKED, What.MOVED, What.PULLED)
        ]
        return [connection.scalar(query) or 0 for query in latest]

    def _piece(self, connection: Connection, piece_id: str) -> PieceNow | None:
        shop = connection.scalar(select(pieces.c.shop).where(pieces.c.piece_id == piece_id))
        if shop != self.job.shop:
            return None
        planned = connection.execute(select(parcels).where(parcels.c.piece_id == piece_id)).all()
        due = next((planned_parcel(row) for row in planned if row.job == self.job.id), None)
        job = self.job.id if due else max((row.job for row in planned if row.job not in self.drop_jobs), default="")
        halt = halts(connection, self.job.id, shop, [piece_id]).get(piece_id)
        return PieceNow(piece_id, shop, job, due, self._found(connection, matches.c.piece_id == piece_id), halt)

    def _parcel(self, connection: Connection, shipment_id: str) -> ParcelNow | None:
        here = (parcels.c.job == self.job.id) & (parcels.c.shipment_id == shipment_id)
        row = connection.execute(select(parcels).where(here)).first()
        if row is None:
            return None
        return ParcelNow(planned_parcel(row), self._found(connection, matches.c.shipment_id == shipment_id))

    def _found(self, connection: Connection, what: Any) -> Match | None:
        row = connection.execute(select(matches).where(matches.c.job.in_(self.drop_jobs), what)).first()
        return match_of(row) if row else None

    def _match(self, connection: Connection, new: Match) -> Pair:
        piece, parcel = self._piece(connection, new.piece_id), self._parcel(connection, new.shipment_id)
        if not (piece and parcel and piece.due and piece.due.shipment_id == new.shipment_id) or piece.halt:
            return Pair(piece, parcel, False)
        if not (piece.match or parcel.match):
            row = {**new._asdict(), "at": new.at.isoformat(timespec="microseconds")}
            if connection.execute(_INSERT, row).rowcount:
                return Pair(piece._replace(match=new), parcel._replace(match=new), True)
        # Another station was faster, perhaps between two of these questions; or it was stored before the connection
        # was lost.
        piece, parcel = self._piece(connection, new.piece_id), self._parcel(connection, new.shipment_id)
        return Pair(piece, parcel, piece is not None and piece.match == new)

    def _take_back(self, connection: Connection, station: str) -> Match | None:
        last = self._latest(connection, station)
        if last is None:
            return None
        at = last.at.isoformat(timespec="microseconds")
        connection.execute(
            delete(matches).where(matches.c.job == last.job, matches.c.piece_id == last.piece_id, matches.c.at == at)
        )
        told = {"station": station, "shipment": last.shipment_id, "matched": at}
        note(connection, self.job.shop, [Event(self.job.id, last.piece_id, What.UNMATCHED, told)])
        return last

    def _latest(self, connection: Connection, station: str) -> Match | None:
        mine = (matches.c.job == self.job.id) & (matches.c.station == station)
        row = connection.execute(select(matches).where(mine).order_by(matches.c.at.desc()).limit(1)).first()
        return match_of(row) if row else None

    def _elsewhere(self, connection: Connection, codes: Collection[str]) -> str:
        other = (jobs.c.shop == self.job.shop) & jobs.c.id.not_in(self.drop_jobs) & jobs.c.state.in_(_PACKED_STATES)
        latest = connection.scalars(select(jobs.c.id).where(other).order_by(jobs.c.number.desc()).limit(_OTHERS)).all()
        named = or_(
            parcels.c.shipment_id.in_(codes),
            parcels.c.tracking.in_(codes),
            *(parcels.c.orders.contains(json.dumps(code, ensure_ascii=False), autoescape=True) for code in codes),
        )
        found = connection.scalar(select(parcels.c.job).where(parcels.c.job.in_(latest), named).limit(1))
        return str(found or "")

    def _standing(self, connection: Connection) -> Standing:
        done = Standing([], [], [], [], [], self._refused(connection))
        stored = [match_of(row) for row in connection.execute(select(matches).where(matches.c.job.in_(self.drop_jobs)))]
        pairs = {(one.piece_id, one.shipment_id) for one in stored}
        plan = parcels_of(connection, self.job.id)
        halted = halts(connection, self.job.id, self.job.shop, [one.piece_id for one in plan if one.piece_id])
        good = set()
        for one in plan:
            pair = (one.piece_id, one.shipment_id)
            if not one.piece_id:
                done.empty.append(one)
            elif one.piece_id in halted:
                done.halted.append(one)
            elif pair in pairs:
                good.add(pair)
                done.matched.append(one)
            else:
                done.missing.append(one)
        done.recall.extend(one for one in stored if (one.piece_id, one.shipment_id) not in good)
        return done

    def _refused(self, connection: Connection) -> Counter[str]:
        refused = (events.c.job == self.job.id) & (events.c.what == What.REFUSED.value)
        told = connection.scalars(select(events.c.told).where(refused))
        return Counter(json.loads(one)["verdict"] for one in told)


def packed_in(connection: Connection, job: str) -> dict[str, str]:
    """By piece the shipment of a job into which it was scanned."""
    found = select(matches.c.piece_id, matches.c.shipment_id).where(matches.c.job == job)
    return dict(connection.execute(found).all())


def replan(
    connection: Connection, job: str, shop: str, planned: Iterable[PlannedParcel], happened: Iterable[Event] = ()
) -> None:
    """Store what goes into the parcels of a job, in the place of what it had, and what happened to its pieces."""
    keep_parcels(connection, job, planned)
    note(connection, shop, [*happened, *_unmatch(connection, job)])


def _unmatch(connection: Connection, job: str) -> list[Event]:
    """Forget matches of a job that stand in the way of its plan: of a piece that goes into another parcel now.

    So does another piece into the parcel. The match of a piece that goes nowhere stays, and is recalled.
    """
    into = dict(connection.execute(select(parcels.c.piece_id, parcels.c.shipment_id).where(parcels.c.job == job)).all())
    takes = {shipment: piece for piece, shipment in into.items() if piece}
    gone = []
    for row in connection.execute(select(matches).where(matches.c.job == job)).all():
        if into.get(row.piece_id, row.shipment_id) != row.shipment_id or takes.get(row.shipment_id) not in (
            None,
            row.piece_id,
        ):
            this = (matches.c.job == job) & (matches.c.piece_id == row.piece_id)
            connection.execute(delete(matches).where(this))
            told = {"station": row.station, "shipment": row.shipment_id, "matched": row.at}
            gone.append(Event(job, row.piece_id, What.UNMATCHED, told))
    return gone


# The same words in SQLite and PostgreSQL.
_INSERT = text(
    "INSERT INTO matches (job, piece_id, shipment_id, station, at) "
    "VALUES (:job, :piece_id, :shipment_id, :station, :at) ON CONFLICT DO NOTHING"
)


def match_of(row: Row[Any]) -> Match:
    """The match of a row of the table."""
    return Match(row.job, row.piece_id, row.shipment_id, row.station, datetime.fromisoformat(row.at))
