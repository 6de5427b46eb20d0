"""`dmgen withdraw`: a customer says no after the letters were printed.

Stopping what somebody objects to is law (個人情報保護法35条), so it takes effect at once: the piece is taken out of the
pile, its codes are void, and no later run of the shop writes to the customer.
"""

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from dmgen.afterwards import open_ledger
from dmgen.campaign.files import is_file
from dmgen.errors import DmgenError, LedgerError, OutputError, UsageError
from dmgen.fulfil import (
    MANIFEST,
    PULL,
    REJECTIONS,
    TICKET,
    Lying,
    Pull,
    VoidPiece,
    kept_pulls,
    lying_in,
    read_table,
)
from dmgen.ledger import Changed, Event, Ledger, Told, What
from dmgen.messages import Speaker, mark
from dmgen.model.campaign import Shop
from dmgen.model.offer import DropKey
from dmgen.model.parcel import ParcelOutcome, PlannedParcel
from dmgen.model.production import JobRecord, JobState
from dmgen.model.recipient import Outcome
from dmgen.reasons import explain_reason
from dmgen.tasks.code_file import read_codes
from dmgen.tasks.offers_fates import today_at
from dmgen.tasks.piles import Laid, lay_in_piles
from dmgen.web import language_of

WITHDRAWN = "withdrawn_late"
_UNSENT = (JobState.READY, JobState.NOT_RELEASED)
_HEADINGS = ("customer_id", "customer", "id", "顧客id", "顧客番号", "会員番号", "会員id", "お客様番号")
_NOWHERE = Lying("", "", "")


class Twin(NamedTuple):
    """A customer without a piece because another row of the list gets it, as rejections.csv says: `line N`."""

    customer_id: str
    job: str
    row: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What became of customers who said no; `new` of them were not remembered before.

    `pulls` are the pieces to take out now and `lists` the files that say so; `before` were to be taken out already.
    `void` codes are no longer good, `used` ones were spent before. `sent` are the latest letters on their way, by
    customer; `none` are customers for whom nothing lies in a pile; `twins` those whose letter may be another row's.
    `remarks` are what to look at.
    """

    customers: tuple[str, ...]
    new: int
    pulls: tuple[Pull, ...]
    lists: tuple[Path, ...]
    before: int
    void: int
    used: int
    sent: dict[str, JobRecord]
    none: tuple[str, ...]
    twins: tuple[Twin, ...]
    remarks: tuple[DmgenError, ...]

    def as_json(self, speaker: Speaker) -> dict[str, Any]:
        """The numbers and the list, for other programs."""
        return {
            "customers": list(self.customers),
            "new": self.new,
            "pulls": [pull._asdict() for pull in self.pulls],
            "lists": [str(file) for file in self.lists],
            "pulled_before": self.before,
            "void": self.void,
            "used": self.used,
            "sent": {who: {"job": job.id, "on": str(job.sent_on)} for who, job in self.sent.items()},
            "no_piece": list(self.none),
            "other_rows": [twin._asdict() for twin in self.twins],
            "remarks": [speaker.error(remark) for remark in self.remarks],
        }


@dataclass(frozen=True)
class _Pile:
    """A job that is not sent, with the jobs that complete it; of the customers named, the pieces that lie in it.

    `owners` are customers by piece; `before` of these were to be taken out already and are not in `pulls`.
    """

    jobs: list[JobRecord]
    owners: dict[str, str] = field(default_factory=dict)
    pulls: list[Pull] = field(default_factory=list)
    before: int = 0
    parcels: list[PlannedParcel] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The job whose parcels these are."""
        return self.jobs[0].part_of or self.jobs[0].id


def withdraw(
    shop: Shop, customers: Sequence[str], file: Path | None, why: str, out: Path | None, today: date | None = None
) -> Withdrawal:
    """Take the pieces of these customers out of every job that is not sent, and remember them for all later runs.

    The list of a job lies in its own folder, and in that of the pile that it is in with other jobs; with `out` one of
    all jobs lies there. Doing it again changes nothing.
    Raises UsageError where nobody is named, ListError for a file that cannot be read, LedgerError where a run is
    under way or where a job is not in its folder and `out` is not given.
    """
    named = _named(customers, file, shop)
    ledger, told = open_ledger(shop), Told(today or today_at(shop), why.strip() or said_no(shop))
    with ledger.hold(shop.id):
        jobs = ledger.jobs(shop.id)
        piles = [_pile(ledger, of_one, named) for of_one in _families(jobs)]
        laid = lay_in_piles(ledger, [pull for pile in piles for pull in pile.pulls])
        now = {pull.piece_id: pull for pull in laid.pulls}
        piles = [replace(pile, pulls=[now[pull.piece_id] for pull in pile.pulls]) for pile in piles]
        with _written([pile for pile in piles if pile.pulls], laid, out, told) as lists:
            new = ledger.withdraw(shop.id, dict.fromkeys(named, told))
            changed = [_take_out(ledger, shop.id, pile, told) for pile in piles if pile.pulls]
        found = {customer for pile in piles for customer in pile.owners.values()}
        left = [customer for customer in named if customer not in found]
        return Withdrawal(
            customers=tuple(named),
            new=len(new),
            pulls=tuple(laid.pulls),
            lists=tuple(lists),
            before=sum(pile.before for pile in piles),
            void=sum(len(one.new) for one in changed),
            used=sum(len(one.barred) for one in changed),
            sent=_on_their_way(ledger, jobs, left),
            none=tuple(left),
            twins=tuple(twin for pile in piles for job in pile.jobs for twin in _twins(job, left)),
            remarks=tuple(laid.remarks),
        )


def said_no(shop: Shop) -> str:
    """Why codes are void, for the call centre, where nobody said why."""
    return explain_reason(WITHDRAWN, Speaker(language_of(shop)))


def remembered(shop: Shop) -> dict[str, Told]:
    """Who said no after a run, since when, and why."""
    return open_ledger(shop).withdrawn(shop.id)


def write_again(shop: Shop, customers: Sequence[str], file: Path | None = None) -> list[str]:
    """Forget that these customers said no; returns those that had. What was void stays void.

    Raises UsageError where nobody is named, ListError for a file that cannot be read.
    """
    ledger = open_ledger(shop)
    with ledger.hold(shop.id):
        return ledger.take_back(shop.id, _named(customers, file, shop))


def _named(customers: Sequence[str], file: Path | None, shop: Shop) -> list[str]:
    lines = read_codes(file, _HEADINGS, ZoneInfo(shop.time_zone)) if file else []
    named = [*customers, *(line.code for line in lines)]
    found = list(dict.fromkeys(filter(None, map(str.strip, named))))
    if not found:
        raise UsageError(mark("name customers by their ids: dmgen withdraw C0012 C0034, or --from FILE"))
    return found


def _families(jobs: Iterable[JobRecord]) -> list[list[JobRecord]]:
    """The jobs that are not sent, each first of those that complete it."""
    found: dict[str, list[JobRecord]] = {}
    for job in jobs:
        if job.state in _UNSENT:
            found.setdefault(job.part_of or job.id, []).append(job)
    return list(found.values())


def _pile(ledger: Ledger, jobs: list[JobRecord], named: Collection[str]) -> _Pile:
    first = jobs[0]
    key = DropKey(first.shop, first.campaign, first.drop)
    numbered = {piece: who for who, piece in ledger.pieces_of(key, named).items()}
    if not numbered:
        return _Pile(jobs)
    pile = _Pile(jobs, parcels=ledger.parcels(first.part_of or first.id))
    lying = {piece: place for job in jobs for piece, place in _lying(job, pile, numbered).items()}
    gone = ledger.taken_out(first.shop, [pile.id, *(job.id for job in jobs)])
    at, packed = {one.piece_id: one for one in pile.parcels if one.piece_id}, ledger.packed_in(pile.id)
    order = {piece: place for place, piece in enumerate(at)}
    pulls = [
        _pull(piece, *place, at.get(piece))._replace(packed=packed.get(piece, ""))
        for piece, place in lying.items()
        if piece not in gone
    ]
    return replace(
        pile,
        owners={piece: numbered[piece] for piece in lying},
        pulls=sorted(
            pulls, key=lambda pull: (not pull.packed, order.get(pull.piece_id, 0), pull.job, int(pull.sequence or 0))
        ),
        before=sum(piece in gone for piece in lying),
    )


def _lying(job: JobRecord, pile: _Pile, pieces: Collection[str]) -> dict[str, tuple[JobRecord, Lying]]:
    """Where pieces lie in a job. Without its folder the ledger alone tells, and rather too many than too few."""
    if _is_there(job):
        return {piece: (job, place) for piece, place in lying_in(Path(job.folder), pieces).items()}
    if job.part_of:
        return {}
    planned = {one.piece_id for one in pile.parcels}
    return {piece: (job, _NOWHERE) for piece in pieces if not planned or piece in planned}


def _is_there(job: JobRecord) -> bool:
    folder = Path(job.folder)
    return is_file(folder / TICKET) and is_file(folder / MANIFEST)


def _pull(piece: str, job: JobRecord, lying: Lying, parcel: PlannedParcel | None) -> Pull:
    found = Pull(piece, why=WITHDRAWN, job=job.id, file=lying.file, page=lying.page, sequence=lying.sequence)
    if parcel is None:
        return found
    return found._replace(
        wave=parcel.wave, position=parcel.position, shipment_id=parcel.shipment_id, match_key=parcel.key
    )


@contextmanager
def _written(piles: Sequence[_Pile], laid: Laid, out: Path | None, told: Told) -> Iterator[list[Path]]:
    """The pull lists, which are taken away again where what they say could not be recorded."""
    for pile in piles:
        if not out and not _is_there(pile.jobs[0]):
            raise LedgerError(
                mark(
                    "job {job} is not in {folder}, where it was printed, so its pull list cannot lie there: name a "
                    "folder for the list, --out DIR. Nobody is withdrawn yet."
                ),
                job=pile.id,
                folder=pile.jobs[0].folder,
            )
    if piles and out and (out / PULL).exists():
        raise OutputError(
            mark("{file} is there already and may not have been worked off: give --out another folder"),
            file=out / PULL,
        )
    lists = {Path(pile.jobs[0].folder): pile.pulls for pile in piles if _is_there(pile.jobs[0])}
    void = {folder: [VoidPiece(pull.piece_id, *told) for pull in pulls] for folder, pulls in lists.items()}
    whole = out / PULL if piles and out else None
    with kept_pulls(lists | laid.lists, void, whole=whole, pulls=laid.pulls) as written:
        yield written


def _take_out(ledger: Ledger, shop: str, pile: _Pile, told: Told) -> Changed:
    pieces = [pull.piece_id for pull in pile.pulls]
    out = set(pieces)
    left = [
        one._replace(piece_id="", outcome=ParcelOutcome.EMPTY, reason=WITHDRAWN) if one.piece_id in out else one
        for one in pile.parcels
    ]
    happened = [
        Event(pile.id, pull.piece_id, what, {"shipment": pull.shipment_id} if pull.shipment_id else {})
        for pull in pile.pulls
        for what in (What.WITHDRAWN, What.PULLED)
    ]
    places = [place for own in ledger.codes_of_pieces(shop, pieces).values() for place in own]
    return ledger.keep_parcels(pile.id, left, happened, dict.fromkeys(places, told))


def _on_their_way(ledger: Ledger, jobs: Iterable[JobRecord], customers: Sequence[str]) -> dict[str, JobRecord]:
    """The latest letter that was sent to each of these customers."""
    found: dict[str, JobRecord] = {}
    for job in jobs:
        if job.state is JobState.SENT:
            found |= dict.fromkeys(ledger.mailed(job.id, customers), job)
    return found


def _twins(job: JobRecord, customers: Collection[str]) -> Iterator[Twin]:
    """The customers whose letter went to another row of the list, by the job's rejections.csv."""
    file = Path(job.folder) / REJECTIONS
    if not customers or not is_file(file):
        return
    try:
        for row in read_table(file):
            if row["customer_id"] in customers and row["outcome"] == Outcome.DUPLICATE.value:
                yield Twin(row["customer_id"], job.id, row["value"])
    except (OSError, ValueError, LookupError, csv.Error):
        return  # a list for people that was edited: it is no more than a help
