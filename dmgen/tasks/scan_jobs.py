"""The jobs that are packed at one table, each asked in its own shop's ledger: one job, or all of a pile."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from dmgen.errors import DmgenError, LedgerError
from dmgen.ledger import Match, ParcelNow, PieceNow, Scanning, Standing
from dmgen.messages import mark
from dmgen.model.parcel import OTHER_CAMPAIGN, PlannedParcel
from dmgen.model.production import JobState
from dmgen.tasks.scan_codes import Codes, readings
from dmgen.tasks.scan_end import Balance

_OPEN = (JobState.READY, JobState.SENT)


class ParcelKey(NamedTuple):
    """Whose parcel it is, and its number: two shops may use the same one."""

    shop: str
    shipment_id: str


class _Place(NamedTuple):
    """A parcel as it was planned when it was last looked at; `job` is None for one of a shop without a job here."""

    job: Scanning | None
    parcel: PlannedParcel


class Told(Protocol):
    """What is remembered of a refused scan."""

    @property
    def piece_id(self) -> str:
        """The piece, "" none."""

    @property
    def parcel(self) -> PlannedParcel | None:
        """The parcel."""


class PackedJobs:
    """One job, or those of the pile called `name`. `listed` are the parcels of a pile in packing order.

    A parcel that no job has is of a shop without a campaign there: it is known, so that nothing goes in, whoever's
    number its own is like. `remarks` are what whoever packs should know first.
    """

    def __init__(
        self,
        jobs: Sequence[Scanning],
        name: str = "",
        listed: Mapping[ParcelKey, PlannedParcel] | None = None,
        remarks: Sequence[DmgenError] = (),
    ) -> None:
        self.jobs = list(jobs)
        self.name = name or jobs[0].job.id
        self.remarks = list(remarks)
        self._listed = listed
        self.load()

    def __len__(self) -> int:
        """How many parcels there are."""
        return len(self._places)

    def load(self) -> None:
        """Read the plans anew."""
        self._changes = [job.changes() for job in self.jobs]
        planned = self._planned()
        self._places = planned
        if self._listed is not None:
            self._places = {key: planned.get(key) or _Place(None, one) for key, one in self._listed.items()}
        shops: dict[str, list[PlannedParcel]] = {}
        for key, place in self._places.items():
            shops.setdefault(key.shop, []).append(place.parcel)
        self._codes = {shop: Codes(parcels) for shop, parcels in shops.items()}

    def _planned(self) -> dict[ParcelKey, _Place]:
        """Each parcel once, though every job of its shop has it: by the job whose piece goes in, if any does."""
        found: dict[ParcelKey, _Place] = {}
        for job in self.jobs:
            for one in job.parcels():
                key = ParcelKey(job.job.shop, one.shipment_id)
                held = found.get(key)
                if held is None or one.piece_id or not (held.parcel.piece_id or one.reason == OTHER_CAMPAIGN):
                    found[key] = _Place(job, one)
        return found

    def changed(self) -> bool:
        """Whether a plan was changed since it was read."""
        return self._changes != [job.changes() for job in self.jobs]

    def require_open(self) -> None:
        """Raise LedgerError where a job is not to be packed, or no longer."""
        for job in self.jobs:
            if closed := closed_job(job):
                raise closed

    def knows(self, code: str) -> bool:
        """Whether a code is that of a planned piece or parcel."""
        return any(codes.piece(code) or codes.parcels(code) for codes in self._codes.values())

    def piece(self, code: str) -> tuple[Scanning, PieceNow] | None:
        """The planned piece of a code, as it stands now, and its job."""
        for shop, codes in self._codes.items():
            if piece_id := codes.piece(code):
                for job in self.jobs:
                    if job.job.shop == shop and (now := job.piece(piece_id)) and now.due:
                        return job, now
        return None

    def numbered(self, code: str) -> Iterator[tuple[Scanning, PieceNow]]:
        """A piece that a shop here has numbered, as each of its jobs sees it, whether or not it is planned."""
        for one in readings(code):
            for job in self.jobs:
                if now := job.piece(one):
                    yield job, now

    def parcels(self, code: str) -> list[tuple[Scanning | None, ParcelNow]]:
        """The parcels that a code may mean, over all shops: only one that stands alone is sure."""
        keys = [ParcelKey(shop, one) for shop, codes in self._codes.items() for one in codes.parcels(code)]
        found: list[tuple[Scanning | None, ParcelNow]] = []
        for job, parcel in (self._places[key] for key in keys):
            if now := job.parcel(parcel.shipment_id) if job else ParcelNow(parcel, None):
                found.append((job, now))
        return found

    def elsewhere(self, code: str) -> str:
        """Which other job of a shop here has a parcel with this code; "" none."""
        codes, mine = list(dict.fromkeys([code, *readings(code)])), {job.job.id for job in self.jobs}
        found = (job.elsewhere(codes) for job in self.jobs)
        return next((one for one in found if one and one not in mine), "")

    def take_back(self, station: str) -> tuple[Match | None, PlannedParcel | None]:
        """Undo the latest match of a station, in whichever job it is: what it was, and its parcel."""
        latest = [(last.at, place) for place, job in enumerate(self.jobs) if (last := job.latest(station))]
        if not latest:
            return None, None
        job = self.jobs[max(latest)[1]]
        match = job.take_back(station)
        now = job.parcel(match.shipment_id) if match else None
        return match, now.parcel if now else None

    def refuse(self, verdict: str, station: str, told: Told, piece: Scanning | None, parcel: Scanning | None) -> None:
        """Remember a scan that was no match, in the ledger of the piece, else of the parcel.

        No shop's ledger learns of another shop's parcel.
        """
        job = piece or parcel or self.jobs[0]
        its = told.parcel and parcel and parcel.job.shop == job.job.shop
        job.refuse(verdict, station, told.piece_id, told.parcel.shipment_id if told.parcel and its else "")

    def balance(self) -> Balance:
        """What became of the parcels so far, at all stations; the jobs' numbers add up to it."""
        by_job = {job.job.id: job.standing() for job in self.jobs}
        if self._listed is None:
            return Balance(self.name, next(iter(by_job.values())), by_job)
        return Balance(self.name, self._sum(list(by_job.values())), by_job)

    def _sum(self, standings: Sequence[Standing]) -> Standing:
        """The parcels of all jobs in packing order; without a piece are those to which no job gives one."""
        order = {key: place for place, key in enumerate(self._places)}
        groups: dict[str, list[tuple[ParcelKey, PlannedParcel]]] = {"matched": [], "missing": [], "halted": []}
        recall, refused = list[Match](), Counter[str]()
        for job, standing in zip(self.jobs, standings, strict=True):
            for name, group in groups.items():
                group += [(ParcelKey(job.job.shop, one.shipment_id), one) for one in getattr(standing, name)]
            recall += standing.recall
            refused += standing.refused
        full = {key for group in groups.values() for key, _ in group}
        empty = [place.parcel for key, place in self._places.items() if key not in full]
        matched, missing, halted = (
            [one for _, one in sorted(group, key=lambda pair: order.get(pair[0], 0))] for group in groups.values()
        )
        return Standing(matched, missing, halted, empty, recall, refused)


def closed_job(job: Scanning) -> LedgerError | None:
    """Why a job is not to be packed, or no longer; None where it is."""
    state = job.state()
    if state in _OPEN:
        return None
    return LedgerError(
        mark(
            "job {job} is {state}: its letters go into no parcel. See the jobs with: dmgen jobs. One that is not "
            "released is read back with: dmgen verify {job}"
        ),
        job=job.job.id,
        state=state.value,
    )
