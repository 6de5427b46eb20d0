"""What a writer can do with a value: `{{ amount | yen }}`."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from dmgen.layout.honorific import honorific
from dmgen.messages import mark

_ERAS = (  # first day of each era (改元に関する政令)
    (date(2019, 5, 1), "令和"),
    (date(1989, 1, 8), "平成"),
    (date(1926, 12, 25), "昭和"),
    (date(1912, 7, 30), "大正"),
    (date(1873, 1, 1), "明治"),
)
_FIRST_YEARS = {"令和": 2019, "平成": 1989, "昭和": 1926, "大正": 1912, "明治": 1868}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NUMBER, _DATE = mark("a number"), mark("a date")


class FilterError(ValueError):
    """A filter was given a value that it cannot show; the message names the type it needs."""


def _empty(value: Any) -> bool:
    return value is None or value == ""


def _number(value: Any) -> str:
    if isinstance(value, str):
        try:
            value = int(value.replace(",", ""))
        except ValueError:
            raise FilterError(_NUMBER) from None
    if not isinstance(value, int | float):
        raise FilterError(_NUMBER)
    return f"{value:,}" if isinstance(value, int) or value % 1 else f"{value:,.0f}"


def _date(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise FilterError(_DATE) from None


def comma(value: Any) -> str:
    """1234567 → "1,234,567"."""
    return "" if _empty(value) else _number(value)


def yen(value: Any) -> str:
    """1000 → "¥1,000"."""
    return "" if _empty(value) else "¥" + _number(value)


def jdate(value: Any) -> str:
    """2026-04-05 → "2026年4月5日"."""
    if _empty(value):
        return ""
    day = _date(value)
    return f"{day.year}年{day.month}月{day.day}日"


def wareki(value: Any) -> str:
    """2026-04-05 → "令和8年4月5日"; the first year of an era is 元年."""
    if _empty(value):
        return ""
    day = _date(value)
    era = next((name for first, name in _ERAS if day >= first), None)
    if era is None:
        return jdate(day)
    year = day.year - _FIRST_YEARS[era] + 1
    return f"{era}{'元' if year == 1 else year}年{day.month}月{day.day}日"


def usdate(value: Any) -> str:
    """2026-04-05 → "April 5, 2026"."""
    if _empty(value):
        return ""
    day = _date(value)
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def sama(value: Any) -> str:
    """A name with 様, or 御中 for an organisation."""
    return "" if _empty(value) else str(value) + honorific(str(value))


def fours(value: Any) -> str:
    """A long number in groups of four: "0123 4567 89ab"."""
    text = "" if _empty(value) else str(value)
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


class _Encoded(str):
    """A value that its writer has percent-encoded already."""

    __slots__ = ()


def urlencode(value: Any) -> str:
    """A value as it may stand in the path of an address."""
    return _Encoded("" if _empty(value) else quote(str(value), safe="/"))


def in_address(value: Any) -> str:
    """A value as it may stand anywhere in an address: nothing in it parts the address."""
    return value if isinstance(value, _Encoded) else "" if _empty(value) else quote(str(value), safe="")


FILTERS: dict[str, Callable[[Any], str]] = {
    "yen": yen,
    "comma": comma,
    "jdate": jdate,
    "wareki": wareki,
    "usdate": usdate,
    "sama": sama,
    "fours": fours,
    "urlencode": urlencode,
    "in_address": in_address,
}
