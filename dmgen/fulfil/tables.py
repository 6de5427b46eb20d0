"""CSV for people: UTF-8 with a byte order mark, CRLF, no cell that a spreadsheet would run."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from dmgen.model.cells import guard, unguard

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
MEND_COLUMNS = ("reason", "source", "line", "customer_id", "field", "value", "message", "what_to_do")
GROUP_COLUMNS = ("customer_id", "purchases", "spent", "tenure_days", "recency_days", "group", "lapsed")
PARCEL_COLUMNS = (
    *("place", "wave", "position", "shipment_id", "order_ids", "customer_id", "outcome", "reason", "piece_id"),
    *("match_key", "tracking", "file", "page"),
)
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


def read_table(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a table that dmgen wrote. Raises OSError, ValueError or csv.Error for what it did not."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            yield {name: unguard(value) for name, value in row.items()}
