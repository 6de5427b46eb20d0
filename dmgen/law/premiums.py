"""What a campaign gives away, measured by 景品表示法, and lotteries that cannot be: pure arithmetic.

A lottery's prizes and gifts with a purchase are measured by the cheapest ordinary purchase: what is given to
customers by letter is meant to bring their next purchase; what they spent before is no transaction.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from dmgen.errors import DmgenError
from dmgen.law.chances import Chances, chances
from dmgen.law.rules import Kind, Rules
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, Channel
from dmgen.model.lottery import Contest, Lottery
from dmgen.model.offer import Benefit, Offer

Keys = tuple[str | int, ...]
INSERTS = (Channel.INSERT_NOTE, Channel.INSERT_OPEN)  # in a parcel: whoever reads it has bought


class Group(NamedTuple):
    """The letters of one segment: how many, the tickets of all, and of who gets least and most of them.

    `bought`: whether anybody who gets a ticket has bought something.
    """

    segment: str
    pieces: int
    tickets: int
    least: int
    most: int
    bought: bool = False


class Breach(NamedTuple):
    """What cannot be printed: the key in campaign.toml, and what to say of it."""

    keys: Keys
    message: str
    values: dict[str, object]


@dataclass(frozen=True, slots=True)
class Measured:
    """One thing given: what each is worth and may be (yen), and how many. `base` is the transaction it is measured by.

    `limit` is None where the law sets none.
    """

    id: str
    label: str
    kind: Kind
    value: int | None
    count: int | None
    base: int | None
    limit: int | None
    rule: str

    @property
    def lawful(self) -> bool:
        """Whether it keeps within its limit."""
        return self.limit is None or (self.value is not None and self.value <= self.limit)

    def as_json(self) -> dict[str, Any]:
        """Every figure, as job.json and `--json` show them."""
        facts = ("id", "label", "value", "count", "base", "limit", "lawful", "rule")
        return {"kind": self.kind.value, **{fact: getattr(self, fact) for fact in facts}}


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything that is given, measured; what may not be printed; what a person should think of."""

    measured: tuple[Measured, ...] = ()
    breaches: tuple[Breach, ...] = ()
    remarks: tuple[DmgenError, ...] = ()


def assess(campaign: Campaign, groups: Sequence[Group], rules: Rules | None) -> Assessment:
    """Measure a campaign whose letters are `groups`; without `rules`, only what is impossible anywhere is found.

    A campaign without a letter promises nothing to anybody and is not measured.
    """
    if not any(group.pieces for group in groups):
        return Assessment()
    breaches = list(impossible(campaign.lottery, sum(group.tickets for group in groups)))
    if rules is None:
        return Assessment(breaches=tuple(breaches))
    measured: list[Measured] = []
    remarks: list[DmgenError] = []
    used = _used_offers(campaign, groups)
    if campaign.lottery.prizes:
        breaches += _untrue(campaign)
        if campaign.lottery.contest is Contest.OPEN:
            breaches += _closed(campaign, groups)
    if missing := list(_missing(campaign, used)):
        return Assessment((), (*breaches, *missing))
    if campaign.lottery.prizes:
        odds = chances(campaign.lottery, max(group.most for group in groups))
        of_lottery = list(_lottery(campaign, odds, rules))
        measured += [row for row, _ in of_lottery]
        breaches += [breach for _, breach in of_lottery if breach]
        remarks += _several_tickets(campaign, odds, rules)
    for offer in used:
        row = _given(campaign, offer, rules)
        measured.append(row)
        if not row.lawful:
            breaches.append(Breach(_of_offer(campaign, offer, "worth"), _GIFT_ABOVE, _figures(row)))
    return Assessment(tuple(measured), tuple(breaches), tuple(remarks))


def impossible(lottery: Lottery, tickets: int) -> Iterator[Breach]:
    """What no draw can give: numbers without prizes, prizes without numbers, more winners than numbers."""
    at: Keys = ("lottery", "prizes")
    if tickets and not lottery.prizes and not lottery.elsewhere:
        message = mark(
            "{tickets:,} lottery numbers would be printed and there is no prize: nobody could win. Write prizes under "
            '[lottery]; where somebody else draws them, write there drawn = "elsewhere"; without a lottery, tickets = 0'
        )
        yield Breach(at, message, {"tickets": tickets})
    elif lottery.prizes and not tickets:
        message = mark("nobody gets a lottery number, so nobody could win: write tickets for a segment")
        yield Breach(at, message, {})
    counts = [prize.count for prize in lottery.prizes]
    winners = max(counts, default=0) if lottery.repeat else sum(counts)  # with repeat, none wins one prize twice
    if winners > tickets > 0:
        message = mark(
            "there are {winners:,} prizes to be won and only {tickets:,} lottery numbers: write fewer prizes, or more "
            "tickets"
        )
        yield Breach(at, message, {"winners": winners, "tickets": tickets})


def _missing(campaign: Campaign, used: Sequence[Offer]) -> Iterator[Breach]:
    """The figures without which nothing can be measured."""
    law, contest = campaign.law, campaign.lottery.contest
    limited = bool(campaign.lottery.prizes) and contest is not Contest.OPEN
    gifts = any(offer.benefit is Benefit.GIFT for offer in used)
    if law.cheapest_purchase is None and (limited or gifts):
        message = mark(
            "prizes and gifts are measured by the cheapest ordinary purchase in your shop, which is not written: under "
            "[law] write cheapest_purchase, the price in yen of the cheapest thing that people ordinarily buy (with "
            "tax), for example cheapest_purchase = 1000. What your customers spent before does not count"
        )
        yield Breach(("law",), message, {})
    if law.planned_sales is None and limited:
        message = mark(
            "all prizes together are measured by the planned sales, which are not written: under [law] write "
            "planned_sales, in yen, of the goods concerned while the lottery lasts, for example planned_sales = 5000000"
        )
        yield Breach(("law",), message, {})


def _closed(campaign: Campaign, groups: Sequence[Group]) -> Iterator[Breach]:
    """An open lottery among people who have bought."""
    bought = [group.segment for group in groups if group.tickets and group.bought]
    if campaign.lists.orders or campaign.channel in INSERTS or bought:
        message = mark(
            '"open" is for lotteries whose numbers go to people who are not customers; here they go to people who have '
            'bought ({evidence}): write kind = "general"'
        )
        evidence = campaign.channel.value if campaign.channel in INSERTS else ", ".join(bought) or "[lists] orders"
        yield Breach(("lottery", "kind"), message, {"evidence": evidence})


def _untrue(campaign: Campaign) -> Iterator[Breach]:
    """Values that are less than what is given."""
    for place, prize in enumerate(campaign.lottery.prizes):
        offer = campaign.offers.get(prize.offer)
        least = max((max(one.amount, one.worth) for one in _with_tiers(offer)), default=0) if offer else 0
        if prize.value < least:
            message = mark("the offer {offer} that is won here gives {least:,} yen: write its whole value")
            yield Breach(("lottery", "prizes", place, "value"), message, {"offer": prize.offer, "least": least})
    for place, other in enumerate(campaign.lottery.alongside):
        if other.total < other.highest:
            message = mark("all its prizes together cannot be less than its highest, {highest:,} yen")
            yield Breach(("lottery", "alongside", place, "total"), message, {"highest": other.highest})


_PRIZE_ABOVE = mark(
    "the prize is worth {value:,} yen; by {rule} it may be worth {limit:,} yen at most, for the cheapest ordinary "
    "purchase of {base:,} yen. Give a smaller prize"
)
_TOGETHER_ABOVE = mark(
    "one lottery number can win {value:,} yen in all the lotteries that run together; by {rule} together with "
    "{together} it may win {limit:,} yen at most, for the cheapest ordinary purchase of {base:,} yen. Give smaller "
    "prizes, or end one lottery before the other begins"
)
_TOTAL_ABOVE = mark(
    "all prizes together are worth {value:,} yen; by {rule} they may be worth {limit:,} yen at most, which is "
    "{percent} percent of the planned sales. Give fewer or smaller prizes"
)
_GIFT_ABOVE = mark(
    "the gift is worth {value:,} yen; by {rule} it may be worth {limit:,} yen at most, for a purchase of {base:,} yen. "
    "Give a smaller gift, or write a higher minimum"
)


def _lottery(campaign: Campaign, odds: Chances, rules: Rules) -> Iterator[tuple[Measured, Breach | None]]:
    """Each prize, the most that one number can win, and all prizes."""
    lottery, law = campaign.lottery, campaign.law
    kind = Kind(lottery.contest.value)
    limits = rules.limits[kind]
    base = law.cheapest_purchase if limits.highest else None
    limit = limits.most(base) if base is not None else None
    for place, prize in enumerate(lottery.prizes):
        row = Measured(f"lottery.{prize.id}", prize.label, kind, prize.value, prize.count, base, limit, limits.rule)
        yield row, None if row.lawful else Breach(("lottery", "prizes", place, "value"), _PRIZE_ABOVE, _figures(row))
    alone = max(prize.value for prize in lottery.prizes)
    if odds.one_ticket > alone:
        row = Measured("lottery", "", kind, odds.one_ticket, None, base, limit, limits.rule)
        by_itself = limit is None or alone <= limit  # else it was said above, of the prize
        breach = Breach(_together_at(lottery), _TOGETHER_ABOVE, _figures(row) | {"together": rules.together})
        yield row, breach if not row.lawful and by_itself else None
    sales = law.planned_sales
    most = limits.most_of_all(sales) if sales is not None else None
    row = Measured("lottery.total", "", kind, odds.total, None, sales if limits.total else None, most, limits.rule)
    breach = Breach(("law", "planned_sales"), _TOTAL_ABOVE, _figures(row) | {"percent": limits.total})
    yield row, None if row.lawful else breach


def _several_tickets(campaign: Campaign, odds: Chances, rules: Rules) -> Iterator[DmgenError]:
    """Somebody with several numbers may win more than one number can: the rules do not say whether that is added up."""
    limits, base = rules.limits[Kind(campaign.lottery.contest.value)], campaign.law.cheapest_purchase
    limit = limits.most(base) if base is not None else None
    if limit is not None and odds.one_ticket <= limit < odds.one_person:
        message = mark(
            "whoever has {tickets} lottery numbers could win {value:,} yen with all of them; one number may win "
            "{limit:,} yen at most. Whether they are added up is for a lawyer to say; with smaller prizes the question "
            "does not arise"
        )
        yield DmgenError(message, tickets=odds.tickets, value=odds.one_person, limit=limit)


def _together_at(lottery: Lottery) -> Keys:
    return ("lottery", "alongside") if lottery.alongside else ("lottery", "prizes")


def _given(campaign: Campaign, offer: Offer, rules: Rules) -> Measured:
    """What everybody of a segment gets: a gift, or a price cut."""
    id_ = f"offers.{offer.id}"
    if offer.benefit is not Benefit.GIFT:
        amount = offer.amount or offer.points or None
        limits = rules.limits[Kind.PRICE_CUT]
        return Measured(id_, offer.label, Kind.PRICE_CUT, amount, None, None, None, limits.rule)
    limits = rules.limits[Kind.GIFT]
    base = max(offer.minimum, campaign.law.cheapest_purchase or 0)  # the least that anybody pays for it
    return Measured(id_, offer.label, Kind.GIFT, offer.worth, None, base, limits.most(base), limits.rule)


def _used_offers(campaign: Campaign, groups: Sequence[Group]) -> list[Offer]:
    """The offers that some letter makes, each tier one of its own."""
    made = {group.segment for group in groups if group.pieces}
    names = dict.fromkeys(segment.offer for segment in campaign.segments if segment.id in made and segment.offer)
    return [one for name in names for one in _with_tiers(campaign.offers[name])]


def _with_tiers(offer: Offer) -> list[Offer]:
    return [offer, *(tier.offer for tier in offer.tiers)]


def _of_offer(campaign: Campaign, offer: Offer, key: str) -> Keys:
    """Where a key of an offer, or of one of its tiers, is written."""
    name, _, _ = offer.id.partition(".")
    for place, tier in enumerate(campaign.offers[name].tiers):
        if tier.offer.id == offer.id:
            return ("offers", name, "tiers", place, key)
    return ("offers", name, key)


def _figures(row: Measured) -> dict[str, object]:
    return {"value": row.value, "limit": row.limit, "base": row.base, "rule": row.rule}
