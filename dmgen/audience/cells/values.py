"""Amounts, numbers, dates and flags from cells; a cell that is not clear becomes null, never a guess."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.vector import TEXT, each, is_empty, mask, matches, patch
from dmgen.model.campaign import ColumnType

_WIDTH = str.maketrans("０１２３４５６７８９，．＋－−（）￥／：＝　", "0123456789,.+--()¥/:= ")
_FIGURE = re.compile(
    r"(?P<open>\()?(?P<minus>[-▲△])?\+?(?P<yen>[¥\\] *)?(?P<minus2>-)?"
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<part>[0-9]+))?"
    r"(?P<tail>-)?(?: ?円(?:\(税込\))?)?(?P<close>\))?"
)
_MOST_DIGITS = 15  # what a float64 still holds exactly
_DAY = re.compile(
    r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日(?:\([月火水木金土日]\))?"
    r"|([0-9]{2})([0-9]{2}))"
    r"(?:[T ] *([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)? ?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_ISO_STAMP = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?)?$"
_FIRST_DAY = pa.scalar(date(1900, 1, 1))  # anything earlier is a broken system's default
YES = frozenset({"1", "true", "yes", "y", "on"})
NO = frozenset({"0", "false", "no", "n", "off"})


def text_of(cells: pa.Array) -> pa.Array:
    """A column of any type as text; whole floats lose their ".0", empty cells are empty."""
    if cells.type == TEXT:
        return cells
    if pa.types.is_floating(cells.type):
        whole = pc.cast(pc.fill_null(pc.if_else(pc.is_nan(cells), None, cells), 0.0), pa.float64())
        if (np.asarray(whole) % 1 == 0).all() and (abs(np.asarray(whole)) < 10**_MOST_DIGITS).all():
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
    odd = each(cells.filter(pa.array(~plain)), partial(_amount, decimals=decimals), pa.int64())
    return patch(pc.multiply(whole, 10**decimals), ~plain, odd)


def _is_number(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _scaled(cells: pa.Array, decimals: int) -> pa.Array:
    values = np.asarray(pc.cast(cells, pa.float64(), safe=False).fill_null(np.nan)) * 10**decimals
    whole = np.round(values)
    with np.errstate(invalid="ignore"):
        clear = (abs(values - whole) < 1e-4) & (abs(values) < 10**_MOST_DIGITS)
    return pa.array(np.where(clear, whole, 0).astype(np.int64), mask=~clear)


def _figure(text: str) -> tuple[str, str, str] | None:
    """Sign, whole and decimal digits of a clearly written figure."""
    text = text.strip().translate(_WIDTH).strip(" '\"")
    found = _FIGURE.fullmatch(text)
    if not found or bool(found["open"]) != bool(found["close"]):
        return None
    signs = [sign for sign in (found["open"], found["minus"], found["minus2"]) if sign]
    # "¥1,200-" closes an amount; "1200-" may be a minus in the wrong place.
    if len(signs) > 1 or (found["tail"] and not found["yen"]):
        return None
    whole = found["whole"].replace(",", "")
    return ("-" if signs else "", whole, found["part"] or "") if len(whole) <= _MOST_DIGITS else None


def _amount(text: str, decimals: int) -> int | None:
    figure = _figure(text)
    if figure is None or figure[2][decimals:].strip("0"):
        return None
    sign, whole, part = figure
    return int(f"{sign}{whole}{part[:decimals]:0<{decimals}}") if decimals else int(sign + whole)


def numbers(cells: pa.Array) -> pa.Array:
    """Numbers with any decimals as float64."""
    if _is_number(cells.type):
        values = pc.cast(cells, pa.float64(), safe=False)
        return pc.if_else(pc.is_finite(values), values, None)
    return each(text_of(cells), _number, pa.float64())


def _number(text: str) -> float | None:
    figure = _figure(text)
    return float(f"{figure[0]}{figure[1]}.{figure[2] or 0}") if figure else None


def flags(cells: pa.Array) -> pa.Array:
    """Yes and no as booleans."""
    return cells if pa.types.is_boolean(cells.type) else each(text_of(cells), _flag, pa.bool_())


def _flag(text: str) -> bool | None:
    word = unicodedata.normalize("NFKC", text).strip().lower()
    return True if word in YES | {"○"} else False if word in NO | {"×"} else None


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
    plain = matches(cells, _ISO_STAMP)
    days = pc.utf8_slice_codeunits(pc.if_else(pa.array(plain), cells, ""), 0, 10)
    read = partial(_day, zone=ZoneInfo(zone))
    odd = each(cells.filter(pa.array(~plain)), read, pa.date32())
    return patch(each(days, read, pa.date32()), ~plain, odd)


def _day(text: str, zone: ZoneInfo) -> date | None:
    found = _DAY.fullmatch(text.strip().translate(_WIDTH).strip())
    if not found:
        return None
    year, _, *parts = found.groups()
    month, day = [part for part in parts[:6] if part]
    hour, minute, second, offset = parts[6:]
    try:
        stamp = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))  # noqa: DTZ001
        return stamp.replace(tzinfo=_zone(offset)).astimezone(zone).date() if offset else stamp.date()
    except (ValueError, OverflowError):
        return None


def _zone(offset: str) -> timezone:
    if offset == "Z":
        return UTC
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))


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
