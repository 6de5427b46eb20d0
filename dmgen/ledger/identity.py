"""Whose a database is: a ledger with its id and format, made where there is none."""

from sqlalchemy import inspect, select

from dmgen.errors import LedgerError
from dmgen.ledger.database import Database
from dmgen.ledger.migrate import migrate
from dmgen.ledger.tables import FORMAT, insert_rows, meta, metadata
from dmgen.messages import mark
from dmgen.model.random_text import UNAMBIGUOUS, random_strings


def is_made(database: Database) -> bool:
    """Whether there is a ledger in a database."""
    with database.reading() as connection:
        return inspect(connection).has_table(meta.name)


def ledger_id(database: Database) -> str:
    """The random id of the ledger in a database, made there if the database has none."""
    if not is_made(database):
        _make(database)
    with database.reading() as connection:
        facts: dict[str, str] = dict(connection.execute(select(meta.c.key, meta.c.value)).all())
    if not facts.get("format", "").isdecimal() or "id" not in facts:
        raise _foreign(database)
    if int(facts["format"]) > FORMAT:
        raise LedgerError(
            mark(
                "The ledger {ledger} was written by a newer dmgen (format {found}; this one knows {known}). "
                "Type: pip install --upgrade dmgen"
            ),
            ledger=database.name,
            found=facts["format"],
            known=FORMAT,
        )
    if int(facts["format"]) < FORMAT:
        with database.writing("new ledger") as connection:
            migrate(connection)
    return facts["id"]


def _make(database: Database) -> None:
    with database.writing("new ledger") as connection:
        there = set(inspect(connection).get_table_names())
        if meta.name in there:
            return  # another process was first
        if there & metadata.tables.keys():
            raise _foreign(database)
        metadata.create_all(connection)
        new = random_strings(1, 16, UNAMBIGUOUS)[0]
        insert_rows(connection, meta, [("format", str(FORMAT)), ("id", new)])


def _foreign(database: Database) -> LedgerError:
    return LedgerError(
        mark("{ledger} is a database of another program. Give `ledger` in shop.toml a file or database of its own."),
        ledger=database.name,
    )
