"""What an order says besides who, when and how much: its goods line by line, its discount, code and the like."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.values import amounts, dates
from dmgen.audience.cells.vector import TEXT, Positions, each, mask
from dmgen.audience.clean.lines import Grouped
from dmgen.audience.clean.malls import mall_names
from dmgen.audience.read.columns import LINE_COLUMNS, ORDER_DETAILS, Mapping
from dmgen.audience.read.preset import plain
from dmgen.audience.read.sheet import Sheet

GOODS = ("sku", "product")


@dataclass(frozen=True, slots=True)
class Items:
    """The lines of goods of counted orders, in file order: `order` is the purchase's row.

    `cells` run parallel, as far as the list has them: sku and product (text), quantity (int64, null where unclear),
    price (int64, of one, in the smallest unit, null where unclear).
    """

    order: Positions
    cells: dict[str, pa.Array]

    def first(self, purchases: int) -> dict[str, pa.Array]:
        """The sku and the product of each purchase's first line of goods; empty where it has none."""
        named = {name: cells for name, cells in self.cells.items() if name in GOODS}
        if len(self.order) == purchases and bool((self.order == np.arange(purchases)).all()):
            return named
        line = np.full(purchases, len(self.order))
        line[self.order[::-1]] = np.arange(len(self.order))[::-1]
        return {name: pa.concat_arrays([cells, pa.array([""], TEXT)]).take(pa.array(line))
                for name, cells in named.items()}  # fmt: skip


def read_items(mapped: Mapping, sheet: Sheet, lines: Grouped, purchase: Positions, decimals: int) -> Items:
    """The lines of goods; `purchase` is the purchase's row of each order, -1 where it does not count."""
    given = [name for name in LINE_COLUMNS if name in mapped.names]
    if not given:
        return Items(np.zeros(0, np.int64), {})
    order = np.append(purchase, -1)[lines.order]  # rows of no order are -1, which is the last
    if mapped.preset and mapped.preset.goods and "line_type" in mapped.names:
        goods = mapped.preset.goods
        order[~mask(each(mapped.text(sheet, "line_type"), lambda cell: plain(cell) in goods, pa.bool_()))] = -1
    rows = np.flatnonzero(order >= 0)
    by_purchase = rows[np.argsort(order[rows], kind="stable")] if not lines.single else rows
    taken = pa.array(by_purchase)
    read: dict[str, Callable[[], pa.Array]] = {
        "sku": lambda: mapped.text(sheet, "sku"),
        "product": lambda: mapped.text(sheet, "product"),
        "quantity": lambda: amounts(mapped.raw(sheet, "quantity"), 0),
        "price": lambda: amounts(mapped.raw(sheet, "price"), decimals),
    }
    return Items(order[by_purchase], {name: read[name]().take(taken) for name in given})


def read_details(
    mapped: Mapping, sheet: Sheet, lines: Grouped, counted: Positions, decimals: int, zone: str
) -> dict[str, pa.Array]:
    """What purchases say besides: discount (0 where it says none), code, media, subscription, delivered_on, mall."""
    taken = pa.array(counted)

    def said(name: str) -> pa.Array:
        return lines.once(mapped.raw(sheet, name))[0].take(taken)

    def text(name: str) -> pa.Array:
        return lines.once(mapped.text(sheet, name))[0].take(taken)

    read: dict[str, Callable[[], pa.Array]] = {
        "discount": lambda: pc.fill_null(amounts(said("discount"), decimals), 0),
        "code": lambda: text("code"),
        "media": lambda: text("media"),
        "subscription": lambda: amounts(said("subscription"), 0),
        "delivered_on": lambda: dates(said("delivered_on"), zone),
        "mall": lambda: mall_names(text("mall")),
    }
    return {name: read[name]() for name in ORDER_DETAILS if name in mapped.names}
