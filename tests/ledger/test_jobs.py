"""The states of a job, and the id under which it is known."""

import multiprocessing
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from dmgen.errors import LedgerError
from dmgen.model.parcel import ParcelOutcome, PlannedParcel
from dmgen.model.production import JobRecord, JobState

from .conftest import KEY

LATER = replace(KEY, drop=date(2026, 5, 10))


def job(ledger, key=KEY) -> JobRecord:
    return JobRecord(
        id=ledger.job_id(key),
        shop=key.shop,
        campaign=key.campaign,
        drop=key.drop,
        state=JobState.READY,
        folder="output/april-thanks/2026-04-10",
        pieces=120,
        created_on=date(2026, 4, 5),
    )


def test_a_killed_run_gets_its_id_again_and_the_next_run_another(place) -> None:
    ledger = place.open()
    first = ledger.job_id(KEY)
    assert place.open().job_id(KEY) == first
    assert len(first) == 6
    assert ledger.job_id(LATER) != first
    ledger.record(job(ledger))
    assert ledger.job_id(KEY) != first


def test_a_job_is_remembered_as_it_was_given(ledger) -> None:
    one, other = job(ledger), job(ledger, replace(KEY, shop="other"))
    ledger.record(one)
    ledger.record(other)
    assert ledger.jobs() == [one, other]
    assert ledger.jobs("aobado") == [one]
    assert ledger.job(one.id.upper()) == one


def test_a_later_job_supersedes_the_unsent_ones_of_its_drop(ledger) -> None:
    first, of_may = job(ledger), job(ledger, LATER)
    assert ledger.record(first) == ledger.record(of_may) == []
    second = job(ledger)
    assert ledger.record(second) == [first.id]
    assert [one.state for one in ledger.jobs()] == [JobState.SUPERSEDED, JobState.READY, JobState.READY]
    assert ledger.record(replace(second, pieces=7)) == []
    assert ledger.job(second.id).pieces == 7
    assert [one.id for one in ledger.jobs()] == [first.id, of_may.id, second.id]


def test_sent_is_final(ledger) -> None:
    first = job(ledger)
    ledger.record(first)
    assert ledger.sent_job(KEY) is None
    sent = ledger.mark_sent(first.id, date(2026, 4, 9))
    assert (sent.state, sent.sent_on) == (JobState.SENT, date(2026, 4, 9))
    assert ledger.sent_job(KEY) == ledger.job(first.id) == sent
    assert ledger.sent_job(LATER) is None
    assert ledger.record(job(ledger)) == []
    for change in (ledger.cancel, lambda job_id: ledger.mark_sent(job_id, date(2026, 4, 10))):
        with pytest.raises(LedgerError, match="sent"):
            change(first.id)
    with pytest.raises(LedgerError, match="sent"):
        ledger.record(first)
    assert ledger.job(first.id) == sent


@pytest.mark.parametrize("state", [JobState.SUPERSEDED, JobState.CANCELLED])
def test_only_a_ready_job_is_sent_or_cancelled(ledger, state) -> None:
    first = job(ledger)
    ledger.record(first)
    if state is JobState.CANCELLED:
        assert ledger.cancel(first.id).state is state
    else:
        ledger.record(job(ledger))
    with pytest.raises(LedgerError, match=state.value):
        ledger.mark_sent(first.id, date(2026, 4, 9))
    with pytest.raises(LedgerError, match=state.value):
        ledger.cancel(first.id)
    assert ledger.job(first.id).state is state


def test_an_unknown_job_is_answered_with_the_known_ones(ledger) -> None:
    ledger.record(job(ledger))
    with pytest.raises(LedgerError, match=ledger.jobs()[0].id):
        ledger.job("nobody")


def test_a_job_that_is_not_released_cannot_be_sent_until_it_is(ledger) -> None:
    first = replace(job(ledger), state=JobState.NOT_RELEASED)
    ledger.record(first)
    with pytest.raises(LedgerError, match=f"dmgen verify {first.id}"):
        ledger.mark_sent(first.id, date(2026, 4, 9))
    assert ledger.judge(first.id, released=True).state is JobState.READY
    assert ledger.judge(first.id, released=False).state is JobState.NOT_RELEASED
    assert ledger.job(first.id).state is JobState.NOT_RELEASED
    second = job(ledger)
    assert ledger.record(second) == [first.id], "a later job takes its place"
    assert ledger.judge(first.id, released=True).state is JobState.SUPERSEDED
    ledger.mark_sent(second.id, date(2026, 4, 9))
    assert ledger.judge(second.id, released=False).state is JobState.SENT


def test_a_job_that_is_not_released_can_be_cancelled(ledger) -> None:
    first = replace(job(ledger), state=JobState.NOT_RELEASED)
    ledger.record(first)
    assert ledger.cancel(first.id).state is JobState.CANCELLED


def parcels_that_end(how) -> Iterator[PlannedParcel]:
    yield PlannedParcel("S1", "A", "1", 1, ("O-1",), "1001", "T1", "222222222222", ParcelOutcome.PIECE)
    how()


def fault() -> None:
    raise RuntimeError("the power went")


def record_and_die(place, one: JobRecord) -> None:
    place.open().record(one, parcels_that_end(lambda: os._exit(9)))


@pytest.mark.parametrize("killed", [False, True])
def test_a_job_is_recorded_with_its_parcels_or_not_at_all(place, killed) -> None:
    """Without them it would be ready, and nobody could pack it; what it supersedes stands, too."""
    ledger = place.open()
    first = job(ledger)
    ledger.record(first, [])
    second = job(ledger)
    if killed:
        process = multiprocessing.get_context("spawn").Process(target=record_and_die, args=(place, second))
        process.start()
        process.join()
        assert process.exitcode == 9
    else:
        with pytest.raises(RuntimeError):
            ledger.record(second, parcels_that_end(fault))
    assert ledger.jobs() == [first]
    ledger.record(second, parcels_that_end(lambda: None))
    assert [one.shipment_id for one in ledger.parcels(second.id)] == ["S1"]
    assert ledger.job(first.id).state is JobState.SUPERSEDED
