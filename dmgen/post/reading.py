"""A postage file, read key by key; what is wrong is said with file, line, key, what is written and what is allowed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.toml import Keys, TomlFile, key_path, parse_toml

MOST_PIECES, MOST_YEN, MOST_SIZE = 99_999_999, 9_999_999, 99_999
Choice = TypeVar("Choice", bound=StrEnum)
_WORDS = mark("write text in quotes")
_DAY = mark("write a date without quotes and without a time: 2026-04-10")
_TABLE = mark("write a table: {{ key = …, … }} or lines of its own under [key]")
_LIST = mark("write a list: [ …, … ]")
_YES = mark("write true or false, without quotes")
_ASCENDING = mark("write it in ascending order, each only once")


@dataclass(frozen=True, slots=True)
class Entry:
    """A value of the file and where it stands."""

    file: TomlFile
    keys: Keys
    value: Any

    def refused(self, allowed: str, **values: object) -> CampaignError:
        """What to say of the value; `allowed` says what may stand there."""
        return CampaignError(
            mark("{file}, line {line}: {key} = {written}: {allowed}"),
            **self.place(),
            written=self.file.written(self.keys),
            allowed=CampaignError(allowed, **values),
        )

    def place(self, *more: str) -> dict[str, object]:
        """File, line and key of this, or of a key in it, for a message."""
        keys = (*self.keys, *more)
        return {"file": self.file.path, "line": self.file.line(keys), "key": key_path(keys)}

    def table(self, required: tuple[str, ...], others: tuple[str, ...] = ()) -> dict[str, "Entry"]:
        """The keys of a table; one that is unknown or missing is refused."""
        if not isinstance(self.value, dict):
            raise self.refused(_TABLE)
        known = ", ".join(required + others)
        for key in self.value:
            if key not in required + others:
                message = mark("{file}, line {line}: {key}: unknown key; allowed here: {known}")
                raise CampaignError(message, **self.place(key), known=known)
        for key in required:
            if key not in self.value:
                message = mark("{file}, line {line}: {key} is missing; allowed here: {known}")
                raise CampaignError(message, **self.place(key), known=known)
        return {key: Entry(self.file, (*self.keys, key), value) for key, value in self.value.items()}

    def entries(self) -> list["Entry"]:
        """What a list holds; one entry at least."""
        if not isinstance(self.value, list) or not self.value:
            raise self.refused(_LIST)
        return [Entry(self.file, (*self.keys, place), one) for place, one in enumerate(self.value)]

    def pair(self) -> tuple["Entry", "Entry"]:
        """The two entries of a list."""
        entries = self.entries()
        if len(entries) != 2:
            raise self.refused(mark("write two numbers: [ …, … ]"))
        return entries[0], entries[1]

    def text(self) -> str:
        """Text."""
        if not isinstance(self.value, str):
            raise self.refused(_WORDS)
        return self.value

    def day(self) -> date:
        """A date."""
        if not isinstance(self.value, date) or isinstance(self.value, datetime):
            raise self.refused(_DAY)
        return self.value

    def yes(self) -> bool:
        """True or false."""
        if not isinstance(self.value, bool):
            raise self.refused(_YES)
        return self.value

    def whole(self, low: int, high: int) -> int:
        """A whole number within limits."""
        if type(self.value) is not int or not low <= self.value <= high:
            raise self.refused(mark("allowed: a whole number from {low} to {high}"), low=low, high=high)
        return self.value

    def number(self, low: float, high: float) -> float:
        """mm or g, within limits."""
        if not self._is_number() or not low <= self.value <= high:
            raise self.refused(mark("allowed: a number from {low:g} to {high:g}"), low=low, high=high)
        return float(self.value)

    def percent(self) -> Decimal:
        """Percent in tenths, so that money stays exact."""
        if not self._is_number() or not 0 <= self.value <= 100 or self.value * 10 % 1:
            raise self.refused(mark("allowed: percent from 0 to 100, in tenths: 3 or 1.5"))
        return Decimal(self.value)

    def choice(self, kind: type[Choice]) -> Choice:
        """One of some words."""
        known = [one.value for one in kind]
        if self.value not in known:
            raise self.refused(mark("allowed: {expected}"), expected=", ".join(f'"{one}"' for one in known))
        return kind(self.value)

    def span(self) -> tuple[float, float]:
        """The least and the most of a side."""
        low, high = (one.number(0, MOST_SIZE) for one in self.pair())
        if low > high:
            raise self.refused(_ASCENDING)
        return low, high

    def ascending(self, numbers: Sequence[float]) -> None:
        """Refuse thresholds that do not ascend: a row that stands in the wrong place is a slip."""
        if any(after <= before for before, after in pairwise(numbers)):
            raise self.refused(_ASCENDING)

    def _is_number(self) -> bool:
        return type(self.value) is int or (isinstance(self.value, Decimal) and self.value.is_finite())


def dated_sets(file: Path, source: str) -> Iterator[tuple[date, Entry]]:
    """Every set of a file of this text, with the day from which it holds, earliest first. Raises CampaignError."""
    written = parse_toml(file, source, format_required=True, fraction=_exact)
    days: dict[date, Entry] = {}
    for one in Entry(written, (), written.data).table(("format", "sets"))["sets"].entries():
        if not isinstance(one.value, dict) or "valid_from" not in one.value:
            message = mark("{file}, line {line}: {key} is missing; for example: {example}")
            raise CampaignError(message, **one.place("valid_from"), example="valid_from = 2026-10-01")
        day = Entry(written, (*one.keys, "valid_from"), one.value["valid_from"])
        if days.setdefault(day.day(), one) is not one:
            raise day.refused(mark("another set holds from the same day; write each day once"))
    yield from sorted(days.items(), key=lambda pair: pair[0])


def _exact(number: str) -> Decimal:
    """What is too large for any number is refused as one that is out of its limits."""
    try:
        return Decimal(number)
    except InvalidOperation:
        return Decimal("inf")
