"""Batches, pieces and jobs: what is printed and how it is accounted for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from dmgen.model.offer import Offer

RECORDS = ("product", "cross_sell", "upsell")  # the last one bought, the one bought next by others, the better one


class Record:
    """A row of the product lookup in a letter's words: a column is an attribute, a missing one is empty.

    A customer without a product has an empty record, which is false. As text it is its sku, or its name, and it
    equals that text: a rule `cross_sell == "T-101"` says the same of a segment and of a slot.
    """

    __slots__ = ("cells",)

    def __init__(self, cells: dict[str, "Cell"]) -> None:
        self.cells = cells

    def __getattr__(self, name: str) -> "Cell":
        if name.startswith("__") or name == "cells":
            raise AttributeError(name)
        return self.cells.get(name, "")

    def __bool__(self) -> bool:
        return bool(self.cells)

    def __str__(self) -> str:
        return str(self.cells.get("sku") or self.cells.get("name") or "")

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Record):
            return self.cells == other.cells
        return str(self) == other if isinstance(other, str) else NotImplemented

    def __hash__(self) -> int:
        return hash(str(self))

    def __reduce__(self) -> "tuple[type[Record], tuple[dict[str, Cell]]]":
        return Record, (self.cells,)


Cell = str | int | float | bool | date | Record | None
Row = dict[str, Cell]


class Link(NamedTuple):
    """A piece's own link: the opaque token that was issued, and the whole URL."""

    token: str
    url: str


class Numbers(NamedTuple):
    """What was issued to one piece; links stand by name.

    `coupon_text` and `ticket_texts` are codes as they are shown, the latter only where that is another thing. `offer`
    are the terms that this piece was promised, its dates and its tier settled.
    """

    piece_id: str
    coupon: str = ""
    coupon_text: str = ""
    tickets: tuple[str, ...] = ()
    links: Mapping[str, Link] = {}
    ticket_texts: tuple[str, ...] = ()
    offer: Offer | None = None

    @property
    def shown_tickets(self) -> tuple[str, ...]:
        """The lottery numbers as letters show them."""
        return self.ticket_texts or self.tickets


NO_NUMBERS = Numbers("")


class LotKind(StrEnum):
    """What pieces that are printed one after another have in common: a segment, a wave of parcels, their way."""

    SEGMENT = "segment"
    WAVE = "wave"
    POST = "post"


class Lot(NamedTuple):
    """Pieces that are printed one after another, in one or more files."""

    kind: LotKind
    name: str


class Kind(NamedTuple):
    """What pieces of one segment share."""

    segment: str
    layout: str
    variant: str = ""


SHEET_CELLS = (
    *("kind", "wave", "code"),
    *("part", "parts", "parcels", "pieces", "slips"),
    *("position", "place", "shipment_id", "key"),
)
"""What is told of a sheet that is no piece: of any; of a separator, whose print file these count; of a slip's parcel.

`code` is what its symbol says.
"""


class Sheet(NamedTuple):
    """A sheet in a pile that is no piece (separator, slip): so many pieces of the batch lie before it, in their order.

    `cells` are what its words may name, `{{ sheet.NAME }}`: of SHEET_CELLS those that it has.
    """

    kind: str
    before: int
    cells: dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Batch:
    """An ordered list of pieces of one print file: the unit of printing, retry and reprint.

    `rows` and `numbers` run parallel; `kind_of` names the kind of each, and is empty where all are of the first.
    `first_sequence` is the job-wide number of the first piece. `lot` is that of pieces of several segments. A `turned`
    file is printed from its end, sheet by sheet.
    """

    number: int
    kinds: tuple[Kind, ...]
    file: str
    first_sequence: int
    rows: list[Row]
    numbers: list[Numbers]
    kind_of: tuple[int, ...] = ()
    lot: Lot | None = None
    sheets: tuple[Sheet, ...] = ()
    turned: bool = False

    @property
    def printed_with(self) -> Lot:
        """The lot that it is, or is a part of."""
        return self.lot or Lot(LotKind.SEGMENT, self.kinds[0].segment)


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What a worker wrote: file names relative to the job folder, with their size and sha256.

    `segments` are those of its pieces.
    """

    number: int
    lot: Lot
    segments: tuple[str, ...]
    file: str
    pieces: int
    pages: int
    size: int
    sha256: str


class Shown(NamedTuple):
    """What stands on which pages (from 1) of a file of specimens: a segment's letter, or a sheet of a kind."""

    segment: str = ""
    layout: str = ""
    sheet: str = ""
    first_page: int = 1
    pages: int = 0

    def as_json(self) -> dict[str, Any]:
        """What job.json says of it."""
        what = {"sheet": self.sheet} if self.sheet else {"segment": self.segment, "layout": self.layout}
        return what | {"first_page": self.first_page, "pages": self.pages}


class JobState(StrEnum):
    """What became of a job. One that is not released has not been read back, or not without a finding."""

    NOT_RELEASED = "not_released"
    READY = "ready"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"
    SENT = "sent"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What reading a finished job back said. `findings` are its first ones, as job.json shows them, of `count`.

    `sample` is the number of pieces that were asked for instead of all. `reason` is empty for a released job.
    """

    reason: str
    pieces: int = 0
    sample: int | None = None
    count: int = 0
    findings: tuple[dict[str, Any], ...] = ()

    @property
    def released(self) -> bool:
        """Whether the job may be sent."""
        return not self.reason

    def as_json(self) -> dict[str, Any]:
        """What job.json says of it."""
        return {
            "released": self.released,
            "reason": self.reason,
            "read_back": {
                "pieces": self.pieces,
                "sample": self.sample,
                "findings": self.count,
                "first": list(self.findings),
            },
        }


NOT_READ_BACK = Verdict("not_read_back")


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job as the ledger remembers it; `customers` are the rows of its list, where that is known.

    `part_of` is the job whose parcels it completes, printed later; None for a job of its own. `purged_on` is the day
    (UTC) from which on nobody is named in it any more.
    """

    id: str
    shop: str
    campaign: str
    drop: date
    state: JobState
    folder: str
    pieces: int
    created_on: date
    sent_on: date | None = None
    customers: int | None = None
    part_of: str | None = None
    purged_on: date | None = None
