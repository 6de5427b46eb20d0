"""What letters cost at the post, handed in at once: exact money, every discount with its rate."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.posting import Discount, MailClass, MailRules
from dmgen.post.classes import Classed
from dmgen.post.item import Item
from dmgen.post.rates import DiscountRates, Rates

DISCOUNT_NAMES = {
    Discount.SORTED: mark("sorted mail (区分)"),
    Discount.BARCODE: mark("mail with barcodes (バーコード付)"),
    Discount.ADVERTISING: mark("advertising mail (広告)"),
    Discount.LOCAL: mark("mail within one district (郵便区内特別)"),
}
Kind = tuple[MailClass, Item]
"""What letters agree in that count together towards a discount: class, both sides, thickness, weight."""


@dataclass(frozen=True, slots=True)
class Posting:
    """Letters of one size, weight and class, handed in at once; `districts` counts them by 郵便区番号."""

    item: Item
    classed: Classed
    pieces: int
    with_barcode: int
    districts: Mapping[str, int]

    @property
    def kind(self) -> Kind:
        """What it counts together with: 形状、重量および取り扱いが同一."""
        return (self.classed.mail_class, self.item)


class Given(NamedTuple):
    """A discount given: percent of the full price (None: a price of its own), and yen off each piece."""

    discount: Discount
    percent: Decimal | None
    off: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces of one posting that cost the same. `full`, `unit`: yen for one; `amount`: yen for all, not rounded.

    `barcode`: the discount for barcodes is given.
    """

    posting: Posting
    pieces: int
    given: tuple[Given, ...]
    unit: Decimal
    amount: Decimal

    @property
    def mail_class(self) -> MailClass:
        """The class it is posted in."""
        return self.posting.classed.mail_class

    @property
    def step(self) -> float:
        """Up to so many grams."""
        return self.posting.classed.step

    @property
    def full(self) -> int:
        """Yen for one piece without any discount."""
        return self.posting.classed.price

    @property
    def barcode(self) -> bool:
        """Whether the discount for barcodes is given."""
        return any(one.discount is Discount.BARCODE for one in self.given)


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
    """What postings cost that are handed in together.

    Raises CampaignError for discounts that are not given together, or that the rates do not have.
    """
    refuse(rules, rates)
    given = [one for one in rules.discounts if open_to(rates.discounts[one], postings, rules)]
    counts = {discount: counted(discount, postings, rates) for discount in given}
    lines = tuple(line for one in postings for line in _lines(one, counts, rules, rates))
    total = rates.rounding.yen(sum((line.amount for line in lines), Decimal(0)))
    return Postage(lines, total, sum(line.full * line.pieces for line in lines))


def refuse(rules: MailRules, rates: Rates) -> None:
    """Raise CampaignError for discounts asked for that cannot be given at all."""
    for one in rules.discounts:
        if one not in rates.discounts:
            message = mark('[mail] discounts: {file} has no discount "{discount}" from {day} on; it has: {known}')
            known = ", ".join(f'"{other}"' for other in rates.discounts) or CampaignError(mark("none"))
            raise CampaignError(message, file=rates.file.name, discount=one, day=rates.valid_from, known=known)
    for one, other in combinations(rules.discounts, 2):
        if rates.exclude(one, other):
            message = mark(
                '[mail] discounts: "{one}" and "{other}" are not given together; take one of them out. dmgen cost then '
                "says what the other would save in its place"
            )
            raise CampaignError(message, one=one, other=other)


def counted(discount: Discount, postings: Sequence[Posting], rates: Rates) -> Counter[Kind]:
    """How many pieces of each kind count towards a discount: towards that for barcodes only pieces that have one."""
    counts: Counter[Kind] = Counter()
    for one in postings:
        if takes(rates.discounts[discount], one):
            counts[one.kind] += one.with_barcode if discount is Discount.BARCODE else one.pieces
    return counts


def takes(discount: DiscountRates, posting: Posting) -> bool:
    """Whether a discount is for such letters at all, and a rate or price of it is known."""
    thin = discount.thickness is None or posting.item.thickness <= discount.thickness
    return thin and posting.classed.mail_class in discount.classes and known(discount, posting)


def known(discount: DiscountRates, posting: Posting) -> bool:
    """Whether the rates say what the discount gives for the class (and, for a price of its own, the weight)."""
    kind = posting.classed.mail_class
    priced = any(kind in one.classes and posting.item.weight <= one.to for one in discount.prices)
    return priced or any(kind in base.classes for base in discount.base)


def open_to(discount: DiscountRates, postings: Sequence[Posting], rules: MailRules) -> bool:
    """Whether letters handed in like this can have a discount: their order, the days more, one district."""
    in_order = not discount.sort or rules.sort in discount.sort
    in_time = not discount.slack or rules.slack in discount.slack
    return in_order and in_time and (not discount.one_district or len(districts_of(postings)) == 1)


def districts_of(postings: Sequence[Posting]) -> list[str]:
    """The districts to which letters go."""
    return sorted({district for one in postings for district, pieces in one.districts.items() if pieces})


def _lines(
    posting: Posting, counts: Mapping[Discount, Counter[Kind]], rules: MailRules, rates: Rates
) -> Iterator[Line]:
    given = [
        one
        for discount, pieces in counts.items()
        if takes(rates.discounts[discount], posting)
        and (one := _given(discount, posting, pieces[posting.kind], rules, rates))
    ]
    without = [one for one in given if one.discount is not Discount.BARCODE]
    with_barcode = posting.with_barcode if len(without) < len(given) else 0
    for pieces, discounts in ((with_barcode, given), (posting.pieces - with_barcode, without)):
        if pieces:
            full = Decimal(posting.classed.price)
            unit = max(full - sum(one.off for one in discounts), Decimal(0))
            yield Line(posting, pieces, tuple(discounts), unit, unit * pieces)


def _given(discount: Discount, posting: Posting, pieces: int, rules: MailRules, rates: Rates) -> Given | None:
    asked, price = rates.discounts[discount], posting.classed.price
    own = _own_price(asked, posting, pieces)
    if own is not None:
        return Given(discount, None, Decimal(price - own)) if own < price else None
    percent = percent_of(asked, posting.classed.mail_class, pieces, rules)
    return Given(discount, percent, price * percent / 100) if percent else None


def _own_price(discount: DiscountRates, posting: Posting, pieces: int) -> int | None:
    kind, weight = posting.classed.mail_class, posting.item.weight
    rows = [row for row in discount.prices if kind in row.classes and weight <= row.to]
    row = min(rows, key=lambda one: one.to, default=None)
    return min((yen for least, yen in row.yen if pieces >= max(least, discount.least)), default=None) if row else None


def percent_of(discount: DiscountRates, mail_class: MailClass, pieces: int, rules: MailRules) -> Decimal:
    """The rate of a discount for so many pieces of one kind: 0 for too few."""
    bases = [
        percent
        for base in discount.base
        if mail_class in base.classes and base.sort in (None, rules.sort)
        for least, percent in base.percent
        if pieces >= max(least, discount.least)
    ]
    if not bases:
        return Decimal(0)
    specials = (
        one.percent
        for one in discount.special
        if mail_class in one.classes
        and pieces >= one.pieces
        and one.slack in (None, rules.slack)
        and (rules.regional_office or not one.regional_office)
    )
    return max(bases) + max(specials, default=Decimal(0))
