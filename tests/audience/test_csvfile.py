"""Separated text comes in cell for cell, however it was written; damage costs the damaged row, never a neighbour."""

import csv
import io
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.audience import load_audience
from dmgen.audience.read import csvfile
from dmgen.audience.read.plain import plain_cells
from dmgen.audience.read.rows import Layout, lines_of, rows
from dmgen.audience.read.sheet import LONGEST_CELL, Sheet
from dmgen.audience.read.sources import open_list
from dmgen.errors import ListError
from dmgen.model.cells import guard

from .conftest import HEADER, ORDERS, build, people, person

NAMES = ("customer_id", "name", "town", "note")
CONTROLS = [chr(code) for code in (*range(9), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0), 0xFEFF)]
CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=CONTROLS), max_size=8)
WORD = st.sampled_from(
    ["", "山田 太郎", "髙橋", "ソ表能", "a,b", "c;d", "e\tf", "二行\n目", 'the "x"', '5" pipe', "㈱①", "0"]
)
QUOTING = st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])


def read(content: bytes, names: Sequence[str] = NAMES) -> Sheet:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_bytes(content)
        return open_list(path).read(names)


def cells(sheet: Sheet) -> list[list[str]]:
    return [list(row) for row in zip(*(column.to_pylist() for column in sheet.columns.values()), strict=True)]


def written(table: Sequence[Sequence[str]], separator: str, end: str, quoting: int) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting).writerows(table)
    return text.getvalue()


def rows_of(word: st.SearchStrategy[str], least: int = 0) -> st.SearchStrategy[list[list[str]]]:
    """Rows that begin with an id each has for itself."""
    others = st.lists(st.lists(word, min_size=3, max_size=3), min_size=least, max_size=8)
    return others.map(lambda table: [[f"A{place}", *row] for place, row in enumerate(table)])


@settings(max_examples=80, deadline=None)
@given(
    rows_of(CELL),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le"]),
    st.sampled_from(",;\t"),
    st.sampled_from(["\r\n", "\n", "\r"]),
    QUOTING,
)
def test_cells_arrive_as_written(table: list[list[str]], code: str, separator: str, end: str, quoting: int) -> None:
    if any(set("\r\n") & set(cell) for row in table for cell in row):
        quoting = csv.QUOTE_ALL  # csv.writer itself quotes only what its own line end holds
    guarded = [[guard(cell) for cell in row] for row in table]
    sheet = read(written([NAMES, *guarded], separator, end, quoting).encode(code))
    assert cells(sheet) == table
    assert sheet.damaged == {}


@settings(max_examples=60, deadline=None)
@given(rows_of(WORD), st.sampled_from(",;\t"), QUOTING)
def test_cells_arrive_as_written_in_cp932(table: list[list[str]], separator: str, quoting: int) -> None:
    assert cells(read(written([NAMES, *table], separator, "\r\n", quoting).encode("cp932"))) == table


DAMAGE: dict[str, Callable[[bytes, int], bytes]] = {
    "quote": lambda row, at: row[:at] + b'"' + row[at:],
    "quote lost": lambda row, at: row[:at] + row[at:].replace(b'"', b"", 1),
    "nul": lambda row, at: row[:at] + b"\0" + row[at:],
    "byte": lambda row, at: row[:at] + b"\xff" + row[at:],
    "bytes lost": lambda row, at: row[:at] + row[at + 2 :],
    "comma": lambda row, at: row[:at] + b"," + row[at:],
    "cut": lambda row, at: row[:at],
    "newline": lambda row, at: row[:at] + b"\n" + row[at:],
    "huge": lambda row, at: row[:at] + b"x" * 100_000 + row[at:],
    "bom": lambda row, at: b"\xef\xbb\xbf" + row,
    "cp932": lambda row, at: row.decode().encode("cp932"),
    "header": lambda row, at: ",".join(NAMES).encode(),
}


@settings(max_examples=300, deadline=None)
@given(rows_of(WORD, least=2), QUOTING, st.sampled_from(sorted(DAMAGE)), st.integers(0, 7), st.integers(0, 30))
def test_one_damaged_row_leaves_the_others_where_they_are(
    table: list[list[str]], quoting: int, kind: str, place: int, at: int
) -> None:
    place %= len(table)
    encoded = [written([row], ",", "\n", quoting).encode()[:-1] for row in table]
    encoded[place] = DAMAGE[kind](encoded[place], min(at, len(encoded[place])))
    sheet = read(b"\n".join([",".join(NAMES).encode(), *encoded]) + b"\n")
    whole = [row for position, row in enumerate(cells(sheet)) if position not in sheet.damaged]
    others = [row for number, row in enumerate(table) if number != place]
    left = [row for row in whole if row in others]
    assert [row[0] for row in left] == [row[0] for row in others]
    assert len(whole) - len(left) <= 1


@pytest.mark.parametrize(
    ("line", "reason", "note"),
    [
        ('A2,"open,1,2', "quote_unclear", "a quote that is not closed"),
        ('A2,1,2,"open', "quote_unclear", "a quote that is not closed"),
        ('A2,"a"b,1,2', "quote_unclear", "text after a closing quote"),
        ("A2,1,2", "ragged_row", "3 fields, 4 expected"),
        ("A2,1,2,3,4", "ragged_row", "5 fields, 4 expected"),
        ("A2,1,\0,3", "row_damaged", "control character U+0000"),
        ("A2,1,\x1b[0m,3", "row_damaged", "control character U+001B"),
        ("A2,1,\x80,3", "row_damaged", "control character U+0080"),
        (f"A2,1,{'x' * 10_000_000},3", "cell_too_long", "10000000 characters, 32767 at most"),
        (f'A2,1,"{"x" * 99}{chr(10)}{"y" * 40_000}",3', "cell_too_long", "40100 characters, 32767 at most"),
        ("customer_id,name,town,note", "header_again", "the names of the columns"),
        ('\ufeff"customer_id","name",town ,note', "header_again", "the names of the columns"),
    ],
)
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_damaged_row_is_named_with_its_line_and_reason(line: str, reason: str, note: str, quote: str) -> None:
    others = [",".join(f"{quote}{cell}{quote}" for cell in (f"B{number}", "", "x", "y")) for number in range(200)]
    sheet = read("\n".join([",".join(NAMES), *others[:100], line, *others[100:]]).encode())
    assert [(int(sheet.lines[row]), bad.reason, bad.note) for row, bad in sheet.damaged.items()] == [
        (102, reason, note)
    ]
    assert [row[0] for row in cells(sheet)] == [*(f"B{n}" for n in range(100)), *cells(sheet)[100][:1], *(
        f"B{n}" for n in range(100, 200)
    )]  # fmt: skip
    assert sheet.lines[-1] == 202 + line.count("\n")


def test_a_quote_that_would_swallow_whole_rows_into_one_cell_is_found() -> None:
    """Opened at one row's end and closed at another's: the width would be right, and three customers gone."""
    table = ['A1,a,b,"c', "A2,a,b,c", "A3,a,b,c", 'A4,a,b,c"', "A5,a,b,c"]
    sheet = read("\n".join([",".join(NAMES), *table]).encode())
    assert {int(sheet.lines[row]): bad.reason for row, bad in sheet.damaged.items()} == {2: "quote_unclear"}
    assert [row[0] for row in cells(sheet)] == ["A1", "A2", "A3", "A4", "A5"]


def test_an_open_quote_is_found_again_behind_the_end_of_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks end where they like: rows, quotes and line numbers must not notice."""
    table = [["A1", "two\nlines", "x", ""], *([f"B{n}", "y" * 50, '"', ""] for n in range(60))]
    text = written([NAMES, *table], ",", "\n", csv.QUOTE_ALL) + '"Z","open\n"Z2","","",""\n'
    for size in (1, 7, 64, 1000):
        monkeypatch.setattr("dmgen.audience.read.encoding._BLOCK", size)
        monkeypatch.setattr(csvfile, "_SAMPLE", 1 << 18)
        sheet = read(text.encode())
        assert cells(sheet)[:61] == table
        assert sheet.lines.tolist() == [2, *range(4, 66)]
        assert [(row, bad.reason) for row, bad in sheet.damaged.items()] == [(61, "quote_unclear")]


USUAL = ["", "a", "é山", '"x"', '""', '"a;b,c\td"', "1 2", "\u3000", "\x0b"]
ODD = ['"', '""""', '"a\nb"', 'a"', "\r", "\0", "\x85", "\x80", "\ufeff", "name", "b", "\n", ",", "'name", '"y" ']
TOKEN = st.one_of(st.sampled_from(USUAL), st.sampled_from(USUAL), st.sampled_from(USUAL), st.sampled_from(ODD))


@settings(max_examples=500, deadline=None)
@given(st.data(), st.sampled_from(",;\t"), st.integers(1, 4))
def test_the_fast_way_reads_what_the_slow_way_reads(data: st.DataObject, separator: str, width: int) -> None:
    """Or nothing at all; what it leaves is read the slow way."""
    table = data.draw(st.lists(st.lists(TOKEN, min_size=width, max_size=width), min_size=1, max_size=4))
    text = "".join(separator.join(row) + data.draw(st.sampled_from(["\n", "\n", "\r\n", "", "\r"])) for row in table)
    layout = Layout(Path("list.csv"), separator, ("name", "a", "b", "c")[:width])
    plain = plain_cells(text.encode(), layout, range(width))
    if plain is None:
        return
    found, _ = rows(lines_of(text), 1, layout, final=True)
    assert [row.line for row in found] == list(range(1, plain.rows + 1))
    assert [row.damage for row in found] == [None] * plain.rows
    columns = [column.to_pylist() for column in plain.columns.values()]
    assert [row.cells for row in found] == [list(row) for row in zip(*columns, strict=True)]


@pytest.mark.parametrize("quote", ["", '"'])
def test_the_fast_way_is_taken_by_a_clean_list(quote: str) -> None:
    layout = Layout(Path("list.csv"), ",", NAMES)
    block = "".join(f"{quote}A{n}{quote},山田 太郎,{quote}{quote},0\r\n" for n in range(9)).encode()
    assert plain_cells(block, layout, [1])


@pytest.mark.parametrize(
    "odd",
    ["\0", '""""', "a\rb", "\ufeff", "\x80", "x" * (LONGEST_CELL + 1), "\n", "1,2", '"a', 'a"b', '"a\n"', "\n,,,"],
)
def test_the_fast_way_leaves_what_is_odd(odd: str) -> None:
    block = f"A1,{odd},2,3\nA2,1,2,3\n".encode()
    assert plain_cells(block, Layout(Path("list.csv"), ",", NAMES), [1]) is None


@pytest.mark.parametrize("first", ["", " ", "customer_id", "note", "'name"])
def test_the_fast_way_leaves_blank_rows_and_headers(first: str) -> None:
    assert plain_cells(f"{first},,,\n".encode(), Layout(Path("list.csv"), ",", NAMES), [1]) is None


def test_both_ways_know_the_same_blanks() -> None:
    """pyarrow's white space is Python's, but for controls, which the fast way leaves."""
    every = [chr(code) for code in range(0x20, 0x110000) if not 0xD800 <= code < 0xE000]
    bare = pc.utf8_trim_whitespace(pa.array(every)).to_pylist()
    assert [a for a, b in zip(every, bare, strict=True) if (b == "") != (a.strip() == "")] == []


def test_rows_are_damaged_for_customers_and_orders_alike(tmp_path: Path) -> None:
    """Each read row has its outcome and its line; a repeated header is no customer."""
    customers = people(person(), person("A2", name="佐\0藤"), HEADER, '"A4","open', person("A5"))
    orders = f'{ORDERS}\nO1,A1,2026-09-01,100,1,completed\n{ORDERS}\nO2,A1,2026-09-01,"100,1,completed\n'
    audience = load_audience(build(tmp_path, customers, orders))
    assert [(bad.source, bad.line, bad.stage, bad.reason) for bad in audience.rejections()] == [
        ("customers", 3, "read", "row_damaged"),
        ("customers", 4, "read", "header_again"),
        ("customers", 5, "read", "quote_unclear"),
        ("orders", 3, "read", "header_again"),
        ("orders", 4, "read", "quote_unclear"),
    ]
    assert audience.customers_read == 5
    assert audience.order_counts == {"read": 3, "rejected": 2, "counted": 1}


def test_a_lookup_with_a_damaged_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ListError, match=r"line 3: the row has a quote .* \(a quote that is not closed\)"):
        load_audience(build(tmp_path, people(person()), None, 'sku,name\nS1,a\nS2,"b\n'))


def test_a_separator_at_every_row_s_end_is_no_column() -> None:
    assert cells(read(b"customer_id,name\nA1,x,\nA2,y,\n")) == [["A1", "x"], ["A2", "y"]]
    assert cells(read(b"customer_id,name,\nA1,x,\nA2,y,\n")) == [["A1", "x"], ["A2", "y"]]


def test_the_end_mark_of_dos_is_no_cell() -> None:
    sheet = read(b"customer_id,name\r\nA1,x\x1a")
    assert cells(sheet) == [["A1", "x"]]
    assert sheet.damaged == {}
