"""A shop's own notes: what says no is obeyed, what may say no is read by a person, and none is ever printed."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.audience import Audience, load_audience
from dmgen.audience.cells.vector import TEXT
from dmgen.audience.clean.notes import Says, name_says, names_say, note_says, notes_say
from dmgen.errors import CampaignError
from dmgen.model.audience import Duplicates
from dmgen.model.campaign import ColumnRule
from dmgen.model.recipient import Outcome

from .conftest import build, people, person, rules
from .test_consent import ends, listed


def load(folder: Path, **cells: str) -> Audience:
    return load_audience(build(folder, listed({"dm_opt_out": "0"} | cells)))


NO = [
    "DM拒否", "ＤＭ 不要", "dm　不可", "DM停止", "DMは不要", "DM送付不要", "DMの送付を希望しない", "DM不要と電話あり",
    "VIP, DM拒否", "郵送不要", "配達不要", "郵便物は一切不要", "カタログ・DM不要", "ダイレクトメールお断り",
    "ﾀﾞｲﾚｸﾄﾒｰﾙ不要", "チラシ、カタログはいらない", "DMを送らないで", "ＤＭＮＧ", "DM×", "案内状の送付はご不要",
    "今後DMは停止してください", "手紙は出さないで", "no mail", "Do not mail", "不要：DM", "連絡拒否",
    "2024/4/1 電話。DM停止希望", "DM 希望しません", "DMやめてほしい", "DM\n不要",
    "DMなし", "DM:無", "DM=OFF", "ＤＭ対象外", "DM送付除外",
]  # fmt: skip
DECEASED = ["死亡", "ご逝去", "ご本人様死亡", "2023年に亡くなられた", "他界されました", "故人"]
UNCLEAR = [
    "要注意", "クレームあり", "クレーマー", "ブラック", "ブラックリスト", "VIP/ブラック", "受取拒否あり", "宛先不明",
    "DM停止解除", "DM不要ではない", "DM拒否を取り消し", "停止", "配信停止", "NG", "お父様が亡くなられた",
    "香典返し（お母様死亡）", "長期不在", "DM戻り", "返戻",
]  # fmt: skip
NOTHING = [
    "", "VIP", "DM希望", "DM可", "DM OK", "のし不要", "領収書不要", "納品書不要", "包装不可", "配達時は不在",
    "配送時の電話不要", "発送メール不要", "卵NG", "クレームブリュレ好き", "ブラックコーヒー", "ご案内希望",
    "停電の地域", "亡き祖母の味", "常温不可", "Edmstop", "定期コース停止中", "代引不可", "nomailing",
    "手紙をいただいた", "medmng", "カタログ請求", "DM無料進呈", "対象外商品", "送料無料",
]  # fmt: skip


@pytest.mark.parametrize(
    ("notes", "wanted"),
    [(NO, Says.NO_MAIL), (DECEASED, Says.DECEASED), (UNCLEAR, Says.UNCLEAR), (NOTHING, Says.NOTHING)],
)
def test_notes_are_heard_and_not_overheard(notes: list[str], wanted: Says) -> None:
    assert {note: note_says(note) for note in notes} == dict.fromkeys(notes, wanted)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("故 山田太郎", Says.DECEASED),
        ("故　山田 太郎", Says.DECEASED),
        ("（故）山田太郎", Says.DECEASED),
        ("山田太郎（故）", Says.DECEASED),
        ("山田太郎【故人】", Says.DECEASED),
        ("山田太郎（ご逝去）", Says.DECEASED),
        ("山田 太郎 死亡", Says.DECEASED),
        ("故山田太郎", Says.UNCLEAR),
        ("山田太郎「DM不可」", Says.NO_MAIL),
        ("山田太郎 ＤＭ不要", Says.NO_MAIL),
        ("【郵送不要】山田太郎", Says.NO_MAIL),
        ("山田太郎※DM拒否", Says.NO_MAIL),
        ("山田太郎 ※クレーム", Says.INTERNAL),
        ("山田太郎（要注意）", Says.INTERNAL),
        ("山田太郎(ブラック)", Says.INTERNAL),
        ("山田太郎※", Says.INTERNAL),
        ("山田太郎[重複]", Says.INTERNAL),
        ("【VIP】山田太郎", Says.INTERNAL),
        ("山田太郎（電話連絡済）", Says.INTERNAL),
        ("山田 太郎", Says.NOTHING),
        ("山田花子（旧姓 佐藤）", Says.NOTHING),
        ("佐藤 花子(サトウ ハナコ)", Says.NOTHING),
        ("（株）山田商店", Says.NOTHING),
        ("佐藤 「ハナ」 花子", Says.NOTHING),
        ("ジャック・ブラック", Says.NOTHING),
        ("Edmund Ng", Says.NOTHING),
        ("停止線 太郎", Says.NOTHING),
        ("要 潤", Says.NOTHING),
    ],
)
def test_what_stands_in_a_name_that_is_no_part_of_it(name: str, wanted: Says) -> None:
    assert name_says(name) == wanted


@pytest.mark.parametrize(
    ("cells", "end"),
    [
        ({"tags": "DM拒否, VIP"}, [("suppressed", "note_says_no", "tags")]),
        ({"note": "死亡"}, [("suppressed", "deceased", "note")]),
        ({"note": "クレーム"}, [("review", "note_unclear", "note")]),
        ({"note": "クレーム", "tags": "DM不要"}, [("suppressed", "note_says_no", "tags")]),
        ({"note": "要注意", "dm_opt_out": "1"}, [("suppressed", "opted_out", "dm_opt_out")]),
        ({"dm_opt_out": "?", "tags": "死亡"}, [("suppressed", "deceased", "tags")]),
        ({"name": "山田（DM不可）"}, [("suppressed", "note_says_no", "name")]),
        ({"name": "故 山田"}, [("suppressed", "deceased", "name")]),
        ({"name": "山田 ※クレーム"}, [("rejected", "name_has_note", "name")]),
        ({"note": "のし不要", "tags": "VIP"}, []),
    ],
)
def test_a_row_with_a_note_ends_as_the_note_says(
    tmp_path: Path, cells: dict[str, str], end: list[tuple[str, str, str]]
) -> None:
    assert ends(load(tmp_path, **cells)) == end


def test_notes_are_no_columns_for_rules_or_words_not_even_under_their_own_header(tmp_path: Path) -> None:
    assert not {"note", "tags"} & set(load(tmp_path, note="常連", tags="VIP").columns)
    text = listed({"dm_opt_out": "0", "ショップ用メモ欄": "常連", "備考": "甘党"})
    columns = [ColumnRule("note", ("ショップ用メモ欄", "備考"))]
    audience = load_audience(build(tmp_path, text, columns=columns))
    assert not {"note", "ショップ用メモ欄", "備考"} & set(audience.columns)
    also_name = load_audience(build(tmp_path, listed({"dm_opt_out": "0"}), columns=[ColumnRule("note", ("name",))]))
    assert "name" in also_name.columns
    with pytest.raises(CampaignError, match="no column note"):
        load_audience(build(tmp_path, text, columns=columns, segments=rules("note")))


@given(
    st.lists(
        st.sampled_from(NO + DECEASED + UNCLEAR + NOTHING)
        | st.text("DM不要停止故死亡※()（クレ 希望しない", max_size=9),
        max_size=9,
    )
)
def test_whole_columns_say_what_their_cells_say(cells: list[str]) -> None:
    column = pa.array(cells, TEXT)
    assert notes_say(column).tolist() == [note_says(cell) for cell in cells]
    assert names_say(column).tolist() == [name_says(cell) for cell in cells]


def test_a_note_on_any_order_is_heard_for_its_buyer(tmp_path: Path) -> None:
    """Also on an order that does not count, and for the row that gets the letter of a person of several ids."""
    names = dict(zip("ABCDE", ("甲野", "乙野", "丙野", "丙野", "丁野"), strict=True))
    rows = people(*(person(key, name=name) for key, name in names.items()))
    orders = "\n".join((
        "order_id,customer_id,ordered_on,amount,status,note",
        "1,A,2026-01-05,100,completed,熨斗希望",
        "2,A,2026-01-06,100,cancelled,DM不要とのこと",
        "3,B,2026-01-05,100,completed,割れ物につき取扱要注意",
        "4,C,2026-01-05,100,completed,チラシ・DM停止",
        "5,E,2026-01-05,not an amount,completed,ご逝去との連絡",
    ))  # fmt: skip
    audience = load_audience(build(tmp_path, rows, orders, duplicates=Duplicates.PERSON))
    assert audience.who(audience.open_positions("all")) == [(3, "B")]
    customers = [bad for bad in audience.rejections() if bad.source == "customers"]
    told = {bad.customer_id: (bad.outcome, bad.reason, bad.field) for bad in customers}
    assert told == {
        "A": (Outcome.SUPPRESSED, "note_says_no", "orders.note"),
        "C": (Outcome.DUPLICATE, "same_person", "customer_id"),
        "D": (Outcome.SUPPRESSED, "note_says_no", "orders.note"),
        "E": (Outcome.SUPPRESSED, "deceased", "orders.note"),
    }
