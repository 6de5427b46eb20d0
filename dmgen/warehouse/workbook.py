"""xlsx for people: frozen header, filters, text as text; the same rows make the same bytes."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

_MOST_ROWS = 1_048_575  # below the header: what a spreadsheet holds
_LONGEST = 32_767  # characters of a cell
_NO_XML = re.compile("[\ufffe\uffff\ud800-\udfff]")  # what a file cannot say at all
_BEFORE_TIME = datetime(1980, 1, 1)  # noqa: DTZ001  a workbook knows no zones; never the clock's time
_FONT = {"font_name": "Yu Gothic", "font_size": 11}


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its headers with their columns' widths (in characters), and its rows.

    A row's int is a number, anything else is text.
    """

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[str | int]]


def write_workbook(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write the sheets. Raises ValueError for more rows than a spreadsheet holds."""
    # Row by row, so that memory stays flat. Text has the format "@": what is typed over it stays text.
    with Workbook(str(path), {"constant_memory": True}) as book:
        book.set_properties({"created": _BEFORE_TIME})
        text, number = book.add_format({**_FONT, "num_format": "@"}), book.add_format(_FONT)
        head = book.add_format({**_FONT, "bold": True, "num_format": "@", "bg_color": "#E7E6E6"})
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet.name), sheet, head, text, number)


def _write_sheet(page: Worksheet, sheet: Sheet, head: Any, text: Any, number: Any) -> None:
    for place, (name, width) in enumerate(sheet.columns):
        page.set_column(place, place, width)
        page.write_string(0, place, name, head)
    page.freeze_panes(1, 0)
    count = 0
    for count, row in enumerate(sheet.rows, 1):
        if count > _MOST_ROWS:
            raise ValueError(f"more than {_MOST_ROWS} rows")
        for place, cell in enumerate(row):
            if isinstance(cell, int):
                page.write_number(count, place, cell, number)
            elif cell:
                page.write_string(count, place, _NO_XML.sub("", cell[:_LONGEST]), text)
            else:
                page.write_blank(count, place, None, text)
    page.autofilter(0, 0, count, len(sheet.columns) - 1)
