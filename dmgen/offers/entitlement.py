"""What each piece is due: the terms that hold for its person, and how many lottery tickets."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple, Self

from dmgen.model.campaign import Campaign, Segment
from dmgen.model.lottery import Step
from dmgen.model.offer import Offer
from dmgen.model.rule import Rule, holds

MONTHS_AHEAD = "months_to_birthday"
"""The column that says how many months after the drop's a birthday is; empty where the list does not know it."""


class Due(NamedTuple):
    """What one piece is due: the offer that holds for it (its dates settled, without tiers), and lottery tickets."""

    offer: Offer | None
    tickets: int


class NoBirthdayError(LookupError):
    """An offer holds in the month of a birthday that nobody knows."""


@dataclass(frozen=True)
class Entitlement:
    """What the pieces of a segment are due, by its offer's tiers, their people's birthdays and the lottery's steps."""

    drop: date
    offer: Offer | None
    tickets: int
    steps: tuple[Step, ...] = ()
    _known: dict[tuple[str | None, int, int], Due] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, campaign: Campaign, segment: Segment) -> Self:
        """That of a segment; tickets that it says itself go before the lottery's steps."""
        offer, lottery = campaign.offers.get(segment.offer or ""), campaign.lottery
        if segment.tickets is not None:
            return cls(campaign.drop, offer, segment.tickets)
        return cls(campaign.drop, offer, lottery.tickets, lottery.steps)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that decide."""
        tiers = self.offer.tiers if self.offer else ()
        return (*(tier.when for tier in tiers), *(step.when for step in self.steps))

    @property
    def names(self) -> frozenset[str]:
        """The columns that `due` needs of a row."""
        columns = {name.partition(".")[0] for rule in self.rules for name in rule.names}
        return frozenset(columns | ({MONTHS_AHEAD} if self.needs_birthday else set()))

    @property
    def needs_birthday(self) -> bool:
        """Whether the offer's dates follow from a birthday."""
        return bool(self.offer and self.offer.birthday)

    @property
    def has_one_offer(self) -> bool:
        """Whether all pieces are promised the same, in the same words and with the same dates."""
        return self.offer is None or not (self.offer.tiers or self.offer.birthday)

    @property
    def constant(self) -> Due | None:
        """What all pieces are due, where that is the same for all of them."""
        return self._due(self.offer, 0, self.tickets) if self.has_one_offer and not self.steps else None

    def due(self, row: Mapping[str, Any]) -> Due:
        """What the person of a row is due: of tiers and steps the first that holds. Equal dues are one object.

        Raises NoBirthdayError for a person without a known birthday where the offer needs one, CampaignError for
        a rule that compares unlike things.
        """
        offer = self.offer
        if offer and offer.tiers:
            offer = next((tier.offer for tier in offer.tiers if holds(tier.when, row)), offer)
        tickets = next((step.tickets for step in self.steps if holds(step.when, row)), self.tickets)
        ahead = 0
        if self.needs_birthday:
            if row[MONTHS_AHEAD] is None:
                raise NoBirthdayError
            ahead = int(row[MONTHS_AHEAD])
        return self._due(offer, ahead, tickets)

    def dues(self, rows: Sequence[Mapping[str, Any]]) -> list[Due]:
        """What each person is due, as `due` says it."""
        return [self.constant] * len(rows) if self.constant else [self.due(row) for row in rows]

    def _due(self, offer: Offer | None, ahead: int, tickets: int) -> Due:
        key = (offer.id if offer else None, ahead, tickets)
        if key not in self._known:
            self._known[key] = Due(self._settled(offer, ahead) if offer else None, tickets)
        return self._known[key]

    def _settled(self, offer: Offer, ahead: int) -> Offer:
        if offer.birthday:
            starts, expires = month_after(self.drop, ahead)
            return replace(offer, starts=starts, expires=expires, tiers=())
        return replace(offer, tiers=()) if offer.tiers else offer


def month_after(day: date, months: int) -> tuple[date, date]:
    """The first and the last day of the month that is so many after a day's own; the calendar's last one at most."""
    years, month = divmod(day.month - 1 + months, 12)
    if day.year + years > date.max.year:
        return date.max.replace(day=1), date.max
    first = date(day.year + years, month + 1, 1)
    return first, first.replace(day=monthrange(first.year, first.month)[1])
