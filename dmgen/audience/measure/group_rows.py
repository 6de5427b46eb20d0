"""The groups of the scheme as tables show them: who is in which, and how many each has."""

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.read.columns import Column

_CHUNK = 50_000
GroupRow = tuple[str, int, int | float, int, int, str, int]
_COLUMNS = ("customer_id", "purchases", "spent", "tenure_days", "recency_days", "group", "lapsed")


def group_rows(columns: Mapping[str, Column]) -> Iterator[GroupRow]:
    """The rows of groups.csv: every customer with a purchase, as listed; `lapsed` is 1 or 0."""
    if "purchases" not in columns:
        return
    buyers = np.flatnonzero(np.asarray(columns["purchases"].cells) > 0)
    for start in range(0, len(buyers), _CHUNK):
        rows = pa.array(buyers[start : start + _CHUNK])
        cells = [columns[name].cells.take(rows).to_pylist() for name in _COLUMNS]
        for *others, lapsed in zip(*cells, strict=True):
            yield (*others, int(lapsed))


def group_counts(columns: Mapping[str, Column]) -> dict[str, int]:
    """How many customers each group has."""
    counted = pc.value_counts(columns["group"].cells).to_pylist() if "group" in columns else []
    return {row["values"]: row["counts"] for row in counted if row["values"]}
