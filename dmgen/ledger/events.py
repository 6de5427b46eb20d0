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
    """What can happen to a piece, or to a job. What became of codes, and scans, stand in tables of their own."""

    PACKED = "packed"  # planned into a parcel
    MOVED = "moved"  # to another parcel
    PULLED = "pulled"  # to be taken out of the pile or the parcel
    REPRINTED = "reprinted"
    VOIDED = "voided"
    WITHDRAWN = "withdrawn"  # its customer said no
    REFUSED = "refused"  # a scan at a packing table that was no match
    UNMATCHED = "unmatched"  # a match was taken back
    PILED = "piled"  # of a job: its letters lie in a pile of several campaigns
    PACKAGED = "packaged"  # of a job: a package of it was made, a copy that may be anywhere


OF_JOBS = (What.PILED.value, What.PACKAGED.value)
"""What happens to a job as a whole: no piece is named, and nobody."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a piece; `told` is what else is known, ids and numbers only. `at` is UTC.

    Of a thing that happened to a job as a whole, `piece_id` is "".
    """

    job: str
    piece_id: str
    what: What
    told: dict[str, str] = field(default_factory=dict)
    at: datetime | None = None


def note(connection: Connection, shop: str, happened: Iterable[Event]) -> None:
    """Store what happened, now where it does not say when."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for chunk in in_chunks(happened):
        rows = [
            {
                "at": one.at.isoformat(timespec="seconds") if one.at else now,
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
    return _told(sorted(found, key=lambda row: row.number))


def events_of_job(connection: Connection, job: str, what: What) -> list[Event]:
    """What of one kind happened to a job and its pieces, the earliest first."""
    mine = (events.c.job == job) & (events.c.what == what.value)
    return _told(connection.execute(select(events).where(mine).order_by(events.c.number)).all())


def _told(rows: Iterable[Row[Any]]) -> list[Event]:
    return [
        Event(row.job, row.piece_id, What(row.what), json.loads(row.told), datetime.fromisoformat(row.at))
        for row in rows
    ]
