"""What each cart can take (carts.toml), and what of a campaign it cannot."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from dmgen.errors import CampaignError, DmgenError
from dmgen.messages import mark
from dmgen.model.offer import Benefit, CodeSource, Offer
from dmgen.resources import carts_file

CONDITIONS = ("minimum", "maximum", "cap", "products")


@dataclass(frozen=True, slots=True)
class Cart:
    """One cart. `single`: it takes one code a person; `most`: of so many codes; None where that is not known.

    `benefits` are those that a code of it can give, `conditions` the keys of an offer that it keeps (see CONDITIONS).
    """

    id: str
    name: str
    single: bool | None
    most: int | None
    benefits: frozenset[Benefit]
    conditions: frozenset[str]


@cache
def _all() -> dict[str, Cart]:
    found = tomllib.loads(carts_file().read_text("utf-8"))
    return {
        name: Cart(
            name,
            cart["name"],
            cart.get("single"),
            cart.get("most"),
            frozenset(map(Benefit, cart["benefits"])),
            frozenset(cart["conditions"]),
        )
        for name, cart in found.items()
    }


def cart(name: str) -> Cart:
    """The cart of a name in carts.toml."""
    return _all()[name]


_NO_BENEFIT = {
    Benefit.POINTS: mark(
        "{cart} has no coupon code for points. Write the points to the accounts of those who come (manifest.csv says "
        "who has which code), or promise an amount instead: amount = 300"
    ),
    Benefit.GIFT: mark(
        "{cart} has no coupon code for a gift that is only named. Let the warehouse add it to orders with a code of "
        "this offer, or make the discount by hand for a product of the shop"
    ),
}
_NO_OTHER_BENEFIT = mark("{cart} has no coupon code for this ({benefit}). Promise an amount off instead: amount = 300")
_NO_CONDITION = {
    "minimum": mark("{cart} keeps no smallest basket for a coupon code. Leave out: minimum"),
    "maximum": mark("{cart} keeps no largest basket for a coupon code. Leave out: maximum"),
    "cap": mark("{cart} cannot bound what a percentage takes off. Promise an amount instead, or leave out: cap"),
    "products": mark("{cart} cannot bind a coupon code of this kind to products. Leave out: products"),
}


def obstacle(cart: Cart, offer: Offer) -> DmgenError | None:
    """Why a cart cannot keep what an offer promises, and what to do; None where it can."""
    if offer.benefit not in cart.benefits:
        message = _NO_BENEFIT.get(offer.benefit, _NO_OTHER_BENEFIT)
        return CampaignError(message, cart=cart.name, benefit=offer.benefit.value)
    kept = cart.conditions - ({"products"} if offer.benefit is Benefit.SHIPPING else set())
    for condition in CONDITIONS:
        if getattr(offer, condition) and condition not in kept:
            return CampaignError(_NO_CONDITION[condition], cart=cart.name)
    return None


class Use(NamedTuple):
    """So many letters of a segment promise an offer (or a tier of one)."""

    offer: Offer
    segment: str
    letters: int


def remarks(name: str, uses: Sequence[Use]) -> list[DmgenError]:
    """What the shop's cart cannot take of what its letters promise, and what to write; nothing where it names none."""
    if not name:
        return []
    found: list[DmgenError] = []
    offers = {use.offer.id: use.offer for use in uses if use.offer.codes is not CodeSource.POOL}
    for offer in offers.values():
        if reason := obstacle(cart(name), offer):
            found.append(CampaignError(mark("[offers.{offer}]: {reason}"), offer=offer.id, reason=reason))
    single: dict[str, Counter[str]] = {}
    for use in uses:
        if use.offer.codes is CodeSource.SINGLE:  # a tier's codes are its whole offer's
            single.setdefault(use.offer.id.partition(".")[0], Counter())[use.segment] += use.letters
    return found + [told for offer, letters in single.items() if (told := _too_many(cart(name), offer, letters))]


def _too_many(cart: Cart, offer: str, letters: Counter[str]) -> DmgenError | None:
    """Whether the single codes of an offer can be taken in, with so many letters by segment."""
    values = {"cart": cart.name, "offer": offer, "letters": f"{letters.total():,}", "lines": _shared(offer, letters)}
    if cart.single is False:
        message = mark(
            "[offers.{offer}]: {cart} cannot take in a code for each person, and there would be {letters}. One shared "
            "code a segment can be typed in there. Write in campaign.toml: {lines}"
        )
        return CampaignError(message, **values)
    if cart.most is not None and letters.total() > cart.most:
        message = mark(
            "[offers.{offer}]: {cart} takes {most} codes of their own at most, and there would be {letters}. Split the "
            "offer, or have one shared code a segment. Write in campaign.toml: {lines}"
        )
        return CampaignError(message, most=f"{cart.most:,}", **values)
    return None


def _shared(offer: str, segments: Iterable[str]) -> str:
    """What to write for one shared code a segment: an offer for each."""
    _, *others = segments
    lines = [f'[offers.{offer}] codes = "shared"']
    for segment in others:
        copy = f"{offer}-{segment}"
        lines.append(f'[offers.{copy}] (= [offers.{offer}]) codes = "shared"; {{ id = "{segment}", offer = "{copy}" }}')
    return " / ".join(lines)
