"""How customers buy: at sales, regular or trial products, by subscription, through which medium."""

import numpy as np
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
    details = orders.details
    found: dict[str, Column] = {}
    discounted = _discounted(details)
    if discounted is not None:
        found["discounted_purchases"] = spread.whole(made.how_many(made.any_order(discounted)), empty=0)
    regular = _regular(orders, trials)
    if regular is not None:
        bought_regular = made.any_order(regular)
        count = made.how_many(bought_regular)
        repeats = count - bought_regular[made.first] if len(count) else count
        found["regular_purchases"] = spread.whole(count, empty=0)
        found["regular_repeats"] = spread.whole(repeats, empty=0)
    if "subscription" in details:
        times = made.over_orders(np.maximum, _whole(details["subscription"], 0))
        found["subscription_count"] = spread.whole(times, times > 0)
    if "media" in details:
        found["first_media"] = spread.text(details["media"].take(pa.array(made.first_orders)))
    if "delivered_on" in details:
        latest = made.over_orders(np.maximum, _whole(details["delivered_on"].cast(pa.int32()), _DAYS_UNKNOWN))
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


def _discounted(details: dict[str, pa.Array]) -> Mask | None:
    """Which orders were made with a discount or a campaign's code; None where the list does not say."""
    told = []
    if "discount" in details:
        told.append(_whole(details["discount"], 0) != 0)
    if "code" in details:
        told.append(~is_empty(details["code"]))
    return np.logical_or.reduce(told) if told else None


def _regular(orders: Orders, trials: frozenset[str]) -> Mask | None:
    """Which orders hold a product that is no trial; None where there are trials and the list names no sku.

    An order that names no product is a regular one.
    """
    regular = np.ones(len(orders.purchases), np.bool_)
    if not trials:
        return regular
    wanted = pa.array(sorted(trials), TEXT)
    skus = orders.items.cells.get("sku")
    if skus is None:
        return None
    trial = mask(pc.is_in(skus, value_set=wanted))
    regular[orders.items.order[trial]] = False
    regular[orders.items.order[~trial]] = True
    return regular


def _whole(cells: pa.Array, empty: int) -> NDArray[np.int64]:
    return np.asarray(pc.fill_null(cells.cast(pa.int64()), empty))
