"""The orders that lie in parcels: whose each is, and whether it was cancelled, whatever else it is worth."""

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.vector import TEXT, Mask, Positions, each, is_empty, mask
from dmgen.audience.clean.buyers import WAYS, find_buyers
from dmgen.audience.clean.identity import Ids
from dmgen.audience.clean.lines import grouped
from dmgen.audience.outcomes import Outcomes
from dmgen.audience.read.columns import Column, Mapping
from dmgen.audience.read.preset import plain
from dmgen.audience.read.sheet import Sheet
from dmgen.model.campaign import Status

_BUYER = ("customer_id", *WAYS)


class Nobody(IntEnum):
    """What stands in the place of a customers row where an order has none."""

    UNLISTED = -1
    AMBIGUOUS = -2
    SILENT = -3  # the order does not say who bought


@dataclass(frozen=True, slots=True)
class PackedOrders:
    """By order id the row of its customer (or Nobody); the ids of those that were cancelled."""

    customer: dict[str, int]
    cancelled: frozenset[str]


NO_PACKED_ORDERS = PackedOrders({}, frozenset())


class Wanted(NamedTuple):
    """The ids of the orders in the parcels. `people`: the customers that they can be of, each person one row."""

    orders: pa.Array
    people: Ids | None = None


NONE_PACKED = Wanted(pa.array([], TEXT))


def of_person(ids: Ids, outcomes: Outcomes) -> Ids:
    """The ids with the rows whose letter may go to each: another row of the same person, never of the household."""
    household = outcomes.found(reason="same_household")[ids.listed]
    return replace(ids, rows=np.where(household, ids.listed, ids.rows))


def packed_rows(mapped: Mapping, sheet: Sheet, wanted: Wanted) -> Mask:
    """Which rows are of orders that lie in parcels."""
    if not len(wanted.orders):
        return np.zeros(len(sheet.lines), np.bool_)
    rows = mask(pc.is_in(mapped.text(sheet, "order_id"), value_set=wanted.orders))
    rows[list(sheet.damaged)] = False
    return rows


def packed_orders(
    mapped: Mapping, sheet: Sheet, rows: Mask, ids: Ids, customers: dict[str, Column], statuses: dict[str, Status]
) -> PackedOrders:
    """What `rows` say of their orders. Lines of one order that name several buyers are nobody's."""
    taken = pa.array(np.flatnonzero(rows))
    order_id = mapped.text(sheet, "order_id").take(taken)
    lines = grouped(order_id, np.ones(len(order_id), np.bool_))
    once = {name: lines.once(mapped.text(sheet, name).take(taken)) for name in _BUYER if name in mapped.names}
    customer = np.full(len(lines.head), int(Nobody.SILENT))
    if once:
        found = find_buyers({name: cells for name, (cells, _) in once.items()}, ids, customers)
        silent = np.logical_and.reduce([is_empty(cells) for cells, _ in once.values()])
        differing = np.logical_or.reduce([twice for _, twice in once.values()])
        unclear = found.ambiguous | found.conflicting | differing
        customer = np.where(unclear, int(Nobody.AMBIGUOUS), np.where(silent, int(Nobody.SILENT), found.rows))
    names = order_id.take(pa.array(lines.head)).to_pylist()
    cancelled = _cancelled(mapped, sheet, taken, lines.order, len(names), statuses)
    gone = frozenset(name for name, is_gone in zip(names, cancelled.tolist(), strict=True) if is_gone)
    return PackedOrders(dict(zip(names, customer.tolist(), strict=True)), gone)


def is_cancelled(status: pa.Array, statuses: dict[str, Status]) -> Mask:
    """Which words of a status mean that the order was cancelled."""
    meant = each(status, lambda word: statuses.get(plain(word)) is Status.CANCELLED, pa.bool_())
    return mask(meant)


def _cancelled(
    mapped: Mapping, sheet: Sheet, taken: pa.Array, order: Positions, orders: int, statuses: dict[str, Status]
) -> Mask:
    """Which orders were cancelled: all of their lines that have a status, or with a day of cancelling on any line."""
    status = mapped.text(sheet, "status").take(taken)
    gone, silent = is_cancelled(status, statuses), is_empty(status)
    said, left = np.zeros(orders, np.bool_), np.zeros(orders, np.bool_)
    said[order[gone]] = True
    left[order[~gone & ~silent]] = True
    cancelled = said & ~left
    if "cancelled_at" in mapped.names:
        dated = ~is_empty(mapped.text(sheet, "cancelled_at").take(taken))
        cancelled[order[dated]] = True
    return cancelled
