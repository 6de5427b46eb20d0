"""Upright glyphs of columns are those that HarfBuzz picks, and embed with metrics a reader of the standard finds."""

from io import BytesIO

import pikepdf
import pytest
import uharfbuzz

from dmgen.fonts import FontLibrary, VerticalFace, load_face, load_fonts, vertical_key
from dmgen.fonts.vertical import vertical_face
from dmgen.model.contents import Columns, Hung
from dmgen.model.layout import K100
from tests.conftest import Printed, extracted, page
from tests.fonts.conftest import MakeFont

FORMED = "ー「」『』（）、。〜～…‥―ぁっょァッョ〈〉【】：＝"
UPRIGHT = "青葉々〇一Ａ１・！？○①×㈱㌔"
LYING = "－‐−→é“”"


@pytest.fixture(params=["mincho", "gothic"])
def vertical(request, fonts: FontLibrary) -> VerticalFace:
    face = fonts[vertical_key(request.param)]
    assert isinstance(face, VerticalFace)
    return face


def _shaped(face: VerticalFace, char: str) -> int:
    font = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(face.path))))
    buffer = uharfbuzz.Buffer()
    buffer.add_str(char)
    buffer.direction, buffer.script, buffer.language = "ttb", "Kana", "ja"
    uharfbuzz.shape(font, buffer, {"vert": True})
    [info] = buffer.glyph_infos
    return info.codepoint


@pytest.mark.parametrize("char", FORMED + UPRIGHT)
def test_a_glyph_in_a_column_is_harfbuzzs(vertical: VerticalFace, char: str) -> None:
    assert vertical.glyphs[char] == _shaped(vertical, char)


@pytest.mark.parametrize("char", FORMED)
def test_turned_characters_have_a_glyph_of_their_own(vertical: VerticalFace, fonts: FontLibrary, char: str) -> None:
    """Without `vert`, ー would lie across its column and 、。 hang in the wrong corner."""
    flat = fonts[vertical.key.partition("|")[0]]
    assert vertical.glyphs[char] != flat.glyphs[char]


def test_what_lies_on_its_side_does_not_stand(vertical: VerticalFace) -> None:
    assert [char for char in LYING if char in vertical.glyphs] == []


def test_ascii_stands_as_its_full_width_twin(vertical: VerticalFace) -> None:
    for plain, twin in (("A", "Ａ"), ("1", "１"), ("(", "（"), ("%", "％")):
        assert vertical.glyphs[plain] == vertical.glyphs[twin]
    assert "-" not in vertical.glyphs


def test_rare_characters_and_variation_sequences_stand(vertical: VerticalFace, fonts: FontLibrary) -> None:
    flat = fonts[vertical.key.partition("|")[0]]
    for char in "𠮷", "葛\U000e0100":
        [own] = flat.measure(char)[0]
        assert vertical.glyphs[own] == flat.glyphs[own]


def _column(*runs: tuple[str, str]) -> Columns:
    """Runs of (font, text), 30 mm apart."""
    column = [Hung(font, False, 1.0, 0.0, 30.0 * place, text) for place, (font, text) in enumerate(runs)]
    return Columns(4.0, 1.0, K100, 50.0, 5.0, 6.0, [column])


def test_text_in_columns_extracts_as_it_was_drawn(printed: Printed, fonts: FontLibrary) -> None:
    words = "コープ「青葉」、𠮷野〜葛\U000e0100城ABC12(株)\\"
    ids = fonts["mincho"].measure(words)[0]
    text = extracted(printed(page(_column((vertical_key("mincho"), ids[:-1])))))
    assert "".join(text.split()) == words[:-1]


def test_the_embedded_font_says_how_glyphs_hang(printed: Printed) -> None:
    with pikepdf.open(BytesIO(printed(page(_column((vertical_key("gothic"), "青ー 1ｱ〱")))))) as pdf:
        assert pdf.check_pdf_syntax() == []
        [font] = pdf.pages[0].Resources.Font.values()
        [descendant] = font.DescendantFonts
        assert font.Encoding == "/Identity-V"
        assert list(descendant.DW2) == [880, -1000]
        told = list(descendant.W2)
        falls = {int(first): [int(v) for v in triple] for first, triple in zip(told[::2], told[1::2], strict=True)}
        assert falls == {ord(" "): [-224, 112, 880], ord("〱"): [-2000, 500, 880]}


def test_fonts_without_vertical_forms_say_so(make_font: MakeFont, fonts: FontLibrary) -> None:
    assert not vertical_face(load_face("own", make_font(cmap={0x41: "A"}))).has_forms
    assert not vertical_face(fonts["mono"]).has_forms


def test_a_vertical_face_brings_its_font_along() -> None:
    assert set(load_fonts([vertical_key("mincho")], {})) == {"mincho", "mincho|vertical"}
