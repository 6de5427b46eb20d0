"""A parcel job's finished tables, written by hand, and the campaign that they belong to."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dmgen.errors import DmgenError
from dmgen.fonts import FontLibrary
from dmgen.fulfil import MANIFEST, PARCELS, WAREHOUSE, write_table
from dmgen.fulfil.manifest import MANIFEST_COLUMNS
from dmgen.model.audience import Lists
from dmgen.model.campaign import Campaign, Channel, Segment, Shop
from dmgen.model.parcel import ParcelRules
from dmgen.model.scheme import Scheme
from dmgen.packing_files import write_packing_files
from dmgen.produce import Kit
from dmgen.workshop import Workshop
from tests.conftest import press_kit

PARCEL_COLUMNS = (
    "place", "wave", "position", "shipment_id", "order_ids", "customer_id", "outcome", "reason", "piece_id",
    "match_key", "tracking", "file", "page",
)  # fmt: skip
NAME = "𠮷田 髙子"  # a customer's, who is in every manifest
SEGMENTS = (Segment("thanks", "お礼", "leaflet"), Segment("fallback", "はじめての方", "leaflet", fallback=True))
Parcel = dict[str, str]


def parcel(place: int, shipment: str, segment: str = "thanks", **cells: str) -> Parcel:
    """A row of parcels.csv, with the segment of its piece; no piece where `reason` says why."""
    empty = bool(cells.get("reason"))
    orders = cells.get("order_ids", f"R-{place:06d}")
    return {
        "place": str(place), "wave": "A", "position": str(place), "shipment_id": shipment, "order_ids": orders,
        "customer_id": f"c{place}", "outcome": "empty" if empty else "piece", "reason": "",
        "piece_id": "" if empty else f"P{place:010d}Z", "match_key": orders[-6:], "tracking": "", "file": "",
        "page": "", "segment": "" if empty else segment,
    } | cells  # fmt: skip


Write = Callable[..., tuple[Path, list[DmgenError]]]


@pytest.fixture
def warehouse(tmp_path: Path, fonts: FontLibrary) -> Write:
    """Write the files of a job with these parcels; returns their folder and the remarks."""

    def write(
        parcels: list[Parcel], shipments: bytes = b"", country: str = "JP", segments: tuple[Segment, ...] = SEGMENTS,
        rules: ParcelRules | None = None, out: str = "job", workers: int = 1,
    ) -> tuple[Path, list[DmgenError]]:  # fmt: skip
        folder = tmp_path / out
        folder.mkdir(exist_ok=True)
        listed = tmp_path / "shipments.csv"
        listed.write_bytes(shipments)
        write_table(folder / PARCELS, PARCEL_COLUMNS, ([row[c] for c in PARCEL_COLUMNS] for row in parcels))
        rows = (
            {"piece_id": row["piece_id"], "sequence": row["place"], "segment": row["segment"], "name": NAME,
             "customer_id": "000123", "address": "=1+1", "postal_code": "060-0001"}
            for row in parcels if row["piece_id"]
        )  # fmt: skip
        write_table(folder / MANIFEST, MANIFEST_COLUMNS, ([row.get(c, "") for c in MANIFEST_COLUMNS] for row in rows))
        campaign = Campaign(
            id="tea", folder=tmp_path, shop=Shop("shop", "青葉茶舗", tmp_path / "shop.toml", country=country),
            drop=date(2026, 5, 1), as_of=date(2026, 4, 30), channel=Channel.INSERT_NOTE,
            lists=Lists(tmp_path / "customers.csv", shipments=listed), scheme=Scheme("none", tmp_path),
            segments=segments, offers={}, layouts={}, parcels=rules or ParcelRules(),
        )  # fmt: skip
        remarks = write_packing_files(campaign, Workshop(Kit({}, press_kit(fonts)), workers), folder)
        return folder / WAREHOUSE, remarks

    return write
