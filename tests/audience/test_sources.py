"""List files are known by their content; what is no list, or not understood, is refused in one line."""

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dmgen.audience import load_audience
from dmgen.audience.read.sheet import refuse_repeated
from dmgen.audience.read.sources import open_list
from dmgen.errors import ListError

from .conftest import HEADER, ORDERS, build, people, person


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "empty"),
        (b"PK\x03\x04rest", "whole workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "Excel"),
        (b" <HTML><table>", "HTML"),
        (f"{HEADER},\n{person()},x\n".encode(), "line 2: column 14"),
        (b"customer_id|name|postal_code\n", "'|'"),
        (b"\xef\xbb\xbf \xef\xbb\xbf,,\n\n", "empty"),
        ("\ufeff \r\n".encode("utf-16-le"), "empty"),
        ("\ufeff<html>".encode("utf-16-le"), "HTML"),
        (b"\x00\x00\xfe\xff\x00\x00\x00a", "UTF-32"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x1f\x8b\x08\x00", "compressed"),
        (b'[{"id": 1}]', "JSON"),
        (b'{"customers": []}', "JSON"),
        (b'<?xml version="1.0"?><rows/>', "XML"),
        (b"SQLite format 3\x00", "SQLite"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        ("山田 太郎,東京都\n".encode("iso2022_jp"), "ISO-2022-JP"),
        (people(person(name="髙橋 花子".replace("髙", "高"))).encode("euc_jp"), "EUC-JP"),
        ("id,name\nA1,Andrés Müller\nA2,O’s Café\n".encode("cp1252"), "Windows-1252"),
        (bytes(range(128, 256)) * 9, "neither UTF-8 nor cp932"),
        ("\n".join([person("A1", email="a@example.com"), person("A2")]).encode(), "line 1: this row holds data"),
        (f"{HEADER}\n{person()}\nname,customer_id,{HEADER[17:]}\n".encode(), "line 3: a second header"),
        (b"customer_id, name,name\n", "column name more than once"),
        (b'"customer_id,name\n', "line 1: the row has a quote"),
        (b"PAR1 but not really", "parquet"),
    ],
)
def test_other_files_are_refused_in_one_line_naming_file_and_remedy(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(ListError) as caught:
        load_audience(build(tmp_path, content))
    message = str(caught.value)
    assert says in message
    assert "customers.csv" in message
    assert "\n" not in message


def test_a_repeated_name_is_read_under_names_of_its_own_where_it_is_tolerated(tmp_path: Path) -> None:
    """EC-CUBE has 送料 twice, Shopify Phone: what is meant can be said only if each has a name."""
    (tmp_path / "a.csv").write_text("id,送料,送料 (2),送料\n1,a,b,c\n", "utf-8")
    table = pa.Table.from_arrays(list(map(pa.array, (["1"], ["a"], ["b"], ["c"]))), ["id", "送料", "送料 (2)", "送料"])
    pq.write_table(table, tmp_path / "a.parquet")
    for name in ("a.csv", "a.parquet"):
        source = open_list(tmp_path / name)
        assert source.header == ("id", "送料", "送料 (2)", "送料 (3)")
        assert source.repeated == ("送料",)
        read = source.read(("送料 (3)", "送料"))
        assert {name: cells.to_pylist() for name, cells in read.columns.items()} == {"送料": ["a"], "送料 (3)": ["c"]}
        refuse_repeated(source, tolerated=("送料",))
        with pytest.raises(ListError, match="送料 more than once"):
            refuse_repeated(source)


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    for path, says in ((tmp_path / "none.csv", "no such file"), (tmp_path, "folder")):
        with pytest.raises(ListError, match=says):
            load_audience(build(tmp_path, path))


def test_missing_columns_are_named_with_those_found(tmp_path: Path) -> None:
    with pytest.raises(ListError) as caught:
        load_audience(build(tmp_path, "customer_id,name,town\n"))
    assert "postal_code, dm_opt_out" in str(caught.value)
    assert "customer_id, name, town" in str(caught.value)
    with pytest.raises(ListError, match="who must not be mailed"):
        load_audience(build(tmp_path, "customer_id,name,postal_code,town\n"))
    with pytest.raises(ListError, match="no address"):
        load_audience(build(tmp_path, "customer_id,name,postal_code,dm_opt_out\n"))
    with pytest.raises(ListError, match="ordered_on"):
        load_audience(build(tmp_path, people(), "order_id,customer_id,amount,status\n"))


def test_the_record_of_the_input_is_its_sha256_and_rows(tmp_path: Path) -> None:
    campaign = build(tmp_path, people(person(), person("A2")), f"{ORDERS}\n\n")
    first, second = load_audience(campaign).inputs
    assert first.sha256 == hashlib.sha256((tmp_path / "customers.csv").read_bytes()).hexdigest()
    assert (first.rows, first.blank, second.rows, second.blank) == (2, 0, 0, 1)


def test_parquet_columns_keep_their_types(tmp_path: Path) -> None:
    zoned = datetime(2024, 3, 31, 15, 30, tzinfo=UTC)
    table = pa.table(
        {
            "customer_id": pa.array([1001, 1002]),
            "name": pa.array(["山田 太郎", "佐藤\u2028花子"]).dictionary_encode(),
            "postal_code": pa.array([1000001.0, None]),
            "town": pa.array(["千代田", "千代田"], pa.large_string()),
            "dm_opt_out": pa.array([False, True]),
            "points": pa.array([5, None], pa.uint16()),
            "rate": pa.array([Decimal("1.50"), None]),
            "seen": pa.array([zoned, None], pa.timestamp("us", "UTC")),
            "local": pa.array([datetime(2024, 3, 31, 15, 30), None], pa.timestamp("ms")),  # noqa: DTZ001
            "born": pa.array([date(1980, 1, 2), None]),
            "broken": pa.array([2**62, None], pa.timestamp("ms")),
            "nothing": pa.nulls(2),
        }
    )
    pq.write_table(table, tmp_path / "c.parquet")
    audience = load_audience(build(tmp_path, tmp_path / "c.parquet"))
    (row,) = audience.rows(audience.open_positions("all"), list(audience.columns))
    assert row["customer_id"] == "1001"
    assert row["postal_code"] == "100-0001"
    assert (row["points"], row["rate"], row["nothing"], row["broken"]) == (5, 1.5, "", None)
    assert (row["seen"], row["local"], row["born"]) == (date(2024, 4, 1), date(2024, 3, 31), date(1980, 1, 2))
    assert [(bad.line, bad.reason) for bad in audience.rejections()] == [(2, "opted_out")]


def test_nested_and_damaged_parquet_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"customer_id": ["1"], "tags": [["a"]]}), tmp_path / "c.parquet")
    with pytest.raises(ListError, match="tags"):
        open_list(tmp_path / "c.parquet").read(("tags",))
    whole = (tmp_path / "c.parquet").read_bytes()
    (tmp_path / "c.parquet").write_bytes(whole[:-20])
    with pytest.raises(ListError, match="not a whole parquet"):
        open_list(tmp_path / "c.parquet")
    pq.write_table(pa.table({"a": pa.array([b"\xff\xfe"], pa.binary())}), tmp_path / "b.parquet")
    with pytest.raises(ListError, match="not UTF-8"):
        open_list(tmp_path / "b.parquet").read(("a",))
