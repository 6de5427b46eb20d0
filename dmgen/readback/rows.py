"""The rows of a job's tables: pieces, and sheets that are no pieces."""

import csv
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dmgen.model.cells import unguard
from dmgen.model.offer import CodeKind

if TYPE_CHECKING:
    from array import array

MANIFEST, CODES, WARNINGS, PARCELS, SHEETS = "manifest.csv", "codes.csv", "warnings.csv", "parcels.csv", "sheets.csv"
PERSON = ("customer_id", "name", "postal_code", "address")
_NEEDED = {
    *("piece_id", "file", "segment", "layout", "coupon_code", "lottery_number", "url", "fingerprint"),
    *PERSON,
}


class Warned(NamedTuple):
    """A fault with which a piece was printed because [policy] says "warn": reason, slot or column, and what of it."""

    reason: str
    field: str
    value: str


class Piece(NamedTuple):
    """One row of the manifest, and what codes.csv says was issued to it; links stand by name.

    `parcel` is the row of parcels.csv of the parcel that it goes into; empty for a letter that is posted.
    """

    row: dict[str, str]
    sequence: int
    first_page: int
    last_page: int
    coupon: str = ""
    tickets: tuple[str, ...] = ()
    links: Mapping[str, str] = {}
    warned: tuple[Warned, ...] = ()
    offer: str = ""  # the id under which its coupon was issued: a tier's is the whole offer's, a dot, and its own
    expires: str = ""
    parcel: Mapping[str, str] = {}

    @property
    def file(self) -> str:
        """Its print file."""
        return self.row["file"]


class SheetRow(NamedTuple):
    """One row of sheets.csv, and what its page must show by the other tables: `cells` by their names in words.

    `number` counts its rows from 1.
    """

    row: dict[str, str]
    number: int
    first_page: int
    last_page: int
    cells: Mapping[str, str] = {}

    @property
    def file(self) -> str:
        """Its print file."""
        return self.row["file"]


Leaf = Piece | SheetRow
"""What stands together in a print file."""


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a table as they were before a spreadsheet had to be kept from running them."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, restkey=""):
            yield {name: unguard(value) if isinstance(value, str) else "" for name, value in row.items()}


def piece_of(row: dict[str, str], codes: list[dict[str, str]], warned: tuple[Warned, ...]) -> Piece | None:
    """A row of the manifest with its rows of codes; none where cells are missing or are no numbers."""
    try:
        pages = int(row["first_page"]), int(row["last_page"])
        links = {code["name"]: code["url"] for code in codes if code["kind"] == CodeKind.LINK}
        tickets = tuple(code["code"] for code in codes if code["kind"] == CodeKind.TICKET)
        coupon = next((code for code in codes if code["kind"] == CodeKind.COUPON), None)
        if not row.keys() >= _NEEDED:
            return None
        promised = (coupon["code"], coupon["name"], coupon["expires"]) if coupon else ("", "", "")
        code, offer, expires = promised
        return Piece(row, int(row["sequence"]), *pages, code, tickets, links, warned, offer, expires)
    except (KeyError, ValueError):
        return None


def digest(value: str) -> int:
    """A value in 8 bytes, to find those that occur twice."""
    return int.from_bytes(blake2b(value.encode(), digest_size=8).digest())


def occurring_twice(seen: "array[int]") -> set[int]:
    """The digests that stand there more than once."""
    values, times = np.unique(np.frombuffer(seen, np.uint64), return_counts=True)
    return set(values[times > 1].tolist())
