"""`dmgen package`: what of a job leaves the house, for whom, as one folder or archive that can be checked there."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dmgen
from dmgen.afterwards import open_ledger, shop_at
from dmgen.campaign.files import is_file
from dmgen.errors import DmgenError, LedgerError, OutputError, PreflightError, UsageError
from dmgen.fulfil import explained
from dmgen.ledger import Event, What
from dmgen.messages import Speaker, mark
from dmgen.package import (
    ChangedFileError,
    Done,
    Staging,
    appear,
    begun,
    check,
    digest,
    is_archive,
    require_room,
    write,
    write_ticket,
)
from dmgen.tasks.package_files import Contents, for_printer, for_shop, for_warehouse
from dmgen.tasks.package_item import Item, find_item
from dmgen.tasks.released_job import not_as_written

if TYPE_CHECKING:
    from dmgen.planning.plan import Progress

UNRELEASED = "UNRELEASED"


class For(StrEnum):
    """Who gets a package."""

    PRINTER = "printer"
    WAREHOUSE = "warehouse"
    SHOP = "shop"


WHOM = {For.PRINTER: mark("printer"), For.WAREHOUSE: mark("warehouse"), For.SHOP: mark("shop")}
"""What people call them."""


@dataclass(frozen=True, slots=True)
class Order:
    """A package that is asked for, a folder or archive; `campaign` is the job's, where its folder is not found."""

    job: str
    recipient: For
    out: Path
    shops: Sequence[Path] = ()
    password: bytes | None = None
    unreleased: bool = False
    campaign: Path | None = None


@dataclass(frozen=True, slots=True)
class Packaged:
    """A package that was made, or (`made` is False) stood there already, the same. `sha256` is its package.json's."""

    place: Path
    made: bool
    sha256: str
    job: str
    recipient: For
    released: bool
    encrypted: bool
    files: int
    size: int
    taken_out: int
    remarks: tuple[DmgenError, ...]

    def as_json(self, speaker: Speaker) -> dict[str, Any]:
        """The outcome, for other programs."""
        return {
            "package": str(self.place),
            "made": self.made,
            "sha256": self.sha256,
            "job": self.job,
            "for": self.recipient.value,
            "released": self.released,
            "encrypted": self.encrypted,
            "files": self.files,
            "bytes": self.size,
            "taken_out": self.taken_out,
            "remarks": [speaker.error(remark) for remark in self.remarks],
        }


def package(order: Order, progress: "Progress") -> Packaged:
    """Make a package, which appears whole or not at all; where the same one stands already, nothing is done.

    Raises UsageError for what does not go together and for a place within the job, LedgerError for a job that is not
    released or is not as it was written, OutputError where something else stands in its place, or it cannot be written.
    """
    if order.password is not None and not is_archive(order.out):
        message = mark("a folder cannot be encrypted: give --out {name}.zip")
        raise UsageError(message, name=Path(os.path.abspath(order.out)).name)  # noqa: PTH100 (links stay as they are)
    with _found(order) as item:
        place = _place(order, item)
        _refuse_within(place, item)
        with explained(place):
            require_room(place, 0)
            with begun(place) as staging:
                return _make(order, item, staging, progress)


@contextmanager
def _found(order: Order) -> Iterator[Item]:
    """What is packed; no run may print it again meanwhile."""
    places: Sequence[Path | None] = order.shops or [None]
    shops = {shop.id: shop for shop in map(shop_at, places)}
    with ExitStack() as stack:
        ledgers = {name: open_ledger(shop) for name, shop in shops.items()}
        for name, ledger in ledgers.items():
            stack.enter_context(ledger.hold(name))
        yield find_item(shops, ledgers, order.job, unreleased=order.unreleased)


def _place(order: Order, item: Item) -> Path:
    """Where the package appears; of a job that is not released, its name says so."""
    place = Path(os.path.abspath(order.out))  # noqa: PTH100 (links stay as they are)
    if item.released or UNRELEASED in place.name.upper():
        return place
    suffix = place.suffix if is_archive(place) else ""
    return place.with_name(f"{place.name.removesuffix(suffix)}-{UNRELEASED}{suffix}")


def _refuse_within(place: Path, item: Item) -> None:
    """Refuse a package in a job's own folder: `purge` would leave its letters there as a file of somebody else's."""
    for folder in {item.folder, *(job.folder for job in item.jobs)}:
        if place.resolve().is_relative_to(folder.resolve()):
            message = mark(
                "{file} lies in the folder of job {job}, which stays as it was made: give --out a place outside of it"
            )
            raise UsageError(message, file=place, job=item.name)


def _make(order: Order, item: Item, staging: Staging, progress: "Progress") -> Packaged:
    contents = _contents(order, item, staging.work)
    ticket = write_ticket(_head(order, item, contents), contents.files)
    size = sum(file.size for file in contents.files)
    made = Packaged(
        place=staging.place,
        made=not os.path.lexists(staging.place),
        sha256=digest(ticket),
        job=item.name,
        recipient=order.recipient,
        released=item.released,
        encrypted=order.password is not None,
        files=len(contents.files),
        size=size,
        taken_out=len(item.taken_out),
        remarks=(*_remarks(order, item, contents), *contents.remarks),
    )
    if not made.made:
        _require_same(made, order.password)
        return made
    require_room(staging.place, size)
    try:
        write(staging, ticket, contents.files, order.password, partial(progress, "pack"))
    except ChangedFileError as error:
        raise not_as_written(error.path, item.name) from None
    _read_back(made, staging, order.password, partial(progress, "check"))
    _note(made, item)
    appear(staging)
    return made


def _contents(order: Order, item: Item, work: Path) -> Contents:
    match order.recipient:
        case For.PRINTER:
            return for_printer(item, work)
        case For.WAREHOUSE:
            return for_warehouse(item, work)
        case For.SHOP:
            return for_shop(item, work, order.campaign)


def _head(order: Order, item: Item, contents: Contents) -> dict[str, Any]:
    """What package.json says besides its files: nothing of any person, no place of this machine."""
    jobs = [{name: job.ticket[name] for name in ("job", "shop", "campaign", "drop")} for job in item.jobs]
    whose = {"job": item.name, "drop": jobs[0]["drop"], "jobs": jobs}
    if not item.is_pile:
        whose = {**jobs[0], "part_of": item.jobs[0].record.part_of}
    told = {} if item.released else {"notice": f"{UNRELEASED}: do not print, do not send", "state": item.state}
    return {
        **whose,
        "for": order.recipient.value,
        "released": item.released,
        **told,
        "made_by": f"dmgen {dmgen.__version__}",
        "totals": {"letters": sum(job.ticket["pieces"] for job in item.jobs), **contents.totals},
        "taken_out": len(item.taken_out),
    }


def _require_same(made: Packaged, password: bytes | None) -> None:
    """Raises OutputError unless what stands in the place is this package."""
    try:
        found = check(made.place, made.sha256, password) if is_archive(made.place) == is_file(made.place) else None
    except UsageError:  # of another password
        found = None
    if found is None or not found.ok or found.encrypted != made.encrypted:
        message = mark("{file} is there already, and is not this package: give --out another name, or take it away")
        raise OutputError(message, file=made.place)


def _read_back(made: Packaged, staging: Staging, password: bytes | None, done: Done) -> None:
    """Check the package as whoever gets it will. Raises PreflightError."""
    found = check(staging.result, made.sha256, password, done)
    if not found.ok:
        message = mark(
            "{problem} The package does not read back as it was written, so none was made. Try another disk."
        )
        raise PreflightError(message, problem=found.findings[0].why)


def _note(made: Packaged, item: Item) -> None:
    """Let each job's ledger know that a copy is on its way."""
    flags = {"released": made.released, "encrypted": made.encrypted}
    told = {"for": made.recipient.value, "sha256": made.sha256, "package": made.job}
    told |= {name: "yes" if flag else "no" for name, flag in flags.items()}
    for job in item.jobs:
        item.ledgers[job.record.shop].note(job.record.shop, [Event(job.record.id, "", What.PACKAGED, told)])


def _remarks(order: Order, item: Item, contents: Contents) -> Iterator[DmgenError]:
    """What a person should know before the package goes out."""
    if not item.released:
        message = mark("NOT RELEASED: job {job} is {state}. Nothing of this package may be printed or sent.")
        yield LedgerError(message, job=item.name, state=item.state)
    for job in () if item.is_pile else item.jobs:
        events = item.ledger.job_events(job.record.id, What.PILED)
        for pile in dict.fromkeys(event.told["pile"] for event in events):
            message = mark("job {job} lies in the pile {pile} with others: print the pile's files, not the job's")
            yield LedgerError(message, job=job.record.id, pile=pile)
    if item.taken_out:
        message = mark(
            "{count} letters were made void, withdrawn or pulled since the printing: they are in the print files all "
            "the same, and must be taken out. The warehouse's package says which."
        )
        yield LedgerError(message, count=len(item.taken_out))
    if contents.personal and order.password is None:
        message = mark("this package names customers and is not encrypted: --out FILE.zip --encrypt does it")
        yield OutputError(message)
