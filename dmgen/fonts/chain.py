"""A face and the faces that stand in for it, a character at a time."""

from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from dmgen.fonts.face import Face, MissingGlyphError, clusters_of
from dmgen.fonts.marks import composed


class Glyph(NamedTuple):
    """A character in the first font of a chain that has it.

    `text` is the character itself, without selector or mark: what decides where lines may break. `id` is the
    font's character id; the advance is in 1/1000 of the size.
    """

    text: str
    font: str
    id: str
    advance: int


class Mixed(NamedTuple):
    """A text in several fonts: a character a glyph, and the width of the first 0, 1, … of them."""

    text: str
    ends: list[int]
    glyphs: list[Glyph]


@dataclass(frozen=True)
class Chain:
    """Faces in the order in which they are asked for a character.

    A variation sequence goes to the first that has that very sequence: the base character alone would be another
    form of the person's name.
    """

    faces: tuple[Face, ...]
    known: dict[str, Glyph] = field(default_factory=dict, init=False, repr=False, compare=False)

    def measure(self, text: str) -> Mixed:
        """`text` character by character. Raises MissingGlyphError for one that no face has."""
        glyphs = [self.known.get(cluster) or self._find(cluster) for cluster in clusters_of(text)]
        ends = list(accumulate((glyph.advance for glyph in glyphs), initial=0))
        return Mixed("".join(glyph.text for glyph in glyphs), ends, glyphs)

    def _find(self, cluster: str) -> Glyph:
        for face in self.faces:
            char = face.find(cluster)
            if char is not None:
                found = self.known[cluster] = Glyph(composed(cluster)[0], face.key, char, face.advances[char])
                return found
        raise MissingGlyphError(cluster)
