"""Which numbers recipients get, by what they are due."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from dmgen.model.campaign import Campaign
from dmgen.model.offer import CodeKind, CodeOrder, CodeSource, DropKey, Offer
from dmgen.offers import coupon, link, lottery
from dmgen.offers.entitlement import Due
from dmgen.offers.pool import Pool

LOTTERY = "lottery"
"""The name under which the ledger keeps lottery numbers."""


def ticket_scope(key: DropKey) -> str:
    """Within which lottery numbers are unique: one drop."""
    return f"{key.shop}/{key.campaign}/{key.drop}"


def code_orders(
    campaign: Campaign, dues: Sequence[Due], links: Sequence[str], pools: Mapping[Path, Pool]
) -> list[CodeOrder]:
    """The orders for recipients by what each is due: coupons by offer, tickets, then a link for each of `links`.

    `pools` comes from `open_pools`. A shared code is not ordered here: it belongs to no recipient.
    """
    orders = [
        _coupon_order(campaign, offer, owners, pools)
        for offer, owners in owners_by_offer(dues)
        if offer.codes is not CodeSource.SHARED
    ]
    owners = [owner for owner, due in enumerate(dues) for _ in range(due.tickets)]
    if owners:
        orders.append(_ticket_order(campaign, owners))
    return orders + [CodeOrder(CodeKind.LINK, name, "", range(len(dues)), link.draw) for name in links]


def owners_by_offer(dues: Sequence[Due]) -> list[tuple[Offer, list[int]]]:
    """Each offer with the places of those who are due it, in the order in which they first occur.

    Dates that differ from person to person do not part an offer; a tier is an offer of its own.
    """
    owners: dict[str, tuple[Offer, list[int]]] = {}
    for owner, due in enumerate(dues):
        if due.offer:
            owners.setdefault(due.offer.id, (due.offer, []))[1].append(owner)
    return list(owners.values())


def coupon_scope(key: DropKey, source: CodeSource) -> str:
    """Within which coupon codes are unique: ever; a shop's own only in that shop, for another may use the same."""
    return key.shop if source is CodeSource.POOL else ""


def _coupon_order(campaign: Campaign, offer: Offer, owners: list[int], pools: Mapping[Path, Pool]) -> CodeOrder:
    draw = pools[offer.pool].draw if offer.pool else coupon.draw
    scope = coupon_scope(campaign.key, offer.codes)
    return CodeOrder(CodeKind.COUPON, offer.id, offer.terms, owners, draw, scope)


def _ticket_order(campaign: Campaign, owners: list[int]) -> CodeOrder:
    return CodeOrder(
        kind=CodeKind.TICKET,
        name=LOTTERY,
        terms=lottery.terms(campaign.lottery.form),
        owners=owners,
        draw=partial(lottery.draw, form=campaign.lottery.form),
        scope=ticket_scope(campaign.key),
    )
