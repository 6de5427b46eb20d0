"""Parcels of a day's shipments, how their letters are piled, and what became of each."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from dmgen.model.production import Record

PARCEL_CELLS = ("shipment_id", "wave", "position", "place", "order", "orders", "key", "tracking", "ship_on")
"""What words may say of the parcel that a piece goes into."""
PARCEL = "parcel"
"""The record of a piece's parcel in its row, `{{ parcel.key }}` in letters."""

_KEY_LENGTH = 6
SHIPMENT_COLUMNS = (
    *("shipment_id", "order_ids", "customer_id", "wave", "position", "ship_on", "tracking"),
    *("ship_to_name", "gift", "kind", "shop"),
)
"""The columns of a shipments list."""


class Gap(StrEnum):
    """What lies in the pile where a parcel gets no piece: a slip sheet, or nothing."""

    SLIP = "slip"
    SKIP = "skip"


class Delivery(StrEnum):
    """How the press stacks its sheets: the first one is on top of the turned pile, or at its bottom."""

    FACE_DOWN = "face_down"
    FACE_UP = "face_up"


class Carrier(StrEnum):
    """Who carries the parcels; the last three are mail (郵便), or not (ゆうメール)."""

    YAMATO = "yamato"
    SAGAWA = "sagawa"
    YUPACK = "yupack"
    OTHER = "other"
    LETTERPACK = "letterpack"
    TEIKEIGAI = "teikeigai"
    YUMAIL = "yumail"


class Sound(StrEnum):
    """When a packing table rings: at red alone, as hands that go on need no sound; at both, red three times; never."""

    RED = "red"
    BOTH = "both"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ParcelRules:
    """[parcels]: how letters go into parcels. `fallback` is the segment whose piece goes to nobody known ("": none).

    `skus` are the insert's article numbers by segment, for warehouse systems.
    """

    gaps: Gap = Gap.SLIP
    delivery: Delivery = Delivery.FACE_DOWN
    carrier: Carrier | None = None
    fallback: str = ""
    skus: dict[str, str] = field(default_factory=dict)


def _match_key(orders: tuple[str, ...], shipment_id: str) -> str:
    """The last characters of the first order's number, or of the shipment's."""
    letters = "".join(filter(str.isalnum, orders[0] if orders else shipment_id))
    return letters[-_KEY_LENGTH:]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel of the shipments list. `place` counts from 1 in packing order over all waves.

    `position` is the warehouse's own word for the place within the wave; `customer_id` is as the list says it, or as
    the orders tell; `line` is where the parcel stands in the list.
    """

    shipment_id: str
    orders: tuple[str, ...]
    wave: str
    position: str
    place: int
    customer_id: str = ""
    tracking: str = ""
    ship_on: date | None = None
    line: int = 0

    @property
    def key(self) -> str:
        """What people compare."""
        return _match_key(self.orders, self.shipment_id)


class ShopParcel(NamedTuple):
    """A parcel of a batch of several clients and the shop whose it is; "" where the list does not say."""

    shop: str
    parcel: Parcel


def parcel_record(parcel: Parcel) -> Record:
    """The record `parcel` of a piece's row, of PARCEL_CELLS."""
    orders = parcel.orders
    told = (parcel.wave, parcel.position, parcel.place, orders[0] if orders else "", ";".join(orders))
    cells = (parcel.shipment_id, *told, parcel.key, parcel.tracking, parcel.ship_on)
    return Record(dict(zip(PARCEL_CELLS, cells, strict=True)))


class ParcelOutcome(StrEnum):
    """What goes into a parcel; the outcomes of a job add up to the parcels read."""

    PIECE = "piece"
    FALLBACK = "fallback"
    EMPTY = "empty"


FIRST_PARCEL, OTHER_CAMPAIGN, NO_CAMPAIGN = "first_parcel_has_it", "other_campaign", "no_campaign"
"""Why a parcel stays empty: its customer's piece lies in another, another campaign's piece lies in it, or its shop has
no campaign in the batch."""


class PlannedParcel(NamedTuple):
    """A parcel of a job; `place` counts in packing order, `piece_id` is empty where nothing goes in, for a reason."""

    shipment_id: str
    wave: str
    position: str
    place: int
    orders: tuple[str, ...]
    recipient: str
    tracking: str
    piece_id: str
    outcome: ParcelOutcome
    reason: str = ""

    @property
    def key(self) -> str:
        """What people compare."""
        return _match_key(self.orders, self.shipment_id)


class Packing(NamedTuple):
    """A parcel with what goes in: the audience's position of the piece and its segment, or the reason why none."""

    parcel: Parcel
    outcome: ParcelOutcome
    reason: str = ""
    piece: int | None = None
    segment: str = ""
