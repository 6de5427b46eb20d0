"""Work is done in order by any number of processes; a lost process never passes silently."""

import os
from collections.abc import Iterator

import pytest

from dmgen.errors import CampaignError, OutputError
from dmgen.workshop import Workshop


def _double(kit: int, job: int) -> int:
    return kit * job


def _refuse_three(kit: int, job: int) -> int:
    if job == 3:
        raise CampaignError("{file}: wrong", file="letter.toml")
    return job


def _die_at_three(kit: int, job: int) -> int:
    if job == 3:
        os._exit(9)
    return job


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_jobs(workers: int) -> None:
    with Workshop(2, workers) as workshop:
        assert list(workshop.each(_double, iter(range(20)))) == [2 * i for i in range(20)]
        assert list(workshop.each(_double, [])) == []
        assert list(workshop.each(_double, [1])) == [2]


@pytest.mark.parametrize("workers", [1, 2])
def test_jobs_are_drawn_only_as_fast_as_they_are_done(workers: int) -> None:
    """Rows of a million customers are never all in memory."""
    drawn: list[int] = []

    def jobs() -> Iterator[int]:
        for i in range(50):
            drawn.append(i)
            yield i

    with Workshop(2, workers) as workshop:
        for done, _ in enumerate(workshop.each(_double, jobs()), 1):
            assert len(drawn) <= done + workers + 2


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_worker_has_to_say_reaches_the_user(workers: int) -> None:
    with pytest.raises(CampaignError) as caught, Workshop(2, workers) as workshop:
        list(workshop.each(_refuse_three, range(10)))
    assert str(caught.value) == "letter.toml: wrong"


def test_a_worker_that_is_killed_is_told_in_words() -> None:
    with pytest.raises(OutputError, match="--workers 1"), Workshop(2, 2) as workshop:
        list(workshop.each(_die_at_three, range(10)))
