"""What each discount would change for letters handed in at once, and what it asks for, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dmgen.errors import DmgenError
from dmgen.messages import mark
from dmgen.model.posting import Discount, MailRules, Sorting
from dmgen.post.postage import Posting, postage
from dmgen.post.rates import DiscountRates, Rates

DISCOUNT_NAMES = {
    Discount.SORTED: mark("sorted mail (区分)"),
    Discount.BARCODE: mark("mail with barcodes (バーコード付)"),
    Discount.ADVERTISING: mark("advertising mail (広告)"),
    Discount.LOCAL: mark("mail within one district (郵便区内特別)"),
}
PEOPLE = {
    "bundles": mark("bundled by district, with the labels and lists of the post office"),
    "readable": mark("envelopes and barcodes that the machines of the post can read: ask for a test with a sample"),
    "approved": mark("an approved sample, handed in before printing"),
    "advertising": mark("the letter is above all an advertisement of the sender's own goods or services"),
    "same": mark("the same content in every letter"),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """What a discount asks for; `met` None: only people can see to it."""

    message: DmgenError
    met: bool | None


@dataclass(frozen=True, slots=True)
class Effect:
    """A discount: whether it is asked for, the yen it saves (or would), whether all that can be checked is met."""

    discount: Discount
    asked: bool
    saves: int
    conditions: tuple[Condition, ...]

    @property
    def met(self) -> bool:
        """Whether nothing that dmgen can check is against it."""
        return all(one.met is not False for one in self.conditions)


def effects(postings: Sequence[Posting], rules: MailRules, rates: Rates) -> list[Effect]:
    """Every discount of the rates, in the order of `Discount`."""
    return [_effect(discount, postings, rules, rates) for discount in Discount if discount in rates.discounts]


def _effect(discount: Discount, postings: Sequence[Posting], rules: MailRules, rates: Rates) -> Effect:
    others = tuple(one for one in rules.discounts if one is not discount)
    without = replace(rules, discounts=others)
    given = replace(rules, discounts=(*others, discount))
    if discount not in rules.discounts:
        given = replace(given, sort=Sorting.DISTRICT if rules.sort is Sorting.NONE else rules.sort)
    saves = postage(postings, without, rates).total - postage(postings, given, rates).total
    conditions = tuple(_conditions(discount, rates.discounts[discount], postings, rules))
    return Effect(discount, discount in rules.discounts, saves, conditions)


def _conditions(
    discount: Discount, wanted: DiscountRates, postings: Sequence[Posting], rules: MailRules
) -> Iterator[Condition]:
    least = min((at for base in wanted.base for at, _ in base.percent), default=0)
    pieces = sum(one.with_barcode if discount is Discount.BARCODE else one.pieces for one in postings)
    message = mark("at least {least:,} pieces at once: {pieces:,}")
    yield Condition(DmgenError(message, least=least, pieces=pieces), pieces >= least)
    for key in wanted.people:
        yield Condition(DmgenError(PEOPLE[key]), None)
