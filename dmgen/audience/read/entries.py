"""Lists of people that are not customers lists: who is not to be written to, whose mail came back."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dmgen.audience.cells.keys import email_keys, phone_keys
from dmgen.audience.cells.text import damaged
from dmgen.audience.cells.vector import TEXT, Mask, is_empty
from dmgen.audience.read.columns import ADDRESS_PARTS, Mapping, mapping
from dmgen.audience.read.preset import Kind
from dmgen.audience.read.sheet import InputFile, Sheet, Source, refuse_damaged
from dmgen.audience.read.sources import open_list
from dmgen.errors import ListError
from dmgen.messages import mark
from dmgen.model.campaign import Shop

ADDRESS = ("address", *ADDRESS_PARTS[:-1])  # columns that say where somebody lives; a building alone does not
_READ = ("customer_id", "email", "phone", "name", "postal_code", *ADDRESS_PARTS, "address")

_AN_ENTRY = re.compile("[0-9０-９@＠]")


@dataclass(frozen=True, slots=True)
class Entries:
    """The rows of such a list: its own columns as cleaned text, and where they stand."""

    file: InputFile
    columns: dict[str, pa.Array]
    lines: NDArray[np.int64]

    def cells(self, name: str) -> pa.Array:
        """A column; empty cells where the list has none of this name."""
        return self.columns[name] if name in self.columns else pa.repeat(pa.scalar("", TEXT), len(self.lines))


def read_entries(path: Path, shop: Shop, ids: pa.Array, by: Collection[str]) -> Entries:
    """The entries of a list that names people by some of the columns `by`; `ids` are those of the customers.

    Raises ListError for a list that does not say who is meant, and for a damaged one: who stands in a row that
    cannot be read would get a letter.
    """
    source = open_list(path)
    mapped = mapping(source, replace(shop, source=""), Kind.CUSTOMERS)
    names = [name for name in _READ if name in mapped.names]
    sheet = mapped.read(names if set(by) & set(names) else source.header)
    refuse_damaged(sheet)
    if set(by) & set(names):
        entries = Entries(sheet.file, {name: mapped.text(sheet, name) for name in names}, sheet.lines)
    else:
        entries = _single_column(mapped, sheet, shop, ids, by)
    _refuse_damaged(entries)
    return entries


def refuse_nobody(entries: Entries, named: Mask) -> None:
    """Raises ListError for an entry that says nothing by which somebody could be found."""
    if not named.all():
        raise ListError(
            mark(
                "{file}, line {line}: this entry cannot be matched with anybody: it needs an id, an e-mail address, "
                "a phone number or an address. Complete it or remove the row."
            ),
            file=entries.file.path,
            line=int(entries.lines[np.argmin(named)]),
        )


def _single_column(mapped: Mapping, sheet: Sheet, shop: Shop, ids: pa.Array, by: Collection[str]) -> Entries:
    """A list of one column that no header names, or none that dmgen knows: told by what all its cells are."""
    source = mapped.source
    if len(source.header) != 1:
        raise _who_is_meant(source, shop, by)
    (header,) = source.header
    cells, lines = mapped.text(sheet, header), sheet.lines
    first = pa.array([header], TEXT)
    if _AN_ENTRY.search(header) or pc.is_in(first, value_set=ids)[0].as_py():  # no header: it is an entry itself
        cells, lines = pa.concat_arrays([first, cells]), np.concatenate([[1], lines])
    for name, is_one in (
        ("customer_id", lambda some: np.asarray(pc.is_in(some, value_set=ids))),
        ("email", lambda some: ~is_empty(email_keys(some))),
        ("phone", lambda some: ~is_empty(phone_keys(some))),
    ):
        fitting = is_one(cells)
        # Of ids some are enough: a list may name people who are no customers any more.
        told = fitting.any() if name == "customer_id" else len(cells) > 0 and fitting.all()
        if told and name in by:
            return Entries(replace(sheet.file, rows=len(cells)), {name: cells}, lines)
    raise _who_is_meant(source, shop, by)


def _who_is_meant(source: Source, shop: Shop, by: Collection[str]) -> ListError:
    return ListError(
        mark(
            "{file}: this list does not say who is meant. It has: {found}. It needs one of the columns {columns}, "
            "or, alone in it, the ids, e-mail addresses or phone numbers of customers. "
            "Name them in the header, or say in {shop} under [columns] which header is which."
        ),
        file=source.path,
        found=", ".join(source.header[:20]),
        columns=", ".join(by),
        shop=shop.file,
    )


def _refuse_damaged(entries: Entries) -> None:
    for name, cells in entries.columns.items():
        rows = damaged(cells)
        if rows.any():
            raise ListError(
                mark(
                    "{file}, line {line}: the column {column} holds damaged characters, so that nobody can be found "
                    "by it. Export the list again."
                ),
                file=entries.file.path,
                line=int(entries.lines[rows.argmax()]),
                column=name,
            )
