"""The page that announces the winners of a lottery: numbers, and how to check the draw; nobody's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from urllib.parse import quote

from dmgen.messages import Speaker, mark
from dmgen.web.pages import Page, render
from dmgen.web.words import day


class Prize(NamedTuple):
    """A prize and the numbers that won it, as letters show them; `at_once`: the letter's page told its winners."""

    label: str
    prize: str
    numbers: Sequence[str]
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Announcement:
    """What the page says. `promised` are the words by which the letters announced the public value.

    `file` is the name of the published draw, which stands beside the page.
    """

    sender: str
    prizes: Sequence[Prize]
    draw_on: date | None
    claim_days: int
    promised: str
    public: str
    tickets: int
    voided: int
    commitment: str
    result: str
    file: str


def announcement_page(told: Announcement, speaker: Speaker) -> bytes:
    """The page, as UTF-8; the same draw makes the same bytes."""
    say = speaker.say
    return render(
        Page("announcement.html", speaker.language, styles=("announcement.css",)),
        sender=told.sender,
        title=say(mark("Winning numbers")),
        lead=say(mark("The number on your letter is among these? Congratulations.")),
        prizes=[(prize, _winners(prize, speaker)) for prize in told.prizes],
        facts=_facts(told, speaker),
        claim=_claim(told, speaker),
        check_title=say(mark("Nobody chose these numbers, and you can check it")),
        steps=[
            say(mark("Before the letters were printed, all numbers, prizes and a secret seed were sealed. The seal:")),
            say(mark("Compare it with the seal on your letter, where it is printed: it must be the same.")),
            say(mark("Seed, numbers and the public value stand in this file. The steps to the winners are published:")),
        ],
        commitment=told.commitment,
        file=told.file,
        address=quote(told.file),
        command=f"dmgen draw --verify {told.file} --commitment {told.commitment}",
        result_title=say(mark("Fingerprint of the result")),
        result=told.result,
        foot=say(mark("This page holds numbers only: no name and no address.")),
    )


def _winners(prize: Prize, speaker: Speaker) -> str:
    count = len(prize.numbers)
    if prize.at_once:
        return speaker.say(mark("winners: {count:,} (shown at once on the letter's page)"), count=count)
    return speaker.say(mark("winners: {count:,}"), count=count)


def _claim(told: Announcement, speaker: Speaker) -> str:
    if told.draw_on:
        last = told.draw_on + timedelta(days=told.claim_days)
        return speaker.say(mark("Claim your prize by {day}."), day=day(last, speaker.language))
    return speaker.say(mark("Claim your prize within {days} days of this announcement."), days=told.claim_days)


def _facts(told: Announcement, speaker: Speaker) -> list[tuple[str, str]]:
    say = speaker.say
    facts = [(say(mark("Day of the draw")), day(told.draw_on, speaker.language) if told.draw_on else "")]
    facts += [(say(mark("Public value that decided")), told.public)]
    if told.promised and not told.public.startswith(told.promised):
        facts += [(say(mark("as promised")), told.promised)]
    facts += [(say(mark("Numbers in the draw")), f"{told.tickets - told.voided:,}")]
    if told.voided:
        facts += [(say(mark("of the sealed numbers void")), f"{told.voided:,}")]
    return [(name, value) for name, value in facts if value]
