"""What an embedded font really draws."""

import struct
from collections.abc import Collection
from io import BytesIO

from fontTools.ttLib import TTFont, TTLibError

_NO_CONTOURS = b"\0\0"


def blank_glyphs(data: bytes, glyphs: Collection[int]) -> set[int]:
    """Those of `glyphs` for which a TrueType file has no outlines (OpenType `glyf`: numberOfContours).

    Raises ValueError for what is no TrueType file.
    """
    try:
        font = TTFont(BytesIO(data), lazy=True)
        places, outlines = font["loca"].locations, font.getTableData("glyf")
    except (TTLibError, KeyError, AssertionError, struct.error) as error:
        raise ValueError("no TrueType outlines") from error
    return {
        glyph
        for glyph in glyphs
        if glyph + 1 >= len(places)
        or places[glyph] == places[glyph + 1]
        or outlines[places[glyph] : places[glyph] + 2] in (b"", _NO_CONTOURS)
    }
