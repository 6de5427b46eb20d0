"""Fonts: embedded, as wide as declared, without blanks, and readable as text."""

from functools import cached_property

from dmgen.messages import mark
from dmgen.preflight.finding import Fault, Faults
from dmgen.preflight.fontmetrics import Metrics, encoding_names
from dmgen.preflight.fontprogram import NOTDEF, Program, read_program
from dmgen.preflight.reading import get, name
from dmgen.preflight.resources import Font

_SLACK = 1.5  # thousandths of the em: widths are rounded, at times both ways
_EMBED = mark("embed the font, or convert its text to outlines")
_AGAIN = mark("embed the font again (export anew from the program that made it)")
_NOTDEF_CODES = 5


class OpenedFont:
    """A font of the file with what it shows, what it declares and, if it is shown, its program."""

    def __init__(self, font: Font) -> None:
        self.at = font.at
        self.name = name(get(font.object, "/BaseFont")) or font.at
        self.shown = font.shown
        self.codes = sorted(font.codes)
        self.metrics = Metrics(font.object)
        self.broken = False

    @cached_property
    def program(self) -> Program | None:
        """The program; None if it is not there, not looked into, or broken."""
        try:
            return read_program(self.metrics) if self.shown else None
        except Exception:  # fontTools raises anything on a broken program
            self.broken = True
            return None

    @cached_property
    def glyphs(self) -> dict[int, str]:
        """The glyph of each code that is shown, as far as it is known."""
        if self.program is None:
            return {}
        try:
            found = {code: self.program.glyph(code) for code in self.codes}
        except Exception:
            self.broken = True
            return {}
        return {code: glyph for code, glyph in found.items() if glyph is not None}

    @cached_property
    def advances(self) -> dict[int, float]:
        """The real width of each code that is shown."""
        if self.program is None:
            return {}
        try:
            return {code: self.program.advance(glyph) for code, glyph in self.glyphs.items() if glyph != NOTDEF}
        except Exception:
            self.broken = True
            return {}


def embedded(font: OpenedFont) -> Faults:
    """Fonts used are embedded."""
    if font.shown and not font.metrics.embedded:
        yield Fault(font.at, mark("the font {name} is not embedded"), _EMBED, {"name": font.name})


def listed(font: OpenedFont) -> Faults:
    """A font that is listed and never shown should not be missing either: some RIPs stop at the list."""
    if not font.shown and not font.metrics.embedded:
        yield Fault(
            font.at,
            mark("the font {name} is listed without being embedded; no text that was read uses it"),
            mark("remove the unused font from the page's resources, or embed it"),
            {"name": font.name},
        )


def readable_program(font: OpenedFont) -> Faults:
    """The embedded program is a font."""
    if not font.advances and font.broken:
        yield Fault(font.at, mark("the embedded program of the font {name} is broken"), _AGAIN, {"name": font.name})


def widths(font: OpenedFont) -> Faults:
    """Widths equal to the font program, for the characters that are shown."""
    for code, real in font.advances.items():
        said = font.metrics.width(code)
        if abs(real - said) > _SLACK:
            yield Fault(
                font.at,
                mark("the font {name} declares other widths than it has (code {code:X}: {said:g}, not {real:g})"),
                _AGAIN,
                {"name": font.name, "code": code, "said": said, "real": real},
            )


def notdef(font: OpenedFont) -> Faults:
    """.notdef never shown: it prints as a blank or a box."""
    missing = [code for code, glyph in font.glyphs.items() if glyph == NOTDEF]
    if missing:
        codes = ", ".join(f"{code:X}" for code in missing[:_NOTDEF_CODES])
        yield Fault(
            font.at,
            mark("text in {name} shows characters that the font does not have (codes {codes})"),
            mark("set that text in a font that has the characters"),
            {"name": font.name, "codes": codes},
        )


def to_unicode(font: OpenedFont) -> Faults:
    """Text that can be read back: a ToUnicode map, unless the encoding already says what codes mean."""
    metrics = font.metrics
    if not font.shown or get(metrics.font, "/ToUnicode") is not None:
        return
    base, differences = encoding_names(metrics.encoding)
    if metrics.embedded and (metrics.readable if metrics.composite else not (base or differences)):
        yield Fault(
            font.at,
            mark("the font {name} has no ToUnicode map: its text cannot be searched or read back"),
            mark("export with searchable text"),
            {"name": font.name},
        )
