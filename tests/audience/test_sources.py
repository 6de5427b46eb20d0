"""List files are known by their content; encodings are told apart; what is not understood is refused."""

import csv
import hashlib
import tempfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.audience import load_audience
from dmgen.audience.read.sheet import refuse_repeated
from dmgen.audience.read.sources import open_list
from dmgen.errors import ListError
from dmgen.model.cells import guard

from .conftest import HEADER, ORDERS, build, people, person


def names(folder: Path, content: bytes) -> list[object]:
    audience = load_audience(build(folder, content))
    return [row["name"] for row in audience.rows(audience.open_positions("all"), ["name"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_names_survive_every_encoding(tmp_path: Path, encoding: str) -> None:
    rows = people(person(name="髙橋 ソ表能"), person("A2", name="山﨑 ①㈱"))
    assert names(tmp_path, rows.encode(encoding)) == ["髙橋 ソ表能", "山﨑 ①㈱"]


def test_damaged_utf8_is_never_read_as_cp932(tmp_path: Path) -> None:
    whole = people(*(person(f"A{n}") for n in range(50))).encode()
    at = whole.index("山田".encode(), 3000)
    line = whole[:at].count(b"\n") + 1
    for broken in (whole[:at] + b"\x80" + whole[at:], whole[: at + 1] + whole[at + 3 :]):
        with pytest.raises(ListError, match=f"line {line}:"):
            load_audience(build(tmp_path, broken))


def test_bytes_of_no_encoding_name_the_line(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="line 3: bytes"):
        load_audience(build(tmp_path, people(person(), person("A2")).encode("cp932")[:-3] + b"\x81\r\n"))


def test_a_character_on_a_block_boundary_is_not_damage(tmp_path: Path) -> None:
    filler = person(building="x" * 100_000)
    for shift in range(3):
        body = people(*([filler] * 10), person("A2", building="y" * shift + "漢字" * 30_000))
        assert load_audience(build(tmp_path, body)).customers_read == 11


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "empty"),
        (b"PK\x03\x04rest", "Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "Excel"),
        ("customer_id,name".encode("utf-16"), "UTF-16"),
        ("customer_id,name".encode("utf-16-le"), "UTF-16"),
        (b" <HTML><table>", "HTML"),
        (b"customer_id;name;postal_code\n", "';'"),
        (b"customer_id\tname\n", "TAB"),
        (b"customer_id,,name\n", "column 2"),
        (b"customer_id, name,name\n", "column name more than once"),
        (f'{HEADER}\n{person()}\n"A2,open\n'.encode(), "line 3"),
        (f'{HEADER}\n"A2"x,1\n'.encode(), "line 2"),
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


CELL = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8))
def test_cells_arrive_as_written_whatever_they_hold(rows: list[list[str]]) -> None:
    kept = [row for row in rows if "".join(map(guard, row)).strip() not in ("", "\x1a")]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, quoting=csv.QUOTE_ALL)
            writer.writerows([["a", "b", "c"], *([guard(cell) for cell in row] for row in rows)])
        sheet = open_list(path).read(("a", "b", "c"))
    read = [list(row) for row in zip(*(sheet.columns[name].to_pylist() for name in "abc"), strict=True)]
    assert read == kept


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
