"""What customers bought: first and last product, and the category they come back for."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dmgen.audience.cells.vector import TEXT, Positions, is_empty
from dmgen.audience.clean.orders import Orders
from dmgen.audience.clean.products import Catalogue
from dmgen.audience.measure.bought import Bought
from dmgen.audience.measure.spread import Spread
from dmgen.audience.read.columns import Column


def goods_columns(made: Bought, orders: Orders, catalogue: Catalogue | None, spread: Spread) -> dict[str, Column]:
    """first_/last_ sku and product of the first and the last order, and favourite_category, as far as known."""
    found: dict[str, Column] = {}
    for when, rows in (("first", made.first_orders), ("last", made.last_orders)):
        taken = {name: cells.take(pa.array(rows)) for name, cells in orders.goods.items()}
        if "sku" in taken:
            found[f"{when}_sku"] = spread.text(taken["sku"])
        if taken:
            found[f"{when}_product"] = spread.text(_names(taken, catalogue))
    if catalogue and "category" in catalogue.columns and "sku" in orders.items.cells:
        found["favourite_category"] = spread.text(_favourite(made, orders, catalogue))
    return found


def _names(taken: dict[str, pa.Array], catalogue: Catalogue | None) -> pa.Array:
    """The name of each product: in the products list, else in the orders, else its sku."""
    skus = taken.get("sku")
    names = taken.get("product", skus)
    if skus is None:
        return names
    names = pc.if_else(pc.equal(names, ""), skus, names)
    if catalogue is None or "name" not in catalogue.columns:
        return names
    known = pa.array(list(catalogue.records), TEXT)
    said = pa.array([str(record.name or "") for record in catalogue.records.values()], TEXT)
    listed = said.take(pc.index_in(skus, value_set=known)).fill_null("")
    return pc.if_else(pc.equal(listed, ""), names, listed)


def _favourite(made: Bought, orders: Orders, catalogue: Catalogue) -> pa.Array:
    """The category of most of a buyer's lines (an order without lines is one); of equals the one bought last."""
    of, category, names = _line_categories(orders, catalogue)
    place = made.rank[of]
    buyer = np.repeat(np.arange(len(made.buyers)), np.diff(made.begins, append=len(made.orders)))[place]
    by_time = np.argsort(place, kind="stable")  # of one order, the later line counts as the later
    key = (buyer[by_time] * (len(names) + 1) + category[by_time])[category[by_time] >= 0]
    # Once sorted, each key's last position in time tells which of two equal categories came last.
    order = np.argsort(key, kind="stable")
    sorted_key = key[order]
    begins = np.flatnonzero(np.diff(sorted_key, prepend=-1))
    count = np.diff(begins, append=len(sorted_key))
    last = order[np.append(begins[1:], len(sorted_key))[: len(begins)] - 1]
    who, what = np.divmod(sorted_key[begins], len(names) + 1)
    best = np.lexsort((last, count))  # the last assignment stays: most lines, then the most recent
    favourite = np.full(len(made.buyers), len(names), np.int64)
    favourite[who[best]] = what[best]
    return pa.array([*names, ""], TEXT).take(pa.array(favourite))


def _line_categories(orders: Orders, catalogue: Catalogue) -> tuple[Positions, NDArray[np.int64], list[str]]:
    """The order and the category (-1: none) of every line, and the categories by number."""
    of, skus = orders.items.order, orders.items.cells["sku"]
    known = pa.array(list(catalogue.records), TEXT)
    said = pa.array([str(record.category or "") for record in catalogue.records.values()], TEXT)
    coded = said.dictionary_encode()
    code = np.where(is_empty(said), -1, np.asarray(coded.indices, np.int64))
    row = np.asarray(pc.index_in(skus, value_set=known).fill_null(-1), np.int64)
    return of, np.where(row >= 0, code[row], -1) if len(code) else row, coded.dictionary.to_pylist()
