"""What is embedded draws the same glyphs at the same widths as the font file."""

from io import BytesIO

import pikepdf
import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

from dmgen.fonts import FontLibrary, load_face, subset_font
from tests.conftest import Printed, extracted, page, press_kit, print_pages
from tests.fonts.conftest import MakeFont

WORDS = "拝啓　春 2026年4月5日 Wavy ～〜 𠮷野 葛\U000e0100城 ｱｲｳ 〒100-0001"


def _fonts(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    return list(pdf.pages[0].Resources.Font.values())


def _widths(descendant: pikepdf.Object) -> dict[int, int]:
    widths: dict[int, int] = {}
    entries = list(descendant.W)
    for first, run in zip(entries[::2], entries[1::2], strict=True):
        widths |= {int(first) + i: int(width) for i, width in enumerate(run)}
    return widths


@pytest.mark.parametrize("font", ["mincho", "gothic", "mono"])
def test_widths_are_those_of_the_font_program(font: str, printed: Printed, text, fonts: FontLibrary) -> None:
    words = WORDS if font != "mono" else "Wavy 2026"
    with pikepdf.open(BytesIO(printed(page(text(words, font=font))))) as pdf:
        [type0] = _fonts(pdf)
        [descendant] = type0.DescendantFonts
        program = TTFont(BytesIO(descendant.FontDescriptor.FontFile2.read_bytes()))
        mapping, widths = descendant.CIDToGIDMap.read_bytes(), _widths(descendant)
        order, scale = program.getGlyphOrder(), 1000 / program["head"].unitsPerEm
        for char in fonts[font].measure(words)[0]:
            glyph = int.from_bytes(mapping[2 * ord(char) : 2 * ord(char) + 2])
            assert glyph > 0
            told = widths.get(ord(char), int(descendant.DW))
            assert abs(told - program["hmtx"][order[glyph]][0] * scale) <= 0.5, char


def test_the_subset_keeps_glyph_ids_and_outlines(fonts: FontLibrary) -> None:
    face = fonts["mincho"]
    whole = TTFont(face.path)
    ids = face.measure(WORDS)[0]
    part = TTFont(BytesIO(subset_font(face.path, {face.glyphs[char] for char in ids})))
    assert len(subset_font(face.path, {face.glyphs[char] for char in ids})) < 200_000
    for char in set(ids):
        drawn = []
        for font in (whole, part):
            pen = DecomposingRecordingPen(font.getGlyphSet())
            font.getGlyphSet()[font.getGlyphOrder()[face.glyphs[char]]].draw(pen)
            drawn.append(pen.value)
        assert drawn[0] == drawn[1], char


def test_a_composite_glyph_keeps_its_parts(fonts: FontLibrary) -> None:
    face = fonts["mono"]
    whole = TTFont(face.path)
    char = next(c for c in "ÄÖÜéÀ" if whole["glyf"][whole.getBestCmap()[ord(c)]].isComposite())
    part = TTFont(BytesIO(subset_font(face.path, {face.glyphs[char]})))
    pen = DecomposingRecordingPen(part.getGlyphSet())
    part.getGlyphSet()[part.getGlyphOrder()[face.glyphs[char]]].draw(pen)
    assert len(pen.value) > 10


def test_the_subset_is_the_same_every_time(fonts: FontLibrary) -> None:
    glyphs = [fonts["mincho"].glyphs[char] for char in "青葉堂の春"]
    assert subset_font(fonts["mincho"].path, glyphs) == subset_font(fonts["mincho"].path, {*glyphs})


@pytest.mark.parametrize("name", ["Own (Bold) /x", "自家製", "a#b<c>d[e]{f}%g", "", "two words"])
def test_any_name_of_a_font_makes_a_sound_file(make_font: MakeFont, name: str) -> None:
    face = load_face("own", make_font(cmap={0x41: "A", 0x20000: "B"}, name=name))
    kit = press_kit({"own": face})
    from dmgen.model.contents import Line, Text
    from dmgen.model.layout import K100

    ids = face.measure("A\U00020000")[0]
    data = print_pages(kit, [page(Text("own", 4.0, 1.0, K100, 10.0, 20.0, 6.0, [Line(0.0, 0.0, ids)]))])
    with pikepdf.open(BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert set(str(_fonts(pdf)[0].BaseFont)[1:]) <= set(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-._"
        )
    assert extracted(data) == "A\U00020000"
