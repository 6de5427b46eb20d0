"""An address that reaches nobody gets no letter, with the reason; one that is only unusual keeps its own."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.audience import load_audience
from dmgen.audience.cells.addresses import DIGIT, JAPANESE, SUSPECT, Finding, finding
from dmgen.audience.cells.vector import TEXT, matches
from dmgen.model.campaign import ColumnRule
from dmgen.model.recipient import Outcome

from .conftest import build, people, person

INCOMPLETE, FOREIGN = Finding("address_incomplete"), Finding("address_foreign")
PLACEHOLDER, NOTE = Finding("address_placeholder"), Finding("address_has_note")
DATE, MAYBE_DATE = Finding("house_number_date"), Finding("house_number_date", sure=False)
HERE = "東京都千代田区千代田"


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("東京都", INCOMPLETE), ("東京", INCOMPLETE), ("東京都千代田区", INCOMPLETE), ("千代田区", INCOMPLETE),
        ("北海道 札幌市　中央区", INCOMPLETE), ("三重県四日市市", INCOMPLETE), ("北海道余市郡余市町", INCOMPLETE),
        ("沖縄県国頭郡今帰仁村", INCOMPLETE), ("1-2-3", INCOMPLETE), ("１－２－３", INCOMPLETE),
        ("東京都千代田区千代田", Finding()), ("東京都新宿区払方町", Finding()), ("富良野市下五区", Finding()),
        ("東京都青ヶ島村無番地", Finding()), ("長野県北安曇郡松川村7025", Finding()),
        ("山梨県都留市なかま町", Finding()),

        ("1 Main St, Springfield, IL 62704", FOREIGN), ("10 Downing Street, London", FOREIGN),
        ("5 Rue de la Paix Paris", FOREIGN), ("서울특별시 강남구 1-2", FOREIGN), ("台湾台北市中正区1-2", FOREIGN),
        ("1-1 Chiyoda, Chiyoda-ku, Tokyo", Finding()), ("東京都港区ABC Tower 3F", Finding()),
        ("中国町1-2", Finding()), ("香川県高松市香西1", Finding()),
        ("東京都中央区アメリカ館1-2", Finding()),

        ("不明", PLACEHOLDER), ("東京都千代田区不明", PLACEHOLDER), ("転居先不明", PLACEHOLDER),
        ("住所不定", PLACEHOLDER),
        ("東京都 住所不明", PLACEHOLDER), ("テスト", PLACEHOLDER), ("東京都千代田区テスト1-1", PLACEHOLDER),
        ("テスト県テスト市テスト町1-1", PLACEHOLDER), ("なし", PLACEHOLDER), ("-", PLACEHOLDER), ("０", PLACEHOLDER),
        ("ＴＥＳＴ", PLACEHOLDER), ("N/A", PLACEHOLDER), ("xxx", PLACEHOLDER), ("同上", PLACEHOLDER),
        ("ああああ", PLACEHOLDER),
        (f"{HERE}1-1 なし", Finding()), (f"{HERE}1-1 -", Finding()), (f"{HERE}1-1 テストビル", Finding()),
        (f"{HERE}1-1 アテスト研究所", Finding()), ("東京都千代田区無量1-1", Finding()), (f"{HERE}1番地なし", Finding()),
        ("宮城県仙台市青葉区八幡不明山1", Finding()),

        (f"{HERE}1-1 ※DM不可", NOTE), (f"{HERE}1-1（ＤＭ不要）", NOTE), (f"{HERE}1-1 DM 停止", NOTE),
        (f"{HERE}1-1 ※オートロック", NOTE), (f"{HERE}1-1 郵送不可", NOTE), (f"{HERE}1-1 要確認", NOTE),
        (f"{HERE}1-1 旧住所", NOTE), (f"{HERE}1-1 本人死亡", NOTE), (f"{HERE}1-1 発送は不可", NOTE),
        (f"{HERE}1-1 DMビル", Finding()), (f"{HERE}1-1 発送センター", Finding()), (f"{HERE}1-1 不動産", Finding()),

        (f"{HERE}2026/1/2", DATE), (f"{HERE}2001/02/03 0:00:00", DATE), (f"{HERE}2001年2月3日", DATE),
        (f"{HERE}２００１/２/３ ビル", DATE), (f"{HERE}5月6日", MAYBE_DATE), (f"{HERE}2001-02-03", MAYBE_DATE),
        (f"{HERE}2-Jan", MAYBE_DATE), (f"{HERE}Jan-02", MAYBE_DATE), (f"{HERE}2001.2.3 ビル", MAYBE_DATE),
        (f"{HERE}2001-2-3", Finding()), (f"{HERE}1/2", Finding()), (f"{HERE}2026/13/2", Finding()),
        (f"{HERE}12001/2/3", Finding()), (f"{HERE}二月三日", Finding()), (f"{HERE}5月6日館", Finding()),

        ("銀座郵便局私書箱第12号", Finding()), ("東京都千代田区丸の内郵便局留", Finding()),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_address(address: str, found: Finding) -> None:
    assert finding(address) == found


@pytest.mark.parametrize(
    ("street", "found"),
    [
        ("2026/1/2", DATE), ("1月2日", DATE), ("2-Jan", DATE), ("Jan-02", DATE), ("2001-02-03", DATE),
        ("2001-02-03 00:00:00", DATE), ("２００１/２/３", DATE), ("1-Feb-03", DATE), ("5月6日", DATE),
        ("2001.2.3", DATE),
        ("2001-2-3", Finding()), ("1-2-3", Finding()), ("12月町1", Finding()), ("2001番地", Finding()),
        ("不明", PLACEHOLDER), ("なし", PLACEHOLDER), ("テスト", PLACEHOLDER), ("-", Finding()), ("0", Finding()),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_street_of_its_own(street: str, found: Finding) -> None:
    assert finding(HERE + street, street) == found


WORDS = [
    "東京都",
    "千代田区",
    "テスト",
    "なし",
    "DM",
    "不可",
    "停止",
    "※",
    "不明",
    "住所",
    "1",
    "２",
    "-",
    "/",
    "月",
    "日",
    "2001",
    "Jan",
]
WORDS += [" ", "要確認", "死亡", "無", "台湾", "서울", "a", "年", ".", "x", "xx"]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map("".join))
def test_no_bad_address_escapes_the_first_look_over_the_whole_column(address: str) -> None:
    """Only addresses with a mark of it are read one by one."""
    cells = pa.array([address], TEXT)
    looked_at = matches(cells, SUSPECT) | ~matches(cells, DIGIT) | ~matches(cells, JAPANESE)
    assert looked_at[0] or finding(address, address) == Finding()


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"street": "2026/1/2"}, "house_number_date"),
        ({"town": "", "street": "", "building": ""}, "address_incomplete"),
        ({"city": "", "town": "", "street": ""}, "address_incomplete"),
        ({"prefecture": "US-IL", "postal_code": "62704", "city": "Springfield", "town": ""}, "address_foreign"),
        ({"town": "不明", "street": ""}, "address_placeholder"),
        ({"building": "※DM不可"}, "address_has_note"),
    ],
)
def test_such_a_row_is_rejected_with_its_value(tmp_path: Path, cells: dict[str, str], reason: str) -> None:
    audience = load_audience(build(tmp_path, people(person(**cells), person("B"))))
    (bad,) = audience.rejections()
    assert (bad.customer_id, bad.outcome, bad.reason) == ("A1", Outcome.REJECTED, reason)
    assert bad.value
    assert audience.flags() == []


def test_a_doubtful_house_number_is_a_note(tmp_path: Path) -> None:
    audience = load_audience(build(tmp_path, people(person(street="千代田5月6日"), person("B", street="5-6"))))
    assert [(flag.customer_id, flag.reason, flag.value) for flag in audience.flags()] == [
        ("A1", "house_number_date", "東京都千代田区千代田千代田5月6日")
    ]
    assert list(audience.rejections()) == []


@pytest.mark.parametrize("country", ["US", "アメリカ", "KR", "Taiwan"])
def test_another_country_is_no_domestic_letter(tmp_path: Path, country: str) -> None:
    assert fate_in(tmp_path, country) == ["address_foreign"]


@pytest.mark.parametrize("country", ["JP", "ＪＰ", "jpn", "日本", "Japan", "", " ", "392", "JP-13"])
def test_japan_by_any_of_its_names_is(tmp_path: Path, country: str) -> None:
    assert fate_in(tmp_path, country) == []


def fate_in(folder: Path, country: str) -> list[str]:
    text = f"customer_id,name,postal_code,address,country\n1,山田,100-0001,{HERE}1-1,{country}\n"
    audience = load_audience(build(folder, text, no_opt_out_recorded=True))
    return [bad.reason for bad in audience.rejections()]


def test_prefectures_by_their_number_are_written_out(tmp_path: Path) -> None:
    """Shopify exports JP-27 for 大阪府."""
    row = person(prefecture="JP-27", city="大阪市北区", town="梅田", postal_code="530-0001")
    audience = load_audience(build(tmp_path, people(row)))
    assert audience.rows([0], ["prefecture", "address"]) == [
        {"prefecture": "大阪府", "address": "大阪府大阪市北区梅田1-1"}
    ]
    assert audience.flags() == []


@pytest.mark.parametrize(
    ("prefecture", "city", "address", "building", "whole"),
    [
        ("東京都", "千代田区", "千代田1-1", "若葉ビル", f"{HERE}1-1 若葉ビル"),
        ("東京都", "千代田区", "千代田区千代田1-1", "", f"{HERE}1-1"),
        ("東京都", "千代田区", f"{HERE}1-1 若葉ビル", "若葉ビル", f"{HERE}1-1 若葉ビル"),
        ("東京都", "", "千代田区千代田1-1", "", f"{HERE}1-1"),
        ("", "", f"{HERE}1-1", "", f"{HERE}1-1"),
        ("東京", "千代田区", "東京千代田区千代田1-1", "", "東京千代田区千代田1-1"),
        ("大阪府", "", f"{HERE}1-1", "", f"{HERE}1-1"),
    ],
)
def test_an_address_gets_what_stands_in_columns_beside_it(
    tmp_path: Path, prefecture: str, city: str, address: str, building: str, whole: str
) -> None:
    """Letters print `address`: a prefecture or building that it leaves out would be lost."""
    header = "customer_id,name,postal_code,prefecture,city,住所,building"
    text = f"{header}\n1,山田,1000001,{prefecture},{city},{address},{building}\n"
    campaign = build(tmp_path, text, columns=[ColumnRule("address", ("住所",))], no_opt_out_recorded=True)
    assert load_audience(campaign).rows([0], ["address"]) == [{"address": whole}]


def test_every_city_alone_is_incomplete_and_no_town_is(shared: Path) -> None:
    """Of all there are: a letter lost, or a customer refused, could be in any of them."""
    from pyarrow import parquet

    rows = parquet.read_table(shared / "data/scale/lib/towns.parquet").to_pylist()
    cities = {row["prefecture"] + row["city"] for row in rows}
    assert [city for city in cities if finding(city) != INCOMPLETE] == []
    towns = [row["prefecture"] + row["city"] + row["town"] for row in rows[::7] if row["town"]]
    assert [town for town in towns if finding(town) != Finding()] == []
