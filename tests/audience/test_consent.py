"""Doubt is never a letter: a no in any column, of any twin, in any spelling, is heard; what is unclear is listed."""

import tempfile
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.audience import Audience, load_audience
from dmgen.audience.clean.consent import FREE, SAID_NO, UNCLEAR, said
from dmgen.errors import CampaignError, ListError
from dmgen.model.campaign import ColumnRule

from .conftest import build

BASE = {"customer_id": "A", "name": "山田 太郎", "postal_code": "100-0001", "address": "東京都千代田区千代田1-1"}


def listed(*rows: dict[str, str]) -> str:
    """A customers list with a column for every key."""
    names = list(dict.fromkeys([*BASE, *(name for row in rows for name in row)]))
    lines = [",".join('"' + (BASE | row).get(name, "").replace('"', '""') + '"' for name in names) for row in rows]
    return "\n".join((",".join(names), *lines)) + "\n"


def ends(audience: Audience) -> list[tuple[str, str, str]]:
    return [(bad.outcome.value, bad.reason, bad.field) for bad in audience.rejections()]


NO = [
    "拒否",
    "停止",
    "不要",
    "不可",
    "希望しない",
    "配信停止",
    "受け取らない",
    "No Mail",
    "ＤＭ 不要",
    "送付不可",
    "Opt-Out",
    "「拒否」",
    "NG",
]
MAY = ["可", "許可", "配信", "受け取る", "DM可", "opt-in", "配信中", "郵送希望"]


@pytest.mark.parametrize("word", NO)
def test_a_no_is_a_no_whatever_was_asked(word: str) -> None:
    assert said(word, asks_permission=False) == said(word, asks_permission=True) == SAID_NO


@pytest.mark.parametrize("word", MAY)
def test_a_word_that_says_itself_that_mail_may_come_is_taken_at_its_word(word: str) -> None:
    assert said(word, asks_permission=False) == said(word, asks_permission=True) == FREE


@pytest.mark.parametrize("word", ["1", "１", "1.0", "TRUE", "ｙｅｓ", " Y ", "on", "有", "あり", "はい"])
def test_a_yes_answers_what_the_columns_name_asks(word: str) -> None:
    assert said(word, asks_permission=False) == SAID_NO
    assert said(word, asks_permission=True) == FREE


@pytest.mark.parametrize("word", ["0", "０", "0.0", "False", "ＮＯ", "off", "無", "なし", "いいえ"])
def test_a_no_answers_what_the_columns_name_asks(word: str) -> None:
    assert said(word, asks_permission=False) == FREE
    assert said(word, asks_permission=True) == SAID_NO


YES_IF_ASKED = ["○", "◯", "〇", "希望する", "する"]
NO_IF_ASKED = ["しない", "同意しない"]


@pytest.mark.parametrize(
    ("word", "allowed"), [*((word, FREE) for word in YES_IF_ASKED), *((word, SAID_NO) for word in NO_IF_ASKED)]
)
def test_what_may_answer_either_question_is_unclear_under_an_opt_out(word: str, allowed: int) -> None:
    assert said(word, asks_permission=False) == UNCLEAR
    assert said(word, asks_permission=True) == allowed


@pytest.mark.parametrize(
    "word", ["", " ", "✓", "済", "?", "maybe", "2", "-1", "x", "-", "停止解除", "拒否しない", "要確認", "null"]
)
def test_empty_and_unknown_answers_are_unclear_in_both(word: str) -> None:
    assert said(word, asks_permission=False) == said(word, asks_permission=True) == UNCLEAR


SPELLING = st.text("0123１０yesnotrueflonＹＮ○×✓有無はいえ可不要停止拒否配信希望するしない許 　.", max_size=5)


@given(SPELLING | st.sampled_from(NO + MAY))
def test_no_spelling_may_be_mailed_both_ways_unless_it_says_so_itself(spelling: str) -> None:
    both = said(spelling, asks_permission=False) == said(spelling, asks_permission=True) == FREE
    if both:
        assert any(word in spelling for word in ("可", "許", "配信", "希望", "受け取る", "DM可", "opt-in"))
        assert not any(word in spelling for word in ("不", "停", "拒", "ない", "×"))


@pytest.mark.parametrize(
    ("cells", "end"),
    [
        ({"dm_allowed": "1"}, []),
        ({"dm_allowed": "0"}, [("suppressed", "opted_out", "dm_allowed")]),
        ({"dm_allowed": ""}, [("review", "opt_out_unclear", "dm_allowed")]),
        ({"dm_allowed": "希望しない"}, [("suppressed", "opted_out", "dm_allowed")]),
        ({"dm_opt_out": "0", "dm_allowed": "1"}, []),
        ({"dm_opt_out": "0", "dm_allowed": "0"}, [("suppressed", "opted_out", "dm_allowed")]),
        ({"dm_opt_out": "1", "dm_allowed": "1"}, [("suppressed", "opted_out", "dm_opt_out")]),
        ({"dm_opt_out": "1", "dm_allowed": "?"}, [("suppressed", "opted_out", "dm_opt_out")]),
        ({"dm_opt_out": "?", "dm_allowed": "0"}, [("suppressed", "opted_out", "dm_allowed")]),
        ({"dm_opt_out": "", "dm_allowed": "1"}, [("review", "opt_out_unclear", "dm_opt_out")]),
    ],
)
def test_of_two_columns_the_more_reluctant_answer_counts(
    tmp_path: Path, cells: dict[str, str], end: list[tuple[str, str, str]]
) -> None:
    assert ends(load_audience(build(tmp_path, listed(cells)))) == end


def test_a_list_that_does_not_say_is_refused_unless_the_campaign_says_that_nobody_is_recorded(tmp_path: Path) -> None:
    for text in (listed({}), listed({"email_opt_out": "0"})):
        with pytest.raises(ListError, match=r"dm_allowed.*\[lists\]: opt_out = \"none recorded\""):
            load_audience(build(tmp_path, text))
    assert ends(load_audience(build(tmp_path, listed({}), no_opt_out_recorded=True))) == []


def test_a_column_is_obeyed_although_the_campaign_says_that_nobody_is_recorded(tmp_path: Path) -> None:
    rows = [{"customer_id": key, "dm_opt_out": cell} for key, cell in (("A", "0"), ("B", "1"), ("C", ""))]
    audience = load_audience(build(tmp_path, listed(*rows), no_opt_out_recorded=True))
    assert [end[:2] for end in ends(audience)] == [("suppressed", "opted_out"), ("review", "opt_out_unclear")]


def test_none_recorded_in_the_shops_file_is_sent_to_the_campaigns(tmp_path: Path) -> None:
    columns = [ColumnRule("dm_opt_out", ("none recorded",))]
    with pytest.raises(CampaignError, match=r"campaign.toml under \[lists\]"):
        load_audience(build(tmp_path, listed({}), columns=columns))


def test_other_channels_are_flags_true_where_somebody_may_be_reached(tmp_path: Path) -> None:
    cells = [("0", "1"), ("1", "1"), ("0", "不可"), ("0", ""), ("停止", "?"), ("", "1")]
    rows = [
        {
            "customer_id": str(n),
            "dm_opt_out": "0",
            "email_opt_out": opt_out,
            "email_allowed": allowed,
            "sms_allowed": allowed,
        }
        for n, (opt_out, allowed) in enumerate(cells)
    ]
    audience = load_audience(build(tmp_path, listed(*rows)))
    assert "email_opt_out" not in audience.columns
    read = audience.rows(range(len(cells)), ["email_allowed", "sms_allowed"])
    assert [row["email_allowed"] for row in read] == [True, False, False, None, False, None]
    assert [row["sms_allowed"] for row in read] == [True, True, False, None, None, True]


ANSWERS = {
    "dm_opt_out": ["0", "1", "", "拒否", "○"],
    "dm_allowed": ["1", "0", "×", "?"],
    "tags": ["", "VIP", "DM拒否", "死亡", "要注意"],
    "note": ["", "のし不要", "郵送不要とのこと"],
    "email_allowed": ["1", "0", ""],
}
ROW = st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in ANSWERS.items()})
FREE_ANSWERS = {
    ("dm_opt_out", "0"),
    ("dm_allowed", "1"),
    ("tags", ""),
    ("tags", "VIP"),
    ("note", ""),
    ("note", "のし不要"),
}


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABC"), ROW), min_size=1, max_size=7))
def test_whoever_any_row_says_no_for_is_never_open(rows: list[tuple[str, dict[str, str]]]) -> None:
    """Counted a second time, by hand: a customer is open when every cell of every row of theirs is free."""
    with tempfile.TemporaryDirectory() as folder:
        audience = load_audience(build(Path(folder), listed(*({"customer_id": key} | cells for key, cells in rows))))
    opened = audience.rows(audience.open_positions("all"), ["customer_id", "email_allowed"])
    cells = {key: [cell for name, row in rows if name == key for cell in row.items()] for key, _ in rows}
    free = {key for key, said in cells.items() if {cell for cell in said if cell[0] != "email_allowed"} <= FREE_ANSWERS}
    assert {row["customer_id"] for row in opened} == free
    for row in opened:
        emails = {cell for name, cell in cells[str(row["customer_id"])] if name == "email_allowed"}
        assert row["email_allowed"] is (False if "0" in emails else None if "" in emails else True)


def test_words_of_a_polarity_are_heard_in_every_width_and_case() -> None:
    wide = {ord(c): ord(c) + 0xFEE0 for c in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"}
    for word, asks in product([*NO, *MAY, "1", "0", "yes", "no", "true", "false", "on", "off"], (False, True)):
        wanted = said(word, asks)
        for written in (word.upper(), word.title(), word.translate(wide), f"　{word} ", f"'{word}", f'="{word}"'):
            assert said(written, asks) == wanted, written
