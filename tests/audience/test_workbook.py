"""Workbooks: the cells that a person sees in Excel arrive as text; what Excel hides from them is said."""

import tempfile
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from dmgen.audience import load_audience
from dmgen.audience.read.sheet import Sheet
from dmgen.audience.read.sheetcells import number_text
from dmgen.audience.read.sources import open_list
from dmgen.errors import ListError

from .conftest import HEADER, build, people, person

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
NAMES = ["customer_id", "name", "postal_code"]


def saved(folder: Path, fill: Callable[[Worksheet], object], name: str = "list.xlsx") -> Path:
    book = Workbook()
    assert isinstance(book.active, Worksheet)
    fill(book.active)
    book.save(folder / name)
    return folder / name


def table(*rows: list[object]) -> Callable[[Worksheet], object]:
    return lambda sheet: [sheet.append(row) for row in rows]


def whole(path: Path) -> Sheet:
    source = open_list(path)
    return source.read(source.header)


def cells(sheet: Sheet) -> dict[str, list[str]]:
    return {name: column.to_pylist() for name, column in sheet.columns.items()}


def said(sheet: Sheet) -> list[str]:
    return [str(remark).partition(": ")[2] for remark in sheet.file.remarks]


def raw(folder: Path, rows: str, strings: str = "", after: str = "") -> Path:
    """A workbook whose sheet's XML the test writes."""
    path = saved(folder, table(["a"]))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = f"<worksheet {MAIN}><dimension ref='A1'/><sheetData>{rows}</sheetData>{after}</worksheet>"
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    parts["xl/sharedStrings.xml"] = f"<sst {MAIN}>{strings}</sst>".encode()
    if b"sharedStrings" not in parts["[Content_Types].xml"]:
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
        override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", override.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_a_customers_list_goes_in_as_a_workbook(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(HEADER.split(","))
        sheet.append([1001, "髙橋 花子", None, 1000001, "東京都", "千代田区", "千代田", "1-1", None, None,
                      9012345678.0, 0, date(2024, 4, 1)])  # fmt: skip

    audience = load_audience(build(tmp_path, saved(tmp_path, fill)))
    (row,) = audience.rows(audience.open_positions("all"), ["customer_id", "name", "phone", "registered_on", "line"])
    wanted = {"customer_id": "1001", "name": "髙橋 花子", "phone": "9012345678", "line": 2}
    assert row == wanted | {"registered_on": date(2024, 4, 1)}


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (600042, "General", "600042"),
        (9012345678.0, "#,##0", "9012345678"),
        (600042, "000-0000", "060-0042"),
        (600042, "0000000", "0600042"),
        (600042, r"[<=999]000;[<=9999]000\-00;000\-0000", "060-0042"),
        (42, '000"-"00', "000-42"),
        (1234567890123456, "General", "1234567890123460"),
        (0.1 + 0.2, "General", "0.3"),
        (1e-7, "0.00E+00", "0.0000001"),
        (1200.50, "¥#,##0", "1200.5"),
        (-5, "0000000", "-5"),
        (0, "General", "0"),
        (True, "General", "TRUE"),
        ("#N/A", "General", "#N/A"),
        (" x ", "General", " x "),
        (datetime(2024, 4, 1), "yyyy/m/d", "2024-04-01"),  # noqa: DTZ001
        (datetime(2024, 4, 1, 12, 30, 5), "yyyy/m/d h:mm", "2024-04-01 12:30:05"),  # noqa: DTZ001
        (45383, '[$-411]ggge"年"m"月"d"日"', "2024-04-01"),
        (45383.9999999, "yyyy-mm-dd", "2024-04-02"),
        (time(9, 5), "h:mm", "09:05:00"),
        (timedelta(hours=30), "[h]:mm", "30:00:00"),
        (99_999_999, "yyyy-mm-dd", "99999999"),
    ],
)
def test_a_cell_is_the_text_that_a_person_means(tmp_path: Path, value: object, number_format: str, text: str) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["id", "cell"])
        sheet.append(["A1", value])
        sheet["B2"].number_format = number_format

    assert cells(whole(saved(tmp_path, fill)))["cell"] == [text]


def test_dates_of_a_1904_workbook_are_not_four_years_early(tmp_path: Path) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    assert isinstance(book.active, Worksheet)
    book.active.append(["id", "on"])
    book.active.append(["A1", date(2024, 4, 1)])
    book.save(tmp_path / "list.xlsx")
    assert cells(whole(tmp_path / "list.xlsx"))["on"] == ["2024-04-01"]


def test_japanese_formats_known_by_number_alone_are_dates(tmp_path: Path) -> None:
    """Excel writes 2024年4月1日 as format 31 and says nowhere what that is."""
    path = raw(tmp_path, '<row r="1"><c r="A1" t="str"><v>on</v></c><c r="B1" t="str"><v>id</v></c></row>'
                         '<row r="2"><c r="A2" s="1"><v>45383</v></c><c r="B2"><v>7</v></c></row>')  # fmt: skip
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/styles.xml"] = (
        f'<styleSheet {MAIN}><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="31" applyNumberFormat="1"/></cellXfs></styleSheet>'
    ).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert cells(whole(path)) == {"on": ["2024-04-01"], "id": ["7"]}


def test_shared_strings_lose_their_furigana_and_keep_their_runs(tmp_path: Path) -> None:
    strings = (
        "<si><t>id</t></si><si><t>name</t></si>"
        '<si><r><t>山田</t></r><r><t xml:space="preserve"> 太郎</t></r><rPh sb="0" eb="2"><t>ヤマダ</t></rPh></si>'
        "<si><t>a_x000D_b&amp;&lt;c</t></si><si><t/></si>"
    )
    rows = (
        '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>'
        '<row><c t="inlineStr"><is><t>A1</t><rPh><t>エー</t></rPh></is></c><c t="s"><v>2</v></c></row>'
        '<row r="4"><c r="A4" t="s"><v>3</v></c><c r="B4" t="s"><v>4</v></c></row>'
    )
    sheet = whole(raw(tmp_path, rows, strings))
    assert cells(sheet) == {"id": ["A1", "a\rb&<c"], "name": ["山田 太郎", ""]}
    assert sheet.lines.tolist() == [2, 4]


def test_prefixed_names_are_the_same_elements(tmp_path: Path) -> None:
    rows = '<row><c t="str"><v>id</v></c><c t="str"><v>n</v></c></row><row hidden="1"><c><v>1</v></c></row>'
    path = raw(tmp_path, rows, after='<mergeCells><mergeCell ref="A9:B9"/></mergeCells>')
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = (
        parts["xl/worksheets/sheet1.xml"].decode().replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:")
    )
    parts["xl/worksheets/sheet1.xml"] = text.replace("xmlns=", "xmlns:x=").encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    sheet = whole(path)
    assert cells(sheet) == {"id": ["1"], "n": [""]}
    assert said(sheet) == ["1 rows are hidden in Excel (a filter?). They are read like the others."]


def test_titles_above_the_header_are_left_out_and_said(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = "顧客一覧"
        sheet.merge_cells("A1:C1")
        sheet["A2"], sheet["B2"] = "出力日", date(2026, 9, 30)
        for row in (NAMES, ["A1", "山田", 1000001], ["A2", "佐藤", None]):
            sheet.append(row)
        sheet.append(["A3", "林", 1])

    sheet = whole(saved(tmp_path, fill))
    assert cells(sheet) == {
        "customer_id": ["A1", "A2", "A3"],
        "name": ["山田", "佐藤", "林"],
        "postal_code": ["1000001", "", "1"],
    }
    assert sheet.lines.tolist() == [4, 5, 6]
    assert said(sheet) == ["the header is line 3; what stands above it is left out."]


def header_of(tmp_path: Path, merged: list[str], *rows: list[object]) -> tuple[str, ...]:
    def fill(sheet: Worksheet) -> None:
        table(*rows)(sheet)
        for reference in merged:
            sheet.merge_cells(reference)

    return open_list(saved(tmp_path, fill)).header


def test_a_header_of_merged_cells_names_every_column(tmp_path: Path) -> None:
    data = [["A1", "山田", "東京都", "千代田区", "1-1"], ["A2", "佐藤", "大阪府", "大阪市", "2-2"]]
    two = [["id", "氏名", "住所", None, None], [None, None, "都道府県", "市区町村", "番地"]]
    names = ("id", "氏名", "都道府県", "市区町村", "番地")
    assert header_of(tmp_path, ["A1:A2", "B1:B2", "C1:E1"], *two, *data) == names
    groups = [["基本", None, "住所", None, None], list(names)]
    assert header_of(tmp_path, ["A1:B1", "C1:E1"], *groups, *data) == names
    one = ["id", "氏名", "住所", None, None]
    source = header_of(tmp_path, ["C1:E1"], one, ["A1", "山田", "東京都", "", ""], ["A2", "林", "大阪府", "", ""])
    assert source == ("id", "氏名", "住所")
    spread = header_of(tmp_path, ["C1:E1"], one, ["A1", "山田", "東京都", 1, 2], ["A2", "林 花", "大阪府", 1, 2])
    assert spread == ("id", "氏名", "住所", "住所 (2)", "住所 (3)")


def test_a_merged_cell_in_the_data_fills_only_its_first(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        table(NAMES, ["A1", "山田", 1], ["A2", None, 2])(sheet)
        sheet.merge_cells("B2:B3")

    assert cells(whole(saved(tmp_path, fill)))["name"] == ["山田", ""]


def test_hidden_rows_are_read_and_counted(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        table(NAMES, *[[f"A{n}", "山田", 1] for n in range(9)], [None, None, None])(sheet)
        sheet.auto_filter.ref = "A1:C10"
        for row in (3, 5, 11):
            sheet.row_dimensions[row].hidden = True
        sheet.row_dimensions[12].hidden = True

    sheet = whole(saved(tmp_path, fill))
    assert len(sheet.lines) == 9
    assert said(sheet) == ["2 rows are hidden in Excel (a filter?). They are read like the others."]


def test_ghost_cells_make_no_rows_and_no_columns(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        table(NAMES, ["A1", "山田", 1], [], ["A2", "佐藤", 2])(sheet)
        for place in ("F1", "H4", "A900", "C901", "XFD2"):
            sheet[place].number_format = "0.00"
        sheet["B950"] = "  "

    sheet = whole(saved(tmp_path, fill))
    assert cells(sheet)["customer_id"] == ["A1", "A2"]
    assert list(sheet.columns) == NAMES
    assert (sheet.file.rows, sheet.file.blank) == (2, 1)
    assert said(sheet) == []


def test_the_first_visible_sheet_with_a_table_is_read_and_the_others_named(tmp_path: Path) -> None:
    book = Workbook()
    cover = book.active
    assert isinstance(cover, Worksheet)
    cover.title = "表紙"
    cover.append(["このファイルについて"])
    hidden = book.create_sheet("hidden")
    hidden.append(["x", "y"])
    hidden.sheet_state = "hidden"
    for title, key in (("会員", "A1"), ("退会", "B1")):
        table(NAMES, [key, "山田", 1])(book.create_sheet(title))
    book.create_sheet("blank")
    book.save(tmp_path / "list.xlsx")
    sheet = whole(tmp_path / "list.xlsx")
    assert cells(sheet)["customer_id"] == ["A1"]
    assert said(sheet) == ["the sheet 会員 is read. Not read: 表紙, 退会."]


def test_rows_with_unsaved_formulas_are_rejected(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        table(NAMES, *[[f"A{n}", "山田", 1] for n in range(5)])(sheet)
        sheet["B3"] = '="a"&"b"'

    sheet = whole(saved(tmp_path, fill))
    assert {int(sheet.lines[row]): (bad.reason, bad.note) for row, bad in sheet.damaged.items()} == {
        3: ("formula_unsaved", "cell B3")
    }


def test_saved_results_of_formulas_are_cells_even_empty_ones(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" t="str"><v>id</v></c><c r="B1" t="str"><v>n</v></c></row>'
        '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>""</f><v></v></c></row>'
        '<row r="3"><c r="A3" t="e"><f>NA()</f><v>#N/A</v></c><c r="B3" t="b"><f>1=1</f><v>1</v></c></row>'
    )
    sheet = whole(raw(tmp_path, rows))
    assert sheet.damaged == {}
    assert cells(sheet) == {"id": ["2", "#N/A"], "n": ["", "TRUE"]}


def test_notes_beside_the_table_are_left_out_and_said(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        table(NAMES, *[[f"A{n}", "山田", 1] for n in range(5)])(sheet)
        sheet["F3"] = "確認済"

    sheet = whole(saved(tmp_path, fill))
    assert list(sheet.columns) == NAMES
    assert said(sheet) == ["1 cells stand beside the table, the first is F3. They are not read."]


def test_a_header_in_the_middle_is_no_customer(tmp_path: Path) -> None:
    sheet = whole(saved(tmp_path, table(NAMES, ["A1", "山田", 1], NAMES, ["A2", "佐藤", 2])))
    assert {row: bad.reason for row, bad in sheet.damaged.items()} == {1: "header_again"}


def bomb(folder: Path) -> Path:
    path = folder / "list.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (101 << 20))
    return path


def entities(folder: Path) -> Path:
    path = raw(folder, '<row><c t="str"><v>&b;</v></c></row>')
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    declared = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    parts["xl/worksheets/sheet1.xml"] = declared + parts["xl/worksheets/sheet1.xml"]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def cut(folder: Path) -> Path:
    path = saved(folder, table(NAMES, ["A1", "山田", 1]))
    path.write_bytes(path.read_bytes()[:-300])
    return path


def zipped(folder: Path, *names: str) -> Path:
    path = folder / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return path


def written(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


REFUSED: dict[str, tuple[Callable[[Path], Path], str]] = {
    "named csv": (lambda f: saved(f, table(NAMES, ["A1", "x", 1])).rename(f / "list.csv"), "this is xlsx, whatever"),
    "csv named xlsx": (lambda f: written(f, "list.xlsx", b"a,b\n1,2\n"), "no workbook"),
    "html named xlsx": (lambda f: written(f, "list.xlsx", b"<html>"), "HTML"),
    "bomb": (bomb, "unpacks to 101 MB"),
    "entities": (entities, "not a whole workbook"),
    "cut": (cut, "not a whole workbook"),
    "empty": (lambda f: saved(f, table()), "no sheet of the workbook"),
    "password": (
        lambda f: written(f, "a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")),
        "protected by a password",
    ),
    "old": (lambda f: written(f, "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1Workbook"), "of the old kind (.xls)"),
    "word": (lambda f: zipped(f, "[Content_Types].xml", "word/document.xml"), "this is Word"),
    "ods": (lambda f: zipped(f, "mimetype", "content.xml"), "this is OpenDocument"),
    "binary": (lambda f: zipped(f, "xl/workbook.bin"), "this is xlsb"),
    "zip": (lambda f: zipped(f, "customers.csv"), "Unpack it"),
    "no name": (lambda f: saved(f, table(["a", None, "c"], ["A1", "x", 1])), "line 2: column 2 has cells"),
    "no last name": (lambda f: saved(f, table(["a", "b"], ["A1", "x", 1], ["A2", "", 1])), "line 2: column 3"),
    "formulas": (lambda f: saved(f, table(["a", "b"], ["A1", "=1+1"], ["A2", "=1+1"])), "line 2: formulas were saved"),
    "no header": (lambda f: saved(f, table(["A1", "a@example.com", date(2024, 1, 1)])), "line 1: this row holds data"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_readable_table_is_refused_in_one_line(tmp_path: Path, kind: str) -> None:
    make, says = REFUSED[kind]
    path = make(tmp_path)
    with pytest.raises(ListError) as caught:
        open_list(path)
    message = str(caught.value)
    assert says in message
    assert path.name in message
    assert "\n" not in message


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), max_size=6), min_size=3, max_size=3
        ),
        min_size=1,
        max_size=6,
    )
)
def test_texts_arrive_as_written(rows: list[list[str]]) -> None:
    """Whatever they look like: numbers, dates and formulas written as text stay text."""

    def fill(sheet: Worksheet) -> None:
        sheet.append(NAMES)
        for row, texts in enumerate(rows, 2):
            for column, text in enumerate([f"A{row}", *texts[1:]], 1):
                sheet.cell(row, column).value = text
                sheet.cell(row, column).data_type = "s"

    with tempfile.TemporaryDirectory() as folder:
        found = cells(whole(saved(Path(folder), fill)))
    assert found["name"] == [row[1] for row in rows]
    assert found["postal_code"] == [row[2] for row in rows]


@given(st.integers(0, 9_999_999))
def test_a_postal_code_keeps_its_digits_under_every_way_to_store_it(code: int) -> None:
    assert number_text(str(code), "000-0000").replace("-", "") == f"{code:07}"
    assert number_text(f"{code}.0", "") == number_text(repr(float(code)), "") == str(code)


def test_a_workbook_and_the_csv_of_the_same_list_are_the_same_audience(tmp_path: Path) -> None:
    rows = [person(), person("A2", name="佐藤", dm_opt_out="1"), person("A3", name="")]
    plain = [[cell.strip('"') for cell in row.split('","')] for row in rows]
    workbook = saved(tmp_path, table(HEADER.split(","), *plain), "book.xlsx")
    first, second = (load_audience(build(tmp_path, lists)) for lists in (workbook, people(*rows)))
    assert first.counts() == second.counts()
    assert [*first.rejections()] == [*second.rejections()]
    positions = first.open_positions("all")
    assert first.rows(positions, sorted(first.columns)) == second.rows(positions, sorted(second.columns))
