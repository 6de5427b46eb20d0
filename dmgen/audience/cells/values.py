"""Amounts, numbers, dates and flags from cells; a cell that is not clear becomes null, never a guess."""

import unicodedata
from collections.abc import Callable
from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.dates import day, offset_minutes
from dmgen.audience.cells.figures import MOST_DIGITS, amount, number
from dmgen.audience.cells.vector import TEXT, each, is_empty, mask, matches, patch
from dmgen.model.campaign import ColumnType

_LOCAL_STAMP = r"^[0-9]{4}([-/][0-9]{1,2}){2}([ T]([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]+)?)?)?$"
_ZONED_STAMP = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\.[0-9]+)?"
    r" ?(Z|UTC|[+-](0[0-9]|1[0-3]):?[0-5][0-9])$"
)
_FIRST_DAY = pa.scalar(date(1900, 1, 1))  # anything earlier is a broken system's default
_YES = frozenset({"1", "true", "yes", "y", "on", "○", "はい", "有", "あり"})
_NO = frozenset({"0", "false", "no", "n", "off", "×", "いいえ", "無", "なし"})


def text_of(cells: pa.Array) -> pa.Array:
    """A column of any type as text; whole floats lose their ".0", empty cells are empty."""
    if cells.type == TEXT:
        return cells
    if pa.types.is_floating(cells.type):
        whole = pc.cast(pc.fill_null(pc.if_else(pc.is_nan(cells), None, cells), 0.0), pa.float64())
        if (np.asarray(whole) % 1 == 0).all() and (abs(np.asarray(whole)) < 10**MOST_DIGITS).all():
            cells = pc.cast(pc.if_else(pc.is_nan(cells), None, cells), pa.int64())
    return pc.cast(cells, TEXT).fill_null("")


def amounts(cells: pa.Array, decimals: int) -> pa.Array:
    """Amounts in the smallest unit (yen, or cents with two decimals) as int64."""
    if pa.types.is_signed_integer(cells.type) and not decimals:
        return pc.cast(cells, pa.int64())
    if _is_number(cells.type):
        return _scaled(cells, decimals)
    cells = text_of(cells)
    plain = matches(cells, r"^[0-9]{1,10}$")
    whole = pc.cast(pc.if_else(pa.array(plain), cells, "0"), pa.int64())
    odd = each(cells.filter(pa.array(~plain)), partial(amount, decimals=decimals), pa.int64())
    return patch(pc.multiply(whole, 10**decimals), ~plain, odd)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _scaled(cells: pa.Array, decimals: int) -> pa.Array:
    values = np.asarray(pc.cast(cells, pa.float64(), safe=False).fill_null(np.nan)) * 10**decimals
    whole = np.round(values)
    with np.errstate(invalid="ignore"):
        clear = (abs(values - whole) < 1e-4) & (abs(values) < 10**MOST_DIGITS)
    return pa.array(np.where(clear, whole, 0).astype(np.int64), mask=~clear)


def numbers(cells: pa.Array) -> pa.Array:
    """Numbers with any decimals as float64."""
    if _is_number(cells.type):
        values = pc.cast(cells, pa.float64(), safe=False)
        return pc.if_else(pc.is_finite(values), values, None)
    return each(text_of(cells), number, pa.float64())


def flags(cells: pa.Array) -> pa.Array:
    """Yes and no as booleans."""
    return cells if pa.types.is_boolean(cells.type) else each(text_of(cells), _flag, pa.bool_())


def _flag(text: str) -> bool | None:
    word = unicodedata.normalize("NFKC", text).strip().lower()
    return True if word in _YES else False if word in _NO else None


def dates(cells: pa.Array, zone: str) -> pa.Array:
    """Calendar days (date32) in the time zone; stamps without a zone are local already."""
    if pa.types.is_timestamp(cells.type):
        cells = _local_days(cells, zone)
    elif pa.types.is_date(cells.type):
        cells = pc.cast(cells, pa.date32())
    else:
        cells = _written_dates(text_of(cells), zone)
    possible = pc.and_(pc.greater_equal(cells, _FIRST_DAY), pc.less_equal(cells, pa.scalar(date.max)))
    return pc.if_else(possible, cells, None)


def _local_days(cells: pa.Array, zone: str) -> pa.Array:
    if cells.type.tz is None:
        return pc.cast(pc.floor_temporal(cells, unit="day"), pa.date32())
    utc = pa.array(cells.cast(pa.timestamp(cells.type.unit)))
    local = pd.DatetimeIndex(utc.to_pandas()).tz_localize("UTC").tz_convert(zone).tz_localize(None)
    return pc.cast(pa.array(local.to_numpy().astype("datetime64[D]")), pa.date32())


def _written_dates(cells: pa.Array, zone: str) -> pa.Array:
    read = partial(day, zone=ZoneInfo(zone))
    local, zoned = matches(cells, _LOCAL_STAMP), matches(cells, _ZONED_STAMP)
    stamps = cells.filter(pa.array(zoned)) if zoned.any() else None
    days = each(
        pc.utf8_slice_codeunits(pc.if_else(pa.array(local), cells, ""), 0, 10), _day_of_stamp(read), pa.date32()
    )
    if stamps is not None:
        days = patch(days, zoned, _zoned_days(stamps, zone, read))
    odd = ~local & ~zoned
    return patch(days, odd, each(cells.filter(pa.array(odd)), read, pa.date32()))


def _day_of_stamp(read: Callable[[str], date | None]) -> Callable[[str], date | None]:
    """Reads a stamp cut off within its hour: only the day is looked at."""
    return lambda cut: read(cut.replace("T", " ").partition(" ")[0])


def _zoned_days(stamps: pa.Array, zone: str, read: Callable[[str], date | None]) -> pa.Array:
    clock = pc.utf8_slice_codeunits(pc.replace_substring(stamps, "T", " "), 0, 19)
    try:
        seconds = np.asarray(pc.cast(clock, pa.timestamp("s"))).astype(np.int64)
    except pa.ArrowInvalid:  # one of them is no day: 2023-02-29
        return each(stamps, read, pa.date32())
    away = each(pc.replace_substring_regex(stamps, r"^.{19}(\.[0-9]+)? ?", ""), offset_minutes, pa.int64())
    utc = pa.array(seconds - 60 * np.asarray(away)).cast(pa.timestamp("s", "UTC"))
    return _local_days(utc, zone)


def days_between(cells: pa.Array, first: date | None, last: date | None) -> int:
    """How many of these days are from `first` to `last`; None: no bound."""
    inside = pc.is_valid(cells)
    if first:
        inside = pc.and_(inside, pc.greater_equal(cells, first))
    if last:
        inside = pc.and_(inside, pc.less_equal(cells, last))
    return int(pc.sum(inside, min_count=0).as_py())


def typed(cells: pa.Array, kind: ColumnType, zone: str) -> pa.Array:
    """A column read as `kind`; unclear cells are null."""
    readers: dict[ColumnType, Callable[[pa.Array], pa.Array]] = {
        ColumnType.TEXT: text_of,
        ColumnType.INT: partial(amounts, decimals=0),
        ColumnType.NUMBER: numbers,
        ColumnType.DATE: partial(dates, zone=zone),
        ColumnType.FLAG: flags,
    }
    return readers[kind](cells)


def native(cells: pa.Array) -> ColumnType:
    """The type a column of a parquet file already has."""
    tests: list[tuple[Callable[[pa.DataType], bool], ColumnType]] = [
        (pa.types.is_boolean, ColumnType.FLAG),
        (pa.types.is_integer, ColumnType.INT),
        (pa.types.is_floating, ColumnType.NUMBER),
        (pa.types.is_decimal, ColumnType.NUMBER),
        (pa.types.is_date, ColumnType.DATE),
        (pa.types.is_timestamp, ColumnType.DATE),
    ]
    return next((kind for test, kind in tests if test(cells.type)), ColumnType.TEXT)


def unclear(original: pa.Array, values: pa.Array) -> pa.Array:
    """The text of the cells that could not be read, null elsewhere."""
    text = text_of(original)
    odd = mask(pc.is_null(values)) & ~is_empty(text)
    return pc.if_else(pa.array(odd), text, None)
