"""A character that a face lacks comes from the first other one that has it: that very form, or none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.fonts import Chain, FontLibrary, MissingGlyphError, load_face
from tests.fonts.conftest import MakeFont

OTHER_FORM = "邊\U000e0109"


@pytest.fixture
def rare(make_font: MakeFont):
    """A face with 邊 and its Moji_Joho form E0109, and ő, but nothing else."""
    path = make_font(cmap={0x908A: "A", 0x151: "C"}, sequences=[(0x908A, 0xE0109, "B")], file="rare")
    return load_face("rare", path)


def _fonts(chain: Chain, text: str) -> list[str]:
    return [glyph.font for glyph in chain.measure(text).glyphs]


def test_each_character_comes_from_the_first_face_that_has_it(fonts: FontLibrary, rare) -> None:
    chain = Chain((fonts["mincho"], rare, fonts["mono"]))
    assert _fonts(chain, "Erdős") == ["mincho", "mincho", "mincho", "rare", "mincho"]
    assert _fonts(Chain((fonts["mincho"], fonts["mono"], rare)), "Erdős")[3] == "mono"
    assert _fonts(Chain((fonts["mono"], fonts["gothic"])), "A髙𠮷") == ["mono", "gothic", "gothic"]


def test_a_variation_sequence_goes_to_the_face_that_has_that_very_one(fonts: FontLibrary, rare) -> None:
    """mincho has 邊, but not this form of it: the base glyph would be another person's name."""
    chain = Chain((fonts["mincho"], rare))
    text, ends, glyphs = chain.measure("渡" + OTHER_FORM + "邊")
    assert [glyph.font for glyph in glyphs] == ["mincho", "rare", "mincho"]
    assert (text, len(ends)) == ("渡邊邊", 4)
    assert rare.glyphs[glyphs[1].id] != rare.glyphs["邊"]


@pytest.mark.parametrize("missing", ["邊\U000e0102", "กา"[0], "\U000e0100", "\ue000", "山\u3099", "\U0001f44d"])
def test_what_no_face_has_is_missing_with_its_selector(fonts: FontLibrary, rare, missing: str) -> None:
    chain = Chain((fonts["mono"], rare, fonts["mincho"], fonts["gothic"]))
    for _ in range(2):
        with pytest.raises(MissingGlyphError) as caught:
            chain.measure("山" + missing if missing[0] != "\U000e0100" else missing)
        assert caught.value.cluster == missing


@given(text=st.text(st.sampled_from("青葉堂、。 Wavyő1-𠮷𩸽か\u309a葛\U000e0100髙—"), max_size=40))
@settings(max_examples=200, deadline=None)
def test_a_text_in_several_fonts_is_as_wide_as_its_characters(fonts: FontLibrary, text: str) -> None:
    chain = Chain((fonts["mono"], fonts["mincho"], fonts["gothic"]))
    try:
        plain, ends, glyphs = chain.measure(text)
    except MissingGlyphError:
        return
    assert len(plain) == len(glyphs) == len(ends) - 1
    back = "".join(fonts[glyph.font].text_of({glyph.id})[glyph.id] for glyph in glyphs)
    assert back == text
    for glyph, before, after in zip(glyphs, ends, ends[1:], strict=False):
        assert after - before == fonts[glyph.font].advances[glyph.id]
