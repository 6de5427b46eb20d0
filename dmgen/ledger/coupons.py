"""Coupon codes that were issued, found again by what somebody reads out."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from dmgen.ledger.fates import CodePlace
from dmgen.ledger.tables import EVERYBODY, among, codes, in_chunks, pieces
from dmgen.model.offer import CodeKind, DropKey


class IssuedCoupon(NamedTuple):
    """A coupon code, the offer that it stands for, the drop it was issued in, and whether everybody there has it."""

    code: str
    offer: str
    drop: DropKey
    place: CodePlace
    shared: bool = False


def issued_coupons(connection: Connection, shop: str, candidates: Collection[str]) -> list[IssuedCoupon]:
    """Those of the candidates that a shop has issued, the latest drop first."""
    query = (
        select(codes, pieces.c.campaign, pieces.c.drop_on, pieces.c.recipient)
        .join(pieces, pieces.c.piece_id == codes.c.piece_id)
        .where(codes.c.kind == CodeKind.COUPON.value, pieces.c.shop == shop)
    )
    found = [
        IssuedCoupon(
            row.code,
            row.name,
            DropKey(shop, row.campaign, date.fromisoformat(row.drop_on)),
            CodePlace(row.piece_id, CodeKind.COUPON, row.name, row.n),
            row.recipient == EVERYBODY,
        )
        for chunk in in_chunks(candidates)
        for row in connection.execute(query.where(among(connection, codes.c.code, chunk)))
    ]
    return sorted(found, key=lambda one: (one.drop.drop, one.drop.campaign, one.code), reverse=True)
