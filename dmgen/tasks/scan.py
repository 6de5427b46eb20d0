"""`dmgen scan`: a piece and its parcel are scanned at a packing table, and matched if they belong together."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from time import monotonic
from typing import NamedTuple

from dmgen.ledger import Halt, Match, Pair, PieceNow, Scanning
from dmgen.model.parcel import PlannedParcel
from dmgen.tasks.scan_codes import fold, parts, readings
from dmgen.tasks.scan_end import Balance
from dmgen.tasks.scan_jobs import PackedJobs

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
    UNCLEAR = "several_parcels"  # the number of an order that has several, or of parcels of several shops

    @property
    def good(self) -> bool:
        """Whether work goes on."""
        return self in (Verdict.HALF, Verdict.MATCHED)


@dataclass(frozen=True, slots=True)
class Scanned:
    """A verdict with what it is about: a piece and where it is due, a parcel, the match that stands in the way.

    `match` is of `parcel` where both are told, else of the piece. `job` is whose piece or parcel a foreign one is, ""
    where the shop does not know it; `several` are the parcels that have one number.
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
    job: Scanning | None = None  # whose piece or parcel it is


class Table:
    """A packing table: scans go in one by one, verdicts come out. The ledgers keep all that must last."""

    def __init__(self, jobs: PackedJobs, station: str) -> None:
        self.jobs = jobs
        self.station = station
        self.counts: Counter[Verdict] = Counter()
        self._first: _Half | None = None
        self._habit = Kind.PIECE  # which half is scanned first here
        self._load()

    def scan(self, line: str) -> Iterator[Scanned]:
        """What to say of a line: a code, or two with a tab, comma or semicolon between them."""
        codes = parts(line)
        whole = len(codes) < 2 or self.jobs.knows(line)
        for code in [line] if whole else codes:
            if readings(code):
                yield from self._code(code)

    def undo(self) -> tuple[Match | None, PlannedParcel | None]:
        """Take back the station's latest match: what it was, and its parcel."""
        self._first = None
        return self.jobs.take_back(self.station)

    def finish(self) -> Scanned | None:
        """Whether a half is left alone at the end."""
        first, self._first = self._first, None
        return self._say(self._alone(first), first) if first and first.told.verdict.good else None

    def balance(self) -> Balance:
        """What became of the parcels so far, at all tables."""
        return self.jobs.balance()

    def _load(self) -> None:
        self.jobs.load()
        self._read_at = monotonic()

    def _code(self, code: str) -> Iterator[Scanned]:
        half, first = self._half(code), self._first
        if first is None or first.kind is half.kind:
            if first and (first.job, first.id) == (half.job, half.id) and first.told.verdict.good:
                yield half.told  # the same once more: scanners stutter
                return
            if first and first.told.verdict.good:
                yield self._say(self._alone(first), first)
            self._first = half
            yield self._say(half.told, half)
            return
        if half.told.verdict is Verdict.UNCLEAR and first.told.verdict.good:
            # Nothing is wrong but the number: another one of the same parcel is awaited.
            yield self._say(half.told, first)
            return
        self._first = None
        # The other half of one that was refused must not stand for the first of the next pair; it is red, too, but the
        # pair counts once.
        if not first.told.verdict.good:
            yield first.told if half.told.verdict.good else half.told
            return
        if not half.told.verdict.good:
            told = replace(
                half.told, piece_id=half.told.piece_id or first.told.piece_id, due=half.told.due or first.told.due
            )
            yield self._say(told, first, half)
            return
        self._habit = first.kind
        yield self._say(self._pair(*((first, half) if first.kind is Kind.PIECE else (half, first))), first, half)

    def _half(self, code: str) -> _Half:
        """What a code is and whether it may be packed at all; looked at in the ledger, as it stands now."""
        self.jobs.require_open()
        found = self._known(code)
        if found is None and (self.jobs.changed() or monotonic() - self._read_at > _STALE):
            self._load()
            found = self._known(code)
        return found or self._foreign(code)

    def _known(self, code: str) -> _Half | None:
        if known := self.jobs.piece(code):
            job, piece = known
            return _Half(Kind.PIECE, piece.piece_id, self._piece(piece), job)
        found = self.jobs.parcels(code)
        if len(found) > 1:
            several = tuple(now.parcel for _, now in found)
            return _Half(Kind.PARCEL, "", Scanned(Verdict.UNCLEAR, several=several))
        for of, (parcel, match) in found:
            told = Scanned(Verdict.HALF, parcel=parcel)
            if not parcel.piece_id:
                told = Scanned(Verdict.EMPTY, parcel=parcel)
            elif match:
                told = Scanned(Verdict.DUPLICATE, parcel=parcel, match=match)
            return _Half(Kind.PARCEL, parcel.shipment_id, told, of)
        return None

    def _foreign(self, code: str) -> _Half:
        """A code that is not in the plan: a piece that was taken out of it, or somebody else's."""
        found = [_Half(Kind.PIECE, piece.piece_id, self._piece(piece), job) for job, piece in self.jobs.numbered(code)]
        if found:  # by the job that has more to say of it than that it is another's
            return next((half for half in found if half.told.verdict is not Verdict.FOREIGN), found[0])
        kind = self._habit
        if self._first:
            kind = Kind.PARCEL if self._first.kind is Kind.PIECE else Kind.PIECE
        job = self.jobs.elsewhere(code)
        return _Half(Kind.PARCEL if job else kind, "", Scanned(Verdict.FOREIGN, job=job))

    def _piece(self, piece: PieceNow) -> Scanned:
        if piece.match:
            return Scanned(Verdict.DUPLICATE, piece.piece_id, piece.due, match=piece.match)
        if piece.due is None and piece.job:
            return Scanned(Verdict.FOREIGN, piece.piece_id, job=piece.job)
        if piece.halt:
            return Scanned(Verdict.HALTED, piece.piece_id, piece.due, halt=piece.halt)
        return Scanned(Verdict.HALF, piece.piece_id, piece.due)

    def _pair(self, piece: _Half, parcel: _Half) -> Scanned:
        piece_id, pair = piece.id, self._together(piece, parcel)
        if pair.stored and pair.piece:
            return Scanned(Verdict.MATCHED, piece_id, pair.piece.due, match=pair.piece.match)
        if pair.piece is None or pair.parcel is None:  # taken out of the plan since the first half
            return Scanned(Verdict.HALTED, piece_id)
        told = self._piece(pair.piece)
        if not told.verdict.good:
            return told
        planned, match = pair.parcel
        if match:
            return Scanned(Verdict.DUPLICATE, piece_id, pair.piece.due, planned, match)
        return Scanned(Verdict.WRONG, piece_id, pair.piece.due, planned)

    def _together(self, piece: _Half, parcel: _Half) -> Pair:
        """Store the pair if it is one; a piece and a parcel of two jobs never are."""
        if piece.job and piece.job is parcel.job:
            return piece.job.match(piece.id, parcel.id, self.station)
        now = piece.job.piece(piece.id) if piece.job else None
        return Pair(now, parcel.job.parcel(parcel.id) if parcel.job else None, stored=False)

    def _alone(self, first: _Half) -> Scanned:
        return Scanned(Verdict.UNPAIRED, first.told.piece_id, first.told.due, first.told.parcel)

    def _say(self, told: Scanned, *halves: _Half) -> Scanned:
        if told.verdict is not Verdict.HALF:
            self.counts[told.verdict] += 1
        if not told.verdict.good:
            of = {half.kind: half.job for half in halves if half.job}
            self.jobs.refuse(told.verdict.value, self.station, told, of.get(Kind.PIECE), of.get(Kind.PARCEL))
        return told


def control(line: str) -> str:
    """What a line asks for instead of being a code: undo, status or end; "" nothing."""
    return CONTROLS.get(fold(line), "")
