"""Cells of a worksheet as text: what a person sees there, without thousands separators and long fractions."""

import re
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import from_excel

from dmgen.audience.read.sheetxml import Stored

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # ECMA-376 Part 1, 22.9.2.19 (ST_Xstring)
_LITERAL = re.compile(r'\\(.)|"([^"]*)"|\[[^\]]*\]|_.|\*.')
_HALF_SECOND = timedelta(milliseconds=500)
_EAST_ASIAN_DATES = {*range(27, 37), *range(50, 59)}  # the same, 18.8.30: dates in ja, ko and zh, by number alone
_MOST_DIGITS = 15  # that Excel itself shows and keeps
_DATE, _SPAN, _PLAIN = "date", "span", ""


@dataclass(frozen=True, slots=True)
class Cells:
    """The texts of a workbook's cells. `strings`: its shared ones; `styles`: what `style` says of each style."""

    strings: list[str]
    styles: list[str]
    epoch: datetime
    _dates: dict[tuple[str, str], str] = field(default_factory=dict)

    def text(self, cell: Stored) -> str:
        """A cell's text. Raises IndexError, ValueError where the file contradicts itself."""
        if cell.kind == "s":
            return unescaped(self.strings[int(cell.text)])
        if cell.kind in ("n", ""):
            style = self.styles[cell.style] if cell.style < len(self.styles) else _PLAIN
            if style in (_DATE, _SPAN):
                return self._date(cell.text, style)
            return number_text(cell.text, style)
        if cell.kind == "b":
            return "TRUE" if cell.text.strip() in ("1", "true") else "FALSE"
        if cell.kind == "d":
            return _day(datetime.fromisoformat(cell.text))
        return unescaped(cell.text)

    def _date(self, text: str, style: str) -> str:
        key = (text, style)
        if key not in self._dates:
            self._dates[key] = self._converted(text, style)
        return self._dates[key]

    def _converted(self, text: str, style: str) -> str:
        try:
            value = from_excel(float(text), self.epoch, timedelta=style == _SPAN)
        except (ValueError, OverflowError):
            return number_text(text, _PLAIN)  # no calendar has it; what reads dates will say so
        if isinstance(value, timedelta):
            seconds = round(value.total_seconds())
            return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        return _day(value) if isinstance(value, datetime) else str(value)


def style(number: int, code: str) -> str:
    """What a number format makes of a number: "date", "span", "000-0000" as of a postal code, or "" for a number."""
    if number in _EAST_ASIAN_DATES and not code:
        return _DATE
    name = code or BUILTIN_FORMATS.get(number) or "General"
    if is_timedelta_format(name):
        return _SPAN
    if is_date_format(name):
        return _DATE
    last = _LITERAL.sub(lambda found: found[1] or found[2] or "", name.split(";")[-1 if "[<" in name else 0])
    return last if re.fullmatch(r"0[0-]*0", last) else _PLAIN


def _day(value: datetime) -> str:
    value = (value + _HALF_SECOND).replace(microsecond=0)  # serial numbers are fractions of a day
    return value.isoformat(" ") if value.time() != time() else value.date().isoformat()


def unescaped(text: str) -> str:
    """Text whose control characters are written as _x000D_."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def number_text(text: str, places: str) -> str:
    """A stored number: digits alone where it is whole, all `places` filled (000-0000) where its format does that.

    Excel's own format for postal codes is [<=999]000;[<=9999]000\\-00;000\\-0000.
    """
    if not (text.isdigit() and text.isascii() and len(text) <= _MOST_DIGITS):
        value = Decimal(f"{float(text):.{_MOST_DIGITS}g}")
        text = f"{value:f}"
        text = (text.rstrip("0").rstrip(".") or "0") if "." in text else text
    return _filled(text, places) if places and text.isdigit() else text


def _filled(digits: str, places: str) -> str:
    digits = digits.zfill(places.count("0"))
    text = ""
    for place in reversed(places):
        text = (digits[-1] if place == "0" else place) + text
        digits = digits[:-1] if place == "0" else digits
    return digits + text
