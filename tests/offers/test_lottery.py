"""Lottery numbers: their forms, a check digit that misses no slip, and no number that tells of another."""

import re
from collections import Counter
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.errors import CampaignError
from dmgen.model.lottery import Form
from dmgen.offers.lottery import (
    check_digit,
    check_ticket_space,
    draw,
    is_valid,
    normalise,
    sample,
    shown,
    terms,
    widest,
    width,
)

PLAIN, CHECKED, GROUPED, BOTH = Form(5), Form(6, check=True), Form(6, 100), Form(6, 99, check=True)
FORMS = pytest.mark.parametrize("form", [PLAIN, CHECKED, GROUPED, BOTH, Form(4, 2), Form(12, 999, check=True)])
A_FORM = st.builds(Form, st.integers(4, 12), st.just(0) | st.integers(2, 999), st.booleans())
# Chi-square: the value that a uniform source exceeds once in a million tries, by degrees of freedom.
ONCE_IN_A_MILLION = {9: 45.1, 99: 176.7}


def chi_square(found: Counter[str], values: int) -> float:
    expected = sum(found.values()) / values
    return sum((count - expected) ** 2 / expected for count in found.values()) + (values - len(found)) * expected


@FORMS
def test_numbers_have_one_width_and_sort_by_group_and_number(form: Form) -> None:
    numbers = draw(5000, form)
    assert len({len(number) for number in numbers}) == 1
    assert all(number.isascii() and is_valid(number, form) for number in numbers)
    assert sorted(numbers) == sorted(numbers, key=lambda code: [int(part) for part in code.split("-")])
    assert any(number.partition("-")[2].startswith("0") or number.startswith("0") for number in numbers)


def test_the_groups_are_those_that_were_asked_for() -> None:
    groups = Counter(number[:2] for number in draw(60_000, Form(6, 99)))
    assert set(groups) == {f"{group:02d}" for group in range(1, 100)}
    assert chi_square(groups, 99) < ONCE_IN_A_MILLION[99]


# --- the check digit


def independent(body: str) -> str:
    """The same digit another way: the one that leads back to 0 (Damm's quasigroup has 0 all along its diagonal)."""
    rows = ["0317598642", "7092154863", "4206871359", "1750983426", "6123045978"]
    rows += ["3674209581", "5869720134", "8945362017", "9438617205", "2581436790"]
    state = "0"
    for digit in body:
        state = rows[int(state)][int(digit)]
    return next(digit for digit in "0123456789" if rows[int(state)][int(digit)] == "0")


def test_every_wrong_digit_and_every_swap_of_neighbours_is_caught() -> None:
    """Exhaustively: whatever stands before, a slip changes the state, and no later digit can mend it."""
    for body in map("".join, product("0123456789", repeat=4)):
        code = body + check_digit(body)
        for place, digit in product(range(5), "0123456789"):
            wrong = code[:place] + digit + code[place + 1 :]
            assert wrong == code or check_digit(wrong[:-1]) != wrong[-1], (code, wrong)
        for place in range(4):
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            assert swapped == code or check_digit(swapped[:-1]) != swapped[-1], (code, swapped)


@given(st.from_regex(r"[0-9]{1,20}", fullmatch=True))
def test_the_check_digit_agrees_with_a_second_implementation(body: str) -> None:
    assert check_digit(body) == independent(body)
    assert independent(body + check_digit(body)) == "0"


def test_the_example_of_the_literature() -> None:
    assert check_digit("572") == "4"


@given(A_FORM, st.data())
def test_no_slip_in_an_issued_number_is_valid(form: Form, data: st.DataObject) -> None:
    form = form._replace(check=True)
    code = next(iter(draw(20, form)))
    places = [place for place, digit in enumerate(code) if digit != "-"]
    place, digit = data.draw(st.sampled_from(places)), data.draw(st.sampled_from("0123456789"))
    if code[place] != digit:
        assert not is_valid(code[:place] + digit + code[place + 1 :], form)
    one, two = data.draw(st.sampled_from(list(pairwise(places))))
    if code[one] != code[two]:
        swapped = list(code)
        swapped[one], swapped[two] = swapped[two], swapped[one]
        assert not is_valid("".join(swapped), form)


# --- shown and typed


@pytest.mark.parametrize(
    ("code", "form", "japanese", "text"),
    [
        ("012-345678", GROUPED, True, "12組 345678番"),
        ("012-345678", GROUPED, False, "Group 12 No. 345678"),
        ("100-000678", GROUPED, True, "100組 000678番"),
        ("03456", PLAIN, True, "03456"),
        ("03456", PLAIN, False, "03456"),
    ],
)
def test_as_letters_show_it(code: str, form: Form, japanese: bool, text: str) -> None:
    assert shown(code, form, japanese=japanese) == text


@pytest.mark.parametrize(
    "typed",
    ["12組 345678番", "１２組３４５６７８番", "012組345 678", "12-345678", "12－345678", "012345678", " 012 345678 ",
     "12組　345678 番です", "Group 12 No. 345678"],
)  # fmt: skip
def test_as_people_type_it(typed: str) -> None:
    assert normalise(typed, GROUPED) == "012-345678"


@pytest.mark.parametrize("typed", ["", "組番", "12組", "1組 2組 3", "1234567890123", "12組 34567番"])
def test_what_is_no_number_is_not_valid(typed: str) -> None:
    assert not is_valid(normalise(typed, GROUPED), GROUPED)


@given(A_FORM, st.booleans())
def test_shown_and_typed_again(form: Form, japanese: bool) -> None:
    for code in draw(20, form):
        assert normalise(shown(code, form, japanese=japanese), form) == code
        assert normalise(code, form) == code


@given(A_FORM, st.text(max_size=40))
def test_anything_may_be_typed(form: Form, typed: str) -> None:
    is_valid(normalise(typed, form), form)


@given(A_FORM)
def test_the_widest_is_as_long_as_any(form: Form) -> None:
    """The fit measures with it: a number that is longer than it would run out of its box."""
    room = len(shown(widest("8", form), form, japanese=True))
    assert all(len(shown(code, form, japanese=True)) <= room for code in draw(50, form))
    for as_wide in (sample(7, form), widest("0", form)):
        assert len(shown(as_wide, form, japanese=True)) == room


# --- nobody's, and nobody's to guess


@given(A_FORM, st.integers(0, 99))
def test_samples_look_like_tickets_and_are_never_drawn(form: Form, n: int) -> None:
    code = sample(n, form)
    assert re.fullmatch(r"(\d+-)?\d+", code) and len(code) == len(widest("8", form))
    assert not is_valid(code, form)


def test_a_small_form_never_draws_a_sample() -> None:
    form = Form(4)
    assert not {sample(n, form) for n in range(100)} & set(draw(200_000, form))


@pytest.mark.parametrize("form", [Form(8), Form(6, 100)])
def test_numbers_show_no_pattern(form: Form) -> None:
    """By chi-square over every place, and over the differences of neighbours: of one letter, and from letter to letter.

    A counter, a linear congruence or a bias of a random byte would show in one of these.
    """
    numbers = [code.replace("-", "") for code in draw(60_000, form)]
    for place in range(width(form), len(numbers[0])):
        assert chi_square(Counter(code[place] for code in numbers), 10) < ONCE_IN_A_MILLION[9]
    for apart in (1, 2, 3, 500):
        differences = [(int(b) - int(a)) % 10**form.digits for a, b in zip(numbers, numbers[apart:], strict=False)]
        for power in range(form.digits):
            digits = Counter(str(difference // 10**power % 10) for difference in differences)
            assert chi_square(digits, 10) < ONCE_IN_A_MILLION[9]
        # Two places together, so that no digit tells of the one before it.
        pairs = Counter(f"{difference % 100:02d}" for difference in differences)
        assert chi_square(pairs, 100) < ONCE_IN_A_MILLION[99]


# --- room


def test_a_tenth_of_the_numbers_is_the_most() -> None:
    check_ticket_space(1000, Form(4))
    with pytest.raises(CampaignError, match=r"campaign\.toml: 1001 .*\[lottery\]: digits = 5"):
        check_ticket_space(1001, Form(4))
    check_ticket_space(3000, Form(4, 3))
    with pytest.raises(CampaignError, match=r"3001 .* 3 groups .* 4 digits.*\[lottery\]: digits = 5, or more groups"):
        check_ticket_space(3001, Form(4, 3))


@given(st.integers(1, 10**9), A_FORM)
def test_the_advice_is_enough_and_no_more(tickets: int, form: Form) -> None:
    try:
        check_ticket_space(tickets, form)
    except CampaignError as refused:
        needed = int(str(refused.values["needed"]))
        assert needed > form.digits
        check_ticket_space(tickets, form._replace(digits=needed))
        with pytest.raises(CampaignError):
            check_ticket_space(tickets, form._replace(digits=needed - 1))


def test_the_ledger_is_told_of_every_form() -> None:
    """A drop's numbers all have one form; that of ledgers from before groups is the digits alone."""
    forms = [Form(8), Form(6), Form(6, 100), Form(6, 99), Form(8, check=True), Form(6, 100, check=True)]
    assert [terms(form) for form in forms] == ["8", "6", "100x6", "99x6", "8+1", "100x6+1"]
