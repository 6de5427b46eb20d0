"""The products lookup: words and pictures by sku."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dmgen.audience.cells.text import clean_lines
from dmgen.audience.cells.values import numbers, typed, unclear
from dmgen.audience.cells.vector import TEXT, Positions, each, is_empty, mask
from dmgen.audience.clean.orders import Orders
from dmgen.audience.read.columns import Column, Mapping
from dmgen.audience.read.sheet import InputFile, Sheet, refuse_damaged
from dmgen.errors import ListError
from dmgen.messages import mark
from dmgen.model.campaign import ColumnType, Shop
from dmgen.model.production import Cell, Record

_KEY = "sku"
_TYPES = {"trial": ColumnType.FLAG, "out_of_stock": ColumnType.FLAG, "stock": ColumnType.NUMBER}
_MARGIN = "margin"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The products lookup."""

    file: InputFile
    columns: tuple[str, ...]
    records: dict[str, Record]

    @property
    def out_of_stock(self) -> frozenset[str]:
        """The skus of products that are flagged so, or of which no piece is left."""
        return frozenset(sku for sku, record in self.records.items() if record.out_of_stock or _none_left(record))


class Records(Protocol):
    """A record for each piece: what words call product, parcel …"""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that its records may have; "*" where nobody knows them."""

    def of(self, positions: Positions) -> list[Cell]:
        """The records of these pieces."""


class Products:
    """A product for each customer; customers with the same one share its record.

    `columns` are those that its records may have, "*" where nobody knows them.
    """

    def __init__(self, records: list[Record], of_customer: NDArray[np.int32], columns: tuple[str, ...]) -> None:
        self.columns = columns
        self._records = records
        self._of_customer = of_customer

    def of(self, positions: Positions) -> list[Cell]:
        """The records of these customers; an empty one where nothing is known."""
        return [self._records[index] for index in self._of_customer[positions].tolist()]


def latest_products(orders: Orders | None, catalogue: Catalogue | None, customers: int) -> Products:
    """What each customer bought last (by day, then by place in the file): by sku, else the bare name.

    Who has a parcel today gets what is in it, whatever was ordered since.
    """
    of_customer = np.zeros(customers, np.int32)
    records = [Record({})]
    columns = _columns(orders, catalogue)
    if orders is None or not orders.goods:
        return Products(records, of_customer, columns)
    by_day = np.lexsort((orders.purchases["day"].to_numpy(), orders.purchases["shipped"].to_numpy()))
    latest = np.full(customers, -1)
    latest[orders.purchases["customer"].to_numpy()[by_day]] = by_day  # the last assignment stays
    buyers = np.flatnonzero(latest >= 0)
    blank = pa.array([""], TEXT).take(pa.array(np.zeros(len(orders.purchases), np.int8)))
    goods = [orders.goods.get(name, blank).take(pa.array(latest[buyers])) for name in ("sku", "product")]
    pairs = pc.binary_join_element_wise(*goods, pa.scalar("\x1f", TEXT)).dictionary_encode()
    by_sku = catalogue.records if catalogue else {}
    by_name = {"": records[0]}
    for sku, name in (pair.split("\x1f") for pair in pairs.dictionary.to_pylist()):
        records.append(by_sku.get(sku) or by_name.setdefault(name, Record({"name": name})))
    of_customer[buyers] = np.asarray(pairs.indices) + 1
    return Products(records, of_customer, columns)


def _columns(orders: Orders | None, catalogue: Catalogue | None) -> tuple[str, ...]:
    if catalogue is None:
        return ("*",)
    named = orders is not None and "product" in orders.goods
    return tuple(dict.fromkeys((*catalogue.columns, "name") if named else catalogue.columns))


def cleaned_lines(cells: pa.Array) -> pa.Array:
    """A text column, every cell cleaned line by line."""
    return each(cells, clean_lines, TEXT)


def check_products(mapped: Mapping) -> None:
    """Refuse a lookup, or a list of products, without its key. Raises ListError."""
    if _KEY not in mapped.names:
        raise ListError(
            mark("{file}: the products list needs the column sku. The file has: {found}."),
            file=mapped.source.path,
            found=", ".join(mapped.source.header),
        )


def read_products(mapped: Mapping, shop: Shop) -> Catalogue:
    """The lookup. Raises ListError: it is the shop's own file, and to be mended there."""
    sheet = mapped.read(mapped.names)
    refuse_damaged(sheet)
    columns = {name: _column(mapped, sheet, name, shop.time_zone) for name in mapped.names}
    columns[_KEY] = Column(ColumnType.TEXT, mapped.text(sheet, _KEY))
    _check_keys(sheet, columns[_KEY].cells)
    _check_values(sheet, columns)
    rows = zip(*(column.cells.to_pylist() for column in columns.values()), strict=True)
    records = [Record(dict(zip(columns, row, strict=True))) for row in rows]
    return Catalogue(sheet.file, tuple(columns), {str(record.sku): record for record in records})


def read_skus(mapped: Mapping) -> tuple[InputFile, frozenset[str]]:
    """The skus that a list of products names, such as those out of stock."""
    sheet = mapped.read((_KEY,))
    return sheet.file, frozenset(mapped.text(sheet, _KEY).to_pylist()) - {""}


def _none_left(record: Record) -> bool:
    return isinstance(record.stock, int | float) and record.stock <= 0


def _column(mapped: Mapping, sheet: Sheet, name: str, zone: str) -> Column:
    """A column of the lookup; flags and numbers that dmgen itself works with are read as such.

    A margin is a number where all of the column is: some shops give it as a share, in words of their own.
    """
    cells = mapped.raw(sheet, name)
    if name in _TYPES:
        values = typed(cells, _TYPES[name], zone)
        return Column(_TYPES[name], values, unclear(cells, values))
    if name == _MARGIN:
        values = numbers(cells)
        if not mask(pc.is_valid(unclear(cells, values))).any():
            return Column(ColumnType.NUMBER, values)
    return mapped.column(sheet, name, zone)


def _check_keys(sheet: Sheet, keys: pa.Array) -> None:
    empty = is_empty(keys)
    if empty.any():
        raise ListError(
            mark("{file}, line {line}: the sku is missing. Fill it in or remove the row."),
            file=sheet.file.path,
            line=int(sheet.lines[empty.argmax()]),
        )
    seen: dict[str, int] = {}
    for key, line in zip(keys.to_pylist(), sheet.lines.tolist(), strict=True):
        if key in seen:
            raise ListError(
                mark("{file}, line {line}: the sku {sku} stands in line {first} already. Remove one of them."),
                file=sheet.file.path,
                line=line,
                sku=key,
                first=seen[key],
            )
        seen[key] = line


def _check_values(sheet: Sheet, columns: dict[str, Column]) -> None:
    for name, column in columns.items():
        if column.unclear is None:
            continue
        odd = mask(pc.is_valid(column.unclear))
        if odd.any():
            raise ListError(
                mark('{file}, line {line}: "{value}" in the column {column} is not of the type {type}.'),
                file=sheet.file.path,
                line=int(sheet.lines[odd.argmax()]),
                value=column.unclear[int(odd.argmax())],
                column=name,
                type=column.type.value,
            )
