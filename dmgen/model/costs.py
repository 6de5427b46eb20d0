"""What a mailing costs besides postage: prices by quantity, margin, and how many letters bring an order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Cost(StrEnum):
    """What is paid for; each key of [costs] that holds a price."""

    SETUP = "setup"
    SETUP_LAYOUT = "setup_layout"
    SIDE = "side"
    SHELL = "shell"
    PAPER = "paper"
    FOLD = "fold"
    ENVELOPE = "envelope"
    INSERTING = "inserting"
    PER_PIECE = "per_piece"


class Origin(StrEnum):
    """Where a price stands: in the shop's or the campaign's file, or among the examples that come with dmgen."""

    EXAMPLE = "example"
    SHOP = "shop.toml"
    CAMPAIGN = "campaign.toml"


class Step(NamedTuple):
    """The price (yen, at most two decimals) from so many letters of a campaign on."""

    start: int
    yen: Decimal


@dataclass(frozen=True, slots=True)
class Price:
    """A price by the letters of the campaign; the first step starts at 0."""

    steps: tuple[Step, ...]
    origin: Origin

    def at(self, letters: int) -> Decimal:
        """The price of one, for a campaign of so many letters: that of the last step that is reached, for all."""
        return next(step.yen for step in reversed(self.steps) if step.start <= letters)


LAPSED, NO_GROUP, NO_SCHEME = "lapsed", "no_group", "no_scheme"
"""Keys of `response` that are no group and no segment."""

RESPONSES = (Decimal("0.01"), Decimal("0.05"), Decimal("0.1"), Decimal("0.2"))
"""The responses that a break-even is shown for."""


@dataclass(frozen=True, slots=True)
class Costs:
    """[costs]. `margin` is the share of an order's revenue that is gross profit, `response` a share of letters.

    A margin of 0 is not said; `dated` is the day of the example prices.
    """

    prices: Mapping[Cost, Price] = field(default_factory=dict)
    margin: Decimal = Decimal(0)
    response: Mapping[str, Decimal] = field(default_factory=dict)
    dated: date | None = None

    def over(self, other: "Costs") -> "Costs":
        """These costs, and what they leave out from `other`."""
        return Costs(
            {**other.prices, **self.prices},
            self.margin or other.margin,
            {**other.response, **self.response},
            self.dated or other.dated,
        )
