"""Which files of a job go to whom: the press, who packs or posts, the shop. Data that somebody does not need stays."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from dmgen.campaign import campaign_of
from dmgen.carts import CART_OF
from dmgen.errors import DmgenError, LedgerError
from dmgen.fulfil import (
    CODES,
    CONTROL_GROUPS,
    FULFIL,
    MANIFEST,
    PARCELS,
    PILE_TABLE,
    POST,
    PRINT,
    PULL,
    PULLS,
    SHEETS,
    SPECIMENS,
    WAREHOUSE,
    numbered_folders,
    sha256,
    write_table,
)
from dmgen.messages import Speaker, mark
from dmgen.model.offer import CodeKind
from dmgen.package import PackageFile
from dmgen.packing_files import CARRIER, WORKBOOK
from dmgen.paperwork import write_paper
from dmgen.tasks import offers_export
from dmgen.tasks.links import build_links
from dmgen.tasks.package_item import Item
from dmgen.tasks.work_order import work_order
from dmgen.web import language_of
from dmgen.workorder import WorkOrder, paper

LETTERS, RECIPIENTS, COUNTS = "letters.csv", "recipients.csv", "counts.json"
LETTER_COLUMNS = (
    *("piece_id", "sequence", "file", "first_page", "last_page", "segment"),
    *("wave", "position", "take_out"),
)
RECIPIENT_COLUMNS = ("customer_id", "piece_id", "segment", "variant", "seed", "taken_out")
WORK_ORDER = "work-order"


class Contents(NamedTuple):
    """The files of a package, and what a person should look at.

    `totals` are pages and sheets, None where it is not known; `personal`: files name customers.
    """

    files: list[PackageFile]
    remarks: list[DmgenError]
    totals: Mapping[str, int | None] = {}
    personal: bool = False


def for_printer(item: Item, work: Path) -> Contents:
    """What the press needs; nothing of persons but the letters themselves. Raises OutputError for a damaged file."""
    shells = {entry["file"] for entry in item.ticket.get("shells", ())}
    names = [name for name in item.files if name.startswith(f"{PRINT}/")]
    files = [_as_written(item, name, "shell" if name in shells else "print") for name in names]
    if SPECIMENS in item.files:
        files.append(_as_written(item, SPECIMENS, "specimens"))
    order = work_order(item.folder)
    if not item.released:
        order = replace(order, released=False, reason=item.state)
    totals = {name: count for name, count in order.quantities().items() if name in ("pages", "sheets")}
    return Contents([*files, *_work_order(order, item, work)], order.remarks(), totals)


def _work_order(order: WorkOrder, item: Item, work: Path) -> Iterator[PackageFile]:
    """The printer's work order, for people and programs; of a job that is not released, every page says so."""
    as_of = datetime.fromisoformat(item.jobs[0].ticket["settings"]["as_of"])
    write_paper(paper(order, Speaker(language_of(item.shop))), work / f"{WORK_ORDER}.pdf", created=as_of)
    _write_json(work / f"{WORK_ORDER}.json", order.as_json())
    yield from (_made(work, f"{WORK_ORDER}.{form}", "work_order") for form in ("pdf", "json"))


def for_warehouse(item: Item, work: Path) -> Contents:
    """What packing and posting need: no codes, no links; names only in the carrier's own file."""
    rooms = (f"{WAREHOUSE}/", f"{POST}/")
    tables = {PARCELS: "parcels", SHEETS: "sheets", PILE_TABLE: "parcels"}
    files = [
        _as_written(item, name, tables.get(name) or name.partition("/")[0])
        for name in item.files
        if (name.startswith(rooms) and name != f"{WAREHOUSE}/{WORKBOOK}") or name in tables
    ]
    if not item.is_pile:
        write_table(work / LETTERS, LETTER_COLUMNS, _letters(item))
        files.append(_made(work, LETTERS, "letters"))
    files += _changes(item)
    carrier = any(PurePosixPath(file.name).name == CARRIER for file in files)
    return Contents(files, [], personal=carrier)


def for_shop(item: Item, work: Path, campaign: Path | None) -> Contents:
    """What the shop's own systems need: codes, the cart's files, links with their pages, who got which letter."""
    if item.is_pile:
        message = mark("{folder} is a pile of several campaigns: codes and links are of each job. Name one: {jobs}")
        raise LedgerError(message, folder=item.folder, jobs=", ".join(job.record.id for job in item.jobs))
    names = {CODES: "codes", CONTROL_GROUPS: "control"}
    files = [_as_written(item, name, what) for name, what in names.items() if name in item.files]
    write_table(work / RECIPIENTS, RECIPIENT_COLUMNS, _recipients(item))
    files.append(_made(work, RECIPIENTS, "recipients"))
    _write_json(work / COUNTS, _counts(item))
    files.append(_made(work, COUNTS, "counts"))
    if not item.released:
        message = mark("job {job} is {state}: the package has no files for the cart and no links, for nobody gets them")
        return Contents(files, [LedgerError(message, job=item.name, state=item.state)], personal=True)
    carts, remarks = _carts(item, work)
    links, told = _links(item, work, campaign)
    return Contents([*files, *carts, *links], [*remarks, *told], personal=True)


def _letters(item: Item) -> Iterator[tuple[str, ...]]:
    for row in item.rows(MANIFEST):
        yield *(row[name] for name in LETTER_COLUMNS[:-1]), "1" if row["piece_id"] in item.taken_out else ""


def _recipients(item: Item) -> Iterator[tuple[str, ...]]:
    for row in item.rows(MANIFEST):
        yield *(row[name] for name in RECIPIENT_COLUMNS[:-1]), "1" if row["piece_id"] in item.taken_out else ""


def _counts(item: Item) -> dict[str, Any]:
    """The job in numbers, as job.json tells them."""
    told = {name: item.ticket[name] for name in ("job", "shop", "campaign", "drop", "counts")}
    return told | {name: item.ticket["settings"][name] for name in ("segments", "offers")}


def _changes(item: Item) -> Iterator[PackageFile]:
    """What changed since the printing: every pull list, and the newest plan of the parcels."""
    if item.is_pile:
        for folder in numbered_folders(item.folder / PULLS):
            yield from _lying(folder, (PULL,), f"{PULLS}/{folder.name}/", "pull")
    for job in item.jobs:
        before = f"{job.record.id}/" if item.is_pile else ""
        for room in (PULLS, FULFIL):
            folders = numbered_folders(job.folder / room)
            for folder in folders:
                yield from _lying(folder, (PULL,), f"{before}{room}/{folder.name}/", "pull")
            if room == FULFIL and folders:
                name = f"{before}{room}/{folders[-1].name}/"
                yield from _lying(folders[-1], (PARCELS,), name, "parcels")
                papers = sorted(path.name for path in (folders[-1] / WAREHOUSE).glob("*") if path.name != WORKBOOK)
                yield from _lying(folders[-1] / WAREHOUSE, tuple(papers), f"{name}{WAREHOUSE}/", "warehouse")


def _lying(folder: Path, names: tuple[str, ...], before: str, what: str) -> Iterator[PackageFile]:
    for name in names:
        if (folder / name).is_file():
            yield PackageFile(before + name, folder / name, what, sha256(folder / name))


def _carts(item: Item, work: Path) -> tuple[list[PackageFile], list[DmgenError]]:
    """The codes as the shop's cart takes them, in each layout that it reads."""
    files, remarks = list[PackageFile](), list[DmgenError]()
    speaker = Speaker(language_of(item.shop))
    for form in [form for form, cart in CART_OF.items() if cart == item.shop.cart]:
        made = offers_export.export(item.shop, str(item.folder), form, work / "cart" / form, speaker)
        files += _below(work, f"cart/{form}", "cart")
        message = mark("{count} codes of the offer {offer} are not in the files for the cart: {reason}")
        remarks += [LedgerError(message, **one._asdict() | {"count": one.codes}) for one in made.not_taken]
    return files, remarks


def _links(item: Item, work: Path, campaign: Path | None) -> tuple[list[PackageFile], list[DmgenError]]:
    """Where printed links lead, and the pages behind them."""
    if not any(row["kind"] == CodeKind.LINK.value for row in item.rows(CODES)):
        return [], []
    folder = campaign or campaign_of(item.jobs[0].record, item.shop)
    built = build_links(folder, work / "links", str(item.folder))
    return _below(work, "links", "links"), list(built.remarks)


def _write_json(path: Path, told: dict[str, Any]) -> None:
    path.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", "utf-8", newline="")


def _as_written(item: Item, name: str, what: str) -> PackageFile:
    """A file of the job that is as it was written. Raises LedgerError."""
    return PackageFile(name, item.require_unchanged(name), what, item.files[name])


def _made(work: Path, name: str, what: str) -> PackageFile:
    return PackageFile(name, work / name, what, sha256(work / name))


def _below(work: Path, folder: str, what: str) -> list[PackageFile]:
    """The files of a folder that was made for the package, without what dmgen notes there for itself."""
    found = sorted(path for path in (work / folder).rglob("*") if path.is_file() and not path.name.startswith("."))
    return [_made(work, path.relative_to(work).as_posix(), what) for path in found]
