"""What goes into the parcels of a job, as it is planned now."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from dmgen.ledger.tables import in_chunks, insert_rows, parcels
from dmgen.model.parcel import ParcelOutcome, PlannedParcel


def keep_parcels(connection: Connection, job: str, planned: Iterable[PlannedParcel]) -> None:
    """Store the parcels of a job, in the place of what it had."""
    connection.execute(delete(parcels).where(parcels.c.job == job))
    for chunk in in_chunks(planned):
        insert_rows(connection, parcels, [_row(job, one) for one in chunk])


def parcels_of(connection: Connection, job: str) -> list[PlannedParcel]:
    """The parcels of a job in packing order; none where it has none."""
    query = select(parcels).where(parcels.c.job == job).order_by(parcels.c.place)
    return [planned_parcel(row) for row in connection.execute(query)]


def planned_parcel(row: Row[Any]) -> PlannedParcel:
    """The parcel of a whole row of the table."""
    return PlannedParcel(
        row.shipment_id,
        row.wave,
        row.position,
        row.place,
        tuple(json.loads(row.orders)),
        row.recipient,
        row.tracking,
        row.piece_id,
        ParcelOutcome(row.outcome),
        row.reason,
    )


def _row(job: str, one: PlannedParcel) -> tuple[str | int, ...]:
    orders = json.dumps(list(one.orders), ensure_ascii=False)
    told = (one.recipient, one.tracking, one.piece_id, one.outcome.value, one.reason)
    return (job, one.shipment_id, one.wave, one.position, one.place, orders, *told)
