"""Terms of an offer and the numbers issued under it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from dmgen.model.rule import Rule


class CodeKind(StrEnum):
    """What a ledger code is for."""

    COUPON = "coupon"
    TICKET = "ticket"
    LINK = "link"


class CodeSource(StrEnum):
    """Where the codes of an offer come from."""

    SINGLE = "single"  # one a person, drawn at random
    SHARED = "shared"  # one for everybody in a drop
    POOL = "pool"  # the shop's own, from a file


class Benefit(StrEnum):
    """What an offer gives."""

    AMOUNT = "amount"  # so much off
    PERCENT = "percent"
    SHIPPING = "shipping"  # free
    GIFT = "gift"  # with a purchase
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class Offer:
    """The terms of an offer in one drop. Amounts are in yen (or the shop's currency).

    What its benefit does not use is 0 or empty. `minimum` and `maximum` bound the basket, `cap` what a percentage
    takes off. With `birthday` it holds in the month of each person's next birthday: `starts` and `expires` are then
    resolved for each piece (`dmgen.offers.entitlement`). `tiers` are better terms for some, the first that holds.
    """

    id: str
    label: str
    amount: int
    minimum: int
    expires: date
    codes: CodeSource = CodeSource.SINGLE
    pool: Path | None = None
    benefit: Benefit = Benefit.AMOUNT
    percent: int = 0
    points: int = 0
    gift: str = ""
    worth: int = 0  # yen, what a gift costs in the shop
    maximum: int | None = None
    cap: int | None = None
    products: tuple[str, ...] = ()  # skus it is for; none: all
    starts: date | None = None
    birthday: bool = False
    tiers: "tuple[Tier, ...]" = ()

    @property
    def value(self) -> str:
        """What it gives as tables say it, each benefit in its own form: 500, 10%, 500 points, free shipping, a gift."""
        match self.benefit:
            case Benefit.AMOUNT:
                return str(self.amount)
            case Benefit.PERCENT:
                return f"{self.percent}%"
            case Benefit.POINTS:
                return f"{self.points} points"
            case Benefit.SHIPPING:
                return "free shipping"
            case Benefit.GIFT:
                return self.gift

    @property
    def terms(self) -> str:
        """A short hash of what was promised: a code is never printed again with other terms."""
        promised: tuple[object, ...] = (
            self.id,
            self.amount,
            self.minimum,
            "birthday" if self.birthday else self.expires.isoformat(),
            self.codes.value,
        )
        names = ("benefit", "percent", "points", "gift", "maximum", "cap", "products", "starts")
        further = {
            name: str(value)
            for name in (names[:-1] if self.birthday else names)
            if (value := getattr(self, name)) and value is not Benefit.AMOUNT
        }
        return hashlib.sha256(repr((*promised, *further.items())).encode()).hexdigest()[:16]


class Tier(NamedTuple):
    """Better terms for those of whom the rule is true. Its offer's id is that of the whole, a dot, and its own."""

    when: Rule
    offer: Offer


@dataclass(frozen=True, slots=True)
class DropKey:
    """The key under which numbers are issued: the same drop prints the same numbers."""

    shop: str
    campaign: str
    drop: date


@dataclass(frozen=True, slots=True)
class CodeOrder:
    """Codes of one kind that some recipients of a drop need.

    `owners` are indices into the recipients of the same call; a recipient who gets several numbers
    of the kind occurs several times. `draw(n)` makes n fresh candidates; the ledger keeps those it
    has never seen in `scope` ("" = ever, otherwise unique within the scope).
    """

    kind: CodeKind
    name: str
    terms: str
    owners: Sequence[int]
    draw: Callable[[int], list[str]]
    scope: str = ""
