"""Customers: cleaned, checked row by row, each unusable row with its reason."""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dmgen.audience.cells.text import damaged, joined
from dmgen.audience.cells.values import NO, YES
from dmgen.audience.cells.vector import TEXT, Mask, Positions, each, is_empty, mask, matches, mend
from dmgen.audience.outcomes import Outcomes, texts
from dmgen.audience.read.columns import ADDRESS_PARTS, CUSTOMER_TEXT, Column, Mapping, check_columns
from dmgen.audience.read.sheet import InputFile, Sheet
from dmgen.errors import ListError
from dmgen.messages import mark
from dmgen.model.campaign import ColumnType, Shop
from dmgen.model.recipient import Outcome, fingerprint

_REQUIRED = ("customer_id", "name", "postal_code")
_SAID_NO = YES | {"×", "不可", "停止", "拒否", "不要", "希望しない"}
_MAY_MAIL = NO | {"○", "可", "希望する"}
_FREE, _UNCLEAR, _OPTED_OUT = 0, 1, 2
_POSTAL = r"^[0-9]{3}-[0-9]{4}$"
_POSTAL_WRITTEN = re.compile(r"(?:〒\s*)?([0-9]{3})\s?-?\s?([0-9]{4})")
_DIGITS_AND_HYPHENS = str.maketrans("０１２３４５６７８９‐‑–—―−－ーｰ", "0123456789" + "-" * 9)
_GENERIC_POSTAL_LENGTH = 12
_CHUNK = 50_000


@dataclass(frozen=True, slots=True)
class Ids:
    """Customer ids that orders may name: each once, with its row; `conflicting` ones are nobody's."""

    unique: pa.Array
    rows: Positions
    conflicting: Mask


@dataclass(frozen=True, slots=True)
class Customers:
    """The customers list after cleaning."""

    file: InputFile
    columns: dict[str, Column]
    lines: NDArray[np.int64]
    ids: Ids
    outcomes: Outcomes


def check_customers(mapped: Mapping, shop: Shop) -> None:
    """Refuse a customers list whose columns do not suffice. Raises ListError."""
    opt_out = () if shop.no_opt_out_recorded else ("dm_opt_out",)
    if opt_out and set(_REQUIRED) <= set(mapped.names) and "dm_opt_out" not in mapped.names:
        raise ListError(
            mark(
                "{file}: no column says who must not be mailed (dm_opt_out). The file has: {found}. "
                "Say in {shop} under [columns] which header it is, or, if nobody is recorded anywhere: "
                'dm_opt_out = "none recorded"'
            ),
            file=mapped.source.path,
            found=", ".join(mapped.source.header),
            shop=shop.file,
        )
    check_columns(mapped, shop, (*_REQUIRED, *opt_out), frozenset())
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


def read_customers(mapped: Mapping, shop: Shop) -> Customers:
    """The customers of a list, every row cleaned and the unusable ones settled."""
    sheet = mapped.read(mapped.names)
    columns = {name: _column(mapped, sheet, name, shop) for name in mapped.names}
    columns |= _name_parts(mapped, sheet, columns["name"].cells)
    given_postal = columns["postal_code"].cells
    columns["postal_code"] = Column(ColumnType.TEXT, _postal_codes(given_postal, shop.country))
    if "address" not in columns or "street" in columns:  # its parts are what letters print: the manifest says the same
        parts = _address(columns, shop.country)
        given = columns["address"].cells if "address" in columns else parts
        columns["address"] = Column(ColumnType.TEXT, pc.if_else(pa.array(is_empty(parts)), given, parts))
    outcomes = Outcomes(len(sheet.lines))
    ids, heard = _settle_ids(columns, sheet, outcomes)
    _settle_opt_out(columns, heard, outcomes)
    _settle_cells(columns, given_postal, _bad_postal(columns["postal_code"].cells, shop.country), outcomes)
    columns["line"] = Column(ColumnType.INT, pa.array(sheet.lines))
    columns["fingerprint"] = Column(ColumnType.TEXT, _fingerprints(columns))
    return Customers(sheet.file, columns, sheet.lines, ids, outcomes)


def _column(mapped: Mapping, sheet: Sheet, name: str, shop: Shop) -> Column:
    if name in CUSTOMER_TEXT:
        return mapped.column(sheet, name, shop.time_zone, ColumnType.TEXT)
    return mapped.column(sheet, name, shop.time_zone, ColumnType.DATE if name == "registered_on" else None)


def _name_parts(mapped: Mapping, sheet: Sheet, name: pa.Array) -> dict[str, Column]:
    """Family name up to the first blank, or the first of the headers that make the name; the rest."""
    parts = mapped.parts(sheet, "name")
    family = pc.replace_substring_regex(name, r"[ \x{3000}].*$", "")
    given = pc.replace_substring_regex(name, r"^[^ \x{3000}]*[ \x{3000}]?", "")
    if len(parts) > 1:
        whole = pa.array(is_empty(parts[0]))
        family = pc.if_else(whole, family, parts[0])
        given = pc.if_else(whole, given, joined(parts[1:], " "))
    return {"family_name": Column(ColumnType.TEXT, family), "given_name": Column(ColumnType.TEXT, given)}


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


def _settle_ids(columns: dict[str, Column], sheet: Sheet, outcomes: Outcomes) -> tuple[Ids, Positions]:
    """Ragged rows, missing ids, twins and conflicts.

    Also which row speaks for each customer about mail: of twins, the one that says no.
    """
    ids = columns["customer_id"].cells
    ragged = np.array(sorted(sheet.ragged), np.int64)
    notes = texts([sheet.ragged[row] for row in ragged])
    outcomes.settle(ragged, Outcome.REJECTED, "read", "ragged_row", "", notes)
    outcomes.settle_where(is_empty(ids), Outcome.REJECTED, "clean", "customer_id_missing", "customer_id")
    rows = np.flatnonzero(outcomes.open)
    coded = ids.take(pa.array(rows)).dictionary_encode()
    codes = np.asarray(coded.indices, np.int64)
    first = np.zeros(len(coded.dictionary), np.int64)
    first[codes[::-1]] = rows[::-1]  # of repeated indices the last assignment stays: the first row
    conflicting = np.zeros(len(first), np.bool_)
    heard = np.arange(len(ids))
    repeated = np.flatnonzero(np.bincount(codes, minlength=len(first))[codes] > 1)
    if len(repeated):
        frame = _signatures(columns, rows[repeated], codes[repeated])
        same = frame.groupby("code")["signature"].transform("nunique").to_numpy() == 1
        conflicting[frame["code"].to_numpy()[~same]] = True
        _settle_conflicts(frame[~same], ids, outcomes)
        twins = frame[same & frame.duplicated("code").to_numpy()]
        _hear_twins(columns, heard, first[twins["code"].to_numpy()], twins["row"].to_numpy())
        _settle_twins(twins, ids, outcomes)
    return Ids(coded.dictionary, first, conflicting), heard


def _signatures(columns: dict[str, Column], rows: Positions, codes: Positions) -> pd.DataFrame:
    who = [columns[name].cells.take(pa.array(rows)) for name in ("name", "postal_code", "address")]
    signature = pc.binary_join_element_wise(*who, pa.scalar("\x1f", TEXT))
    return pd.DataFrame({"code": codes, "row": rows, "signature": signature.to_pandas()})


def _settle_conflicts(frame: pd.DataFrame, ids: pa.Array, outcomes: Outcomes) -> None:
    rows = frame["row"].to_numpy()
    values = ids.take(pa.array(rows))
    outcomes.settle(rows, Outcome.REJECTED, "clean", "id_conflict", "customer_id", values)


def _settle_twins(frame: pd.DataFrame, ids: pa.Array, outcomes: Outcomes) -> None:
    rows = frame["row"].to_numpy()
    values = ids.take(pa.array(rows))
    outcomes.settle(rows, Outcome.DUPLICATE, "clean", "same_row_twice", "customer_id", values)


def _opt_out(cells: pa.Array) -> NDArray[np.int8]:
    return np.asarray(each(cells, _opt_out_word, pa.int8()))


def _opt_out_word(cell: str) -> int:
    word = unicodedata.normalize("NFKC", cell).strip().lower()
    return _OPTED_OUT if word in _SAID_NO else _FREE if word in _MAY_MAIL else _UNCLEAR


def _hear_twins(columns: dict[str, Column], heard: Positions, first: Positions, twins: Positions) -> None:
    """Let a twin speak for the first row where it is the more reluctant to get mail."""
    if "dm_opt_out" not in columns:
        return
    state = _opt_out(columns["dm_opt_out"].cells)
    order = np.argsort(state[twins], kind="stable")
    first, twins = first[order], twins[order]
    reluctant = state[twins] > state[first]
    heard[first[reluctant]] = twins[reluctant]


def _settle_opt_out(columns: dict[str, Column], heard: Positions, outcomes: Outcomes) -> None:
    """Who said no is suppressed before anything else is looked at; who may have, is for a person to read."""
    if "dm_opt_out" not in columns:
        return
    said = columns["dm_opt_out"].cells.take(pa.array(heard))
    state = _opt_out(said)
    outcomes.settle_where(state == _OPTED_OUT, Outcome.SUPPRESSED, "clean", "opted_out", "dm_opt_out", said)
    outcomes.settle_where(state == _UNCLEAR, Outcome.REVIEW, "clean", "opt_out_unclear", "dm_opt_out", said)


def _settle_cells(columns: dict[str, Column], given_postal: pa.Array, bad_postal: Mask, outcomes: Outcomes) -> None:
    def reject(rows: Mask, reason: str, field: str, cells: pa.Array | None = None) -> None:
        outcomes.settle_where(rows, Outcome.REJECTED, "clean", reason, field, cells)

    name, address = columns["name"].cells, columns["address"].cells
    reject(is_empty(name), "name_missing", "name")
    reject(damaged(name), "name_damaged", "name", name)
    reject(is_empty(given_postal), "postal_code_missing", "postal_code")
    reject(bad_postal, "postal_code_invalid", "postal_code", given_postal)
    reject(is_empty(address), "address_missing", "address")
    for part in (*ADDRESS_PARTS, "address"):
        if part in columns:
            reject(damaged(columns[part].cells), "address_damaged", part, columns[part].cells)
    for key, column in columns.items():
        if column.unclear is not None:
            reject(mask(pc.is_valid(column.unclear)), "value_unclear", key, column.unclear)


def _fingerprints(columns: dict[str, Column]) -> pa.Array:
    who = [columns[name].cells for name in ("customer_id", "name", "postal_code", "address")]
    chunks = []
    for start in range(0, len(who[0]), _CHUNK):
        rows = zip(*(cells.slice(start, _CHUNK).to_pylist() for cells in who), strict=True)
        chunks.append(pa.array([fingerprint(*row) for row in rows], TEXT))
    return pa.chunked_array(chunks, TEXT).combine_chunks()
