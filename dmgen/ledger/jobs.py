"""Jobs: not released, ready, superseded by a later one, cancelled, or sent for good."""

from dataclasses import replace
from datetime import date
from hashlib import blake2b
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, true, update

from dmgen.errors import LedgerError
from dmgen.ledger.purge import purged_days, refuse_purged
from dmgen.ledger.tables import drop_columns, insert_rows, jobs, of_drop
from dmgen.messages import mark
from dmgen.model.offer import DropKey
from dmgen.model.production import JobRecord, JobState
from dmgen.model.random_text import UNAMBIGUOUS

ID_LENGTH = 6
_UNSENT = (JobState.NOT_RELEASED, JobState.READY)


def next_id(connection: Connection, key: DropKey, ledger_id: str) -> str:
    """The id of the drop's next job: the same until a job of the drop is recorded."""
    number = connection.scalar(select(func.count()).select_from(jobs).where(of_drop(jobs, key)))
    for attempt in count():
        words = repr((ledger_id, drop_columns(key), number, attempt)).encode()
        digits = blake2b(words, digest_size=ID_LENGTH).digest()
        job_id = "".join(UNAMBIGUOUS[digit % len(UNAMBIGUOUS)] for digit in digits).lower()
        if _find(connection, job_id) is None:
            return job_id
    raise AssertionError  # pragma: no cover; count() has no end


def record(connection: Connection, job: JobRecord) -> list[str]:
    """Store a job in its state; the drop's earlier unsent jobs, whose ids are returned, become superseded.

    A job recorded again replaces itself, and one that completes another supersedes none. Raises LedgerError if it was
    sent.
    """
    stored = _find(connection, job.id)
    if stored is not None and stored.state == JobState.SENT:
        raise _final(_job(stored))
    number = stored.number if stored else (connection.scalar(select(func.max(jobs.c.number))) or 0) + 1
    key = DropKey(job.shop, job.campaign, job.drop)
    superseded = [] if job.part_of else _supersede_others(connection, key, job.id)
    facts = (job.state.value, job.folder, job.pieces, job.created_on.isoformat(), None, job.customers, job.part_of)
    row = (job.id, number, *drop_columns(key), *facts)
    if stored:  # other tables may point to it
        connection.execute(update(jobs).where(jobs.c.id == job.id).values(dict(zip(jobs.c.keys(), row, strict=True))))
    else:
        insert_rows(connection, jobs, [row])
    return superseded


def _supersede_others(connection: Connection, key: DropKey, job_id: str) -> list[str]:
    others = of_drop(jobs, key) & (jobs.c.id != job_id) & jobs.c.state.in_([state.value for state in _UNSENT])
    superseded = list(connection.scalars(select(jobs.c.id).where(others).order_by(jobs.c.number)))
    connection.execute(update(jobs).where(others).values(state=JobState.SUPERSEDED.value))
    return superseded


def listed(connection: Connection, where: ColumnElement[bool] | None = None) -> list[JobRecord]:
    """The jobs in the order in which they were first recorded."""
    query = select(jobs).where(true() if where is None else where).order_by(jobs.c.number)
    purged = purged_days(connection)
    return [_job(row, purged.get(row.id)) for row in connection.execute(query)]


def by_id(connection: Connection, job_id: str, *, also_purged: bool = False) -> JobRecord:
    """One job. Raises LedgerError, with the ids that there are, and for one of which nobody is named any more."""
    row = _find(connection, job_id.strip().lower())
    if row is not None:
        job = _job(row, purged_days(connection).get(row.id))
        if not also_purged:
            refuse_purged(job)
        return job
    known = [job.id for job in listed(connection)][-20:]
    raise LedgerError(
        mark("There is no job {job} in this ledger. The latest are: {known}. See them with: dmgen jobs"),
        job=job_id,
        known=", ".join(known) or "-",
    )


def change(connection: Connection, job_id: str, state: JobState, sent_on: date | None = None) -> JobRecord:
    """Make a ready job sent, or an unsent one cancelled. Raises LedgerError for a job in any other state."""
    job = by_id(connection, job_id)
    if job.state is JobState.NOT_RELEASED and state is JobState.SENT:
        raise LedgerError(
            mark("Job {job} is not released. Type: dmgen verify {job}. When it reads back well, it can be sent."),
            job=job.id,
        )
    if job.state not in _UNSENT:
        raise _final(job)
    values = {"state": state.value, "sent_on": sent_on.isoformat() if sent_on else None}
    connection.execute(update(jobs).where(jobs.c.id == job.id).values(values))
    return replace(job, state=state, sent_on=sent_on)


def judge(connection: Connection, job_id: str, released: bool) -> JobRecord:
    """Let an unsent job be ready, or no longer; a job in any other state stays as it is. Raises LedgerError."""
    job = by_id(connection, job_id)
    if job.state not in _UNSENT:
        return job
    state = JobState.READY if released else JobState.NOT_RELEASED
    connection.execute(update(jobs).where(jobs.c.id == job.id).values({"state": state.value}))
    return replace(job, state=state)


def _find(connection: Connection, job_id: str) -> Row[Any] | None:
    return connection.execute(select(jobs).where(jobs.c.id == job_id)).first()


def _job(row: Row[Any], purged_on: date | None = None) -> JobRecord:
    return JobRecord(
        id=row.id,
        shop=row.shop,
        campaign=row.campaign,
        drop=date.fromisoformat(row.drop_on),
        state=JobState(row.state),
        folder=row.folder,
        pieces=row.pieces,
        created_on=date.fromisoformat(row.created_on),
        sent_on=date.fromisoformat(row.sent_on) if row.sent_on else None,
        customers=row.customers,
        part_of=row.part_of,
        purged_on=purged_on,
    )


def _final(job: JobRecord) -> LedgerError:
    return LedgerError(
        mark(
            "Job {job} is {state}: only a ready job can be sent, only an unsent one cancelled. "
            "See the jobs with: dmgen jobs"
        ),
        job=job.id,
        state=job.state.value,
    )
