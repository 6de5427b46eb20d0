"""Pieces that must not go into a parcel any more, whatever was printed: void, withdrawn, or taken out of the pile."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, and_, select

from dmgen.ledger.events import What
from dmgen.ledger.fates import Fate
from dmgen.ledger.tables import among, events, fates, in_chunks, parcels, pieces, withdrawn


class Why(StrEnum):
    """Why a piece must not go in."""

    VOID = "void"
    WITHDRAWN = "withdrawn"
    PULLED = "pulled"
    UNPLANNED = "unplanned"  # no parcel of the job has it


class Halt(NamedTuple):
    """Why a piece must not go in, and since when. Whoever packs need not read what was said to the shop."""

    why: Why
    day: date | None = None


_PLACED = (What.PACKED, What.MOVED)
_STOPPED = {What.VOIDED: Why.VOID, What.WITHDRAWN: Why.WITHDRAWN, What.PULLED: Why.PULLED}


def halts(connection: Connection, job: str, shop: str, piece_ids: Collection[str]) -> dict[str, Halt]:
    """Those of a shop's pieces that must not go into a parcel of this job, as things stand now.

    A piece that the plan holds is only void or withdrawn: where it lay before, and was pulled from, no longer counts.
    """
    found: dict[str, Halt] = {}
    for chunk in in_chunks(piece_ids):
        # By the pieces' ids alone, here and below: with the job or shop in the question, too, a database may look at
        # everything that these have.
        planned = select(parcels.c.piece_id, parcels.c.job).where(among(connection, parcels.c.piece_id, chunk))
        placed = {row.piece_id for row in connection.execute(planned) if row.job == job}
        last = _last_events(connection, shop, chunk)
        for piece_id in chunk:
            halt = last.get(piece_id)
            if piece_id not in placed:
                found[piece_id] = halt or Halt(Why.UNPLANNED)
            elif halt and halt.why is not Why.PULLED:
                found[piece_id] = halt
        found |= _void(connection, chunk) | _withdrawn(connection, shop, chunk)
    return found


def _last_events(connection: Connection, shop: str, piece_ids: Collection[str]) -> dict[str, Halt]:
    """What the last word on each piece was, where it was a no."""
    c = events.c
    words = [what.value for what in (*_PLACED, *_STOPPED)]
    query = (
        select(c.piece_id, c.what, c.at)
        .where(among(connection, c.piece_id, piece_ids), c.shop == shop, c.what.in_(words))
        .order_by(c.number)
    )
    last = {row.piece_id: row for row in connection.execute(query)}
    return {
        piece_id: Halt(_STOPPED[What(row.what)], datetime.fromisoformat(row.at).date())
        for piece_id, row in last.items()
        if row.what not in _PLACED
    }


def _void(connection: Connection, piece_ids: Collection[str]) -> dict[str, Halt]:
    c = fates.c
    query = select(c.piece_id, c.day).where(among(connection, c.piece_id, piece_ids), c.fate == Fate.VOID.value)
    return {row.piece_id: Halt(Why.VOID, date.fromisoformat(row.day)) for row in connection.execute(query)}


def _withdrawn(connection: Connection, shop: str, piece_ids: Collection[str]) -> dict[str, Halt]:
    same = and_(withdrawn.c.shop == pieces.c.shop, withdrawn.c.recipient == pieces.c.recipient)
    query = (
        select(pieces.c.piece_id, pieces.c.shop, withdrawn.c.day)
        .join(withdrawn, same)
        .where(among(connection, pieces.c.piece_id, piece_ids))
    )
    return {
        row.piece_id: Halt(Why.WITHDRAWN, date.fromisoformat(row.day))
        for row in connection.execute(query)
        if row.shop == shop
    }
