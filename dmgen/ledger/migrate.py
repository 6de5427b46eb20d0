"""Older ledgers brought to today's format where they are opened; nothing that they hold is changed."""

from datetime import date

from sqlalchemy import Connection, inspect, select, text, update

from dmgen.ledger.mailings import everybody_numbered
from dmgen.ledger.tables import FORMAT, jobs, meta, metadata
from dmgen.model.offer import DropKey
from dmgen.model.production import JobState


def migrate(connection: Connection) -> None:
    """Bring the tables to today's format. Its number rises because an older dmgen would leave new facts unrecorded.

    Of format 5 it would print a purged drop again, with new codes for the same people.
    """
    found = connection.scalar(select(meta.c.value).where(meta.c.key == "format"))
    if found == str(FORMAT):
        return  # another process was first
    metadata.create_all(connection)
    _add_columns(connection)
    if found == "1":
        _remember_recipients(connection)
    connection.execute(update(meta).where(meta.c.key == "format").values(value=str(FORMAT)))


def _add_columns(connection: Connection) -> None:
    """What jobs did not say before: of format 1 the size of the list, before format 4 the job that one completes."""
    there = {column["name"] for column in inspect(connection).get_columns(jobs.name)}
    for column in (jobs.c.customers, jobs.c.part_of):
        if column.name not in there:
            kind = column.type.compile(connection.dialect)
            connection.execute(text(f"ALTER TABLE jobs ADD COLUMN {column.name} {kind}"))


def _remember_recipients(connection: Connection) -> None:
    """From format 1: who got the letters of sent jobs is not written there.

    Everybody who had a number in such a drop counts as having got its letter, so that nobody is written to too
    often for want of a record.
    """
    sent = select(jobs).where(jobs.c.state == JobState.SENT.value)
    for job in connection.execute(sent).all():
        everybody_numbered(connection, DropKey(job.shop, job.campaign, date.fromisoformat(job.drop_on)), job.id)
