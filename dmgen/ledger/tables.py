"""The ledger's tables. Dates are ISO text, so that every database keeps the same rows."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    Column,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    and_,
    any_,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.sql import ColumnElement

from dmgen.model.offer import DropKey

T = TypeVar("T")

FORMAT = 5
EVERYBODY = ""
"""The recipient of a drop's shared codes; no customer has an empty number."""

CHUNK = 5000
"""Rows a statement, so that memory stays flat."""

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)

pieces = Table(
    "pieces",
    metadata,
    Column("piece_id", String, primary_key=True),
    Column("shop", String, nullable=False),
    Column("campaign", String, nullable=False),
    Column("drop_on", String, nullable=False),
    Column("recipient", String, nullable=False),
    UniqueConstraint("shop", "campaign", "drop_on", "recipient"),
    sqlite_with_rowid=False,
)

# `n` counts the codes of a name that one piece has. Within its scope a code is issued once, for ever.
codes = Table(
    "codes",
    metadata,
    Column("piece_id", String, ForeignKey("pieces.piece_id"), primary_key=True),
    Column("kind", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("scope", String, nullable=False),
    Column("code", String, nullable=False),
    UniqueConstraint("kind", "scope", "code"),
    sqlite_with_rowid=False,
)

# What was promised with the codes of a name in a drop: the same for all of them.
terms = Table(
    "terms",
    metadata,
    Column("shop", String, primary_key=True),
    Column("campaign", String, primary_key=True),
    Column("drop_on", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("terms", String, nullable=False),
)

# `number` is the order in which jobs were first recorded; `customers` the rows of the list that each was made of
# (not known of jobs before format 2). `part_of` is the job whose parcels it completes, printed later: such a job
# supersedes none, and goes with the other.
jobs = Table(
    "jobs",
    metadata,
    Column("id", String, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("shop", String, nullable=False),
    Column("campaign", String, nullable=False),
    Column("drop_on", String, nullable=False),
    Column("state", String, nullable=False),
    Column("folder", String, nullable=False),
    Column("pieces", Integer, nullable=False),
    Column("created_on", String, nullable=False),
    Column("sent_on", String),
    Column("customers", Integer),
    Column("part_of", String),
)

# Who got a letter of a job that was sent; the job's row says when, and of which drop.
mailings = Table(
    "mailings",
    metadata,
    Column("job", String, ForeignKey("jobs.id"), primary_key=True),
    Column("recipient", String, primary_key=True),
    Column("variant", String, nullable=False),
    sqlite_with_rowid=False,
)

# Which part each customer has in a drop's trial: a variant, the control group, or "" for its one letter.
assignments = Table(
    "assignments",
    metadata,
    Column("shop", String, primary_key=True),
    Column("campaign", String, primary_key=True),
    Column("drop_on", String, primary_key=True),
    Column("recipient", String, primary_key=True),
    Column("segment", String, nullable=False),
    Column("arm", String, nullable=False),
    sqlite_with_rowid=False,
)

# What became of a code after it was issued: "void" (no longer good) or "used"; a code without a row is good.
# One that was void and used all the same has both rows.
fates = Table(
    "fates",
    metadata,
    Column("piece_id", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("fate", String, primary_key=True),
    Column("day", String, nullable=False),
    Column("why", String, nullable=False),
    ForeignKeyConstraint(["piece_id", "kind", "name", "n"], ["codes.piece_id", "codes.kind", "codes.name", "codes.n"]),
    sqlite_with_rowid=False,
)

# The secrets of a drop's lottery (hexadecimal), drawn when its first number is issued and told after the draw.
lotteries = Table(
    "lotteries",
    metadata,
    Column("shop", String, primary_key=True),
    Column("campaign", String, primary_key=True),
    Column("drop_on", String, primary_key=True),
    Column("seed", String, nullable=False),
    Column("salt", String, nullable=False),
    sqlite_with_rowid=False,
)

# The draw of a drop: once drawn, the same winners for ever. `public` is its public value as it was typed, `voided` the
# tickets that could not win (a JSON list), `result` the sha256 of what was published.
draws = Table(
    "draws",
    metadata,
    Column("shop", String, primary_key=True),
    Column("campaign", String, primary_key=True),
    Column("drop_on", String, primary_key=True),
    Column("job", String, nullable=False),
    Column("public", String, nullable=False),
    Column("voided", String, nullable=False),
    Column("result", String, nullable=False),
    Column("drawn_on", String, nullable=False),
    sqlite_with_rowid=False,
)

# What goes into the parcels of a job, as it is planned now: `place` counts in packing order, `orders` is a JSON list,
# `piece_id` is empty where nothing goes in, for the reason told.
parcels = Table(
    "parcels",
    metadata,
    Column("job", String, ForeignKey("jobs.id"), primary_key=True),
    Column("shipment_id", String, primary_key=True),
    Column("wave", String, nullable=False),
    Column("position", String, nullable=False),
    Column("place", Integer, nullable=False),
    Column("orders", String, nullable=False),
    Column("recipient", String, nullable=False),
    Column("tracking", String, nullable=False),
    Column("piece_id", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("reason", String, nullable=False),
    Index("parcels_by_piece", "piece_id"),
    sqlite_with_rowid=False,
)

# What happened to a piece after it was numbered, in this order: reprinted, pulled, moved, withdrawn … `told` is a JSON
# object of what else is known. Nothing here names a person but by id. Of a scan of something unknown, and of what
# happened to a whole job, `piece_id` is "".
events = Table(
    "events",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("shop", String, nullable=False),
    Column("job", String, nullable=False),
    Column("piece_id", String, nullable=False),
    Column("what", String, nullable=False),
    Column("told", String, nullable=False),
    Index("events_by_piece", "piece_id"),
    Index("events_by_job", "job", "what", "number"),
)

# Pieces that were scanned into their parcels: each once, and no parcel twice.
matches = Table(
    "matches",
    metadata,
    Column("job", String, ForeignKey("jobs.id"), primary_key=True),
    Column("piece_id", String, primary_key=True),
    Column("shipment_id", String, nullable=False),
    Column("station", String, nullable=False),
    Column("at", String, nullable=False),
    UniqueConstraint("job", "shipment_id"),
    sqlite_with_rowid=False,
)

# Customers who said no after a run: no job of the shop writes to them any more.
withdrawn = Table(
    "withdrawn",
    metadata,
    Column("shop", String, primary_key=True),
    Column("recipient", String, primary_key=True),
    Column("day", String, nullable=False),
    Column("why", String, nullable=False),
    sqlite_with_rowid=False,
)

# Jobs of which nobody is named any more: when (UTC), with which other job, whether the pieces of the drop are nobody's,
# too, what was deleted (`told`, JSON), and the sha256 of the certificate ("" until it is written).
purges = Table(
    "purges",
    metadata,
    Column("job", String, ForeignKey("jobs.id"), primary_key=True),
    Column("at", String, nullable=False),
    Column("with_job", String, nullable=False),
    Column("whole", Integer, nullable=False),
    Column("told", String, nullable=False),
    Column("certificate", String, nullable=False),
    sqlite_with_rowid=False,
)

# Who holds a shop, or held it last: the lock itself is the operating system's or the server's.
holders = Table(
    "holders",
    metadata,
    Column("shop", String, primary_key=True),
    Column("host", String, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("since", String, nullable=False),
)


def of_drop(table: Table, key: DropKey) -> ColumnElement[bool]:
    """The rows of one drop."""
    shop, campaign, drop_on = drop_columns(key)
    return and_(table.c.shop == shop, table.c.campaign == campaign, table.c.drop_on == drop_on)


def among(connection: Connection, column: Column[str], values: Collection[str]) -> ColumnElement[bool]:
    """The rows whose cell is one of `values`.

    They are one parameter: thousands of them (`in_`) take longer to write than to look up.
    """
    if connection.dialect.name == "sqlite":
        return column.in_(select(func.json_each(json.dumps(list(values))).table_valued("value")))
    return column == any_(literal(list(values), ARRAY(String)))


def drop_columns(key: DropKey) -> tuple[str, str, str]:
    """The key of a drop as the tables keep it: shop, campaign, drop_on."""
    return key.shop, key.campaign, key.drop.isoformat()


def insert_rows(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert whole rows, given in the table's order of columns.

    By the driver itself: SQLAlchemy's own handling of parameters takes as long as the inserting.
    """
    if rows:
        statement = insert(table).compile(dialect=connection.dialect)
        # In the order of the key, neighbouring rows land on the same page of the database.
        connection.exec_driver_sql(str(statement), sorted(rows))


def in_chunks(items: Iterable[T]) -> Iterator[list[T]]:
    """`items` as lists of at most CHUNK."""
    iterator = iter(items)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk
