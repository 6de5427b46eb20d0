"""Two ways of writing one name or address have one key, and two people or houses have two; nothing printed changes."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.audience.cells.matching import _OLD_FORMS, _VARIANTS, address_key, name_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("髙橋 太郎", "高橋　太郎 様"),
        ("山﨑花子", "山崎 花子"),
        ("山嵜 花子", "山崎花子"),
        ("渡邉 眞一", "渡辺真一"),
        ("渡邊 眞一", "渡邉 真一"),
        ("ﾔﾏﾀﾞ ﾀﾛｳ", "やまだ たろう"),
        ("ヴァン", "ゔぁん"),
        ("葛\U000e0100城", "葛城"),
        ("\ufa19\u793e", "\u795e\u793e"),
        ("⽥中", "田中"),
        ("𠮷田", "吉田"),
        ("齋藤", "斎藤"),
        ("齊藤", "斉藤"),
        ("株式会社　青葉堂 御中", "株式会社青葉堂"),
        ("Ｓｍｉｔｈ John", "SMITH john"),
        ("山田 太郎（死亡）", "山田太郎"),
        ("故 山田太郎 様", "山田太郎"),
        ("山田 太郎 DM不可", "山田太郎"),
        ("山田太郎※転居", "山田 太郎"),
    ],
)
def test_one_name_written_in_two_ways(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("斎藤", "斉藤"),
        ("山田 太郎", "山田 次郎"),
        ("はなこ 山田", "ハナコ 山田"),  # kana beside kanji are part of a name's writing
        ("様", ""),
        ("（株）", ""),
        ("【青葉】", "【若葉】"),
        ("工藤", "エ藤"),  # a kanji and a katakana that look alike
    ],
)
def test_two_names_stay_two(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("東京都杉並区高井戸西1丁目31番21号", "杉並区高井戸西１－３１－２１"),
        ("杉並区高井戸西一丁目三十一番二十一号", "杉並区高井戸西1-31-21"),
        ("杉並区高井戸西1丁目31-21", "杉並区高井戸西1 − 31 − 21"),
        ("杉並区高井戸西1-31-21 コーポ青葉101号室", "杉並区高井戸西1丁目31番21号　１０１"),
        ("杉並区高井戸西1-31-21-101", "杉並区高井戸西1-31-21 コーポ青葉 101"),
        ("札幌市北区北二十四条西五丁目1-2", "北海道札幌市北区北24条西5丁目1番2号"),
        ("千代田区霞が関1-1", "千代田区霞ヶ関1丁目1番地"),
        ("千代田区霞ケ関1の1", "千代田区霞ヶ関1ー1"),
        ("門司区大字畑12番地の3", "福岡県門司区畑12-3"),
        ("盛岡市玉山第三地割12番地5", "岩手県盛岡市玉山第3地割12-5"),
        ("廣島市中区國泰寺町01-2", "広島市中区国泰寺町1-2"),
        ("〒168-0071 東京都杉並区高井戸西1-31-21", "杉並区高井戸西1-31-21"),
        ("12 High Street, London", "12 HIGH STREET LONDON"),
    ],
)
def test_one_address_written_in_two_ways(one: str, other: str) -> None:
    assert address_key(one) == address_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("杉並区高井戸西1-31-21", "杉並区高井戸西1-31-2 1号室"),
        ("杉並区高井戸西1-31-21", "杉並区高井戸東1-31-21"),
        ("港区三田1-2", "港区3田1-2"),
        ("千代田区一番町3", "千代田区1-町3"),
        ("杉並区高井戸西1-31-21 101", "杉並区高井戸西1-31-21 102"),
        ("杉並区高井戸西1-31-21 A棟101", "杉並区高井戸西1-31-21 B棟101"),
        ("杉並区高井戸西1-31-21", "杉並区高井戸西13-12-1"),
    ],
)
def test_two_addresses_stay_two(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


def test_a_room_is_told_apart_from_its_house() -> None:
    assert address_key("港区三田1-2 ABCビル4F 401号室") == ("港区三田1-2", "4-401")
    assert address_key("東京都") == ("", "")


@given(st.text())
def test_keys_of_any_text_are_made_and_do_not_depend_on_blanks_around_it(text: str) -> None:
    assert name_key(f" {text}　") == name_key(text)
    assert address_key(f"東京都{text}").house.strip() == address_key(f"東京都{text}").house


def test_no_kanji_of_the_table_is_folded_twice_or_by_nfkc() -> None:
    """A form that is folded into one that is folded itself would have two keys."""
    pairs = _OLD_FORMS + _VARIANTS
    old, new = pairs[::2], pairs[1::2]
    assert len(set(old)) == len(old)
    assert not set(old) & set(new)
    assert unicodedata.normalize("NFKC", pairs) == pairs
