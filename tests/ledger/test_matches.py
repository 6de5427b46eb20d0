"""At a packing table: a piece and a parcel are matched once, by the plan as it is at that moment, at any station."""

import multiprocessing
from dataclasses import replace
from datetime import date

import pytest

from dmgen.ledger import Event, Fate, Told, What, Why, tables
from dmgen.ledger.tables import insert_rows
from dmgen.model.parcel import ParcelOutcome, PlannedParcel
from dmgen.model.production import JobRecord, JobState

from .conftest import KEY, coupons, recipients, rows

SPAWN = multiprocessing.get_context("spawn")
JOB = JobRecord("abc234", KEY.shop, KEY.campaign, KEY.drop, JobState.READY, "job", 3, KEY.drop)


def packed(ledger, count: int = 3, empty: int = 1, job: JobRecord = JOB, key=KEY) -> list[PlannedParcel]:
    """A job whose first parcels have a piece each, and `empty` more that have none."""
    with ledger.issuing(key) as issuing:
        issued = issuing.issue(recipients(count), [coupons(count)])
    ledger.record(job)
    planned = [
        PlannedParcel(f"S{n}", "A", str(n), n, (f"O-{n}",), str(1000 + n), f"T{n}", piece, ParcelOutcome.PIECE)
        for n, piece in enumerate([*issued.piece_ids, *[""] * empty], 1)
    ]
    planned = [one if one.piece_id else one._replace(outcome=ParcelOutcome.EMPTY, reason="gift") for one in planned]
    ledger.keep_parcels(job.id, planned)
    return planned


def test_a_pair_of_the_plan_is_matched_once_and_remembered(place) -> None:
    ledger = place.open()
    first, second, *_ = packed(ledger)
    with ledger.scanning(JOB.id) as scanning:
        assert scanning.match(first.piece_id, first.shipment_id, "one").stored
        again = scanning.match(first.piece_id, first.shipment_id, "two")
        assert (again.stored, again.piece.match.station, again.parcel.match.piece_id) == (False, "one", first.piece_id)
        assert not scanning.match(second.piece_id, first.shipment_id, "two").stored
    with place.open().scanning(JOB.id) as later:
        standing = later.standing()
    assert [one.shipment_id for one in standing.matched] == ["S1"]
    assert [one.shipment_id for one in standing.missing] == ["S2", "S3"]
    assert [one.shipment_id for one in standing.empty] == ["S4"]
    assert (standing.halted, standing.recall) == ([], [])


def test_no_pair_but_the_plans_is_ever_stored(ledger) -> None:
    """Whatever the two ids are: another's piece, an empty parcel, things that do not exist."""
    planned = packed(ledger)
    with ledger.scanning(JOB.id) as scanning:
        for piece in [*(one.piece_id for one in planned), "222222222222"]:
            for parcel in [*planned, planned[0]._replace(shipment_id="S9", piece_id="-")]:
                if piece != parcel.piece_id:
                    assert not scanning.match(piece, parcel.shipment_id, "one").stored
    assert rows(ledger, tables.matches) == []


def test_what_others_decide_during_the_shift_counts_at_once(place) -> None:
    """A withdrawal, a void code and a changed plan, each made by another process after the table was opened."""
    ledger, other = place.open(), place.open()
    first, second, third, last = packed(ledger)
    with ledger.scanning(JOB.id) as scanning:
        assert scanning.piece(first.piece_id).halt is None
        [code] = other.codes_of_pieces(KEY.shop, [first.piece_id])[first.piece_id]
        other.give_fate(Fate.VOID, {code: Told(date(2026, 4, 9), "lost")})
        with other.database.writing(other.id) as connection:
            insert_rows(connection, tables.withdrawn, [(KEY.shop, "1002", "2026-04-09", "by telephone")])
        moved = [first, second, third._replace(piece_id=""), last._replace(piece_id=third.piece_id)]
        other.keep_parcels(JOB.id, moved, [Event(JOB.id, third.piece_id, What.PULLED)])
        assert scanning.piece(first.piece_id).halt == (Why.VOID, date(2026, 4, 9))
        assert scanning.piece(second.piece_id).halt == (Why.WITHDRAWN, date(2026, 4, 9))
        assert scanning.piece(third.piece_id).due.shipment_id == last.shipment_id
        stored = [scanning.match(one.piece_id, one.shipment_id, "one").stored for one in (first, second, third)]
        assert stored == [False, False, False]
        assert scanning.match(third.piece_id, last.shipment_id, "one").stored
        standing = scanning.standing()
    assert [len(group) for group in standing[:4]] == [1, 0, 2, 1]


def test_a_match_that_the_plan_gives_up_is_to_be_taken_out(ledger) -> None:
    first, second, *rest = packed(ledger)
    with ledger.scanning(JOB.id) as scanning:
        for one in (first, second):
            assert scanning.match(one.piece_id, one.shipment_id, "one").stored
        ledger.keep_parcels(JOB.id, [first._replace(piece_id="", reason="withdrawn"), second, *rest])
        standing = scanning.standing()
        assert [one.piece_id for one in standing.recall] == [first.piece_id]
        assert [one.piece_id for one in standing.matched] == [second.piece_id]
        assert scanning.piece(first.piece_id).halt.why is Why.UNPLANNED


def test_a_pulled_piece_says_since_when(ledger) -> None:
    first, *rest = packed(ledger)
    ledger.keep_parcels(JOB.id, [first._replace(piece_id=""), *rest], [Event(JOB.id, first.piece_id, What.PULLED)])
    with ledger.scanning(JOB.id) as scanning:
        halt = scanning.piece(first.piece_id).halt
    assert halt.why is Why.PULLED
    assert halt.day


def test_a_station_takes_back_its_own_latest_match(ledger) -> None:
    first, second, third, _ = packed(ledger)
    with ledger.scanning(JOB.id) as scanning:
        for one, station in ((first, "one"), (second, "one"), (third, "two")):
            scanning.match(one.piece_id, one.shipment_id, station)
        assert [scanning.take_back("one").piece_id for _ in range(2)] == [second.piece_id, first.piece_id]
        assert scanning.take_back("one") is None
        assert scanning.match(first.piece_id, first.shipment_id, "two").stored
    [event] = ledger.events(KEY.shop, [second.piece_id])
    assert (event.what, event.told["station"], event.told["shipment"]) == (What.UNMATCHED, "one", "S2")


def test_refused_scans_are_counted_over_stations_and_sessions(place) -> None:
    ledger = place.open()
    packed(ledger)
    for station in ("one", "two"):
        with place.open().scanning(JOB.id) as scanning:
            scanning.refuse("foreign", station)
            scanning.refuse("wrong_parcel", station, "222222222222", "S1")
    with ledger.scanning(JOB.id) as scanning:
        assert scanning.standing().refused == {"foreign": 2, "wrong_parcel": 2}


def test_a_job_that_completes_another_is_scanned_as_that_one(ledger) -> None:
    first, *_ = packed(ledger)
    ledger.record(replace(JOB, id="abc235", part_of=JOB.id))
    with ledger.scanning("abc235") as scanning:
        assert scanning.job.id == JOB.id
        assert scanning.match(first.piece_id, first.shipment_id, "one").stored


def test_a_piece_that_lies_in_a_parcel_of_an_earlier_job_is_not_packed_twice(ledger) -> None:
    """The drop was printed again: its letters have the same numbers, and some are in parcels already."""
    first, second, *_ = planned = packed(ledger)
    with ledger.scanning(JOB.id) as scanning:
        scanning.match(first.piece_id, first.shipment_id, "one")
    ledger.record(replace(JOB, id="abc236"))
    ledger.keep_parcels("abc236", planned)
    with ledger.scanning("abc236") as scanning:
        assert scanning.piece(first.piece_id).match.job == JOB.id
        assert not scanning.match(first.piece_id, first.shipment_id, "one").stored
        assert scanning.match(second.piece_id, second.shipment_id, "one").stored
        assert len(scanning.standing().matched) == 2


def test_parcels_and_pieces_of_others_are_told_apart(ledger) -> None:
    """Another job of the shop is named; of another shop nothing is told."""
    packed(ledger)
    later, theirs = replace(KEY, drop=date(2026, 5, 1)), replace(KEY, shop="midori")
    other = packed(ledger, 2, 0, replace(JOB, id="abc237", drop=later.drop), later)
    ledger.keep_parcels(
        "abc237", [one._replace(shipment_id=f"X{n}", orders=(f'"%_{n}',)) for n, one in enumerate(other)]
    )
    foreign = packed(ledger, 1, 0, replace(JOB, id="abc238", shop="midori"), theirs)
    ledger.keep_parcels("abc238", [foreign[0]._replace(shipment_id="Y1", tracking="")])
    with ledger.scanning(JOB.id) as scanning:
        assert scanning.piece(other[0].piece_id).job == "abc237"
        assert [scanning.elsewhere([code]) for code in ("X1", "T2", '"%_1', "%", "Y1", "S3")] == [
            "abc237", "abc237", "abc237", "", "", "",
        ]  # fmt: skip
        assert scanning.piece(foreign[0].piece_id) is None


def scan_all(place, barrier, station: str, pipe) -> None:
    """What a station does: it scans every pair of the plan, each at the same moment as the other station."""
    with place.open().scanning(JOB.id) as scanning:
        planned = [one for one in scanning.parcels() if one.piece_id]
        stored = []
        for one in planned:
            barrier.wait(60)
            pair = scanning.match(one.piece_id, one.shipment_id, station)
            stored.append(pair.stored)
            assert pair.piece.match is not None
            assert pair.parcel.match == pair.piece.match
    pipe.send(stored)


def test_two_stations_at_the_same_moment_match_a_pair_once(place) -> None:
    ledger = place.open()
    packed(ledger, 60, 0)
    barrier = SPAWN.Barrier(2)
    pipes = [SPAWN.Pipe() for _ in range(2)]
    stations = [
        SPAWN.Process(target=scan_all, args=(place, barrier, name, theirs))
        for name, (_, theirs) in zip(("one", "two"), pipes, strict=True)
    ]
    for station in stations:
        station.start()
    try:
        first, second = (ours.recv() if ours.poll(120) else [] for ours, _ in pipes)
    finally:
        for station in stations:
            station.join(10)
            station.kill()
    assert [one + other for one, other in zip(first, second, strict=True)] == [1] * 60
    assert len(rows(ledger, tables.matches)) == 60
    with ledger.scanning(JOB.id) as scanning:
        assert len(scanning.standing().matched) == 60


def test_a_connection_that_the_server_closed_is_opened_again(place) -> None:
    """A table stands open the whole day; a restarted server must not end the shift."""
    ledger = place.open()
    first, *_ = packed(ledger)
    if ledger.database.file:
        pytest.skip("a file closes nothing")
    with ledger.scanning(JOB.id) as scanning:
        scanning.piece(first.piece_id)
        pid = scanning.kept.connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        scanning.kept.connection.rollback()
        with place.open().database.reading() as other:
            other.exec_driver_sql(f"SELECT pg_terminate_backend({pid})")
        assert scanning.match(first.piece_id, first.shipment_id, "one").stored
