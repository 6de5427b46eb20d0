"""A job whose letters are or will be with people, with its files as they were written."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from dmgen.afterwards import parts_of, read_ticket
from dmgen.campaign import Identity
from dmgen.campaign.files import is_file
from dmgen.errors import LedgerError
from dmgen.fulfil import TICKET, sha256
from dmgen.ledger import Ledger, refuse_purged
from dmgen.messages import mark
from dmgen.model.production import JobRecord, JobState

_STATES = (JobState.SENT, JobState.READY)


@dataclass(frozen=True, slots=True)
class ReleasedJob:
    """A job that is ready or sent; `ticket` is its job.json."""

    record: JobRecord
    folder: Path
    ticket: dict[str, Any]

    @property
    def stands(self) -> bool:
        """Whether its letters are or will be with people; of all jobs here but those of `any_job`."""
        return self.record.state in _STATES and bool(self.ticket.get("released"))


def released_job(
    ledger: Ledger, identity: Identity, job: str | None, drop: date | None, files: tuple[str, ...] = ()
) -> ReleasedJob:
    """The job asked for (by id or folder), else that of a drop: the sent one, else the latest that is ready.

    Without `drop` it is the campaign's own, or the only one there is. `files` are tables of it that must be as they
    were written. Raises LedgerError where there is no such job, where it is not told which, and where its folder is
    not as it was.
    """
    record, folder = _asked(ledger, identity, job) if job else _latest(ledger, identity, drop)
    return _whole(record, folder, files)


def with_parts(ledger: Ledger, job: ReleasedJob, files: tuple[str, ...] = ()) -> list[ReleasedJob]:
    """A job, and the released jobs that complete it: what was printed for its parcels later. Raises LedgerError."""
    parts = [one for one in parts_of(ledger, job.record) if one.state in _STATES]
    return [job, *(_whole(one, Path(one.folder), files) for one in parts)]


def named_job(ledger: Ledger, shop: str, job: str, files: tuple[str, ...] = ()) -> ReleasedJob:
    """A shop's job by its id or folder, whatever its campaign. Raises LedgerError as `released_job` does."""
    record, folder = _of_shop(ledger, shop, job)
    _refuse_unsendable(record)
    return _whole(record, folder, files)


def any_job(ledger: Ledger, shop: str, job: str) -> ReleasedJob:
    """A shop's job in whatever state, also one whose letters nobody gets. Raises LedgerError where it is not there."""
    return _there(*_of_shop(ledger, shop, job))


def _of_shop(ledger: Ledger, shop: str, job: str) -> tuple[JobRecord, Path]:
    record, folder = _found(ledger, job)
    if record.shop != shop:
        message = mark("job {job} is of the shop {found}, not of {shop}: name that one's shop.toml with --shop")
        raise LedgerError(message, job=record.id, found=record.shop, shop=shop)
    return record, folder


def require_unchanged(job: ReleasedJob, name: str) -> Path:
    """The path of a file of a job that is as it was written. Raises LedgerError."""
    path = job.folder / name
    if not is_file(path) or sha256(path) != job.ticket["files"].get(name):
        raise not_as_written(path, job.record.id)
    return path


def not_as_written(path: Path, job: str) -> LedgerError:
    """A file of a job is missing, or not the one that was printed."""
    message = mark("{file} is not as it was written with job {job}. Put the job's own file back.")
    return LedgerError(message, file=path, job=job)


def _there(record: JobRecord, folder: Path) -> ReleasedJob:
    refuse_purged(record)
    ticket = read_ticket(folder) if is_file(folder / TICKET) else {}
    if ticket.get("job") != record.id:
        raise LedgerError(
            mark("job {job} is not in {folder}, where it was printed. Say where it is now: --job FOLDER"),
            job=record.id,
            folder=folder,
        )
    return ReleasedJob(record, folder, ticket)


def _whole(record: JobRecord, folder: Path, files: tuple[str, ...]) -> ReleasedJob:
    found = _there(record, folder)
    if not found.ticket.get("released"):
        raise _not_released(record)
    for name in files:
        require_unchanged(found, name)
    return found


def _found(ledger: Ledger, job: str) -> tuple[JobRecord, Path]:
    here = is_file(Path(job) / TICKET)
    record = ledger.job(str(read_ticket(Path(job))["job"]) if here else job)
    return record, Path(job) if here else Path(record.folder)


def _asked(ledger: Ledger, identity: Identity, job: str) -> tuple[JobRecord, Path]:
    record, folder = _found(ledger, job)
    if (record.shop, record.campaign) != (identity.shop.id, identity.campaign):
        raise LedgerError(
            mark(
                "job {job} is of the campaign {found}, not of {campaign}: name that campaign's folder, or its own job"
            ),
            job=record.id,
            found=record.campaign,
            campaign=identity.campaign,
        )
    _refuse_unsendable(record)
    return record, folder


def _not_released(record: JobRecord) -> LedgerError:
    message = mark("Job {job} is not released. Type: dmgen verify {job}. When it reads back well, it can be sent.")
    return LedgerError(message, job=record.id)


def _refuse_unsendable(record: JobRecord) -> None:
    if record.state is JobState.NOT_RELEASED:
        raise _not_released(record)
    if record.state not in _STATES:
        raise LedgerError(
            mark("job {job} is {state}: nobody gets its letters. See the jobs with: dmgen jobs"),
            job=record.id,
            state=record.state.value,
        )


def _latest(ledger: Ledger, identity: Identity, drop: date | None) -> tuple[JobRecord, Path]:
    whole = [one for one in ledger.jobs(identity.shop.id) if one.campaign == identity.campaign and not one.part_of]
    jobs = [one for one in whole if one.state in _STATES]
    drops = sorted({one.drop for one in jobs})
    wanted = drop or (identity.drop if identity.drop in drops else None)
    if wanted is None and len(drops) > 1:
        raise LedgerError(
            mark("{campaign} has several drops: {drops}. Say which, for example: --drop {last}"),
            campaign=identity.campaign,
            drops=", ".join(map(str, drops)),
            last=drops[-1],
        )
    for state in _STATES:
        for record in reversed(jobs):
            if record.state is state and record.drop == (wanted or drops[-1]):
                return record, Path(record.folder)
    raise LedgerError(
        mark(
            "{campaign} has no job that was sent or could be. See what there is with: dmgen jobs. "
            "Print it with: dmgen run"
        ),
        campaign=identity.campaign,
    )
