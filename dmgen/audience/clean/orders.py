"""Orders: read, checked, and every row counted for what became of it; purchases go on."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.values import amounts, dates, text_of
from dmgen.audience.cells.vector import Mask, is_empty, mask
from dmgen.audience.clean.buyers import WAYS, Buyers, find_buyers
from dmgen.audience.clean.identity import Ids, settle_damaged
from dmgen.audience.clean.items import Items, read_details, read_items
from dmgen.audience.clean.lines import Grouped, grouped
from dmgen.audience.clean.malls import Sellers, mall_names
from dmgen.audience.clean.notes import NOTES
from dmgen.audience.clean.order_notes import OrderNotes, read_order_notes
from dmgen.audience.clean.packed import NONE_PACKED, PackedOrders, Wanted, packed_orders, packed_rows
from dmgen.audience.clean.states import Fates, order_fates
from dmgen.audience.outcomes import Outcomes, Report, texts
from dmgen.audience.read.columns import (
    LINE_COLUMNS,
    OF_ORDERS,
    ORDER_DETAILS,
    PRODUCT_COLUMNS,
    Column,
    Mapping,
    check_columns,
)
from dmgen.audience.read.preset import statuses_of
from dmgen.audience.read.sheet import InputFile, Sheet
from dmgen.errors import ListError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, Shop
from dmgen.model.recipient import Outcome

_REQUIRED = ("order_id", "amount", "status")
_BUYER = ("customer_id", *WAYS)
_DAY_COLUMNS = ("ordered_on", "ordered_at")
_BESIDES = ("refunded", "cancelled_at", "line_type")
_NO_DAY = pa.scalar(date(1970, 1, 1))  # what a broken system writes for none: nobody ordered online then
_LARGEST_AMOUNT = 9_999_999_999  # an order above ten billion is a slip of the keyboard


@dataclass(frozen=True, slots=True)
class Orders:
    """What an orders list holds for a campaign.

    `purchases` has one row a counted order, in file order: `customer` (row of the customers list),
    `day` (days since 1970), `amount` (smallest unit, less what was refunded), `shipped` (whether it lies in one of
    today's parcels). Parallel to it, as far as the list has them: `goods` (sku and product of the first line) and
    `details` (discount in the smallest unit, code, media, subscription, delivered_on, mall). `items` has every line of
    goods of the purchases.
    `notes` are the shop's own, on all orders. `sellers` says where the buyers of all readable orders bought, counted
    or not; None without malls. `packed` says whose the orders are that lie in today's parcels.
    """

    file: InputFile
    counts: dict[str, int]
    purchases: pd.DataFrame
    goods: dict[str, pa.Array]
    details: dict[str, pa.Array]
    items: Items
    sellers: Sellers | None
    notes: OrderNotes
    rejected: Report
    packed: PackedOrders


def decimals(shop: Shop) -> int:
    """Decimal places of the shop's money: whole yen, or two."""
    return 0 if shop.country == "JP" else 2


def check_orders(mapped: Mapping, shop: Shop) -> None:
    """Refuse an orders list whose columns do not suffice. Raises ListError."""
    buyer = () if any(name in mapped.names for name in WAYS) else ("customer_id",)
    check_columns(mapped, shop, ("order_id", *buyer, *_REQUIRED[1:]), PRODUCT_COLUMNS | OF_ORDERS)
    if not any(name in mapped.names for name in _DAY_COLUMNS):
        raise ListError(
            mark(
                "{file}: the column ordered_on (or ordered_at) is missing. The file has: {found}. "
                "Say in {shop} under [columns] which header it is."
            ),
            file=mapped.source.path,
            found=", ".join(mapped.source.header),
            shop=shop.file,
        )


def read_orders(
    mapped: Mapping, campaign: Campaign, ids: Ids, customers: dict[str, Column], wanted: Wanted = NONE_PACKED
) -> Orders:
    """The orders of a list, each row counted under what became of it.

    An order of no customer id finds its customer by e-mail address, then by phone. Those that are `wanted` lie in
    today's parcels: they count unless they were cancelled, and as of today where they are dated up to the drop.
    """
    shop, places = campaign.shop, decimals(campaign.shop)
    statuses = statuses_of(mapped.preset, shop)
    names = (*_REQUIRED, *_BUYER, *_DAY_COLUMNS, *_BESIDES, *LINE_COLUMNS, *ORDER_DETAILS, *NOTES)
    sheet = mapped.read([name for name in names if name in mapped.names])
    outcomes = Outcomes(len(sheet.lines))
    lines = order_lines(mapped, sheet, outcomes)
    said = _said(mapped, sheet, lines, outcomes)
    amount, day = _amount(said, places), dates(said["day"], shop.time_zone)
    _reject(outcomes, lines, amount, "amount_unclear", "amount", said["amount"])
    _reject(outcomes, lines, day, "date_unclear", _day_column(mapped), said["day"])
    defaulted = pc.if_else(pc.equal(day, _NO_DAY), None, day)
    _reject(outcomes, lines, defaulted, "date_default", _day_column(mapped), said["day"])
    inside = packed_rows(mapped, sheet, wanted)
    shipped = inside[lines.head]
    day = _not_after(day, shipped, campaign)
    buyers = find_buyers({name: said[name] for name in _BUYER if name in said}, ids, customers)
    opened = outcomes.open[lines.head]
    fates = order_fates(
        opened,
        _status(said),
        statuses,
        [
            ("no_amount", mask(pc.less_equal(amount, 0))),
            ("after_as_of", mask(pc.greater(day, pa.scalar(campaign.as_of)))),
            ("ambiguous_customer", buyers.ambiguous),
            ("unlisted_customer", buyers.rows < 0),
            ("conflicting_customer", buyers.conflicting),
        ],
        shipped,
    )
    rows = np.flatnonzero(fates.counted)
    taken = pa.array(rows)
    purchase = np.full(len(lines.head), -1)
    purchase[rows] = np.arange(len(rows))
    items = read_items(mapped, sheet, lines, purchase, places)
    return Orders(
        replace(sheet.file, remarks=(*sheet.file.remarks, *_unknown(fates, mapped, shop))),
        _counts(outcomes, lines, fates),
        pd.DataFrame(
            {
                "customer": buyers.rows[rows],
                "day": np.asarray(pc.cast(day.take(taken), pa.int32())),
                "amount": np.asarray(amount.take(taken)),
                "shipped": shipped[rows],
            }
        ),
        items.first(len(rows)),
        read_details(mapped, sheet, lines, rows, places, shop.time_zone),
        items,
        _sellers(said, buyers, opened),
        read_order_notes(mapped, sheet, np.append(buyers.rows, -1)[lines.order]),
        outcomes.report("orders", sheet.lines, _named(mapped, sheet)),
        packed_orders(mapped, sheet, inside, wanted.people or ids, customers, statuses),
    )


def order_lines(mapped: Mapping, sheet: Sheet, outcomes: Outcomes) -> Grouped:
    """Rows by order. A list of items has a row an item; any other that repeats an order has it twice."""
    order_id = mapped.text(sheet, "order_id")
    settle_damaged(sheet, outcomes)
    outcomes.settle_where(is_empty(order_id), Outcome.REJECTED, "clean", "order_id_missing", "order_id")
    lines = grouped(order_id, outcomes.open, ~is_empty(text_of(mapped.raw(sheet, "amount"))))
    if lines.single or any(name in mapped.names for name in LINE_COLUMNS):
        return lines
    outcomes.settle_where(lines.further, Outcome.REJECTED, "clean", "order_id_twice", "order_id", order_id)
    return grouped(order_id, outcomes.open)


def _not_after(day: pa.Array, shipped: Mask, campaign: Campaign) -> pa.Array:
    """The days of orders; one that is shipped today, and was made since as_of, counts as made on that day."""
    if not shipped.any():
        return day
    as_of = pa.scalar(campaign.as_of)
    since = mask(pc.greater(day, as_of)) & mask(pc.less_equal(day, pa.scalar(campaign.drop)))
    return pc.if_else(pa.array(shipped & since), as_of, day)


def _day_column(mapped: Mapping) -> str:
    return next(name for name in _DAY_COLUMNS if name in mapped.names)


def _said(mapped: Mapping, sheet: Sheet, lines: Grouped, outcomes: Outcomes) -> dict[str, pa.Array]:
    """What is said of each order as a whole; where its lines differ, all of them are rejected."""
    day = _day_column(mapped)
    said = {}
    for name in (*_REQUIRED[1:], *_BUYER, day, "refunded", "cancelled_at", "mall"):
        if name not in mapped.names:
            continue
        typed = name in ("amount", "refunded", day)
        cells = mapped.raw(sheet, name) if typed else mapped.text(sheet, name)
        said["day" if name == day else name], differing = lines.once(cells)
        if differing.any():
            rows = np.append(differing, False)[lines.order]
            outcomes.settle_where(rows, Outcome.REJECTED, "clean", "order_lines_differ", name, text_of(cells))
    return said


def _amount(said: dict[str, pa.Array], places: int) -> pa.Array:
    """What was paid in the end, null where it is unclear."""
    amount = amounts(said["amount"], places)
    if "refunded" in said:
        given = said["refunded"]
        refunded = amounts(given, places)
        refunded = pc.if_else(pa.array(is_empty(text_of(given))), pa.scalar(0, pa.int64()), refunded)
        amount = pc.subtract(amount, refunded)
    return pc.if_else(pc.less_equal(pc.abs(amount), _LARGEST_AMOUNT * 10**places), amount, None)


def _status(said: dict[str, pa.Array]) -> pa.Array:
    if "cancelled_at" not in said:
        return said["status"]
    return pc.if_else(pc.equal(said["cancelled_at"], ""), said["status"], "cancelled")


def _reject(outcomes: Outcomes, lines: Grouped, values: pa.Array, reason: str, field: str, given: pa.Array) -> None:
    unread = np.flatnonzero(mask(pc.is_null(values)) & outcomes.open[lines.head])
    if len(unread):
        cells = text_of(given.take(pa.array(unread)))
        outcomes.settle(lines.head[unread], Outcome.REJECTED, "clean", reason, field, cells)


def _counts(outcomes: Outcomes, lines: Grouped, fates: Fates) -> dict[str, int]:
    """How many rows had each fate; they add up to those read."""
    lost = ~outcomes.open
    counts = {"rejected": int(lost.sum()), "item_line": int((lines.further & ~lost).sum()), **fates.counts}
    return {"read": len(lost)} | {fate: n for fate, n in counts.items() if n or fate == "counted"}


def _sellers(said: dict[str, pa.Array], buyers: Buyers, opened: Mask) -> Sellers | None:
    if "mall" not in said:
        return None
    found = np.flatnonzero(opened & (buyers.rows >= 0) & ~buyers.conflicting)
    return Sellers(buyers.rows[found], mall_names(said["mall"].take(pa.array(found))))


def _named(mapped: Mapping, sheet: Sheet) -> pa.Array:
    """Whose the rows are, for the list of rejections."""
    if "customer_id" in mapped.names:
        return mapped.text(sheet, "customer_id")
    return texts([""]).take(pa.array(np.zeros(len(sheet.lines), np.int8)))


def _unknown(fates: Fates, mapped: Mapping, shop: Shop) -> list[ListError]:
    if not fates.unknown:
        return []
    message = mark(
        "{file}: nobody knows what the status {words} means, so these orders do not count. "
        'Say it in {shop}, for example: [statuses] "{first}" = "completed" (or "cancelled", "open")'
    )
    words = ", ".join(f"“{word}”" for word in fates.unknown)
    return [ListError(message, file=mapped.source.path.name, words=words, shop=shop.file, first=fates.unknown[0])]
