"""The keys of campaign.toml and what each may hold."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainValidator

from dmgen.campaign import lengths
from dmgen.campaign.problems import RefusalError, did_you_mean, listed
from dmgen.campaign.schema import (
    MOST_MONEY,
    FileName,
    Key,
    Name,
    PolicyTable,
    PrintTable,
    ReleaseTable,
    Slug,
    Table,
    Text,
    Tickets,
    When,
    between,
    within,
)
from dmgen.campaign.schema_costs import CostsTable
from dmgen.campaign.schema_offers import ArTable, LawTable, LinkTable, LotteryTable, OfferTable
from dmgen.campaign.schema_scheme import Value
from dmgen.messages import mark
from dmgen.model.audience import ContactChannel, Duplicates
from dmgen.model.campaign import Channel
from dmgen.model.parcel import Carrier, Delivery, Gap
from dmgen.model.posting import ENVELOPES, Discount, MailClass, Payment, Sorting

_MOST_DAYS = 3660
_MOST_PIECES = 10_000_000


def _files(written: object) -> object:
    return [written] if isinstance(written, str) else written


def _share(written: object) -> object:
    """A share of all: 0.1 is a tenth."""
    if isinstance(written, bool) or not isinstance(written, int | float) or not 0 < written < 1:
        raise RefusalError(mark("allowed: a share between 0 and 1, for example 0.1 for a tenth"))
    return float(written)


def _share_or_number(written: object) -> object:
    if isinstance(written, bool) or not isinstance(written, int | float) or written < 0:
        raise RefusalError(mark("allowed: a share such as 0.05, or a number of rows such as 200"))
    if written >= 1 and written != int(written):
        raise RefusalError(mark("allowed: a share such as 0.05, or a number of rows such as 200"))
    return float(written)


Share = Annotated[float, BeforeValidator(_share)]
ShareOrNumber = Annotated[float, BeforeValidator(_share_or_number)]
Days = Annotated[int, between(1, _MOST_DAYS)]


class ListsTable(Table):
    """[lists]."""

    customers: FileName | None = None
    orders: FileName | None = None
    products: FileName | None = None
    contacts: FileName | None = None
    suppress: Annotated[list[FileName], BeforeValidator(_files)] = []
    returned: FileName | None = None
    seeds: FileName | None = None
    out_of_stock: FileName | None = None
    shipments: FileName | None = None
    opt_out: Literal["none recorded"] | None = None


class VariantTable(Table):
    """One of a segment's variants; what it leaves out is the segment's own."""

    id: Slug
    layout: FileName | None = None
    offer: str | None = None


class SegmentTable(Table):
    """One of [audience] segments."""

    id: Slug
    label: Text | None = None
    when: When | None = None
    group: Text | None = None
    layout: FileName | None = None
    offer: str | None = None
    tickets: Tickets | None = None
    control: Share | None = None
    variants: Annotated[list[VariantTable], Field(max_length=26)] = []
    mall_safe: bool = False


class AudienceTable(Table):
    """[audience]; without segments, `layout` and `offer` are everybody's."""

    scheme: FileName = "none"
    options: dict[Name, Value] = {}
    duplicates: Annotated[Duplicates, Field(strict=False)] = Duplicates.PERSON
    malls: list[Text] = []
    segments: list[SegmentTable] = []
    layout: FileName | None = None
    offer: str | None = None


class CrossSellTable(Table):
    """[cross_sell]."""

    support: Annotated[int, between(1, 1_000_000)] = 5
    lift: Annotated[float, Field(strict=False, ge=0)] = 1.0


class ContactTable(Table):
    """[contact]."""

    minimum_days: Days | None = None
    letters: Annotated[int, between(1, 1000)] | None = None
    days: Days = 365


class LimitsTable(Table):
    """[limits]."""

    pieces: Annotated[int, between(0, _MOST_PIECES)] | None = None
    budget: Annotated[int, between(0, 10_000_000_000)] | None = None
    cost: Annotated[float, Field(strict=False, gt=0)] | None = None
    priority: Name | None = None


class GuardTable(Table):
    """[guard]."""

    max_rejected: ShareOrNumber | None = None
    max_pieces: Annotated[int, between(0, _MOST_PIECES)] | None = None
    max_shrink: Share | None = None


class ContactListTable(Table):
    """[contact_lists] NAME."""

    channel: Annotated[ContactChannel, Field(strict=False)]
    segments: list[Slug] = []
    when: When | None = None


class GoalTable(Table):
    """One of [points] goals."""

    points: Annotated[int, between(1, MOST_MONEY)]
    label: Text


class PointsTable(Table):
    """[points]."""

    as_of: date | None = None
    goals: list[GoalTable] = []


class FallbackTable(Table):
    """[parcels] fallback: the piece for parcels whose customer nobody knows."""

    layout: FileName
    offer: str | None = None
    label: Text | None = None


class ParcelsTable(Table):
    """[parcels]."""

    gaps: Annotated[Gap, Field(strict=False)] = Gap.SLIP
    delivery: Annotated[Delivery, Field(strict=False)] = Delivery.FACE_DOWN
    carrier: Annotated[Carrier | None, Field(strict=False)] = None
    fallback: FallbackTable | None = None
    skus: dict[Slug, Text] = {}


def _envelope(written: object) -> object:
    """An envelope by its key or with its size; false: none."""
    if isinstance(written, dict):
        return EnvelopeTable.model_validate(written)  # here, so that what is wrong with it is said of its own keys
    if written is False:
        return written
    if isinstance(written, str) and written in ENVELOPES:
        return written
    near = did_you_mean(written, ENVELOPES) if isinstance(written, str) else ""
    message = mark(
        "allowed: {envelopes}{near}, false for none, or {{ name, size = [120, 235], weight = 5.4, thickness = 0.2 }}"
    )
    raise RefusalError(message, envelopes=listed(list(ENVELOPES)), near=near)


class EnvelopeTable(Table):
    """[mail] envelope: one that has no key."""

    name: Text
    size: Annotated[tuple[float, float], PlainValidator(lengths.size)]
    weight: Annotated[float, Field(strict=False), within(0.5, 500)]
    thickness: Annotated[float, PlainValidator(lengths.positive_length)] = 0.2


class EnclosureTable(Table):
    """One of [mail] enclosures: grams and mm."""

    label: Text
    weight: Annotated[float, Field(strict=False), within(0.1, 4000)]
    thickness: Annotated[float, PlainValidator(lengths.positive_length)] = 0.1


class MailTable(Table):
    """[mail]: how letters are posted."""

    payment: Annotated[Payment | None, Field(strict=False)] = None
    post_office: Text | None = None
    envelope: Annotated[Literal[False] | str | EnvelopeTable, BeforeValidator(_envelope)] = False
    enclosures: list[EnclosureTable] = []
    mail_class: Annotated[MailClass | None, Field(strict=False, alias="class")] = None
    discounts: list[Annotated[Discount, Field(strict=False)]] = []
    slack: Literal[0, 3, 7] = 0
    sort: Annotated[Sorting | None, Field(strict=False)] = None
    districts: FileName | None = None
    regional_office: bool = False
    printed: list[Literal["card", "mark"]] = []


class CampaignTable(Table):
    """campaign.toml."""

    format: int
    id: Slug
    drop: date | None = None
    as_of: date | None = None
    channel: Annotated[Channel, Field(strict=False)] = Channel.MAIL
    lists: ListsTable = ListsTable()
    audience: AudienceTable = AudienceTable()
    cross_sell: CrossSellTable = CrossSellTable()
    contact: ContactTable = ContactTable()
    limits: LimitsTable = LimitsTable()
    guard: GuardTable = GuardTable()
    contact_lists: dict[Slug, ContactListTable] = {}
    offers: dict[Key, OfferTable] = {}
    lottery: LotteryTable = LotteryTable(tickets=0)
    law: LawTable = LawTable()
    links: dict[Key, LinkTable] = {}
    ar: ArTable | None = None
    points: PointsTable = PointsTable()
    parcels: ParcelsTable = ParcelsTable()
    mail: MailTable | None = None
    costs: CostsTable = CostsTable()
    print: PrintTable = PrintTable()
    release: ReleaseTable = ReleaseTable()
    policy: PolicyTable = PolicyTable()
