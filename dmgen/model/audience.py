"""What a campaign asks of its audience: which lists, who counts as one person, how often, how many."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dmgen.model.rule import Rule


class Duplicates(StrEnum):
    """Which customers of the list get one letter together."""

    EXACT = "exact"
    PERSON = "person"
    HOUSEHOLD = "household"


class ContactChannel(StrEnum):
    """The ways of reaching a customer besides a letter."""

    EMAIL = "email"
    SMS = "sms"
    ADS = "ads"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class Lists:
    """The files a campaign reads. Suppression lists hold ids, e-mails, addresses or phones of people to leave out."""

    customers: Path | None = None
    orders: Path | None = None
    products: Path | None = None
    contacts: Path | None = None
    suppress: tuple[Path, ...] = ()
    returned: Path | None = None
    seeds: Path | None = None
    out_of_stock: Path | None = None
    shipments: Path | None = None
    no_opt_out_recorded: bool = False


@dataclass(frozen=True, slots=True)
class CrossSell:
    """[cross_sell]: a pair of products counts from `support` customers who bought both, and from this lift."""

    support: int = 5
    lift: float = 1.0


@dataclass(frozen=True, slots=True)
class Contact:
    """[contact]: days between two letters to a person, and letters within so many days; over all campaigns."""

    minimum_days: int | None = None
    letters: int | None = None
    days: int = 365


@dataclass(frozen=True, slots=True)
class Limits:
    """[limits]: the most pieces, or the budget and the cost of a piece (yen); `priority` is a column, highest first."""

    pieces: int | None = None
    budget: int | None = None
    cost: float | None = None
    priority: str = ""


@dataclass(frozen=True, slots=True)
class Guard:
    """[guard]: beyond these nothing is issued. Below 1 a share of the list, otherwise a number of rows."""

    max_rejected: float | None = None
    max_pieces: int | None = None
    max_shrink: float | None = None


@dataclass(frozen=True, slots=True)
class ContactList:
    """[contact_lists]: people to reach by another channel, of these segments or whom the rule takes."""

    id: str
    channel: ContactChannel
    segments: tuple[str, ...] = ()
    when: Rule | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """How the audience is narrowed, beyond its segments."""

    duplicates: Duplicates = Duplicates.PERSON
    malls: tuple[str, ...] = ()  # acknowledged: buyers known from these malls alone get letters too
    cross_sell: CrossSell = CrossSell()
    contact: Contact = Contact()
    limits: Limits = Limits()
    guard: Guard = Guard()
    contact_lists: tuple[ContactList, ...] = ()
