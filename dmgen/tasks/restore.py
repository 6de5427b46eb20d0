"""`dmgen ledger restore`: what job folders show, written back into a ledger that lost it."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from dmgen.afterwards import open_ledger, read_ticket
from dmgen.campaign.files import is_file
from dmgen.errors import LedgerError
from dmgen.fulfil import CODES, CONTROL_GROUPS, FULFIL, MANIFEST, TICKET, read_table
from dmgen.ledger import Restored, RestoredCode, RestoredPiece
from dmgen.messages import mark
from dmgen.model.campaign import Shop
from dmgen.model.history import CONTROL, Arm
from dmgen.model.lottery import Form
from dmgen.model.offer import CodeKind, CodeSource, DropKey
from dmgen.model.production import JobRecord, JobState
from dmgen.offers import lottery
from dmgen.offers.orders import LOTTERY, coupon_scope, ticket_scope
from dmgen.symbols import MARKERS
from dmgen.tasks.restore_after import Printed, differences, of_another, shown, unreadable


def restore(shop: Shop, folder: Path) -> Restored:
    """Write what a job folder shows back into the shop's ledger, with the jobs that complete it: all of it or nothing.

    Again, it changes nothing. Raises LedgerError for what is no such folder, for what is not as it was written, and
    where it contradicts itself or the ledger.
    """
    ticket = read_ticket(folder)
    key = DropKey(ticket["shop"], ticket["campaign"], date.fromisoformat(ticket["drop"]))
    if key.shop != shop.id:
        raise LedgerError(
            mark("{folder} is a job of the shop {found}, not of {shop}: give --shop its shop.toml"),
            folder=folder,
            found=key.shop,
            shop=shop.id,
        )
    _refuse_part(folder)
    family = [Printed(folder, ticket), *(Printed(part, read_ticket(part)) for part in _parts(folder))]
    for part in family[1:]:
        if any(part.ticket[name] != ticket[name] for name in ("shop", "campaign", "drop")):
            raise of_another(part.folder / TICKET)
    arms = {who: arm for one in family for who, arm in _arms(one.folder, one.ticket).items()}
    ledger = open_ledger(shop)
    with ledger.hold(shop.id):
        rows = _read_back(family, key)
        job = shown(shop, family, [_record(one, key, ticket["job"]) for one in family])
        return ledger.restore(key, rows, arms, _marker(folder, ticket), job)


def lost_seed(shop: Shop, folder: Path) -> bool:
    """Whether a job's lottery can no longer be drawn: its secret seed stands in the ledger alone, and is not there."""
    ticket = read_ticket(folder)
    key = DropKey(ticket["shop"], ticket["campaign"], date.fromisoformat(ticket["drop"]))
    return bool(ticket.get("lottery")) and open_ledger(shop).secrets(key) is None


def _parts(folder: Path) -> Iterator[Path]:
    """The folders of the jobs that complete a job."""
    for difference in differences(folder):
        yield from sorted(file.parent for file in difference.glob(f"*/{TICKET}"))


def _refuse_part(folder: Path) -> None:
    place = folder.resolve()
    if len(place.parents) > 2 and place.parents[1].name == FULFIL and is_file(place.parents[2] / TICKET):
        raise LedgerError(
            mark("{folder} completes the job in {base} and is restored with it: name {base} instead"),
            folder=folder,
            base=place.parents[2],
        )


def _record(job: Printed, key: DropKey, base: str) -> JobRecord:
    ticket = job.ticket
    return JobRecord(
        id=ticket["job"],
        shop=key.shop,
        campaign=key.campaign,
        drop=key.drop,
        state=JobState.READY if ticket.get("released", True) else JobState.NOT_RELEASED,
        folder=str(job.folder.resolve()),
        pieces=ticket["pieces"],
        created_on=datetime.now(UTC).date(),
        customers=int(ticket["counts"]["customers"]),
        part_of=None if ticket["job"] == base else base,
    )


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
    raise unreadable(folder / TICKET, ValueError())


def _read_back(family: Sequence[Printed], key: DropKey) -> Iterator[RestoredPiece]:
    for job in family:
        try:
            yield from _pieces(job.folder, job.ticket, key)
        except (OSError, ValueError, LookupError, TypeError, AttributeError, csv.Error) as error:
            raise unreadable(job.folder, error) from None


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
