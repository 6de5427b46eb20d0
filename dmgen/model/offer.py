"""Terms of an offer and the numbers issued under it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path


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


@dataclass(frozen=True, slots=True)
class Offer:
    """The terms of an offer in one drop. Amounts are in yen (or the shop's currency)."""

    id: str
    label: str
    amount: int
    minimum: int
    expires: date
    codes: CodeSource = CodeSource.SINGLE
    pool: Path | None = None

    @property
    def terms(self) -> str:
        """A short hash of what was promised: a code is never printed again with other terms."""
        promised = (self.id, self.amount, self.minimum, self.expires.isoformat(), self.codes.value)
        return hashlib.sha256(repr(promised).encode()).hexdigest()[:16]


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
