"""What a package is made of: one job, or the pile that several make up, with all that is known of it now."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from dmgen.errors import LedgerError
from dmgen.fulfil import MANIFEST, PILE_TABLE, read_table
from dmgen.ledger import Ledger
from dmgen.messages import mark
from dmgen.model.campaign import Shop
from dmgen.model.offer import DropKey
from dmgen.tasks.piles import is_pile, read_pile, refuse_strange_shops
from dmgen.tasks.released_job import ReleasedJob, any_job, named_job, not_as_written, require_unchanged


@dataclass(frozen=True)
class Item:
    """A job, or the pile of several `jobs`: its folder, and its job.json or pile.json.

    `ledgers` and `shops` are by shop id.
    """

    jobs: tuple[ReleasedJob, ...]
    folder: Path
    ticket: Mapping[str, Any]
    ledgers: Mapping[str, Ledger]
    shops: Mapping[str, Shop]

    @property
    def is_pile(self) -> bool:
        """Whether its files are made of several jobs'."""
        return "jobs" in self.ticket

    @property
    def name(self) -> str:
        """The job's id, or the pile's name."""
        return str(self.ticket["pile"] if self.is_pile else self.ticket["job"])

    @property
    def shop(self) -> Shop:
        """The shop; of a pile, that of its first campaign."""
        return self.shops[self.jobs[0].record.shop]

    @property
    def ledger(self) -> Ledger:
        """That shop's ledger."""
        return self.ledgers[self.shop.id]

    @property
    def released(self) -> bool:
        """Whether all of its letters may be printed and sent."""
        return all(job.stands for job in self.jobs)

    @property
    def files(self) -> dict[str, str]:
        """The sha256 of its files by name, as they were written."""
        return dict(self.ticket["files"])

    @property
    def state(self) -> str:
        """What became of it; of a pile, of the first of its jobs that is not to be sent."""
        job = next((job for job in self.jobs if not job.stands), self.jobs[0])
        return job.record.state.value

    @cached_property
    def taken_out(self) -> set[str]:
        """Its pieces that nobody may get any more: void, withdrawn, or pulled since they were printed."""
        return {piece for job in self.jobs for piece in _spent(self.ledgers[job.record.shop], job)} & self._pieces

    @cached_property
    def _pieces(self) -> set[str]:
        table = self.folder / (PILE_TABLE if self.is_pile else MANIFEST)
        return {row["piece_id"] for row in self.rows(table.name)}

    def require_unchanged(self, name: str) -> Path:
        """The path of one of its files, which is as it was written. Raises LedgerError."""
        return require_unchanged(ReleasedJob(self.jobs[0].record, self.folder, dict(self.ticket)), name)

    def rows(self, name: str) -> Iterator[dict[str, str]]:
        """The rows of one of its tables. Raises LedgerError where it is not as it was written."""
        file = self.require_unchanged(name)
        try:
            yield from read_table(file)
        except (OSError, ValueError, LookupError, csv.Error):
            raise not_as_written(file, self.name) from None


def find_item(shops: Mapping[str, Shop], ledgers: Mapping[str, Ledger], named: str, *, unreleased: bool) -> Item:
    """The job or pile of that id or folder; with `unreleased` also one that is not to be sent.

    Raises LedgerError where there is none, where it is not released, and where its folder is not as it was; UsageError
    for a pile with jobs of a shop that is not given.
    """
    folder = Path(named)
    if is_pile(folder):
        return _pile(shops, ledgers, folder, unreleased=unreleased)
    shop = next(iter(shops))
    job = _job(ledgers[shop], shop, named, unreleased=unreleased)
    return Item((job,), job.folder, job.ticket, ledgers, shops)


def _job(ledger: Ledger, shop: str, named: str, *, unreleased: bool) -> ReleasedJob:
    found = any_job(ledger, shop, named)
    if found.stands or unreleased:
        return found
    return named_job(ledger, shop, named)  # says why not


def _pile(shops: Mapping[str, Shop], ledgers: Mapping[str, Ledger], folder: Path, *, unreleased: bool) -> Item:
    ticket = read_pile(folder)
    refuse_strange_shops(folder, ticket, shops)
    jobs = tuple(
        _job(ledgers[entry["shop"]], entry["shop"], entry["job"], unreleased=unreleased) for entry in ticket["jobs"]
    )
    for job, entry in zip(jobs, ticket["jobs"], strict=True):
        if job.ticket["files"] != entry["files"]:
            message = mark(
                "{folder} is a pile of an earlier printing of job {job}: make the pile again with dmgen run, all "
                "campaigns together"
            )
            raise LedgerError(message, folder=folder, job=job.record.id)
    return Item(jobs, folder, ticket, ledgers, shops)


def _spent(ledger: Ledger, job: ReleasedJob) -> set[str]:
    return ledger.spent(DropKey(job.record.shop, job.record.campaign, job.record.drop))
