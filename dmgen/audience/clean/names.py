"""Names: their parts, and those that cannot be printed."""

import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.text import damaged, joined
from dmgen.audience.cells.vector import Mask, is_empty
from dmgen.audience.outcomes import Outcomes
from dmgen.audience.read.columns import Column, Mapping
from dmgen.audience.read.sheet import Sheet
from dmgen.model.campaign import ColumnType
from dmgen.model.recipient import Outcome


def name_parts(mapped: Mapping, sheet: Sheet, name: pa.Array) -> dict[str, Column]:
    """Family name up to the first blank, or the first of the headers that make the name; the rest."""
    parts = mapped.parts(sheet, "name")
    family = pc.replace_substring_regex(name, r"[ \x{3000}].*$", "")
    given = pc.replace_substring_regex(name, r"^[^ \x{3000}]*[ \x{3000}]?", "")
    if len(parts) > 1:
        whole = pa.array(is_empty(parts[0]))
        family = pc.if_else(whole, family, parts[0])
        given = pc.if_else(whole, given, joined(parts[1:], " "))
    return {"family_name": Column(ColumnType.TEXT, family), "given_name": Column(ColumnType.TEXT, given)}


def settle_names(columns: dict[str, Column], outcomes: Outcomes) -> None:
    """Reject the rows without a name that can be printed."""

    def reject(rows: Mask, reason: str, cells: pa.Array | None = None) -> None:
        outcomes.settle_where(rows, Outcome.REJECTED, "clean", reason, "name", cells)

    name = columns["name"].cells
    reject(is_empty(name), "name_missing")
    reject(damaged(name), "name_damaged", name)
