"""A date in a cell: read where it can mean one day only, None where it cannot, never a guess.

Eras as the law has them: a day beyond its era's last (平成31年5月1日, H36.4.1) contradicts itself and is
no date. Orders of day, month and year that differ by country (04/01/2024) and years of two digits
(24/4/1) are none either.
"""

import re
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

_WIDTH = {0xFEE0 + ascii: ascii for ascii in range(0x21, 0x7F)} | {ord("　"): " ", ord("−"): "-"}
_TIME = (
    r"(?:(?:[T ] *|(?<=[日)]))(?P<half>午前|午後)? *(?P<hour>[0-9]{1,2})"
    r"(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?"
    r"|時(?:(?P<minute2>[0-9]{1,2})分(?:(?P<second2>[0-9]{1,2})秒)?)?)"
    r" ?(?P<noon>[AaPp][Mm])? ?(?P<zone>Z|UTC|GMT|JST|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
_WEEKDAY = r"(?: ?\(?(?:[月火水木金土日](?:曜日?)?|Sun|Mon|Tue|Wed|Thu|Fri|Sat)\)?)?"
_DAY = re.compile(
    r"(?P<year>[0-9]{4})(?:(?P<between>[-/.])(?P<month>[0-9]{1,2})(?P=between)(?P<day>[0-9]{1,2})"
    r"|年 ?(?P<month2>[0-9]{1,2})月 ?(?P<day2>[0-9]{1,2})日|(?P<month3>[0-9]{2})(?P<day3>[0-9]{2}))" + _WEEKDAY + _TIME
)
_DIGITS_ONLY = re.compile(r"([0-9]{8})([0-9]{2})([0-9]{2})([0-9]{2})")  # 20240401093000
_NAMED_ZONES = {"Z": 0, "UTC": 0, "GMT": 0, "JST": 540}

# Each era's first and last day. An emperor's death changed it within the day (to 1926), later ones overnight.
_ERAS = {
    "M": (date(1868, 1, 25), date(1912, 7, 30)),
    "T": (date(1912, 7, 30), date(1926, 12, 25)),
    "S": (date(1926, 12, 25), date(1989, 1, 7)),
    "H": (date(1989, 1, 8), date(2019, 4, 30)),
    "R": (date(2019, 5, 1), date.max),
}
_ERA_NAMES = {"明治": "M", "大正": "T", "昭和": "S", "平成": "H", "令和": "R"}
_ERA_LETTERS = {name[0]: letter for name, letter in _ERA_NAMES.items()}
_SQUARES = str.maketrans({"㍾": "明治", "㍽": "大正", "㍼": "昭和", "㍻": "平成", "㋿": "令和"})
_ERA_DAY = re.compile(
    r"(?P<era>明治|大正|昭和|平成|令和|[明大昭平令MTSHRmtshr])\.? ?"
    r"(?:(?P<year>元|[0-9]{1,2})(?:(?P<between>[-/.])(?P<month>[0-9]{1,2})(?P=between)(?P<day>[0-9]{1,2})"
    r"|年 ?(?P<month2>[0-9]{1,2})月 ?(?P<day2>[0-9]{1,2})日)"
    r"|(?P<year3>[0-9]{2})(?P<month3>[0-9]{2})(?P<day3>[0-9]{2}))(?P<rest>[^0-9].*)?"
)
_BOTH_CALENDARS = re.compile(r"([^()]+年)\(([^()]+年)\)(.+)")  # 2024年(令和6年)4月1日

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_ENGLISH_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?"
_ENGLISH_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_ENGLISH_YEAR = r"(?P<year>[0-9]{4})(?P<rest>[^0-9].*)?"
_ENGLISH = [
    re.compile(_ENGLISH_WEEKDAY + _MONTH + " " + _ENGLISH_DAY + ",? " + _ENGLISH_YEAR, re.IGNORECASE),
    re.compile(_ENGLISH_WEEKDAY + _ENGLISH_DAY + "[ -]" + _MONTH + ",?[ -]" + _ENGLISH_YEAR, re.IGNORECASE),
]

_KANJI_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0}
_KANJI_UNITS = {"十": 10, "百": 100, "千": 1000}
_KANJI_NUMBER = re.compile(f"[{''.join(_KANJI_DIGITS)}{''.join(_KANJI_UNITS)}]+(?=[年月日])")

_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")
_SERIALS_FROM = date(1899, 12, 30)  # a spreadsheet's day 0, the leap day of 1900 that it invented counted
_SERIALS = range((date(1990, 1, 1) - _SERIALS_FROM).days, (date(2100, 1, 1) - _SERIALS_FROM).days)


def day(text: str, zone: ZoneInfo) -> date | None:
    """The calendar day that a cell names, in the zone where its stamp has one of its own."""
    text = text.strip().translate(_WIDTH).translate(_SQUARES).strip(" '\"")
    serial = _SERIAL.fullmatch(text)
    if serial:
        return _SERIALS_FROM + timedelta(days=int(serial[1])) if int(serial[1]) in _SERIALS else None
    text = _KANJI_NUMBER.sub(_arabic, text)
    twice = _BOTH_CALENDARS.fullmatch(text)
    if twice:
        readings = {day(twice[1] + twice[3], zone), day(twice[2] + twice[3], zone)}
        return readings.pop() if len(readings) == 1 else None
    digits = _DIGITS_ONLY.fullmatch(text)
    return _stamp("{} {}:{}:{}".format(*digits.groups()) if digits else _from_english(text), zone)


def _stamp(text: str, zone: ZoneInfo) -> date | None:
    era = _ERA_DAY.fullmatch(text)
    if era:
        text = f"{_era_year(era)}-{_part(era, 'month')}-{_part(era, 'day')}{era['rest'] or ''}"
    found = _DAY.fullmatch(text)
    if not found:
        return None
    hour, minute, second = (int(_part(found, part) or 0) for part in ("hour", "minute", "second"))
    half = (found["half"] or found["noon"] or "").lower()
    if half and hour > 12:
        return None
    try:
        stamp = datetime(  # noqa: DTZ001
            int(found["year"]), int(_part(found, "month")), int(_part(found, "day")),
            hour % 12 + 12 * (half in ("午後", "pm")) if half else hour, minute, second,
        )  # fmt: skip
        if era and not _within_era(era, stamp.date()):
            return None
        offset = _zone(found["zone"], found["second"] is not None) if found["zone"] else None
        return stamp.replace(tzinfo=offset).astimezone(zone).date() if offset else stamp.date()
    except (ValueError, OverflowError):
        return None


def _part(found: re.Match[str], name: str) -> str:
    """What the group of this name says, in whichever of its ways it is written."""
    groups = found.groupdict()
    return next((groups[key] for key in (name, f"{name}2", f"{name}3") if groups.get(key)), "")


def _era(found: re.Match[str]) -> str:
    name = found["era"]
    return _ERA_NAMES.get(name) or _ERA_LETTERS.get(name) or name.upper()


def _era_year(found: re.Match[str]) -> int:
    year = found["year"] or found["year3"]
    return _ERAS[_era(found)][0].year + (0 if year == "元" else int(year) - 1)


def _within_era(found: re.Match[str], stamp: date) -> bool:
    first, last = _ERAS[_era(found)]
    return first <= stamp <= last


def offset_minutes(offset: str) -> int:
    """How far a stamp's clock is ahead of UTC. Raises ValueError for no place's clock."""
    if offset in _NAMED_ZONES:
        return _NAMED_ZONES[offset]
    hours, minutes = int(offset[1:3]), int(offset[3:].removeprefix(":") or 0)
    if hours > 14 or minutes > 59:
        raise ValueError(offset)
    return (60 * hours + minutes) * (-1 if offset[0] == "-" else 1)


def _zone(offset: str, exact: bool) -> timezone:
    """Raises ValueError for what may be a span of time (9:00-12:00)."""
    if offset[0] == "-" and not exact:
        raise ValueError(offset)
    return timezone(timedelta(minutes=offset_minutes(offset)))


def _from_english(text: str) -> str:
    """A date with the month's name, as year-month-day; other text as it is."""
    for pattern in _ENGLISH:
        found = pattern.fullmatch(text)
        if found:
            month = _MONTHS.index(found["name"][:3].lower()) + 1
            return f"{found['year']}-{month}-{found['day']}{found['rest'] or ''}"
    return text


def _arabic(found: re.Match[str]) -> str:
    """二〇二四 → 2024, 二千二十四 → 2024, 十二 → 12; what is neither stays and is no date."""
    digits = found[0]
    units = [_KANJI_UNITS[digit] for digit in digits if digit in _KANJI_UNITS]
    if not units:
        return "".join(str(_KANJI_DIGITS[digit]) for digit in digits)
    orderly = all(before > after for before, after in pairwise(units))
    total, digit = 0, 0
    for character in digits:
        if character in _KANJI_UNITS:
            total, digit = total + (digit or 1) * _KANJI_UNITS[character], 0
        elif digit or character in "〇零":
            return found[0]
        else:
            digit = _KANJI_DIGITS[character]
    return str(total + digit) if orderly else found[0]
