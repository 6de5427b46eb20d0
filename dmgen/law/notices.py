"""What has to stand on a letter, looked for in its words: dated patterns (`notices.toml`)."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from dmgen.law.rules import set_of
from dmgen.messages import mark

NOTICES = Path(__file__).with_name("notices.toml")
_NAME = re.compile(r"\b[a-z_]+\.[a-z_]+\b")
_VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_BLANK = re.compile(r"\s+")
_WRITTEN_OUT = ("sender", "address", "phone")

# What each notice is called; ids are those of notices.toml and of `[law] printed`.
CALLED = {
    "sender": mark("who sends the letter"),
    "opt_out": mark("where to say that one wants no more letters"),
    "organiser": mark("who holds the lottery"),
    "entry": mark("how and until when one enters, or that one need not"),
    "eligible": mark("who takes part"),
    "drawn": mark("when it is drawn"),
    "prizes": mark("the prizes and how many win"),
    "announced": mark("how the winners are announced"),
    "claim": mark("until when a prize can be claimed"),
    "personal_data": mark("what personal data is used for"),
    "not_transferable": mark("that the right cannot be passed on"),
    "contact": mark("whom to ask"),
    "price": mark("the price"),
    "shipping": mark("the shipping fee"),
    "payment": mark("how and when to pay"),
    "delivery": mark("when it is delivered"),
    "returns": mark("whether and how goods can be returned"),
    "company": mark("who sells"),
    "address": mark("the seller's address"),
    "phone": mark("the seller's phone"),
}


class When(StrEnum):
    """Letters that need a notice."""

    ALWAYS = "always"
    LOTTERY = "lottery"
    ORDERS = "orders"


@dataclass(frozen=True)
class Notice:
    """One notice: the names and the patterns that say it, and words to add, in Japanese and English."""

    id: str
    when: When
    names: frozenset[str]
    found: tuple[str, ...]
    ja: str
    en: str
    rule: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Every pattern as one."""
        return re.compile("|".join(f"(?:{one})" for one in self.found), re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Words:
    """What a letter says: its words without blanks, with 0 for each value, and every name that they use."""

    text: str
    names: frozenset[str]

    @classmethod
    def of(cls, sources: Iterable[str], shop: Mapping[str, str]) -> "Words":
        """The words of these sources. `shop` are the shop's own words: what they say is said where they are named.

        A shop's sender, address or phone that is written out counts as named.
        """
        sources = list(sources)
        names = {name for source in sources for value in _VALUE.findall(source) for name in _NAME.findall(value)}
        plain = [_TAG.sub("", _VALUE.sub("0", source)) for source in sources]
        text = "\n".join(map(_squeezed, (*plain, *(said for name, said in shop.items() if f"shop.{name}" in names))))
        literal = {f"shop.{name}" for name in _WRITTEN_OUT if shop.get(name) and _squeezed(shop[name]) in text}
        return cls(text, frozenset(names | literal))


def _squeezed(text: str) -> str:
    return _BLANK.sub("", text)


def notices_of(day: date, file: Path = NOTICES) -> tuple[Notice, ...]:
    """The notices that are needed on a day; before the first set, those of the first set."""
    return tuple(_notice(written) for written in set_of(day, file)["notices"])


def _notice(written: dict[str, Any]) -> Notice:
    return Notice(
        written["id"],
        When(written["when"]),
        frozenset(written["names"]),
        tuple(written["found"]),
        written["ja"],
        written["en"],
        written["rule"],
    )


def lacking(words: Words, needed: Sequence[Notice], printed: Iterable[str], *, lottery: bool) -> Iterator[Notice]:
    """The notices that a letter's words do not say and that are not `printed` otherwise.

    `needed` holds those of orders only where the letter takes orders; those of a lottery count with `lottery`.
    """
    for notice in needed:
        if notice.id in printed or (notice.when is When.LOTTERY and not lottery):
            continue
        if not notice.names & words.names and not notice.pattern.search(words.text):
            yield notice
