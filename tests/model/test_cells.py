"""A guarded cell is no formula, and unguarding gives back exactly what was guarded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.model.cells import guard, unguard

SIGNS = tuple("=+-@\t\r＝＋－＠")
CELLS = st.text() | st.text(st.sampled_from("'=+-@\t\r＝＋－＠a1"), max_size=6)


@given(text=CELLS)
def test_a_guarded_cell_comes_back_as_it_was(text: str) -> None:
    assert unguard(guard(text)) == text


@given(one=CELLS, other=CELLS)
def test_two_cells_never_become_one(one: str, other: str) -> None:
    assert (guard(one) == guard(other)) == (one == other)


@given(text=CELLS)
def test_no_guarded_cell_starts_a_formula(text: str) -> None:
    assert not guard(text).startswith(SIGNS)


@pytest.mark.parametrize(
    ("text", "guarded"),
    [("=1+1", "'=1+1"), ("'=1+1", "''=1+1"), ("'90s", "'90s"), ("O'Neil", "O'Neil"), ("", ""), ("-5", "'-5")],
)
def test_only_what_would_run_is_changed(text: str, guarded: str) -> None:
    assert guard(text) == guarded
