"""Terms: what was promised with the codes of a drop never changes once they are issued."""

from sqlalchemy import Connection, select

from dmgen.errors import LedgerError
from dmgen.ledger.tables import drop_columns, insert_rows, of_drop
from dmgen.ledger.tables import terms as table
from dmgen.messages import mark
from dmgen.model.offer import CodeKind, DropKey


def keep_terms(connection: Connection, key: DropKey, kind: CodeKind, name: str, terms: str) -> None:
    """Store the terms of a name's codes in a drop, or find them unchanged. Raises LedgerError."""
    query = select(table.c.terms).where(of_drop(table, key), table.c.kind == kind.value, table.c.name == name)
    stored = connection.scalar(query)
    if stored is None:
        insert_rows(connection, table, [(*drop_columns(key), kind.value, name, terms)])
    elif stored != terms:
        raise LedgerError(
            mark(
                "{shop}, {campaign}: the terms of {kind} {name} changed since its codes were issued for the "
                "drop of {drop}. Use another drop date (--drop), or restore the terms in campaign.toml."
            ),
            shop=key.shop,
            campaign=key.campaign,
            kind=kind.value,
            name=name,
            drop=key.drop,
        )
