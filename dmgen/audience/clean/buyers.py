"""Which customer of the list an order is of: by id, else by e-mail address, else by phone; never by a guess."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dmgen.audience.cells.keys import email_keys, phone_keys
from dmgen.audience.cells.vector import Mask, Positions, is_empty
from dmgen.audience.clean.identity import Ids
from dmgen.audience.read.columns import Column

WAYS = {"email": email_keys, "phone": phone_keys}
_UNKNOWN, _SHARED = -1, -2


@dataclass(frozen=True, slots=True)
class Buyers:
    """The customers row of each order, -1 where it is not known; whether two customers share the id, or the address."""

    rows: Positions
    conflicting: Mask
    ambiguous: Mask


def find_buyers(orders: dict[str, pa.Array], ids: Ids, customers: dict[str, Column]) -> Buyers:
    """The customers of orders that say `customer_id`, `email` or `phone`, as far as the customers list does."""
    wanting = next(iter(orders.values()))
    rows = np.full(len(wanting), _UNKNOWN)
    conflicting = np.zeros(len(rows), np.bool_)
    nameless = np.ones(len(rows), np.bool_)
    if "customer_id" in orders:
        rows, conflicting = by_id(orders["customer_id"], ids)
        nameless = is_empty(orders["customer_id"])
    for way, keys_of in WAYS.items():
        left = np.flatnonzero(nameless & (rows == _UNKNOWN))
        if way in orders and way in customers and len(left):
            listed = keys_of(customers[way].cells.take(pa.array(ids.listed)))
            rows[left] = _by_key(keys_of(orders[way].take(pa.array(left))), listed, ids)
    return Buyers(np.maximum(rows, _UNKNOWN), conflicting, rows == _SHARED)


def by_id(customer_id: pa.Array, ids: Ids) -> tuple[Positions, Mask]:
    """The customers row of each id (-1 where it is not listed), and whether two customers share the id."""
    code = np.asarray(pc.index_in(customer_id, value_set=ids.unique).fill_null(-1), np.int64)
    if not len(ids.rows):
        return code, np.zeros(len(code), np.bool_)
    listed = code >= 0
    return np.where(listed, ids.rows[code], _UNKNOWN), listed & ids.conflicting[code]


def _by_key(wanted: pa.Array, listed: pa.Array, ids: Ids) -> NDArray[np.int64]:
    """The one customer who has the key; -1 where nobody has, -2 where several do."""
    frame = pd.DataFrame({"key": listed.to_pandas(), "row": ids.rows, "unclear": ids.conflicting})
    found = frame[frame["key"] != ""].groupby("key", sort=False).agg(
        first=("row", "min"), last=("row", "max"), unclear=("unclear", "any")
    )  # fmt: skip
    one = (found["first"] == found["last"]) & ~found["unclear"]
    target = np.append(found["first"].where(one, _SHARED).to_numpy(np.int64), _UNKNOWN)
    keys = pa.array(found.index.to_numpy(), wanted.type)
    return target[np.asarray(pc.index_in(wanted, value_set=keys).fill_null(-1), np.int64)]
