"""The carrier's file: the piece stands where its software looks for it, and every other cell is what it was."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.warehouse import fill_in
from tests.jobs import shared
from tests.warehouse.conftest import parcel

PIECE = "P0000000001Z"


def layout(letter: str) -> list[str]:
    """The headers of a layout as the facts give them."""
    text = shared("facts", "japan.md").read_text("utf-8")
    found = re.search(rf"^## E{letter}\..*?`([^`]*,[^`]*,[^`]*)`", text, re.MULTILINE | re.DOTALL)
    assert found
    return found[1].split(",")


def table(columns: list[str], *rows: dict[str, str], encoding: str = "cp932", end: str = "\r\n") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(columns)
    for row in rows:
        seen: set[str] = set()
        writer.writerow("" if column in seen or seen.add(column) else row.get(column, "") for column in columns)
    return out.getvalue().encode(encoding)


def cells(data: bytes, encoding: str = "cp932") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(encoding), newline="")))


def changed(before: bytes, after: bytes, columns: list[str]) -> list[tuple[int, str, str]]:
    """Row, column and new text of every cell that is not as it was."""
    pairs = zip(cells(before), cells(after), strict=True)
    return [
        (number, columns[place], new)
        for number, (old_row, new_row) in enumerate(pairs)
        for place, (old, new) in enumerate(zip(old_row, new_row, strict=True))
        if old != new
    ]


def test_b2_gets_a_free_pair_of_search_keys():
    columns = layout("4")
    rows = [
        {"お客様管理番号": "S1", "お届け先名": "髙橋 﨑子"},
        {"お客様管理番号": "S2", "検索キータイトル1": "倉庫", "検索キー1": "7"},
        {"お客様管理番号": "S3"},
    ]
    data = table(columns, *rows)
    filled = fill_in(data, {"S1": PIECE, "S2": "P2"}, ["S1", "S2", "S3"])
    assert (filled.carrier, filled.filled, filled.left) == ("B2クラウド", 2, [])
    assert changed(data, filled.data, columns) == [
        (1, "検索キータイトル1", "DM"), (1, "検索キー1", PIECE), (2, "検索キータイトル2", "DM"), (2, "検索キー2", "P2"),
    ]  # fmt: skip


def test_b2_without_a_free_pair_takes_an_empty_customer_number_or_is_listed():
    columns = layout("4")
    full = {f"検索キー{n}": "x" for n in range(1, 5)}
    data = table(columns, {"伝票番号": "1", **full}, {"伝票番号": "2", "お客様管理番号": "9", **full})
    filled = fill_in(data, {"1": PIECE, "2": "P2"}, ["1", "2"])
    assert changed(data, filled.data, columns) == [(1, "お客様管理番号", PIECE)]
    assert filled.left == [(2, "2", "P2", "no_free_field")]


def test_a_key_is_never_cut_to_its_field():
    columns = layout("4")
    data = table(columns, {"お客様管理番号": "S1"})
    filled = fill_in(data, {"S1": "P" * 21}, ["S1"])
    assert filled.data == data
    assert [left.why for left in filled.left] == ["too_long"]


def test_sagawa_takes_the_customer_number_else_the_first_free_edit():
    columns = layout("5")
    data = table(
        columns, {"お問い合せ送り状No.": "1"}, {"お問い合せ送り状No.": "2", "お客様管理番号": "R-2", "編集01": "x"}
    )
    filled = fill_in(data, {"1": PIECE, "2": "P2"}, ["1", "2"])
    assert filled.carrier == "e飛伝III"
    assert changed(data, filled.data, columns) == [(1, "お客様管理番号", PIECE), (2, "編集02", "P2")]


def test_yupri_takes_the_first_free_item():
    columns = layout("6")
    data = table(columns, {"お客様側管理番号": "1"}, {"お客様側管理番号": "2", "フリー項目０１": "x"})
    filled = fill_in(data, {"1": PIECE, "2": "P2"}, ["1", "2"])
    assert filled.carrier == "ゆうプリR"
    assert changed(data, filled.data, columns) == [(1, "フリー項目０１", PIECE), (2, "フリー項目０２", "P2")]


@pytest.mark.parametrize(("width", "key", "place"), [(95, 0, 75), (118, 0, 75), (74, 61, 9)])
def test_a_file_without_header_is_known_by_its_width(width, key, place):
    rows = [[""] * width for _ in range(2)]
    rows[0][key], rows[1][key] = "S1", "S2"
    data = "".join(",".join(row) + "\r\n" for row in rows).encode()
    filled = fill_in(data, {"S2": PIECE}, ["S1", "S2"])
    assert cells(filled.data)[0] == rows[0]
    assert cells(filled.data)[1][place] == PIECE


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_encoding_line_ends_and_quotes_stay(encoding, end):
    text = end.join([
        '"お届け先名",検索キータイトル1,"検索キー1",お客様管理番号,備考',
        '"表 ""ソ"", 髙",,"","Ｓ１ ","a\nb"',
        "二人目, ,,S2,",
        "",
    ])  # fmt: skip
    expected = text.replace('髙",,"",', f'髙",DM,"{PIECE}",')
    filled = fill_in(text.encode(encoding), {"S1": PIECE}, ["S1", "S2"])
    assert filled.data.decode(encoding) == expected
    assert filled.filled == 1


def test_yamatos_own_header_with_remarks_below_its_names_is_known():
    head = '"お客様管理番号\n半角英数字50文字","お届け先名\n全角/半角","検索キータイトル1\n10文字","検索キー1\n20文字"'
    text = head + "\r\nS1,x,,\r\n"
    filled = fill_in(text.encode("cp932"), {"S1": PIECE}, ["S1"])
    assert filled.data.decode("cp932").splitlines()[-1] == f"S1,x,DM,{PIECE}"


def test_several_rows_of_one_parcel_are_all_filled():
    columns = layout("4")
    data = table(columns, {"お客様管理番号": "S1"}, {"お客様管理番号": "S1"})
    assert fill_in(data, {"S1": PIECE}, ["S1"]).filled == 2


def test_no_column_with_every_shipment_means_that_nothing_is_guessed():
    columns = layout("4")
    data = table(columns, {"お客様管理番号": "S1", "伝票番号": "S2"})
    filled = fill_in(data, {"S1": PIECE}, ["S1", "S2"])
    assert (filled.data, filled.filled) == (b"", 0)


@pytest.mark.parametrize("data", [b"", b"shipment_id,order_ids\r\nS1,R1\r\n", b"\r\n\r\n", b'"'])
def test_another_list_is_no_carriers_file(data):
    assert fill_in(data, {"S1": PIECE}, ["S1"]) is None


@given(st.binary(max_size=200))
def test_whatever_stands_in_other_cells_stays_byte_for_byte(junk):
    kept = junk.replace(b"\r", b"").replace(b"\n", b"").replace(b",", b"").replace(b'"', b"")
    head = "お届け先名,検索キータイトル1,検索キー1,お客様管理番号\r\n".encode("cp932")
    filled = fill_in(head + kept + b",,,S1\r\n" + kept + b",,,S2\r\n", {"S1": PIECE}, ["S1", "S2"])
    assert filled.data == head + kept + b",DM," + PIECE.encode() + b",S1\r\n" + kept + b",,,S2\r\n"


def test_the_file_stands_in_the_folder_and_what_found_no_room_is_named(warehouse):
    columns = layout("4")
    full = {f"検索キー{n}": "x" for n in range(1, 5)}
    data = table(columns, {"お客様管理番号": "S1"}, {"お客様管理番号": "S2", **full})
    folder, remarks = warehouse([parcel(1, "S1"), parcel(2, "S2")], data)
    assert changed(data, (folder / "carrier.csv").read_bytes(), columns) == [
        (1, "検索キータイトル1", "DM"), (1, "検索キー1", "P0000000001Z"),
    ]  # fmt: skip
    assert [remark.values for remark in remarks] == [
        {"count": 1, "carrier": "B2クラウド", "file": "warehouse/carrier-left.csv"}
    ]
    assert (folder / "carrier-left.csv").read_text("utf-8-sig").splitlines() == [
        "row,shipment_id,piece_id,why", "2,S2,P0000000002Z,no_free_field",
    ]  # fmt: skip


def test_a_carriers_file_that_cannot_be_matched_is_named_and_not_written(warehouse):
    folder, remarks = warehouse([parcel(1, "S1")], table(layout("4"), {"お客様管理番号": "T1"}))
    assert not (folder / "carrier.csv").exists()
    assert "no one of its columns" in remarks[0].message
