"""What the ledger knows of a pool's codes before any is handed out: which are taken, and who has theirs already."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from dmgen.ledger.tables import among, codes, in_chunks, of_drop, pieces
from dmgen.model.offer import CodeKind, DropKey


def taken_codes(connection: Connection, scope: str, candidates: Iterable[str]) -> int:
    """How many of these coupon codes were issued within a scope."""
    query = select(codes.c.code).where(codes.c.kind == CodeKind.COUPON.value, codes.c.scope == scope)
    chunks = in_chunks(candidates)
    return sum(len(connection.scalars(query.where(among(connection, codes.c.code, some))).all()) for some in chunks)


def holders(connection: Connection, key: DropKey, name: str, recipients: Iterable[str]) -> int:
    """How many of these recipients have a coupon code of a name in a drop."""
    query = (
        select(pieces.c.recipient)
        .join(codes, codes.c.piece_id == pieces.c.piece_id)
        .where(of_drop(pieces, key), codes.c.kind == CodeKind.COUPON.value, codes.c.name == name)
    )
    chunks = in_chunks(recipients)
    return sum(
        len(connection.scalars(query.where(among(connection, pieces.c.recipient, some))).all()) for some in chunks
    )
