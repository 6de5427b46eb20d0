"""One manifest row a piece and one codes row an issued number, written beside the letters they describe."""

import csv
import shutil
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from dmgen.fulfil.folder import CODES, MANIFEST, SHEETS
from dmgen.fulfil.tables import BOM
from dmgen.model.cells import guard
from dmgen.model.offer import CodeKind
from dmgen.model.production import Batch, Cell, Numbers, Record, Row, Sheet

MANIFEST_COLUMNS = (
    "piece_id",
    "sequence",
    "batch",
    "file",
    "first_page",
    "last_page",
    "segment",
    "layout",
    "customer_id",
    "name",
    "postal_code",
    "address",
    "coupon_code",
    "coupon_value",
    "coupon_expires",
    "lottery_number",
    "url",
    "fingerprint",
    "variant",
    "seed",
    "ar_id",
    *("shipment_id", "wave", "position", "order_ids", "match_key"),
)
_PARCEL_CELLS = ("shipment_id", "wave", "position", "orders", "key")  # of a row's `parcel`
_NO_PARCEL = ("",) * len(_PARCEL_CELLS)
CODE_COLUMNS = ("piece_id", "kind", "code", "name", "value", "minimum", "expires", "url")
SHEET_COLUMNS = ("kind", "wave", "position", "shipment_id", "file", "first_page", "last_page", "payload")
ROW_COLUMNS = frozenset({"customer_id", "name", "postal_code", "address", "fingerprint", "seed"})
"""What a row must hold to be listed in the manifest."""


class BatchTables:
    """The parts of manifest.csv and codes.csv that belong to one batch."""

    def __init__(self, folder: Path, batch: Batch) -> None:
        self._batch = batch
        self._promised: dict[int, tuple[str, str]] = {}  # by the offer's identity: pieces share one a kind of terms
        self._files = ExitStack()
        self._manifest, self._codes, self._sheets = (
            csv.writer(
                self._files.enter_context(_part(folder, name, batch.number).open("w", encoding="utf-8", newline=""))
            )
            for name in (MANIFEST, CODES, SHEETS)
        )

    def add(
        self,
        row: Row,
        numbers: Numbers,
        sequence: int,
        pages: tuple[int, int],
        marker: int | None = None,
        kind: int = 0,
    ) -> None:
        """Write the rows of one piece that stands on `pages` (first and last, from 1), with its AR marker.

        `kind` is the place of its kind among the batch's.
        """
        batch = self._batch
        segment, layout, variant = batch.kinds[kind]
        value, until = self._promise(numbers)
        self._manifest.writerow(
            (
                numbers.piece_id,
                sequence,
                batch.number,
                batch.file,
                *pages,
                segment,
                layout,
                guard(str(row["customer_id"])),
                guard(str(row["name"])),
                guard(str(row["postal_code"])),
                guard(str(row["address"])),
                guard(numbers.coupon),
                value,
                until,
                numbers.tickets[0] if numbers.tickets else "",
                next((link.url for link in numbers.links.values()), ""),
                row["fingerprint"],
                variant,
                row.get("seed", 0),
                "" if marker is None else marker,
                *_parcel(row.get("parcel")),
            )
        )
        self._codes.writerows(self._code_rows(numbers, value, until))

    def add_sheet(self, sheet: Sheet, pages: tuple[int, int]) -> None:
        """Write the row of a sheet that is no piece."""
        cells = sheet.cells
        told = (guard(str(cells.get(name, ""))) for name in ("wave", "position", "shipment_id"))
        self._sheets.writerow((sheet.kind, *told, self._batch.file, *pages, guard(str(cells["code"]))))

    def _promise(self, numbers: Numbers) -> tuple[str, str]:
        """What the coupon of a piece gives and its last day, as the tables say it; nothing without a coupon."""
        offer = numbers.offer
        if not (offer and numbers.coupon):
            return "", ""
        told = self._promised.get(id(offer))
        if told is None:
            told = self._promised[id(offer)] = guard(offer.value), offer.expires.isoformat()
        return told

    def _code_rows(self, numbers: Numbers, value: str, until: str) -> Iterable[tuple[Any, ...]]:
        piece, offer = numbers.piece_id, numbers.offer
        if numbers.coupon and offer:
            code = guard(numbers.coupon)
            yield piece, CodeKind.COUPON.value, code, offer.id, value, offer.minimum, until, ""
        for ticket in numbers.tickets:
            yield piece, CodeKind.TICKET.value, ticket, "lottery", "", "", "", ""
        for name, link in numbers.links.items():
            yield piece, CodeKind.LINK.value, link.token, name, "", "", "", link.url

    def close(self) -> None:
        """Finish both parts."""
        self._files.close()


def _parcel(record: Cell) -> tuple[str, ...]:
    """What the manifest says of the parcel that a piece goes into; nothing of a letter that is posted."""
    if not isinstance(record, Record):
        return _NO_PARCEL
    return tuple(guard(str(record.cells[name])) for name in _PARCEL_CELLS)


def _part(folder: Path, name: str, number: int) -> Path:
    return folder / f"{name}-{number:06d}.part"


def collate(work: Path, folder: Path, batches: int, *, sheets: bool = False) -> None:
    """Join the parts of all batches, in order, into manifest.csv and codes.csv; of parcels also into sheets.csv."""
    tables = [(MANIFEST, MANIFEST_COLUMNS), (CODES, CODE_COLUMNS), (SHEETS, SHEET_COLUMNS)]
    for name, columns in tables if sheets else tables[:2]:
        with (folder / name).open("wb") as out:
            out.write((BOM + ",".join(columns) + "\r\n").encode())
            for number in range(1, batches + 1):
                with _part(work, name, number).open("rb") as part:
                    shutil.copyfileobj(part, out)
