"""Lengths, boxes, sizes and colours: every way to write them, and none besides."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.campaign import lengths
from dmgen.campaign.problems import RefusalError
from dmgen.model.layout import K100, Box

UNITS = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72}
DECIMALS = st.decimals(-10_000, 10_000, places=3)


@given(DECIMALS, st.sampled_from(sorted(UNITS)), st.sampled_from(["", " "]))
def test_a_length_with_a_unit_is_that_many_millimetres(number, unit, blank):
    assert lengths.length(f"{number}{blank}{unit}") == pytest.approx(float(number) * UNITS[unit])


@given(DECIMALS)
def test_a_bare_number_is_millimetres(number):
    assert lengths.length(float(number)) == float(number)


@given(st.one_of(st.text(), st.booleans(), st.none(), st.lists(st.integers()), st.dates()))
def test_whatever_else_is_refused_never_guessed(written):
    if isinstance(written, str) and written.rstrip("mcinpt").strip(" +-.0123456789") == "":
        return
    with pytest.raises(RefusalError):
        lengths.length(written)


@pytest.mark.parametrize("written", ["10", "１０mm", "10px", "mm", "1e3mm", "3  mm", "10mm\n", math.inf, math.nan])
def test_near_misses_are_refused(written):
    with pytest.raises(RefusalError):
        lengths.length(written)


def test_a_box_mixes_units():
    assert lengths.box([-3, "1cm", "1in", 5.5]) == Box(-3, 10, 25.4, 5.5)


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("A4", (210, 297)),
        ("A5", (148, 210)),
        ("hagaki", (100, 148)),
        ("B5", (182, 257)),
        ("Letter", (8.5 * 25.4, 11 * 25.4)),
        (["10cm", 148], (100, 148)),
    ],
)
def test_sheet_sizes(name, size):
    assert lengths.size(name) == pytest.approx(size)


def test_colours_are_shares():
    assert lengths.color("black") == K100
    assert lengths.color("white") == (0, 0, 0, 0)
    assert lengths.color([100, 50, 0, 12.5]) == (1, 0.5, 0, 0.125)


@pytest.mark.parametrize("written", ["red", "#fff", [0, 0, 0], [0, 0, 0, -1], [0, 0, 0, True], [0, 0, 0, math.nan], 0])
def test_other_colours_are_refused(written):
    with pytest.raises(RefusalError):
        lengths.color(written)
