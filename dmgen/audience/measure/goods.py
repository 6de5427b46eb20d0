"""Which customers bought which products: an orders list's item lines as numbers."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dmgen.audience.cells.vector import TEXT, Mask
from dmgen.audience.clean.items import Items
from dmgen.audience.clean.orders import Orders
from dmgen.audience.clean.products import Catalogue

UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Goods:
    """Item lines by customer: `product` numbers `keys`, UNKNOWN where a line names none.

    A key is the sku, or the product's name where there is no sku; `keys` are sorted, `names` run parallel.
    `customer` is a row of the customers list, `day` counts from 1970, `quantity` is 1 where it is not given.
    """

    keys: tuple[str, ...]
    names: tuple[str, ...]
    customer: NDArray[np.int64]
    day: NDArray[np.int32]
    product: NDArray[np.int32]
    quantity: NDArray[np.float64]

    @property
    def known(self) -> Mask:
        """Which lines name their product."""
        return np.not_equal(self.product, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Owned:
    """One row a customer and product, sorted by both: the days of the first and the last purchase, and the pieces."""

    customer: NDArray[np.int64]
    product: NDArray[np.int32]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    quantity: NDArray[np.float64]


def goods_of(orders: Orders | None, catalogue: Catalogue | None) -> Goods | None:
    """The item lines of counted orders, one that names nothing for an order without; None without products."""
    if orders is None:
        return None
    items = orders.items
    if not {"sku", "product"} & set(items.cells):
        return None
    bare = np.ones(len(orders.purchases), np.bool_)
    bare[items.order] = False
    at = np.append(items.order, np.flatnonzero(bare))
    skus, names = (_texts(items, name, len(at)) for name in ("sku", "product"))
    keys, product = _coded(skus, names, catalogue)
    named = _first_names(names, product, len(keys))
    return Goods(
        keys,
        tuple(_known_name(key, name, catalogue) for key, name in zip(keys, named, strict=True)),
        orders.purchases["customer"].to_numpy(np.int64)[at],
        orders.purchases["day"].to_numpy(np.int32)[at],
        product,
        _quantities(items, len(at)),
    )


def owned(goods: Goods) -> Owned:
    """What each customer has bought, each product once."""
    rows = np.flatnonzero(goods.known)
    code = goods.customer[rows] * max(len(goods.keys), 1) + goods.product[rows]
    order = np.argsort(code, kind="stable")
    rows, code = rows[order], code[order]
    starts = np.flatnonzero(np.r_[True, code[1:] != code[:-1]]) if len(code) else np.empty(0, np.int64)
    if not len(starts):
        empty = np.empty(0, np.int32)
        return Owned(np.empty(0, np.int64), empty, empty, empty, np.empty(0))
    day = goods.day[rows]
    return Owned(
        goods.customer[rows[starts]],
        goods.product[rows[starts]],
        np.minimum.reduceat(day, starts),
        np.maximum.reduceat(day, starts),
        np.add.reduceat(goods.quantity[rows], starts),
    )


def by_name(catalogue: Catalogue | None) -> dict[str, str]:
    """The sku of each product name that only one product of the lookup has."""
    skus: dict[str, str] = {}
    for sku, record in (catalogue.records if catalogue else {}).items():
        name = str(record.name or "")
        skus[name] = "" if name in skus else sku
    return {name: sku for name, sku in skus.items() if name and sku}


def _texts(items: Items, name: str, lines: int) -> pa.Array:
    """A column of the lines, empty where there is none."""
    cells = items.cells.get(name, pa.array([], TEXT))
    blank = pa.repeat(pa.scalar("", TEXT), lines - len(cells))
    return pa.concat_arrays([cells, blank]) if len(blank) else cells


def _quantities(items: Items, lines: int) -> NDArray[np.float64]:
    """Pieces of each line, 1 where it is not said."""
    pieces = np.ones(lines)
    if "quantity" in items.cells:
        pieces[: len(items.order)] = np.asarray(pc.fill_null(items.cells["quantity"], 1))
    return pieces


def _coded(skus: pa.Array, names: pa.Array, catalogue: Catalogue | None) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """The keys of all lines and of the lookup, sorted, and the number of each line's."""
    coded = pc.if_else(pc.equal(skus, ""), names, skus).dictionary_encode()
    words, sku_of = coded.dictionary.to_pylist(), by_name(catalogue)
    listed = catalogue.records if catalogue else {}
    meant = [word if word in listed else sku_of.get(word, word) for word in words]
    keys = sorted({word for word in meant if word} | set(listed))
    number = {key: place for place, key in enumerate(keys)}
    place = np.array([number.get(word, UNKNOWN) for word in meant], np.int32)
    return tuple(keys), place[np.asarray(coded.indices)] if len(place) else np.empty(0, np.int32)


def _first_names(names: pa.Array, product: NDArray[np.int32], count: int) -> list[str]:
    """The name that stands beside each product where it first has one."""
    rows = np.flatnonzero((product != UNKNOWN) & np.asarray(pc.not_equal(names, "").to_numpy(zero_copy_only=False)))
    at = np.full(count, -1)
    at[product[rows[::-1]]] = rows[::-1]  # the last assignment stays
    found = names.take(pa.array(np.maximum(at, 0))).to_pylist() if len(names) else [""] * count
    return [name if place >= 0 else "" for name, place in zip(found, at, strict=True)]


def _known_name(key: str, name: str, catalogue: Catalogue | None) -> str:
    record = catalogue.records.get(key) if catalogue else None
    return str((record and record.name) or name or key)
