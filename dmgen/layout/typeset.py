"""Sets paragraphs in one style and width: full size first, then as the style allows (長体, smaller type)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from dmgen.fonts import Chain, Face, Glyph, MissingGlyphError
from dmgen.fonts.linebreak import BrokenLine, break_lines, break_spans
from dmgen.model.contents import Line, MixedText, Run, Text
from dmgen.model.layout import Align, Fit, Style

CONDENSE_FLOOR = 0.8  # 長体 80 %: narrower reads as another typeface
SHRINK_FLOOR = 0.5
SMALLEST = 6 * 25.4 / 72  # 6 pt: bureaus' lower limit for text
_STEP = 0.95
TOLERANCE = 0.01  # mm
_MOST_KEPT = 2000  # paragraphs already set: many letters share a product, a greeting or a surname
MOST_STRETCH = 0.12  # of the size a gap, when a line is justified


class Step(NamedTuple):
    """One way to set a style: size and leading (mm), horizontal scale; a unit is 1/1000 of the size as set (mm)."""

    size: float
    leading: float
    condense: float
    unit: float
    measure: int

    def height(self, lines: int) -> float:
        """The height of so many lines (mm)."""
        return (lines - 1) * self.leading + self.size if lines else 0.0

    def capacity(self, height: float) -> int:
        """How many lines fit into a height (mm)."""
        return int((height - self.size + TOLERANCE) / self.leading) + 1 if height + TOLERANCE >= self.size else 0


def _scales(style: Style) -> Iterator[tuple[float, float]]:
    """(size, horizontal scale) as shares of the style's own, in the order in which they are tried."""
    yield 1.0, 1.0
    if style.fit is Fit.ERROR:
        return
    narrow = 1.0
    if style.fit is Fit.CONDENSE:
        while narrow > CONDENSE_FLOOR:
            narrow = max(round(narrow - 0.05, 2), CONDENSE_FLOOR)
            yield 1.0, narrow
    least = max(SHRINK_FLOOR, min(1.0, SMALLEST / style.size)) if style.floor is None else style.floor / style.size
    floor = round(least, 3)
    size = _STEP
    while round(size, 3) > floor:
        yield round(size, 3), narrow
        size *= _STEP
    if floor < 1:
        yield floor, narrow


def smallest_size(style: Style) -> float:
    """The smallest size (mm) in which a style may come to be set."""
    return min(style.size * size for size, _ in _scales(style))


@dataclass(frozen=True)
class Setter:
    """Sets text of one style in lines `width` mm wide, in one of `steps`; `chain` is asked where `face` has a gap."""

    face: Face
    chain: Chain
    style: Style
    width: float
    steps: tuple[Step, ...]
    _set: dict[tuple[str, Step], list[Line]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def make(cls, face: Face, style: Style, width: float, fallback: Sequence[Face] = ()) -> "Setter":
        """A setter with every step that the style allows; `fallback` stands in for what the face lacks."""
        steps = []
        for size, condense in _scales(style):
            unit = style.size * size * condense / 1000
            measure = int((width + TOLERANCE) / unit)
            steps.append(Step(style.size * size, style.leading * size, condense, unit, measure))
        return cls(face, Chain((face, *fallback)), style, width, tuple(steps))

    def lines(self, paragraphs: Sequence[str], step: Step) -> list[Line]:
        """The lines of paragraphs. Raises MissingGlyphError."""
        lines: list[Line] = []
        for paragraph in paragraphs:
            found = self._set.get((paragraph, step))
            if found is None:
                if len(self._set) >= _MOST_KEPT:
                    self._set.clear()
                found = self._set[paragraph, step] = self._paragraph(paragraph, step)
            lines += found
        return lines

    def _paragraph(self, paragraph: str, step: Step) -> list[Line]:
        flush = not self.style.tracking and self.style.align in (Align.LEFT, Align.JUSTIFY)
        if flush and self.face.surely_within(paragraph, step.measure):
            return [Line(0.0, 0.0, paragraph)]
        try:
            ids, ends = self.face.measure(paragraph)
        except MissingGlyphError:
            return self._mixed(paragraph, step)
        if self.style.tracking:
            broken = break_lines(ids, *self._tracked(ends, step), hang=self.style.hang)
        elif flush and ends[-1] <= step.measure:
            return [Line(0.0, 0.0, ids)]
        else:
            broken = break_lines(ids, ends, step.measure, hang=self.style.hang)
        return self._aligned(broken, step)

    def _mixed(self, paragraph: str, step: Step) -> list[Line]:
        """Lines of a paragraph that one face alone cannot show; they break as if it could."""
        text, ends, glyphs = self.chain.measure(paragraph)
        ends, measure = self._tracked(ends, step) if self.style.tracking else (ends, step.measure)
        spans = break_spans(text, ends, measure, hang=self.style.hang)
        lines = self._aligned([BrokenLine(text[start:stop], width, hung) for start, stop, width, hung in spans], step)
        places = (glyphs[start:stop] for start, stop, _, _ in spans)
        return [line._replace(runs=_runs(of_line)) for line, of_line in zip(lines, places, strict=True)]

    def _tracked(self, ends: list[int], step: Step) -> tuple[list[int], int]:
        """Ends of letterspaced characters, and the measure: the last of a line has no tracking after it."""
        tracking = round(self.style.tracking * 1000)
        return [end + i * tracking for i, end in enumerate(ends)], step.measure + tracking

    def _aligned(self, broken: list[BrokenLine], step: Step) -> list[Line]:
        if self.style.tracking:
            spacing = round(self.style.tracking * 1000) * step.unit
            return [Line(self._offset(line.width * step.unit - spacing), spacing, line.text) for line in broken]
        if self.style.align is Align.JUSTIFY:
            return [*(self._justified(line, step.unit) for line in broken[:-1]), Line(0.0, 0.0, broken[-1].text)]
        return [Line(self._offset(line.width * step.unit), 0.0, line.text) for line in broken]

    def _justified(self, line: BrokenLine, unit: float) -> Line:
        gaps = len(line.text) - 1 - line.hung
        spacing = (self.width - line.width * unit) / gaps if gaps else 0.0
        return Line(0.0, spacing if abs(spacing) <= MOST_STRETCH * self.style.size else 0.0, line.text)

    def _offset(self, width: float) -> float:
        match self.style.align:
            case Align.CENTER:
                return (self.width - width) / 2
            case Align.RIGHT:
                return self.width - width
            case _:
                return 0.0

    def block(self, lines: list[Line], step: Step, left: float, top: float) -> Text:
        """Lines as a text item, the first em box at left and top."""
        baseline = top + step.size * self.face.ascent / 1000
        style = self.style
        kind = MixedText if self.chain.known and any(line.runs for line in lines) else Text
        return kind(style.font, step.size, step.condense, style.color, left, baseline, step.leading, lines)


def _runs(glyphs: Sequence[Glyph]) -> tuple[Run, ...]:
    by_font = groupby(glyphs, lambda glyph: glyph.font)
    return tuple(Run(font, "".join(glyph.id for glyph in run)) for font, run in by_font)
