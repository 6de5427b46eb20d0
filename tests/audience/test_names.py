"""A name is printed in the person's own characters, once honoured; what is no name, or damaged, is not printed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.audience import Audience, load_audience
from dmgen.audience.cells.text import clean
from dmgen.audience.clean.names import is_placeholder, misread, without_honorific
from dmgen.layout.honorific import honorific
from dmgen.model.campaign import ColumnRule
from dmgen.model.recipient import Outcome

from .conftest import build, people, person
from .test_consent import listed

REAL = [
    "山田太郎", "山田 花子", "髙橋 一郎", "𠮷田", "葛󠄀城", "ｱｵｷ ﾊﾅ", "アオキ ハナ", "あおき はな", "のの",
    "José García", "Žižek",
    "René–Paul O’Brien–D’Arcy", "Ng", "Na", "Jennifer Null", "O\"Reilly", "=1+1", "@SUM(1)", "+81 山田", "-山田",
    "%0A=1+1",
    "株式会社テスト製作所", "サンプル印刷株式会社", "名取", "姓 太郎", "本人 太郎", "王", "森", "無量", "李",
    "佐藤 「ハナ」 花子",
    "㈱山田", "Åsa Öberg", "ÉÈ", "千 繧繝", "Nguyễn Văn Ân", "山田商店 御担当者様", "3代目 山田", "〆木", "久々 津",
]  # fmt: skip
NOT_NAMES = [
    "テスト", "ﾃｽﾄ", "テスト テスト", "てすと", "test", "ＴＥＳＴ", "Test User", "test1", "テスト太郎",
    "テスト　太郎", "テストユーザー01",
    "ダミー", "dummy data", "サンプル", "sample", "名無し", "名無しさん", "匿名希望", "なし", "なし なし", "不明",
    "未入力",
    "お名前", "氏名", "様", "お客様", "ご本人", "ゲスト", "guest", "N/A", "null", "undefined", "#N/A", "xxx",
    "ａａａａ", "ああああ",
    "○○○", "○○ ○○", "〇〇", "***", "-", "ー", "―", "・", "...", "★", "asdf", "12345", "１２３", "001 002",
    "090-1234-5678",
    "hana@example.com", "ｈａｎａ＠example.com", "😀",
]  # fmt: skip
MISREAD = [
    "螻ｱ逕ｰ", "螻ｱ逕ｰ 螟ｪ驛・", "繝・せ繝", "縺ゅ♀縺・", "å±±ç”°å¤ªéƒŽ", "æ–‡å—", "ã‚¢ã‚ªã‚­", "JosÃ©", "ŽR“c ‘¾˜Y",
    "é«˜æ©‹",
]  # fmt: skip


def ends(audience: Audience) -> list[tuple[str, str]]:
    return [(bad.outcome.value, bad.reason) for bad in audience.rejections()]


@pytest.mark.parametrize("name", REAL)
def test_a_real_name_is_printed_as_it_is(tmp_path: Path, name: str) -> None:
    assert not is_placeholder(name)
    assert not misread(name)
    audience = load_audience(build(tmp_path, people(person(name=name))))
    assert ends(audience) == []
    assert audience.rows([0], ["name"]) == [{"name": name.removesuffix("様")}]


@pytest.mark.parametrize("name", NOT_NAMES)
def test_what_is_no_name_is_rejected(tmp_path: Path, name: str) -> None:
    audience = load_audience(build(tmp_path, people(person(name=name))))
    assert ends(audience) == [("rejected", "name_placeholder")]


@pytest.mark.parametrize("name", MISREAD)
def test_a_name_read_in_the_wrong_encoding_is_rejected(tmp_path: Path, name: str) -> None:
    audience = load_audience(build(tmp_path, people(person(name=name))))
    assert ends(audience) == [("rejected", "name_damaged")]


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("山田太郎様", "山田太郎"), ("山田 太郎 様", "山田 太郎"), ("山田　太郎　様", "山田　太郎"),
        ("山田さま", "山田"),
        ("山田 太郎 さま", "山田 太郎"), ("山田 太郎 殿", "山田 太郎"), ("山田様様", "山田"), ("山田様 様", "山田"),
        ("王 様", "王"),
        ("鵜殿", "鵜殿"), ("鵜 殿", "鵜 殿"), ("あさま", "あさま"), ("株式会社印鑑の王様", "株式会社印鑑の王様"),
        ("様", "様"), ("お客様", "お客様"),
        ("山田 先生", "山田 先生"), ("山田商店 御中", "山田商店 御中"), ("様子 太郎", "様子 太郎"),
    ],
)  # fmt: skip
def test_a_name_never_brings_its_own_honorific(written: str, printed: str) -> None:
    assert without_honorific(written) == printed


def test_a_dropped_honorific_is_noted_and_every_part_is_without_it(tmp_path: Path) -> None:
    audience = load_audience(build(tmp_path, people(person(name="山田 太郎 様"), person("B", name="山?田"))))
    (row, _) = audience.rows([0, 1], ["name", "family_name", "given_name"])
    assert list(row.values()) == ["山田 太郎", "山田", "太郎"]
    assert [(flag.reason, flag.value) for flag in audience.flags()] == [
        ("name_honorific", "山田 太郎 様"),
        ("name_doubtful", "山?田"),
    ]
    columns = [ColumnRule("name", ("姓", "名"))]
    text = listed(
        {"姓": "山田", "名": "太郎様", "dm_opt_out": "0"},
        {"customer_id": "B", "姓": "鈴木様", "名": "", "dm_opt_out": "0"},
    )
    text = text.replace(",name,", ",was,", 1)
    rows = load_audience(build(tmp_path, text, columns=columns)).rows([0, 1], ["name", "family_name", "given_name"])
    assert [list(row.values()) for row in rows] == [["山田 太郎", "山田", "太郎"], ["鈴木", "鈴木", ""]]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("⽥中 ⼀郎", "田中 一郎"), ("⻘⽊ ⻲⻁", "青木 亀虎"), ("⻫藤", "斉藤"),
        ("山\u200d田\u200c太\u00ad郎", "山田太郎"),
        ("神\ufa19 \ufa11", "神\ufa19 \ufa11"), ("葛\U000e0100", "葛\U000e0100"), ("ｱｵｷ ﾊﾅ", "ｱｵｷ ﾊﾅ"),
        ("が か\u3099", "が が"),
    ],
)  # fmt: skip
def test_radicals_become_their_kanji_and_nothing_else_is_normalised(written: str, read: str) -> None:
    assert clean(written) == read


NAMES = st.sampled_from(["山田", "髙橋 一郎", "𠮷田　花", "王 一", "Smith", "神様"])


@given(NAMES, st.sampled_from(["", "様", " 様", "　様", " さま", " 殿", "様 様"]))
def test_nobody_is_honoured_twice(name: str, own: str) -> None:
    printed = without_honorific(name + own)
    assert honorific(printed) == ("" if name == "神様" else "　様")
    assert printed in (name, name.removesuffix("様"))


@given(st.text("山田太郎一二三花子ｱｲｳﾊﾅアカサあいうéöÅ ’-", min_size=2, max_size=10))
def test_names_of_ordinary_letters_are_never_taken_for_misread(name: str) -> None:
    assert not misread(name)


@given(st.text("山田太郎花子髙﨑鈴木佐藤美智齋藤東海林アカサタナあいうえ", min_size=3, max_size=8))
def test_japanese_read_in_the_wrong_encoding_is_found(name: str) -> None:
    """Where the wrong reading lost nothing, so that it must be found."""
    for right, wrong in (("utf-8", "cp932"), ("utf-8", "cp1252")):
        try:
            damaged = clean(name.encode(right).decode(wrong))
        except UnicodeDecodeError:
            continue
        assert misread(damaged), (damaged, right, wrong)


def test_every_outcome_of_a_bad_name_is_one_that_prints_nothing(tmp_path: Path) -> None:
    rows = [person(str(n), name=name) for n, name in enumerate([*NOT_NAMES, *MISREAD, "故 山田", "山田※注意", ""])]
    audience = load_audience(build(tmp_path, people(*rows)))
    assert len(audience.open_positions("all")) == 0
    assert audience.counts()[Outcome.REJECTED] == len(rows) - 1
