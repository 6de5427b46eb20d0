"""Orders as the cleaning hands them on, written down by a test, and what is measured of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa

from dmgen.audience.cells.vector import TEXT
from dmgen.audience.clean.items import Items
from dmgen.audience.clean.products import Catalogue
from dmgen.audience.measure.habits import trial_skus
from dmgen.audience.measure.measure import measure
from dmgen.audience.read.columns import Column
from dmgen.model.campaign import ColumnType
from dmgen.model.production import Record
from dmgen.model.scheme import OptionValue

from .conftest import AS_OF, build

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Order:
    """One order of customer `who`, `days` before the day of measuring."""

    who: int
    days: int
    amount: int = 100
    discount: int = 0
    code: str = ""
    sku: str = ""
    lines: tuple[str, ...] = ()

    @property
    def day(self) -> int:
        return (AS_OF - _EPOCH).days - self.days


def measured(
    orders: Sequence[Order],
    *,
    customers: int = 0,
    scheme: str = "none",
    options: Mapping[str, OptionValue] | None = None,
    products: Mapping[str, Mapping[str, str]] | None = None,
    further: Mapping[str, pa.Array] | None = None,
    birthdays: Sequence[str] | None = None,
    folder: Path = Path("campaign"),
    country: str = "JP",
    leave_out: Sequence[str] = (),
) -> dict[str, list[object]]:
    """The measured columns, a list of cells each; `further` are details of the orders."""
    purchases = {
        "customer": [order.who for order in orders],
        "day": [order.day for order in orders],
        "amount": [order.amount for order in orders],
    }
    details = {
        "discount": pa.array([order.discount for order in orders], pa.int64()),
        "code": pa.array([order.code for order in orders], TEXT),
        **(further or {}),
    }
    lines = [(row, sku) for row, order in enumerate(orders) for sku in order.lines or (order.sku,)]
    cells = {} if "sku" in leave_out else {"sku": pa.array([sku for _, sku in lines], TEXT)}
    items = Items(np.array([row for row, _ in lines], np.int64), cells)
    rows = max(customers, *(order.who + 1 for order in orders), 0) if orders else customers
    columns = {}
    if birthdays is not None:
        rows = len(birthdays)
        columns["birthday"] = Column(ColumnType.TEXT, pa.array(birthdays, TEXT))
    catalogue = None
    if products is not None:
        records = {sku: Record({"sku": sku, **cells}) for sku, cells in products.items()}
        names = dict.fromkeys(["sku", *(name for cells in products.values() for name in cells)])
        catalogue = Catalogue(None, tuple(names), records)
    campaign = build(folder, None, scheme=scheme, options=options, country=country)
    found = measure(
        campaign,
        SimpleNamespace(lines=range(rows), columns=columns),
        SimpleNamespace(
            purchases=pd.DataFrame(purchases, dtype="int64"),
            goods=items.first(len(orders)),
            details={name: cells for name, cells in details.items() if name not in leave_out},
            items=items,
        ),
        catalogue,
        trial_skus(catalogue, str(campaign.scheme.options.get("trial_skus", ""))),
    )
    return {name: column.cells.to_pylist() for name, column in found.items()}
