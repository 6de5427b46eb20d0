"""Which numbers the recipients of a segment get."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from dmgen.model.campaign import Campaign, Segment
from dmgen.model.offer import CodeKind, CodeOrder, CodeSource, DropKey, Offer
from dmgen.offers import coupon, link, lottery
from dmgen.offers.pool import Pool

LOTTERY = "lottery"
"""The name under which the ledger keeps lottery numbers."""


def ticket_scope(key: DropKey) -> str:
    """Within which lottery numbers are unique: one drop."""
    return f"{key.shop}/{key.campaign}/{key.drop}"


def code_orders(
    campaign: Campaign, segment: Segment, links: Sequence[str], count: int, pools: Mapping[Path, Pool]
) -> list[CodeOrder]:
    """The orders for `count` recipients of a segment: coupon, tickets, then a link for each of `links`.

    `pools` comes from `open_pools`. A shared code is not ordered here: it belongs to no recipient.
    """
    orders: list[CodeOrder] = []
    if segment.offer and (offer := campaign.offers[segment.offer]).codes is not CodeSource.SHARED:
        orders.append(_coupon_order(campaign, offer, count, pools))
    if segment.tickets:
        orders.append(_ticket_order(campaign, segment.tickets, count))
    return orders + [CodeOrder(CodeKind.LINK, name, "", range(count), link.draw) for name in links]


def coupon_scope(key: DropKey, source: CodeSource) -> str:
    """Within which coupon codes are unique: ever; a shop's own only in that shop, for another may use the same."""
    return key.shop if source is CodeSource.POOL else ""


def _coupon_order(campaign: Campaign, offer: Offer, count: int, pools: Mapping[Path, Pool]) -> CodeOrder:
    draw = pools[offer.pool].draw if offer.pool else coupon.draw
    scope = coupon_scope(campaign.key, offer.codes)
    return CodeOrder(CodeKind.COUPON, offer.id, offer.terms, range(count), draw, scope)


def _ticket_order(campaign: Campaign, tickets: int, count: int) -> CodeOrder:
    return CodeOrder(
        kind=CodeKind.TICKET,
        name=LOTTERY,
        terms=lottery.terms(campaign.lottery.form),
        owners=[owner for owner in range(count) for _ in range(tickets)],
        draw=partial(lottery.draw, form=campaign.lottery.form),
        scope=ticket_scope(campaign.key),
    )
