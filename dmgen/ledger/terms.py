"""Terms: what was promised with the codes of a drop never changes once they are issued."""

from sqlalchemy import Connection, select

from dmgen.errors import LedgerError
from dmgen.ledger.tables import drop_columns, insert_rows, of_drop
from dmgen.ledger.tables import terms as table
from dmgen.messages import mark
from dmgen.model.offer import CodeKind, DropKey

_MARKER = ("ar", "marker")  # kind and name under which a drop's AR marker is kept


def keep_terms(connection: Connection, key: DropKey, kind: CodeKind, name: str, terms: str) -> None:
    """Store the terms of a name's codes in a drop, or find them unchanged. Raises LedgerError."""
    if _kept(connection, key, kind.value, name, terms) != terms:
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


def keep_marker(connection: Connection, key: DropKey, marker: int) -> None:
    """Store the id of the AR marker on a drop's letters, or find it unchanged. Raises LedgerError."""
    stored = _kept(connection, key, *_MARKER, str(marker))
    if stored != str(marker):
        raise LedgerError(
            mark(
                "{shop}, {campaign}: letters of the drop of {drop} were made with the AR marker {stored}, not "
                "{marker}. Write marker = {stored} under [ar] in campaign.toml, or use another drop date (--drop)."
            ),
            shop=key.shop,
            campaign=key.campaign,
            drop=key.drop,
            stored=stored,
            marker=marker,
        )


def _kept(connection: Connection, key: DropKey, kind: str, name: str, terms: str) -> str:
    """The terms that the ledger has; these, where it had none."""
    query = select(table.c.terms).where(of_drop(table, key), table.c.kind == kind, table.c.name == name)
    stored = connection.scalar(query)
    if stored is None:
        insert_rows(connection, table, [(*drop_columns(key), kind, name, terms)])
    return terms if stored is None else str(stored)
