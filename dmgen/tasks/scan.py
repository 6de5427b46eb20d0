"""`dmgen scan`: a piece and its parcel are scanned at a packing table, and matched if they belong together."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from dmgen.afterwards import open_ledger, read_ticket
from dmgen.campaign.files import is_file
from dmgen.errors import LedgerError
from dmgen.fulfil import TICKET
from dmgen.ledger import Halt, Match, PieceNow, Scanning, Standing
from dmgen.messages import mark
from dmgen.model.campaign import Shop
from dmgen.model.parcel import PlannedParcel
from dmgen.model.production import JobState
from dmgen.tasks.scan_codes import Codes, fold, parts, readings

_STALE = 600  # seconds after which an unknown code lets the plan be read again even if no piece of it moved

CONTROLS = {
    "UNDO": "undo", "取消": "undo", "STATUS": "status", "状況": "status", "END": "end", "終了": "end",
}  # fmt: skip
"""What is typed or scanned as words, folded, and what it does."""


class Verdict(StrEnum):
    """What became of a scan. The first two are good; the others are STOP, and nothing is stored of the pair."""

    HALF = "half"  # the first of a pair is as it should be; the other is awaited
    MATCHED = "matched"
    WRONG = "wrong_parcel"
    DUPLICATE = "duplicate"
    FOREIGN = "foreign"
    HALTED = "must_not_go_in"
    EMPTY = "no_piece_due"
    UNPAIRED = "unpaired"  # a second piece, or parcel, in the place of the other half
    UNCLEAR = "several_parcels"  # the number of an order that has several

    @property
    def good(self) -> bool:
        """Whether work goes on."""
        return self in (Verdict.HALF, Verdict.MATCHED)


@dataclass(frozen=True, slots=True)
class Scanned:
    """A verdict with what it is about: a piece and where it is due, a parcel, the match that stands in the way.

    `match` is of `parcel` where both are told, else of the piece. `job` is whose piece or parcel a foreign one is, ""
    where the shop does not know it; `several` are the parcels of one order's number.
    """

    verdict: Verdict
    piece_id: str = ""
    due: PlannedParcel | None = None
    parcel: PlannedParcel | None = None
    match: Match | None = None
    halt: Halt | None = None
    job: str = ""
    several: tuple[PlannedParcel, ...] = ()


class Kind(StrEnum):
    """The two halves of a pair."""

    PIECE = "piece"
    PARCEL = "parcel"


class _Half(NamedTuple):
    kind: Kind
    id: str  # "" unknown
    told: Scanned


@contextmanager
def packing_table(shop: Shop, job: str, station: str) -> Iterator["Table"]:
    """A packing table of a job, which is its id or folder; a job that completes another stands for that one.

    Raises LedgerError where the job is not this shop's, is not to be packed, or has no parcels.
    """
    folder = Path(job)
    with open_ledger(shop).scanning(str(read_ticket(folder)["job"]) if is_file(folder / TICKET) else job) as scanning:
        record = scanning.job
        if record.shop != shop.id:
            message = mark("job {job} is of the shop {found}, not of {shop}: name that one's shop.toml with --shop")
            raise LedgerError(message, job=record.id, found=record.shop, shop=shop.id)
        table = Table(scanning, station)
        if not table.parcels:
            raise LedgerError(
                mark("job {job} has no parcels to scan: its letters were printed without --shipments"), job=record.id
            )
        table.require_open()
        yield table


class Table:
    """A packing table: scans go in one by one, verdicts come out. The ledger keeps all that must last."""

    def __init__(self, scanning: Scanning, station: str) -> None:
        self.scanning = scanning
        self.station = station
        self.counts: Counter[Verdict] = Counter()
        self._first: _Half | None = None
        self._habit = Kind.PIECE  # which half is scanned first here
        self._load()

    def scan(self, line: str) -> Iterator[Scanned]:
        """What to say of a line: a code, or two with a tab, comma or semicolon between them."""
        codes = parts(line)
        whole = len(codes) < 2 or self._codes.piece(line) or self._codes.parcels(line)
        for code in [line] if whole else codes:
            if readings(code):
                yield from self._code(code)

    def undo(self) -> tuple[Match | None, PlannedParcel | None]:
        """Take back the station's latest match: what it was, and its parcel."""
        self._first = None
        match = self.scanning.take_back(self.station)
        now = self.scanning.parcel(match.shipment_id) if match else None
        return match, now.parcel if now else None

    def finish(self) -> Scanned | None:
        """Whether a half is left alone at the end."""
        first, self._first = self._first, None
        return self._say(self._alone(first)) if first and first.told.verdict.good else None

    def standing(self) -> Standing:
        """What became of the parcels so far, at all tables."""
        return self.scanning.standing()

    def require_open(self) -> None:
        """Raise LedgerError where the job is not to be packed, or no longer."""
        state = self.scanning.state()
        if state in (JobState.READY, JobState.SENT):
            return
        raise LedgerError(
            mark(
                "job {job} is {state}: its letters go into no parcel. See the jobs with: dmgen jobs. One that is not "
                "released is read back with: dmgen verify {job}"
            ),
            job=self.scanning.job.id,
            state=state.value,
        )

    def _load(self) -> None:
        self._changes = self.scanning.changes()
        planned = self.scanning.parcels()
        self.parcels = len(planned)
        self._codes = Codes(planned)
        self._read_at = monotonic()

    def _code(self, code: str) -> Iterator[Scanned]:
        half, first = self._half(code), self._first
        if first is None or first.kind is half.kind:
            if first and first.id == half.id and first.told.verdict.good:
                yield half.told  # the same once more: scanners stutter
                return
            if first and first.told.verdict.good:
                yield self._say(self._alone(first))
            self._first = half
            yield self._say(half.told)
            return
        if half.told.verdict is Verdict.UNCLEAR and first.told.verdict.good:
            yield self._say(half.told)  # nothing is wrong but the number: another one of the same parcel is awaited
            return
        self._first = None
        # The other half of one that was refused must not stand for the first of the next pair; it is red, too, but the
        # pair counts once.
        if not first.told.verdict.good:
            yield first.told if half.told.verdict.good else half.told
            return
        if not half.told.verdict.good:
            yield self._say(
                replace(half.told, piece_id=half.told.piece_id or first.id, due=half.told.due or first.told.due)
            )
            return
        self._habit = first.kind
        yield self._say(self._pair(*((first.id, half.id) if first.kind is Kind.PIECE else (half.id, first.id))))

    def _half(self, code: str) -> _Half:
        """What a code is and whether it may be packed at all; looked at in the ledger, as it stands now."""
        self.require_open()
        found = self._known(code)
        if found is None and (self.scanning.changes() != self._changes or monotonic() - self._read_at > _STALE):
            self._load()
            found = self._known(code)
        return found or self._foreign(code)

    def _known(self, code: str) -> _Half | None:
        piece_id = self._codes.piece(code)
        if piece_id and (piece := self.scanning.piece(piece_id)):
            return _Half(Kind.PIECE, piece_id, self._piece(piece))
        shipments = self._codes.parcels(code)
        now = [one for shipment in shipments if (one := self.scanning.parcel(shipment))]
        if len(now) > 1:
            several = tuple(one.parcel for one in now)
            return _Half(Kind.PARCEL, "", Scanned(Verdict.UNCLEAR, several=several))
        for parcel, match in now:
            told = Scanned(Verdict.HALF, parcel=parcel)
            if not parcel.piece_id:
                told = Scanned(Verdict.EMPTY, parcel=parcel)
            elif match:
                told = Scanned(Verdict.DUPLICATE, parcel=parcel, match=match)
            return _Half(Kind.PARCEL, parcel.shipment_id, told)
        return None

    def _foreign(self, code: str) -> _Half:
        """A code that is not in the plan: a piece that was taken out of it, or somebody else's."""
        for one in readings(code):
            if piece := self.scanning.piece(one):
                return _Half(Kind.PIECE, one, self._piece(piece))
        kind = self._habit
        if self._first:
            kind = Kind.PARCEL if self._first.kind is Kind.PIECE else Kind.PIECE
        job = self.scanning.elsewhere(list(dict.fromkeys([code, *readings(code)])))
        return _Half(Kind.PARCEL if job else kind, "", Scanned(Verdict.FOREIGN, job=job))

    def _piece(self, piece: PieceNow) -> Scanned:
        if piece.match:
            return Scanned(Verdict.DUPLICATE, piece.piece_id, piece.due, match=piece.match)
        if piece.due is None and piece.job:
            return Scanned(Verdict.FOREIGN, piece.piece_id, job=piece.job)
        if piece.halt:
            return Scanned(Verdict.HALTED, piece.piece_id, piece.due, halt=piece.halt)
        return Scanned(Verdict.HALF, piece.piece_id, piece.due)

    def _pair(self, piece_id: str, shipment_id: str) -> Scanned:
        pair = self.scanning.match(piece_id, shipment_id, self.station)
        if pair.stored and pair.piece:
            return Scanned(Verdict.MATCHED, piece_id, pair.piece.due, match=pair.piece.match)
        if pair.piece is None or pair.parcel is None:  # taken out of the plan since the first half
            return Scanned(Verdict.HALTED, piece_id)
        told = self._piece(pair.piece)
        if not told.verdict.good:
            return told
        parcel, match = pair.parcel
        if match:
            return Scanned(Verdict.DUPLICATE, piece_id, pair.piece.due, parcel, match)
        return Scanned(Verdict.WRONG, piece_id, pair.piece.due, parcel)

    def _alone(self, first: _Half) -> Scanned:
        return Scanned(Verdict.UNPAIRED, first.told.piece_id, first.told.due, first.told.parcel)

    def _say(self, told: Scanned) -> Scanned:
        if told.verdict is not Verdict.HALF:
            self.counts[told.verdict] += 1
        if not told.verdict.good:
            shipment = told.parcel.shipment_id if told.parcel else ""
            self.scanning.refuse(told.verdict.value, self.station, told.piece_id, shipment)
        return told


def control(line: str) -> str:
    """What a line asks for instead of being a code: undo, status or end; "" nothing."""
    return CONTROLS.get(fold(line), "")
