"""The fonts of a print file: text that extracts well is worth nothing where its glyphs are blank."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pikepdf

from dmgen.fonts import blank_glyphs
from dmgen.readback.finding import Finding

_BLANK = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and symbols that Unicode draws as nothing
_ENTRY = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_BLOCK = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)


def font_findings(path: Path, file: str) -> Iterator[Finding]:
    """Fonts of the pages that are not in the file, or that draw nothing for a character that the pages show.

    Raises PdfError for what is no PDF.
    """
    with pikepdf.open(path) as pdf:
        seen: set[tuple[int, int]] = set()
        for page in pdf.pages:
            fonts: Any = page.resources.get("/Font")
            for font in fonts.values() if fonts else ():
                if font.objgen not in seen:
                    seen.add(font.objgen)
                    yield from _font(font, file)


def _font(font: Any, file: str) -> Iterator[Finding]:
    name = str(font.get("/BaseFont", "?")).removeprefix("/")
    try:
        descendant = font.DescendantFonts[0]
        program = descendant.FontDescriptor.FontFile2.read_bytes()
        texts = _texts(font.ToUnicode.read_bytes())
        glyphs = _glyphs(descendant.get("/CIDToGIDMap"), texts)
        blank = blank_glyphs(program, set(glyphs.values()))
    except (AttributeError, KeyError, IndexError, TypeError, ValueError):
        yield Finding("font_missing", file, field=name)
        return
    unseen = [text for code, text in texts.items() if glyphs[code] in blank and not _is_blank(text)]
    if unseen:
        points = " ".join(f"U+{ord(character):04X}" for character in "".join(unseen[:10]))
        yield Finding("glyph_blank", file, field=f"{name} {points}")


def _texts(cmap: bytes) -> dict[int, str]:
    """What each character id stands for (ISO 32000-1, 9.10.3)."""
    return {
        int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
        for block in _BLOCK.findall(cmap)
        for code, text in _ENTRY.findall(block)
    }


def _glyphs(glyph_map: Any, codes: Iterable[int]) -> dict[int, int]:
    """The glyphs of character ids (9.7.4.2): the same numbers, or what two bytes of the map say."""
    if not isinstance(glyph_map, pikepdf.Stream):
        return {code: code for code in codes}
    data = glyph_map.read_bytes()
    return {code: int.from_bytes(data[2 * code : 2 * code + 2]) for code in codes}


def _is_blank(text: str) -> bool:
    return all(unicodedata.category(char) in _BLANK or char in _FILLERS for char in text)
