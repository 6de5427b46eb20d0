"""A copy of a ledger as it is at one moment, whoever writes to it."""

import shlex
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import monotonic

from dmgen.errors import LedgerError
from dmgen.ledger.database import PATIENCE, Database
from dmgen.messages import mark


def copy_ledger(database: Database, file: Path, name: Path) -> None:
    """Copy a ledger into an empty file, which will have a name. Both are left as they are where it fails.

    By SQLite's online backup (https://www.sqlite.org/backup.html): the copy holds whole transactions only. Raises
    LedgerError for a ledger on a server, and where it cannot be read or the copy is not sound.
    """
    if database.file is None:
        raise LedgerError(
            mark("The ledger {ledger} is on a PostgreSQL server, which copies it itself. Type: {command}"),
            ledger=database.name,
            command=_pg_dump(database, name),
        )
    try:
        with closing(_connect(database.file)) as source, closing(_connect(file)) as target:
            source.backup(target, progress=_patience())
            found = target.execute("PRAGMA integrity_check").fetchall()
    except sqlite3.Error as error:
        raise LedgerError(
            mark("The ledger {ledger} cannot be copied: {reason}. Nothing was written. Try again."),
            ledger=database.name,
            reason=error,
        ) from None
    if found != [("ok",)]:
        raise LedgerError(
            mark(
                "The ledger {ledger} is damaged ({reason}): nothing was written. Keep your earlier copies, and put the "
                "latest sound one in its place."
            ),
            ledger=database.name,
            reason=str(found[0][0]),
        )


def _connect(file: Path) -> sqlite3.Connection:
    """Never makes a database; may write, for only so is what a killed run left behind rolled back."""
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=rw", uri=True)


def _patience() -> Callable[[int, int, int], None]:
    """SQLite itself would wait for ever for a transaction to end."""
    end = monotonic() + PATIENCE

    def wait(status: int, _left: int, _pages: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and monotonic() > end:
            raise sqlite3.OperationalError("database is locked")

    return wait


def _pg_dump(database: Database, file: Path) -> str:
    """The command to type; it asks for the password."""
    url = database.engine.url
    where = {"host": url.host or "localhost", "port": url.port or 5432, "username": url.username}
    named = [f"--{name}={value}" for name, value in where.items() if value]
    return shlex.join(["pg_dump", "--format=custom", f"--file={file}", *named, url.database or ""])
