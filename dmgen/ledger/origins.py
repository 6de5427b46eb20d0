"""Where numbered pieces come from."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, select

from dmgen.ledger.tables import among, in_chunks, pieces
from dmgen.model.offer import DropKey


def drops_of_pieces(connection: Connection, shop: str, piece_ids: Collection[str]) -> dict[str, DropKey]:
    """The drop of each of these pieces of a shop; those that it never numbered are left out."""
    found = {}
    for chunk in in_chunks(piece_ids):
        query = select(pieces).where(pieces.c.shop == shop, among(connection, pieces.c.piece_id, chunk))
        for row in connection.execute(query):
            found[row.piece_id] = DropKey(shop, row.campaign, date.fromisoformat(row.drop_on))
    return found
