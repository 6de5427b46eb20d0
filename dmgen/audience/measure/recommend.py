"""What the products list and the item lines say of a customer: cross-sell, upsell, trial products only, margin."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dmgen.audience.cells.vector import TEXT, Mask
from dmgen.audience.clean.products import Catalogue, Products
from dmgen.audience.measure.affinity import Affinity, affinity, recommended
from dmgen.audience.measure.goods import UNKNOWN, Goods, Owned, by_name, owned
from dmgen.audience.read.columns import Column
from dmgen.errors import DmgenError, ListError
from dmgen.messages import mark
from dmgen.model.audience import CrossSell
from dmgen.model.campaign import ColumnType
from dmgen.model.production import Record
from dmgen.timings import timed


@dataclass(frozen=True, slots=True)
class Recommended:
    """Columns of the customers list, records for letters, the pairs they rest on, and what to say aloud."""

    columns: dict[str, Column] = field(default_factory=dict)
    records: dict[str, Products] = field(default_factory=dict)
    goods: Goods | None = None
    pairs: Affinity | None = None
    remarks: tuple[DmgenError, ...] = ()


@timed(mark("pairs of products"))
def recommend(
    goods: Goods | None,
    catalogue: Catalogue | None,
    trials: frozenset[str],
    gone: frozenset[str],
    asked: CrossSell,
    rows: int,
) -> Recommended:
    """The columns that these lists allow, for `rows` customers; `trials` are skus, `gone` those out of stock.

    - `cross_sell`: where orders name their products (see measure/affinity.py). Offered is what the customer does not
      have, stands in the products list if there is one, is in stock and is no trial product.
    - `upsell`: where products have `upgrade_to` (a sku, or a name that one product has): what the product bought last
      is upgraded to, if that may be offered as above; else the product bought before it, and so on. Of products bought
      on one day, the one of which most pieces were bought comes first.
    - `trial_only`: where products have `trial`, or the scheme names trial skus: whoever has bought trial products and
      nothing else; an order that names no product is something else.
    - `margin`: where products have `margin` in numbers: margin × pieces of everything bought, as far as it is known.
    """
    if goods is None:
        return Recommended()
    bought = owned(goods)
    allowed = _allowed(goods, catalogue, gone | trials)
    pairs = affinity(bought, len(goods.keys), asked)
    offers = {"cross_sell": recommended(pairs, bought, allowed, rows)}
    given = catalogue.columns if catalogue else ()
    columns: dict[str, Column] = {}
    remarks: list[DmgenError] = []
    if catalogue and "upgrade_to" in given:
        offers["upsell"] = _upgraded(_upgrades(goods, catalogue, remarks), bought, allowed, rows)
    if trials or "trial" in given:
        columns["trial_only"] = Column(ColumnType.FLAG, pa.array(_trial_only(goods, trials, rows)))
    if (
        catalogue
        and all(isinstance(one.margin, float | None) for one in catalogue.records.values())
        and "margin" in given
    ):
        columns["margin"] = _margin(goods, catalogue, rows)
    records = [Record({}), *_records(goods, catalogue)]
    names = catalogue.columns if catalogue else ("sku", "name")
    keys = pa.array(["", *goods.keys], TEXT)
    for name, of_customer in offers.items():
        columns[name] = Column(ColumnType.TEXT, keys.take(pa.array(of_customer + 1)))
    made = {name: Products(records, of_customer + 1, names) for name, of_customer in offers.items()}
    return Recommended(columns, made, goods, pairs, tuple(remarks))


def _records(goods: Goods, catalogue: Catalogue | None) -> list[Record]:
    listed = catalogue.records if catalogue else {}
    return [
        listed.get(key) or Record({"sku": key, "name": name}) for key, name in zip(goods.keys, goods.names, strict=True)
    ]


def _allowed(goods: Goods, catalogue: Catalogue | None, gone: frozenset[str]) -> Mask:
    """Which products may be offered: all in the lookup, if there is one, but for those `gone`."""
    if catalogue:
        kept = set(catalogue.records) - catalogue.out_of_stock - gone
        return np.array([key in kept for key in goods.keys], np.bool_)
    return np.array([key not in gone for key in goods.keys], np.bool_)


def _upgrades(goods: Goods, catalogue: Catalogue, remarks: list[DmgenError]) -> NDArray[np.int32]:
    """The product that each one is upgraded to."""
    number = {key: place for place, key in enumerate(goods.keys)}
    skus, target = by_name(catalogue), np.full(len(goods.keys), UNKNOWN, np.int32)
    for sku, record in catalogue.records.items():
        given = str(record.upgrade_to or "")
        meant = given if given in catalogue.records else skus.get(given, "")
        if meant:
            target[number[sku]] = number[meant]
        elif given:
            message = mark(
                '{file}: {sku} has upgrade_to = "{value}", which is neither a sku nor the name of one product: '
                "nobody is offered it"
            )
            remarks.append(ListError(message, file=catalogue.file.path, sku=sku, value=given))
    return target


def _upgraded(upgrades: NDArray[np.int32], bought: Owned, allowed: Mask, rows: int) -> NDArray[np.int32]:
    """The upgrade of the last product that has one which may be offered, for each customer."""
    chosen = np.full(rows, UNKNOWN, np.int32)
    target = upgrades[bought.product]
    at = np.flatnonzero((target != UNKNOWN) & np.append(allowed, False)[target])
    have = bought.customer * len(upgrades) + bought.product  # sorted
    wanted = bought.customer[at] * len(upgrades) + target[at]
    at = at[have[np.minimum(np.searchsorted(have, wanted), len(have) - 1)] != wanted] if len(at) else at
    order = np.lexsort((-bought.product[at], bought.quantity[at], bought.last[at]))  # the last assignment stays
    chosen[bought.customer[at[order]]] = target[at[order]]
    return chosen


def _trial_only(goods: Goods, trials: frozenset[str], rows: int) -> Mask:
    trial = np.array([key in trials for key in goods.keys] + [False], np.bool_)[goods.product]
    tried, more = np.zeros(rows, np.bool_), np.zeros(rows, np.bool_)
    tried[goods.customer[trial]] = True
    more[goods.customer[~trial]] = True
    return tried & ~more


def _margin(goods: Goods, catalogue: Catalogue, rows: int) -> Column:
    of_key = {sku: record.margin for sku, record in catalogue.records.items()}
    each = np.array([of_key.get(key) or 0 for key in goods.keys] + [0], np.float64)
    sums = np.round(np.bincount(goods.customer, each[goods.product] * goods.quantity, minlength=rows), 2)
    if (sums % 1 == 0).all():
        return Column(ColumnType.INT, pa.array(sums.astype(np.int64)))
    return Column(ColumnType.NUMBER, pa.array(sums))
