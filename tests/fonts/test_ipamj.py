"""IPAmj Mincho, the font for registers of names, where it is installed (Debian: fonts-ipamj-mincho)."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from dmgen.fonts import FontLibrary, chain_of, load_fonts
from dmgen.layout.typeset import Setter
from dmgen.model.layout import Style
from tests.conftest import extracted, page, press_kit, print_pages

FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
FORMS = [f"邊{chr(selector)}" for selector in range(0xE0108, 0xE0113)]


@pytest.fixture(scope="module")
def ipamj() -> FontLibrary:
    found = [path for folder in FOLDERS if folder.is_dir() for path in folder.rglob("ipamjm.ttf")]
    if not found:
        pytest.skip("needs the font IPAmj Mincho")
    return load_fonts(["ipamj"], {"ipamj": found[0]})


def test_every_character_and_form_is_drawn_as_what_it_is(ipamj: FontLibrary) -> None:
    """66,000 of them for 65,536 ids: the others stand in a second face."""
    font, chain = TTFont(ipamj["ipamj"].path), chain_of(ipamj, ["ipamj"])
    [table] = [table for table in font["cmap"].tables if table.format == 14]
    sequences = [(chr(b) + chr(s), name) for s, pairs in table.uvsDict.items() for b, name in pairs]
    assert len(sequences) > 11_000
    high = [(chr(code), name) for code, name in font.getBestCmap().items() if 0xFFFF < code < 0xF0000]
    for cluster, name in sequences + high:
        [glyph] = chain.measure(cluster).glyphs
        drawn = font.getGlyphName(ipamj[glyph.font].glyphs[glyph.id])
        assert drawn == (name or font.getBestCmap()[ord(cluster[0])]), cluster


def test_the_forms_of_a_name_come_through_the_fallback(ipamj: FontLibrary, fonts: FontLibrary) -> None:
    library = fonts | ipamj
    chain = chain_of(library, ["mincho", "ipamj"])
    glyphs = chain.measure("".join(FORMS)).glyphs
    assert {glyph.font for glyph in glyphs} <= {"ipamj", "ipamj+"}
    assert len({ipamj[glyph.font].glyphs[glyph.id] for glyph in glyphs}) == len(FORMS)
    setter = Setter.make(fonts["mincho"], Style("mincho", 4.0, 6.0), 80.0, chain.faces[1:])
    words = "渡" + "".join(FORMS) + "𠮷"
    block = setter.block(setter.lines([words], setter.steps[0]), setter.steps[0], 10.0, 20.0)
    assert extracted(print_pages(press_kit(library), [page(block)])) == words
