"""Trials: every arm as large as it should be in every stratum, the same lot whatever the order, recorded arms kept."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.audience.choose.assign import FREE, balanced, held_back, lots, strata_of
from dmgen.model.offer import DropKey

KEY = DropKey("aobado", "april", date(2026, 4, 10))
PEOPLE = st.lists(st.tuples(st.integers(0, 400), st.sampled_from("xyz")), unique_by=lambda p: p[0], max_size=60)
SHARE = st.sampled_from([0.01, 0.1, 0.29, 0.3, 0.5, 0.999])


def arms_of(people, arms: int, known=None) -> dict[int, int]:
    ids = [str(who) for who, _ in people]
    fixed = np.array([(known or {}).get(who, FREE) for who, _ in people], np.int64)
    return dict(
        zip([w for w, _ in people], balanced(strata(people), lots(KEY, "v", ids), fixed, arms).tolist(), strict=True)
    )


def held_of(people, share: float, known=None) -> set[int]:
    ids = [str(who) for who, _ in people]
    fixed = np.array([(known or {}).get(who, FREE) for who, _ in people], np.int64)
    held = held_back(strata(people), lots(KEY, "c", ids), fixed, share)
    return {who for (who, _), is_held in zip(people, held, strict=True) if is_held}


def strata(people):
    return strata_of([[group for _, group in people]])


def sizes(people, arm: dict[int, int], arms: int) -> list[list[int]]:
    """By stratum the size of each arm."""
    counted = Counter((group, arm[who]) for who, group in people)
    return [[counted[group, n] for n in range(arms)] for group in sorted({group for _, group in people})]


@given(PEOPLE, st.integers(2, 4))
def test_arms_are_even_in_every_stratum_and_as_a_whole(people, arms) -> None:
    arm = arms_of(people, arms)
    assert set(arm) == {who for who, _ in people}
    for row in sizes(people, arm, arms):
        assert max(row) - min(row) <= 1
    whole = Counter(arm.values())
    assert max(whole[n] for n in range(arms)) - min(whole[n] for n in range(arms)) <= 1


@given(PEOPLE, SHARE)
def test_a_control_group_is_its_share_rounded_in_all_and_in_every_stratum(people, share) -> None:
    held = held_of(people, share)
    exact = Fraction(str(share)) * len(people)
    assert len(held) == int(exact + Fraction(1, 2))
    for group, count in Counter(group for _, group in people).items():
        part = len([who for who, of in people if of == group and who in held])
        assert abs(part - Fraction(str(share)) * count) < 1


@given(PEOPLE, SHARE, st.integers(2, 4), st.randoms(use_true_random=False))
def test_the_order_of_the_list_decides_nothing(people, share, arms, shuffler: random.Random) -> None:
    shuffled = shuffler.sample(people, len(people))
    assert arms_of(shuffled, arms) == arms_of(people, arms)
    assert held_of(shuffled, share) == held_of(people, share)


@given(PEOPLE, PEOPLE, SHARE, st.integers(2, 4))
def test_who_has_an_arm_keeps_it_when_the_list_changes(before, after, share, arms) -> None:
    known = arms_of(before, arms)
    again = arms_of(after, arms, known)
    assert {who: again[who] for who, _ in after if who in known} == {w: known[w] for w, _ in after if w in known}
    held = held_of(before, share)
    parts = {who: int(who in held) for who, _ in before}
    assert {who for who in held_of(after, share, parts) if who in parts} == {w for w, _ in after if w in held}


@given(PEOPLE, st.integers(2, 3), st.data())
def test_new_people_mend_what_recorded_arms_left_uneven(people, arms, data) -> None:
    """No stratum is more uneven than what was recorded of it, and even where there were people enough for it."""
    known = {who: data.draw(st.integers(0, arms - 1)) for who, _ in people if data.draw(st.booleans())}
    arm = arms_of(people, arms, known)
    for group, row in zip(sorted({group for _, group in people}), sizes(people, arm, arms), strict=True):
        kept = Counter(known[who] for who, of in people if of == group and who in known)
        recorded = [kept[n] for n in range(arms)]
        new = sum(row) - sum(recorded)
        missing = sum(max(recorded) - n for n in recorded)
        assert max(row) - min(row) <= (1 if new >= missing else max(recorded) - min(recorded))


def test_a_lot_is_of_drop_purpose_and_person() -> None:
    """Otherwise the same people would be the control group of every drop."""
    ids = [str(n) for n in range(50)]
    first = lots(KEY, "control vip", ids)
    assert (lots(KEY, "control vip", ids) == first).all()
    assert len({int(n) for n in first}) == 50
    for other in (
        lots(replace(KEY, drop=date(2026, 5, 10)), "control vip", ids),
        lots(replace(KEY, campaign="may"), "control vip", ids),
        lots(KEY, "variant vip", ids),
    ):
        assert not (other == first).any()


def test_the_lot_is_the_same_on_every_machine() -> None:
    """A drop run again elsewhere must draw the same: the numbers themselves are promised."""
    assert lots(KEY, "control vip", ["1001", "青葉"]).tolist() == PROMISED


PROMISED = [12603208740350365081, 8252365521194048332]


@pytest.mark.parametrize("seed", range(3))
def test_arms_are_alike_in_what_nobody_looked_at(seed: int) -> None:
    """Drawn by lot: something that has no part in it is spread evenly (5 standard deviations)."""
    ids = [f"{seed}-{n}" for n in range(4000)]
    arms = balanced(np.zeros(4000, np.int64), lots(KEY, "v", ids), np.full(4000, FREE, np.int64), 2)
    odd = sum(n % 2 for n, arm in enumerate(arms) if arm == 0)
    assert abs(odd - 1000) < 5 * (2000 * 0.25) ** 0.5
