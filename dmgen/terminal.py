"""The terminal that people see: its console, and a table on it. It is standard error: results go to standard output."""

import sys
from collections.abc import Collection, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

_NUMBERS = (1,)  # the columns of most tables that hold numbers


def terminal() -> Console:
    """The console that everything for people is printed on."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=not sys.stderr.isatty())


def new_table(*headings: str, numbers: Collection[int] = _NUMBERS) -> Table:
    """An empty table; the columns in the places `numbers` are set to the right."""
    made = Table(box=box.SIMPLE_HEAD if sys.stderr.isatty() else box.ASCII2, pad_edge=False)
    for place, heading in enumerate(headings):
        made.add_column(heading, justify="right" if place in numbers else "left", overflow="fold")
    return made


def filled_table(headings: Sequence[str], rows: Sequence[Sequence[str]], texts: int) -> Table:
    """A table of `texts` columns of text, then numbers, of which none is broken into two lines."""
    made = new_table(*headings, numbers=range(texts, len(headings)))
    for row in rows:
        made.add_row(*row)
    for column, cells in list(zip(made.columns, zip(*rows, strict=True), strict=True))[texts:]:
        column.min_width = max(map(cell_len, cells))
    return made
