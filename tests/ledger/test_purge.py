"""Purging: nobody is named in the ledger any more, and what was issued, and how much of it, stands."""

import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, text

from dmgen.errors import LedgerError
from dmgen.ledger import CodePlace, Event, Fate, Ledger, Letter, RestoredPiece, Told, What, tables
from dmgen.model.history import Arm
from dmgen.model.offer import CodeKind
from dmgen.model.parcel import ParcelOutcome, PlannedParcel
from dmgen.model.production import JobState

from .conftest import KEY, coupons, rows
from .test_jobs import LATER, job

AT = datetime(2026, 12, 1, 3, 4, 5, tzinfo=UTC)
CANARY = "CANARY"
PEOPLE = [f"{CANARY}-{number}" for number in range(30)]
EVERY_TABLE = (
    *(tables.pieces, tables.codes, tables.jobs, tables.mailings, tables.assignments, tables.fates, tables.parcels),
    *(tables.events, tables.matches, tables.terms),
)


def filled(ledger, key=KEY, people=PEOPLE):
    """A drop of which every table has something to tell, of these people; returns its job and what was issued."""
    with ledger.issuing(key) as issuing:
        issued = issuing.issue(people, [coupons(len(people))])
        issuing.shared("everyone", "shared", lambda n: [f"TOGETHER{key.drop:%m}"])
        issuing.assign({who: Arm("vip", "ab"[number % 2]) for number, who in enumerate(people)})
        issuing.assign({f"{CANARY}-control": Arm("vip", "control")})
    one = job(ledger, key)
    ledger.record(one)
    planned = [
        PlannedParcel(
            f"{CANARY}-S{n}", "1", str(n), n, (f"{CANARY}-O{n}",), who, f"{CANARY}-T{n}", piece, ParcelOutcome.PIECE
        )
        for n, (who, piece) in enumerate(zip(people, issued.piece_ids, strict=True), 1)
    ]
    told = {"shipment": f"{CANARY}-S1", "reason": CANARY}
    first = CodePlace(issued.piece_ids[0], CodeKind.COUPON, "thanks", 0)
    void = {first: Told(date(2026, 4, 11), CANARY)}
    ledger.keep_parcels(one.id, planned, [Event(one.id, issued.piece_ids[0], What.REPRINTED, told | {"n": "1"})], void)
    with ledger.scanning(one.id) as scanning:
        assert scanning.match(issued.piece_ids[1], f"{CANARY}-S2", "table").stored
        scanning.refuse("wrong", f"{CANARY} table", issued.piece_ids[2], f"{CANARY}-S9")
    letters = (Letter(who, "ab"[number % 2]) for number, who in enumerate(people))
    ledger.mark_sent(one.id, date(2026, 4, 9), letters)
    return one, issued


def everything(ledger) -> str:
    return "\n".join(str(row) for table in EVERY_TABLE for row in rows(ledger, table))


def by(ledger, table, *columns) -> list[tuple]:
    return sorted(tuple(getattr(row, name) for name in columns) for row in _rows(ledger, table))


def _rows(ledger, table):
    with ledger.database.reading() as connection:
        return connection.execute(select(table)).all()


def test_nobody_is_named_and_everything_else_stands(ledger) -> None:
    one, _ = filled(ledger)
    assert CANARY in everything(ledger)
    counts = {
        "pieces": by(ledger, tables.pieces, "piece_id", "drop_on"),
        "codes": rows(ledger, tables.codes),
        "mailings": by(ledger, tables.mailings, "job", "variant"),
        "arms": by(ledger, tables.assignments, "segment", "arm"),
        "events": by(ledger, tables.events, "number", "at", "piece_id", "what"),
        "fates": by(ledger, tables.fates, "piece_id", "fate", "day"),
        "terms": rows(ledger, tables.terms),
    }
    made = ledger.purges.purge(one, AT, whole=True)
    assert CANARY not in everything(ledger)
    assert counts == {
        "pieces": by(ledger, tables.pieces, "piece_id", "drop_on"),
        "codes": rows(ledger, tables.codes),
        "mailings": by(ledger, tables.mailings, "job", "variant"),
        "arms": by(ledger, tables.assignments, "segment", "arm"),
        "events": by(ledger, tables.events, "number", "at", "piece_id", "what"),
        "fates": by(ledger, tables.fates, "piece_id", "fate", "day"),
        "terms": rows(ledger, tables.terms),
    }
    assert dict(made.rows) == {
        "pieces.kept": 31, "pieces.replaced": 30, "codes.kept": 31, "mailings.kept": 30, "mailings.replaced": 30,
        "assignments.kept": 31, "assignments.replaced": 31, "events.kept": 2, "events.cleaned": 2, "fates.cleaned": 1,
        "parcels.deleted": 30, "matches.deleted": 1,
    }  # fmt: skip
    purged = ledger.job(one.id, also_purged=True)
    assert (purged.pieces, purged.state, purged.sent_on) == (120, JobState.SENT, date(2026, 4, 9))
    assert purged.purged_on == AT.date()
    assert [one.purged_on for one in ledger.jobs()] == [AT.date()]


def test_a_second_purge_changes_nothing(ledger) -> None:
    """So that one that was cut short is simply done again."""
    one, _ = filled(ledger)
    made = ledger.purges.purge(one, AT, whole=True)
    before = everything(ledger)
    assert ledger.purges.purge(one, AT.replace(year=2027), whole=True) == made
    assert everything(ledger) == before


def test_another_drop_is_left_alone(ledger) -> None:
    filled(ledger, LATER)
    theirs = everything(ledger)
    one, _ = filled(ledger)
    ledger.purges.purge(one, AT, whole=True)
    left = [row for row in everything(ledger).split("\n") if row in theirs.split("\n")]
    assert sorted(left) == sorted(theirs.split("\n"))


def test_codes_are_known_and_never_issued_again(ledger) -> None:
    one, issued = filled(ledger)
    ledger.purges.purge(one, AT, whole=True)
    code = issued.codes[0][3]
    [found] = ledger.coupons(KEY.shop, [code])
    assert found.drop == KEY
    assert ledger.give_fate(Fate.USED, {found.place: Told(date(2026, 12, 2), "")}).new == [found.place]
    drawn = iter([[code], ["NEW"]])
    with ledger.issuing(LATER) as issuing:
        again = issuing.issue(["1"], [coupons(1, draw=lambda n: next(drawn))])
    assert again.codes == [["NEW"]]


def test_a_purged_drop_is_never_issued_or_restored_again(ledger) -> None:
    """The same people would get new codes, or be named again by a copy of the job."""
    one, issued = filled(ledger)
    ledger.purges.purge(one, AT, whole=True)
    before = everything(ledger)
    for attempt in (
        lambda: ledger.restore(KEY, [RestoredPiece(issued.piece_ids[0], PEOPLE[0])]),
        lambda: ledger.issuing(KEY).__enter__(),
    ):
        with pytest.raises(LedgerError, match=f"job {one.id} was purged on 2026-12-01.*--drop"):
            attempt()
    assert everything(ledger) == before


def test_a_purged_job_is_refused_wherever_it_is_named(ledger) -> None:
    one, _ = filled(ledger)
    ledger.purges.purge(one, AT, whole=True)
    for attempt in (
        lambda: ledger.job(one.id),
        lambda: ledger.mark_sent(one.id, date(2026, 12, 2)),
        lambda: ledger.cancel(one.id),
        lambda: ledger.judge(one.id, released=True),
        lambda: ledger.keep_parcels(one.id, []),
        lambda: ledger.scanning(one.id).__enter__(),
    ):
        with pytest.raises(LedgerError, match=f"^job {one.id} was purged on 2026-12-01"):
            attempt()


def test_who_said_no_is_remembered(ledger) -> None:
    """An objection stands after the letters are forgotten: else the next run would write to that person again."""
    one, _ = filled(ledger)
    ledger.withdraw(KEY.shop, {PEOPLE[0]: Told(date(2026, 4, 12), "telephone")})
    ledger.purges.purge(one, AT, whole=True)
    assert ledger.history(LATER).withdrawn == {PEOPLE[0]}


def test_the_letters_of_a_purged_job_count_no_more_for_anybody(ledger) -> None:
    """The frequency rules forget them, and no plan reads their stand-ins."""
    one, _ = filled(ledger)
    assert len(ledger.history(LATER).mailings) == 1
    ledger.purges.purge(one, AT, whole=True)
    assert ledger.history(LATER).mailings == ()
    assert ledger.history(LATER).customers == one.customers


def test_a_job_beside_one_that_stands_loses_its_parcels_only(ledger) -> None:
    """Who has which number is the standing one's; with that one everything goes."""
    one, _ = filled(ledger)
    first = replace(job(ledger), state=JobState.NOT_RELEASED)
    ledger.record(first)
    ledger.keep_parcels(first.id, [PlannedParcel("S1", "1", "1", 1, ("O1",), PEOPLE[0], "T1", "", ParcelOutcome.EMPTY)])
    made = ledger.purges.purge(first, AT, whole=False)
    assert dict(made.rows) == {"parcels.deleted": 1}
    assert ledger.job(first.id, also_purged=True).state is JobState.CANCELLED
    assert ledger.job(one.id).purged_on is None
    assert PEOPLE[5] in everything(ledger)
    assert ledger.purges.purge(one, AT, whole=True).rows["pieces.replaced"] == 30
    assert CANARY not in everything(ledger)


def test_a_finished_purge_names_its_certificate(ledger) -> None:
    one, _ = filled(ledger)
    assert ledger.purges.of_job(one.id) is None
    made = ledger.purges.purge(one, AT, whole=True)
    assert ledger.purges.of_job(one.id) == made
    ledger.purges.finish(one.id, "abc")
    assert ledger.purges.of_job(one.id) == replace(made, certificate="abc")


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_the_bytes_are_gone_from_the_file(place, journal) -> None:
    """Not only from the rows: nor in free pages, in a journal, or between rows."""
    ledger = place.open()
    if (file := ledger.database.file) is None:
        pytest.skip("SQLite's file")
    sqlite3.connect(file).execute(f"PRAGMA journal_mode = {journal}").fetchall()
    people = [f"{CANARY}-{number}" for number in range(3000)]
    one, _ = filled(ledger, people=people)
    beside = [file, *(file.with_name(file.name + end) for end in ("-wal", "-journal", "-shm"))]
    assert CANARY.encode() in b"".join(one.read_bytes() for one in beside if one.exists())
    ledger.purges.purge(one, AT, whole=True)
    ledger.purges.wipe()
    assert CANARY.encode() not in b"".join(one.read_bytes() for one in beside if one.exists())


def test_wiping_says_that_somebody_else_is_at_the_ledger(tmp_path, monkeypatch) -> None:
    """It is done again then: nothing is certified before."""
    monkeypatch.setattr("dmgen.ledger.database.PATIENCE", 0.1)
    ledger = Ledger.open("ledger.sqlite", tmp_path)
    other = sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerError, match="locked"):
        ledger.purges.wipe()
    other.close()


def test_postgresql_vacuums(place) -> None:
    ledger = place.open()
    one, _ = filled(ledger)
    ledger.purges.purge(one, AT, whole=True)
    ledger.purges.wipe()
    assert CANARY not in everything(ledger)


def test_a_ledger_of_format_4_is_brought_up_and_keeps_what_it_has(place) -> None:
    """An older dmgen, which does not know purges, opens it no more."""
    ledger = place.open()
    one, _ = filled(ledger)
    before = everything(ledger)
    with ledger.database.writing("test") as connection:
        tables.purges.drop(connection)
        connection.execute(text("UPDATE meta SET value = '4' WHERE key = 'format'"))
    opened = place.open()
    assert everything(opened) == before
    assert opened.job(one.id).purged_on is None
    with opened.database.reading() as connection:
        assert connection.scalar(select(tables.meta.c.value).where(tables.meta.c.key == "format")) == "5"
    opened.purges.purge(one, AT, whole=True)
    assert CANARY not in everything(opened)
