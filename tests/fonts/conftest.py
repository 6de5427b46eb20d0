"""Small fonts made to measure."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

MakeFont = Callable[..., Path]


def _outline(pen, size: int) -> None:
    pen.moveTo((0, 0))
    pen.lineTo((0, size))
    pen.lineTo((size, size))
    pen.closePath()


@pytest.fixture
def make_font(tmp_path: Path) -> MakeFont:
    """`make_font(cmap=…)` is the path of a font file with the glyphs A, B and C, triangles of growing size.

    `sequences` are (base, selector, glyph or None for the base's own).
    """

    def make(
        *,
        cmap: dict[int, str],
        units: int = 1000,
        advances: dict[str, int] | None = None,
        name: str = "Own",
        cff=False,
        sequences: list[tuple[int, int, str | None]] | None = None,
        file: str = "own",
    ) -> Path:
        order = [".notdef", "A", "B", "C"]
        builder = FontBuilder(units, isTTF=not cff)
        builder.setupGlyphOrder(order)
        builder.setupCharacterMap(cmap, uvs=sequences)
        glyphs = {}
        for number, glyph in enumerate(order):
            pen = T2CharStringPen(units, None) if cff else TTGlyphPen(None)
            _outline(pen, 100 * (number + 1))
            glyphs[glyph] = pen.getCharString() if cff else pen.glyph()
        if cff:
            builder.setupCFF(name, {}, glyphs, {})
        else:
            builder.setupGlyf(glyphs)
        widths = dict.fromkeys(order, units // 2) | (advances or {})
        builder.setupHorizontalMetrics({glyph: (width, 0) for glyph, width in widths.items()})
        builder.setupHorizontalHeader(ascent=800, descent=-200)
        builder.setupNameTable({"familyName": "Own", "styleName": "Regular", "psName": name})
        builder.setupOS2(sTypoAscender=880, sTypoDescender=-120)
        builder.setupPost()
        path = tmp_path / f"{file}.{'otf' if cff else 'ttf'}"
        builder.save(path)
        return path

    return make


@pytest.fixture
def free_ids() -> Callable[..., Iterator[str]]:
    """A world in which one code point only is free."""
    return lambda characters: iter("\u0600")
