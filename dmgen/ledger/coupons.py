"""Coupon codes that were issued, found again by what somebody reads out."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from dmgen.ledger.tables import among, codes, pieces
from dmgen.model.offer import CodeKind, DropKey


class IssuedCoupon(NamedTuple):
    """A coupon code, the offer that it stands for, and the drop it was issued in."""

    code: str
    offer: str
    drop: DropKey


def issued_coupons(connection: Connection, shop: str, candidates: Collection[str]) -> list[IssuedCoupon]:
    """Those of the candidates that a shop has issued, the latest drop first."""
    query = (
        select(codes.c.code, codes.c.name, pieces.c.campaign, pieces.c.drop_on)
        .join(pieces, pieces.c.piece_id == codes.c.piece_id)
        .where(codes.c.kind == CodeKind.COUPON.value, pieces.c.shop == shop)
        .where(among(connection, codes.c.code, candidates))
        .distinct()
    )
    found = [
        IssuedCoupon(code, name, DropKey(shop, campaign, date.fromisoformat(drop_on)))
        for code, name, campaign, drop_on in connection.execute(query)
    ]
    return sorted(found, key=lambda one: (one.drop.drop, one.drop.campaign, one.code), reverse=True)
