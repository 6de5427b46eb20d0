"""The part of a font that a file embeds."""

from collections.abc import Collection
from functools import cache
from pathlib import Path

import uharfbuzz

# Only what a PDF reader needs to draw glyphs by id (ISO 32000-1, 9.9).
_KEPT_TABLES = frozenset({"glyf", "loca", "head", "hhea", "hmtx", "maxp", "cvt ", "fpgm", "prep"})


@cache
def _face(path: Path) -> uharfbuzz.Face:
    return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))


def _tag(name: str) -> int:
    return int.from_bytes(name.encode("ascii"))


def subset_font(path: Path, glyphs: Collection[int]) -> bytes:
    """A TrueType file with these glyphs, and what they are made of, at their own ids."""
    face = _face(path)
    wish = uharfbuzz.SubsetInput()
    wish.flags = (
        uharfbuzz.SubsetFlags.RETAIN_GIDS
        | uharfbuzz.SubsetFlags.NO_HINTING
        | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
        | uharfbuzz.SubsetFlags.NO_LAYOUT_CLOSURE
    )
    wish.glyph_set.update(sorted(glyphs))
    wish.drop_table_tag_set.update(_tag(tag) for tag in sorted(face.table_tags) if tag not in _KEPT_TABLES)
    data = uharfbuzz.subset(face, wish).blob.data
    return bytes(data)
