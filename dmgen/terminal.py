"""The terminal that people see: its console, and a table on it. It is standard error: results go to standard output."""

import sys
from collections.abc import Collection

from rich import box
from rich.console import Console
from rich.table import Table

_NUMBERS = (1,)  # the columns of most tables that hold numbers


def terminal() -> Console:
    """The console that everything for people is printed on."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=not sys.stderr.isatty())


def new_table(*headings: str, numbers: Collection[int] = _NUMBERS) -> Table:
    """An empty table; `numbers` are the places of the columns that are set to the right."""
    made = Table(box=box.SIMPLE_HEAD if sys.stderr.isatty() else box.ASCII2, pad_edge=False)
    for place, heading in enumerate(headings):
        made.add_column(heading, justify="right" if place in numbers else "left", overflow="fold")
    return made
