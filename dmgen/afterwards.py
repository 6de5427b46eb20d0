"""What happens to a job after it was printed: listed, sent, cancelled, or read back into a ledger."""

import csv
import json
import os
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from dmgen.campaign import find_shop, load_shop
from dmgen.campaign.files import is_file
from dmgen.errors import CampaignError, LedgerError
from dmgen.fulfil import CODES, CONTROL_GROUPS, MANIFEST, PARCELS, TICKET, read_table, sha256
from dmgen.ledger import Ledger, Letter, RestoredCode, RestoredPiece, was_purged
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, Shop
from dmgen.model.history import CONTROL, NO_HISTORY, Arm, History
from dmgen.model.lottery import Form
from dmgen.model.offer import CodeKind, CodeSource, DropKey
from dmgen.model.parcel import PlannedParcel
from dmgen.model.production import JobRecord, JobState
from dmgen.offers import lottery
from dmgen.offers.orders import LOTTERY, coupon_scope, ticket_scope
from dmgen.packed import read_parcels
from dmgen.symbols import MARKERS


def open_ledger(shop: Shop) -> Ledger:
    """The shop's ledger; DMGEN_LEDGER in the environment names another one."""
    return Ledger.open(os.environ.get("DMGEN_LEDGER") or shop.ledger, shop.file.parent)


def past(campaign: Campaign) -> History:
    """What the shop's ledger remembers, where there is one that `ledger_to_look_at` finds."""
    ledger = ledger_to_look_at(campaign)
    return ledger.history(campaign.key) if ledger else NO_HISTORY


def ledger_to_look_at(campaign: Campaign) -> Ledger | None:
    """The shop's ledger, where there is one: looking at a campaign makes none.

    One on a server is asked at every look, too: it alone knows who said no after a run (個人情報保護法35条).
    """
    return Ledger.find(os.environ.get("DMGEN_LEDGER") or campaign.shop.ledger, campaign.shop.file.parent)


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


def restore(shop: Shop, folder: Path) -> int:
    """Write the numbers of a job folder back into the shop's ledger; returns how many were missing there."""
    ticket = read_ticket(folder)
    key = DropKey(ticket["shop"], ticket["campaign"], date.fromisoformat(ticket["drop"]))
    if key.shop != shop.id:
        raise LedgerError(
            mark("{folder} is a job of the shop {found}, not of {shop}: give --shop its shop.toml"),
            folder=folder,
            found=key.shop,
            shop=shop.id,
        )
    ledger = open_ledger(shop)
    with ledger.hold(shop.id):
        written = ledger.restore(key, _read_back(folder, ticket, key), _arms(folder, ticket), _marker(folder, ticket))
        if ticket["job"] not in {job.id for job in ledger.jobs(shop.id)}:
            ledger.record(_record(ticket, key, folder))
            if is_file(folder / PARCELS):
                ledger.keep_parcels(ticket["job"], _parcels(folder))
    return written


def lost_seed(shop: Shop, folder: Path) -> bool:
    """Whether a job's lottery can no longer be drawn: its secret seed stands in the ledger alone, and is not there."""
    ticket = read_ticket(folder)
    key = DropKey(ticket["shop"], ticket["campaign"], date.fromisoformat(ticket["drop"]))
    return bool(ticket.get("lottery")) and open_ledger(shop).secrets(key) is None


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


def _record(ticket: dict[str, Any], key: DropKey, folder: Path) -> JobRecord:
    today = datetime.now(UTC).date()
    place, pieces = str(folder.resolve()), ticket["pieces"]
    state = JobState.READY if ticket.get("released", True) else JobState.NOT_RELEASED
    customers = int(ticket["counts"]["customers"])
    return JobRecord(ticket["job"], key.shop, key.campaign, key.drop, state, place, pieces, today, None, customers)


def _parcels(folder: Path) -> list[PlannedParcel]:
    """What went into the parcels when the job was printed; what the warehouse changed afterwards is not known here."""
    try:
        return list(read_parcels(folder))
    except (OSError, ValueError, LookupError, AttributeError, csv.Error) as error:
        raise _unreadable(folder / PARCELS, error) from None


def _arms(folder: Path, ticket: dict[str, Any]) -> dict[str, Arm]:
    """Who had which part in the drop's trials, by manifest.csv and control.csv; nobody where it had none."""
    segments = {s["id"]: s for s in ticket["settings"]["segments"]}
    tried = {s["name"] for s in segments.values() if s.get("variant") or s.get("control")}
    if not tried:
        return {}
    arms = {
        row["customer_id"]: Arm(segments[row["segment"]]["name"], row["variant"])
        for row in read_table(folder / MANIFEST)
        if row.get("seed", "") in ("", "0") and segments[row["segment"]]["name"] in tried
    }
    held = read_table(folder / CONTROL_GROUPS) if is_file(folder / CONTROL_GROUPS) else ()
    return arms | {row["customer_id"]: Arm(row["segment"], CONTROL) for row in held}


def _marker(folder: Path, ticket: dict[str, Any]) -> int | None:
    """The AR marker of a job's letters; none where they have none. Raises LedgerError for what dmgen did not write."""
    marker = ticket["settings"].get("ar")
    if marker is None or (isinstance(marker, int) and 0 <= marker < MARKERS):
        return marker
    raise _unreadable(folder / TICKET, ValueError())


def _unreadable(file: Path, error: Exception) -> LedgerError:
    return LedgerError(
        mark("{file}: cannot be read as it was written ({problem}): restore from an untouched copy of the job"),
        file=file,
        problem=type(error).__name__,
    )


def _read_back(folder: Path, ticket: dict[str, Any], key: DropKey) -> Iterator[RestoredPiece]:
    try:
        yield from _pieces(folder, ticket, key)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, csv.Error) as error:
        raise _unreadable(folder, error) from None


def _pieces(folder: Path, ticket: dict[str, Any], key: DropKey) -> Iterator[RestoredPiece]:
    offers = {offer["id"]: offer for offer in ticket["settings"]["offers"]}
    codes: defaultdict[str, list[RestoredCode]] = defaultdict(list)
    for row in read_table(folder / CODES):
        kind, name = CodeKind(row["kind"]), row["name"]
        terms, scope, shared = "", "", False
        if kind is CodeKind.COUPON:
            source = CodeSource(offers[name]["codes"])
            terms, scope, shared = offers[name]["terms"], coupon_scope(key, source), source is CodeSource.SHARED
        elif kind is CodeKind.TICKET:
            name, terms, scope = LOTTERY, lottery.terms(Form(**ticket["settings"]["ticket_form"])), ticket_scope(key)
        codes[row["piece_id"]].append(RestoredCode(kind, name, row["code"], terms, scope, shared))
    for row in read_table(folder / MANIFEST):
        yield RestoredPiece(row["piece_id"], row["customer_id"], tuple(codes.pop(row["piece_id"], ())))
