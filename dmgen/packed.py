"""What lies in the pile for each parcel: parcels.csv, and the ledger's plan of the job."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from dmgen.fulfil import MANIFEST, PARCEL_COLUMNS, PARCELS, SHEETS, read_table, write_table
from dmgen.model.parcel import Packing, ParcelOutcome, PlannedParcel


class Packed(NamedTuple):
    """A parcel as it is planned, and where the sheet in the pile is for it: file and first page, or empty."""

    parcel: PlannedParcel
    file: str
    page: str


def packed_parcels(packings: Sequence[Packing], folder: Path) -> list[Packed]:
    """The parcels of a job, in packing order, by the tables in `folder` of what was printed."""
    pieces = {row["shipment_id"]: row for row in read_table(folder / MANIFEST)}
    slips = {row["shipment_id"]: row for row in read_table(folder / SHEETS) if row["kind"] == "slip"}
    return [_packed(one, pieces.get(one.parcel.shipment_id), slips.get(one.parcel.shipment_id)) for one in packings]


def _packed(one: Packing, piece: dict[str, str] | None, slip: dict[str, str] | None) -> Packed:
    sheet = piece or slip or {}
    recipient = piece["customer_id"] if piece else one.parcel.customer_id
    return Packed(as_planned(one, recipient, sheet.get("piece_id", "")), *place_of(sheet))


def as_planned(one: Packing, recipient: str, piece_id: str = "") -> PlannedParcel:
    """A parcel as the ledger keeps it, with whose piece it takes."""
    parcel = one.parcel
    return PlannedParcel(
        parcel.shipment_id,
        parcel.wave,
        parcel.position,
        parcel.place,
        parcel.orders,
        recipient,
        parcel.tracking,
        piece_id,
        one.outcome,
        one.reason,
    )


def place_of(row: dict[str, str]) -> tuple[str, str]:
    """File and first page of a piece or sheet; empty where there is none."""
    return row.get("file", ""), row.get("first_page", "")


def write_parcels(packed: Iterable[Packed], folder: Path) -> None:
    """Write parcels.csv: a row a parcel, in packing order."""
    write_table(folder / PARCELS, PARCEL_COLUMNS, map(_row, packed))


def _row(one: Packed) -> tuple[Any, ...]:
    parcel = one.parcel
    return (
        *(parcel.place, parcel.wave, parcel.position, parcel.shipment_id, ";".join(parcel.orders)),
        *(parcel.recipient, parcel.outcome.value, parcel.reason, parcel.piece_id, parcel.key, parcel.tracking),
        *(one.file, one.page),
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
    for parcel, file, _ in packed:
        told = found.setdefault(parcel.wave, {"parcels": 0, "pieces": 0, "slips": 0, "files": []})
        told["parcels"] += 1
        told["pieces"] += bool(parcel.piece_id)
        told["slips"] += bool(file and not parcel.piece_id)
        if file and file not in told["files"]:
            told["files"].append(file)
    return [{"wave": wave, **told} for wave, told in found.items()]
