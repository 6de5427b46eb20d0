"""One run a shop at a time: a lock that ends with its process, and a note of who has it."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock, Timeout
from sqlalchemy import delete, func, select

from dmgen.errors import LedgerError
from dmgen.ledger.database import Database, lock_number
from dmgen.ledger.tables import holders, insert_rows
from dmgen.messages import mark


@contextmanager
def hold(database: Database, ledger_id: str, shop: str) -> Iterator[None]:
    """Keep other runs away from a shop. Raises LedgerError, saying who holds it, without waiting."""
    server = f"{ledger_id} shop {shop}"
    with _beside(database.file, shop) if database.file else _on_server(database, server) as free:
        if not free:
            raise _held(database, shop)
        _note(database, ledger_id, shop)
        yield


@contextmanager
def _beside(ledger: Path, shop: str) -> Iterator[bool]:
    """Lock a file beside the ledger, which the operating system frees when the process ends."""
    path = f"{ledger}.{quote(shop, safe='')}.lock"
    lock = FileLock(path)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        yield False
        return
    except OSError as error:
        raise LedgerError(
            mark("The lock {file} cannot be set ({reason}). Allow writing to the folder of the ledger."),
            file=path,
            reason=error.strerror,
        ) from None
    try:
        yield True
    finally:
        lock.release()


@contextmanager
def _on_server(database: Database, name: str) -> Iterator[bool]:
    """Lock a number on the server, which frees it when the connection ends."""
    with database.reading() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        yield bool(connection.scalar(select(func.pg_try_advisory_lock(lock_number(name)))))


def _note(database: Database, ledger_id: str, shop: str) -> None:
    since = datetime.now().astimezone().isoformat(" ", "seconds")
    with database.writing(ledger_id) as connection:
        connection.execute(delete(holders).where(holders.c.shop == shop))
        insert_rows(connection, holders, [(shop, socket.gethostname(), os.getpid(), since)])


def _held(database: Database, shop: str) -> LedgerError:
    with database.reading() as connection:
        holder = connection.execute(select(holders).where(holders.c.shop == shop)).first()
    return LedgerError(
        mark(
            "{shop} is in use by process {pid} on {host} since {since} (ledger {ledger}). Wait until that run "
            "has ended, or end that process; then run the same command again."
        ),
        shop=shop,
        pid=holder.pid if holder else "?",
        host=holder.host if holder else "?",
        since=holder.since if holder else "?",
        ledger=database.name,
    )
