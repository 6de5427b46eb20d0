"""Who got a letter of a sent job, and what else of the past bears on a drop."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, literal, select

from dmgen.ledger.tables import (
    EVERYBODY,
    among,
    assignments,
    drop_columns,
    in_chunks,
    insert_rows,
    jobs,
    mailings,
    of_drop,
    pieces,
    purges,
)
from dmgen.ledger.withdrawn import taken_out, withdrawn_of
from dmgen.model.history import Arm, History, Mailing
from dmgen.model.offer import DropKey
from dmgen.model.production import JobRecord, JobState


class Letter(NamedTuple):
    """A letter that was sent: to whom, and in which variant ("" where there was one only)."""

    recipient: str
    variant: str = ""


def remember_mailing(connection: Connection, job: JobRecord, letters: Iterable[Letter] | None) -> None:
    """Write down who got a letter of a job; None stands for everybody who ever had a number in its drop.

    Nobody got a letter that was taken out of the pile.
    """
    connection.execute(delete(mailings).where(mailings.c.job == job.id))
    if letters is None:
        everybody_numbered(connection, DropKey(job.shop, job.campaign, job.drop), job.id)
    for chunk in in_chunks(dict.fromkeys(letters or ())):
        insert_rows(connection, mailings, [(job.id, *letter) for letter in chunk])
    family = [job.id, *([job.part_of] if job.part_of else [])]
    for some in in_chunks(taken_out(connection, job.shop, family)):
        out = select(pieces.c.recipient).where(among(connection, pieces.c.piece_id, some))
        connection.execute(delete(mailings).where(mailings.c.job == job.id, mailings.c.recipient.in_(out)))


def everybody_numbered(connection: Connection, key: DropKey, job_id: str) -> None:
    """Count everybody who ever had a number in a drop as a recipient of its job: rather too many than too few."""
    numbered = of_drop(pieces, key) & (pieces.c.recipient != EVERYBODY)
    found = select(literal(job_id), pieces.c.recipient, literal("")).where(numbered)
    connection.execute(insert(mailings).from_select(["job", "recipient", "variant"], found))


def history(connection: Connection, key: DropKey) -> History:
    """What is remembered that bears on a drop."""
    sent = select(jobs).where(jobs.c.shop == key.shop, jobs.c.state == JobState.SENT.value).order_by(jobs.c.number)
    sent = sent.where(jobs.c.id.not_in(select(purges.c.job)))  # nobody knows any more who got these
    return History(
        tuple(_mailing(connection, key, job) for job in connection.execute(sent).all()),
        arms_of(connection, key),
        _last_list(connection, key),
        frozenset(withdrawn_of(connection, key.shop)),
    )


def _mailing(connection: Connection, key: DropKey, job: Any) -> Mailing:
    recipients = connection.scalars(select(mailings.c.recipient).where(mailings.c.job == job.id)).all()
    own = (job.campaign, job.drop_on) == drop_columns(key)[1:]
    return Mailing(date.fromisoformat(job.sent_on), recipients, own)


def arms_of(connection: Connection, key: DropKey) -> dict[str, Arm]:
    """The parts in a drop's trials by recipient."""
    c = assignments.c
    rows = connection.execute(select(c.recipient, c.segment, c.arm).where(of_drop(assignments, key)))
    return {recipient: Arm(segment, arm) for recipient, segment, arm in rows}


def _last_list(connection: Connection, key: DropKey) -> int | None:
    """The size of the list at the campaign's latest other drop that was printed and stands."""
    shop, campaign, drop_on = drop_columns(key)
    standing = jobs.c.state.in_([JobState.READY.value, JobState.SENT.value])
    of_campaign = (jobs.c.shop == shop) & (jobs.c.campaign == campaign) & (jobs.c.drop_on != drop_on)
    known = standing & of_campaign & jobs.c.customers.is_not(None)
    latest = select(jobs.c.customers).where(known).order_by(jobs.c.drop_on.desc(), jobs.c.number.desc())
    found: int | None = connection.scalar(latest.limit(1))
    return found
