"""A job's parcels against a newer list: which piece stays, moves or comes out, and which parcel wants a new one."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from dmgen.errors import PreflightError
from dmgen.messages import mark
from dmgen.model.parcel import ParcelOutcome, PlannedParcel

GONE, OTHER_PIECE, VOID_TODAY = "parcel_gone", "other_piece", "void_today"
OTHER_PARCEL = "first_parcel_has_it"  # of a parcel whose customer's piece lies in another one
# A piece that is printed is not taken out because somebody else's would now come first; nor is one made after all that
# --limit left out.
_CHOSEN_BEFORE = ("over_pieces", "over_budget", "recent_letter", "letter_cap", "control")
_LEFT_OUT = "over_limit"


class Move(NamedTuple):
    """A piece, the parcel that it was in, and the one that it is in now."""

    before: PlannedParcel
    after: PlannedParcel


class Out(NamedTuple):
    """A piece that has no parcel any more."""

    before: PlannedParcel
    why: str


@dataclass(frozen=True)
class Difference:
    """What a newer list changes. `plan` is every parcel of it in packing order; those in `added` have no piece yet.

    The pieces of before are kept, moved or pulled, each once.
    """

    plan: list[PlannedParcel] = field(default_factory=list)
    kept: list[PlannedParcel] = field(default_factory=list)
    moved: list[Move] = field(default_factory=list)
    pulled: list[Out] = field(default_factory=list)
    added: list[PlannedParcel] = field(default_factory=list)

    def with_pieces(self, piece_ids: Mapping[str, str]) -> list[PlannedParcel]:
        """The plan with the pieces of `added` too, by recipient."""
        new = {one.shipment_id for one in self.added}
        return [one._replace(piece_id=piece_ids[one.recipient]) if one.shipment_id in new else one for one in self.plan]

    def without_added(self, reason: str) -> "Difference":
        """The same, but that nothing new goes in, for a reason."""
        new = {one.shipment_id for one in self.added}
        plan = [_empty(one, reason) if one.shipment_id in new else one for one in self.plan]
        return Difference(plan, self.kept, self.moved, self.pulled)


def difference(
    before: Sequence[PlannedParcel], now: Sequence[PlannedParcel], packed: Mapping[str, str] | None = None
) -> Difference:
    """Bring the pieces of a plan into a newer one, whose parcels say whose piece they take but hold none yet.

    `packed` says by piece the shipment into which it was scanned: it stays there while the parcel is its customer's.
    Raises PreflightError if the numbers do not add up.
    """
    held = {one.recipient: one for one in before if one.piece_id}
    earlier = {one.shipment_id: one for one in before}
    wanted = _settled(held, earlier, {one.shipment_id: one for one in now}, packed or {})
    found, staying = Difference(), list[Move]()
    for one in wanted.values():
        piece = held.get(one.recipient) if one.outcome is not ParcelOutcome.EMPTY else None
        was = earlier.get(one.shipment_id)
        if piece:
            after = one._replace(piece_id=piece.piece_id)
            found.plan.append(after)
            staying.append(Move(piece, after))
        elif one.outcome is ParcelOutcome.EMPTY:
            why = was.reason if was and not was.piece_id and one.reason == VOID_TODAY else one.reason
            found.plan.append(one._replace(reason=why))
        elif was and was.reason == _LEFT_OUT:
            found.plan.append(_empty(one, _LEFT_OUT))
        else:
            found.plan.append(one)
            found.added.append(one)
    in_place = lying_in_place(staying)
    found.kept.extend(move.after for move in staying if move.after.piece_id in in_place)
    found.moved.extend(move for move in staying if move.after.piece_id not in in_place)
    left = {one.piece_id for one in found.plan if one.piece_id}
    by_order = {order: one for one in wanted.values() for order in one.orders}
    for one in before:
        if one.piece_id and one.piece_id not in left:
            found.pulled.append(Out(one, _why(one, wanted, by_order)))
    _check(found, before, now)
    return found


def _settled(
    held: Mapping[str, PlannedParcel],
    earlier: Mapping[str, PlannedParcel],
    now: dict[str, PlannedParcel],
    packed: Mapping[str, str],
) -> dict[str, PlannedParcel]:
    """The newer parcels by shipment, but that a piece stays where nothing but our own choice would take it out."""
    takes = {one.recipient: one for one in now.values() if one.outcome is not ParcelOutcome.EMPTY}
    settled = dict(now)
    for recipient, piece in held.items():
        here, there = now.get(piece.shipment_id), takes.get(recipient)
        if here is None or here.outcome is not ParcelOutcome.EMPTY:
            continue
        mine = here._replace(outcome=piece.outcome, reason=piece.reason, recipient=recipient)
        if there is None and here.reason in _CHOSEN_BEFORE:
            settled[here.shipment_id] = mine
        elif there and packed.get(piece.piece_id) == here.shipment_id and here.reason == OTHER_PARCEL:
            settled[here.shipment_id] = mine
            settled[there.shipment_id] = _empty(there, OTHER_PARCEL)
    return settled


def _empty(one: PlannedParcel, reason: str) -> PlannedParcel:
    return one._replace(piece_id="", outcome=ParcelOutcome.EMPTY, reason=reason)


def lying_in_place(pieces: Sequence[Move]) -> set[str]:
    """The pieces that need no hand: their parcel is the same, and the pile has them in the order that is wanted.

    `pieces` are in the newer packing order. Of a wave's pile as many stay as can: the longest rising subsequence of
    their places (C. Schensted, 1961); where only numbers moved up because a parcel is gone, all do.
    """
    by_wave: dict[str, list[Move]] = {}
    for move in pieces:
        if (move.before.shipment_id, move.before.wave) == (move.after.shipment_id, move.after.wave):
            by_wave.setdefault(move.after.wave, []).append(move)
    return {piece for moves in by_wave.values() for piece in _rising(moves)}


def _rising(moves: Sequence[Move]) -> Iterator[str]:
    """The piece ids of a longest run of moves whose earlier places rise."""
    lowest: list[int] = []  # by length, the lowest place with which a run of so many ends …
    ends: list[int] = []  # … and the move that it is of
    before: list[int] = []  # by move, the one before it in its run
    for number, move in enumerate(moves):
        length = bisect_left(lowest, move.before.place)
        before.append(ends[length - 1] if length else -1)
        lowest[length : length + 1] = [move.before.place]
        ends[length : length + 1] = [number]
    number = ends[-1] if ends else -1
    while number >= 0:
        yield moves[number].after.piece_id
        number = before[number]


def _why(piece: PlannedParcel, now: Mapping[str, PlannedParcel], by_order: Mapping[str, PlannedParcel]) -> str:
    """Why a piece comes out: what the parcel says that has its shipment, or else one of its orders, today."""
    orders = (by_order[order] for order in piece.orders if order in by_order)
    there = now.get(piece.shipment_id) or next(orders, None)
    if there is None:
        return GONE
    return there.reason if there.outcome is ParcelOutcome.EMPTY else OTHER_PIECE


def _check(found: Difference, before: Sequence[PlannedParcel], now: Sequence[PlannedParcel]) -> None:
    """Every piece and every parcel is accounted for, each once."""
    old = sorted(one.piece_id for one in before if one.piece_id)
    stay = [one.piece_id for one in found.kept] + [move.after.piece_id for move in found.moved]
    new = [one.piece_id for one in found.plan if one.piece_id]
    full = sum(one.outcome is not ParcelOutcome.EMPTY for one in found.plan)
    right = (
        sorted([*stay, *(out.before.piece_id for out in found.pulled)]) == old
        and sorted(stay) == sorted(new)
        and full == len(new) + len(found.added)
        and [one.shipment_id for one in found.plan] == [one.shipment_id for one in now]
    )
    if not right:
        raise PreflightError(
            mark("the pieces of before and the parcels of now do not add up: nothing is changed; please report this")
        )
