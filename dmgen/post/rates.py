"""What the post asks for each class and takes off for each discount: dated data (`postage.toml`), read."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.posting import Discount, MailClass, Sorting

POSTAGE = Path(__file__).with_name("postage.toml")


class Step(NamedTuple):
    """Up to so many grams, so many yen."""

    to: float
    yen: int


@dataclass(frozen=True, slots=True)
class ClassRates:
    """What a class may be (mm, g) and costs. `steps` are in ascending order."""

    short: tuple[float, float]
    long: tuple[float, float]
    steps: tuple[Step, ...]
    lightest: float = 0.0
    thickness: float | None = None
    sum: float | None = None


class Base(NamedTuple):
    """Percent from so many pieces on, for letters of some classes in one order (None: in any)."""

    classes: frozenset[MailClass]
    sort: Sorting | None
    percent: tuple[tuple[int, Decimal], ...]


class Special(NamedTuple):
    """Percent that is added where everything holds that is written."""

    classes: frozenset[MailClass]
    slack: int | None
    regional_office: bool
    pieces: int
    percent: Decimal


class LocalPrice(NamedTuple):
    """What a piece of up to so many grams costs from so many pieces on, instead of the full price."""

    classes: frozenset[MailClass]
    to: float
    prices: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class DiscountRates:
    """What a discount gives and asks for; of `special` the highest that holds is added to `base`.

    `thickness`: mm at most; `slack`: days of which one has to be accepted; `people`: ids of what only people can see
    to.
    """

    classes: frozenset[MailClass]
    base: tuple[Base, ...] = ()
    special: tuple[Special, ...] = ()
    prices: tuple[LocalPrice, ...] = ()
    not_with: frozenset[Discount] = frozenset()
    thickness: float | None = None
    slack: tuple[int, ...] = ()
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rates:
    """A set of prices and the day from which it holds."""

    valid_from: date
    file: Path
    classes: Mapping[MailClass, ClassRates]
    discounts: Mapping[Discount, DiscountRates]
    rounding: str


def rates(on: date, file: Path | None = None) -> Rates:
    """The prices of a day: the latest set that began by then. Raises CampaignError for what is wrong in a file."""
    file = file or POSTAGE
    sets = sorted(tomllib.loads(file.read_text("utf-8"), parse_float=Decimal)["sets"], key=itemgetter("valid_from"))
    valid = [one for one in sets if one["valid_from"] <= on]
    if not valid:
        message = mark("{file}: no postage for {day}; the first set of prices holds from {first}")
        raise CampaignError(message, file=file, day=on, first=sets[0]["valid_from"] if sets else "–")
    return _rates(valid[-1], file)


def _rates(written: dict[str, Any], file: Path) -> Rates:
    return Rates(
        valid_from=written["valid_from"],
        file=file,
        classes={MailClass(key): _class(one) for key, one in written["classes"].items()},
        discounts={Discount(key): _discount(one) for key, one in written["discounts"].items()},
        rounding=written["rounding"]["to"],
    )


def _class(written: dict[str, Any]) -> ClassRates:
    low, high = written["short"]
    least, most = written["long"]
    return ClassRates(
        short=(float(low), float(high)),
        long=(float(least), float(most)),
        steps=tuple(Step(float(one["to"]), one["yen"]) for one in written["steps"]),
        lightest=float(written.get("lightest", 0)),
        thickness=float(written["thickness"]) if "thickness" in written else None,
        sum=float(written["sum"]) if "sum" in written else None,
    )


def _discount(written: dict[str, Any]) -> DiscountRates:
    every = frozenset(MailClass(key) for key in written["classes"])

    def classes(row: dict[str, Any]) -> frozenset[MailClass]:
        return frozenset(MailClass(key) for key in row["classes"]) if "classes" in row else every

    return DiscountRates(
        classes=every,
        base=tuple(
            Base(
                classes(row),
                Sorting(row["sort"]) if "sort" in row else None,
                tuple((at, Decimal(percent)) for at, percent in row["percent"]),
            )
            for row in written.get("base", ())
        ),
        special=tuple(
            Special(
                classes(row),
                row.get("slack"),
                row.get("regional_office", False),
                row.get("pieces", 0),
                Decimal(row["percent"]),
            )
            for row in written.get("special", ())
        ),
        prices=tuple(
            LocalPrice(classes(row), float(row["to"]), tuple((at, yen) for at, yen in row["prices"]))
            for row in written.get("prices", ())
        ),
        not_with=frozenset(Discount(key) for key in written.get("not_with", ())),
        thickness=float(written["thickness"]) if "thickness" in written else None,
        slack=tuple(written.get("slack", ())),
        people=tuple(written.get("people", ())),
    )
