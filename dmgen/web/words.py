"""An offer in words for a page: what it gives, to which orders, and when."""

import re
from datetime import date
from typing import NamedTuple

from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Shop
from dmgen.model.offer import Benefit, CodeSource, Offer

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class Fact(NamedTuple):
    """A line of the list under an offer: what it is about, and what is so."""

    term: str
    lines: tuple[str, ...]


def language_of(shop: Shop) -> str:
    """The language of a shop's pages."""
    return shop.language or ("ja" if shop.country == "JP" else "en")


def day(on: date, language: str) -> str:
    """2026年5月20日, or May 20, 2026."""
    if language == "ja":
        return f"{on.year}年{on.month}月{on.day}日"
    return f"{_MONTHS[on.month - 1]} {on.day}, {on.year}"


def money(amount: int, offer: Offer, shop: Shop, language: str) -> str:
    """An amount in the shop's currency: yen in Japan, elsewhere with the sign that the offer's label has."""
    if shop.country == "JP":
        return f"{amount:,}円" if language == "ja" else f"¥{amount:,}"
    sign = re.search(r"[$€£¥₩]", offer.label)
    return f"{sign[0] if sign else ''}{amount:,}"


def facts(offer: Offer, shop: Shop, products: tuple[str, ...], speaker: Speaker) -> list[Fact]:
    """The facts of an offer; `products` are the names of those it is for."""
    say, written = speaker.say, (offer, shop, speaker.language)
    benefit = _benefit(offer, shop, speaker)
    conditions = [
        (offer.minimum, mark("Orders of {amount} or more")),
        (offer.maximum, mark("Orders up to {amount}")),
        (offer.cap, mark("At most {amount} off")),
    ]
    found = [
        (mark("What you get"), [benefit] if benefit not in offer.label else []),
        (mark("Valid"), [validity(offer, speaker)]),
        (mark("Conditions"), [say(words, amount=money(amount, *written)) for amount, words in conditions if amount]),
        (mark("For these products"), list(products)),
        (mark("Use"), [say(mark("Once; the code is yours alone"))] if offer.codes is CodeSource.SINGLE else []),
    ]
    return [Fact(say(term), tuple(lines)) for term, lines in found if lines]


def _benefit(offer: Offer, shop: Shop, speaker: Speaker) -> str:
    match offer.benefit:
        case Benefit.AMOUNT:
            return speaker.say(mark("{amount} off"), amount=money(offer.amount, offer, shop, speaker.language))
        case Benefit.PERCENT:
            return speaker.say(mark("{percent}% off"), percent=offer.percent)
        case Benefit.SHIPPING:
            return speaker.say(mark("Free shipping"))
        case Benefit.GIFT:
            return speaker.say(mark("A gift with your order: {gift}"), gift=offer.gift)
        case Benefit.POINTS:
            return speaker.say(mark("{points} points"), points=f"{offer.points:,}")


def validity(offer: Offer, speaker: Speaker) -> str:
    """Until when an offer holds; one for a birthday in words, for the page is everybody's."""
    if offer.birthday:
        return speaker.say(mark("In the month of your birthday; the letter says from when to when"))
    until = day(offer.expires, speaker.language)
    if offer.starts:
        starts = day(offer.starts, speaker.language)
        return speaker.say(mark("{starts} through {expires}"), starts=starts, expires=until)
    return speaker.say(mark("Through {expires}"), expires=until)
