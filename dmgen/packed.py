"""What lies in the pile for each parcel: parcels.csv, and the ledger's plan of the job."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from dmgen.fulfil import MANIFEST, PARCEL_COLUMNS, PARCELS, SHEETS, read_table, write_table
from dmgen.ledger import PlannedParcel
from dmgen.model.parcel import Packing, Parcel, ParcelOutcome


class Packed(NamedTuple):
    """A parcel, whose it is, what goes in (a piece's id, or the reason why none), and the sheet in the pile for it."""

    parcel: Parcel
    customer_id: str
    outcome: ParcelOutcome
    reason: str
    piece_id: str
    file: str
    page: str


def packed_parcels(packings: Sequence[Packing], folder: Path) -> list[Packed]:
    """The parcels of a job, in packing order, by the tables in `folder` of what was printed."""
    pieces = {row["shipment_id"]: row for row in read_table(folder / MANIFEST)}
    slips = {row["shipment_id"]: row for row in read_table(folder / SHEETS) if row["kind"] == "slip"}
    return [_packed(one, pieces.get(one.parcel.shipment_id), slips.get(one.parcel.shipment_id)) for one in packings]


def _packed(one: Packing, piece: dict[str, str] | None, slip: dict[str, str] | None) -> Packed:
    sheet = piece or slip or {}
    customer = piece["customer_id"] if piece else one.parcel.customer_id
    where = (sheet.get("file", ""), sheet.get("first_page", ""))
    return Packed(one.parcel, customer, one.outcome, one.reason, sheet.get("piece_id", ""), *where)


def write_parcels(packed: Sequence[Packed], folder: Path) -> None:
    """Write parcels.csv: a row a parcel, in packing order."""
    write_table(folder / PARCELS, PARCEL_COLUMNS, map(_row, packed))


def _row(one: Packed) -> tuple[Any, ...]:
    parcel = one.parcel
    return (
        *(parcel.place, parcel.wave, parcel.position, parcel.shipment_id, ";".join(parcel.orders)),
        *(one.customer_id, one.outcome.value, one.reason, one.piece_id, parcel.key, parcel.tracking),
        *(one.file, one.page),
    )


def planned_parcels(packed: Sequence[Packed]) -> Iterator[PlannedParcel]:
    """The parcels as the ledger keeps them."""
    for one in packed:
        parcel = one.parcel
        yield PlannedParcel(
            parcel.shipment_id,
            parcel.wave,
            parcel.position,
            parcel.place,
            parcel.orders,
            one.customer_id,
            parcel.tracking,
            one.piece_id,
            one.outcome,
            one.reason,
        )


def read_parcels(folder: Path) -> Iterator[PlannedParcel]:
    """The parcels of a job folder as the ledger keeps them. Raises OSError, LookupError or ValueError as tables do."""
    for row in read_table(folder / PARCELS):
        yield PlannedParcel(
            row["shipment_id"],
            row["wave"],
            row["position"],
            int(row["place"]),
            tuple(filter(None, row["order_ids"].split(";"))),
            row["customer_id"],
            row["tracking"],
            row["piece_id"],
            ParcelOutcome(row["outcome"]),
            row["reason"],
        )


def waves(packed: Sequence[Packed]) -> list[dict[str, Any]]:
    """The waves in packing order, as job.json says them; `files` are the piles, each with its separator sheet."""
    found: dict[str, dict[str, Any]] = {}
    for one in packed:
        told = found.setdefault(one.parcel.wave, {"parcels": 0, "pieces": 0, "slips": 0, "files": []})
        told["parcels"] += 1
        told["pieces"] += bool(one.piece_id)
        told["slips"] += bool(one.file and not one.piece_id)
        if one.file and one.file not in told["files"]:
            told["files"].append(one.file)
    return [{"wave": wave, **told} for wave, told in found.items()]
