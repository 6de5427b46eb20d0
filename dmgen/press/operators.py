"""Items of a page as content stream operators (ISO 32000-1, 8 and 9)."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from dmgen.model.contents import Code, Item, Picture, Stamp, Text
from dmgen.model.layout import K100, Cmyk, Color, Spot
from dmgen.model.symbol import Symbol
from dmgen.press.modules import module_runs

PT = 72 / 25.4  # points a millimetre
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


@lru_cache(maxsize=1 << 16)
def number(value: float) -> str:
    """A number as PDF writes it: at most three decimals, never an exponent."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


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
    for offset, gap, text in lines:
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


def _stamp(item: Stamp, origin: Origin, names: Names, used: Used) -> bytes:
    used.forms.add(item.form)
    x, y = origin[0] + item.x * PT, origin[1] - item.y * PT
    return b"q 1 0 0 1 %b %b cm /%b Do Q\n" % (number(x).encode(), number(y).encode(), names.forms[item.form])


def _picture(item: Picture, origin: Origin, names: Names, used: Used) -> bytes:
    used.pictures.add(item.key)
    box = item.box
    matrix = (box.width * PT, 0, 0, box.height * PT, origin[0] + box.left * PT, origin[1] - (box.top + box.height) * PT)
    return b"q /G0 gs %b cm /%b Do Q\n" % (" ".join(map(number, matrix)).encode(), names.pictures[item.key])


def _code(item: Code, origin: Origin, names: Names, used: Used) -> bytes:
    """Runs of dark modules in whole-module coordinates, one fill."""
    box = item.box
    module = box.width * PT / item.symbol.size
    matrix = (module, 0, 0, -module, origin[0] + box.left * PT, origin[1] - box.top * PT)
    scale = " ".join(f"{value:.4f}".rstrip("0").rstrip(".") for value in matrix)
    return b"q %b cm\n%bf Q\n" % (scale.encode(), used.runs[item.symbol])


_COLORED = (Text, Code)
_DRAW: dict[type, Callable[..., bytes]] = {Text: _text, Stamp: _stamp, Picture: _picture, Code: _code}
