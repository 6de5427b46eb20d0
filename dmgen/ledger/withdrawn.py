"""Customers who said no after a run, and the pieces that were made for them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from sqlalchemy import Connection, delete, select

from dmgen.ledger.events import What
from dmgen.ledger.fates import Fate, Told
from dmgen.ledger.tables import among, events, fates, in_chunks, insert_rows, jobs, mailings, of_drop, pieces, withdrawn
from dmgen.model.offer import DropKey

_TAKEN_OUT = (What.WITHDRAWN.value, What.PULLED.value, What.VOIDED.value)


def withdraw(connection: Connection, shop: str, told: Mapping[str, Told]) -> list[str]:
    """Remember who said no; returns those that are new. Who is remembered already keeps the first day."""
    known = withdrawn_of(connection, shop)
    new = [who for who in told if who not in known]
    rows = [(shop, who, told[who].day.isoformat(), told[who].why) for who in new]
    for chunk in in_chunks(rows):
        insert_rows(connection, withdrawn, chunk)
    return new


def take_back(connection: Connection, shop: str, recipients: Collection[str]) -> list[str]:
    """Forget that these customers said no; returns those that had."""
    known = withdrawn_of(connection, shop)
    had = [who for who in dict.fromkeys(recipients) if who in known]
    for chunk in in_chunks(had):
        named = (withdrawn.c.shop == shop) & among(connection, withdrawn.c.recipient, chunk)
        connection.execute(delete(withdrawn).where(named))
    return had


def withdrawn_of(connection: Connection, shop: str) -> dict[str, Told]:
    """The customers of a shop who said no after a run, since when, and why."""
    c = withdrawn.c
    query = select(c.recipient, c.day, c.why).where(c.shop == shop).order_by(c.day, c.recipient)
    return {who: Told(date.fromisoformat(day), why) for who, day, why in connection.execute(query)}


def pieces_of(connection: Connection, key: DropKey, recipients: Iterable[str]) -> dict[str, str]:
    """By recipient the id of the piece that a drop numbered for them; those without one are left out."""
    found: dict[str, str] = {}
    for chunk in in_chunks(recipients):
        query = select(pieces.c.recipient, pieces.c.piece_id)
        query = query.where(of_drop(pieces, key), among(connection, pieces.c.recipient, chunk))
        found.update(dict(connection.execute(query).all()))
    return found


def mailed(connection: Connection, job: str, recipients: Iterable[str]) -> list[str]:
    """Those of the recipients who got a letter of a job that was sent."""
    query = select(mailings.c.recipient).where(mailings.c.job == job)
    chunks = in_chunks(recipients)
    return [
        who for some in chunks for who in connection.scalars(query.where(among(connection, mailings.c.recipient, some)))
    ]


def taken_out(connection: Connection, shop: str, job_ids: Collection[str]) -> set[str]:
    """The pieces of these jobs that are void or were to be taken out of the pile: nobody gets them."""
    query = select(events.c.piece_id).where(
        events.c.shop == shop, events.c.what.in_(_TAKEN_OUT), among(connection, events.c.job, list(job_ids))
    )
    return set(connection.scalars(query))


def spent(connection: Connection, key: DropKey) -> set[str]:
    """The pieces of a drop that are never printed again: taken out, or with a code of their own that is void."""
    of_jobs = connection.scalars(select(jobs.c.id).where(of_drop(jobs, key))).all()
    marked = connection.scalars(select(fates.c.piece_id).where(fates.c.fate == Fate.VOID.value).distinct()).all()
    void = {
        piece
        for some in in_chunks(marked)
        for piece in connection.scalars(
            select(pieces.c.piece_id).where(of_drop(pieces, key), among(connection, pieces.c.piece_id, some))
        )
    }
    return taken_out(connection, key.shop, of_jobs) | void
