"""Writing back a job as its folder shows it, and what happened to its pieces after they were printed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from dmgen.ledger import jobs
from dmgen.ledger.events import Event, What, events_of, note
from dmgen.ledger.fates import CodePlace, Fate, Told, codes_of_pieces, give_fate
from dmgen.ledger.matches import replan
from dmgen.ledger.restore import Restored
from dmgen.ledger.tables import among, codes, in_chunks, of_drop, pieces
from dmgen.ledger.tables import jobs as jobs_table
from dmgen.ledger.withdrawn import withdraw
from dmgen.model.offer import CodeKind, DropKey
from dmgen.model.parcel import PlannedParcel
from dmgen.model.production import JobRecord

Code = tuple[CodeKind, str]


@dataclass(frozen=True, slots=True)
class RestoredJob:
    """What a job's folder shows beside its numbers; the jobs that complete it follow it in `jobs`.

    `parcels` are the latest plan, `happened` what was done to pieces later. `said_no` are customers whom the run left
    out because they had said no before, `withdrawn` by piece those who said so later. `void` are pieces and
    `void_codes` codes that are no longer good.
    """

    jobs: Sequence[JobRecord]
    parcels: Sequence[PlannedParcel] = ()
    happened: Sequence[Event] = ()
    said_no: Mapping[str, Told] = field(default_factory=dict)
    withdrawn: Mapping[str, Told] = field(default_factory=dict)
    void: Mapping[str, Told] = field(default_factory=dict)
    void_codes: Mapping[Code, Told] = field(default_factory=dict)


def restore_job(connection: Connection, key: DropKey, job: RestoredJob, found: Restored) -> None:
    """Write back a job whose numbers are there, and count in `found` what it shows.

    What the ledger knows stays as it is. Who said no counts again only where the ledger did not know of it: who took
    it back since, and is remembered so, is not withdrawn once more.
    """
    known = {one.id for one in jobs.listed(connection, of_drop(jobs_table, key))}
    base, is_new = job.jobs[0], job.jobs[0].id not in known
    for one in job.jobs:
        if one.id not in known:
            jobs.record(connection, one)
    fresh = _not_known(connection, key.shop, job.happened)
    _count(found, "events", len(job.happened), len(fresh))
    if job.parcels and (is_new or fresh):
        replan(connection, base.id, key.shop, job.parcels, fresh)
    else:
        note(connection, key.shop, fresh)
    _withdraw(connection, key, job, {event.piece_id for event in fresh if event.what is What.WITHDRAWN}, is_new, found)
    _void(connection, key, job, found)


def _count(found: Restored, name: str, shown: int, new: int) -> None:
    found.shown[name] += shown
    found.new[name] += new


def _not_known(connection: Connection, shop: str, happened: Sequence[Event]) -> list[Event]:
    """What the ledger does not have, whenever it happened."""
    stored = map(_what, events_of(connection, shop, {event.piece_id for event in happened}))
    seen = set(stored)
    return [event for event in happened if _what(event) not in seen]


def _what(event: Event) -> tuple[str, str, What, frozenset[tuple[str, str]]]:
    return event.job, event.piece_id, event.what, frozenset(event.told.items())


def _withdraw(
    connection: Connection, key: DropKey, job: RestoredJob, fresh: Collection[str], is_new: bool, found: Restored
) -> None:
    owners = {
        row.piece_id: row.recipient
        for some in in_chunks(job.withdrawn)
        for row in connection.execute(select(pieces).where(among(connection, pieces.c.piece_id, some)))
    }
    after = {owners[piece]: told for piece, told in job.withdrawn.items() if piece in fresh}
    before = dict(job.said_no) if is_new else {}
    new = withdraw(connection, key.shop, before | after)
    _count(found, "withdrawn", len({*owners.values(), *job.said_no}), len(new))


def _void(connection: Connection, key: DropKey, job: RestoredJob, found: Restored) -> None:
    own = codes_of_pieces(connection, key.shop, list(job.void))
    told = {place: job.void[piece] for piece, places in own.items() for place in places}
    told = _places(connection, key, job.void_codes) | told
    _count(found, "void", len(told), len(give_fate(connection, Fate.VOID, told).new))


def _places(connection: Connection, key: DropKey, told: Mapping[Code, Told]) -> dict[CodePlace, Told]:
    """Where the ledger keeps codes of a drop, everybody's among them."""
    query = select(codes).join(pieces, pieces.c.piece_id == codes.c.piece_id).where(of_drop(pieces, key))
    rows = (
        row
        for some in in_chunks({code for _, code in told})
        for row in connection.execute(query.where(among(connection, codes.c.code, some)))
    )
    return {
        CodePlace(row.piece_id, kind, row.name, row.n): told[kind, row.code]
        for row in rows
        if ((kind := CodeKind(row.kind)), row.code) in told
    }
