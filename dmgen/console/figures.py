"""Tables of money on a terminal: narrow, so that eight columns of figures fit into eighty."""

from collections.abc import Collection, Sequence

from rich.cells import cell_len
from rich.table import Table

from dmgen.terminal import new_table

UNKNOWN = "-"


def amount(value: int | None) -> str:
    """Whole yen, or a count."""
    return UNKNOWN if value is None else f"{value:,}"


def figures(
    title: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    texts: int = 1,
    without: Collection[int] = (),
) -> Table:
    """A table of `texts` columns of text, then of figures, which are never broken; some columns left out.

    A line feed in a heading is one in the table.
    """
    kept = [place for place in range(len(headings)) if place not in without]
    table = new_table(*(headings[place] for place in kept), numbers=range(texts, len(headings)))
    table.padding = (0, 0)
    table.title, table.title_justify = title, "left"
    for row in rows:
        table.add_row(*(row[place] for place in kept))
    for column, place in zip(table.columns, kept, strict=True):
        if place >= texts:
            cells = [*headings[place].split("\n"), *(row[place] for row in rows)]
            column.min_width = max(map(cell_len, cells))
    return table
