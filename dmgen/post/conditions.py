"""What a discount asks for, in words: what dmgen can check, and what only people can see to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dmgen.errors import DmgenError
from dmgen.messages import mark
from dmgen.model.posting import Discount, MailRules, Sorting
from dmgen.post.classes import CLASS_NAMES
from dmgen.post.postage import DISCOUNT_NAMES, Posting, counted, districts_of, known
from dmgen.post.rates import DiscountRates, Person, Rates

PEOPLE = {
    Person.BUNDLES: mark("bundled by district, with the slips and lists that the post office asks for"),
    Person.READABLE: mark("paper, envelope and barcode as the post's machines read them: have a sample tested"),
    Person.APPROVED: mark("a printed sample, handed in with the request and approved before the letters are handed in"),
    Person.OWN_GOODS: mark("the letter is above all an advertisement of the sender's own goods or services"),
    Person.SAME: mark(
        "the same content in every letter: ask whether names, offers and codes of each reader may differ"
    ),
    Person.LABELLED: mark("郵便区内特別 printed where it is seen on the address side"),
}
_SORTED = {
    Sorting.DISTRICT: mark('sorted by postal district: sort = "district"'),
    Sorting.LISTED: mark('sorted by the districts that the post office lists: sort = "listed"'),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """What a discount asks for; `met` None: only people can see to it."""

    message: DmgenError
    met: bool | None


def conditions(discount: Discount, postings: Sequence[Posting], rules: MailRules, rates: Rates) -> Iterator[Condition]:
    """Every condition of a discount, for letters handed in at once; those that can be checked first."""
    asked = rates.discounts[discount]
    able = [one for one in postings if one.pieces and one.classed.mail_class in asked.classes]
    yield _of_classes(asked, postings, able)
    if able and asked.thickness is not None:
        yield _of_thickness(asked.thickness, able)
        able = [one for one in able if one.item.thickness <= asked.thickness]
    if able and not any(known(asked, one) for one in able):
        yield _unknown(able)
    able = [one for one in able if known(asked, one)]
    yield from _of_order(asked, rules)
    if asked.one_district:
        yield from _of_district(postings)
    if able:
        yield from _of_pieces(discount, able, rules, rates)
    for other in rules.discounts:
        if other is not discount and other in rates.discounts and rates.exclude(discount, other):
            message = mark("in the place of {other}: the two are not given together")
            yield Condition(DmgenError(message, other=DmgenError(DISCOUNT_NAMES[other])), None)
    for person in asked.people:
        yield Condition(DmgenError(PEOPLE[person]), None)


def _named(postings: Sequence[Posting]) -> DmgenError:
    """The classes of postings, in words."""
    return _listed(dict.fromkeys(CLASS_NAMES[one.classed.mail_class] for one in postings))


def _listed(names: dict[str, None]) -> DmgenError:
    said = [DmgenError(name) for name in names] or [DmgenError(mark("none"))]
    whole = said[0]
    for one in said[1:]:
        whole = DmgenError(mark("{first}, {second}"), first=whole, second=one)
    return whole


def _of_classes(asked: DiscountRates, postings: Sequence[Posting], able: Sequence[Posting]) -> Condition:
    allowed = _listed(dict.fromkeys(name for kind, name in CLASS_NAMES.items() if kind in asked.classes))
    message = mark("for these classes: {allowed}. Here: {here}")
    return Condition(DmgenError(message, allowed=allowed, here=_named(postings)), bool(able))


def _of_thickness(most: float, able: Sequence[Posting]) -> Condition:
    thickness = min(one.item.thickness for one in able)
    message = mark("at most {most:g} mm thick: about {thickness:.1f} mm")
    return Condition(DmgenError(message, most=most, thickness=thickness), thickness <= most)


def _unknown(able: Sequence[Posting]) -> Condition:
    message = mark(
        "what it gives for {here} is not known here: ask the post office, write it into a postage file of your own and "
        'name that in shop.toml: postage = "postage.toml"'
    )
    return Condition(DmgenError(message, here=_named(able)), False)


def _of_order(asked: DiscountRates, rules: MailRules) -> Iterator[Condition]:
    """The order of the letters, and the days more."""
    if asked.sort:
        order = rules.sort if rules.sort in asked.sort else asked.sort[0]
        yield Condition(DmgenError(_SORTED[order]), rules.sort in asked.sort)
    if asked.slack:
        days = " / ".join(map(str, asked.slack))
        message = mark("the post may take days more than usual: slack = {days}; here {slack}")
        yield Condition(DmgenError(message, days=days, slack=rules.slack), rules.slack in asked.slack)


def _of_district(postings: Sequence[Posting]) -> Iterator[Condition]:
    districts = districts_of(postings)
    message = mark("every letter goes to the same postal district: {districts:,} districts")
    yield Condition(DmgenError(message, districts=len(districts)), len(districts) == 1)
    if len(districts) == 1:
        message = mark("handed in at the post office that delivers in the district {district}")
        yield Condition(DmgenError(message, district=districts[0]), None)


def _of_pieces(discount: Discount, able: Sequence[Posting], rules: MailRules, rates: Rates) -> Iterator[Condition]:
    """How many of one kind it takes, and what of the letters is of another kind and too few."""
    counts = counted(discount, able, rates)
    least = {one.kind: _least(rates.discounts[discount], one, rules) for one in able}
    most = max(counts, key=lambda kind: (counts[kind] >= least[kind], counts[kind]))
    pieces, needed = counts[most], least[most]
    message = mark("at least {least:,} pieces of one size and weight at once: {pieces:,}")
    if discount is Discount.BARCODE:
        message = mark("at least {least:,} pieces of one size and weight with a barcode at once: {pieces:,}")
    yield Condition(DmgenError(message, least=needed, pieces=pieces), pieces >= needed)
    others = {kind: count for kind, count in counts.items() if kind != most and count}
    short = sum(count for kind, count in others.items() if count < least[kind])
    if short:
        message = mark(
            "{pieces:,} letters of other sizes or weights are too few by themselves and are reckoned without it; with "
            "the list of the post office (内訳票) they may count along: ask there"
        )
        yield Condition(DmgenError(message, pieces=short), None)
    elif others:
        message = mark(
            "{kinds} sizes or weights, each counted by itself; with the list of the post office (内訳票) they may "
            "count together, up to 6 weights: ask there"
        )
        yield Condition(DmgenError(message, kinds=len(others) + 1), None)


def _least(asked: DiscountRates, posting: Posting, rules: MailRules) -> int:
    """From how many pieces on a discount is given for such letters, in their order or (where it is none) in any."""
    kind, order = posting.classed.mail_class, (None, rules.sort)
    rows = [base for base in asked.base if kind in base.classes]
    rows = [base for base in rows if base.sort in order] or rows
    prices = [row for row in asked.prices if kind in row.classes and posting.item.weight <= row.to]
    firsts = [base.percent[0][0] for base in rows] + [row.yen[0][0] for row in prices]
    return max(min(firsts), asked.least)
