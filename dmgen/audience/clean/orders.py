"""Orders: read, checked, and every row counted for what became of it; purchases go on."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.values import amounts, dates, text_of
from dmgen.audience.cells.vector import TEXT, Mask, Positions, is_empty, mask
from dmgen.audience.clean.identity import Ids
from dmgen.audience.outcomes import Outcomes, Report
from dmgen.audience.read.columns import PRODUCT_COLUMNS, Mapping, check_columns
from dmgen.audience.read.sheet import InputFile, Sheet
from dmgen.errors import ListError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, Shop
from dmgen.model.recipient import Outcome

_REQUIRED = ("order_id", "customer_id", "amount", "status")
_DAY_COLUMNS = ("ordered_on", "ordered_at")
_GOODS = ("sku", "product")
_COMPLETED = "completed"
_LARGEST_AMOUNT = 9_999_999_999  # an order above ten billion is a slip of the keyboard


@dataclass(frozen=True, slots=True)
class Orders:
    """What an orders list holds for a campaign.

    `purchases` has one row a counted order, in file order: `customer` (row of the customers list),
    `day` (days since 1970), `amount` (smallest unit). `goods` has their sku and product, as far as given.
    """

    file: InputFile
    counts: dict[str, int]
    purchases: pd.DataFrame
    goods: dict[str, pa.Array]
    rejected: Report


def decimals(shop: Shop) -> int:
    """Decimal places of the shop's money: whole yen, or two."""
    return 0 if shop.country == "JP" else 2


def check_orders(mapped: Mapping, shop: Shop) -> None:
    """Refuse an orders list whose columns do not suffice. Raises ListError."""
    check_columns(mapped, shop, _REQUIRED, PRODUCT_COLUMNS | {*_GOODS})
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


def read_orders(mapped: Mapping, campaign: Campaign, ids: Ids) -> Orders:
    """The orders of a list, each row counted under what became of it."""
    shop = campaign.shop
    day_column = next(name for name in _DAY_COLUMNS if name in mapped.names)
    goods = [name for name in _GOODS if name in mapped.names]
    sheet = mapped.read((*_REQUIRED, day_column, *goods))
    outcomes = Outcomes(len(sheet.lines))
    given_amount, given_day = mapped.raw(sheet, "amount"), mapped.raw(sheet, day_column)
    amount, day = amounts(given_amount, decimals(shop)), dates(given_day, shop.time_zone)
    amount = pc.if_else(pc.less_equal(pc.abs(amount), _LARGEST_AMOUNT * 10 ** decimals(shop)), amount, None)
    _settle_ids(mapped.text(sheet, "order_id"), sheet, outcomes)
    _reject(outcomes, amount, "amount_unclear", "amount", given_amount)
    _reject(outcomes, day, "date_unclear", day_column, given_day)
    customer_id = mapped.text(sheet, "customer_id")
    customers, conflicting = _customers(customer_id, ids)
    fates = [
        ("no_amount", mask(pc.less_equal(amount, 0))),
        ("after_as_of", mask(pc.greater(day, pa.scalar(campaign.as_of)))),
        ("unlisted_customer", customers < 0),
        ("conflicting_customer", conflicting),
    ]
    counts, counted = _count(outcomes.open, mapped.text(sheet, "status"), fates)
    rows = np.flatnonzero(counted)
    taken = pa.array(rows)
    purchases = pd.DataFrame(
        {
            "customer": customers[rows],
            "day": np.asarray(pc.cast(day.take(taken), pa.int32())),
            "amount": np.asarray(amount.take(taken)),
        }
    )
    named = {name: mapped.text(sheet, name).take(taken) for name in goods}
    return Orders(sheet.file, counts, purchases, named, outcomes.report("orders", sheet.lines, customer_id))


def _settle_ids(order_id: pa.Array, sheet: Sheet, outcomes: Outcomes) -> None:
    ragged = np.array(sorted(sheet.ragged), np.int64)
    notes = pa.array([sheet.ragged[row] for row in ragged], TEXT)
    outcomes.settle(ragged, Outcome.REJECTED, "read", "ragged_row", "", notes)
    outcomes.settle_where(is_empty(order_id), Outcome.REJECTED, "clean", "order_id_missing", "order_id")
    rows = np.flatnonzero(outcomes.open)
    coded = (order_id if len(rows) == len(order_id) else order_id.take(pa.array(rows))).dictionary_encode()
    if len(coded.dictionary) < len(rows):
        twice = np.zeros(len(order_id), np.bool_)
        twice[rows] = pd.Series(np.asarray(coded.indices)).duplicated().to_numpy()
        outcomes.settle_where(twice, Outcome.REJECTED, "clean", "order_id_twice", "order_id", order_id)


def _reject(outcomes: Outcomes, values: pa.Array, reason: str, field: str, given: pa.Array) -> None:
    unread = mask(pc.is_null(values))
    if unread.any():
        outcomes.settle_where(unread, Outcome.REJECTED, "clean", reason, field, text_of(given))


def _customers(customer_id: pa.Array, ids: Ids) -> tuple[Positions, Mask]:
    """The customers row of each order (-1 where it is not listed), and whether two customers share the id."""
    code = np.asarray(pc.index_in(customer_id, value_set=ids.unique).fill_null(-1), np.int64)
    if not len(ids.rows):
        return code, np.zeros(len(code), np.bool_)
    listed = code >= 0
    return np.where(listed, ids.rows[code], -1), listed & ids.conflicting[code]


def _count(open_rows: Mask, status: pa.Array, fates: list[tuple[str, Mask]]) -> tuple[dict[str, int], Mask]:
    """How many orders had each fate (they add up to those read), and which are purchases."""
    words = pc.utf8_lower(status).dictionary_encode()
    word, known = np.asarray(words.indices), words.dictionary.to_pylist()
    left = open_rows & (word == (known.index(_COMPLETED) if _COMPLETED in known else -1))
    others = np.bincount(word[open_rows & ~left], minlength=len(known)).tolist()
    counts = {"rejected": int((~open_rows).sum())}
    counts |= {f"status:{text}": n for text, n in zip(known, others, strict=True)}
    for fate, rows in fates:
        hit = left & rows
        counts[fate] = int(hit.sum())
        left &= ~hit
    counts["counted"] = int(left.sum())
    return {"read": len(left)} | {fate: n for fate, n in counts.items() if n or fate == "counted"}, left
