"""Postal codes in one form, addresses in one line, and those that no letter can be sent to."""

import re

import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.text import damaged, joined
from dmgen.audience.cells.vector import Mask, is_empty, mask, matches, mend
from dmgen.audience.outcomes import Outcomes
from dmgen.audience.read.columns import ADDRESS_PARTS, Column
from dmgen.model.campaign import Campaign, ColumnType
from dmgen.model.recipient import Outcome

_POSTAL = r"^[0-9]{3}-[0-9]{4}$"
_POSTAL_WRITTEN = re.compile(r"(?:〒\s*)?([0-9]{3})\s?-?\s?([0-9]{4})")
_DIGITS_AND_HYPHENS = str.maketrans("０１２３４５６７８９‐‑–—―−－ーｰ", "0123456789" + "-" * 9)
_GENERIC_POSTAL_LENGTH = 12


def complete_addresses(columns: dict[str, Column], country: str) -> pa.Array:
    """Give `columns` its postal codes in one form and its address in one line; returns the codes as written."""
    given_postal = columns["postal_code"].cells
    columns["postal_code"] = Column(ColumnType.TEXT, _postal_codes(given_postal, country))
    if "address" not in columns or "street" in columns:  # its parts are what letters print: the manifest says the same
        parts = _address(columns, country)
        given = columns["address"].cells if "address" in columns else parts
        columns["address"] = Column(ColumnType.TEXT, pc.if_else(pa.array(is_empty(parts)), given, parts))
    return given_postal


def settle_addresses(
    columns: dict[str, Column], given_postal: pa.Array, campaign: Campaign, outcomes: Outcomes
) -> None:
    """Reject the rows that no letter can be sent to."""

    def reject(rows: Mask, reason: str, field: str, cells: pa.Array | None = None) -> None:
        outcomes.settle_where(rows, Outcome.REJECTED, "clean", reason, field, cells)

    address = columns["address"].cells
    reject(is_empty(given_postal), "postal_code_missing", "postal_code")
    bad_postal = _bad_postal(columns["postal_code"].cells, campaign.shop.country)
    reject(bad_postal, "postal_code_invalid", "postal_code", given_postal)
    reject(is_empty(address), "address_missing", "address")
    for part in (*ADDRESS_PARTS, "address"):
        if part in columns:
            reject(damaged(columns[part].cells), "address_damaged", part, columns[part].cells)


def _address(columns: dict[str, Column], country: str) -> pa.Array:
    """The address in one line: Japanese parts run on, a building stands off."""
    parts = [columns[name].cells for name in ADDRESS_PARTS if name in columns]
    if country != "JP":
        return joined(parts, ", ")
    building = [parts.pop()] if "building" in columns else []
    return joined([joined(parts, ""), *building], " ")


def _postal_codes(cells: pa.Array, country: str) -> pa.Array:
    """NNN-NNNN where the cell clearly says so; other cells stay as they are."""
    return mend(cells, ~matches(cells, _POSTAL), _postal_code) if country == "JP" else cells


def _postal_code(cell: str) -> str:
    text = cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell.removeprefix("'")
    found = _POSTAL_WRITTEN.fullmatch(text.translate(_DIGITS_AND_HYPHENS).strip())
    return f"{found[1]}-{found[2]}" if found else cell


def _bad_postal(cells: pa.Array, country: str) -> Mask:
    if country == "JP":
        return ~matches(cells, _POSTAL) | mask(pc.equal(cells, "000-0000"))
    return mask(pc.greater(pc.utf8_length(cells), _GENERIC_POSTAL_LENGTH))
