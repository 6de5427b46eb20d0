"""A symbol's grid is made of the bits of its number, line by line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.model.symbol import Symbol


def grids(most: int = 20) -> st.SearchStrategy[list[list[bool]]]:
    """Rows of modules, all of one length."""
    widths = st.integers(1, most)
    return widths.flatmap(
        lambda w: st.lists(st.lists(st.booleans(), min_size=w, max_size=w), min_size=1, max_size=most)
    )


@given(rows=grids(), upright=st.booleans())
def test_a_symbol_of_rows_has_these_rows(rows: list[list[bool]], upright: bool) -> None:
    symbol = Symbol.of_rows(rows, upright=upright)
    assert symbol.grid() == rows
    assert (symbol.columns, symbol.rows) == (len(rows[0]), len(rows))


@pytest.mark.parametrize(("upright", "bits"), [(False, "1000 0110"), (True, "100 010 010")])
def test_lines_run_along_rows_or_down_columns_with_a_guard_bit(upright: bool, bits: str) -> None:
    """The press draws the lines unbroken, so a bar of several rows must be one of them."""
    symbol = Symbol.of_rows([[True, False, False], [False, True, True]], upright=upright)
    assert symbol.modules == int(bits.replace(" ", ""), 2)
