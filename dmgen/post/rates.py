"""What the post asks for each class and takes off for each discount: dated data (`postage.toml`), read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.posting import SLACK, Discount, MailClass, Sorting
from dmgen.post.reading import MOST_PIECES, MOST_SIZE, MOST_YEN, Entry, dated_sets
from dmgen.toml import read_source

POSTAGE = Path(__file__).with_name("postage.toml")


class Certain(StrEnum):
    """How certain an entry is: the official text, sources that agree, one source, memory; or the user's own word."""

    OFFICIAL = "OFF"
    SEVERAL = "2+"
    ONE = "1"
    MEMORY = "MEM"
    OWN = "own"


class Rounding(StrEnum):
    """How a total that is no whole yen is rounded."""

    DOWN = "down"
    HALF_UP = "half_up"
    UP = "up"

    def yen(self, amount: Decimal) -> int:
        """Whole yen."""
        rule = {Rounding.DOWN: ROUND_FLOOR, Rounding.HALF_UP: ROUND_HALF_UP, Rounding.UP: ROUND_CEILING}[self]
        return int(amount.quantize(Decimal(1), rule))


class Person(StrEnum):
    """What only people can see to."""

    BUNDLES = "bundles"
    READABLE = "readable"
    APPROVED = "approved"
    OWN_GOODS = "own_goods"
    SAME = "same"
    LABELLED = "labelled"


class Step(NamedTuple):
    """Up to so many grams, so many yen."""

    to: float
    yen: int


@dataclass(frozen=True, slots=True)
class ClassRates:
    """What a class may be (mm, g) and costs. `steps` ascend; `sum`: both sides and the thickness together."""

    short: tuple[float, float]
    long: tuple[float, float]
    steps: tuple[Step, ...]
    lightest: float = 0.0
    thickness: float | None = None
    sum: float | None = None
    source: str = ""
    certain: Certain = Certain.OWN

    def has_sides(self, one: float, other: float) -> bool:
        """Whether a thing with these sides (mm) is of the size of the class."""
        sides = zip(sorted((one, other)), (self.short, self.long), strict=True)
        return all(least <= side <= most for side, (least, most) in sides)


class Base(NamedTuple):
    """Percent from so many pieces on, ascending, for letters of some classes in one order (None: in any)."""

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


class OwnPrice(NamedTuple):
    """What a piece of up to so many grams costs from so many pieces on, ascending, instead of the full price."""

    classes: frozenset[MailClass]
    to: float
    yen: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class DiscountRates:
    """What a discount gives and asks for.

    Percent are those of `base` for the pieces plus the highest of `special` that holds; or `prices` stand instead of
    the full price. `sort`, `slack`: values of which one is needed; `thickness`: mm at most; `one_district`: all letters
    go to one; `people`: what only people can see to; `least`: pieces, where no rate says it.
    """

    classes: frozenset[MailClass]
    base: tuple[Base, ...] = ()
    special: tuple[Special, ...] = ()
    prices: tuple[OwnPrice, ...] = ()
    not_with: frozenset[Discount] = frozenset()
    sort: tuple[Sorting, ...] = ()
    slack: tuple[int, ...] = ()
    thickness: float | None = None
    one_district: bool = False
    least: int = 0
    people: tuple[Person, ...] = ()
    source: str = ""
    certain: Certain = Certain.OWN


@dataclass(frozen=True, slots=True)
class Rates:
    """A set of prices and the day from which it holds."""

    valid_from: date
    file: Path
    classes: Mapping[MailClass, ClassRates]
    discounts: Mapping[Discount, DiscountRates]
    rounding: Rounding = Rounding.DOWN
    rounding_certain: Certain = Certain.OWN

    def exclude(self, one: Discount, other: Discount) -> bool:
        """Whether two discounts are not given together."""
        return other in self.discounts[one].not_with or one in self.discounts[other].not_with


def rates(on: date, file: Path | None = None) -> Rates:
    """The prices of a day: of the sets in `file` (None: those that come with dmgen) the latest that began by then.

    Raises CampaignError for what is wrong in the file, in whichever set, and where no set has begun.
    """
    file = file or POSTAGE
    sets = _sets(file, read_source(file))
    valid = [one for one in sets if one.valid_from <= on]
    if not valid:
        message = (
            mark(
                "{file}: no postage is known for {day}; its first prices hold from {first}. Write a postage file with "
                '[[sets]] of your own and name it in shop.toml: postage = "postage.toml"'
            )
            if file == POSTAGE
            else mark(
                "{file}: no postage is known for {day}; its first prices hold from {first}. Write the prices that hold "
                "on that day there, too, under [[sets]] with valid_from = {day}"
            )
        )
        raise CampaignError(message, file=file.name, day=on, first=sets[0].valid_from)
    return valid[-1]


@lru_cache(maxsize=2)  # a run asks several times; what the file holds is part of the key, so it may change in between
def _sets(file: Path, source: str) -> list[Rates]:
    return [_rates(day, entry) for day, entry in dated_sets(file, source)]


_FACTS = ("source", "certain")


def _rates(day: date, written: Entry) -> Rates:
    top = written.table(("valid_from", "classes"), ("read_on", "discounts", "rounding"))
    classes = top["classes"].table((), tuple(MailClass))
    if not classes:
        raise top["classes"].refused(mark("write at least one entry"))
    discounts = top["discounts"].table((), tuple(Discount)) if "discounts" in top else {}
    rounding = top["rounding"].table(("to",), _FACTS) if "rounding" in top else {}
    if "read_on" in top:
        top["read_on"].day()
    return Rates(
        valid_from=day,
        file=written.file.path,
        classes={MailClass(key): _class(one) for key, one in classes.items()},
        discounts={Discount(key): _discount(one) for key, one in discounts.items()},
        rounding=rounding["to"].choice(Rounding) if rounding else Rounding.DOWN,
        rounding_certain=_certain(rounding),
    )


def _class(written: Entry) -> ClassRates:
    row = written.table(("short", "long", "steps"), ("lightest", "thickness", "sum", *_FACTS))
    steps = [one.table(("to", "yen")) for one in row["steps"].entries()]
    read = tuple(Step(one["to"].number(0.1, MOST_SIZE), one["yen"].whole(1, MOST_YEN)) for one in steps)
    row["steps"].ascending([step.to for step in read])
    return ClassRates(
        short=row["short"].span(),
        long=row["long"].span(),
        steps=read,
        lightest=row["lightest"].number(0, read[-1].to) if "lightest" in row else 0.0,
        thickness=_most(row, "thickness"),
        sum=_most(row, "sum"),
        source=row["source"].text() if "source" in row else "",
        certain=_certain(row),
    )


def _discount(written: Entry) -> DiscountRates:
    rates_of = ("base", "special", "prices")
    asked = ("not_with", "sort", "slack", "thickness", "one_district", "least", "people")
    row = written.table(("classes",), (*rates_of, *asked, *_FACTS))
    every = _classes(row, frozenset(MailClass))

    def rows(key: str) -> list[Entry]:
        return row[key].entries() if key in row else []

    return DiscountRates(
        classes=every,
        base=tuple(_base(one, every) for one in rows("base")),
        special=tuple(_special(one, every) for one in rows("special")),
        prices=tuple(_price(one, every) for one in rows("prices")),
        not_with=frozenset(one.choice(Discount) for one in rows("not_with")),
        sort=tuple(one.choice(Sorting) for one in rows("sort")),
        slack=tuple(_slack(one) for one in rows("slack")),
        thickness=_most(row, "thickness"),
        one_district=row["one_district"].yes() if "one_district" in row else False,
        least=_pieces(row, "least"),
        people=tuple(one.choice(Person) for one in rows("people")),
        source=row["source"].text() if "source" in row else "",
        certain=_certain(row),
    )


def _base(written: Entry, every: frozenset[MailClass]) -> Base:
    row = written.table(("percent",), ("classes", "sort"))
    pairs = [one.pair() for one in row["percent"].entries()]
    percent = tuple((at.whole(1, MOST_PIECES), rate.percent()) for at, rate in pairs)
    row["percent"].ascending([at for at, _ in percent])
    return Base(_classes(row, every), row["sort"].choice(Sorting) if "sort" in row else None, percent)


def _special(written: Entry, every: frozenset[MailClass]) -> Special:
    row = written.table(("percent",), ("classes", "slack", "regional_office", "pieces"))
    return Special(
        _classes(row, every),
        _slack(row["slack"]) if "slack" in row else None,
        row["regional_office"].yes() if "regional_office" in row else False,
        _pieces(row, "pieces"),
        row["percent"].percent(),
    )


def _price(written: Entry, every: frozenset[MailClass]) -> OwnPrice:
    row = written.table(("to", "yen"), ("classes",))
    pairs = [one.pair() for one in row["yen"].entries()]
    yen = tuple((at.whole(1, MOST_PIECES), price.whole(1, MOST_YEN)) for at, price in pairs)
    row["yen"].ascending([at for at, _ in yen])
    return OwnPrice(_classes(row, every), row["to"].number(0.1, MOST_SIZE), yen)


def _classes(row: dict[str, Entry], every: frozenset[MailClass]) -> frozenset[MailClass]:
    return frozenset(one.choice(MailClass) for one in row["classes"].entries()) if "classes" in row else every


def _slack(written: Entry) -> int:
    if written.value not in SLACK or isinstance(written.value, bool):
        raise written.refused(mark("allowed: {expected}"), expected=", ".join(map(str, SLACK)))
    return int(written.value)


def _most(row: dict[str, Entry], key: str) -> float | None:
    return row[key].number(0.1, MOST_SIZE) if key in row else None


def _pieces(row: dict[str, Entry], key: str) -> int:
    return row[key].whole(0, MOST_PIECES) if key in row else 0


def _certain(row: dict[str, Entry]) -> Certain:
    return row["certain"].choice(Certain) if "certain" in row else Certain.OWN
