"""A small campaign with one segment, for the arithmetic of the law."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from dmgen.law.premiums import Assessment, Group, assess
from dmgen.law.rules import rules_of
from dmgen.model.audience import Lists
from dmgen.model.campaign import Campaign, Channel, Law, Segment, Shop
from dmgen.model.lottery import Lottery, Prize, Reveal
from dmgen.model.offer import Benefit, Offer
from dmgen.model.scheme import NO_SCHEME

DAY = date(2026, 4, 5)
RULES = rules_of(DAY)
EVERYBODY = Group("all", 1000, 1000, 1, 1)


def prize(value: int, count: int = 1, name: str = "one", reveal: Reveal = Reveal.DRAW, offer: str = "") -> Prize:
    return Prize(name, name, "品", value, count, reveal, offer)


def gift(worth: int, minimum: int = 0, name: str = "gift") -> Offer:
    return Offer(name, name, 0, minimum, DAY, benefit=Benefit.GIFT, gift="品", worth=worth)


NO_LOTTERY = Lottery()


def campaign(
    lottery: Lottery = NO_LOTTERY,
    cheapest: int | None = 1000,
    sales: int | None = 100_000_000,
    offers: tuple[Offer, ...] = (),
    **changes: Any,
) -> Campaign:
    """One segment of everybody, who get the first of the offers."""
    made = Campaign(
        id="one",
        folder=Path(),
        shop=Shop("shop", "店", Path("shop.toml")),
        drop=DAY,
        as_of=DAY,
        channel=Channel.MAIL,
        lists=Lists(),
        scheme=NO_SCHEME,
        segments=(Segment("all", "全員", "letter", offer=offers[0].id if offers else None, tickets=1),),
        offers={offer.id: offer for offer in offers},
        layouts={},
        lottery=lottery,
        law=Law(cheapest, sales),
    )
    return replace(made, **changes)


def assessed(made: Campaign, *groups: Group) -> Assessment:
    return assess(made, groups or (EVERYBODY,), RULES)


def breached(made: Campaign, *groups: Group) -> list[str]:
    """The keys of what may not be printed."""
    return [".".join(map(str, breach.keys)) for breach in assessed(made, *groups).breaches]
