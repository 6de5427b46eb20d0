"""Purging: the ledger keeps what was issued and how much of it, and forgets for whom.

Codes stay, so that none is issued twice and each can still be redeemed; numbers of letters stay; who said no stays,
because an objection must be remembered (個人情報保護法35条). A recipient becomes a stand-in that leads to nobody.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    String,
    Table,
    bindparam,
    delete,
    func,
    literal,
    select,
    type_coerce,
    update,
)

from dmgen.errors import LedgerError
from dmgen.ledger.database import Database
from dmgen.ledger.events import OF_JOBS
from dmgen.ledger.tables import (
    EVERYBODY,
    assignments,
    codes,
    events,
    fates,
    in_chunks,
    insert_rows,
    jobs,
    mailings,
    matches,
    of_drop,
    parcels,
    pieces,
    purges,
)
from dmgen.messages import mark
from dmgen.model.offer import DropKey
from dmgen.model.production import JobRecord, JobState
from dmgen.model.random_text import UNAMBIGUOUS, random_strings

STAND_IN = "purged "
"""What the recipient of a piece that is nobody's any more begins with; its piece's id follows, or random characters."""

KEPT_TOLD = frozenset({"verdict", "n"})
"""What is kept of what an event tells: codes and numbers of dmgen's own. Reasons are free text, and may name people."""


@dataclass(frozen=True, slots=True)
class PurgeRecord:
    """That a job was purged: when (UTC), together with which job, and rows by table.

    `whole`: the pieces of its drop are nobody's any more. `certificate` is the sha256 of what certifies it; "" as long
    as it is not finished. `rows` says by "table.what" how many rows were replaced, deleted or kept.
    """

    job: str
    at: datetime
    with_job: str
    whole: bool
    rows: Mapping[str, int] = field(default_factory=dict)
    certificate: str = ""


def purge_of(connection: Connection, job: str) -> PurgeRecord | None:
    """The purge of a job, finished or not; None where nothing of it was purged."""
    row = connection.execute(select(purges).where(purges.c.job == job)).first()
    return _record(row) if row else None


def purged_drop(connection: Connection, key: DropKey) -> PurgeRecord | None:
    """The purge of a drop: its pieces are nobody's any more. None where they still are somebody's."""
    of_jobs = select(jobs.c.id).where(of_drop(jobs, key))
    query = select(purges).where(purges.c.job.in_(of_jobs), purges.c.whole == 1).order_by(purges.c.at, purges.c.job)
    row = connection.execute(query.limit(1)).first()
    return _record(row) if row else None


def purged_days(connection: Connection) -> dict[str, date]:
    """By job the day on which it was purged."""
    query = select(purges.c.job, purges.c.at)
    return {job: datetime.fromisoformat(at).date() for job, at in connection.execute(query)}


def refuse_purged(job: JobRecord) -> None:
    """Refuse a job of which nobody is named any more. Raises LedgerError."""
    if job.purged_on:
        raise was_purged(job.id, job.purged_on)


def was_purged(job: str, on: date | str, unfinished: object = None) -> LedgerError:
    """That a job was purged, in one line; `unfinished` names one that was cut short, as it is typed."""
    if unfinished:
        message = mark("job {job} is being purged, and that was cut short. Type again: dmgen purge {place}")
        return LedgerError(message, job=job, place=unfinished)
    message = mark("job {job} was purged on {day}: its personal data is deleted, and only its counts are left")
    return LedgerError(message, job=job, day=on)


def refuse_purged_drop(connection: Connection, key: DropKey) -> None:
    """Refuse to issue or restore anything in a drop whose pieces are nobody's any more. Raises LedgerError."""
    purged = purged_drop(connection, key)
    if purged:
        raise LedgerError(
            mark(
                "job {job} was purged on {day}, and with it who has which number in the drop of {drop}: nothing is "
                "printed or restored in this drop any more. For a new mailing give another day, --drop YYYY-MM-DD"
            ),
            job=purged.with_job,
            day=purged.at.date(),
            drop=key.drop,
        )


def purge_drop(connection: Connection, key: DropKey, job: str, at: datetime) -> PurgeRecord:
    """Let nobody be named in a drop and its jobs any more; `job` is the one that was asked for.

    Doing it again changes nothing. What was never released becomes cancelled: it cannot be sent any more.
    """
    before = purge_of(connection, job)
    if before and before.whole:
        return before
    _overwrite(connection)
    ids = list(connection.scalars(select(jobs.c.id).where(of_drop(jobs, key)).order_by(jobs.c.number)))
    rows = {
        **_kept(connection, key, ids),
        "parcels.deleted": _deleted(connection, parcels, ids),
        "matches.deleted": _deleted(connection, matches, ids),
        "events.cleaned": _clean_events(connection, ids),
        "fates.cleaned": _clean_fates(connection, key),
        "mailings.replaced": sum(_replace(connection, mailings, key, mailings.c.job == one) for one in ids),
        "assignments.replaced": _replace(connection, assignments, key, of_drop(assignments, key)),
        "pieces.replaced": _replace_pieces(connection, key),
    }
    connection.execute(
        update(jobs)
        .where(jobs.c.id.in_(ids), jobs.c.state == JobState.NOT_RELEASED.value)
        .values(state=JobState.CANCELLED.value)
    )
    return _store(connection, ids, PurgeRecord(job, at, job, True, rows))


def purge_job(connection: Connection, job: str, at: datetime) -> PurgeRecord:
    """Forget the parcels of a job beside which another of its drop stands: who has which number is that one's.

    Doing it again changes nothing. What was never released becomes cancelled.
    """
    before = purge_of(connection, job)
    if before:
        return before
    _overwrite(connection)
    rows = {"parcels.deleted": _deleted(connection, parcels, [job])}
    never = (jobs.c.id == job) & (jobs.c.state == JobState.NOT_RELEASED.value)
    connection.execute(update(jobs).where(never).values(state=JobState.CANCELLED.value))
    return _store(connection, [job], PurgeRecord(job, at, job, False, rows))


def finish(connection: Connection, job: str, certificate: str) -> None:
    """A purge is finished, and certified by the file of this sha256; also of the jobs that were purged with it."""
    connection.execute(update(purges).where(purges.c.with_job == job).values(certificate=certificate))


def wipe(database: Database) -> None:
    """Let the bytes of what was deleted be gone from the database. Raises LedgerError where it is in use.

    SQLite writes its file anew, without what lay between the rows; PostgreSQL frees dead rows of these tables and may
    keep their bytes until the space is used again (and in its write-ahead log).
    """
    with database.reading() as connection:
        if database.file is None:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            for table in (pieces, mailings, assignments, parcels, matches, events, fates):
                connection.exec_driver_sql(f"VACUUM {table.name}")
            return
        connection.execution_options(dmgen_begin="SELECT 1")  # VACUUM stands in no transaction
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
        connection.exec_driver_sql("VACUUM")
        if connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar():
            message = mark("The ledger {ledger} is in use, so what was deleted is still in it: run the same again.")
            raise LedgerError(message, ledger=database.name)


def _record(row: Any) -> PurgeRecord:
    told = json.loads(row.told)
    return PurgeRecord(row.job, datetime.fromisoformat(row.at), row.with_job, bool(row.whole), told, row.certificate)


def _store(connection: Connection, ids: Iterable[str], made: PurgeRecord) -> PurgeRecord:
    ids, told = list(ids), json.dumps(dict(made.rows), sort_keys=True)
    connection.execute(delete(purges).where(purges.c.job.in_(ids)))
    at = made.at.astimezone(UTC).isoformat(timespec="seconds")
    insert_rows(connection, purges, [(one, at, made.with_job, int(made.whole), told, "") for one in ids])
    return made


def _overwrite(connection: Connection) -> None:
    """Let SQLite write zeros over what is deleted from now on."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON").fetchall()


def _kept(connection: Connection, key: DropKey, ids: Collection[str]) -> dict[str, int]:
    """Rows that stay, with nobody's name: what was issued, and to how many it was sent."""
    numbered = select(pieces.c.piece_id).where(of_drop(pieces, key))
    counts = {
        "pieces.kept": select(func.count()).select_from(pieces).where(of_drop(pieces, key)),
        "codes.kept": select(func.count()).select_from(codes).where(codes.c.piece_id.in_(numbered)),
        "mailings.kept": select(func.count()).select_from(mailings).where(mailings.c.job.in_(ids)),
        "assignments.kept": select(func.count()).select_from(assignments).where(of_drop(assignments, key)),
        "events.kept": select(func.count()).select_from(events).where(events.c.job.in_(ids)),
    }
    return {name: connection.scalar(query) or 0 for name, query in counts.items()}


def _deleted(connection: Connection, table: Table, ids: Collection[str]) -> int:
    return connection.execute(delete(table).where(table.c.job.in_(ids))).rowcount


def _clean_events(connection: Connection, ids: Collection[str]) -> int:
    """Keep of each event what happened, when, and to which piece; returns how many told more."""
    query = select(events.c.number, events.c.told).where(events.c.job.in_(ids), events.c.what.not_in(OF_JOBS))
    told = connection.execute(query).all()
    cleaned = [
        {"at_number": number, "kept": json.dumps({name: words[name] for name in sorted(KEPT_TOLD & words.keys())})}
        for number, text in told
        if (words := json.loads(text)).keys() - KEPT_TOLD
    ]
    change = update(events).where(events.c.number == bindparam("at_number")).values(told=bindparam("kept"))
    for chunk in in_chunks(cleaned):
        connection.execute(change, chunk)
    return len(cleaned)


def _clean_fates(connection: Connection, key: DropKey) -> int:
    """Keep since when a code is void, and not why: that is free text."""
    numbered = select(pieces.c.piece_id).where(of_drop(pieces, key))
    change = update(fates).where(fates.c.piece_id.in_(numbered), fates.c.why != "").values(why="")
    return connection.execute(change).rowcount


def _replace_pieces(connection: Connection, key: DropKey) -> int:
    own = of_drop(pieces, key) & (pieces.c.recipient != EVERYBODY)
    return connection.execute(update(pieces).where(own).values(recipient=_stand_in())).rowcount


def _stand_in() -> ColumnElement[str]:
    return type_coerce(literal(STAND_IN), String) + pieces.c.piece_id


def _replace(connection: Connection, table: Table, key: DropKey, rows: ColumnElement[bool]) -> int:
    """Put stand-ins in the place of recipients, the same as at their pieces, while these still say whose they are.

    Those without a piece get one of their own.
    """
    recipient: Column[str] = table.c.recipient
    same = of_drop(pieces, key) & (pieces.c.recipient == recipient)
    named = select(_stand_in()).where(same).correlate(table).scalar_subquery()
    with_piece = recipient.in_(select(pieces.c.recipient).where(of_drop(pieces, key)))
    count = connection.execute(update(table).where(rows, with_piece).values(recipient=named)).rowcount
    left = connection.scalars(select(recipient).where(rows, recipient.not_like(f"{STAND_IN}%"))).all()
    change = update(table).where(rows, recipient == bindparam("who")).values(recipient=bindparam("nobody"))
    for chunk in in_chunks(left):
        new = random_strings(len(chunk), 16, UNAMBIGUOUS)
        pairs = zip(chunk, new, strict=True)
        connection.execute(change, [{"who": who, "nobody": STAND_IN + one} for who, one in pairs])
    return count + len(left)
