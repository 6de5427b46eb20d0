"""What happens to a job after it was printed: listed, sent, or cancelled."""

import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from dmgen.campaign import find_shop, load_shop
from dmgen.campaign.files import is_file
from dmgen.errors import CampaignError, LedgerError
from dmgen.fulfil import MANIFEST, TICKET, read_table, sha256
from dmgen.ledger import Ledger, Letter, was_purged
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, Shop
from dmgen.model.history import NO_HISTORY, History
from dmgen.model.production import JobRecord, JobState


def open_ledger(shop: Shop) -> Ledger:
    """The shop's ledger; DMGEN_LEDGER in the environment names another one."""
    return Ledger.open(os.environ.get("DMGEN_LEDGER") or shop.ledger, shop.file.parent)


def past(campaign: Campaign) -> History:
    """What the shop's ledger remembers, where there is one that `ledger_to_look_at` finds."""
    ledger = ledger_to_look_at(campaign)
    return ledger.history(campaign.key) if ledger else NO_HISTORY


def ledger_to_look_at(campaign: Campaign) -> Ledger | None:
    """The shop's ledger, where there is one: looking at a campaign makes none."""
    return existing_ledger(campaign.shop)


def existing_ledger(shop: Shop) -> Ledger | None:
    """The shop's ledger, where there is one; none is made.

    One on a server is asked at every look, too: it alone knows who said no after a run (個人情報保護法35条).
    """
    return Ledger.find(os.environ.get("DMGEN_LEDGER") or shop.ledger, shop.file.parent)


def shop_at(place: Path | None) -> Shop:
    """The shop of a folder or shop.toml; without one, found upward from here, or in `layouts`."""
    if place:
        return load_shop(place) if is_file(place) else find_shop(place)
    try:
        return find_shop(Path())
    except CampaignError:
        below = Path("layouts") / "shop.toml"
        if is_file(below):
            return load_shop(below)
        raise


def list_jobs(shop: Shop) -> list[JobRecord]:
    """Every job of a shop, oldest first."""
    return open_ledger(shop).jobs(shop.id)


def mark_sent(shop: Shop, job: str, on: date, *, lost: bool = False) -> JobRecord:
    """A ready job was sent to the people of its manifest, who are remembered. `job` is its id or its folder.

    The ready jobs that complete it went with it. With `lost`, its folder is gone: everybody who ever had a number in
    its drop counts as written to. Raises LedgerError while a run may be printing it again, and where the manifest is
    not there as it was written.
    """
    ledger = open_ledger(shop)
    with ledger.hold(shop.id):
        record = ledger.job(_job_id(job))
        refuse_part(record)
        _refuse_unreleased(record)
        parts = [one for one in parts_of(ledger, record) if one.state is JobState.READY]
        _refuse_unread(ledger, record)
        if not lost:
            for part in parts:
                _check_manifest(part, Path(part.folder))
        letters = None
        if not lost and record.state is JobState.READY:  # any other state is refused below
            folder = Path(job) if is_file(Path(job) / TICKET) else Path(record.folder)
            _check_manifest(record, folder)
            letters = _letters(folder)
        sent = ledger.mark_sent(record.id, on, letters)
        for part in parts:
            ledger.mark_sent(part.id, on, () if lost else _letters(Path(part.folder)))
        return sent


def _refuse_unread(ledger: Ledger, job: JobRecord) -> None:
    """Refuse a job of which a part is printed and not released: its parcels would be short of pieces."""
    for part in parts_of(ledger, job):
        if part.state is JobState.NOT_RELEASED:
            raise LedgerError(
                mark(
                    "job {part}, which completes job {job}, is not released. Type: dmgen verify {part}. Or print it "
                    "anew: dmgen fulfil {job} --shipments FILE"
                ),
                part=part.id,
                job=job.id,
            )


def parts_of(ledger: Ledger, job: JobRecord) -> list[JobRecord]:
    """The jobs that complete a job: printed later for its parcels, and sent with it."""
    return [one for one in ledger.jobs(job.shop) if one.part_of == job.id]


def refuse_part(job: JobRecord) -> None:
    """Refuse a job that completes another, where that one is meant. Raises LedgerError."""
    if job.part_of:
        raise LedgerError(
            mark("job {job} completes job {base}, and goes with it: name {base} instead"), job=job.id, base=job.part_of
        )


def _check_manifest(record: JobRecord, folder: Path) -> None:
    """Refuse to take recipients from anything but the manifest that was written with this job."""
    manifest = folder / MANIFEST
    if not (is_file(folder / TICKET) and is_file(manifest) and read_ticket(folder)["job"] == record.id):
        raise LedgerError(
            mark(
                "Job {job}: its manifest.csv, which says who gets a letter, is not in {folder}. Name the folder where "
                "the job is now: dmgen sent FOLDER --on DAY. If it is lost, type: dmgen sent {job} --on DAY --lost "
                "(everybody who had a number in the drop counts as written to)."
            ),
            job=record.id,
            folder=folder,
        )
    if sha256(manifest) != read_ticket(folder)["files"].get(MANIFEST):
        raise LedgerError(
            mark(
                "{file} is not as it was written, so it does not say who gets a letter. Put the job's own file back, "
                "or type: dmgen sent {job} --on DAY --lost (everybody who had a number in the drop counts as "
                "written to)."
            ),
            file=manifest,
            job=record.id,
        )


def _letters(folder: Path) -> Iterator[Letter]:
    """Who got a letter by a job's manifest; seeds (decoys of the shop's own) are nobody's customers."""
    for row in read_table(folder / MANIFEST):
        if row.get("seed", "") in ("", "0"):
            yield Letter(row["customer_id"], row.get("variant", ""))


def cancel(shop: Shop, job: str) -> JobRecord:
    """An unsent job will not be sent, nor those that complete it. `job` is its id or its folder."""
    ledger = open_ledger(shop)
    record = ledger.job(_job_id(job))
    refuse_part(record)
    cancelled = ledger.cancel(record.id)
    for part in parts_of(ledger, record):
        if part.state in (JobState.READY, JobState.NOT_RELEASED):
            ledger.cancel(part.id)
    return cancelled


def _refuse_unreleased(record: JobRecord) -> None:
    """A job that failed where no ledger could be told: its folder knows."""
    folder = Path(record.folder)
    if record.state is JobState.READY and is_file(folder / TICKET):
        ticket = read_ticket(folder)
        if ticket["job"] == record.id and ticket.get("released") is False:
            raise LedgerError(
                mark("Job {job} is not released. Type: dmgen verify {job}. When it reads back well, it can be sent."),
                job=record.id,
            )


def _job_id(job: str) -> str:
    folder = Path(job)
    return str(read_ticket(folder)["job"]) if is_file(folder / TICKET) else job


def read_ticket(folder: Path, *, also_purged: bool = False) -> dict[str, Any]:
    """job.json, with `pieces` from its counts. Raises LedgerError for a folder of no finished or of a purged job."""
    try:
        ticket = json.loads((folder / TICKET).read_text("utf-8"))
        words = {name: str(ticket[name]) for name in ("job", "shop", "campaign", "drop")}
        date.fromisoformat(words["drop"])
        told = {**ticket, **words, "pieces": int(ticket["counts"]["pieces"])}
    except (OSError, ValueError, KeyError, TypeError):
        raise LedgerError(
            mark("{folder} is no finished job: name a job folder (it holds job.json) or a job's id from `dmgen jobs`"),
            folder=folder,
        ) from None
    if (purge := told.get("purge")) and not also_purged:
        raise was_purged(told["job"], purge["at"][:10], folder if purge["state"] == "purging" else None)
    return told
