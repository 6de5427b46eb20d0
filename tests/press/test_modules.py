"""The rectangles of a symbol cover its dark modules once each and nothing else."""

import itertools
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.model.symbol import Symbol
from dmgen.press.modules import module_runs


@st.composite
def symbols(draw: st.DrawFn) -> Symbol:
    size = draw(st.integers(1, 45))
    rows = draw(st.lists(st.integers(0, 2**size - 1), min_size=size, max_size=size))
    modules = 0
    for row in rows:
        modules = modules << size + 1 | row << 1
    return Symbol(size, modules)


def _parsed(runs: bytes) -> list[tuple[int, int, int]]:
    lines = runs.decode().splitlines()
    found = [re.fullmatch(r"(\d+) (\d+) (\d+) 1 re", line) for line in lines]
    assert all(found)
    return [(int(m[1]), int(m[2]), int(m[3])) for m in found if m]


several = st.lists(symbols(), max_size=4).flatmap(
    lambda kinds: st.lists(st.sampled_from(kinds), max_size=6) if kinds else st.just([])
)


@given(drawn=several)
@settings(max_examples=200, deadline=None)
def test_runs_are_the_dark_modules_of_each_symbol_once(drawn: list[Symbol]) -> None:
    """Of several sizes in any order: never the modules of another letter's symbol."""
    for symbol, runs in zip(drawn, module_runs(drawn), strict=True):
        painted = [[0] * symbol.size for _ in range(symbol.size)]
        for x, y, width in _parsed(runs):
            assert width > 0
            assert x + width <= symbol.size
            for column in range(x, x + width):
                painted[y][column] += 1
        assert painted == [[int(dark) for dark in row] for row in symbol.rows()]


@given(symbol=symbols())
@settings(max_examples=100, deadline=None)
def test_no_run_touches_another_of_its_row(symbol: Symbol) -> None:
    """Two rectangles side by side show a hairline between them on screens and some presses."""
    runs = sorted((y, x, width) for x, y, width in _parsed(module_runs([symbol])[0]))
    for (y, x, width), (next_y, next_x, _) in itertools.pairwise(runs):
        assert y != next_y or x + width < next_x
