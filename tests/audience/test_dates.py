"""A cell is the one day that it can mean, in every way of writing; what can mean two days, or none, is no date."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.audience.cells.dates import day
from dmgen.audience.cells.values import dates
from dmgen.audience.cells.vector import TEXT

TOKYO = ZoneInfo("Asia/Tokyo")
APRIL_1 = [
    "2024-04-01", "2024/4/1", "2024.04.1", "20240401", "2024年4月1日", "2024年 4月 1日", "２０２４／４／１",
    "2024年4月1日(月)", "2024年4月1日（月曜日）", "2024年04月01日9時30分", "2024年4月1日 午後11時59分59秒",
    "2024年4月1日 9時",
    "R6.4.1", "r6/4/1", "R6-4-1", "R06.04.01", "R060401", "Ｒ６．４．１", "令和6年4月1日", "令和六年四月一日",
    "㋿6.4.1", "令6.4.1",
    "R6年4月1日", "令和6年4月1日(月) 10:00", "2024年(令和6年)4月1日", "令和6年(2024年)4月1日",
    "45383", "45383.5", "45383.0", "'2024/4/1", '"2024/4/1"',
    "2024/4/1 0:00", "2024-04-01 23:59:59", "2024-04-01 23:59:59.999", "2024/04/01 9:05:03", "20240401093000",
    "2024-04-01T09:00:00+09:00", "2024-04-01 09:00:00 +0900", "2024-03-31T15:30:00Z", "2024-03-31 15:30:00 UTC",
    "2024-03-31T10:00:00.123-05:00", "2024-04-01 00:00:00+09", "2024-04-01 0:00 JST", "2024-03-31T15:00Z",
    "2024/4/1 11:59 PM", "Apr 1, 2024", "April 1st, 2024", "1 Apr 2024", "01-Apr-2024",
    "Mon, 01 Apr 2024 09:00:00 +0900",
    "Mon Apr 1 2024 09:00", "apr. 1 2024", "Sun, 31 Mar 2024 15:30:00 GMT", "二〇二四年四月一日",
    "二千二十四年四月一日",
]  # fmt: skip


@pytest.mark.parametrize("written", APRIL_1)
def test_a_clear_date_is_that_day_in_the_shops_zone(written: str) -> None:
    assert day(written, TOKYO) == date(2024, 4, 1)
    assert dates(pa.array([written], TEXT), "Asia/Tokyo").to_pylist() == [date(2024, 4, 1)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("R1.5.1", date(2019, 5, 1)),
        ("R01/12/31", date(2019, 12, 31)),
        ("H31.4.30", date(2019, 4, 30)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("㍻元.1.8", date(1989, 1, 8)),
        ("S64.1.7", date(1989, 1, 7)),
        ("昭和六十三年十二月三十一日", date(1988, 12, 31)),
        ("昭和元年12月25日", date(1926, 12, 25)),
        ("T15.12.25", date(1926, 12, 25)),
        ("大正元年7月30日", date(1912, 7, 30)),
        ("M45.7.30", date(1912, 7, 30)),
        ("32874", date(1990, 1, 1)),
        ("2024-02-29", date(2024, 2, 29)),
    ],
)
def test_eras_and_serials_begin_and_end_on_their_day(written: str, read: date) -> None:
    assert dates(pa.array([written], TEXT), "Asia/Tokyo").to_pylist() == [read]


NO_DATES = [
    "", "-", "1", "60", "0", "-1", "32873", "99999", "1711897200", "1711897200000", "45383abc", "45383,5",
    "04/01/2024", "1/4/2024", "24/4/1", "6.4.1", "2024-4", "2024", "2024年4月", "2024-04-01〜04-03", "2024-04-01/02",
    "2023-02-29", "2024-04-31", "2024-13-01", "0000-00-00", "1900-01-00", "2024-04-01 25:00:00", "2024-04-01 12:60",
    "20240431093000", "2024-4/1", "2024.4-1", "令和7年2月29日", "令和0年5月1日", "R元", "X6.4.1",
    "平成31年5月1日", "昭和64年1月8日", "H36.4.1", "平成元年1月7日", "令和元年4月30日", "R1.4.30", "T15.12.26", "M5",
    "2024年(令和5年)4月1日", "2024-04-01 09:00-12:00", "2024-04-01 14:00-16:00", "2024-04-01T09:00:00+15:00",
    "2024-04-01 9:00 13:00", "2024/4/1 13:00 PM", "二〇二四年十三月一日", "二十十四年四月一日", "四月一日",
    "1 Foo 2024",
    "Apr 1, 24", "Apr 2024", "未定", "#N/A", "２０²４-04-01", "٢٠٢٤-04-01", "1899-12-31", "0001-01-01",
]  # fmt: skip


@pytest.mark.parametrize("written", NO_DATES)
def test_what_means_two_days_or_none_is_no_date(written: str) -> None:
    assert dates(pa.array([written], TEXT), "Asia/Tokyo").to_pylist() == [None]


DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))
WRITTEN = st.sampled_from(
    ["{0:%Y-%m-%d}", "{0.year}/{0.month}/{0.day}", "{0.year}年{0.month}月{0.day}日", "{0:%b} {0.day}, {0.year}", "{1}"]
)
JUNK = st.text("0123456789-/.: TZ年月日令和RHSｼ元+()", max_size=20)


@given(DAYS, WRITTEN)
def test_every_day_is_read_back_as_it_was_written(written: date, form: str) -> None:
    assert day(form.format(written, (written - date(1899, 12, 30)).days), TOKYO) == written


@given(st.dates(date(1868, 1, 25), date(2099, 12, 31)), st.sampled_from("年./-"), st.booleans())
def test_era_dates_agree_with_an_independent_count(written: date, between: str, letter: bool) -> None:
    starts = [(date(2019, 5, 1), "令和", "R"), (date(1989, 1, 8), "平成", "H"), (date(1926, 12, 25), "昭和", "S"),
              (date(1912, 7, 30), "大正", "T"), (date(1868, 1, 25), "明治", "M")]  # fmt: skip
    first, name, short = next(start for start in starts if written >= start[0])
    rest = f"{written.month}月{written.day}日" if between == "年" else f"{written.month}{between}{written.day}"
    text = f"{short if letter else name}{written.year - first.year + 1}{between}{rest}"
    assert day(text, TOKYO) == written


STAMPS = st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31))  # noqa: DTZ001


@given(STAMPS, st.integers(-12 * 4, 13 * 4), st.sampled_from(["", " "]), st.sampled_from(["", ".5"]))
def test_stamps_of_any_zone_fall_on_the_shops_day(stamp: datetime, quarters: int, blank: str, part: str) -> None:
    away = timedelta(minutes=15 * quarters)
    sign, minutes = ("-" if quarters < 0 else "+"), abs(15 * quarters)
    text = f"{stamp:%Y-%m-%dT%H:%M:%S}{part}{blank}{sign}{minutes // 60:02}:{minutes % 60:02}"
    wanted = (stamp.replace(tzinfo=UTC) - away).astimezone(TOKYO).date()
    assert day(text, TOKYO) == wanted
    assert dates(pa.array([text], TEXT), "Asia/Tokyo").to_pylist() == [wanted]


@given(st.lists(JUNK | st.sampled_from(APRIL_1 + NO_DATES), max_size=12))
def test_whole_columns_are_read_as_their_cells_and_nothing_raises(cells: list[str]) -> None:
    singly = [day(cell, TOKYO) for cell in cells]
    wanted = [read if read and read >= date(1900, 1, 1) else None for read in singly]
    assert dates(pa.array(cells, TEXT), "Asia/Tokyo").to_pylist() == wanted
