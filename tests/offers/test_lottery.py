"""Lottery numbers keep their length, and too few digits are refused with the number that is enough."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.errors import CampaignError
from dmgen.offers.lottery import check_ticket_space, draw


def test_numbers_have_their_digits_and_leading_zeros() -> None:
    numbers = draw(20_000, 5)
    assert {len(number) for number in numbers} == {5}
    assert set("".join(numbers)) == set("0123456789")
    assert any(number.startswith("0") for number in numbers)


def test_every_digit_comes_up_evenly() -> None:
    digits = "".join(draw(50_000, 4))
    for digit in "0123456789":
        assert 19_100 < digits.count(digit) < 20_900  # 20,000, give or take six standard deviations


def test_a_tenth_of_the_numbers_is_the_most() -> None:
    check_ticket_space(1000, 4)
    with pytest.raises(CampaignError, match=r"campaign\.toml: 1001 .*\[lottery\]: digits = 5"):
        check_ticket_space(1001, 4)


@given(st.integers(1, 10**9), st.integers(1, 8))
def test_the_advice_is_enough_and_no_more(tickets: int, digits: int) -> None:
    try:
        check_ticket_space(tickets, digits)
    except CampaignError as refused:
        needed = int(str(refused.values["needed"]))
        assert needed > digits
        check_ticket_space(tickets, needed)
        with pytest.raises(CampaignError):
            check_ticket_space(tickets, needed - 1)
