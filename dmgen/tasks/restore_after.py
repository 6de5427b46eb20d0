"""What a job's folder shows of the time after its letters were printed: who said no, what is void, moved, reprinted."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from dmgen.campaign.files import is_file
from dmgen.errors import LedgerError
from dmgen.fulfil import (
    FULFIL,
    MANIFEST,
    PARCELS,
    PULL,
    PULLS,
    REJECTIONS,
    REPRINTS,
    VOID_PIECES,
    VOIDS,
    VoidPiece,
    numbered_folders,
    read_table,
)
from dmgen.ledger import Event, RestoredJob, Told, What
from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Shop
from dmgen.model.offer import CodeKind
from dmgen.model.parcel import ParcelOutcome, PlannedParcel
from dmgen.model.production import JobRecord
from dmgen.packed import read_parcels
from dmgen.reasons import explain_reason
from dmgen.tasks.offers_fates import today_at
from dmgen.tasks.reprint_folder import TICKET as REPRINT_TICKET
from dmgen.tasks.void_pieces import EMPTY_REASON, VOID_CODES, VOID_COLUMNS
from dmgen.tasks.withdraw import WITHDRAWN, said_no
from dmgen.web import language_of

_PULLED = ("piece_id", "shipment_id", "why", "put_into_shipment", "put_into_wave", "put_into_position")
_EMPTIED = {What.WITHDRAWN: WITHDRAWN, What.VOIDED: EMPTY_REASON}


class Printed(NamedTuple):
    """A job's folder with its job.json."""

    folder: Path
    ticket: dict[str, Any]


@dataclass
class _After:
    """What is found, of a shop and of the pieces that its job printed; `base` is the job whose parcels they are for."""

    shop: Shop
    base: str
    pieces: AbstractSet[str]
    happened: list[Event] = field(default_factory=list)
    withdrawn: dict[str, Told] = field(default_factory=dict)
    void: dict[str, Told] = field(default_factory=dict)

    def add(self, job: str, piece: str, what: What, told: dict[str, str], day: date | None = None) -> None:
        """Noon is the same day at the shop and in the ledger, which counts in UTC."""
        noon = datetime.combine(day, time(12), ZoneInfo(self.shop.time_zone)).astimezone(UTC) if day else None
        self.happened.append(Event(job, piece, what, told, noon))

    def make_void(self, piece: str, told: Told) -> None:
        """The first day counts."""
        self.void[piece] = min(self.void.get(piece, told), told, key=lambda one: one.day)

    def rows(self, file: Path, columns: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
        """The rows of a table, if it is there, with their lines.

        Raises LedgerError for a table without these columns, and naming the line where a row is of no piece of the job.
        """
        with _readable(file):
            for line, row in enumerate(read_table(file) if is_file(file) else (), 2):
                if not row.keys() >= set(columns):
                    raise LookupError
                if row["piece_id"] not in self.pieces:
                    raise _contradicts(file, line)
                yield line, row

    def told(self, folder: Path) -> dict[str, Told]:
        """By piece since when it is void, and why. Raises LedgerError as `rows` does, and for a day that is none."""
        file, found = folder / VOID_PIECES, {}
        for line, row in self.rows(file, VoidPiece._fields):
            try:
                found[row["piece_id"]] = Told(date.fromisoformat(row["day"]), row["why"])
            except ValueError:
                message = mark(
                    "{file}, line {line}: the day cannot be read. Nothing was restored. Put the job's own file back."
                )
                raise LedgerError(message, file=file, line=line) from None
        return found


def shown(shop: Shop, family: Sequence[Printed], jobs: Sequence[JobRecord]) -> RestoredJob:
    """What the folders of a job, and of those that complete it, show beside their numbers.

    Where a file says no day, it is today's. Raises LedgerError for a file that is not as it was written, or is of
    another job.
    """
    base = family[0]
    after = _After(shop, base.ticket["job"], _printed(family))
    for part in family[1:]:
        for _, row in after.rows(part.folder / MANIFEST, ("shipment_id",)):
            told = {"shipment": row["shipment_id"], "printed_in": part.ticket["job"]}
            after.add(after.base, row["piece_id"], What.PACKED, told)
    for difference in differences(base.folder):
        _difference(after, difference)
    for job in family:
        _pulled(after, job)
        _voided(after, job)
        _reprinted(after, job)
    unknown = Told(today_at(shop), said_no(shop))
    return RestoredJob(
        jobs,
        _parcels(base.folder, after),
        after.happened,
        dict.fromkeys((customer for job in family for customer in _left_out(job)), unknown),
        after.withdrawn,
        after.void,
        dict(_void_codes(after, family)),
    )


def differences(folder: Path) -> list[Path]:
    """The finished differences of a job, oldest first."""
    return [entry for entry in numbered_folders(folder / FULFIL) if is_file(entry / PARCELS)]


def unreadable(file: Path, error: Exception) -> LedgerError:
    """What is said of a file that is not as it was written."""
    return LedgerError(
        mark("{file}: cannot be read as it was written ({problem}): restore from an untouched copy of the job"),
        file=file,
        problem=type(error).__name__,
    )


def of_another(file: Path) -> LedgerError:
    """What is said of a file that lies in the folder of a job that is not its own."""
    return LedgerError(mark("{file} is of another job. Nothing was restored. Put the job's own file back."), file=file)


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, LookupError, TypeError, AttributeError, csv.Error) as error:
        raise unreadable(file, error) from None


def _contradicts(file: Path, line: int) -> LedgerError:
    return LedgerError(
        mark(
            "{file}, line {line}: this piece is not in the job's manifest.csv, so the file is another job's. Nothing "
            "was restored. Put the job's own file back."
        ),
        file=file,
        line=line,
    )


def _printed(family: Iterable[Printed]) -> set[str]:
    found = set[str]()
    for job in family:
        with _readable(job.folder / MANIFEST):
            found.update(row["piece_id"] for row in read_table(job.folder / MANIFEST))
    return found


def _difference(after: _After, folder: Path) -> None:
    told = after.told(folder)
    speaker, today = Speaker(language_of(after.shop)), today_at(after.shop)
    for _, row in after.rows(folder / PULL, _PULLED):
        piece, shipment = row["piece_id"], row["shipment_id"]
        if into := row["put_into_shipment"]:
            place = {"wave": row["put_into_wave"], "position": row["put_into_position"]}
            after.add(after.base, piece, What.MOVED, {"from": shipment, "to": into, **place})
        else:
            out = told.get(piece) or Told(today, explain_reason(row["why"], speaker))
            after.add(after.base, piece, What.PULLED, {"shipment": shipment, "why": row["why"]}, out.day)
            after.make_void(piece, out)


def _pulled(after: _After, job: Printed) -> None:
    for folder in numbered_folders(job.folder / PULLS):
        told, unknown = after.told(folder), Told(today_at(after.shop), said_no(after.shop))
        for _, row in after.rows(folder / PULL, _PULLED):
            if row["why"] == EMPTY_REASON:  # a piece that `dmgen void` took out, as VOIDS says
                continue
            piece, parcel = row["piece_id"], {"shipment": row["shipment_id"]} if row["shipment_id"] else {}
            no = told.get(piece, unknown)
            for what in (What.WITHDRAWN, What.PULLED):
                after.add(after.base, piece, what, parcel, no.day)
            after.withdrawn[piece] = no
            after.make_void(piece, no)


def _voided(after: _After, job: Printed) -> None:
    for piece, told in after.told(job.folder / VOIDS).items():
        after.add(job.ticket["job"], piece, What.VOIDED, {"reason": told.why}, told.day)
        after.make_void(piece, told)


def _void_codes(after: _After, family: Iterable[Printed]) -> Iterator[tuple[tuple[CodeKind, str], Told]]:
    """What `dmgen void` listed besides: codes that were void before, since when and why it does not say."""
    why = Speaker(language_of(after.shop)).say(mark("was void when the ledger was lost"))
    for job in family:
        file = job.folder / VOIDS / VOID_CODES
        for _, row in after.rows(file, VOID_COLUMNS):
            with _readable(file):
                yield (CodeKind(row["kind"]), row["code"]), Told(today_at(after.shop), why)


def _reprinted(after: _After, job: Printed) -> None:
    for folder in numbered_folders(job.folder / REPRINTS):
        file = folder / REPRINT_TICKET
        with _readable(file):
            made = json.loads(file.read_text("utf-8"))
            told = {"folder": f"{REPRINTS}/{folder.name}", "reason": made["reason"]}
            pieces = {one["piece_id"]: str(one["reprint"]) for one in made["pieces"]}
            if made["job"] != job.ticket["job"] or not after.pieces >= pieces.keys():
                raise of_another(file)
        for piece, n in pieces.items():
            after.add(job.ticket["job"], piece, What.REPRINTED, told | {"n": n})


def _left_out(job: Printed) -> list[str]:
    """The customers whom the run left out because they had said no before it."""
    file = job.folder / REJECTIONS
    with _readable(file):
        return [row["customer_id"] for row in read_table(file) if row["reason"] == WITHDRAWN]


def _parcels(folder: Path, after: _After) -> list[PlannedParcel]:
    """The latest plan: nothing goes into the parcel of a piece that was taken out after it."""
    latest = [folder, *differences(folder)][-1]
    if not is_file(latest / PARCELS):
        return []
    with _readable(latest / PARCELS):
        planned = list(read_parcels(latest))
    reasons = {event.piece_id: _EMPTIED[event.what] for event in after.happened if event.what in _EMPTIED}
    return [_emptied(one, reasons) for one in planned]


def _emptied(one: PlannedParcel, reasons: dict[str, str]) -> PlannedParcel:
    if one.piece_id not in reasons:
        return one
    return one._replace(piece_id="", outcome=ParcelOutcome.EMPTY, reason=reasons[one.piece_id])
