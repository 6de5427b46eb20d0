"""Several processes at one ledger: nothing is lost, nothing is issued twice, a lock has a name and an end."""

import multiprocessing
import os
import signal
import socket
import time
from dataclasses import replace
from datetime import date, datetime

import pytest

from dmgen.errors import LedgerError
from dmgen.ledger import tables
from dmgen.model.offer import CodeKind, CodeOrder

from .conftest import KEY, coupons, recipients, rows

SPAWN = multiprocessing.get_context("spawn")


def few_digits(n: int) -> list[str]:
    """Candidates that both processes draw: without an order among them, they collide."""
    few_digits.next = getattr(few_digits, "next", 0)
    first, few_digits.next = few_digits.next, few_digits.next + n
    return [f"{number:06d}" for number in range(first, first + n)]


def issue_many(place, barrier, month: int, together: bool) -> None:
    barrier.wait(30)
    ledger = place.open()
    for turn in range(5):
        drop = date(2026, 1 if together else month, 1 + turn)
        with ledger.issuing(replace(KEY, drop=drop)) as issuing:
            issuing.issue(recipients(200), [CodeOrder(CodeKind.COUPON, "thanks", "t", range(200), few_digits)])


def keep(place, pipe) -> None:
    with place.open().hold("aobado"):
        pipe.send(os.getpid())
        time.sleep(120)


@pytest.mark.parametrize("together", [False, True], ids=["other drops", "the same drops"])
def test_two_processes_issue_at_once(place, together) -> None:
    barrier = SPAWN.Barrier(2)
    runs = [SPAWN.Process(target=issue_many, args=(place, barrier, month, together)) for month in (1, 2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join(120)
    assert [run.exitcode for run in runs] == [0, 0]
    ledger = place.open()
    stored = rows(ledger, tables.codes)
    drops = 5 if together else 10
    assert len(rows(ledger, tables.pieces)) == len(stored) == drops * 200
    assert len({code for *_, code in stored}) == drops * 200


def test_a_held_shop_is_refused_by_name_and_free_when_its_process_is_killed(place) -> None:
    ledger = place.open()
    ours, theirs = SPAWN.Pipe()
    holder = SPAWN.Process(target=keep, args=(place, theirs))
    holder.start()
    try:
        assert ours.poll(60)
        pid = ours.recv()
        started = time.monotonic()
        with pytest.raises(LedgerError) as refused, ledger.hold("aobado"):
            pass
        assert time.monotonic() - started < 5
        said = str(refused.value)
        assert str(pid) in said
        assert socket.gethostname() in said
        assert f"since {datetime.now().astimezone():%Y-}" in said
        with ledger.hold("other"), ledger.issuing(KEY) as issuing:
            issuing.issue(recipients(1), [coupons(1)])
        os.kill(pid, signal.SIGKILL)
        holder.join(30)
        assert is_free(ledger)
    finally:
        holder.kill()


def is_free(ledger) -> bool:
    """A server notices the end of a process within a moment."""
    for _ in range(100):
        try:
            with ledger.hold("aobado"):
                return True
        except LedgerError:
            time.sleep(0.05)
    return False


def test_a_hold_ends_with_its_block_even_by_an_exception(place) -> None:
    with pytest.raises(KeyboardInterrupt), place.open().hold("aobado"):
        with pytest.raises(LedgerError, match=str(os.getpid())), place.open().hold("aobado"):
            pass
        raise KeyboardInterrupt
    with place.open().hold("aobado"):
        pass
