"""What the ledger remembers of people: letters that were sent, arms of trials, the size of a campaign's list."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from dmgen.errors import LedgerError
from dmgen.ledger import Ledger, Letter, RestoredPiece, tables
from dmgen.model.history import NO_HISTORY, Arm, Mailing
from dmgen.model.production import JobState

from .conftest import KEY, coupons, recipients, rows
from .test_jobs import LATER, job

OTHER = replace(KEY, campaign="may")
SENT_ON = date(2026, 4, 9)


LETTERS = (Letter("1001"), Letter("1002", "b"))


def sent(ledger, key=KEY, letters=LETTERS) -> str:
    """A job of a drop, printed and sent to these people."""
    one = job(ledger, key)
    ledger.record(one)
    ledger.mark_sent(one.id, SENT_ON, letters)
    return one.id


def test_only_who_got_a_letter_of_a_sent_job_is_remembered(ledger) -> None:
    """Printed, superseded and cancelled jobs have reached nobody."""
    for key in (OTHER, LATER):
        ledger.record(job(ledger, key))
    assert ledger.history(KEY).mailings == ()
    ledger.cancel(ledger.jobs()[0].id)
    job_id = sent(ledger, OTHER)
    assert ledger.history(KEY).mailings == (Mailing(SENT_ON, ["1001", "1002"]),)
    assert rows(ledger, tables.mailings) == [(job_id, "1001", ""), (job_id, "1002", "b")]


def test_a_drop_knows_its_own_mailing(ledger) -> None:
    """So that it never counts against itself; another campaign's and an earlier drop of the same one do."""
    for key in (KEY, OTHER, LATER):
        sent(ledger, key)
    assert [mailing.own for mailing in ledger.history(KEY).mailings] == [True, False, False]
    assert [mailing.own for mailing in ledger.history(LATER).mailings] == [False, False, True]


def test_another_shop_in_the_same_ledger_is_not_ours(ledger) -> None:
    sent(ledger, replace(KEY, shop="other"))
    assert ledger.history(KEY) == NO_HISTORY


def test_a_job_that_was_refused_leaves_no_recipients(ledger) -> None:
    job_id = sent(ledger)
    with pytest.raises(LedgerError):
        ledger.mark_sent(job_id, SENT_ON, [Letter("9999")])
    assert ledger.history(OTHER).mailings == (Mailing(SENT_ON, ["1001", "1002"]),)


def test_a_lost_folder_counts_everybody_who_had_a_number(ledger) -> None:
    """Rather too many than too few; the recipient of shared codes is nobody."""
    with ledger.issuing(KEY) as issuing:
        issuing.issue(recipients(3), [coupons(3)])
        issuing.shared("everyone", "shared", lambda n: ["TOGETHER"])
    sent(ledger, letters=None)
    assert ledger.history(OTHER).mailings == (Mailing(SENT_ON, recipients(3)),)


def test_many_recipients_go_through_in_chunks(ledger, monkeypatch) -> None:
    monkeypatch.setattr("dmgen.ledger.tables.CHUNK", 7)
    sent(ledger, letters=(Letter(who) for who in recipients(30)))
    [mailing] = ledger.history(OTHER).mailings
    assert sorted(mailing.recipients) == recipients(30)


def test_the_arms_of_a_drop_are_kept_and_those_that_change_are_replaced(ledger) -> None:
    first = {"1": Arm("vip", "a"), "2": Arm("vip", "control"), "3": Arm("rest", "")}
    with ledger.issuing(KEY) as issuing:
        issuing.assign(first)
    assert ledger.history(KEY).arms == first
    assert ledger.history(LATER).arms == ledger.history(OTHER).arms == {}
    with ledger.issuing(KEY) as issuing:
        issuing.assign({"3": Arm("vip", "b"), "4": Arm("vip", "a")})
    assert ledger.history(KEY).arms == first | {"3": Arm("vip", "b"), "4": Arm("vip", "a")}


def test_arms_are_taken_back_with_the_numbers(ledger) -> None:
    with pytest.raises(KeyboardInterrupt), ledger.issuing(KEY) as issuing:
        issuing.assign({"1": Arm("vip", "a")})
        raise KeyboardInterrupt
    assert ledger.history(KEY).arms == {}


def test_restored_arms_fill_gaps_only(ledger) -> None:
    with ledger.issuing(KEY) as issuing:
        issuing.assign({"1": Arm("vip", "a")})
    piece = RestoredPiece("222222222222", "2")
    assert ledger.restore(KEY, [piece], {"1": Arm("vip", "b"), "2": Arm("vip", "b")}).new["pieces"] == 1
    assert ledger.history(KEY).arms == {"1": Arm("vip", "a"), "2": Arm("vip", "b")}


def test_the_last_list_is_that_of_the_campaigns_latest_other_drop(ledger) -> None:
    """Not of this drop's own earlier run, of another campaign, nor of a job that was cancelled."""
    drops = [date(2026, 2, 1), date(2026, 1, 1), date(2026, 3, 1), KEY.drop]
    for customers, drop in enumerate(drops, 1):
        ledger.record(replace(job(ledger, replace(KEY, drop=drop)), customers=customers * 100))
    ledger.record(replace(job(ledger, OTHER), customers=7))
    assert ledger.history(KEY).customers == 300
    assert ledger.history(LATER).customers == 400
    ledger.cancel(ledger.jobs()[2].id)
    assert ledger.history(KEY).customers == 100
    assert ledger.jobs()[0].customers == 100


def test_looking_makes_no_ledger(tmp_path: Path) -> None:
    assert Ledger.find("ledger.sqlite", tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_a_ledger_that_is_there_is_found(place) -> None:
    made = place.open()
    found = Ledger.find(place.url, place.base)
    assert found is not None
    assert found.id == made.id


def old(ledger: Ledger) -> None:
    """The ledger as format 1 had it."""
    with ledger.database.writing("test") as connection:
        for table in (tables.mailings, tables.assignments):
            table.drop(connection)
        connection.execute(text("ALTER TABLE jobs DROP COLUMN customers"))
        connection.execute(text("UPDATE meta SET value = '1' WHERE key = 'format'"))


def test_a_ledger_of_format_1_is_brought_up_and_counts_who_had_numbers(place) -> None:
    """Its sent jobs do not say who got them: everybody with a number in the drop; unsent ones reached nobody."""
    ledger = place.open()
    with ledger.issuing(KEY) as issuing:
        before = issuing.issue(recipients(3), [coupons(3)])
    with ledger.issuing(LATER) as issuing:
        issuing.issue(recipients(5), [])
    job_id = sent(ledger, letters=())
    ledger.record(job(ledger, LATER))
    old(ledger)
    opened = place.open()
    assert opened.id == ledger.id
    assert opened.history(OTHER).mailings == (Mailing(SENT_ON, recipients(3)),)
    assert [one.state for one in opened.jobs()] == [JobState.SENT, JobState.READY]
    assert opened.job(job_id).customers is None
    with opened.issuing(KEY) as issuing:
        assert issuing.issue(recipients(3), [coupons(3)]) == before
    assert place.open().history(OTHER) == opened.history(OTHER), "once is enough"
