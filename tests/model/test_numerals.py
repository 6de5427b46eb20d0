"""Digits of an address in kanji, as a reader of columns expects them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.model.numerals import kanji_numerals


@pytest.mark.parametrize(
    ("written", "kanji"),
    [
        ("3丁目30-8", "三丁目三〇－八"),
        ("4丁目1-23", "四丁目一－二三"),
        ("11丁目24-105", "十一丁目二四－一〇五"),
        ("南24条西20丁目", "南二十四条西二十丁目"),
        ("67番地の8", "六七番地の八"),
        ("1203号室", "一二〇三号室"),
        ("コープ10F", "コープ一〇F"),
        ("ハイツA-203", "ハイツA－二〇三"),
        ("203-B", "二〇三－B"),
        ("３−８‐１", "三－八－一"),
        ("Wi-Fi館", "Wi-Fi館"),
        ("1,000円", "一、〇〇〇円"),
        ("2026年12月25日", "二〇二六年十二月二十五日"),
        ("03丁目", "〇三丁目"),
        ("110丁目", "一一〇丁目"),
    ],
)
def test_known_numbers(written: str, kanji: str) -> None:
    assert kanji_numerals(written) == kanji


@given(st.text(st.sampled_from("0123456789０９-‐−,.丁目条番号室A市 　"), max_size=30))
def test_no_digit_is_left_and_twice_is_once(text: str) -> None:
    """Read-back may turn both what was printed and the list's cell into kanji and compare them."""
    kanji = kanji_numerals(text)
    assert not any(char.isdecimal() for char in kanji)
    assert kanji_numerals(kanji) == kanji
