"""Fonts as PDF objects: Type 0 over TrueType, Identity-H or -V, one subset a file (ISO 32000-1, 9.7)."""

import hashlib
import zlib
from collections.abc import Iterable
from itertools import groupby

from dmgen.fonts import Face, VerticalFace, subset_font


def font_objects(face: Face, ids: set[str], first: int) -> list[tuple[int, bytes]]:
    """(object number, body) of the six objects that embed these characters; the font itself is number `first`."""
    font, descendant, descriptor, program, glyph_map, unicode_map = range(first, first + 6)
    used = sorted(ids)
    glyphs = {face.glyphs[char] for char in used}
    name = f"{_tag(used)}+{face.name}".encode()
    data = subset_font(face.path, glyphs)
    return [
        (
            font,
            b"<</Type/Font/Subtype/Type0/BaseFont/%b/Encoding/%b/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>"
            % (name, b"Identity-V" if isinstance(face, VerticalFace) else b"Identity-H", descendant, unicode_map),
        ),
        (
            descendant,
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/%b/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            b"/Supplement 0>>/FontDescriptor %d 0 R/DW 1000/W[%b]%b/CIDToGIDMap %d 0 R>>"
            % (name, descriptor, _widths(face, used), _falls(face, used), glyph_map),
        ),
        (
            descriptor,
            b"<</Type/FontDescriptor/FontName/%b/Flags %d/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d"
            b"/CapHeight %d/StemV 80/FontFile2 %d 0 R>>"
            % (name, 4 + face.fixed_pitch, *face.box, face.ascent, face.descent, face.cap_height, program),
        ),
        (program, _stream(data, b"/Length1 %d" % len(data))),
        (glyph_map, _stream(_glyph_map(face, used))),
        (unicode_map, _stream(_unicode_map(face.text_of(ids)))),
    ]


def _tag(used: list[str]) -> str:
    digest = hashlib.sha256("".join(used).encode("utf-16-be", "surrogatepass")).digest()
    return "".join(chr(65 + byte % 26) for byte in digest[:6])


def _stream(data: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(data, 6)
    return b"<</Filter/FlateDecode/Length %d%b>>stream\n%b\nendstream" % (len(packed), entries, packed)


def _runs(codes: Iterable[int]) -> list[list[int]]:
    """Consecutive codes together."""
    numbered = enumerate(codes)
    return [[code for _, code in group] for _, group in groupby(numbered, lambda pair: pair[1] - pair[0])]


def _widths(face: Face, used: list[str]) -> bytes:
    """Widths that differ from the default of 1000, by runs of ids (9.7.4.3)."""
    narrow = [ord(char) for char in used if face.advances[char] != 1000]
    return b"".join(
        b"%d[%b]" % (run[0], " ".join(str(face.advances[chr(code)]) for code in run).encode()) for run in _runs(narrow)
    )


def _falls(face: Face, used: list[str]) -> bytes:
    """Vertical metrics (9.7.4.3): a glyph hangs by the middle of its em box's top and takes an em, or what W2 says."""
    if not isinstance(face, VerticalFace):
        return b""
    others = b"".join(
        b"%d[%d %d %d]" % (ord(char), -face.falls[char], face.advances[char] // 2, face.top)
        for char in used
        if char in face.falls
    )
    return b"/DW2[%d -1000]" % face.top + (b"/W2[%b]" % others if others else b"")


def _glyph_map(face: Face, used: list[str]) -> bytes:
    table = bytearray(2 * (ord(used[-1]) + 1))
    for char in used:
        table[2 * ord(char) : 2 * ord(char) + 2] = face.glyphs[char].to_bytes(2)
    return bytes(table)


def _unicode_map(texts: dict[str, str]) -> bytes:
    """A ToUnicode CMap of what was drawn (9.10.3), in blocks of at most 100 entries."""
    entries = [f"<{ord(char):04X}><{text.encode('utf-16-be').hex().upper()}>\n" for char, text in texts.items()]
    blocks = [entries[i : i + 100] for i in range(0, len(entries), 100)]
    body = "".join(f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n" for block in blocks)
    return (
        "/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n"
        "/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n"
        f"{body}endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n"
    ).encode("ascii")
