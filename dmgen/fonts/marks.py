"""Characters with combining marks: one character where Unicode has it, one glyph where the font joins them."""

import unicodedata
from pathlib import Path

import uharfbuzz

MARK = "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f]"
"""A regular expression's class of the marks that join the character before them."""

# Kana that may take a mark they have no character for: か゚ (JIS X 0213, AJ1), あ゙ (spoken language in print).
_KANA = [*range(0x3041, 0x3097), *range(0x30A1, 0x30FB), *range(0x31F0, 0x3200)]
_KANA_MARKS = "\u3099\u309a"


def composed(cluster: str) -> str:
    """The one character that a base and its marks make, else the cluster; nothing else is normalised.

    (NFC alone would rewrite 460 kanji of people's names; none of them takes a mark.)
    """
    whole = unicodedata.normalize("NFC", cluster) if len(cluster) > 1 else cluster
    return whole if len(whole) == 1 else cluster


def joined_kana(path: Path) -> dict[str, int]:
    """Kana with a mark for which the font has one glyph but Unicode no character → glyph number, in fixed order."""
    font = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path))))
    pairs = (chr(base) + mark for base in _KANA for mark in _KANA_MARKS)
    shaped = {pair: _glyphs(font, pair) for pair in pairs if composed(pair) == pair}
    return {pair: glyphs[0] for pair, glyphs in shaped.items() if len(glyphs) == 1 and glyphs[0]}


def _glyphs(font: uharfbuzz.Font, text: str) -> list[int]:
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(font, buffer)
    return [info.codepoint for info in buffer.glyph_infos]
