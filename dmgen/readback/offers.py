"""What a piece was promised, by job.json and its own rows: its terms as letters and tables say them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def offered(offer: Mapping[str, Any] | None, column: str, form: str) -> str:
    """A term ("offer.NAME") in a format; one that the offer does not have is nothing."""
    value = (offer or {}).get(column.removeprefix("offer."))
    if value is None or value == "":
        return ""
    try:
        return _formed(value, form)
    except (TypeError, ValueError):
        return str(value)  # not as it was written: no letter shows this


def _formed(value: Any, form: str) -> str:
    match form:
        case "yen":
            return f"¥{value:,}"
        case "comma":
            return f"{value:,}"
        case "jdate":
            day = date.fromisoformat(value)
            return f"{day.year}年{day.month}月{day.day}日"
        case "usdate":
            day = date.fromisoformat(value)
            return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"
    return str(value)


def wrong_terms(offer: Mapping[str, Any], row: Mapping[str, str], code: Mapping[str, str], drop: str) -> str:
    """The first column of the manifest that does not say what the offer gives and until when; none is "".

    `code` is the coupon's row of codes.csv. In the birthday month an offer ends with a month of the year from the drop.
    """
    value = str(offer.get("value", offer["amount"]))
    if not row.get("coupon_value") == code.get("value") == value or code.get("minimum") != str(offer["minimum"]):
        return "coupon_value"
    until = code.get("expires", "")
    right = _ends_a_month(until, drop) if offer.get("birthday") else until == offer["expires"]
    return "" if right and row.get("coupon_expires") == until else "coupon_expires"


def _ends_a_month(until: str, drop: str) -> bool:
    try:
        day, first = date.fromisoformat(until), date.fromisoformat(drop)
        ends = day == date.max or (day + timedelta(days=1)).day == 1
    except ValueError:
        return False
    return ends and 0 <= (day.year - first.year) * 12 + day.month - first.month < 12
