"""What a mailing must bring in: each segment's expected response, and the one at which it breaks even."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from dmgen.audience import Audience
from dmgen.model.campaign import Campaign, Segment
from dmgen.model.costs import LAPSED, NO_GROUP, NO_SCHEME, RESPONSES, Costs

BASKET = "average_basket"


@dataclass(frozen=True, slots=True)
class Returns:
    """One segment, or all: `cost` yen for `letters`; `response` expected, `basket` yen of an order, `margin` of it.

    `profit` is the gross profit (yen) of the orders expected. Without letters, or without anything known of orders,
    figures are None.
    """

    cost: int
    letters: int
    response: Fraction | None
    basket: Fraction | None
    margin: Decimal
    profit: int | None

    def profit_needed(self, response: Fraction | Decimal | None) -> int | None:
        """Gross profit (yen, rounded up) that each responder must bring in, if so many of all respond."""
        if not (response and self.letters):
            return None
        return ceil(self.cost / (self.letters * Fraction(response)))

    def revenue_needed(self, response: Fraction | Decimal | None) -> int | None:
        """What each responder must spend (yen, rounded up) for that profit."""
        if not (response and self.letters):
            return None
        return ceil(self.cost / (self.letters * Fraction(response) * Fraction(self.margin)))

    @property
    def break_even(self) -> Fraction | None:
        """The response at which orders of the average basket pay for the letters; it may be above 1."""
        if not (self.basket and self.letters):
            return None
        return Fraction(self.cost) / (self.letters * self.basket * Fraction(self.margin))

    @property
    def gain(self) -> int | None:
        """Yen that are left (or missing, below 0) when as many respond as expected, with an average basket each."""
        return None if self.profit is None else self.profit - self.cost

    @property
    def at_rates(self) -> list[int | None]:
        """`revenue_needed` at 1, 5, 10 and 20 %."""
        return [self.revenue_needed(rate) for rate in RESPONSES]


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads the letters of a segment, without decoys: how many, the sum of their responses, their baskets."""

    people: int
    responses: Fraction
    baskets: int
    spent: Fraction

    def __add__(self, other: "Readers") -> "Readers":
        return Readers(
            self.people + other.people,
            self.responses + other.responses,
            self.baskets + other.baskets,
            self.spent + other.spent,
        )

    @property
    def response(self) -> Fraction | None:
        """The mean of the expected responses."""
        return self.responses / self.people if self.people else None

    def profit(self, letters: int, margin: Decimal) -> int | None:
        """Gross profit (yen, rounded down) of so many letters to such people."""
        if self.response is None or self.basket is None:
            return None
        return floor(letters * self.response * self.basket * Fraction(margin))

    @property
    def basket(self) -> Fraction | None:
        """The mean of the average baskets of those who have one."""
        return self.spent / self.baskets if self.baskets else None


NOBODY = Readers(0, Fraction(0), 0, Fraction(0))


def readers(campaign: Campaign, audience: Audience, segment: Segment) -> Readers:
    """The people to whom a segment's letters go: each responds as [costs] response says of segment or group."""
    known = audience.columns
    names = [name for name in ("group", LAPSED, BASKET) if name in known]
    positions = audience.open_customers(segment.id)
    kinds: Counter[tuple[str, bool]] = Counter()
    baskets, spent = 0, Fraction(0)
    for row in audience.stream(positions, names):
        kinds[str(row.get("group") or ""), bool(row.get(LAPSED))] += 1
        basket = row.get(BASKET)
        if isinstance(basket, int | float):
            baskets += 1
            spent += Fraction(str(basket))
    responses = sum(
        (Fraction(expected(campaign, segment, *kind)) * count for kind, count in kinds.items()), Fraction(0)
    )
    return Readers(len(positions), responses, baskets, spent)


def expected(campaign: Campaign, segment: Segment, group: str, lapsed: bool) -> Decimal:
    """The share of letters to such people that brings an order: as said of the segment, of the lapsed, of the group."""
    costs: Costs = campaign.costs
    if segment.name in costs.response:
        return costs.response[segment.name]
    if lapsed:
        return costs.response[LAPSED]
    if group in costs.response:
        return costs.response[group]
    return costs.response[NO_GROUP if campaign.scheme.groups else NO_SCHEME]
