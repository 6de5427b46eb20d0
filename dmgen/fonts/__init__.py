"""Fonts as tables: which characters a face has, how wide they are, where lines break; the subset that is embedded."""

from dmgen.fonts.chain import Chain, Glyph, Mixed
from dmgen.fonts.face import Face, MissingGlyphError, clusters_of, load_face
from dmgen.fonts.library import FontLibrary, chain_of, load_fonts
from dmgen.fonts.linebreak import BrokenLine, break_lines, break_spans
from dmgen.fonts.outlines import blank_glyphs
from dmgen.fonts.subset import subset_font
from dmgen.fonts.vertical import VerticalFace, vertical_key

__all__ = [
    "BrokenLine",
    "Chain",
    "Face",
    "FontLibrary",
    "Glyph",
    "MissingGlyphError",
    "Mixed",
    "VerticalFace",
    "blank_glyphs",
    "break_lines",
    "break_spans",
    "chain_of",
    "clusters_of",
    "load_face",
    "load_fonts",
    "subset_font",
    "vertical_key",
]
