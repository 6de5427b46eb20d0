"""Cleaning never changes who a letter is for, and every row ends in exactly one outcome."""

import re
import tempfile
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.audience import Audience, load_audience
from dmgen.audience.cells.text import clean
from dmgen.errors import PreflightError
from dmgen.model.campaign import ColumnRule, ColumnType
from dmgen.model.recipient import Outcome, fingerprint

from .conftest import ORDERS, build, people, person


def fates(audience: Audience) -> dict[str, tuple[str, str]]:
    return {bad.customer_id: (bad.outcome.value, bad.reason) for bad in audience.rejections()}


def fate(folder: Path, **cells: str) -> tuple[str, str] | None:
    audience = load_audience(build(folder, people(person(**cells))))
    return next(iter(fates(audience).values()), None)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("山田\r\n太郎", "山田 太郎"),
        ("　山田　太郎 ", "山田　太郎"),
        ("山田\t \u00a0太郎", "山田 太郎"),
        ("高木\u2028次郎\x85\x0b", "高木 次郎"),
        ("山\u200b田\ufeff\u2060", "山田"),
        ("山\x1f田\x00", "山田"),
        ("か\u3099んは\u309a", "がんぱ"),
        ("Jose\u0301 e\u0302\u0301", "José ế"),
        ("神\ufa19\u793e", "神\ufa19\u793e"),  # a compatibility kanji that NFC would rewrite
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("辻\ufe00", "辻\ufe00"),
        ("ｱｵｷ ﾊﾞﾊﾞ", "ｱｵｷ ﾊﾞﾊﾞ"),
        ("か゛", "か゛"),
        ("あ\u3099", "あ\u3099"),
        ("\u0301a", "\u0301a"),
        ("=1+1", "=1+1"),
    ],
)
def test_text_is_cleaned_and_nothing_else(tmp_path: Path, written: str, read: str) -> None:
    assert clean(written) == read
    audience = load_audience(build(tmp_path, people(person(name=written, building=written))))
    (row,) = audience.rows([0], ["name", "building"])
    assert (row["name"], row["building"]) == (read, read)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_cleaning_is_settled_and_leaves_no_separator(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert not [c for c in once if unicodedata.category(c) == "Cc"]


@pytest.mark.parametrize(
    ("cells", "outcome"),
    [
        ({"customer_id": " "}, ("rejected", "customer_id_missing")),
        ({"name": "　\u200b"}, ("rejected", "name_missing")),
        ({"name": "???？"}, ("rejected", "name_damaged")),
        ({"name": "山\ue000"}, ("rejected", "name_damaged")),
        ({"name": "山\ufffd"}, ("rejected", "name_damaged")),
        ({"name": "山\u202e田"}, ("rejected", "name_damaged")),
        ({"postal_code": ""}, ("rejected", "postal_code_missing")),
        ({"postal_code": "000-0000"}, ("rejected", "postal_code_invalid")),
        ({"postal_code": "600042"}, ("rejected", "postal_code_invalid")),
        ({"prefecture": "", "city": "", "town": "", "street": ""}, ("rejected", "address_missing")),
        ({"town": "?? ??"}, ("rejected", "address_damaged")),
        ({"building": "\ue000"}, ("rejected", "address_damaged")),
        ({"dm_opt_out": "１"}, ("suppressed", "opted_out")),
        ({"dm_opt_out": "Yes "}, ("suppressed", "opted_out")),
        ({"dm_opt_out": "×", "name": "", "postal_code": "x"}, ("suppressed", "opted_out")),
        ({"dm_opt_out": "○"}, ("review", "opt_out_unclear")),
        ({"dm_opt_out": "希望しない"}, ("suppressed", "opted_out")),
        ({"dm_opt_out": ""}, ("review", "opt_out_unclear")),
        ({"dm_opt_out": "maybe", "name": ""}, ("review", "opt_out_unclear")),
        ({"dm_opt_out": "ＦＡＬＳＥ"}, None),
        ({"dm_opt_out": "可"}, None),
        ({"name": "A?"}, None),
    ],
)
def test_unusable_rows_end_with_their_reason(
    tmp_path: Path, cells: dict[str, str], outcome: tuple[str, str] | None
) -> None:
    assert fate(tmp_path, **cells) == outcome


def test_the_cell_that_caused_it_is_reported_as_written(tmp_path: Path) -> None:
    (bad,) = load_audience(build(tmp_path, people(person(postal_code="１２-X" + "9" * 99)))).rejections()
    assert (bad.source, bad.line, bad.field, bad.stage) == ("customers", 2, "postal_code", "clean")
    assert bad.value == ("１２-X" + "9" * 99)[:80]


def test_the_same_row_twice_gets_one_letter_and_a_conflict_none(tmp_path: Path) -> None:
    rows = [person("A"), person("B"), person("A", postal_code="1000001"), person("C"), person("C", street="9")]
    audience = load_audience(build(tmp_path, people(*rows)))
    assert audience.open_positions("all").tolist() == [0, 1]
    assert [(bad.line, bad.reason) for bad in audience.rejections()] == [
        (4, "same_row_twice"), (5, "id_conflict"), (6, "id_conflict"),
    ]  # fmt: skip


def test_of_the_same_row_twice_the_one_that_says_no_is_heard(tmp_path: Path) -> None:
    rows = [person("A"), person("A", dm_opt_out="1"), person("B"), person("B", dm_opt_out="?"), person("C")]
    audience = load_audience(build(tmp_path, people(*rows)))
    assert [(bad.line, bad.reason, bad.value) for bad in audience.rejections()] == [
        (2, "opted_out", "1"), (3, "same_row_twice", "A"),
        (4, "opt_out_unclear", "?"), (5, "same_row_twice", "B"),
    ]  # fmt: skip
    assert audience.open_positions("all").tolist() == [4]


def test_names_addresses_and_fingerprints_are_computed(tmp_path: Path) -> None:
    rows = [person("A", name="山田　太郎 次郎", building="ビル 2F"), person("B", name="鈴木商店")]
    audience = load_audience(build(tmp_path, people(*rows)))
    first, second = audience.rows([0, 1], ["family_name", "given_name", "address", "fingerprint"])
    assert (first["family_name"], first["given_name"]) == ("山田", "太郎 次郎")
    assert first["address"] == "東京都千代田区千代田1-1 ビル 2F"
    assert (second["family_name"], second["given_name"]) == ("鈴木商店", "")
    assert first["fingerprint"] == fingerprint("A", "山田　太郎 次郎", "100-0001", str(first["address"]))


def test_joined_names_take_the_family_name_from_their_first_column(tmp_path: Path) -> None:
    text = (
        "customer_id,姓,名,postal_code,town,dm_opt_out,ポイント\n"
        '1,デ ラ,クルス,100-0001,千代田,0,"1,200"\n2,,花,100-0001,千代田,0,\n3,髙橋,,100-0001,千代田,0,many\n'
    )
    columns = [
        ColumnRule("name", ("姓", "名")),
        ColumnRule("points", ("ポイント",), ColumnType.INT),
        ColumnRule("rank", ("名",), default="並"),
    ]
    audience = load_audience(build(tmp_path, text, columns=columns))
    got = audience.rows([0, 1], ["name", "family_name", "given_name", "points", "rank", "姓"])
    assert [list(row.values()) for row in got] == [
        ["デ ラ クルス", "デ ラ", "クルス", 1200, "クルス", "デ ラ"],
        ["花", "花", "", None, "花", ""],
    ]  # fmt: skip
    (bad,) = audience.rejections()
    assert (bad.customer_id, bad.reason, bad.field, bad.value) == ("3", "value_unclear", "points", "many")
    assert audience.rows([2], ["rank"]) == [{"rank": "並"}]


def test_a_generic_country_takes_other_codes_and_joins_with_commas(tmp_path: Path) -> None:
    rows = [person("A", postal_code="SW1A 1AA"), person("B", postal_code="1234567890123")]
    audience = load_audience(build(tmp_path, people(*rows), country="generic"))
    assert fates(audience) == {"B": ("rejected", "postal_code_invalid")}
    (row,) = audience.rows([0], ["postal_code", "address"])
    assert row == {"postal_code": "SW1A 1AA", "address": "東京都, 千代田区, 千代田, 1-1"}


def test_a_shop_may_say_that_it_records_no_opt_out(tmp_path: Path) -> None:
    text = "customer_id,name,postal_code,address\n1,山田,100-0001,東京都千代田区千代田1-1\n"
    audience = load_audience(build(tmp_path, text, no_opt_out_recorded=True))
    assert audience.rows(audience.open_positions("all"), ["address"]) == [{"address": "東京都千代田区千代田1-1"}]


DIRT = {
    "customer_id": ["A", "B", "C", "", "B "],
    "name": ["山田 太郎", "", "??", "\u202ex"],
    "postal_code": ["100-0001", "1000001", "", "0", "000-0000"],
    "town": ["千代田", "", "\ufffd"],
    "dm_opt_out": ["0", "1", "", "×", "no"],
    "building": ["", "一,二", 'x"y', "a\nb"],
}
ROW = st.fixed_dictionaries({key: st.sampled_from(cells) for key, cells in DIRT.items()})
LINE = st.one_of(
    ROW.map(lambda cells: person(**cells, prefecture="", city="", street="")),
    st.sampled_from(["", ",,", "A,1", ",,,,,,,,,,,,", "\x1a", "A,山田,,,,,,,,,,,,,,1"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINE, max_size=14), st.lists(st.sampled_from("ABCD"), max_size=6))
def test_every_row_ends_in_exactly_one_outcome(lines: list[str], buyers: list[str]) -> None:
    orders = "\n".join((ORDERS, *(f"{n},{who},2026-01-0{n % 9 + 1},100,1,completed" for n, who in enumerate(buyers))))
    with tempfile.TemporaryDirectory() as folder:
        audience = load_audience(build(Path(folder), people(*lines), orders, scheme="cpm"))
    blank = sum(not re.sub(r'[,"\x1a]', "", line) for line in lines)
    assert audience.customers_read == len(lines) - blank
    positions = audience.open_positions("all")
    if len(positions):
        with pytest.raises(PreflightError):
            audience.check_sum()
    rows = audience.rows(positions, ["customer_id", "name", "dm_opt_out"])
    audience.settle(positions, Outcome.PRINTED, "print", "")
    audience.check_sum()
    counts = audience.counts()
    assert sum(counts.values()) == audience.customers_read
    rejections = [bad for bad in audience.rejections() if bad.source == "customers"]
    assert len(rejections) == audience.customers_read - counts[Outcome.PRINTED]
    assert [bad.line for bad in rejections] == sorted({bad.line for bad in rejections})
    assert len({row["customer_id"] for row in rows}) == len(rows)  # nobody gets two letters
    assert all(row["dm_opt_out"] in ("0", "no") for row in rows)
    assert sum(audience.order_counts.values()) == 2 * len(buyers)


def test_an_outcome_is_final(tmp_path: Path) -> None:
    audience = load_audience(build(tmp_path, people(person())))
    audience.settle([0], Outcome.REJECTED, "fit", "overset", "body", ["too long"])
    with pytest.raises(ValueError, match="outcome already"):
        audience.settle([0], Outcome.PRINTED, "print", "")
    (bad,) = audience.rejections()
    assert (bad.stage, bad.reason, bad.field, bad.value) == ("fit", "overset", "body", "too long")
