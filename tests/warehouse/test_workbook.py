"""manifest.xlsx as another library reads it: text stays text, nothing is a formula, the same rows the same bytes."""

import zipfile
from pathlib import Path

import openpyxl
import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from dmgen.warehouse import Sheet, workbook, write_workbook
from tests.warehouse.conftest import NAME, parcel

ODD = ["000123", "=1+1", "-1", "@x", "'", " a ", "a\nb", "a\rb", "<b>&\"'", "𠮷é", "_x0041_", "1e5", "2026-01-01", ""]


def reread(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def test_cells_are_what_they_were(tmp_path):
    write_workbook(tmp_path / "x.xlsx", [Sheet("a'b", [("h", 9)], [[cell] for cell in ODD] + [[7]])])
    [sheet] = reread(tmp_path / "x.xlsx")
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [unescape(cell.value) if isinstance(cell.value, str) else cell.value or "" for cell in cells] == [*ODD, 7]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert {cell.number_format for cell in cells[:-1]} == {"@"}
    assert sheet.title == "a'b"


@given(st.lists(st.lists(st.text() | st.integers(0, 10**9), min_size=2, max_size=2), max_size=5))
def test_any_cell_can_be_read_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("book") / "x.xlsx"
    write_workbook(path, [Sheet("s", [("a", 9), ("b", 9)], rows)])
    found = [[cell.value for cell in row] for row in reread(path)["s"].iter_rows(min_row=2, max_col=2)]
    for row, written in zip(rows, found, strict=True):
        for cell, said in zip(row, written, strict=True):
            if isinstance(cell, str) and cell.isprintable():
                assert unescape(said or "") == cell
            elif isinstance(cell, int):
                assert said == cell


def test_header_is_frozen_filtered_and_readable(warehouse):
    rows = [parcel(1, "0001"), parcel(2, "0002", wave="B", reason="control"), parcel(3, "0003", wave="B")]
    folder, _ = warehouse(rows)
    book = reread(folder / "manifest.xlsx")
    assert book.sheetnames == ["手紙", "荷物", "ウェーブごとの数"]
    letters, parcels, waves = book
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(sheet.column_dimensions[cell.column_letter].width >= 8 for cell in sheet[1])
        assert all(cell.font.b for cell in sheet[1])
    heads = [cell.value for cell in letters[1]]
    first = dict(zip(heads, letters[2], strict=True))
    assert (first["顧客ID"].value, first["名前"].value, first["住所"].value) == ("000123", NAME, "=1+1")
    assert first["住所"].data_type == "s"
    assert [cell.value for cell in parcels["D"]] == ["出荷番号", "0001", "0002", "0003"]
    assert [cell.value for cell in parcels["G"]] == ["同梱", "手紙", "なし", "手紙"]
    assert parcels["A"][1].value == 1
    assert list(waves.values)[1:] == [("A", 1, 1, 0, 0, 0), ("B", 2, 1, 0, 1, 1), ("合計", 3, 2, 0, 1, 1)]


def test_no_date_of_the_clock_and_no_external_part(warehouse):
    folder, _ = warehouse([parcel(1, "S1")])
    with zipfile.ZipFile(folder / "manifest.xlsx") as book:
        assert {part.date_time for part in book.infolist()} == {(1980, 1, 31, 0, 0, 0)}
        for part in book.namelist():
            ElementTree.fromstring(book.read(part))


def test_more_rows_than_a_spreadsheet_holds_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "_MOST_ROWS", 2)
    with pytest.raises(ValueError, match="more than 2 rows"):
        write_workbook(tmp_path / "x.xlsx", [Sheet("s", [("h", 9)], [["a"]] * 3)])
