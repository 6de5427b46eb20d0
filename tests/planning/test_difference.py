"""A newer list of parcels against a plan: no piece lost, none twice, and the second time nothing changes."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.model.parcel import ParcelOutcome, PlannedParcel
from dmgen.planning.difference import Difference, difference

PIECE, FALLBACK, EMPTY = ParcelOutcome


def parcel(
    shipment: str, who: str = "", piece: str = "", reason: str = "", wave: str = "A", position: str = "1",
    outcome: ParcelOutcome | None = None, orders: tuple[str, ...] = (),
) -> PlannedParcel:  # fmt: skip
    outcome = outcome or (EMPTY if reason else PIECE)
    return PlannedParcel(shipment, wave, position, 1, orders or (f"o-{shipment}",), who, "", piece, outcome, reason)


def told(found: Difference) -> tuple[list[str], list[tuple[str, str]], list[tuple[str, str]], list[str]]:
    return (
        [one.shipment_id for one in found.kept],
        [(move.before.shipment_id, move.after.shipment_id) for move in found.moved],
        [(out.before.shipment_id, out.why) for out in found.pulled],
        [one.shipment_id for one in found.added],
    )


def test_nothing_changed() -> None:
    found = difference([parcel("S1", "A", "p1")], [parcel("S1", "A")])
    assert told(found) == (["S1"], [], [], [])
    assert found.plan == [parcel("S1", "A", "p1")]


def test_another_wave_or_position_is_no_reprint() -> None:
    found = difference([parcel("S1", "A", "p1")], [parcel("S1", "A", wave="B", position="7")])
    assert told(found) == ([], [("S1", "S1")], [], [])
    assert (found.moved[0].before.wave, found.moved[0].after.wave) == ("A", "B")


def test_merged_parcels_have_one_piece() -> None:
    before = [parcel("S1", "A", "p1"), parcel("S2", "A", reason="first_parcel_has_it")]
    assert told(difference(before, [parcel("S3", "A")])) == ([], [("S1", "S3")], [], [])


def test_a_split_parcel_has_its_piece_in_the_first() -> None:
    now = [parcel("S0", "A"), parcel("S1", "A", reason="first_parcel_has_it")]
    assert told(difference([parcel("S1", "A", "p1")], now)) == ([], [("S1", "S0")], [], [])


def test_a_parcel_that_is_packed_is_not_opened_for_a_split() -> None:
    now = [parcel("S0", "A"), parcel("S1", "", reason="first_parcel_has_it")]
    found = difference([parcel("S1", "A", "p1")], now, packed={"p1": "S1"})
    assert told(found) == (["S1"], [], [], [])
    assert [one.reason for one in found.plan] == ["first_parcel_has_it", ""]
    assert told(difference(found.plan, now, packed={"p1": "S1"})) == (["S1"], [], [], [])


def test_a_packed_piece_whose_parcel_is_a_gift_now_comes_out() -> None:
    found = difference([parcel("S1", "A", "p1")], [parcel("S1", "A", reason="gift")], packed={"p1": "S1"})
    assert told(found) == ([], [], [("S1", "gift")], [])


def test_a_cancelled_parcel_gives_its_piece_back() -> None:
    before = [parcel("S1", "A", "p1"), parcel("S2", "B", "p2"), parcel("S3", "C", "p3")]
    now = [
        parcel("S2", "B", reason="order_cancelled"),
        parcel("S9", "D", reason="mixed_customers", orders=("o-S3", "x")),
    ]
    assert told(difference(before, now))[2] == [
        ("S1", "parcel_gone"), ("S2", "order_cancelled"), ("S3", "mixed_customers")
    ]  # fmt: skip


def test_a_parcel_that_takes_another_customers_piece() -> None:
    found = difference([parcel("S1", "A", "p1")], [parcel("S1", "B")])
    assert told(found) == ([], [], [("S1", "other_piece")], ["S1"])


def test_a_fallback_becomes_a_real_piece() -> None:
    before = [parcel("S1", "parcel:S1", "p1", outcome=FALLBACK)]
    assert told(difference(before, [parcel("S1", "A")])) == ([], [], [("S1", "other_piece")], ["S1"])


def test_why_a_piece_was_taken_out_before_is_still_said() -> None:
    now = [parcel("S1", "A", reason="void_today"), parcel("S2", "B", reason="void_today")]
    found = difference([parcel("S1", "A", reason="withdrawn_late"), parcel("S2", "B", "p2")], now)
    assert [one.reason for one in found.plan] == ["withdrawn_late", "void_today"]
    assert told(found)[2] == [("S2", "void_today")]


def test_a_limit_takes_no_printed_piece_out() -> None:
    found = difference([parcel("S1", "A", "p1")], [parcel("S1", "A", reason="over_pieces")])
    assert told(found) == (["S1"], [], [], [])


def test_what_a_trial_left_out_stays_out() -> None:
    found = difference([parcel("S1", "A", reason="over_limit")], [parcel("S1", "A")])
    assert (told(found), found.plan[0].reason) == (([], [], [], []), "over_limit")


CUSTOMERS = st.sampled_from("ABCDEFGH")
REASONS = st.sampled_from(["gift", "order_cancelled", "opted_out", "over_pieces", "unknown_customer", "over_limit"])


@st.composite
def lists(draw: st.DrawFn) -> list[PlannedParcel]:
    """A shipments list as the audience leaves it: a shipment once, a customer's piece in the first of their parcels."""
    shipments = draw(st.lists(st.integers(1, 9), unique=True, max_size=9))
    found: list[PlannedParcel] = []
    have: set[str] = set()
    for place, number in enumerate(shipments, 1):
        who, shipment = draw(CUSTOMERS), f"S{number}"
        one = parcel(shipment, who, wave=draw(st.sampled_from("XY")), position=str(draw(st.integers(1, 3))))
        kind = draw(st.sampled_from(["piece", "piece", "fallback", "empty"]))
        if kind == "fallback":
            one = one._replace(recipient=f"parcel:{shipment}", outcome=FALLBACK, reason="unknown_customer")
        elif kind == "empty" or who in have:
            reason = "first_parcel_has_it" if who in have else draw(REASONS)
            one = one._replace(outcome=EMPTY, reason=reason)
        else:
            have.add(who)
        found.append(one._replace(place=place))
    return found


def printed(plan: list[PlannedParcel]) -> list[PlannedParcel]:
    """A plan whose pieces are there, one for each recipient, ever the same."""
    return [one if one.outcome is EMPTY else one._replace(piece_id=f"p-{one.recipient}") for one in plan]


@settings(deadline=None)
@given(lists(), lists(), st.booleans())
def test_each_piece_in_one_each_parcel_at_most_one(
    first: list[PlannedParcel], now: list[PlannedParcel], scanned: bool
) -> None:
    before = printed(first)
    packed = {one.piece_id: one.shipment_id for one in before if one.piece_id} if scanned else {}
    found = difference(before, now, packed)
    after = [move.after.piece_id for move in found.moved]
    pieces = [one.piece_id for one in found.kept] + after + [one.before.piece_id for one in found.pulled]
    assert Counter(pieces) == Counter(one.piece_id for one in before if one.piece_id)
    ids = {one.recipient: f"p-{one.recipient}" for one in found.added}
    plan = found.with_pieces(ids)
    assert [one.shipment_id for one in plan] == [one.shipment_id for one in now]
    there = [one.piece_id for one in plan if one.piece_id]
    assert len(there) == len(set(there)) == sum(one.outcome is not EMPTY for one in plan)
    assert all(one.piece_id == f"p-{one.recipient}" for one in plan if one.piece_id)
    assert not set(ids.values()) & {one.piece_id for one in before}


@settings(deadline=None)
@given(lists(), lists(), st.booleans())
def test_the_second_time_nothing_changes(first: list[PlannedParcel], now: list[PlannedParcel], scanned: bool) -> None:
    before = printed(first)
    packed = {one.piece_id: one.shipment_id for one in before if one.piece_id} if scanned else {}
    found = difference(before, now, packed)
    plan = found.with_pieces({one.recipient: f"p-{one.recipient}" for one in found.added})
    again = difference(plan, now, packed)
    assert (again.plan, again.moved, again.pulled, again.added) == (plan, [], [], [])


@given(st.permutations(range(1, 9)), st.lists(st.integers(0, 7), max_size=4, unique=True))
def test_as_many_pieces_as_can_stay_where_they_lie(order: list[int], gone: list[int]) -> None:
    """Numbers that move up because a parcel is gone move no piece; of a new order the longest rising part stays."""
    before = [parcel(f"S{n}", f"C{n}", f"p{n}", position=str(n))._replace(place=n) for n in range(1, 9)]
    left = [n for place, n in enumerate(order) if place not in gone]
    now = [
        parcel(f"S{n}", f"C{n}", position=str(place))._replace(place=place) for place, n in enumerate(left, 1)
    ]  # fmt: skip
    found = difference(before, now)
    kept = [int(one.piece_id[1:]) for one in found.kept]
    assert kept == sorted(kept)
    assert len(kept) == max((len(part) for part in _parts(left) if list(part) == sorted(part)), default=0)
    assert len(found.moved) == len(left) - len(kept)


def _parts(numbers: list[int]) -> Iterator[tuple[int, ...]]:
    return chain.from_iterable(combinations(numbers, size) for size in range(len(numbers) + 1))
