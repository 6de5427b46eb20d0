"""Items of a page as content stream operators (ISO 32000-1, 8 and 9)."""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from dmgen.model.contents import Code, Columns, Item, MixedText, Picture, Run, Stamp, Text, Watermark
from dmgen.model.layout import K100, Box, Cmyk, Color, Spot
from dmgen.model.symbol import Symbol
from dmgen.press.columns import column_operators
from dmgen.press.modules import module_runs
from dmgen.press.strings import PT, escape, number

__all__ = ["PT", "Names", "Used", "draw", "fill_operators", "number"]
_MOST_STRINGS = 20_000


@dataclass
class Used:
    """What some content streams refer to: forms, pictures, spot inks, and by font the strings as written.

    `shown` are the characters of texts that are no longer kept, `runs` the modules of the symbols that are being drawn.
    """

    strings: defaultdict[str, dict[str, bytes]] = field(default_factory=lambda: defaultdict(dict))
    shown: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    forms: set[str] = field(default_factory=set)
    pictures: set[str] = field(default_factory=set)
    inks: set[Spot] = field(default_factory=set)
    runs: dict[Symbol, bytes] = field(default_factory=dict)

    def add(self, other: "Used") -> None:
        """Take over what other streams refer to, too."""
        self.forms |= other.forms
        self.pictures |= other.pictures
        self.inks |= other.inks
        for font, strings in other.strings.items():
            self.strings[font] |= strings
        for font, shown in other.shown.items():
            self.shown[font] |= shown

    def characters(self, font: str) -> set[str]:
        """The character ids shown in a font."""
        return self.shown[font] | set("".join(self.strings[font]))

    def forget(self) -> None:
        """Keep of many texts only which characters they show: a file of any length takes the same memory."""
        for font, strings in self.strings.items():
            if len(strings) > _MOST_STRINGS:
                self.shown[font].update("".join(strings))
                strings.clear()


@dataclass(frozen=True)
class Names:
    """Resource names of a job: the same in all its files, so that a page's content never depends on its file."""

    fonts: dict[str, bytes]
    forms: dict[str, bytes]
    pictures: dict[str, bytes]
    inks: dict[Spot, bytes] = field(default_factory=dict)


def fill_operators(color: Color, names: Names, used: Used) -> bytes:
    """The fill colour of text and symbols, in DeviceCMYK or a spot ink, and whether it overprints.

    Black alone does (K100: 墨ノセ), said outright; white, tints and colours knock out what lies under them.
    """
    if isinstance(color, Spot):
        used.inks.add(color)
        return b"/G0 gs /%b cs 1 scn\n" % names.inks[color]
    return _process_color(color)


@lru_cache(maxsize=256)
def _process_color(color: Cmyk) -> bytes:
    return (b"/G1 gs %b k\n" if color == K100 else b"/G0 gs %b k\n") % " ".join(map(number, color)).encode()


Origin = tuple[float, float]


def draw(pages: Sequence[tuple[Sequence[Item], Origin]], names: Names, used: Used) -> list[bytes]:
    """Operators of pages: items back to front, and where the trim's top left corner lies, in points."""
    symbols = [item.symbol for items, _ in pages for item in items if isinstance(item, Code)]
    used.runs = dict(zip(symbols, module_runs(symbols), strict=True))
    return [_draw_page(items, origin, names, used) for items, origin in pages]


def _draw_page(items: Sequence[Item], origin: Origin, names: Names, used: Used) -> bytes:
    out: list[bytes] = []
    color: Color | None = None
    for item in items:
        kind = type(item)
        if kind in _COLORED and item.color != color:  # type: ignore[union-attr]
            color = item.color  # type: ignore[union-attr]
            out.append(fill_operators(color, names, used))
        out.append(_DRAW[kind](item, origin, names, used))
    return b"".join(out)


@lru_cache(maxsize=1 << 14)
def _text_head(font: bytes, size: float, condense: float, leading: float, x: float, y: float) -> bytes:
    """The start of a text object at a point; most stand at the same place on every page."""
    scale = f" {number(condense * 100)} Tz" if condense != 1 else ""
    feed = f" {number(leading * PT)} TL" if leading else ""
    head = f" {number(size * PT)} Tf{feed}{scale} 1 0 0 1 {number(x)} {number(y)} Tm\n"
    return b"BT /" + font + head.encode()


def _text(item: Text, origin: Origin, names: Names, used: Used) -> bytes:
    """A text object: one matrix, then a line feed and a string a line (9.4)."""
    font, size, condense, _, x, y, leading, lines = item
    if not lines[0].text and not any(line.text for line in lines):
        return b""  # a font that shows nothing is not among the resources
    strings = used.strings[font]
    at, spacing = lines[0].offset, 0.0
    place = origin[0] + (x + at) * PT, origin[1] - y * PT
    out = [_text_head(names.fonts[font], size, condense, leading if len(lines) > 1 else 0.0, *place)]
    show, feed = b")Tj\n", b""
    for offset, gap, text, _ in lines:
        if gap != spacing:
            spacing = gap
            out.append(f"{number(gap * PT / condense)} Tc\n".encode())
        if offset != at:
            out.append(f"{number((offset - at) * PT)} {number(-leading * PT)} Td\n".encode())
            at, show, feed = offset, b")Tj\n", b""
        if text:
            string = strings.get(text)
            if string is None:
                string = strings[text] = escape(text)
            out += (b"(", string, show)
        else:
            out.append(feed)
        show, feed = b")'\n", b"T*\n"
    if spacing:
        out.append(b"0 Tc\n")
    if condense != 1:
        out.append(b"100 Tz\n")
    out.append(b"ET\n")
    return b"".join(out)


def _mixed_text(item: MixedText, origin: Origin, names: Names, used: Used) -> bytes:
    """A text object whose lines change fonts: a matrix a line, a string a run (9.4)."""
    font, size, condense, _, x, y, leading, lines = item
    out, current, spacing = [b"BT\n"], "", 0.0
    if condense != 1:
        out.append(f"{number(condense * 100)} Tz\n".encode())
    for row, (offset, gap, text, runs) in enumerate(lines):
        place = f"{number(origin[0] + (x + offset) * PT)} {number(origin[1] - (y + row * leading) * PT)}"
        out.append(f"1 0 0 1 {place} Tm\n".encode())
        if gap != spacing:
            spacing = gap
            out.append(f"{number(gap * PT / condense)} Tc\n".encode())
        for key, string in runs or (Run(font, text),):
            if not string:
                continue
            if key != current:
                current = key
                out.append(b"/%b %b Tf\n" % (names.fonts[key], number(size * PT).encode()))
            strings = used.strings[key]
            shown = strings.get(string) or escape(string)
            strings[string] = shown
            out += (b"(", shown, b")Tj\n")
    if spacing:
        out.append(b"0 Tc\n")
    if condense != 1:
        out.append(b"100 Tz\n")
    out.append(b"ET\n")
    return b"".join(out)


def _stamp(item: Stamp, origin: Origin, names: Names, used: Used) -> bytes:
    used.forms.add(item.form)
    return _stamped(names.forms[item.form], origin[0] + item.x * PT, origin[1] - item.y * PT)


@lru_cache(maxsize=1 << 14)
def _stamped(form: bytes, x: float, y: float) -> bytes:
    return b"q 1 0 0 1 %b %b cm /%b Do Q\n" % (number(x).encode(), number(y).encode(), form)


def _picture(item: Picture, origin: Origin, names: Names, used: Used) -> bytes:
    used.pictures.add(item.key)
    box = item.box
    matrix = (box.width * PT, 0, 0, box.height * PT, origin[0] + box.left * PT, origin[1] - (box.top + box.height) * PT)
    return b"q /G0 gs %b cm /%b Do Q\n" % (" ".join(map(number, matrix)).encode(), names.pictures[item.key])


def _code(item: Code, origin: Origin, names: Names, used: Used) -> bytes:
    """Runs of dark modules in whole-module coordinates, one fill."""
    return b"q %b cm\n%bf Q\n" % (
        _module_matrix(item.box, item.symbol.columns, item.symbol.rows, origin),
        used.runs[item.symbol],
    )


@lru_cache(maxsize=1024)
def _module_matrix(box: Box, columns: int, rows: int, origin: Origin) -> bytes:
    wide, high = box.width * PT / columns, box.height * PT / rows
    matrix = (wide, 0, 0, -high, origin[0] + box.left * PT, origin[1] - box.top * PT)
    return " ".join(f"{value:.4f}".rstrip("0").rstrip(".") for value in matrix).encode()


def _watermark(item: Watermark, origin: Origin, names: Names, used: Used) -> bytes:
    """Outlines only (text rendering mode 1, 9.3.6): they hide nothing, and need no transparency."""
    turn = math.radians(item.angle)
    matrix = (math.cos(turn), math.sin(turn), -math.sin(turn), math.cos(turn))
    place = origin[0] + item.x * PT, origin[1] - item.y * PT
    string = used.strings[item.font].setdefault(item.text, escape(item.text))
    return b"q 0.5 w %b K BT 1 Tr /%b %b Tf %b Tm\n(%b)Tj ET Q\n" % (
        " ".join(map(number, item.color)).encode(),
        names.fonts[item.font],
        number(item.size * PT).encode(),
        " ".join(map(number, (*matrix, *place))).encode(),
        string,
    )


def _columns(item: Columns, origin: Origin, names: Names, used: Used) -> bytes:
    return column_operators(item, origin, names.fonts, used.strings)


_COLORED = (Text, MixedText, Columns, Code)
_DRAW: dict[type, Callable[..., bytes]] = {
    Text: _text,
    MixedText: _mixed_text,
    Columns: _columns,
    Stamp: _stamp,
    Picture: _picture,
    Code: _code,
    Watermark: _watermark,
}
