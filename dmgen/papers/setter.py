"""Text of papers in one face: a line narrowed to its width, a paragraph broken into lines."""

from typing import NamedTuple

from dmgen.fonts import Face, break_lines
from dmgen.model.characters import fitted
from dmgen.model.contents import Line, Text
from dmgen.model.layout import K100, Align, Color

NARROWEST = 0.6
"""Of a character's width: below it a line is shrunk as well."""

_LAST_LINE = 6  # characters: fewer look lost

Losses = list[tuple[str, str]]
"""Characters that the face has not, each with what is shown instead."""


class Place(NamedTuple):
    """Where text starts: left edge and first baseline (mm)."""

    left: float
    base: float


class Setter:
    """Sets text in `face`; `lost` collects what it could not show."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self.lost: Losses = []

    def line(
        self, text: str, place: Place, width: float, size: float, *, align: Align = Align.LEFT, color: Color = K100
    ) -> list[Text]:
        """One line within `width` (mm): narrowed and then shrunk, never cut off. None for an empty text."""
        ids, ends = self.measured(text)
        natural = ends[-1] / 1000 * size
        if not natural:
            return []
        condense = min(1.0, width / natural)
        if condense < NARROWEST:
            size, condense = size * condense / NARROWEST, NARROWEST
        over = width - ends[-1] / 1000 * size * condense
        offset = over if align is Align.RIGHT else over / 2 if align is Align.CENTER else 0.0
        return [Text(self.face.key, size, condense, color, place.left + offset, place.base, 0, [Line(0.0, 0.0, ids)])]

    def lines(self, text: str, width: float, size: float, *, condense: float = 1.0) -> list[str]:
        """The text broken into lines of at most `width` (mm), in character ids; newlines part paragraphs.

        Lines break as Japanese ones may (JIS X 4051), and earlier where few characters would be left for the last.
        """
        measure = int(width / (size * condense) * 1000)
        parts = text.splitlines() or [""]
        broken = [break_lines(*self.measured(part), measure, last=_LAST_LINE) for part in parts]
        return [line.text for lines in broken for line in lines]

    def at_most(self, most: int, lines: list[str]) -> list[str]:
        """The first lines, with an ellipsis where there are more."""
        return lines if len(lines) <= most else [*lines[: most - 1], lines[most - 1][:-1] + "…"]

    def block(
        self, lines: list[str], place: Place, size: float, leading: float, *, condense: float = 1.0, color: Color = K100
    ) -> Text:
        """Broken lines, one below the other."""
        set_lines = [Line(0.0, 0.0, ids) for ids in lines]
        return Text(self.face.key, size, condense, color, *place, leading, set_lines)

    def width(self, text: str, size: float) -> float:
        """How wide a line is as it stands (mm)."""
        return self.face.measure(fitted(text, self._shows)[0])[1][-1] / 1000 * size

    def measured(self, text: str) -> tuple[str, list[int]]:
        """A text in character ids, and the width of its first 0, 1, … characters (1/1000 of the size)."""
        shown, lost = fitted(" ".join(text.splitlines()).replace("\t", " "), self._shows)
        self.lost += lost
        return self.face.measure(shown)

    def _shows(self, cluster: str) -> bool:
        return self.face.find(cluster) is not None
