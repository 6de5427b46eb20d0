"""A glyph that draws nothing is found in what was embedded."""

import pytest
from fontTools.ttLib import TTFont

from dmgen.fonts import FontLibrary, blank_glyphs, subset_font


def test_glyphs_with_and_without_outlines(fonts: FontLibrary) -> None:
    face = fonts["mincho"]
    glyphs = {char: face.glyphs[char] for char in "山　A "}
    data = subset_font(face.path, glyphs.values())
    assert blank_glyphs(data, glyphs.values()) == {glyphs["　"], glyphs[" "]}


def test_what_the_file_does_not_have_is_blank(fonts: FontLibrary) -> None:
    """A glyph that was not embedded, and one beyond the last."""
    face = fonts["mincho"]
    data = subset_font(face.path, {face.glyphs["山"]})
    count = TTFont(face.path, lazy=True)["maxp"].numGlyphs
    assert blank_glyphs(data, {face.glyphs["川"], count + 5}) == {face.glyphs["川"], count + 5}


@pytest.mark.parametrize("data", [b"", b"no font", b"OTTO" + bytes(60)])
def test_what_is_no_font_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(ValueError, match="TrueType"):
        blank_glyphs(data, {1})
