"""What each discount changes for letters handed in at once, and what more could be had."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dmgen.errors import DmgenError
from dmgen.messages import mark
from dmgen.model.posting import Discount, MailRules, Sorting
from dmgen.post.conditions import Condition, conditions
from dmgen.post.postage import Posting, postage
from dmgen.post.rates import Certain, Rates


@dataclass(frozen=True, slots=True)
class Effect:
    """A discount: whether it is asked for, the yen it saves (or would), what it asks for, how certain its rates are.

    `saves`, asked for: compared with the same without it. Not asked for: once it is, and `sort` and `slack` are such
    as it needs; discounts in `instead` are given up for it, so that it may be negative.
    """

    discount: Discount
    asked: bool
    saves: int
    conditions: tuple[Condition, ...]
    instead: tuple[Discount, ...] = ()
    certain: Certain = Certain.OWN

    @property
    def met(self) -> bool:
        """Whether nothing that dmgen can check is against it, as campaign.toml stands."""
        return all(one.met is not False for one in self.conditions)


@dataclass(frozen=True, slots=True)
class Further:
    """What else campaign.toml could say, and the yen that it would save with the discounts asked for."""

    message: DmgenError
    saves: int


def effects(postings: Sequence[Posting], rules: MailRules, rates: Rates) -> list[Effect]:
    """Every discount of the rates, in the order of `Discount`. Raises CampaignError as `postage` does."""
    return [_effect(discount, postings, rules, rates) for discount in Discount if discount in rates.discounts]


def _effect(discount: Discount, postings: Sequence[Posting], rules: MailRules, rates: Rates) -> Effect:
    as_asked = postage(postings, rules, rates).total
    instead = tuple(one for one in rules.discounts if one is not discount and rates.exclude(discount, one))
    if discount in rules.discounts:
        without = replace(rules, discounts=tuple(one for one in rules.discounts if one is not discount))
        saves = postage(postings, without, rates).total - as_asked
    else:
        saves = as_asked - postage(postings, _with(discount, instead, rules, rates), rates).total
    asked_for = tuple(conditions(discount, postings, rules, rates))
    certain = rates.discounts[discount].certain
    return Effect(discount, discount in rules.discounts, saves, asked_for, instead, certain)


def _with(discount: Discount, instead: Sequence[Discount], rules: MailRules, rates: Rates) -> MailRules:
    """The rules with a discount, and the order and days more that it needs."""
    needs = rates.discounts[discount]
    sort = needs.sort[0] if needs.sort and rules.sort not in needs.sort else rules.sort
    slack = min(needs.slack) if needs.slack and rules.slack not in needs.slack else rules.slack
    discounts = (*(one for one in rules.discounts if one not in instead), discount)
    return replace(rules, discounts=discounts, sort=sort, slack=slack)


_FURTHER: tuple[tuple[str, Sorting | None, int, bool], ...] = (
    (mark('sort = "district": sorted by every postal district'), Sorting.DISTRICT, 0, False),
    (mark("slack = 3: the post may take about 3 days more"), None, 3, False),
    (mark("regional_office = true: handed in at a regional office (地域区分局)"), None, 0, True),
    (
        mark("slack = 3 and regional_office = true: 3 days more, handed in at a regional office (地域区分局)"),
        None,
        3,
        True,
    ),
    (
        mark("slack = 7 and regional_office = true: 7 days more, handed in at a regional office (地域区分局)"),
        None,
        7,
        True,
    ),
)


def further(postings: Sequence[Posting], rules: MailRules, rates: Rates) -> list[Further]:
    """What would save anything with the discounts asked for: another order, days more, a regional office, more letters.

    Raises CampaignError as `postage` does.
    """
    now = postage(postings, rules, rates).total
    found: list[Further] = []
    for message, sort, slack, regional in _FURTHER:
        if sort is rules.sort or (slack and slack == rules.slack) or (regional and rules.regional_office):
            continue
        other = replace(
            rules,
            sort=sort or rules.sort,
            slack=slack or rules.slack,
            regional_office=regional or rules.regional_office,
        )
        saves = now - postage(postings, other, rates).total
        if saves > 0:
            found.append(Further(DmgenError(message), saves))
    return [*found, *_more_letters(postings, rules, rates)]


def _more_letters(postings: Sequence[Posting], rules: MailRules, rates: Rates) -> Iterator[Further]:
    """The fewest letters more of one kind with which all of them together cost less than these."""
    now = postage(postings, rules, rates).total
    steps = {at for one in rules.discounts for base in rates.discounts[one].base for at, _ in base.percent}
    for one in {posting.kind: posting for posting in postings}.values():
        pieces = sum(other.pieces for other in postings if other.kind == one.kind)
        for step in sorted(at for at in steps if at > pieces > 0):
            extra = replace(one, pieces=step - pieces, with_barcode=step - pieces)
            saves = now - postage([*postings, extra], rules, rates).total
            if saves > 0:
                message = mark(
                    "{more:,} letters more of the same kind, {step:,} in all: with them all cost less than now"
                )
                yield Further(DmgenError(message, more=step - pieces, step=step), saves)
                break
