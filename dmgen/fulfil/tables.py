"""CSV for people: UTF-8 with a byte order mark, CRLF, no cell that a spreadsheet would run."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from dmgen.model.cells import guard

BOM = "\ufeff"
REJECTION_COLUMNS = (
    "source",
    "line",
    "customer_id",
    "stage",
    "outcome",
    "reason",
    "field",
    "value",
    "message",
)
GROUP_COLUMNS = ("customer_id", "purchases", "spent", "tenure_days", "recency_days", "group", "lapsed")
CONTROL_COLUMNS = ("customer_id", "segment", "group")


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return guard(value)
    return int(value) if isinstance(value, bool) else value


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a table with its header; returns the number of rows."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(BOM)
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            writer.writerow([_cell(value) for value in row])
            count += 1
    return count
