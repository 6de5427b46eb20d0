"""Items of a page as content stream operators (ISO 32000-1, 8 and 9)."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from dmgen.model.contents import Code, Item, MixedText, Picture, Run, Stamp, Text
from dmgen.model.layout import Cmyk
from dmgen.model.symbol import Symbol
from dmgen.press.modules import module_runs

PT = 72 / 25.4  # points a millimetre


@dataclass
class Used:
    """What some content streams refer to: forms, pictures, and by font the texts with their strings as written.

    `runs` holds the modules of the symbols that are being drawn.
    """

    strings: defaultdict[str, dict[str, bytes]] = field(default_factory=lambda: defaultdict(dict))
    forms: set[str] = field(default_factory=set)
    pictures: set[str] = field(default_factory=set)
    runs: dict[Symbol, bytes] = field(default_factory=dict)

    def add(self, other: "Used") -> None:
        """Take over what other streams refer to, too."""
        self.forms |= other.forms
        self.pictures |= other.pictures
        for font, strings in other.strings.items():
            self.strings[font] |= strings

    def characters(self, font: str) -> set[str]:
        """The character ids shown in a font."""
        return set("".join(self.strings[font]))


@dataclass(frozen=True)
class Names:
    """Resource names of a job: the same in all its files, so that a page's content never depends on its file."""

    fonts: dict[str, bytes]
    forms: dict[str, bytes]
    pictures: dict[str, bytes]


@lru_cache(maxsize=1 << 16)
def number(value: float) -> str:
    """A number as PDF writes it: at most three decimals, never an exponent."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def color_operator(color: Cmyk) -> bytes:
    """The fill colour in DeviceCMYK."""
    return " ".join(map(number, color)).encode() + b" k\n"


Origin = tuple[float, float]


def draw(pages: Sequence[tuple[Sequence[Item], Origin]], names: Names, used: Used) -> list[bytes]:
    """Operators of pages: items back to front, and where the trim's top left corner lies, in points."""
    symbols = [item.symbol for items, _ in pages for item in items if isinstance(item, Code)]
    used.runs = dict(zip(symbols, module_runs(symbols), strict=True))
    return [_draw_page(items, origin, names, used) for items, origin in pages]


def _draw_page(items: Sequence[Item], origin: Origin, names: Names, used: Used) -> bytes:
    out: list[bytes] = []
    color: Cmyk | None = None
    for item in items:
        kind = type(item)
        if kind in _COLORED and item.color != color:  # type: ignore[union-attr]
            color = item.color  # type: ignore[union-attr]
            out.append(color_operator(color))
        out.append(_DRAW[kind](item, origin, names, used))
    return b"".join(out)


def _escape(text: str) -> bytes:
    raw = text.encode("utf-16-be")
    if b"\\" in raw:
        raw = raw.replace(b"\\", b"\\\\")
    return raw.replace(b"(", b"\\(").replace(b")", b"\\)").replace(b"\r", b"\\r")


@lru_cache(maxsize=1024)
def _text_head(font: bytes, size: float, condense: float, leading: float) -> bytes:
    scale = f" {number(condense * 100)} Tz" if condense != 1 else ""
    feed = f" {number(leading * PT)} TL" if leading else ""
    return b"BT /" + font + f" {number(size * PT)} Tf{feed}{scale} 1 0 0 1 ".encode()


def _text(item: Text, origin: Origin, names: Names, used: Used) -> bytes:
    """A text object: one matrix, then a line feed and a string a line (9.4)."""
    font, size, condense, _, x, y, leading, lines = item
    if not lines[0].text and not any(line.text for line in lines):
        return b""  # a font that shows nothing is not among the resources
    strings = used.strings[font]
    at, spacing = lines[0].offset, 0.0
    position = f"{number(origin[0] + (x + at) * PT)} {number(origin[1] - y * PT)} Tm\n"
    out = [_text_head(names.fonts[font], size, condense, leading if len(lines) > 1 else 0.0), position.encode()]
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
                string = strings[text] = _escape(text)
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
            shown = strings.get(string) or _escape(string)
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
    x, y = origin[0] + item.x * PT, origin[1] - item.y * PT
    return b"q 1 0 0 1 %b %b cm /%b Do Q\n" % (number(x).encode(), number(y).encode(), names.forms[item.form])


def _picture(item: Picture, origin: Origin, names: Names, used: Used) -> bytes:
    used.pictures.add(item.key)
    box = item.box
    matrix = (box.width * PT, 0, 0, box.height * PT, origin[0] + box.left * PT, origin[1] - (box.top + box.height) * PT)
    return b"q %b cm /%b Do Q\n" % (" ".join(map(number, matrix)).encode(), names.pictures[item.key])


def _code(item: Code, origin: Origin, names: Names, used: Used) -> bytes:
    """Runs of dark modules in whole-module coordinates, one fill."""
    box = item.box
    module = box.width * PT / item.symbol.size
    matrix = (module, 0, 0, -module, origin[0] + box.left * PT, origin[1] - box.top * PT)
    scale = " ".join(f"{value:.4f}".rstrip("0").rstrip(".") for value in matrix)
    return b"q %b cm\n%bf Q\n" % (scale.encode(), used.runs[item.symbol])


_COLORED = (Text, Code, MixedText)
_DRAW: dict[type, Callable[..., bytes]] = {
    Text: _text,
    MixedText: _mixed_text,
    Stamp: _stamp,
    Picture: _picture,
    Code: _code,
}
