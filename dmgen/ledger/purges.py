"""Purges of a ledger as commands use them."""

from dataclasses import dataclass
from datetime import datetime

from dmgen.ledger.database import Database
from dmgen.ledger.purge import (
    PurgeRecord,
    finish,
    purge_drop,
    purge_job,
    purge_of,
    refuse_purged_drop,
    wipe,
)
from dmgen.model.offer import DropKey
from dmgen.model.production import JobRecord


@dataclass(frozen=True, slots=True)
class Purges:
    """What was purged in a ledger, and purging. Every method raises LedgerError if the database fails."""

    database: Database
    lock: str

    def purge(self, job: JobRecord, at: datetime, *, whole: bool) -> PurgeRecord:
        """Let nobody be named in a job any more; with `whole` in all of its drop. Doing it again changes nothing."""
        with self.database.writing(self.lock) as connection:
            if whole:
                return purge_drop(connection, DropKey(job.shop, job.campaign, job.drop), job.id, at)
            return purge_job(connection, job.id, at)

    def of_job(self, job_id: str) -> PurgeRecord | None:
        """The purge of a job, finished or not; None where nothing of it was purged."""
        with self.database.reading() as connection:
            return purge_of(connection, job_id)

    def wipe(self) -> None:
        """Let the bytes of what was deleted be gone from the database. Raises LedgerError where others use it."""
        wipe(self.database)

    def finish(self, job_id: str, certificate: str) -> None:
        """The purge of a job, and of those that went with it, is certified by the file of this sha256."""
        with self.database.writing(self.lock) as connection:
            finish(connection, job_id, certificate)

    def refuse_drop(self, key: DropKey) -> None:
        """Refuse a drop whose pieces are nobody's any more. Raises LedgerError."""
        with self.database.reading() as connection:
            refuse_purged_drop(connection, key)
