"""A coupon code survives print, telephone and keyboard, or is known to be wrong."""

from datetime import date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.model.offer import CodeSource, Offer
from dmgen.offers.coupon import ALPHABET, LENGTH, check_character, draw, in_fours, is_valid, normalise, shown, slips

bodies = st.text(ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1)


def swap(code: str, one: int, other: int) -> str:
    characters = list(code)
    characters[one], characters[other] = characters[other], characters[one]
    return "".join(characters)


def test_drawn_codes_are_valid_and_differ() -> None:
    codes = draw(5000)
    assert all(is_valid(code) for code in codes)
    assert len(set(codes)) == 5000
    assert draw(0) == []


def test_every_place_takes_every_character() -> None:
    codes = draw(5000)
    assert all({code[place] for code in codes} == set(ALPHABET) for place in range(LENGTH))


def test_no_character_is_favoured() -> None:
    """682,000 characters: 22,000 of each, give or take six standard deviations."""
    characters = "".join(code[:-1] for code in draw(62_000))
    assert all(21_120 < characters.count(character) < 22_880 for character in ALPHABET)


def test_every_single_wrong_character_and_every_swap_is_caught() -> None:
    """Errors add up place by place modulo 31, so one body proves the weights; a few more cost nothing."""
    for code in draw(20):
        for place, character in product(range(LENGTH), ALPHABET):
            wrong = code[:place] + character + code[place + 1 :]
            assert is_valid(wrong) is (wrong == code)
        for one, other in product(range(LENGTH), repeat=2):
            wrong = swap(code, one, other)
            assert is_valid(wrong) is (wrong == code)


def test_every_pair_of_characters_is_caught_when_swapped_in_any_place() -> None:
    for place, one, other in product(range(LENGTH - 2), ALPHABET, ALPHABET):
        body = ["2"] * (LENGTH - 1)
        body[place : place + 2] = one, other
        code = "".join(body) + check_character("".join(body))
        assert is_valid(code)
        assert is_valid(swap(code, place, place + 1)) is (one == other)


@given(bodies, st.integers(0, LENGTH - 2), st.sampled_from(ALPHABET))
def test_a_doubled_character_mistaken_for_another_pair_is_caught(body: str, place: int, other: str) -> None:
    code = body + check_character(body)
    double = code[:place] + code[place] * 2 + code[place + 2 :]
    if is_valid(double):
        wrong = double[:place] + other * 2 + double[place + 2 :]
        assert is_valid(wrong) is (wrong == double)


@given(bodies)
def test_a_code_typed_as_printed_is_found(body: str) -> None:
    code = body + check_character(body)
    full_width = in_fours(code).translate({ord(c): ord(c) + 0xFEE0 for c in ALPHABET + "-"})
    for typed in (in_fours(code), in_fours(code).lower(), full_width, f" {code[:6]}　{code[6:]}\t", full_width.lower()):
        assert normalise(typed) == code


@pytest.mark.parametrize("hyphen", "-‐‑‒–—―−－ー─⁃­")
def test_any_hyphen_is_a_hyphen(hyphen: str) -> None:
    assert normalise(f"abcd{hyphen}efgh{hyphen}jkmn") == "ABCDEFGHJKMN"


@pytest.mark.parametrize("text", ["", "ABCD", "0" * 12, "ABCD-EFGH-JKM", "青葉堂青葉堂青葉堂青葉堂", "2" * 13])
def test_other_text_is_no_code(text: str) -> None:
    assert not is_valid(text)


def test_printed_in_fours() -> None:
    assert shown("ABCDEFGHJKMN", None) == "ABCD-EFGH-JKMN"
    assert shown("", None) == ""


@pytest.mark.parametrize("own", ["SUMMER", "SALE-2026-XY", "ABCDEFGHJKMN"])
def test_a_shop_s_own_code_is_printed_as_its_cart_knows_it(own: str) -> None:
    offer = Offer("own", "", 100, 0, date(2026, 5, 1), CodeSource.POOL, Path("codes.csv"))
    assert shown(own, offer) == own


@given(body=bodies, place=st.integers(0, LENGTH - 1), wrong=st.sampled_from(ALPHABET + "0O1IL"))
def test_a_code_is_found_again_behind_any_one_slip(body: str, place: int, wrong: str) -> None:
    """A wrong character, one left out, one too many, two neighbours that changed places."""
    code = body + check_character(body)
    head, tail = code[:place], code[place:]
    for typed in (
        head + wrong + tail[1:],
        head + tail[1:],
        head + wrong + tail,
        head + tail[1:2] + tail[:1] + tail[2:],
    ):
        if typed != code:
            assert code in [slip.code for slip in slips(typed)]
            assert all(is_valid(slip.code) for slip in slips(typed))
