"""The page that tells at once who has won: the same bytes for everybody, and no list of winners that can be read.

The letter's link opens it with TOKEN-CHECK behind the #, which no server sees. Both sides take SHA-256 of

    dmgen at once 1 LF shop LF campaign LF drop LF token        (UTF-8; LF is one line feed)

in hexadecimal. CHECK are its first 4 characters: a link that lost or changed a character is told from a losing one.
`instant.json`, beside the page, names prizes by the first 32 characters of the winning links' hashes:

    {"format": 1, "wins": {"0f3c…": ["spark"], …}}

A token has 71 random bits (`dmgen.offers.link`), so nobody finds one by trying what hashes to a winner.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Shop
from dmgen.model.lottery import Prize
from dmgen.model.offer import DropKey
from dmgen.web.coupon import contact_address, shop_address
from dmgen.web.pages import Page, render
from dmgen.web.words import Fact, day, language_of

CHECK_LENGTH, NAME_LENGTH = 4, 32
WINS = "instant.json"
_PURPOSE = "dmgen at once 1"


class Win(NamedTuple):
    """A prize, by its id, and the token of the link that wins it."""

    prize: str
    token: str


@dataclass(frozen=True, slots=True)
class AtOnce:
    """What the page says: the `prizes` that it reveals, and the day and value of the draw of `dated` ones, if any."""

    shop: Shop
    key: DropKey
    prizes: tuple[Prize, ...]
    dated: tuple[Prize, ...]
    draw_on: date | None
    public: str
    claim_by: date
    commitment: str


def fragment(key: DropKey, token: str) -> str:
    """What stands behind the # of a link to the page."""
    return f"{token}-{_digest(key, token)[:CHECK_LENGTH]}"


def wins_file(key: DropKey, wins: Iterable[Win]) -> bytes:
    """What `instant.json` holds, in an order that tells nothing."""
    named: defaultdict[str, list[str]] = defaultdict(list)
    for win in wins:
        named[_digest(key, win.token)[:NAME_LENGTH]].append(win.prize)
    data = {"format": 1, "wins": {name: sorted(named[name]) for name in sorted(named)}}
    return (json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def at_once_page(told: AtOnce) -> bytes:
    """The page; nothing in it is about one person."""
    shop, speaker = told.shop, Speaker(language_of(told.shop))
    say, language = speaker.say, speaker.language
    claim_by = day(told.claim_by, language)
    return render(
        Page(
            "lottery.html", language, styles=("lottery.css",), scripts=("lottery.js",), policy={"connect-src": "'self'"}
        ),
        sender=shop.sender,
        title=say(mark("Your result")),
        kicker=say(mark("Instant lottery")),
        purpose="\n".join((_PURPOSE, *_names(told.key), "")),
        wins=WINS,
        prizes=told.prizes,
        checking=say(mark("One moment, please …")),
        won=say(mark("You have won!")),
        claim=say(mark("Have your letter at hand and get in touch with us by {day}:"), day=claim_by),
        lost=say(mark("This time you have not won at once.")),
        still=say(mark("Your lottery number still takes part in the draw of {day}."), day=day(told.draw_on, language))
        if told.dated and told.draw_on
        else "",
        broken=say(mark("This link is not whole, so nothing can be said yet. Scan the code on your letter again.")),
        failed=say(
            mark(
                "It could not be looked up here. Open this page again with JavaScript switched on, or ask us with your "
                "letter at hand:"
            )
        ),
        empty=say(mark("Scan the code on your letter: it opens this page and tells whether you have won.")),
        contact=shop.stop_contact or shop.sender,
        contact_address=contact_address(shop.stop_contact),
        contact_label=say(mark("Contact, and to stop letters")),
        stop_contact=shop.stop_contact,
        facts_label=say(mark("About this lottery")),
        facts=_facts(told, speaker),
        seal_label=say(mark("Sealed before printing, so nobody can change a winner")),
        seal=_fours(told.commitment),
        shop_address=shop_address(shop),
        to_shop=say(mark("To the shop")),
    )


def _facts(told: AtOnce, speaker: Speaker) -> list[Fact]:
    say, language = speaker.say, speaker.language
    found = [
        (mark("Prizes at once"), [_prize(prize, speaker) for prize in told.prizes]),
        (mark("Claim by"), [day(told.claim_by, language)]),
        (mark("Prizes of the draw"), [_prize(prize, speaker) for prize in told.dated]),
        (mark("Day of the draw"), [day(told.draw_on, language)] if told.dated and told.draw_on else []),
        (mark("What decides it"), [told.public] if told.dated and told.public else []),
    ]
    return [Fact(say(term), tuple(lines)) for term, lines in found if lines]


def _prize(prize: Prize, speaker: Speaker) -> str:
    message = mark("{label}: {prize} (winners: {count:,})")
    return speaker.say(message, label=prize.label, prize=prize.prize, count=prize.count)


def _fours(text: str) -> str:
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def _names(key: DropKey) -> tuple[str, str, str]:
    return key.shop, key.campaign, key.drop.isoformat()


def _digest(key: DropKey, token: str) -> str:
    return sha256("\n".join((_PURPOSE, *_names(key), token)).encode()).hexdigest()
