"""Sets paragraphs in columns from right to left: the ladder of `typeset`, with 平体 for 長体."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, zip_longest
from operator import attrgetter
from typing import NamedTuple

from dmgen.fonts import Chain, Face, FontLibrary, MissingGlyphError, VerticalFace, chain_of, vertical_key
from dmgen.fonts.linebreak import break_lines
from dmgen.layout.clusters import Cluster, Posture, clusters, gaps, stand_in
from dmgen.layout.piece import PieceValues
from dmgen.layout.plans import Copy, OversetError
from dmgen.layout.typeset import MOST_STRETCH, Setter, Step
from dmgen.model.contents import Columns, Hung, Item
from dmgen.model.layout import Align, Box, Numerals, Style
from dmgen.model.numerals import kanji_numerals

_POSTURE = attrgetter("posture", "font")
_MOST_KEPT = 2000  # texts already taken apart: many addresses share their prefecture and city
_ACROSS_WIDTH = 960  # digits that share an em keep clear of the next column's


class BrokenColumn(NamedTuple):
    """What stands in a column, and its length in mm (trailing punctuation counted at half)."""

    clusters: list[Cluster]
    length: float


@dataclass(frozen=True)
class ColumnSetter:
    """Sets text of one style in columns `length` mm long, in one of `steps`.

    `chain` is asked where `face` has a gap; `upright` has the vertical faces of its fonts, as far as there are any.
    """

    face: Face
    vertical: VerticalFace
    chain: Chain
    upright: Mapping[str, VerticalFace]
    style: Style
    numerals: Numerals
    length: float
    steps: tuple[Step, ...]
    _made: dict[str, list[Cluster]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def make(cls, fonts: FontLibrary, style: Style, length: float, numerals: Numerals) -> "ColumnSetter":
        """A setter with every step that the style allows."""
        face, chain = fonts[style.font], chain_of(fonts, (style.font, *style.fallback))
        upright = {key: face for key, face in fonts.items() if isinstance(face, VerticalFace)}
        steps = Setter.make(face, style, length).steps
        return cls(face, upright[vertical_key(style.font)], chain, upright, style, numerals, length, steps)

    def clusters(self, text: str) -> list[Cluster]:
        """What stands one below the other. Raises MissingGlyphError."""
        found = self._made.get(text)
        if found is None:
            if len(self._made) >= _MOST_KEPT:
                self._made.clear()
            written = kanji_numerals(text) if self.numerals is Numerals.KANJI else text
            found = self._made[text] = self._clusters(written)
        return found

    def _clusters(self, text: str) -> list[Cluster]:
        try:
            return clusters(self.face.measure(text)[0], self.face, self.vertical, self.numerals)
        except MissingGlyphError:
            return [cluster for run in self._runs_by_font(text) for cluster in run]

    def _runs_by_font(self, text: str) -> Iterator[list[Cluster]]:
        for font, run in groupby(self.chain.measure(text).glyphs, attrgetter("font")):
            if font == self.face.key:
                ids = "".join(glyph.id for glyph in run)
                yield clusters(ids, self.face, self.vertical, self.numerals)
            else:
                yield [stand_in(glyph, self.upright.get(vertical_key(font))) for glyph in run]

    def gap(self, step: Step) -> float:
        """The letterspacing of the style in mm."""
        return self.style.tracking * step.size

    def columns(self, paragraphs: Sequence[str], step: Step) -> list[list[Hung]]:
        """Every paragraph in columns of its own. Raises MissingGlyphError."""
        columns: list[list[Hung]] = []
        for paragraph in paragraphs:
            broken = self.broken(self.clusters(paragraph), step.measure, step)
            for number, line in enumerate(broken, 1):
                start, gap = self._placed(line, step, is_last=number == len(broken))
                columns.append(self.runs(line.clusters, step, start, gap))
        return columns

    def broken(self, found: list[Cluster], measure: int, step: Step) -> list[BrokenColumn]:
        """Clusters in columns of at most `measure` (1/1000 of the size): the rules of `linebreak`."""
        whole = length(found, step, self.gap(step))
        if whole <= measure * step.unit:
            return [BrokenColumn(found, whole)]
        rule = "".join(cluster.rule for cluster in found)
        gap = self.gap(step) / step.unit
        ends = [round(end) for end in _ends(found, gap)]
        lines, at = [], 0
        for number, line in enumerate(break_lines(rule, ends, measure + round(gap))):
            while number and at < len(rule) and rule[at] == " ":
                at += 1
            lines.append(BrokenColumn(found[at : at + len(line.text)], (line.width - gap) * step.unit))
            at += len(line.text)
        return lines

    def _placed(self, line: BrokenColumn, step: Step, *, is_last: bool) -> tuple[float, float]:
        """(start, gap between clusters) of a column in mm, as the style aligns it."""
        free, gap = self.length - line.length, self.gap(step)
        match self.style.align:
            case Align.CENTER:
                return free / 2, gap
            case Align.RIGHT:
                return free, gap
            case Align.JUSTIFY if not is_last and (count := gaps(line.clusters)):
                more = free / count
                return 0.0, gap + more if abs(more) <= MOST_STRETCH * self.style.size else gap
            case _:
                return 0.0, gap

    def runs(self, line: Sequence[Cluster], step: Step, start: float = 0.0, gap: float = 0.0) -> list[Hung]:
        """A column from `start` mm below its top, its clusters `gap` mm apart (but for the letters of a word)."""
        runs: list[Hung] = []
        y, unit = start, step.unit
        for (posture, font), group in groupby(line, _POSTURE):
            together = list(group)
            if posture is Posture.TURNED or (posture is Posture.UPRIGHT and not gap):
                runs.append(self._run(posture, font, "".join([cluster.text for cluster in together]), step, y))
                y += sum([cluster.length for cluster in together]) * unit + gap
                continue
            for cluster in together:
                if posture is not Posture.ROOM:
                    runs.append(self._run(posture, font, cluster.text, step, y))
                y += cluster.length * unit + gap
        return runs

    def _run(self, posture: Posture, font: str, text: str, step: Step, y: float) -> Hung:
        face, vertical, em = self.face, self.vertical, step.size / 1000
        match posture:
            case Posture.UPRIGHT:
                return Hung(font or vertical.key, False, 1.0, 0.0, y, text)
            case Posture.TURNED:
                return Hung(font or face.key, True, 1.0, -vertical.middle * em, y, text)
            case _:
                width = sum(face.advances[char] for char in text)
                condense = min(1.0, _ACROSS_WIDTH / width)
                return Hung(face.key, False, condense, -width * condense * em / 2, y + vertical.top * step.unit, text)

    def block(self, columns: list[list[Hung]], step: Step, right: float, top: float) -> Columns:
        """Columns as an item, the first one's em boxes at the right edge."""
        style = self.style
        return Columns(step.size, step.condense, style.color, right - step.size / 2, top, step.leading, columns)


def length(line: Sequence[Cluster], step: Step, gap: float = 0.0) -> float:
    """The length of a column in mm with its clusters `gap` mm apart."""
    solid = sum([cluster.length for cluster in line]) * step.unit
    return solid + gaps(line) * gap if gap else solid


def _ends(found: list[Cluster], gap: float) -> Iterator[float]:
    """How far the first 0, 1, … clusters reach, each with its letterspacing (1/1000 of the size)."""
    end = 0.0
    yield end
    for cluster, after in zip_longest(found, found[1:]):
        in_word = after is not None and cluster.posture is after.posture is Posture.TURNED
        end += cluster.length + (0.0 if in_word else gap)
        yield end


def fitted_columns(paragraphs: Sequence[str], setter: ColumnSetter, box: Box) -> list[Item]:
    """Paragraphs set in a box as their style allows, from its right edge. Raises OversetError."""
    if not paragraphs:
        return []
    for step in setter.steps:
        columns = setter.columns(paragraphs, step)
        if len(columns) <= step.capacity(box.width):
            free = (box.width - step.height(len(columns))) / 2 if setter.style.middle else 0.0
            return [setter.block(columns, step, box.left + box.width - free, box.top)]
    raise OversetError


@dataclass(frozen=True)
class ColumnsPlan:
    """A text slot in columns."""

    copy: Copy
    setter: ColumnSetter
    box: Box

    def place(self, piece: PieceValues) -> list[Item]:
        """The slot's words."""
        return fitted_columns(self.copy.all_paragraphs(piece), self.setter, self.box)
