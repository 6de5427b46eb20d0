"""The packing list on paper: every parcel once and in order, its code scans, no name stands on it."""

import re
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import zxingcpp

from dmgen.fonts import FontLibrary
from dmgen.messages import Speaker
from dmgen.warehouse import PackingList
from dmgen.warehouse.packing_list import _ROW, _TOP, ROWS
from tests.warehouse.conftest import NAME, parcel


def texts(file: Path) -> list[str]:
    """The text of each page, as another library reads it."""
    document = pypdfium2.PdfDocument(file)
    return [page.get_textpage().get_text_range() for page in document]


def scanned(file: Path, rows: int) -> list[list[str]]:
    """What a scanner reads of each row of the first page at 300 dpi, held over the row's code."""
    image = pypdfium2.PdfDocument(file)[0].render(scale=300 / 72).to_pil().convert("L")
    dots = 300 / 25.4
    tops = [_TOP + row * _ROW - 0.4 for row in range(rows)]
    crops = [image.crop((int(136 * dots), int(top * dots), image.width, int((top + _ROW) * dots))) for top in tops]
    return [[code.text for code in zxingcpp.read_barcodes(np.asarray(crop))] for crop in crops]


def test_pages_are_numbered_and_hold_every_parcel_in_order(warehouse):
    folder, _ = warehouse([parcel(n, f"S{n:05d}") for n in range(1, 2 * ROWS + 2)])
    pages = texts(folder / "packing-01.pdf")
    assert [re.findall(r"\d+/\d+", page) for page in pages] == [["1/3"], ["2/3"], ["3/3"]]
    assert all("梱包リスト" in page and "ウェーブ：A" in page and "照合キー" in page for page in pages)
    assert re.findall(r"S\d{5}", "".join(pages)) == [f"S{n:05d}" for n in range(1, 2 * ROWS + 2)]
    assert not [page for page in pages if any(part in page for part in NAME.split())]


def test_each_row_says_what_goes_in_or_why_not(warehouse):
    rows = [parcel(1, "S1"), parcel(2, "S2", reason="control"), parcel(3, "S3", "fallback", outcome="fallback")]
    folder, _ = warehouse(rows)
    [page] = texts(folder / "packing-01.pdf")
    assert "荷物3件（手紙あり2、なし1）" in page
    assert re.findall("(?:手紙|なし)\r?\n([^\r\n]+)", page.partition("（読み取り用）")[2]) == [
        "お礼", "対照群：効果を測るため送りません", "はじめての方",
    ]  # fmt: skip


def test_every_code_says_its_shipment(warehouse):
    ids = [f"4912-{n:08d}" for n in range(1, ROWS)] + ["A-SHIPMENT-NUMBER-TOO-LONG-FOR-BARS-0001"]
    folder, _ = warehouse([parcel(n, shipment) for n, shipment in enumerate(ids, 1)])
    assert scanned(folder / "packing-01.pdf", ROWS) == [[shipment] for shipment in ids]


def test_what_no_code_can_hold_is_printed_in_full(warehouse):
    folder, _ = warehouse([parcel(1, "出荷−1"), parcel(2, "S" * 60, order_ids="あ\u3099")])
    [page] = texts(folder / "packing-01.pdf")
    assert "出荷−1" in page
    assert "S" * 60 in page
    assert scanned(folder / "packing-01.pdf", 2) == [[], []]


def test_orders_that_have_no_room_are_counted(warehouse):
    folder, _ = warehouse([parcel(1, "S1", order_ids=";".join(f"123-4567890-{n:07d}" for n in range(20)))])
    [page] = texts(folder / "packing-01.pdf")
    shown = re.findall(r"123-4567890-\d{7}", page)
    [more] = re.findall(r"ほか(\d+)件", page)
    assert len(shown) + int(more) == 20


def test_a_character_that_the_font_lacks_is_reported(warehouse):
    folder, remarks = warehouse([parcel(1, "S1"), parcel(2, "S\u2fff2", order_ids="A")])
    assert [remark.values["count"] for remark in remarks] == [1]
    lines = (folder / "characters.csv").read_text("utf-8-sig").splitlines()
    assert lines == ["file,row,column,characters,written", "packing-01.pdf,2,shipment_id,U+2FFF,〓"]
    assert "S〓2" in texts(folder / "packing-01.pdf")[0]


def test_a_wave_is_a_file_and_its_name_no_path(warehouse):
    rows = [parcel(1, "S1", wave="../午前"), parcel(2, "S2", wave="")]
    folder, _ = warehouse(rows)
    assert sorted(file.name for file in folder.glob("*.pdf")) == ["packing-01.pdf", "packing-02.pdf"]
    assert "../午前" in texts(folder / "packing-01.pdf")[0]


@pytest.mark.parametrize("text", ["x", "S" * 80, "〓" * 60, "12"])
def test_a_line_stays_within_its_column(fonts: FontLibrary, text):
    setting = PackingList(fonts["gothic"], Speaker("ja"), "", "")
    [line] = setting._text(text, 1, "", 10, 10, 40, 3.2)
    width = fonts["gothic"].measure(text)[1][-1] / 1000 * line.size * line.condense
    assert width <= 40.001
