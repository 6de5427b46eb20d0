"""The rectangles of a symbol cover its dark modules once each and nothing else."""

import itertools
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.model.symbol import Symbol
from dmgen.press.modules import module_runs
from tests.model.test_symbol import grids

symbols = st.builds(lambda rows, upright: Symbol.of_rows(rows, upright=upright), grids(45), st.booleans())


def _parsed(runs: bytes) -> list[tuple[int, ...]]:
    """(x, y, width, height) of each rectangle."""
    found = [re.fullmatch(r"(\d+) (\d+) (\d+) (\d+) re", line) for line in runs.decode().splitlines()]
    assert all(found)
    return [tuple(map(int, match.groups())) for match in found if match]


several = st.lists(symbols, max_size=4).flatmap(
    lambda kinds: st.lists(st.sampled_from(kinds), max_size=6) if kinds else st.just([])
)


@given(drawn=several)
@settings(max_examples=200, deadline=None)
def test_runs_are_the_dark_modules_of_each_symbol_once(drawn: list[Symbol]) -> None:
    """Of several sizes and kinds in any order: never the modules of another letter's symbol."""
    for symbol, runs in zip(drawn, module_runs(drawn), strict=True):
        painted = [[0] * symbol.columns for _ in range(symbol.rows)]
        for x, y, width, height in _parsed(runs):
            assert min(width, height) > 0
            for row, column in itertools.product(range(y, y + height), range(x, x + width)):
                painted[row][column] += 1
        assert painted == [[int(dark) for dark in row] for row in symbol.grid()]


@given(symbol=symbols)
@settings(max_examples=100, deadline=None)
def test_no_run_touches_another_of_its_line(symbol: Symbol) -> None:
    """Two rectangles end to end show a hairline between them on screens and some presses."""
    runs = _parsed(module_runs([symbol])[0])
    ends = sorted((x, y, height) if symbol.upright else (y, x, width) for x, y, width, height in runs)
    for (line, at, length), (next_line, next_at, _) in itertools.pairwise(ends):
        assert line != next_line or at + length < next_at


def test_bars_are_never_cut_into_rows() -> None:
    """A bar of an upright symbol is one rectangle from its top to its foot."""
    bars = Symbol.of_rows([[True, False, False], [True, True, False], [True, False, True]], upright=True)
    assert module_runs([bars]) == [b"0 0 1 3 re\n1 1 1 1 re\n2 2 1 1 re\n"]
