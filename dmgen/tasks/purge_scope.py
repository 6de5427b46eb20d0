"""What a purge takes: the jobs of a drop, their folders, the piles that hold their letters; all of it or nothing."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dmgen.afterwards import refuse_part
from dmgen.errors import DmgenError, LedgerError
from dmgen.fulfil import PILE_TICKET, TICKET
from dmgen.ledger import Event, Ledger, What, was_purged
from dmgen.messages import mark
from dmgen.model.campaign import Shop
from dmgen.model.offer import DropKey
from dmgen.model.production import JobRecord, JobState

_OF_JOBS = (What.PILED, What.PACKAGED)
_STANDING = (JobState.READY, JobState.SENT)


@dataclass(frozen=True)
class Asked:
    """What the user asked for: a job by id or folder, and folders that were moved.

    `ledger_only`: what is not found is gone for good. `out` is the folder for the certificate where the job's is gone.
    """

    job: str
    folders: tuple[Path, ...] = ()
    ledger_only: bool = False
    out: Path | None = None


@dataclass(frozen=True)
class Scope:
    """What goes: `job` was asked for, `jobs` go with it; `whole`: who has which number in the drop goes, too.

    `folders` are by job, of those that have one of their own; `missing` says by job or pile where one was that is not
    found. `events` are those of the jobs themselves: piles, packages.
    """

    job: JobRecord
    jobs: tuple[JobRecord, ...]
    whole: bool
    folders: Mapping[str, Path]
    piles: tuple[Path, ...]
    missing: Mapping[str, str]
    events: tuple[Event, ...]

    @property
    def key(self) -> DropKey:
        """The drop that the jobs are of."""
        return DropKey(self.job.shop, self.job.campaign, self.job.drop)

    @property
    def folder(self) -> Path | None:
        """The folder of the job asked for; None where it is gone."""
        return self.folders.get(self.job.id)


def scope_of(ledger: Ledger, shop: Shop, asked: Asked) -> Scope:
    """What a purge of a job takes.

    Raises LedgerError for a job that is ready or purged already, and where a folder or pile is not found.
    """
    job = named(ledger, shop, asked.job)
    known = ledger.jobs(shop.id)
    jobs, whole = _family(ledger, job, known)
    _refuse_ready(job, jobs)
    events = tuple(event for one in jobs for what in _OF_JOBS for event in ledger.job_events(one.id, what))
    moved = _moved(job, Path(asked.job), asked.folders)
    folders, missing = _folders(jobs, known, moved)
    piles, lost = _piles(jobs, folders, events, asked.folders)
    missing |= lost
    if missing and not asked.ledger_only:
        raise _not_found(job, missing)
    return Scope(job, jobs, whole, folders, piles, missing, events)


def named(ledger: Ledger, shop: Shop, job: str) -> JobRecord:
    """The job of an id or folder. Raises LedgerError where it is another shop's, completes another, or was purged."""
    ticket = raw_ticket(Path(job))
    record = ledger.job(str(ticket["job"]) if ticket else job, also_purged=True)
    if record.shop != shop.id:
        message = mark("job {job} is of the shop {found}, not of {shop}: name that one's shop.toml with --shop")
        raise LedgerError(message, job=record.id, found=record.shop, shop=shop.id)
    refuse_part(record)
    before = ledger.purges.of_job(record.id)
    if before and before.certificate:
        raise was_purged(record.id, before.at.date())
    return record


def raw_ticket(folder: Path, name: str = TICKET) -> dict[str, Any] | None:
    """job.json or pile.json of a folder, whatever became of the job; None where there is none."""
    try:
        found = json.loads((folder / name).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _family(ledger: Ledger, job: JobRecord, known: Sequence[JobRecord]) -> tuple[tuple[JobRecord, ...], bool]:
    """The jobs that go with one, and whether the drop's numbers are nobody's then.

    Beside a job that stands, one that does not goes alone, with what completed it: the numbers are the other's.
    """
    of_drop = [one for one in known if (one.campaign, one.drop) == (job.campaign, job.drop)]
    left = [one for one in of_drop if one.purged_on is None or _unfinished(ledger, one)]
    stands = [one for one in left if one.state in _STANDING and not one.part_of and one.id != job.id]
    if job.state not in _STANDING and stands:
        return tuple(one for one in left if job.id in (one.id, one.part_of)), False
    return tuple(left), True


def _unfinished(ledger: Ledger, job: JobRecord) -> bool:
    before = ledger.purges.of_job(job.id)
    return before is not None and not before.certificate


def _refuse_ready(job: JobRecord, jobs: Iterable[JobRecord]) -> None:
    ready = next((one for one in jobs if one.state is JobState.READY), None)
    if ready:
        message = mark(
            "job {ready} is ready, so people still have to get its letters. Send it or cancel it first: dmgen sent "
            "{base} --on DAY, or dmgen cancel {base}"
        )
        raise LedgerError(message, ready=ready.id, base=ready.part_of or ready.id, job=job.id)


def _moved(job: JobRecord, place: Path, more: Iterable[Path]) -> list[Path]:
    """Where else folders may be than where they were printed."""
    return [place, *more] if raw_ticket(place) else list(more)


def _folders(
    jobs: Sequence[JobRecord], known: Iterable[JobRecord], moved: Sequence[Path]
) -> tuple[dict[str, Path], dict[str, str]]:
    """By job the folder that holds it, and those that are not found; one that a later job took over is neither."""
    found: dict[str, Path] = {}
    missing: dict[str, str] = {}
    ids = {one.id for one in known}
    for one in sorted(jobs, key=lambda one: bool(one.part_of)):
        places = [*moved, Path(one.folder), *_beside(one, jobs, found)]
        place = next((place for place in places if (raw_ticket(place) or {}).get("job") == one.id), None)
        if place:
            found[one.id] = place
        elif (raw_ticket(Path(one.folder)) or {}).get("job") not in ids:
            missing[one.id] = one.folder
    return found, missing


def _beside(part: JobRecord, jobs: Iterable[JobRecord], found: Mapping[str, Path]) -> Iterator[Path]:
    """Where a job that completes another is now, if that one's folder was moved as a whole."""
    base = next((one for one in jobs if one.id == part.part_of), None)
    if base and base.id in found and Path(part.folder).is_relative_to(base.folder):
        yield found[base.id] / Path(part.folder).relative_to(base.folder)


def _piles(
    jobs: Collection[JobRecord], folders: Mapping[str, Path], events: Iterable[Event], more: Iterable[Path]
) -> tuple[tuple[Path, ...], dict[str, str]]:
    """The piles that hold letters of these jobs: where they were made, named, or near the jobs; and the lost ones."""
    ids = {one.id for one in jobs}
    piled = [event.told for event in events if event.what is What.PILED and "folder" in event.told]
    made = {told["folder"]: told["pile"] for told in piled}
    near = [
        place for folder in folders.values() for up in folder.resolve().parents[:2] for place in sorted(up.glob("*/"))
    ]
    found: dict[Path, str] = {}
    for place in [*map(Path, made), *more, *near]:
        ticket = raw_ticket(place, PILE_TICKET)
        if ticket and ids & {str(one["job"]) for one in ticket["jobs"]}:
            found[place.resolve()] = str(ticket["pile"])
    lost = {
        name: folder
        for folder, name in made.items()
        if name not in found.values() and not (Path(folder) / PILE_TICKET).is_file()
    }
    return tuple(sorted(found)), lost


def _not_found(job: JobRecord, missing: Mapping[str, str]) -> DmgenError:
    name, folder = next(iter(missing.items()))
    return LedgerError(
        mark(
            "{what} is not in {folder}, where it was printed, and would keep its letters: nothing is purged. Say where "
            "it is now: dmgen purge {job} --folder FOLDER. If it is gone for good: dmgen purge {job} --ledger-only"
        ),
        what=name,
        folder=folder,
        job=job.id,
    )
