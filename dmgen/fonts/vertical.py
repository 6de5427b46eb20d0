"""A face as it stands in columns: upright glyphs, in the vertical forms of the font's `vert` feature.

Character ids are those of the face (see `dmgen.fonts.face`); only the glyphs differ, so that text extracts as what
was written whichever way it runs. Characters without a glyph here lie on their side: they are set in the face itself,
turned a quarter.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, fields

from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables

from dmgen.fonts.face import Face

_EM = 1000
_SUFFIX = "|vertical"
_ASCII = range(0x21, 0x7F)
_FULL_WIDTH = 0xFEE0  # from an ASCII character to its full-width twin
# Unicode's UAX #50 has these turned (R, or Tr: unless the font has a vertical form).
_LYING = frozenset("‐‑‒–—―‥…−－～〜ー＝＜＞：；￣＿｜「」『』【】〔〕〈〉《》（）｛｝［］｟｠〘〙〖〗゠→←↔⇒⇔")
_SINGLE = 1  # GSUB lookup types (OpenType 1.9, GSUB)
_EXTENSION = 7


@dataclass(frozen=True)
class VerticalFace(Face):
    """The upright glyphs of a face. Lengths are in 1/1000 of the size.

    `glyphs` and `advances` (the widths across the column) hold only what stands upright. `falls` has the advances down
    the column that are not one em. `top` is the height of the em box's top over the baseline, `middle` that of its
    centre, through which the column's axis runs in turned text.
    """

    top: int
    middle: int
    falls: dict[str, int]
    has_forms: bool


def vertical_key(font: str) -> str:
    """The key in a library of the vertical face of a font."""
    return font + _SUFFIX


def horizontal_key(key: str) -> str:
    """The key of the font that a vertical face belongs to; other keys are their own."""
    return key.removesuffix(_SUFFIX)


def vertical_face(face: Face) -> VerticalFace:
    """The vertical face of a loaded one."""
    font = TTFont(face.path, lazy=True)
    order, scale = font.getGlyphOrder(), 1000 / font["head"].unitsPerEm
    forms = list(_forms(font))
    glyphs: dict[str, int] = {}
    for char, glyph in face.glyphs.items():
        formed = _formed(glyph, forms)
        if formed != glyph or _stands(char, face):
            glyphs[char] = formed
    for code in _ASCII:
        twin = glyphs.get(chr(code + _FULL_WIDTH))
        if twin is not None:
            glyphs[chr(code)] = twin
    glyphs |= {" ": face.glyphs[" "]} if " " in face.glyphs else {}
    widths = font["hmtx"].metrics
    heights = font["vmtx"].metrics if "vmtx" in font else {}
    falls = {char: round(heights[order[glyph]][0] * scale) for char, glyph in glyphs.items() if heights}
    falls |= {" ": face.advances[" "]} if " " in glyphs else {}
    middle = round((face.ascent + face.descent) / 2)
    values = {field.name: getattr(face, field.name) for field in fields(Face)} | {
        "key": vertical_key(face.key),
        "glyphs": glyphs,
        "advances": {char: round(widths[order[glyph]][0] * scale) for char, glyph in glyphs.items()},
    }
    return VerticalFace(
        **values,
        top=middle + _EM // 2,
        middle=middle,
        falls={char: fall for char, fall in falls.items() if fall != _EM},
        has_forms=bool(forms),
    )


def _stands(char: str, face: Face) -> bool:
    """Whether a character without vertical form stands upright: what fills an em square, as in UAX #50."""
    if char in _LYING:
        return False
    if not face.plain.fullmatch(char):
        return face.advances[char] == _EM
    wide = unicodedata.east_asian_width(char)
    return wide in {"W", "F", "H"} or (
        face.advances[char] == _EM and (wide == "A" or unicodedata.category(char)[0] == "S")
    )


def _formed(glyph: int, forms: list[dict[int, int]]) -> int:
    for substitutes in forms:
        glyph = substitutes.get(glyph, glyph)
    return glyph


def _forms(font: TTFont) -> Iterator[dict[int, int]]:
    """The substitutions of the `vert` feature for Japanese, lookup by lookup (of `vrt2` where there is no `vert`)."""
    if "GSUB" not in font:
        return
    table = font["GSUB"].table
    features = list(_features(table))
    tag = "vert" if any(feature.FeatureTag == "vert" for feature in features) else "vrt2"
    lookups = {i for feature in features if feature.FeatureTag == tag for i in feature.Feature.LookupListIndex}
    glyph_id = font.getGlyphID
    for index in sorted(lookups):
        names = {name: other for subtable in _subtables(table, index) for name, other in subtable.mapping.items()}
        yield {glyph_id(name): glyph_id(other) for name, other in names.items()}


def _features(table: otTables.GSUB) -> Iterator[otTables.FeatureRecord]:
    scripts = {record.ScriptTag: record.Script for record in table.ScriptList.ScriptRecord}
    script = next((scripts[tag] for tag in ("kana", "hani", "DFLT") if tag in scripts), None)
    if script is None:
        return
    languages = {record.LangSysTag: record.LangSys for record in script.LangSysRecord}
    language = languages.get("JAN ") or script.DefaultLangSys
    if language is not None:
        yield from (table.FeatureList.FeatureRecord[index] for index in language.FeatureIndex)


def _subtables(table: otTables.GSUB, index: int) -> Iterator[otTables.SingleSubst]:
    for subtable in table.LookupList.Lookup[index].SubTable:
        inner = subtable.ExtSubTable if subtable.LookupType == _EXTENSION else subtable
        if inner.LookupType == _SINGLE:
            yield inner
