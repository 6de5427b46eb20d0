"""By what a person is told from others without a customer id, and ids made of it."""

import hashlib
from collections.abc import Callable, Collection

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.text import joined
from dmgen.audience.cells.vector import TEXT, Mask, Positions, each, is_empty
from dmgen.audience.read.columns import Mapping
from dmgen.audience.read.preset import plain
from dmgen.audience.read.sheet import Sheet
from dmgen.model.campaign import Shop

_DIGITS = 16  # hexadecimal: among a million people two share an id once in 37 million lists


def there(mapped: Mapping, names: Collection[str]) -> list[str]:
    """Those of the columns that the list has."""
    return [name for name in names if name in mapped.names]


def blank(rows: int) -> pa.Array:
    """A text column of empty cells."""
    return pa.repeat(pa.scalar("", TEXT), rows)


def column_keys(mapped: Mapping, sheet: Sheet, name: str, keys: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """A column's keys; empty where the list has no such column."""
    return keys(mapped.text(sheet, name)) if name in mapped.names else blank(len(sheet.lines))


def plain_text(mapped: Mapping, sheet: Sheet, names: Collection[str]) -> pa.Array:
    """Columns as one text without regard to width, case and blanks, for telling people apart only."""
    parts = [mapped.text(sheet, name) for name in there(mapped, names)]
    return each(joined(parts, ""), plain, TEXT) if parts else blank(len(sheet.lines))


def pair(one: pa.Array, other: pa.Array) -> pa.Array:
    """Both, where there are both; else nothing."""
    both = pc.binary_join_element_wise(one, other, pa.scalar("\x1f", TEXT))
    return pc.if_else(pa.array(is_empty(one) | is_empty(other)), "", both).cast(TEXT)


def first_of(choices: dict[str, pa.Array]) -> tuple[pa.Array, Positions]:
    """The first key that a row has, told apart by its kind, and the number of its kind (-1: none)."""
    keys = blank(len(next(iter(choices.values()))))
    ways = np.full(len(keys), -1)
    for index, (way, cells) in enumerate(choices.items()):
        taken: Mask = (ways < 0) & ~is_empty(cells)
        ways[taken] = index
        keys = pc.if_else(pa.array(taken), marked(way, cells), keys)
    return keys, ways


def marked(way: str, keys: pa.Array) -> pa.Array:
    """Keys that say of which kind they are."""
    return pc.binary_join_element_wise(pa.scalar(way, TEXT), keys, pa.scalar("\x1f", TEXT))


def hashed(keys: pa.Array, shop: Shop) -> pa.Array:
    """Ids that say nothing about the person and are the same in every run of the shop."""

    def made(key: str) -> str:
        return "d-" + hashlib.sha256(f"{shop.id}\x1f{key}".encode()).hexdigest()[:_DIGITS] if key else ""

    return each(keys, made, TEXT)


def linked(ids: pa.Array, keys: pa.Array) -> pa.Array:
    """Ids, with those of the key where an order has none and the key is seen with one id only."""
    known = ~is_empty(ids) & ~is_empty(keys)
    wanting = is_empty(ids) & ~is_empty(keys)
    if not known.any() or not wanting.any():
        return ids
    there = pa.array(known)
    seen = pd.DataFrame({"key": keys.filter(there).to_pandas(), "id": ids.filter(there).to_pandas()}).drop_duplicates()
    one = seen[~seen["key"].duplicated(keep=False)]
    at = pc.index_in(keys, value_set=pa.array(one["key"].to_numpy(), TEXT))
    found = pc.fill_null(pa.array(one["id"].to_numpy(), TEXT).take(at), "")
    return pc.if_else(pa.array(wanting), found, ids)


def spread(ids: pa.Array, order: Positions) -> pa.Array:
    """The ids of orders on all their rows."""
    return pa.concat_arrays([ids, pa.array([""], TEXT)]).take(pa.array(np.where(order < 0, len(ids), order)))
