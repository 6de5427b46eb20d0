"""`dmgen purge`: personal data deleted from job folders and the ledger; counts stay, and a certificate says so.

The order makes an interruption harmless: what is to be deleted is written down; job.json says that the job is being
purged and no command takes it any more; one transaction of the ledger; the files; the ledger's bytes; the
certificate. The same command again goes on where it was cut short.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from dmgen.afterwards import open_ledger
from dmgen.errors import DmgenError, LedgerError, UsageError
from dmgen.fulfil import BEGUN, CERTIFICATE, CERTIFICATE_PAPER, PILE_TICKET, TICKET, Remains, explained, sha256
from dmgen.fulfil.remains import delete, entries, pile_without_people, remains, without_people, write_json
from dmgen.ledger import Ledger
from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Shop
from dmgen.model.production import JobRecord, JobState
from dmgen.paperwork import write_paper
from dmgen.tasks.offers_fates import today_at
from dmgen.tasks.purge_certificate import certificate, completed, paper
from dmgen.tasks.purge_checks import refuse_prizes, refuse_ready_in_piles, remarks
from dmgen.tasks.purge_scope import Asked, Scope, named, raw_ticket, scope_of


@dataclass(frozen=True)
class Prepared:
    """A purge that can be done: what goes, what stays, what to know before. `begun`: one that was cut short."""

    shop: Shop
    ledger: Ledger
    asked: Asked
    scope: Scope
    place: Path  # where the certificate will be
    holds: dict[Path, Remains]
    remarks: tuple[DmgenError, ...]
    begun: dict[str, Any] | None = None

    def as_json(self, speaker: Speaker) -> dict[str, Any]:
        """What would go, for other programs."""
        return {
            "job": self.scope.job.id,
            "jobs": [one.id for one in self.scope.jobs],
            "folders": [
                {"folder": str(folder), "files": len(held.doomed), "bytes": sum(one.bytes for one in held.doomed)}
                | {"unknown": held.unknown}
                for folder, held in self.holds.items()
            ],
            "remarks": [speaker.error(remark) for remark in self.remarks],
        }


@dataclass(frozen=True)
class Purged:
    """A job that was purged; `digest` is the sha256 of its certificate."""

    job: JobRecord
    certificate: Path
    digest: str
    told: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The certificate and where it is, for other programs."""
        return {"job": self.job.id, "file": str(self.certificate), "sha256": self.digest, "certificate": self.told}


def prepared(shop: Shop, asked: Asked, today: date | None = None) -> Prepared:
    """Everything but the deleting; `today` is the shop's own day unless given.

    Raises LedgerError for a job that is ready or purged, whose prizes can still be won or claimed, or of which a folder
    is not found.
    """
    ledger, day = open_ledger(shop), today or today_at(shop)
    job = named(ledger, shop, asked.job)
    if begun := _begun(ledger, job, asked):
        return begun_again(shop, ledger, job, asked, begun)
    scope = scope_of(ledger, shop, asked)
    _check(ledger, scope, day)
    told = tuple(remarks(ledger, shop, scope, day))
    return Prepared(shop, ledger, asked, scope, _place(scope, asked), _holds(scope, hashed=False), told)


def purged(ready: Prepared, speaker: Speaker, now: datetime | None = None) -> Purged:
    """Delete what is prepared, and certify it. What is cut short goes on with the same command.

    Raises LedgerError where a run holds the shop, where something changed since it was prepared, or where the ledger
    is in use; OutputError where a file cannot be deleted or written.
    """
    ledger, scope = ready.ledger, ready.scope
    with ledger.hold(ready.shop.id):
        told = ready.begun or _begin(ready, speaker, now or datetime.now(UTC))
        at = datetime.fromisoformat(told["purged_at"]["utc"])
        _mark(scope, {"state": "purging", "at": told["purged_at"]["utc"], "with": scope.job.id})
        record = ledger.purges.purge(scope.job, at, whole=scope.whole)
        for folder in told["folders"]:
            delete(Path(folder["folder"]), [one["file"] for one in folder["files"]])
        ledger.purges.wipe()
        told = completed(told, record)
        digest = hashlib.sha256(_text(told).encode()).hexdigest()
        write_paper(paper(told, digest, speaker), ready.place / CERTIFICATE_PAPER, created=at)
        write_json(ready.place / CERTIFICATE, told)
        _mark(scope, {"state": "purged", "at": told["purged_at"]["utc"], "with": scope.job.id, "certificate": digest})
        ledger.purges.finish(scope.job.id, digest)
        (ready.place / BEGUN).unlink(missing_ok=True)
    return Purged(scope.job, ready.place / CERTIFICATE, digest, told)


def older_than(shop: Shop, days: int, today: date | None = None) -> tuple[list[Prepared], list[tuple[str, DmgenError]]]:
    """The drops of a shop whose latest job is older than so many days: those that can go, and why others cannot.

    A job's day is that on which it was sent, else that of its drop or of its making, whichever is later.
    """
    day = today or today_at(shop)
    ready: list[Prepared] = []
    held: list[tuple[str, DmgenError]] = []
    for jobs in _drops(open_ledger(shop).jobs(shop.id)):
        if max(map(_day, jobs)) + timedelta(days=days) < day:
            job = next((one for one in jobs if one.state is JobState.SENT), jobs[-1])
            try:
                ready.append(prepared(shop, Asked(job.id), day))
            except DmgenError as error:
                held.append((job.id, error))
    return ready, held


def days_of(text: str) -> int:
    """The days of an option such as 180d. Raises UsageError."""
    found = re.fullmatch(r"([1-9][0-9]{0,4})d", text.strip())
    if not found:
        raise UsageError(
            mark("{text}: write a number of days, 1 or more, with a d, for example: --older-than 180d"), text=text
        )
    return int(found[1])


def _drops(jobs: Sequence[JobRecord]) -> Iterator[list[JobRecord]]:
    """The jobs that are not purged, by drop; those that complete another are with it, and not among them."""
    left = [one for one in jobs if one.purged_on is None and not one.part_of]
    for key in dict.fromkeys((one.campaign, one.drop) for one in left):
        yield [one for one in left if (one.campaign, one.drop) == key]


def _day(job: JobRecord) -> date:
    return job.sent_on or max(job.drop, job.created_on)


def _check(ledger: Ledger, scope: Scope, today: date) -> None:
    refuse_prizes(ledger, scope, today)
    refuse_ready_in_piles(ledger, scope)


def _place(scope: Scope, asked: Asked) -> Path:
    return scope.folder or asked.out or Path(f"purged-{scope.job.id}")


def _begun(ledger: Ledger, job: JobRecord, asked: Asked) -> dict[str, Any] | None:
    """What was written down of a purge that was cut short."""
    places = [Path(asked.job), Path(job.folder), *asked.folders, asked.out, Path(f"purged-{job.id}")]
    for place in filter(None, places):
        told = raw_ticket(place, BEGUN)
        if told and told["certificate"]["job"] == job.id:
            return told | {"place": str(place)}
    return None


def begun_again(shop: Shop, ledger: Ledger, job: JobRecord, asked: Asked, begun: dict[str, Any]) -> Prepared:
    """A purge that was cut short, as it was written down. Raises LedgerError where a folder was moved since."""
    told, place = begun["certificate"], Path(begun["place"])
    was = [*begun["folders"].values(), *begun["piles"]]
    moved = next((folder for folder in was if not Path(folder).is_dir()), None)
    if moved:
        message = mark(
            "job {job} was cut short while it was purged, and {folder} is not there since: move it back first"
        )
        raise LedgerError(message, job=job.id, folder=moved)
    jobs = tuple(ledger.job(one["job"], also_purged=True) for one in told["jobs"])
    folders = {one: Path(folder) for one, folder in begun["folders"].items()}
    missing = {one["what"]: one["folder"] for one in told["not_found"]}
    scope = Scope(job, jobs, begun["whole"], folders, tuple(map(Path, begun["piles"])), missing, ())
    return Prepared(shop, ledger, asked, scope, place, {}, (), told)


def _holds(scope: Scope, *, hashed: bool = True) -> dict[Path, Remains]:
    """What lies in the folders and piles of a purge; a folder within another one is that one's."""
    places = {folder.resolve() for folder in scope.folders.values()}
    outer = [place for place in places if not places & set(place.parents)]
    found = {place: remains(place, raw_ticket(place) or {}, places, hashed=hashed) for place in sorted(outer)}
    for pile in scope.piles:
        found[pile] = remains(pile, raw_ticket(pile, PILE_TICKET) or {}, hashed=hashed)
    return found


def _begin(ready: Prepared, speaker: Speaker, now: datetime) -> dict[str, Any]:
    """Write down what is to be deleted, once more looked at: nobody else is at the shop now."""
    scope, at = ready.scope, now.replace(microsecond=0)
    if scope_of(ready.ledger, ready.shop, ready.asked) != scope:
        message = mark("the jobs of the drop of {drop} changed meanwhile: type the same command again")
        raise LedgerError(message, drop=scope.job.drop)
    folders = [_listed(place, held) for place, held in _holds(scope).items()]
    told = certificate(ready.shop, ready.ledger, scope, at, folders, speaker)
    with explained(ready.place):
        ready.place.mkdir(parents=True, exist_ok=True)
    kept = {one: str(folder.resolve()) for one, folder in scope.folders.items()}
    piles = list(map(str, scope.piles))
    write_json(ready.place / BEGUN, {"certificate": told, "whole": scope.whole, "folders": kept, "piles": piles})
    return told


def _listed(place: Path, held: Remains) -> dict[str, Any]:
    """A folder as a certificate lists it; `cleaned` are the files that stay without what named people."""
    tickets = [name for name in (TICKET, PILE_TICKET) if (place / name).is_file()]
    return {
        "folder": str(place),
        "files": entries(held.doomed),
        "cleaned": [{"file": name, "sha256": sha256(place / name)} for name in tickets],
        "unknown": held.unknown,
    }


def _mark(scope: Scope, said: dict[str, str]) -> None:
    """Let job.json and pile.json say that they are purged, and nothing that names a person."""
    for folder in scope.folders.values():
        if ticket := raw_ticket(folder):
            cleaned = ticket if "purge" in ticket else without_people(ticket)
            write_json(folder / TICKET, {**cleaned, "purge": said})
    for pile in scope.piles:
        if ticket := raw_ticket(pile, PILE_TICKET):
            cleaned = ticket if "purge" in ticket else pile_without_people(ticket)
            write_json(pile / PILE_TICKET, {**cleaned, "purge": said})


def _text(told: dict[str, Any]) -> str:
    """The certificate as `write_json` writes it."""
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
