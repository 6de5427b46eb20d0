"""xlsx for people: frozen header, filters, text as text; the same rows make the same bytes (ECMA-376, part 1, 18)."""

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.sax.saxutils import escape, quoteattr

_MOST_ROWS = 1_048_575  # below the header: what a spreadsheet holds
_LONGEST = 32_767  # characters of a cell
_BEFORE_TIME = (1980, 1, 1, 0, 0, 0)  # a zip member's date: never the clock's
_EMPTY = ("", '<c s="1"/>', '<c s="2"/>')  # by style
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ODD = re.compile("[\x00-\x1f&<>\ufffe\uffff\ud800-\udfff]|_x")  # what most cells do not hold
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TEXT, _HEADER = 1, 2  # cell styles; 0: plain numbers. Text has format 49 "@": what is typed over it stays text
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Yu Gothic"/></font>'
    '<font><b/><sz val="11"/><name val="Yu Gothic"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE7E6E6"/><bgColor indexed="64"/></patternFill></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" '
    'applyFill="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its headers with their columns' widths (in characters), and its rows.

    A row's int is a number, anything else is text.
    """

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[str | int]]


def write_workbook(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write the sheets. Raises ValueError for more rows than a spreadsheet holds."""
    with zipfile.ZipFile(path, "w") as book:
        areas = [_write_sheet(book, number, sheet) for number, sheet in enumerate(sheets, 1)]
        for name, text in _parts(sheets, areas).items():
            with _member(book, name) as part:
                part.write((_HEAD + text).encode())


def _member(book: zipfile.ZipFile, name: str) -> IO[bytes]:
    told = zipfile.ZipInfo(name, _BEFORE_TIME)
    told.compress_type = zipfile.ZIP_DEFLATED
    told.external_attr = 0o600 << 16
    told.create_system = 3  # whatever the system
    return book.open(told, "w", force_zip64=True)


def _write_sheet(book: zipfile.ZipFile, number: int, sheet: Sheet) -> str:
    """Write one sheet; returns the area of its table."""
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, (_, width) in enumerate(sheet.columns, 1)
    )
    with _member(book, f"xl/worksheets/sheet{number}.xml") as part:
        first = ' tabSelected="1"' if number == 1 else ""
        part.write(
            f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView{first} workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
            f"<cols>{widths}</cols><sheetData>".encode()
        )
        part.write(_row([name for name, _ in sheet.columns], _HEADER).encode())
        count = 0
        for count, row in enumerate(sheet.rows, 1):
            if count > _MOST_ROWS:
                raise ValueError(f"more than {_MOST_ROWS} rows")
            part.write(_row(row, _TEXT).encode())
        area = f"A1:{_letters(len(sheet.columns))}{count + 1}"
        part.write(f'</sheetData><autoFilter ref="{area}"/></worksheet>'.encode())
    return area


def _row(cells: Sequence[str | int], style: int) -> str:
    return f"<row>{''.join([_cell(cell, style) for cell in cells])}</row>"


def _cell(cell: str | int, style: int) -> str:
    if isinstance(cell, int):
        return f"<c><v>{cell}</v></c>"
    if not cell:
        return _EMPTY[style]
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{_text(cell)}</t></is></c>'


def _text(cell: str) -> str:
    """A cell's text; what XML has no way to say is left out, "_x0041_" is not taken for an escape (22.9.2.19)."""
    if not _ODD.search(cell) and len(cell) <= _LONGEST:
        return cell
    text = _NO_XML.sub("", _ESCAPE.sub("_x005F_", cell[:_LONGEST]))
    return escape(text.replace("\r", "_x000D_"))


def _letters(column: int) -> str:
    """The letters of a column, from 1."""
    return (_letters((column - 1) // 26) if column > 26 else "") + chr(65 + (column - 1) % 26)


def _parts(sheets: Sequence[Sheet], areas: Sequence[str]) -> dict[str, str]:
    """What a workbook holds beside its sheets."""
    numbers = range(1, len(sheets) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n in numbers
    )
    listed = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{n}" r:id="rId{n}"/>' for n, sheet in enumerate(sheets, 1)
    )
    filters = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{n - 1}" hidden="1">'
        f"{escape(_quoted(sheet.name))}!{_absolute(area)}</definedName>"
        for n, sheet, area in zip(numbers, sheets, areas, strict=True)
    )
    relations = "".join(_relation(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
    styles = _relation(len(sheets) + 1, "styles", "styles.xml")
    return {
        "xl/styles.xml": _STYLES,
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets>'
        f"<definedNames>{filters}</definedNames></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{relations}{styles}</Relationships>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{_relation(1, 'officeDocument', 'xl/workbook.xml')}</Relationships>",
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{overrides}</Types>',
    }


def _relation(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _absolute(area: str) -> str:
    """The area A1:C9 as $A$1:$C$9."""
    return re.sub(r"([A-Z]+)([0-9]+)", r"$\1$\2", area)
