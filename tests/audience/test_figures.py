"""Amounts are what is clearly written, to the yen; what is not clear is no amount, and never a guess."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.audience.cells.figures import amount
from dmgen.audience.cells.values import amounts, numbers
from dmgen.audience.cells.vector import TEXT


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1200", 1200), ("1,200", 1200), ("¥1,200", 1200), ("￥1,200", 1200), ("\\1,200", 1200), ("１，２００円", 1200),
        ("1,200円(税込)", 1200), ("1,200円（税込み）", 1200), ("税込1,200円", 1200), ("（税込）¥1,200", 1200),
        ("1,200 (税込)", 1200), ("¥ 1,200-", 1200), ("1200.00", 1200), (" 1200 ", 1200), ("+1200", 1200),
        ("1.2E+03", 1200), ("1.2e3", 1200), ('"1,200"', 1200), ("'1200", 1200), ("0", 0), ("-0", 0), ("-1200", -1200),
        ("▲1,200", -1200), ("△1,200", -1200), ("▲ 1,200", -1200), ("¥▲1,200", -1200), ("▲¥1,200", -1200),
        ("(1,200)", -1200), ("（１，２００）", -1200), ("−1200", -1200), ("－１２００", -1200), ("¥-1,200", -1200),
    ],
)  # fmt: skip
def test_a_clear_amount_is_read_to_the_yen(written: str, read: int) -> None:
    assert amount(written, 0) == read


NOT_AMOUNTS = [
    "", "-", "1200-", "1200.50", "1.200,00", "1,20", "12,00,000", "無料", "N/A", "NaN", "inf", "1e309", "1E-03",
    "1.25E+00",
    "$12.00", "12.00 USD", "1_200", "0x4B0", "١٢٠٠", "①②", "²", "一二〇〇", "壱千弐百円", "1200/1300", "#VALUE!",
    "####", "=600*2", "2024/4/1", "TRUE", "9" * 26, "1,200円(税抜)", "(1,200", "-(1,200)", "--1", "1 200", "1.2.3",
    "E+03",
]  # fmt: skip


@pytest.mark.parametrize("written", NOT_AMOUNTS)
def test_an_unclear_amount_is_none(written: str) -> None:
    assert amount(written, 0) is None
    assert amounts(pa.array([written], TEXT), 0).to_pylist() == [None]


YEN = st.integers(-(10**12), 10**12)
FORMS = st.sampled_from(["{}", "{:,}", "{:,}円", "¥{:,}", "{}.00", "{:,}円(税込)"])


@given(YEN, FORMS, st.booleans())
def test_every_amount_is_read_back_as_it_was_written(yen: int, form: str, wide: bool) -> None:
    text = form.format(yen)
    if wide:
        text = text.translate(str.maketrans("0123456789,.-¥", "０１２３４５６７８９，．－￥"))
    assert amount(text, 0) == yen
    assert amounts(pa.array([text], TEXT), 2).to_pylist() == [yen * 100]


@given(st.lists(st.text("0123456789０,.-¥円▲()E+ x税込", max_size=9) | st.sampled_from(NOT_AMOUNTS), max_size=9))
def test_whole_columns_are_read_as_their_cells(cells: list[str]) -> None:
    assert amounts(pa.array(cells, TEXT), 0).to_pylist() == [amount(cell, 0) for cell in cells]


def test_numbers_keep_their_decimals() -> None:
    cells = pa.array(["1.25", "1,200.5", "(3)", "1.2E+03", "x", ""], TEXT)
    assert numbers(cells).to_pylist() == [1.25, 1200.5, -3.0, 1200.0, None, None]
