"""A day's list of parcels, as warehouses and carriers write it, in the order in which it is packed; no row stops it."""

import io
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from dmgen.audience import ship_day
from dmgen.audience.clean.drafts import natural
from dmgen.audience.clean.shipments import Shipments, open_shipments, read_shipments
from dmgen.errors import ListError
from dmgen.model.campaign import ColumnRule, Shop

from .exports import LOGILESS, NEXTENGINE_37, SAGAWA_EHIDEN3, YAMATO_B2, YUPURI_R, export

SHOP = Shop("aobado", "青葉堂", Path("shop.toml"))


def rules(**columns: str | tuple[str, ...]) -> Shop:
    made = (ColumnRule(name, (made,) if isinstance(made, str) else made) for name, made in columns.items())
    return replace(SHOP, shipments=tuple(made))


def read(path: Path, content: str | bytes | None = None, shop: Shop = SHOP) -> Shipments:
    if content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_shipments(open_shipments(path, shop), shop)


def ids(found: Shipments) -> list[str]:
    return [one.parcel.shipment_id for one in found.parcels]


def reasons(found: Shipments) -> dict[str, str]:
    return {one.parcel.shipment_id: one.reason for one in found.parcels}


def test_a_list_in_our_own_words_is_read_whole(tmp_path: Path) -> None:
    found = read(
        tmp_path / "s.csv",
        "shipment_id,order_ids,customer_id,wave,position,ship_on,tracking,ship_to_name\n"
        "S2,O3,C2,朝,2,2026/10/01,4900-1,高橋 花子\nS1,O1;O2,C1,朝,1,2026-10-01,4900-2,山田太郎\n",
    )
    first, second = found.parcels
    assert (first.parcel.shipment_id, first.parcel.orders, first.parcel.customer_id) == ("S1", ("O1", "O2"), "C1")
    assert (first.parcel.wave, first.parcel.position, first.parcel.place) == ("朝", "1", 1)
    assert (first.parcel.tracking, first.parcel.ship_on, first.receiver) == ("4900-2", date(2026, 10, 1), "山田太郎")
    assert (second.parcel.line, second.parcel.place, second.reason) == (2, 2, "")


def test_orders_of_a_cell_stand_apart_however_they_are_written(tmp_path: Path) -> None:
    """Semicolons, commas, slashes, blanks, new lines, and the wide ones of Japanese keyboards."""
    found = read(tmp_path / "s.csv", 'shipment_id,order_ids\nS,"A1;A2,A3/A4 A5\nA6、A7；A8，A9／A10　A11;A1"\n')
    assert found.parcels[0].parcel.orders == tuple(f"A{n}" for n in range(1, 12))


def test_waves_come_as_they_first_stand_and_positions_as_people_count(tmp_path: Path) -> None:
    found = read(
        tmp_path / "s.csv",
        "shipment_id,wave,position\na,B,10\nb,A,2\nc,B,9\nd,A,B-2\ne,A,B-10\nf,A,1\ng,B,１\n",
    )
    assert ids(found) == ["g", "c", "a", "f", "b", "d", "e"]


def test_without_waves_and_positions_the_file_is_the_order(tmp_path: Path) -> None:
    found = read(tmp_path / "s.csv", "shipment_id,order_ids\nz,1\na,2\nm,3\n")
    assert [(one.parcel.shipment_id, one.parcel.wave, one.parcel.position) for one in found.parcels] == [
        ("z", "1", "1"), ("a", "1", "2"), ("m", "1", "3"),
    ]  # fmt: skip


def test_rows_that_are_order_lines_are_one_parcel(tmp_path: Path) -> None:
    found = read(tmp_path / "s.csv", "shipment_id,order_ids,position,sku\nS1,O1,1,a\nS2,O9,2,a\nS1,O2,1,b\nS1,O1,1,c\n")
    assert [one.parcel.orders for one in found.parcels] == [("O1", "O2"), ("O9",)]


def test_without_shipment_ids_a_parcel_is_its_order(tmp_path: Path) -> None:
    found = read(tmp_path / "s.csv", "order_ids,sku\nO1,a\nO1,b\nO2,a\n")
    assert ids(found) == ["O1", "O2"]


def test_what_cannot_be_used_is_a_parcel_with_a_reason(tmp_path: Path) -> None:
    """Damaged, nameless and contradicting rows stay in the pile, where they stand, each under a name of its own."""
    found = read(
        tmp_path / "s.csv",
        "shipment_id,order_ids,customer_id,position\nS1,O1,C1,1\nS2,O2\n,,C3,3\nS4,O4,C4,4\nS4,O5,C5,4\nline-3,O7,,5\n",
    )
    assert reasons(found) == {
        "S1": "", "line-3-": "ragged_row", "line-4": "shipment_id_missing", "S4": "shipment_twice", "line-3": "",
    }  # fmt: skip
    assert ids(found) == ["S1", "line-3-", "line-4", "S4", "line-3"]
    assert all(one.parcel.wave == "1" for one in found.parcels)


def test_a_header_in_the_middle_is_no_parcel(tmp_path: Path) -> None:
    found = read(tmp_path / "s.csv", "shipment_id,order_ids\nS1,O1\nshipment_id,order_ids\nS2,O2\n")
    assert reasons(found) == {"S1": "", "S2": ""}


def test_boxes_of_one_shipment_are_one_parcel(tmp_path: Path) -> None:
    """複数口: only the tracking numbers differ; the first stands."""
    found = read(tmp_path / "s.csv", "shipment_id,order_ids,tracking\nS1,O1,11\nS1,O1,12\n")
    assert [(one.parcel.tracking, one.reason) for one in found.parcels] == [("11", "")]


@pytest.mark.parametrize(
    ("gift", "kind", "reason"),
    [
        ("", "", ""), ("0", "通常", ""), ("自宅用", "定期", ""), ("1", "", "gift"), ("のし", "", "gift"),
        ("あり", "", "gift"),
        ("", "交換", "replacement"), ("", "再送（破損）", "replacement"), ("", "Replacement", "replacement"),
        ("", "ﾌﾟﾚｾﾞﾝﾄ", "gift"), ("1", "再発送", "replacement"), ("FALSE", "order", ""), ("なし", "new", ""),
    ],
)  # fmt: skip
def test_gifts_and_replacements_are_known_by_their_words(tmp_path: Path, gift: str, kind: str, reason: str) -> None:
    found = read(tmp_path / "s.csv", f"shipment_id,order_ids,gift,kind\nS1,O1,{gift},{kind}\nS2,O2,,\n")
    assert reasons(found) == {"S1": reason, "S2": ""}


def test_one_gift_among_the_lines_makes_the_parcel_one(tmp_path: Path) -> None:
    found = read(tmp_path / "s.csv", "shipment_id,order_ids,gift\nS1,O1,\nS1,O2,1\n")
    assert reasons(found) == {"S1": "gift"}


def test_parcels_of_other_shops_do_not_exist(tmp_path: Path) -> None:
    """Nor do their rows meet ours: the same shipment number at two shops is two parcels."""
    path = tmp_path / "s.csv"
    content = "shipment_id,order_ids,shop\nS1,O1,aobado\nS1,O9,other\nS2,O2,ＡＯＢＡＤＯ\nS3,O3,other\nS4,O4,\n"
    found = read(path, content)
    assert reasons(found) == {"S1": "", "S2": "", "S4": "shop_missing"}
    assert found.parcels[0].parcel.orders == ("O1",)
    assert found.elsewhere == 2
    assert "2 rows are of other shops" in "".join(map(str, found.file.remarks))


def test_a_damaged_row_belongs_to_every_shop_that_it_may_be_of(tmp_path: Path) -> None:
    content = "shop,shipment_id,order_ids\naobado,S1,O1\naobado,S2\nother,S3\n,S4\nother,S5,O5\n"
    path = tmp_path / "s.csv"
    assert len(read(path, content).parcels) == 3
    assert len(read(path, None, replace(SHOP, id="other")).parcels) == 3


NEXTENGINE_ROW = {
    "店舗伝票番号": "N-1",
    "顧客コード": "C1",
    "発送先名": "山田 太郎",
    "ギフトフラグ": "0",
    "出荷予定日": "2026/10/01",
}
CARRIERS = [
    (
        YAMATO_B2,
        {"お客様管理番号": "N-1", "伝票番号": "123456789012", "出荷予定日": "2026/10/01", "お届け先名": "山田 太郎"},
        "123456789012",
    ),
    (
        SAGAWA_EHIDEN3,
        {"お客様管理番号": "N-1", "お問い合せ送り状No.": "400", "出荷日": "20261001", "お届け先名称１": "山田 太郎"},
        "400",
    ),
    (
        YUPURI_R,
        {"お客様側管理番号": "N-1", "受注番号": "N-1", "発送予定日": "2026/10/01", "お届け先 名称１": "山田 太郎"},
        "",
    ),
    ([*NEXTENGINE_37, "出荷予定日"], NEXTENGINE_ROW, ""),
]


@pytest.mark.parametrize(("header", "row", "tracking"), CARRIERS)
@pytest.mark.parametrize("encoding", ["cp932", "utf-8-sig"])
def test_files_of_carriers_and_warehouse_systems_need_no_word(
    tmp_path: Path, header: list[str], row: dict[str, str], tracking: str, encoding: str
) -> None:
    found = read(tmp_path / "s.csv", export(header, row, encoding=encoding))
    (one,) = found.parcels
    assert (one.parcel.shipment_id, one.parcel.orders, one.receiver) == ("N-1", ("N-1",), "山田 太郎")
    assert (one.parcel.ship_on, one.parcel.tracking) == (date(2026, 10, 1), tracking)
    assert "read as an export of" in "".join(map(str, found.file.remarks))


def test_orders_of_logiless_are_parcels(tmp_path: Path) -> None:
    found = read(
        tmp_path / "s.csv", export(LOGILESS, {"受注コード": "L-1", "購入者名1": "山田"}, {"受注コード": "L-1"})
    )
    assert ids(found) == ["L-1"]
    assert "nothing tells gifts" in "".join(map(str, found.file.remarks))


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig"])
def test_a_file_without_header_is_read_by_numbers(tmp_path: Path, encoding: str) -> None:
    """ゆうプリR: CP932, CRLF, 117 columns, no names. The first row is a parcel like the others."""
    rows = []
    for number in (1, 2):
        cells = dict.fromkeys(range(1, 118), "")
        cells |= {1: f"K{number}", 2: "2026/10/01", 17: "髙橋 花子", 54: f"O{number}"}
        rows.append(",".join(cells.values()))
    shop = rules(shipment_id="1", ship_on="2", ship_to_name="17", order_ids="54")
    found = read(tmp_path / "s.csv", ("\r\n".join(rows) + "\r\n").encode(encoding), shop)
    assert [(one.parcel.shipment_id, one.parcel.orders, one.receiver) for one in found.parcels] == [
        ("K1", ("O1",), "髙橋 花子"), ("K2", ("O2",), "髙橋 花子"),
    ]  # fmt: skip
    assert found.parcels[0].parcel.line == 1
    assert ship_day(tmp_path / "s.csv", shop) == date(2026, 10, 1)


def test_numbers_are_never_taken_for_a_second_header(tmp_path: Path) -> None:
    """Rows of small numbers in a file without header are rows."""
    content = "".join(f"{n},{n + 1},{n + 2}\n" for n in range(1, 60))
    found = read(tmp_path / "s.csv", content, rules(shipment_id="1", order_ids="2", position="3"))
    assert ids(found) == [str(n) for n in range(1, 60)]


def test_a_damaged_row_of_a_file_without_header_stays_in_the_pile(tmp_path: Path) -> None:
    found = read(tmp_path / "s.csv", "a,1,x\nb,2\nc,3,x\n", rules(shipment_id="1", order_ids="2"))
    assert reasons(found) == {"a": "", "line-2": "ragged_row", "c": ""}


def test_workbooks_and_parquet_hold_parcels_too(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["出荷番号", "受注番号", "出荷日"], ["S1", 1001, date(2026, 10, 1)], ["S2", 1002, date(2026, 10, 1)]):
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    found = read(tmp_path / "s.xlsx", stream.getvalue())
    assert [(one.parcel.orders, one.parcel.ship_on) for one in found.parcels] == [
        (("1001",), date(2026, 10, 1)), (("1002",), date(2026, 10, 1)),
    ]  # fmt: skip
    pq.write_table(pa.table({"shipment_id": ["S1", "S2"], "order_ids": [1001, 1002]}), tmp_path / "s.parquet")
    assert [one.parcel.orders for one in read(tmp_path / "s.parquet").parcels] == [("1001",), ("1002",)]


def test_numbers_are_for_text_files_only(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": ["S1"]}), tmp_path / "s.parquet")
    with pytest.raises(ListError, match="names columns by number, which is for CSV without a header"):
        read(tmp_path / "s.parquet", None, rules(shipment_id="1"))


def test_a_layout_of_the_shop_wins_over_a_preset_and_must_be_there(tmp_path: Path) -> None:
    content = export(YAMATO_B2, {"お客様管理番号": "K1", "検索キー1": "O1", "お届け先名": "山田"})
    found = read(tmp_path / "s.csv", content, rules(order_ids="検索キー1"))
    assert [(one.parcel.shipment_id, one.parcel.orders) for one in found.parcels] == [("K1", ("O1",))]
    with pytest.raises(ListError, match=r"\[shipments\] order_ids in shop.toml asks for 注文番号"):
        read(tmp_path / "s.csv", None, rules(order_ids="注文番号"))


def test_a_list_that_names_no_parcels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ListError, match=r"neither shipment_id nor order_ids.*\[shipments\]"):
        read(tmp_path / "s.csv", "name,address\na,b\n")


def test_a_job_has_one_day(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    read(path, "shipment_id,ship_on\nS1,2026-10-01\nS2,\nS3,10/1?\n")
    assert ship_day(path, SHOP) == date(2026, 10, 1)
    assert 'line 4: "10/1?" in ship_on is no day' in "".join(map(str, read(path).file.remarks))
    read(path, "shipment_id,ship_on\nS1,2026-10-01\nS2,2026-10-02\n")
    with pytest.raises(ListError, match="several days: 2026-10-01, 2026-10-02"):
        ship_day(path, SHOP)
    read(path, "shipment_id\nS1\nS2\n")
    assert ship_day(path, SHOP) is None


def test_another_shops_day_is_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    read(path, "shipment_id,ship_on,shop\nS1,2026-10-01,aobado\nS2,2026-10-02,other\n")
    assert ship_day(path, SHOP) == date(2026, 10, 1)


POSITIONS = st.one_of(st.integers(0, 120).map(str), st.sampled_from(["A-1", "A-10", "A-2", "B", "", "３"]))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("XYZ"), st.integers(1, 99)), min_size=1, max_size=40))
def test_packing_order_is_wave_position_file(tmp_path_factory, rows: list[tuple[str, int]]) -> None:  # type: ignore[no-untyped-def]
    """Against a sort of plain tuples."""
    lines = [f"{wave},{position}" for wave, position in rows]
    text = "shipment_id,wave,position\n" + "".join(f"S{n},{line}\n" for n, line in enumerate(lines))
    with tempfile.TemporaryDirectory() as folder:
        found = read(Path(folder) / "s.csv", text)
    seen = list(dict.fromkeys(wave for wave, _ in rows))
    expected = sorted(range(len(rows)), key=lambda n: (seen.index(rows[n][0]), rows[n][1], n))
    assert ids(found) == [f"S{n}" for n in expected]


@given(st.lists(POSITIONS, max_size=20))
def test_natural_keys_can_always_be_compared(positions: list[str]) -> None:
    keys = sorted(map(natural, positions))
    assert len(keys) == len(positions)
    numbers = sorted((p for p in positions if p.isdecimal()), key=natural)
    assert [int(p) for p in numbers] == sorted(int(p) for p in numbers)
