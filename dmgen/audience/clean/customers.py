"""Customers: cleaned, checked row by row, each unusable row with its reason."""

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dmgen.audience.cells.vector import TEXT, mask
from dmgen.audience.clean.addresses import add_street_parts, complete_addresses, settle_addresses
from dmgen.audience.clean.consent import SAID_NO, UNCLEAR, read_channels, reluctance, settle_consent
from dmgen.audience.clean.duplicates import hold_persons, merge_persons, refuse_persons
from dmgen.audience.clean.identity import Ids, settle_ids
from dmgen.audience.clean.names import print_names, settle_names
from dmgen.audience.clean.notes import drop_notes
from dmgen.audience.clean.persons import find_persons
from dmgen.audience.clean.suppression import suppress_listed, suppress_returned, suppress_withdrawn
from dmgen.audience.outcomes import Outcomes
from dmgen.audience.read.columns import CUSTOMER_TEXT, CUSTOMER_TYPES, Column, Mapping, check_columns
from dmgen.audience.read.sheet import InputFile, Sheet
from dmgen.errors import ListError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, ColumnType, Shop
from dmgen.model.recipient import Outcome, fingerprint

_REQUIRED = ("customer_id", "name", "postal_code")
_CHUNK = 50_000


@dataclass(frozen=True, slots=True)
class Customers:
    """The customers list after cleaning; `lists` are those that suppressed some of them."""

    file: InputFile
    columns: dict[str, Column]
    lines: NDArray[np.int64]
    ids: Ids
    outcomes: Outcomes
    lists: tuple[InputFile, ...]


def check_customers(mapped: Mapping, campaign: Campaign) -> None:
    """Refuse a customers list whose columns do not suffice. Raises ListError."""
    shop = campaign.shop
    answered = {"dm_opt_out", "dm_allowed"} & set(mapped.names) or campaign.lists.no_opt_out_recorded
    if set(_REQUIRED) <= set(mapped.names) and not answered:
        raise ListError(
            mark(
                "{file}: no column says who must not be mailed: dm_opt_out (1 = no mail) or dm_allowed "
                "(1 = may be mailed). The file has: {found}. Say in {shop} under [columns] which header it is, or, "
                'if nobody is recorded anywhere, in campaign.toml under [lists]: opt_out = "none recorded"'
            ),
            file=mapped.source.path,
            found=", ".join(mapped.source.header),
            shop=shop.file,
        )
    check_columns(mapped, shop, (*_REQUIRED, *(() if answered else ("dm_opt_out",))), frozenset())
    if not {"address", "prefecture", "city", "town", "street"} & set(mapped.names):
        raise ListError(
            mark(
                "{file}: there is no address: give `address`, or some of prefecture, city, town, street. "
                "The file has: {found}. Say in {shop} under [columns] which header it is."
            ),
            file=mapped.source.path,
            found=", ".join(mapped.source.header),
            shop=shop.file,
        )


def read_customers(mapped: Mapping, campaign: Campaign, withdrawn: Collection[str] = ()) -> Customers:
    """The customers of a list, every row cleaned and the unusable ones settled.

    `withdrawn` are ids of customers who said no after an earlier run: as good as a no in the list.
    """
    shop = campaign.shop
    sheet = mapped.read(mapped.names)
    columns = {name: _column(mapped, sheet, name, shop) for name in mapped.names}
    columns["line"] = Column(ColumnType.INT, pa.array(sheet.lines))
    written_name = print_names(columns, mapped, sheet)
    read_channels(columns)
    postal = complete_addresses(columns, shop.country)
    outcomes = Outcomes(len(sheet.lines))
    ids, heard = settle_ids(columns, sheet, outcomes)
    persons = find_persons(columns, outcomes, campaign.choice.duplicates)
    said = reluctance(columns, len(sheet.lines))
    said = np.maximum(said, said[heard])
    named = suppress_listed(campaign, columns, outcomes)
    late = suppress_withdrawn(withdrawn, columns, outcomes)
    refuse_persons(persons, named.rows | late | (said == SAID_NO), sheet.lines, outcomes)
    settle_consent(columns, heard, outcomes)
    outcomes.settle_where(named.nearly, Outcome.REVIEW, "clean", "looks_like_listed", "name", columns["name"].cells)
    hold_persons(persons, said == UNCLEAR, sheet.lines, outcomes)
    drop_notes(columns, mapped)
    settle_names(columns, written_name, outcomes)
    remarks = settle_addresses(columns, postal, campaign, outcomes)
    _settle_types(columns, outcomes)
    returned = suppress_returned(campaign, columns, persons.person, outcomes)
    ids = merge_persons(persons, ids, columns, sheet.lines, outcomes)
    add_street_parts(columns, postal, campaign, outcomes.open)
    columns["fingerprint"] = Column(ColumnType.TEXT, _fingerprints(columns))
    file = replace(sheet.file, remarks=(*sheet.file.remarks, *remarks))
    return Customers(file, columns, sheet.lines, ids, outcomes, (*named.files, *returned))


def _column(mapped: Mapping, sheet: Sheet, name: str, shop: Shop) -> Column:
    kind = ColumnType.TEXT if name in CUSTOMER_TEXT else CUSTOMER_TYPES.get(name)
    return mapped.column(sheet, name, shop.time_zone, kind)


def _settle_types(columns: dict[str, Column], outcomes: Outcomes) -> None:
    for key, column in columns.items():
        if column.unclear is not None:
            unclear = mask(pc.is_valid(column.unclear))
            outcomes.settle_where(unclear, Outcome.REJECTED, "clean", "value_unclear", key, column.unclear)


def _fingerprints(columns: dict[str, Column]) -> pa.Array:
    who = [columns[name].cells for name in ("customer_id", "name", "postal_code", "address")]
    chunks = []
    for start in range(0, len(who[0]), _CHUNK):
        rows = zip(*(cells.slice(start, _CHUNK).to_pylist() for cells in who), strict=True)
        chunks.append(pa.array([fingerprint(*row) for row in rows], TEXT))
    return pa.chunked_array(chunks, TEXT).combine_chunks()
