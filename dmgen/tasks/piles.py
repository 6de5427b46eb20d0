"""The pile that several campaigns' letters lie in: from its own folder, or as one of its jobs knows of it."""

import csv
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from dmgen.campaign.files import is_file
from dmgen.errors import DmgenError, LedgerError, UsageError
from dmgen.fulfil import PILE_TABLE, PILE_TICKET, TICKET, Pull, read_table, sha256
from dmgen.ledger import Ledger, What
from dmgen.messages import mark
from dmgen.tasks.released_job import not_as_written


class Piled(NamedTuple):
    """The pile that a job's letters lie in: its name, and where it was made; `found`, it is there still."""

    name: str
    folder: Path
    found: bool


def is_pile(folder: Path) -> bool:
    """Whether a folder is that of a pile."""
    return is_file(folder / PILE_TICKET) and not is_file(folder / TICKET)


def pile_of(ledger: Ledger, job: str) -> Piled | None:
    """The pile in which the letters of a job lie; None where they lie in none."""
    told = [event.told for event in ledger.job_events(job, What.PILED) if "folder" in event.told]
    if not told:
        return None
    name, folder = told[-1]["pile"], Path(told[-1]["folder"])
    try:
        ticket = read_pile(folder)
    except LedgerError:
        return Piled(name, folder, found=False)
    return Piled(name, folder, found=job in {entry["job"] for entry in ticket["jobs"]} and "purge" not in ticket)


def read_pile(folder: Path) -> dict[str, Any]:
    """pile.json. Raises LedgerError for a folder of no finished pile."""
    try:
        ticket: dict[str, Any] = json.loads((folder / PILE_TICKET).read_text("utf-8"))
        entries: Sequence[Mapping[str, Any]] = ticket["jobs"]
        words = [str(entry[name]) for entry in entries for name in ("shop", "job", "campaign", "files")]
        if not words or not all(isinstance(ticket[name], dict) for name in ("files", "counts", "settings")):
            raise ValueError
    except (OSError, ValueError, LookupError, TypeError):
        raise LedgerError(
            mark("{folder} is no finished pile: name the folder that dmgen run wrote (it holds pile.json)"),
            folder=folder,
        ) from None
    return ticket


def pile_rows(folder: Path) -> Iterator[dict[str, str]]:
    """The rows of pile.csv, in packing order. Raises LedgerError where it is not as it was written."""
    ticket, table = read_pile(folder), folder / PILE_TABLE
    if not is_file(table) or sha256(table) != ticket["files"].get(PILE_TABLE):
        raise not_as_written(table, str(ticket["pile"]))
    try:
        yield from read_table(table)
    except (OSError, ValueError, LookupError, csv.Error):
        raise not_as_written(table, str(ticket["pile"])) from None


class Laid(NamedTuple):
    """Pieces to take out, where they really lie: `pulls` as they were given, `lists` of piles by their folder.

    `remarks` are of piles that are not where they were made.
    """

    pulls: list[Pull]
    lists: dict[Path, list[Pull]]
    remarks: list[DmgenError]


def lay_in_piles(ledger: Ledger, pulls: Sequence[Pull]) -> Laid:
    """Name the pile's file and page for pieces of jobs that lie in one. Raises LedgerError for a damaged pile.csv."""
    piles = {job: piled for job in {pull.job for pull in pulls} if (piled := pile_of(ledger, job))}
    places: dict[str, tuple[int, Path, dict[str, str]]] = {}
    for folder in {piled.folder for piled in piles.values() if piled.found}:
        for place, row in enumerate(pile_rows(folder)):
            places[row["piece_id"]] = place, folder, row
    laid = [
        pull._replace(
            pile=piles[pull.job].name, file=places[pull.piece_id][2]["file"], page=places[pull.piece_id][2]["page"]
        )
        if pull.job in piles and pull.piece_id in places
        else pull
        for pull in pulls
    ]
    lists: dict[Path, list[Pull]] = {}
    for pull in sorted((one for one in laid if one.pile), key=lambda one: (not one.packed, places[one.piece_id][0])):
        lists.setdefault(places[pull.piece_id][1], []).append(pull)
    return Laid(laid, lists, [_lost(job, piled) for job, piled in sorted(piles.items()) if not piled.found])


def _lost(job: str, piled: Piled) -> DmgenError:
    message = mark(
        "job {job} lies in the pile {pile}, which is not in {folder} any more: its pull list could not be laid there, "
        "and names the files and pages of the job's own. Give it to whoever packs the pile: the parcel and the piece "
        "are the same"
    )
    return LedgerError(message, job=job, pile=piled.name, folder=piled.folder)


def refuse_strange_shops(folder: Path, ticket: Mapping[str, Any], shops: Collection[str]) -> None:
    """Refuse a pile with letters of a shop that is not given. Raises UsageError."""
    strange = sorted({entry["shop"] for entry in ticket["jobs"]} - set(shops))
    if strange:
        message = mark(
            "{folder} is a pile with letters of the shop {shop}, too: name the shop.toml of each, --shop A --shop B"
        )
        raise UsageError(message, folder=folder, shop=", ".join(strange))
