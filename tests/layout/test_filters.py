"""Amounts and dates as a Japanese reader expects them; an empty cell prints nothing."""

from datetime import date, datetime

import pytest

from dmgen.layout.filters import FILTERS, FilterError


@pytest.mark.parametrize("name", list(FILTERS))
@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_cell_prints_nothing(name: str, empty: object) -> None:
    assert FILTERS[name](empty) == ""


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1,000"),
        (1234567, "1,234,567"),
        (1234.5, "1,234.5"),
        (2000.0, "2,000"),
        ("1200", "1,200"),
        ("1,200", "1,200"),
        (-500, "-500"),
    ],
)
def test_numbers_have_commas(value: object, shown: str) -> None:
    assert FILTERS["comma"](value) == shown
    assert FILTERS["yen"](value) == "¥" + shown


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (date(2026, 4, 5), "令和8年4月5日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1926, 12, 24), "大正15年12月24日"),
        (date(1912, 7, 30), "大正元年7月30日"),
        (date(1912, 7, 29), "明治45年7月29日"),
        (date(1873, 1, 1), "明治6年1月1日"),
        (date(1872, 12, 31), "1872年12月31日"),  # before the calendar was changed a date is another day
    ],
)
def test_eras_begin_on_their_first_day(day: date, shown: str) -> None:
    assert FILTERS["wareki"](day) == shown


@pytest.mark.parametrize("value", [date(2026, 4, 5), datetime(2026, 4, 5, 23, 59), "2026-04-05"])  # noqa: DTZ001
def test_dates_have_no_leading_zeros(value: object) -> None:
    assert FILTERS["jdate"](value) == "2026年4月5日"
    assert FILTERS["usdate"](value) == "April 5, 2026"


@pytest.mark.parametrize("name", ["yen", "comma"])
@pytest.mark.parametrize("value", ["たくさん", "12円", date(2026, 4, 5), [1]])
def test_what_is_no_number_is_refused(name: str, value: object) -> None:
    with pytest.raises(FilterError, match="a number"):
        FILTERS[name](value)


@pytest.mark.parametrize("name", ["jdate", "wareki", "usdate"])
@pytest.mark.parametrize("value", ["来週", "2026-02-30", 20260405, True])
def test_what_is_no_date_is_refused(name: str, value: object) -> None:
    with pytest.raises(FilterError, match="a date"):
        FILTERS[name](value)


@pytest.mark.parametrize(
    ("name", "shown"), [("山田 花子", "山田 花子　様"), ("㈱青葉堂", "㈱青葉堂　御中"), ("山田様", "山田様")]
)
def test_a_name_has_its_honorific(name: str, shown: str) -> None:
    assert FILTERS["sama"](name) == shown
