"""What an embedded font program draws for a code, and how wide (fontTools reads it)."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from fontTools.agl import UV2AGL, toUnicode
from fontTools.cffLib import CFFFontSet
from fontTools.encodings.StandardEncoding import StandardEncoding
from fontTools.pens.basePen import NullPen
from fontTools.ttLib import TTFont

from dmgen.preflight.fontmetrics import Metrics, encoding_names
from dmgen.preflight.reading import decoded, get, name

NOTDEF = ".notdef"
_CODECS = {"WinAnsiEncoding": "cp1252", "MacRomanEncoding": "mac_roman"}
_SYMBOLIC = 4

Glyph = Callable[[int], str | None]  # the glyph of a code; None: not known


class Program:
    """An opened font program: which glyph a code shows, and the advance of a glyph in thousandths of the em."""

    def __init__(self, glyph: Glyph, advance: Callable[[str], float]) -> None:
        self.glyph = glyph
        self.advance = advance


def read_program(metrics: Metrics) -> Program | None:
    """The program of a font; None where its kind is not looked into. Raises whatever fontTools does if broken."""
    if metrics.program is None or not metrics.readable:
        return None
    entry, stream = metrics.program
    data = decoded(stream)
    if data is None or entry == "/FontFile":
        return None
    if entry == "/FontFile2" or name(get(stream, "/Subtype")) == "OpenType":
        return _sfnt(metrics, TTFont(BytesIO(data), lazy=True, fontNumber=0))
    fonts = CFFFontSet()
    fonts.decompile(BytesIO(data), None)
    return _compact(metrics, fonts[0])


def _sfnt(metrics: Metrics, font: Any) -> Program | None:
    if "CFF " in font:
        return _compact(metrics, font["CFF "].cff[0])
    order, scale = font.getGlyphOrder(), 1000 / font["head"].unitsPerEm
    table = font["hmtx"].metrics
    return Program(
        _cid_glyphs(metrics, order) if metrics.composite else _mapped_glyphs(metrics, font),
        lambda glyph: float(table[glyph][0]) * scale,
    )


def _cid_glyphs(metrics: Metrics, order: list[str]) -> Glyph:
    """CIDToGIDMap (9.7.4.2); an id beyond the font is .notdef."""
    table = decoded(get(metrics.inner, "/CIDToGIDMap"))
    names = [NOTDEF, *order[1:]]

    def glyph(code: int) -> str | None:
        place = code if table is None else int.from_bytes(table[2 * code : 2 * code + 2])
        return names[place] if place < len(names) else NOTDEF

    return glyph


def _mapped_glyphs(metrics: Metrics, font: Any) -> Glyph:
    """A simple TrueType font (9.6.6.4): by names and Unicode, or for symbols by the code itself."""
    tables = (
        {(table.platformID, table.platEncID): table.cmap for table in font["cmap"].tables} if "cmap" in font else {}
    )
    base, differences = encoding_names(metrics.encoding)
    flags = get(metrics.font, "/FontDescriptor", "/Flags")
    symbolic = isinstance(flags, int) and bool(flags & _SYMBOLIC)
    unicode_table = tables.get((3, 1)) or tables.get((0, 3)) or {}
    symbols, roman = tables.get((3, 0)) or {}, tables.get((1, 0)) or {}
    known = set(font.getGlyphOrder())

    def glyph(code: int) -> str | None:
        if symbolic or metrics.encoding is None:
            found = symbols.get(code) or symbols.get(0xF000 + code) or roman.get(code)
            return found or (NOTDEF if symbols or roman else None)
        said = differences.get(code) or _base_name(base, code)
        text = toUnicode(said) if said else ""
        found = unicode_table.get(ord(text)) if len(text) == 1 else None
        return found or (said if said in known else roman.get(code)) or (NOTDEF if unicode_table and said else None)

    return glyph


def _compact(metrics: Metrics, top: Any) -> Program:
    """A CFF program: by CID if it is keyed so, else by glyph number or by name (9.7.4.2 and 9.6.6.2)."""
    strings, scale = top.CharStrings, 1000 * top.FontMatrix[0]

    def advance(glyph: str) -> float:
        string = strings[glyph]
        string.draw(NullPen())
        return float(string.width * scale)

    if metrics.composite:
        return Program(_cff_ids(metrics, top, strings), advance)
    base, differences = encoding_names(metrics.encoding)
    built_in = top.Encoding if isinstance(top.Encoding, list) else StandardEncoding

    def named(code: int) -> str | None:
        said = differences.get(code) or _base_name(base, code) or (built_in[code] if code < len(built_in) else "")
        return said if said in strings else NOTDEF

    return Program(named, advance)


def _cff_ids(metrics: Metrics, top: Any, strings: Any) -> Glyph:
    order = top.charset
    keyed = hasattr(top, "ROS")
    table = decoded(get(metrics.inner, "/CIDToGIDMap"))

    def glyph(code: int) -> str | None:
        if keyed:
            found = f"cid{code:05d}"
            return found if code and found in strings else NOTDEF
        place = code if table is None else int.from_bytes(table[2 * code : 2 * code + 2])
        return order[place] if place < len(order) else NOTDEF

    return glyph


def _base_name(base: str, code: int) -> str:
    if base not in _CODECS:
        return StandardEncoding[code] if base == "StandardEncoding" else ""
    char = bytes([code]).decode(_CODECS[base], "ignore")
    return UV2AGL.get(ord(char), "") if char else ""
