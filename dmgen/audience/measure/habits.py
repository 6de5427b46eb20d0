"""How customers buy: at sales, regular or trial products, by subscription, through which medium."""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dmgen.audience.cells.values import flags
from dmgen.audience.cells.vector import TEXT, Mask, is_empty, mask
from dmgen.audience.clean.orders import Orders
from dmgen.audience.clean.products import Catalogue
from dmgen.audience.measure.bought import Bought
from dmgen.audience.measure.spread import Spread
from dmgen.audience.read.columns import Column

_DAYS_UNKNOWN = np.iinfo(np.int64).min


def habits(made: Bought, orders: Orders, trials: frozenset[str], spread: Spread) -> dict[str, Column]:
    """What the orders' further columns say of each buyer, as far as the list has them."""
    purchases = orders.purchases
    found: dict[str, Column] = {}
    discounted = _discounted(purchases)
    if discounted is not None:
        found["discounted_purchases"] = spread.whole(made.how_many(made.any_order(discounted)), empty=0)
    regular = _regular(orders, trials)
    if regular is not None:
        bought_regular = made.any_order(regular)
        count = made.how_many(bought_regular)
        repeats = count - bought_regular[made.first] if len(count) else count
        found["regular_purchases"] = spread.whole(count, empty=0)
        found["regular_repeats"] = spread.whole(repeats, empty=0)
    if "subscription" in purchases:
        times = made.over_orders(np.maximum, _whole(purchases["subscription"], 0))
        found["subscription_count"] = spread.whole(times, times > 0)
    if "media" in purchases:
        found["first_media"] = spread.text(texts(purchases["media"]).take(pa.array(made.first_orders)))
    if "delivered_on" in purchases:
        latest = made.over_orders(np.maximum, _days(purchases["delivered_on"]))
        found["delivered_on"] = spread.days(np.maximum(latest, 0), latest > _DAYS_UNKNOWN)
    return found


def trial_skus(catalogue: Catalogue | None, named: str) -> frozenset[str]:
    """The trial products: those that an option names ("A,B") and those that products.csv marks as `trial`."""
    skus = {sku.strip() for sku in named.split(",")} - {""}
    if catalogue and "trial" in catalogue.columns:
        keys = list(catalogue.records)
        cells = pa.array([str(catalogue.records[sku].trial or "") for sku in keys], TEXT)
        marked = mask(flags(cells))
        skus |= {sku for sku, trial in zip(keys, marked, strict=True) if trial}
    return frozenset(skus)


def _discounted(purchases: pd.DataFrame) -> Mask | None:
    """Which orders were made with a discount or a campaign's code; None where the list does not say."""
    told = []
    if "discount" in purchases:
        told.append(_whole(purchases["discount"], 0) != 0)
    if "code" in purchases:
        told.append(~is_empty(texts(purchases["code"])))
    return np.logical_or.reduce(told) if told else None


def _regular(orders: Orders, trials: frozenset[str]) -> Mask | None:
    """Which orders hold a product that is no trial; None where there are trials and the list names no sku.

    An order that names no product is a regular one.
    """
    regular = np.ones(len(orders.purchases), np.bool_)
    if not trials:
        return regular
    wanted = pa.array(sorted(trials), TEXT)
    lines = getattr(orders, "lines", None)
    if lines is not None and "sku" in lines:
        of, trial = lines["purchase"].to_numpy(np.int64), mask(pc.is_in(texts(lines["sku"]), value_set=wanted))
        regular[of[trial]] = False
        regular[of[~trial]] = True
        return regular
    if "sku" not in orders.goods:
        return None
    return ~mask(pc.is_in(orders.goods["sku"], value_set=wanted))


def texts(cells: Any) -> pa.Array:
    """A column of orders or lines as text."""
    found = pa.array(cells, from_pandas=True)
    found = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
    if pa.types.is_dictionary(found.type):
        found = found.dictionary_decode()
    return pc.fill_null(found.cast(TEXT), "")


def _whole(cells: pd.Series, empty: int) -> NDArray[np.int64]:
    return np.asarray(pd.to_numeric(cells).fillna(empty).to_numpy(np.int64))


def _days(cells: pd.Series) -> NDArray[np.int64]:
    """Days since 1970, whether the column has dates or such numbers."""
    found = pa.array(cells, from_pandas=True)
    found = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
    if pa.types.is_floating(found.type):
        found = found.cast(pa.int64())
    if not pa.types.is_integer(found.type):
        found = found.cast(pa.date32()).cast(pa.int32())
    return np.asarray(pc.fill_null(found.cast(pa.int64()), _DAYS_UNKNOWN))
