"""What happened to pieces after they were numbered, in the order in which it happened."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from dmgen.ledger.tables import among, events, in_chunks


class What(StrEnum):
    """What can happen to a piece. What became of its codes, and where it was scanned, stand in tables of their own."""

    PACKED = "packed"  # planned into a parcel
    MOVED = "moved"  # to another parcel
    PULLED = "pulled"  # to be taken out of the pile or the parcel
    REPRINTED = "reprinted"
    VOIDED = "voided"
    WITHDRAWN = "withdrawn"  # its customer said no
    REFUSED = "refused"  # a scan at a packing table that was no match
    UNMATCHED = "unmatched"  # a match was taken back
    PILED = "piled"  # of a whole job, not of a piece: its letters lie in a pile with other jobs'


OF_JOBS = (What.PILED.value,)
"""What happens to a job as a whole: no piece is named, and nobody."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a piece; `told` is what else is known, ids and numbers only. `at` is UTC."""

    job: str
    piece_id: str
    what: What
    told: dict[str, str] = field(default_factory=dict)
    at: datetime | None = None


def note(connection: Connection, shop: str, happened: Iterable[Event]) -> None:
    """Store what happened now."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for chunk in in_chunks(happened):
        rows = [
            {
                "at": now,
                "shop": shop,
                "job": one.job,
                "piece_id": one.piece_id,
                "what": one.what.value,
                "told": json.dumps(one.told, ensure_ascii=False, sort_keys=True),
            }
            for one in chunk
        ]
        connection.execute(insert(events), rows)


def events_of(connection: Connection, shop: str, piece_ids: Collection[str]) -> list[Event]:
    """What happened to these pieces of a shop, the earliest first."""
    found: list[Row[Any]] = []
    for chunk in in_chunks(piece_ids):
        query = select(events).where(events.c.shop == shop, among(connection, events.c.piece_id, chunk))
        found += connection.execute(query).all()
    return [_event(row) for row in sorted(found, key=lambda row: row.number)]


def events_of_jobs(connection: Connection, jobs: Collection[str]) -> list[Event]:
    """What happened to these jobs as a whole, the earliest first."""
    query = select(events).where(events.c.job.in_(jobs), events.c.what.in_(OF_JOBS)).order_by(events.c.number)
    return [_event(row) for row in connection.execute(query)]


def _event(row: Row[Any]) -> Event:
    return Event(row.job, row.piece_id, What(row.what), json.loads(row.told), datetime.fromisoformat(row.at))
