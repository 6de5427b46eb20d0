"""The products lookup: words and pictures by sku."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dmgen.audience.cells.text import clean_lines
from dmgen.audience.cells.vector import TEXT, Positions, each, is_empty, mask
from dmgen.audience.clean.orders import Orders
from dmgen.audience.read.columns import Column, Mapping
from dmgen.audience.read.sheet import InputFile, Sheet, refuse_damaged
from dmgen.errors import ListError
from dmgen.messages import mark
from dmgen.model.campaign import ColumnType, Shop
from dmgen.model.production import Cell, Record

_KEY = "sku"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The products lookup."""

    file: InputFile
    columns: tuple[str, ...]
    records: dict[str, Record]


class Products:
    """The product of each customer's latest purchase; customers with the same one share its record."""

    def __init__(self, records: list[Record], of_customer: NDArray[np.int32]) -> None:
        self._records = records
        self._of_customer = of_customer

    def of(self, positions: Positions) -> list[Cell]:
        """The records of these customers; an empty one where nothing is known."""
        return [self._records[index] for index in self._of_customer[positions].tolist()]


def latest_products(orders: Orders | None, catalogue: Catalogue | None, customers: int) -> Products:
    """What each customer bought last (by day, then by place in the file): by sku, else the bare name."""
    of_customer = np.zeros(customers, np.int32)
    records = [Record({})]
    if orders is None or not orders.goods:
        return Products(records, of_customer)
    by_day = np.argsort(orders.purchases["day"].to_numpy(), kind="stable")
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
    return Products(records, of_customer)


def cleaned_lines(cells: pa.Array) -> pa.Array:
    """A text column, every cell cleaned line by line."""
    return each(cells, clean_lines, TEXT)


def check_products(mapped: Mapping) -> None:
    """Refuse a lookup without its key. Raises ListError."""
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
    columns = {name: mapped.column(sheet, name, shop.time_zone) for name in mapped.names}
    columns[_KEY] = Column(ColumnType.TEXT, mapped.text(sheet, _KEY))
    _check_keys(sheet, columns[_KEY].cells)
    _check_values(sheet, columns)
    rows = zip(*(column.cells.to_pylist() for column in columns.values()), strict=True)
    records = [Record(dict(zip(columns, row, strict=True))) for row in rows]
    return Catalogue(sheet.file, tuple(columns), {str(record.sku): record for record in records})


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
