"""Seeds: letters to decoy addresses, by which a shop sees whether, when and how its mailing arrives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.vector import Positions
from dmgen.audience.clean.customers import Customers, check_customers, read_customers
from dmgen.audience.clean.derive import with_ids
from dmgen.audience.read.columns import CUSTOMER_TEXT, mapping
from dmgen.audience.read.preset import Kind
from dmgen.audience.read.sheet import InputFile
from dmgen.audience.read.sources import open_list
from dmgen.errors import ListError
from dmgen.messages import mark
from dmgen.model.audience import Duplicates, Lists
from dmgen.model.campaign import Campaign
from dmgen.model.production import Row
from dmgen.model.recipient import fingerprint
from dmgen.reasons import reason_words

# What says who somebody is, or about them alone: a decoy never takes it from a customer.
_THEIR_OWN = CUSTOMER_TEXT | {"family_name", "given_name", "address_b", "birthday", "line", "fingerprint"}


@dataclass(frozen=True, slots=True)
class Seeds:
    """The decoys of a campaign: each gets a letter in every segment that has letters.

    Their positions follow those of the customers, segment after segment. `rows` are their own cells by position;
    what these do not say (purchases, products, points …) they take from a customer of the segment, so that the letter
    reads like a real one.
    """

    files: tuple[InputFile, ...]
    first: int
    segments: tuple[str, ...]
    rows: tuple[Row, ...]

    def of(self, segment: str) -> Positions:
        """The positions of the decoys of a segment."""
        each = len(self.rows) // max(1, len(self.segments))
        start = self.first + self.segments.index(segment) * each
        return np.arange(start, start + each)

    def segment(self, position: int) -> str:
        """The segment of a decoy."""
        return self.segments[(position - self.first) * len(self.segments) // len(self.rows)]

    def row(self, position: int) -> Row:
        """A decoy's own cells."""
        return self.rows[position - self.first]


def read_seeds(campaign: Campaign, customers: Customers) -> Seeds:
    """The decoys that [lists] names, read as customers are; their ids say what they are and are nobody else's.

    Raises ListError for a decoy that no letter can be sent to.
    """
    segments = tuple(segment.id for segment in campaign.segments)
    path, first = campaign.lists.seeds, len(customers.lines)
    if path is None:
        return Seeds((), first, segments, ())
    mapped = mapping(open_list(path), replace(campaign.shop, source=""), Kind.CUSTOMERS)
    if "customer_id" not in mapped.names:
        mapped = with_ids(mapped, campaign.shop)
    theirs = replace(
        campaign,
        lists=Lists(customers=path, no_opt_out_recorded=True),
        choice=replace(campaign.choice, duplicates=Duplicates.EXACT),
    )
    check_customers(mapped, theirs)
    decoys = read_customers(mapped, theirs)
    _refuse_unusable(decoys)
    own = _own_cells(decoys, customers)
    rows = tuple(_named(row, segment) for segment in segments for row in own)
    _refuse_collision(decoys, rows, customers)
    return Seeds((decoys.file,), first, segments, rows)


def _own_cells(decoys: Customers, customers: Customers) -> list[Row]:
    """The decoys' cells in the columns that the customers have; who somebody is, is never left to others."""
    given = {name: column for name, column in decoys.columns.items() if name in customers.columns}
    same = {name: column for name, column in given.items() if column.type == customers.columns[name].type}
    cells: Mapping[str, Sequence[object]] = {name: column.cells.to_pylist() for name, column in same.items()}
    missing: Row = {
        name: "" if pa.types.is_large_string(column.cells.type) else None
        for name, column in customers.columns.items()
        if name in _THEIR_OWN and name not in same
    }
    return [missing | dict(zip(cells, row, strict=True)) for row in zip(*cells.values(), strict=True)]


def _named(row: Row, segment: str) -> Row:
    customer_id = f"seed-{segment}-{row['customer_id']}"
    person = fingerprint(customer_id, str(row["name"]), str(row["postal_code"]), str(row["address"]))
    return row | {"customer_id": customer_id, "fingerprint": person, "segment": segment}


def _refuse_unusable(decoys: Customers) -> None:
    for bad in decoys.outcomes.report("seeds", decoys.lines, decoys.columns["customer_id"].cells):
        raise ListError(
            mark("{file}, line {line}: no letter can be sent to this decoy: {reason}. Mend the row or remove it."),
            file=decoys.file.path,
            line=bad.line,
            reason=ListError(reason_words(bad.reason)),
        )


def _refuse_collision(decoys: Customers, rows: Sequence[Row], customers: Customers) -> None:
    ids = pa.array([row["customer_id"] for row in rows], customers.ids.unique.type)
    taken = pc.index_in(ids, value_set=customers.ids.unique).drop_null()
    if len(taken):
        raise ListError(
            mark("{file}: the customers list has the id {id}, which is a decoy's. Give the decoy another customer_id."),
            file=decoys.file.path,
            id=customers.ids.unique[taken[0].as_py()].as_py(),
        )
