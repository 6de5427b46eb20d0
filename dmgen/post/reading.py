"""A postage file, read key by key; what is wrong in it is said with the file, the key, what is written and allowed."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from dmgen.errors import CampaignError
from dmgen.messages import mark

FORMAT = 1
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

    file: Path
    key: str
    value: Any

    def refused(self, allowed: str, **values: object) -> CampaignError:
        """What to say of the value; `allowed` says what may stand there."""
        return CampaignError(
            mark("{file}: {key} = {written}: {allowed}"),
            file=self.file,
            key=self.key,
            written=_shown(self.value),
            allowed=CampaignError(allowed, **values),
        )

    def table(self, required: tuple[str, ...], others: tuple[str, ...] = ()) -> dict[str, "Entry"]:
        """The keys of a table; one that is unknown or missing is refused."""
        if not isinstance(self.value, dict):
            raise self.refused(_TABLE)
        for key in self.value:
            if key not in required + others:
                message = mark("{file}: {key}: unknown key; allowed here: {known}")
                raise CampaignError(message, file=self.file, key=self._at(key), known=", ".join(required + others))
        for key in required:
            if key not in self.value:
                message = mark("{file}: {key} is missing; allowed here: {known}")
                raise CampaignError(message, file=self.file, key=self._at(key), known=", ".join(required + others))
        return {key: Entry(self.file, self._at(key), value) for key, value in self.value.items()}

    def entries(self) -> list["Entry"]:
        """What a list holds; one entry at least."""
        if not isinstance(self.value, list) or not self.value:
            raise self.refused(_LIST)
        return [Entry(self.file, f"{self.key}[{place}]", one) for place, one in enumerate(self.value, 1)]

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

    def _at(self, key: str) -> str:
        return f"{self.key}.{key}" if self.key else key


def dated_sets(file: Path, content: bytes) -> Iterator[tuple[date, Entry]]:
    """Every set of a file with this content, with the day from which it holds, earliest first. Raises CampaignError."""
    top = Entry(file, "", _parsed(file, content)).table(("format", "sets"))
    if top["format"].value != FORMAT:
        raise top["format"].refused(mark("this dmgen reads format = 1; write that"))
    days: dict[date, Entry] = {}
    for one in top["sets"].entries():
        if not isinstance(one.value, dict) or "valid_from" not in one.value:
            message = mark("{file}: {key} is missing; for example: {example}")
            raise CampaignError(message, file=file, key=f"{one.key}.valid_from", example="valid_from = 2026-10-01")
        day = Entry(file, f"{one.key}.valid_from", one.value["valid_from"])
        if days.setdefault(day.day(), one) is not one:
            raise day.refused(mark("another set holds from the same day; write each day once"))
    yield from sorted(days.items(), key=lambda pair: pair[0])


def content_of(file: Path) -> bytes:
    """What a file holds. Raises CampaignError where it cannot be read."""
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise CampaignError(mark("{file}: there is no such file. Correct the path."), file=file) from error
    except OSError as error:
        message = mark("{file}: cannot be read ({problem}). Close it in other programs and check its permissions.")
        raise CampaignError(message, file=file, problem=error.strerror) from error


def _parsed(file: Path, content: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise CampaignError(
            mark("{file}: not UTF-8. Save the file again with the encoding UTF-8"), file=file
        ) from error
    except (ValueError, RecursionError, ArithmeticError) as error:
        message = mark("{file}: this is not TOML ({reason}). Correct it there")
        raise CampaignError(message, file=file, reason=error) from error


def _shown(value: object) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
