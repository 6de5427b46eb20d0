"""The limits of 景品表示法 as dated data (`premiums.toml`)."""

import tomllib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

RULES = Path(__file__).with_name("premiums.toml")


class Kind(StrEnum):
    """What something given is for 景品表示法."""

    GENERAL = "general"  # 一般懸賞
    JOINT = "joint"  # 共同懸賞
    OPEN = "open"  # オープン懸賞: not limited
    GIFT = "gift"  # 総付景品
    PRICE_CUT = "price_cut"  # 値引: no premium


class Band(NamedTuple):
    """For transactions of at least `at_least` yen: so many percent of them, or so many yen."""

    at_least: int
    percent: int | None
    yen: int | None


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one kind; `rule` names the notice they stand in.

    `highest` are bands in ascending order, none where there is no limit; `total` is percent of the planned sales.
    """

    rule: str
    highest: tuple[Band, ...] = ()
    total: int | None = None

    def most(self, transaction: int) -> int | None:
        """The most that one thing may be worth (whole yen), None where nothing limits it."""
        if not self.highest:
            return None
        band = max(band for band in self.highest if band.at_least <= transaction)
        return band.yen if band.yen is not None else transaction * (band.percent or 0) // 100

    def most_of_all(self, planned_sales: int) -> int | None:
        """The most that all of them may be worth together (whole yen)."""
        return None if self.total is None else planned_sales * self.total // 100


@dataclass(frozen=True, slots=True)
class Rules:
    """A set of rules and the day from which it holds; the last three are names of notices."""

    valid_from: date
    limits: dict[Kind, Limits]
    base: str
    together: str
    planned: str


def rules_of(day: date, file: Path = RULES) -> Rules:
    """The rules that hold on a day; for a day before the first of them, those."""
    return _rules(set_of(day, file))


def set_of(day: date, file: Path) -> dict[str, Any]:
    """What holds on a day of the dated sets in a file: the latest one that began by then, else the first."""
    sets = sorted(tomllib.loads(file.read_text("utf-8"))["sets"], key=itemgetter("valid_from"))
    written: dict[str, Any] = ([one for one in sets if one["valid_from"] <= day] or sets[:1])[-1]
    return written


def _rules(written: dict[str, Any]) -> Rules:
    limits = {kind: _limits(written[kind.value]) for kind in Kind}
    names = {name: written[name]["rule"] for name in ("base", "together", "planned")}
    return Rules(written["valid_from"], limits, **names)


def _limits(written: dict[str, Any]) -> Limits:
    bands = (Band(band["from"], band.get("percent"), band.get("yen")) for band in written["highest"])
    return Limits(written["rule"], tuple(sorted(bands)), written.get("total"))
