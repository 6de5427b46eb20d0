"""Separator and slip sheets: on any page of letters, whatever the shipments list says, they print and scan."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dmgen.campaign import Overrides, load_campaign
from dmgen.fonts import load_fonts
from dmgen.layout import CUT, Master, Materials
from dmgen.model.campaign import Campaign
from dmgen.model.contents import Code, PageContents, Text
from dmgen.model.layout import PanelSlot, SymbolSlot, TextSlot
from dmgen.model.production import SHEET_CELLS, Numbers, Record
from dmgen.planning import kit
from dmgen.planning.sheets import SEPARATOR, SLIP, sheet_layouts, sheet_masters
from dmgen.press import Group, PressKit, PrintFile, read_intent
from tests.jobs import ROOT, squeezed

WAVE = {"wave": "午前便・冷凍（A棟）"}
DIVIDING = {"kind": "separator", "part": 1, "parts": 2, "parcels": 1204, "pieces": 1180, "slips": 24}
EMPTY = {"kind": "slip", "position": "A-12-034", "place": 34, "shipment_id": "SHP-26-00123", "key": "600123"}
CELLS: dict[str, dict[str, Any]] = {
    SEPARATOR: WAVE | DIVIDING | {"code": "thanks:2026-04-10:W01-1"},
    SLIP: WAVE | EMPTY | {"code": "SHP-26-00123"},
}
PAGES = {
    "hagaki": (100, 148), "A5": (148, 210), "A4": (210, 297), "Letter": (215.9, 279.4), "lying hagaki": (148, 100),
    "business card": (91, 55), "DL": (99, 210),
}  # fmt: skip


def packed(size: tuple[float, float], language: str = "ja", **page: Any) -> Campaign:
    """A sample campaign whose letters are so large and go into parcels."""
    campaign = load_campaign(ROOT / "layouts" / "hagaki", Overrides(), date(2026, 4, 5))
    [name] = campaign.layouts
    layout = replace(campaign.layouts[name], **{"width": size[0], "height": size[1], "sides": 1} | page)
    shop = replace(campaign.shop, language=language, country="JP" if language == "ja" else "US")
    lists = replace(campaign.lists, shipments=Path("shipments.csv"))
    return replace(campaign, layouts={name: layout}, shop=shop, lists=lists)


@dataclass(frozen=True, repr=False)
class Sheets:
    """Masters, and what they are printed with."""

    masters: dict[str, Master]
    press: PressKit

    def set(self, kind: str, cells: dict[str, Any]) -> list[PageContents]:
        return self.masters[kind].set_piece({"sheet": Record(cells)}, Numbers(""), 0)

    def printed(self, kind: str, cells: dict[str, Any]) -> pypdfium2.PdfDocument:
        out = io.BytesIO()
        file = PrintFile(out, self.press, Group.of("wave", 1))
        file.add(self.set(kind, cells), ())
        file.close()
        return pypdfium2.PdfDocument(out.getvalue())


def made(campaign: Campaign, **materials: Any) -> Sheets:
    layouts = sheet_layouts(campaign)
    fonts = load_fonts(kit._font_keys(layouts.values()), campaign.shop.fonts)
    own = Materials(fonts, {}, {}, frozenset(), campaign.shop.country, **materials)
    masters = sheet_masters(campaign, layouts, own)
    press = kit._press_kit(campaign, read_intent(campaign.printing), fonts, list(masters.values()), {}, {})
    return Sheets(masters, press)


def scanned(document: pypdfium2.PdfDocument) -> Iterator[tuple[str, str]]:
    """What a scanner says of a page, by another library than the one that drew it."""
    picture = document[0].render(scale=300 / 72).to_numpy()
    for found in zxingcpp.read_barcodes(picture):
        yield found.format.name, found.text


@pytest.fixture(scope="module")
def on_a_card() -> Sheets:
    return made(packed((100, 148)))


def lines(sheets: Sheets, kind: str, cells: dict[str, Any]) -> list[list[str]]:
    """The lines of each slot's text."""
    [page] = sheets.set(kind, cells)
    return [[line.text or "".join(run.text for run in line.runs) for line in text.lines]
            for text in page.items if isinstance(text, Text)]  # fmt: skip


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("size", PAGES.values(), ids=PAGES)
def test_each_sheet_shows_its_cells_and_scans_on_every_page(size: tuple[float, float], language: str) -> None:
    for bleed in (0, 3):
        sheets = made(packed(size, language, bleed=bleed))
        for kind, cells in CELLS.items():
            document = sheets.printed(kind, cells)
            assert document[0].get_size() == pytest.approx([(side + 2 * bleed) * 72 / 25.4 for side in size], abs=0.01)
            text = squeezed(document[0].get_textpage().get_text_range())
            hidden = {"kind", "place", "part", "parts"}
            for name in cells.keys() - hidden - ({"code"} if kind == SLIP else set()):
                assert squeezed(str(cells[name])) in text, (kind, name, text)
            assert "青葉堂オンラインストア" in text
            assert "hagaki" in text
            assert ("2026年4月5日" if language == "ja" else "April5,2026") in text
            codes = dict(scanned(document))
            assert set(codes.values()) == {cells["code"]}
            assert "Code128" in codes or size[0] < 95, codes  # bars that would be too fine are left out
            assert kind == SLIP or "DataMatrix" in codes


@pytest.mark.parametrize("name", ["A4", "Letter"])
def test_codes_keep_clear_of_the_folds_of_letters(name: str) -> None:
    height = PAGES[name][1]
    for folds in ((height / 3, 2 * height / 3), (height / 2,)):
        for layout in sheet_layouts(packed(PAGES[name], folds=folds)).values():
            boxes = [slot.box for slot in layout.pages[0].slots if isinstance(slot, SymbolSlot)]
            assert boxes
            assert [box for box in boxes for fold in folds if box.top < fold < box.top + box.height] == []


@pytest.mark.parametrize("size", PAGES.values(), ids=PAGES)
def test_nothing_stands_on_anything_else(size: tuple[float, float]) -> None:
    for layout in sheet_layouts(packed(size)).values():
        slots = [slot for slot in layout.pages[0].slots if isinstance(slot, SymbolSlot | TextSlot)]
        clashes = [(a.name, b.name) for n, a in enumerate(slots) for b in slots[:n] if a.box.meets(b.box)]
        assert clashes == []
        codes = [slot for slot in slots if isinstance(slot, SymbolSlot)]
        panels = [slot for slot in layout.pages[0].slots if isinstance(slot, PanelSlot)]
        assert [code.name for code in codes for panel in panels if code.box.meets(panel.box)] == []
        assert all(slot.box.left >= 0 and slot.box.left + slot.box.width <= layout.width + 1e-6 for slot in slots)


def test_the_separator_is_dark_to_the_edge_of_every_side_and_no_mourning_frame(on_a_card: Sheets) -> None:
    """Head and foot run off the sheet, so that a pile shows it from all four sides; the sides between are white."""
    pixels = on_a_card.printed(SEPARATOR, CELLS[SEPARATOR])[0].render(scale=2).to_numpy()[:, :, 0]
    assert pixels[0].max() < 90
    assert pixels[-1].max() < 90
    dark = (pixels[:, 0] < 90).mean()
    assert 0.1 < dark < 0.35
    assert pixels[len(pixels) // 2, 0] == 255


def test_a_slip_names_nobody_and_gives_no_reason(on_a_card: Sheets) -> None:
    """Whatever else a caller puts into the record: why there is no letter may be private."""
    secret = {"name": "山田太郎", "customer_id": "1001", "reason": "deceased", "address": "東京都"}
    assert set(SHEET_CELLS).isdisjoint(secret)
    page = on_a_card.printed(SLIP, CELLS[SLIP] | secret)[0]
    text = squeezed(page.get_textpage().get_text_range())
    assert [value for value in secret.values() if value in text] == []
    assert "このお荷物に入れるお便りはありません" in text


@pytest.mark.parametrize("kind", CELLS)
def test_a_duplex_sheet_has_a_blank_back(kind: str) -> None:
    pages = made(packed((210, 297), sides=2)).set(kind, CELLS[kind])
    assert [bool(page.items) for page in pages] == [True, False]


def test_sheets_are_whole_where_the_letters_paper_is_printed_beforehand() -> None:
    sheets = made(packed((210, 297)), black_only=True)
    for master in sheets.masters.values():
        assert master.shell == ()
        assert master.pages[0].base


def test_text_that_does_not_fit_is_cut_and_a_code_that_does_not_scan_left_out(on_a_card: Sheets) -> None:
    long = "SHIP" + "0123456789" * 30
    cells = CELLS[SLIP] | {"wave": WAVE["wave"] * 20, "shipment_id": long, "code": long, "key": "𠮷😀"}
    document = on_a_card.printed(SLIP, cells)
    text = squeezed(document[0].get_textpage().get_text_range())
    assert long not in text
    assert "SHIP0123456789012345678901234567890123" in text
    assert text.count(CUT) == 2
    assert "𠮷〓" in text
    assert list(scanned(document)) == []
    separator = on_a_card.printed(SEPARATOR, CELLS[SEPARATOR] | {"code": long})
    assert dict(scanned(separator)) == {"DataMatrix": long}


def test_the_longest_beginning_that_fits_is_kept(on_a_card: Sheets) -> None:
    """A wave's name is cut no shorter than it must be."""
    slot = next(plan.plan for plan in on_a_card.masters[SLIP].pages[0].plans if plan.slot == "wave")
    for name in ("あ" * 200, "W" * 200, "wave " * 60, "（（" * 90):
        [shown] = [text for text in lines(on_a_card, SLIP, CELLS[SLIP] | {"wave": name}) if text[-1].endswith(CUT)]
        kept = sum(map(len, shown)) - 1
        longer = name[: kept + 8].rstrip() + CUT
        assert slot._set(longer) is None


def test_a_code_that_is_not_ascii_is_left_out(on_a_card: Sheets) -> None:
    [page] = on_a_card.set(SLIP, CELLS[SLIP] | {"code": "出荷1"})
    assert not any(isinstance(item, Code) for item in page.items)


CHARACTERS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from([*CELLS]), cells=st.fixed_dictionaries({}, optional=dict.fromkeys(
    ("wave", "position", "shipment_id", "key", "code", "parcels"), CHARACTERS)))  # fmt: skip
def test_no_cell_stops_a_sheet(on_a_card: Sheets, kind: str, cells: dict[str, str]) -> None:
    [page] = on_a_card.set(kind, CELLS[kind] | cells)
    feet = [item.y + (len(item.lines) - 1) * item.leading for item in page.items if isinstance(item, Text)]
    assert max(feet) < page.height


def test_an_empty_record_sets_a_sheet(on_a_card: Sheets) -> None:
    for kind in CELLS:
        assert len(on_a_card.set(kind, {})) == 1


def test_letters_that_are_posted_have_no_sheets() -> None:
    campaign = packed((100, 148))
    assert sheet_layouts(replace(campaign, lists=replace(campaign.lists, shipments=None))) == {}


def test_a_long_sender_is_cut_like_anything_else() -> None:
    campaign = packed((100, 148))
    sheets = made(replace(campaign, shop=replace(campaign.shop, sender="株式会社😀" * 30)))
    for kind, cells in CELLS.items():
        assert any("株式会社〓" in line and CUT in line for [line, *_] in lines(sheets, kind, cells))
