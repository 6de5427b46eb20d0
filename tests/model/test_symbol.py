"""A symbol's rows are the bits of its number."""

from hypothesis import given
from hypothesis import strategies as st

from dmgen.model.symbol import Symbol


def _squares(size: int) -> st.SearchStrategy[list[list[bool]]]:
    row = st.lists(st.booleans(), min_size=size, max_size=size)
    return st.lists(row, min_size=size, max_size=size)


@given(rows=st.integers(1, 20).flatmap(_squares))
def test_rows_are_the_modules_from_the_top_left(rows: list[list[bool]]) -> None:
    packed = int("".join("".join("01"[dark] for dark in row) + "0" for row in rows), 2)
    assert Symbol(len(rows), packed).rows() == rows
