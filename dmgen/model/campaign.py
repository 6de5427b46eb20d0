"""A shop and one of its mailings, as their files say."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from dmgen.model.audience import Choice, Lists
from dmgen.model.costs import Costs
from dmgen.model.layout import Color, Layout
from dmgen.model.lottery import Lottery
from dmgen.model.offer import DropKey, Offer
from dmgen.model.parcel import ParcelRules
from dmgen.model.points import Points, Ranks
from dmgen.model.posting import MailRules, Payment
from dmgen.model.printing import PrintSettings
from dmgen.model.rule import Rule
from dmgen.model.scheme import Scheme
from dmgen.model.web import Ar, LinkRule


class Channel(StrEnum):
    """How the letter reaches its reader; it decides what may be printed on it."""

    MAIL = "mail"
    MAIL_OPEN = "mail_open"
    INSERT_NOTE = "insert_note"
    INSERT_OPEN = "insert_open"


PARCEL_CHANNELS = (Channel.INSERT_NOTE, Channel.INSERT_OPEN)
"""The channels whose letters go into parcels."""


class Policy(StrEnum):
    """What becomes of a piece that cannot be printed as it should be."""

    REJECT = "reject-piece"
    STOP = "stop"
    WARN = "warn"


NO_BARCODE = "no_barcode"
"""What the reasons begin with for which an address has no customer barcode."""


@dataclass(frozen=True, slots=True)
class Policies:
    """[policy]: by reason, what becomes of a piece."""

    missing_glyph: Policy = Policy.REJECT
    overset: Policy = Policy.REJECT
    missing_image: Policy = Policy.REJECT
    postal_code_unknown: Policy = Policy.REJECT
    postal_mismatch: Policy = Policy.WARN
    no_barcode: Policy = Policy.WARN

    def of(self, reason: str) -> Policy:
        """The policy for a reason; those that have none reject the piece. All of no_barcode_… share one."""
        if reason.startswith(NO_BARCODE):
            return self.no_barcode
        return getattr(self, reason) if reason in self.__slots__ else Policy.REJECT


REJECT_ALL = Policies()


class ColumnType(StrEnum):
    """How the cells of a column are read."""

    TEXT = "text"
    INT = "int"
    NUMBER = "number"
    DATE = "date"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """One line of shop.toml's [columns]: which headers make a column of ours.

    Several `sources` are joined with one blank (the parts of a postal code or a phone with a hyphen).
    `default` stands in for empty cells.
    """

    name: str
    sources: tuple[str, ...]
    type: ColumnType | None = None
    default: str | None = None


class Status(StrEnum):
    """What became of an order; only completed ones count."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"
    OPEN = "open"


class Printer(NamedTuple):
    """[printer] of a shop: the print shop, the condition that it prints to, and whom it asks at the shop's."""

    name: str = ""
    condition: str = ""
    contact: str = ""


class ShopMail(NamedTuple):
    """[mail] of a shop: how its mailings are paid and which post office takes them, unless a campaign says it anew."""

    payment: Payment | None = None
    post_office: str = ""


@dataclass(frozen=True, slots=True)
class Shop:
    """One client. `about` holds further words of the shop, `{{ shop.NAME }}` in letters."""

    id: str
    sender: str
    file: Path
    stop_contact: str = ""
    language: str = ""
    country: str = "JP"
    time_zone: str = "Asia/Tokyo"
    ledger: str = "ledger.sqlite"
    links: str = ""  # what printed links begin with
    pages: str = ""  # where the pages that dmgen builds are put, a folder a campaign
    cart: str = ""  # the system that takes its coupon codes
    columns: tuple[ColumnRule, ...] = ()
    statuses: dict[str, Status] = field(default_factory=dict)  # words of its orders' status
    source: str = ""  # the system that its lists come from; found by their headers if it is not said
    about: dict[str, str] = field(default_factory=dict)
    fonts: dict[str, Path] = field(default_factory=dict)
    colors: dict[str, Color] = field(default_factory=dict)
    printer: Printer = field(default_factory=Printer)
    mail: ShopMail = field(default_factory=ShopMail)
    postage: Path | None = None  # postage and discounts instead of the shipped ones
    costs: Costs = field(default_factory=Costs)  # what it says of [costs] itself
    fallback: tuple[str, ...] = ()  # keys of the fonts that stand in for any other
    ranks: Ranks | None = None
    shipments: tuple[ColumnRule, ...] = ()  # columns of its shipments list, by header or by number


@dataclass(frozen=True, slots=True)
class Segment:
    """An audience rule with its layout and offer; the first segment that matches a customer wins.

    A segment that is tried in variants (A/B) is one of these a variant: `of` is the id of the segment as
    written, `variant` its letter, `id` both. `control` is the share of its people who get none, to measure by.
    Without `tickets` the lottery's own rules say how many its people get. `fallback` is the piece for parcels whose
    customer nobody knows: no customer is of it.
    """

    id: str
    label: str
    layout: str
    group: str | None = None
    when: Rule | None = None
    offer: str | None = None
    tickets: int | None = None
    control: float = 0
    variant: str = ""
    of: str = ""
    mall_safe: bool = False
    fallback: bool = False

    @property
    def name(self) -> str:
        """The id of the segment as campaign.toml says it."""
        return self.of or self.id


@dataclass(frozen=True, slots=True)
class Law:
    """[law]: what premiums are measured by (yen, before it is known: None), and what the piece does.

    `printed` are the notices that the layout carries where dmgen cannot read them, in a designer's artwork.
    `acknowledge` is why the campaign goes its way in spite of what was found of letters (信書) in it.
    """

    cheapest_purchase: int | None = None
    planned_sales: int | None = None
    takes_orders: bool = False
    printed: tuple[str, ...] = ()
    acknowledge: str = ""


@dataclass(frozen=True, slots=True)
class Campaign:
    """One mailing, fully resolved: dates are set, layouts loaded, offers have their expiry."""

    id: str
    folder: Path
    shop: Shop
    drop: date
    as_of: date
    channel: Channel
    lists: Lists
    scheme: Scheme
    segments: tuple[Segment, ...]
    offers: dict[str, Offer]
    layouts: dict[str, Layout]
    lottery: Lottery = field(default_factory=Lottery)
    law: Law = field(default_factory=Law)
    links: dict[str, LinkRule] = field(default_factory=dict)
    ar: Ar | None = None
    points: Points = field(default_factory=Points)
    parcels: ParcelRules = field(default_factory=ParcelRules)
    mail: MailRules | None = None  # None: campaign.toml does not say how its letters are posted
    costs: Costs = field(default_factory=Costs)
    batch_size: int = 2000
    printing: PrintSettings = field(default_factory=PrintSettings)
    policies: Policies = REJECT_ALL
    read_back: bool = True
    choice: Choice = field(default_factory=Choice)

    @property
    def in_parcels(self) -> bool:
        """Whether a list of shipments decides who gets a letter."""
        return self.lists.shipments is not None

    @property
    def key(self) -> DropKey:
        """The key under which this drop's numbers are issued."""
        return DropKey(self.shop.id, self.id, self.drop)
