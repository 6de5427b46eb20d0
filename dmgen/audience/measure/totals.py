"""What customers bought, and the groups of customer portfolio management (cpm)."""

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from dmgen.audience.cells.vector import TEXT
from dmgen.audience.read.columns import Column
from dmgen.model.campaign import ColumnType

# CPM (顧客ポートフォリオ・マネジメント): days since the last purchase after which a customer has lapsed,
# days as a customer that separate the groups, and how many times the average customer a good one spends.
LAPSED_DAYS = 240
SETTLED_DAYS = 90
LOYAL_DAYS = 210
GOOD_CUSTOMER_TIMES = 7

SCHEMES: dict[str, tuple[str, ...]] = {
    "none": (),
    "cpm": ("first_time", "yochiyochi", "kotsukotsu", "ryuko", "yuryo"),
}
_EPOCH = date(1970, 1, 1)
_INT = pa.int64()


def customer_totals(purchases: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """One row a customer with a purchase, by customers row: purchases, spent, first, last, tenure, recency."""
    grouped = purchases.groupby("customer", sort=True)
    totals = grouped.agg(
        purchases=("amount", "size"), spent=("amount", "sum"), first=("day", "min"), last=("day", "max")
    )
    totals["tenure"] = totals["last"] - totals["first"]
    totals["recency"] = (as_of - _EPOCH).days - totals["last"]
    return totals


def cpm_groups(totals: pd.DataFrame) -> NDArray[np.int8]:
    """The cpm group of each row of `totals`, as an index into SCHEMES["cpm"].

    The unit price is revenue ÷ customers with a purchase; spent ≥ 7 × unit is compared in whole
    numbers (spent × customers ≥ 7 × revenue), so that no rounding moves anybody.
    """
    revenue, customers = sum(totals["spent"].tolist()), len(totals)
    least = -(-GOOD_CUSTOMER_TIMES * revenue // customers) if customers else 0
    good, tenure = (totals["spent"] >= least).to_numpy(), totals["tenure"].to_numpy()
    return np.select(
        [(totals["purchases"] == 1).to_numpy(), tenure < SETTLED_DAYS, ~good, tenure < LOYAL_DAYS],
        [0, 1, 2, 3],
        default=4,
    ).astype(np.int8)


def measure_columns(totals: pd.DataFrame, scheme: str, rows: int, decimals: int) -> dict[str, Column]:
    """The measures as columns of the customers list; who bought nothing has 0 purchases and no dates."""
    at = totals.index.to_numpy()

    def spread(values: NDArray[np.int64], kind: pa.DataType, empty: int | None = None) -> pa.Array:
        whole = np.full(rows, empty or 0, np.int64)
        whole[at] = values
        missing = np.ones(rows, np.bool_)
        missing[at] = False
        return pa.array(whole, mask=missing if empty is None else None).cast(kind)

    def days(name: str) -> pa.Array:
        return spread(totals[name].to_numpy(np.int64), pa.int32()).cast(pa.date32())

    spent, purchases = totals["spent"].to_numpy(np.int64), totals["purchases"].to_numpy(np.int64)
    basket = (2 * spent + purchases) // (2 * purchases)
    recency = totals["recency"].to_numpy(np.int64)
    return {
        "purchases": Column(ColumnType.INT, spread(purchases, _INT, 0)),
        "spent": _money(spread(spent, _INT, 0), decimals),
        "average_basket": _money(spread(basket, _INT), decimals),
        "tenure_days": Column(ColumnType.INT, spread(totals["tenure"].to_numpy(np.int64), _INT)),
        "recency_days": Column(ColumnType.INT, spread(recency, _INT)),
        "first_order": Column(ColumnType.DATE, days("first")),
        "last_order": Column(ColumnType.DATE, days("last")),
        "group": _group_column(totals, scheme, rows),
        "lapsed": Column(ColumnType.FLAG, spread((recency >= LAPSED_DAYS).astype(np.int64), pa.bool_(), 0)),
    }


def _money(amounts: pa.Array, decimals: int) -> Column:
    """Amounts of the smallest unit as people write them."""
    if not decimals:
        return Column(ColumnType.INT, amounts)
    values = np.round(np.asarray(amounts.fill_null(0)) / 10**decimals, decimals)
    return Column(ColumnType.NUMBER, pa.array(values, mask=np.asarray(amounts.is_null())))


def _group_column(totals: pd.DataFrame, scheme: str, rows: int) -> Column:
    codes = np.zeros(rows, np.int8)
    if scheme == "cpm":
        codes[totals.index.to_numpy()] = cpm_groups(totals) + 1
    names = pa.array(["", *SCHEMES[scheme]], TEXT)
    return Column(ColumnType.TEXT, names.take(pa.array(codes)))
