"""Reaching the database: addresses, transactions, and its errors in words."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError

from dmgen.errors import LedgerError
from dmgen.messages import mark

T = TypeVar("T")

PATIENCE = 60  # seconds that a transaction waits for another one's end


@dataclass(frozen=True, slots=True)
class Database:
    """A database; `name` is what messages call it and holds no password. `file` is None for a server."""

    engine: Engine
    name: str
    file: Path | None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read from. Raises LedgerError."""
        with self._told(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, lock: str) -> Iterator[Connection]:
        """One transaction, committed at the end, rolled back on any exception. Raises LedgerError.

        Transactions with the same `lock` follow one another. SQLite has one writer at a time anyway,
        but only BEGIN IMMEDIATE makes the second one wait before it reads.
        """
        with self._told(), self.engine.connect() as connection:
            connection.execution_options(dmgen_begin="BEGIN IMMEDIATE")
            with connection.begin():
                if self.file is None:
                    connection.execute(select(func.pg_advisory_xact_lock(lock_number(lock))))
                yield connection

    @contextmanager
    def keeping(self) -> Iterator["Kept"]:
        """One connection for many short transactions, where opening one for each would take too long."""
        with self._told(), self.engine.connect() as connection:
            yield Kept(self, connection)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise LedgerError(
                mark(
                    "The ledger {ledger} cannot be used: {reason}. "
                    "Check `ledger` in shop.toml (or DMGEN_LEDGER), then run the same command again."
                ),
                ledger=self.name,
                reason=_reason(error, self.engine.url),
            ) from None


@dataclass(frozen=True, slots=True)
class Kept:
    """A connection that stays open; one that the server closed is opened again."""

    database: Database
    connection: Connection

    def transact(self, work: Callable[[Connection], T], *, write: bool = False) -> T:
        """What `work` gives in a transaction of its own. Raises what it raises, DBAPIError among it.

        Where the connection was lost, `work` is called once more: it may have been committed the first time.
        """
        try:
            return self._transact(work, write)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            return self._transact(work, write)

    def _transact(self, work: Callable[[Connection], T], write: bool) -> T:
        self.connection.execution_options(dmgen_begin="BEGIN IMMEDIATE" if write else "BEGIN")
        with self.connection.begin():
            return work(self.connection)


def open_database(url: str, base: Path) -> Database:
    """The database that shop.toml names; files are relative to `base`. Raises LedgerError."""
    address = _address(url, base)
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, poolclass=NullPool, connect_args={"timeout": PATIENCE})
        event.listen(engine, "connect", _tune_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return Database(engine, str(address.database), Path(str(address.database)))
    name = f"{address.host or 'localhost'}/{address.database or ''}"
    try:
        # Positional parameters, as `insert_rows` gives them.
        engine = create_engine(address, poolclass=NullPool, paramstyle="format")
    except ImportError:
        raise LedgerError(
            mark("The ledger {ledger} needs a driver for PostgreSQL. Type: pip install 'dmgen[postgres]'"),
            ledger=name,
        ) from None
    event.listen(engine, "connect", _tune_postgres)
    return Database(engine, name, None)


def lock_number(name: str) -> int:
    """The 64-bit number by which PostgreSQL knows a lock."""
    return int.from_bytes(blake2b(f"dmgen {name}".encode(), digest_size=8).digest(), "big", signed=True)


def _address(url: str, base: Path) -> URL:
    if "://" not in url:
        return URL.create("sqlite", database=str(base / url))
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise _unknown_address() from None
    if "@" in (address.host or ""):
        raise LedgerError(mark("`ledger` in shop.toml: write an @ in user name or password as %40"))
    kind = address.get_backend_name()
    if kind == "sqlite" and address.database not in (None, "", ":memory:"):
        return address.set(drivername="sqlite", database=str(base / address.database))
    if kind in ("postgresql", "postgres"):
        query = {"connect_timeout": "10", **address.query}
        return address.set(drivername="postgresql+psycopg", query=query)
    raise _unknown_address()


def _unknown_address() -> LedgerError:
    return LedgerError(
        mark(
            "`ledger` in shop.toml (or DMGEN_LEDGER) is not understood. Allowed are a file beside shop.toml "
            'such as "ledger.sqlite", and "postgresql+psycopg://user:password@host/database"'
        )
    )


def _tune_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # `_begin_sqlite` begins, not the driver
    connection.execute("PRAGMA cache_size = -65536")  # KiB; pages of a long transaction stay in memory


def _tune_postgres(connection: Any, _record: object) -> None:
    # Otherwise the fifth chunk of a new ledger gets a plan that reads the whole table for each code.
    connection.execute("SET plan_cache_mode = force_custom_plan")
    connection.commit()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("dmgen_begin", "BEGIN"))


def _reason(error: DBAPIError, url: URL) -> str:
    """The driver's own words, without the rows concerned (customers' data) and the password."""
    words = " ".join(str(error.orig).split("DETAIL")[0].split())
    return words.replace(url.password, "***") if url.password else words
