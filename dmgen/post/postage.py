"""What letters cost at the post, handed in at once: exact money, every discount with its rate."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from dmgen.model.posting import Discount, MailClass, MailRules, Sorting
from dmgen.post.classes import Classed
from dmgen.post.item import Item
from dmgen.post.rates import DiscountRates, Rates

ROUNDINGS = {"down": ROUND_FLOOR, "half_up": ROUND_HALF_UP, "up": ROUND_CEILING}


@dataclass(frozen=True, slots=True)
class Posting:
    """Letters of one size, weight and class, handed in at once; `districts` counts them by 郵便区番号."""

    item: Item
    classed: Classed
    pieces: int
    with_barcode: int
    districts: Mapping[str, int]


class Given(NamedTuple):
    """A discount given: percent of the full price (None for a price of its own), and yen off each piece."""

    discount: Discount
    percent: Decimal | None
    off: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces that cost the same each. `full` and `unit` are yen for one, `amount` is yen for all, not rounded."""

    mail_class: MailClass
    step: float
    pieces: int
    barcode: bool
    full: int
    given: tuple[Given, ...]
    unit: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Postage:
    """What is paid at once: `total` yen, rounded as the rates say; `full` yen without any discount."""

    lines: tuple[Line, ...]
    total: int
    full: int

    @property
    def saved(self) -> int:
        """Yen."""
        return self.full - self.total


def postage(postings: Sequence[Posting], rules: MailRules, rates: Rates) -> Postage:
    """What postings cost that are handed in together."""
    counts = _counts(postings)
    lines = [line for one in postings for line in _lines(one, counts[_alike(one)], rules, rates)]
    whole = sum((line.amount for line in lines), Decimal(0))
    total = int(whole.quantize(Decimal(1), ROUNDINGS[rates.rounding]))
    return Postage(tuple(lines), total, sum(line.full * line.pieces for line in lines))


class Count(NamedTuple):
    """Pieces of one form, weight and class, and how many of them have a barcode."""

    pieces: int
    with_barcode: int


def _alike(posting: Posting) -> tuple[MailClass, float, float, float]:
    """Letters count together towards a discount when they agree in this: class, step of weight, both sides."""
    return (posting.classed.mail_class, posting.classed.step, posting.item.width, posting.item.height)


def _counts(postings: Sequence[Posting]) -> dict[tuple[MailClass, float, float, float], Count]:
    counts: dict[tuple[MailClass, float, float, float], Count] = {}
    for one in postings:
        before = counts.get(_alike(one), Count(0, 0))
        counts[_alike(one)] = Count(before.pieces + one.pieces, before.with_barcode + one.with_barcode)
    return counts


def _lines(posting: Posting, count: Count, rules: MailRules, rates: Rates) -> Iterator[Line]:
    full = posting.classed.price
    for barcode, pieces in ((True, posting.with_barcode), (False, posting.pieces - posting.with_barcode)):
        if pieces:
            given = tuple(_given(posting, count, rules, rates, barcode=barcode))
            unit = full - sum((one.off for one in given), Decimal(0))
            step = posting.classed.step
            yield Line(posting.classed.mail_class, step, pieces, barcode, full, given, unit, unit * pieces)


def _given(posting: Posting, count: Count, rules: MailRules, rates: Rates, *, barcode: bool) -> Iterator[Given]:
    for discount in rules.discounts:
        if discount not in rates.discounts or (discount is Discount.BARCODE and not barcode):
            continue
        pieces = count.with_barcode if discount is Discount.BARCODE else count.pieces
        percent = percent_of(rates.discounts[discount], posting, pieces, rules)
        if percent:
            yield Given(discount, percent, posting.classed.price * percent / 100)


def percent_of(discount: DiscountRates, posting: Posting, pieces: int, rules: MailRules) -> Decimal:
    """The rate of a discount for so many pieces of one kind, 0 where its conditions are not met."""
    kind = posting.classed.mail_class
    if discount.thickness is not None and posting.item.thickness > discount.thickness:
        return Decimal(0)
    if discount.slack and rules.slack not in discount.slack:
        return Decimal(0)
    sort = rules.sort if rules.sort is not Sorting.NONE else None
    bases = [
        percent
        for base in discount.base
        if kind in base.classes and base.sort in (None, sort)
        for least, percent in base.percent
        if pieces >= least
    ]
    if not bases:
        return Decimal(0)
    specials = [
        one.percent
        for one in discount.special
        if kind in one.classes
        and pieces >= one.pieces
        and one.slack in (None, rules.slack)
        and (rules.regional_office or not one.regional_office)
    ]
    return max(bases) + max(specials, default=Decimal(0))
