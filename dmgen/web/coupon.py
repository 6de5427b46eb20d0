"""The page of a coupon: what it promises, and the code that the link carries behind its #, which no server sees."""

import re
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Shop
from dmgen.model.offer import Offer
from dmgen.web.pages import Page, render
from dmgen.web.words import day, facts, language_of

_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{5,}[0-9]")
_MAIL = re.compile(r"[^\s@?&<>]+@[^\s@?&<>]+\.[^\s@?&<>]+")
_SITE = re.compile(r"(https?://)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(/[A-Za-z0-9._~/-]*)?")


class CodeForm(NamedTuple):
    """Which codes the page shows: of these characters and lengths; `checked` ones have a check character at the end."""

    alphabet: str
    shortest: int
    longest: int
    checked: bool


def coupon_page(shop: Shop, offer: Offer, codes: CodeForm, products: tuple[str, ...] = ()) -> bytes:
    """The page of an offer; `products` are the names of those it is for. Nothing in it is about one person."""
    speaker = Speaker(language_of(shop))
    say, language = speaker.say, speaker.language
    starts, ends = _span(offer, shop)
    return render(
        Page("coupon.html", language, styles=("coupon.css",), scripts=("coupon.js",)),
        sender=shop.sender,
        title=offer.label,
        kicker=say(mark("Coupon")),
        codes=codes,
        starts=starts,
        ends=ends,
        early=say(mark("This coupon can be used from {day} on."), day=day(offer.starts, language))
        if offer.starts
        else "",
        ended=say(mark("This coupon ended on {day}."), day=day(offer.expires, language)),
        code_label=say(mark("Your coupon code")),
        copy=say(mark("Copy the code")),
        copied=say(mark("Copied")),
        not_copied=say(mark("It could not be copied: please type it")),
        with_code=say(mark("Enter this code when you order.")),
        without_code=say(mark("Enter the coupon code that is printed on your letter when you order.")),
        broken=say(mark("This link does not hold a whole code.")),
        facts_label=say(mark("About this coupon")),
        facts=facts(offer, shop, products, speaker),
        to_shop=say(mark("To the shop")),
        shop_address=shop_address(shop),
        contact_label=say(mark("Contact, and to stop letters")),
        stop_contact=shop.stop_contact,
        contact_address=contact_address(shop.stop_contact),
    )


def _span(offer: Offer, shop: Shop) -> tuple[str, str]:
    """From when, and until when, the offer holds: milliseconds since 1970 in the shop's own zone; "" for always."""
    if offer.birthday:
        return "", ""
    return (_midnight(offer.starts, shop) if offer.starts else ""), _midnight(offer.expires + timedelta(days=1), shop)


def _midnight(on: date, shop: Shop) -> str:
    return str(int(datetime.combine(on, time(), ZoneInfo(shop.time_zone)).timestamp() * 1000))


def shop_address(shop: Shop) -> str:
    """The shop's own site, where [about] url says it; "" where it says none that can be linked."""
    url = shop.about.get("url", "")
    return "" if not _SITE.fullmatch(url) else url if "://" in url else f"https://{url}"


def contact_address(contact: str) -> str:
    """What a phone opens for a contact: tel: or mailto:; "" where it is neither."""
    if _PHONE.fullmatch(contact):
        return "tel:" + re.sub(r"[^+0-9]", "", contact)
    return f"mailto:{contact}" if _MAIL.fullmatch(contact) else ""
