"""A packing table is opened: for one job, or for the pile that several make up."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from dmgen.afterwards import open_ledger, read_ticket
from dmgen.campaign.files import is_file
from dmgen.errors import DmgenError, LedgerError
from dmgen.fulfil import TICKET
from dmgen.ledger import Scanning
from dmgen.messages import mark
from dmgen.model.campaign import Shop
from dmgen.model.parcel import NO_CAMPAIGN, ParcelOutcome, PlannedParcel
from dmgen.tasks.piles import is_pile, pile_of, pile_rows, read_pile, refuse_strange_shops
from dmgen.tasks.scan import Table
from dmgen.tasks.scan_jobs import PackedJobs, ParcelKey, closed_job

_NOBODYS = "shop_missing"


@contextmanager
def packing_table(shops: Sequence[Shop], job: str, station: str) -> Iterator[Table]:
    """A packing table of a job (id or folder; one that completes another stands for that one), or of a pile's folder.

    `shops` are the job's own, or all of the pile. Raises LedgerError where the job is not of these, is not to be
    packed, has no parcels, or lies in a pile; UsageError for a pile with letters of another shop.
    """
    by_id, folder = {shop.id: shop for shop in shops}, Path(job)
    with ExitStack() as stack:
        jobs = _pile(by_id, folder, stack) if is_pile(folder) else _job(by_id, job, stack)
        yield Table(jobs, station)


def _job(shops: Mapping[str, Shop], job: str, stack: ExitStack) -> PackedJobs:
    name = str(read_ticket(Path(job))["job"]) if is_file(Path(job) / TICKET) else job
    shop = next(iter(shops.values()))
    ledger = open_ledger(shop)
    scanning = stack.enter_context(ledger.scanning(name))
    record = scanning.job
    if record.shop not in shops:
        message = mark("job {job} is of the shop {found}, not of {shop}: name that one's shop.toml with --shop")
        raise LedgerError(message, job=record.id, found=record.shop, shop=shop.id)
    piled = pile_of(ledger, record.id)
    if piled and piled.found:
        message = mark(
            "job {job} lies in the pile {pile} with others, whose parcels may have the same numbers: scan the pile. "
            "Type: dmgen scan {folder} --shop A --shop B, with the shop.toml of every shop in it"
        )
        raise LedgerError(message, job=record.id, pile=piled.name, folder=piled.folder)
    remarks: list[DmgenError] = []
    if piled:
        message = mark(
            "job {job} lies in the pile {pile} with others, which is not in {folder} any more: only this job's own "
            "parcels are known here. Better scan the pile, and name its folder where it is now: dmgen scan FOLDER"
        )
        remarks.append(LedgerError(message, job=record.id, pile=piled.name, folder=piled.folder))
    jobs = PackedJobs([scanning], remarks=remarks)
    if not len(jobs):
        raise LedgerError(
            mark("job {job} has no parcels to scan: its letters were printed without --shipments"), job=record.id
        )
    jobs.require_open()
    return jobs


def _pile(shops: Mapping[str, Shop], folder: Path, stack: ExitStack) -> PackedJobs:
    """The jobs of a pile. One that is cancelled or superseded is left out: its letters are foreign here."""
    ticket = read_pile(folder)
    refuse_strange_shops(folder, ticket, shops)
    listed = dict(map(_listed, pile_rows(folder)))
    ledgers = {name: open_ledger(shop) for name, shop in shops.items()}
    opened: list[Scanning] = []
    closed: list[LedgerError] = []
    for entry in ticket["jobs"]:
        scanning = stack.enter_context(ledgers[entry["shop"]].scanning(entry["job"]))
        why = closed_job(scanning)
        if why:
            closed.append(why)
        else:
            opened.append(scanning)
    if not opened:
        raise closed[0]
    return PackedJobs(opened, str(ticket["pile"]), listed, closed)


def _listed(row: Mapping[str, str]) -> tuple[ParcelKey, PlannedParcel]:
    """A parcel of pile.csv as one that gets no piece, for where no job knows more of it."""
    orders = tuple(filter(None, row.get("order_ids", "").split(";")))
    reason = NO_CAMPAIGN if row["shop"] else _NOBODYS
    told = (row["shipment_id"], row["wave"], row["position"], int(row["place"]), orders, "", row.get("tracking", ""))
    return ParcelKey(row["shop"], row["shipment_id"]), PlannedParcel(*told, "", ParcelOutcome.EMPTY, reason)
