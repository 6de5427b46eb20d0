"""Text of a column as what stands in it one below the other: upright characters, digits in one em, turned words."""

import re
from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import groupby, pairwise
from typing import NamedTuple

from dmgen.fonts import Face, Glyph, VerticalFace
from dmgen.model.layout import Numerals

_EM = 1000
_PARTS = re.compile(r"[0-9]+|[A-Z&]+|[%!?#]")
_MOST_PARTS = 3
_MOST_CAPITALS = 3  # JR, ABC, B1F: longer words and all in small letters are read sideways
_MOST_UPRIGHT_DIGITS = 4  # a year; longer numbers are read sideways
_SIDE_BY_SIDE = 2
_NUMBER = re.compile("[〇一二三四五六七八九－]{2,}")
_STROKES = frozenset("一二三")
_BETWEEN_STROKES = 200  # 1/1000 of the size: set solid, 一二 would read as 三


class Posture(Enum):
    """How a cluster stands in its column."""

    UPRIGHT = "upright"
    ACROSS = "across"  # 縦中横
    TURNED = "turned"
    ROOM = "room"  # nothing but space


class Cluster(NamedTuple):
    """What no column end can divide: its character ids and length (1/1000 of the size); `rule` breaks lines for it.

    `font` is the key of the font that stands in for the setter's own, which has no such character.
    """

    posture: Posture
    text: str
    rule: str
    length: int
    font: str = ""


def clusters(ids: str, face: Face, vertical: VerticalFace, numerals: Numerals) -> list[Cluster]:
    """The clusters of a text in character ids of `face`."""
    found: list[Cluster] = []
    for part in _parts(ids, face, vertical):
        if part == " " and found and found[-1].posture is Posture.TURNED:
            found.append(Cluster(Posture.TURNED, part, part, face.advances[part]))
        else:
            found += _clusters(part, face, vertical, numerals)
    if numerals is not Numerals.KANJI:
        return found
    for number in _NUMBER.finditer("".join(cluster.rule for cluster in found)):
        for place in range(*number.span()):
            found[place] = found[place]._replace(rule="0")
    return list(_apart(found))


def stand_in(glyph: Glyph, upright: VerticalFace | None) -> Cluster:
    """A character of another font, upright where that font has it so."""
    if upright and glyph.id in upright.glyphs:
        return Cluster(Posture.UPRIGHT, glyph.id, glyph.text, upright.falls.get(glyph.id, _EM), upright.key)
    return Cluster(Posture.TURNED, glyph.id, glyph.text, glyph.advance, glyph.font)


def _apart(found: list[Cluster]) -> Iterator[Cluster]:
    """The same with room between digits that are nothing but strokes across."""
    before = ""
    for cluster in found:
        if before in _STROKES and cluster.text in _STROKES:
            yield Cluster(Posture.ROOM, "", "0", _BETWEEN_STROKES)
        yield cluster
        before = cluster.text


def gaps(line: Sequence[Cluster]) -> int:
    """In how many places letterspacing opens a line: between clusters, but not between the letters of a turned word."""
    return sum(not before.posture is after.posture is Posture.TURNED for before, after in pairwise(line))


def _parts(ids: str, face: Face, vertical: VerticalFace) -> Iterator[str]:
    """Words of Latin characters whole, everything else character by character."""

    def is_latin(char: str) -> bool:
        return "!" <= char <= "~" or (char not in vertical.glyphs and face.advances[char] != _EM)

    for latin, chars in groupby(ids, is_latin):
        if latin:
            yield "".join(chars)
        else:
            yield from chars


def _clusters(part: str, face: Face, vertical: VerticalFace, numerals: Numerals) -> Iterator[Cluster]:
    if part in vertical.glyphs:
        yield _upright(part, vertical)
        return
    groups = _PARTS.findall(part)
    if not groups or "".join(groups) != part or not _may_stand(groups, numerals):
        yield from (Cluster(Posture.TURNED, char, char, face.advances[char]) for char in part)
        return
    for group in groups:
        if numerals is Numerals.SIDE_BY_SIDE and group.isdigit() and len(group) == _SIDE_BY_SIDE:
            yield Cluster(Posture.ACROSS, group, "0", _EM)
        else:
            yield from (_upright(char, vertical) for char in group)


def _may_stand(groups: list[str], numerals: Numerals) -> bool:
    most = len("".join(groups)) if numerals is Numerals.UPRIGHT else _MOST_UPRIGHT_DIGITS
    return len(groups) <= _MOST_PARTS and all(
        len(group) <= (most if group.isdigit() else _MOST_CAPITALS) for group in groups
    )


def _upright(char: str, vertical: VerticalFace) -> Cluster:
    return Cluster(Posture.UPRIGHT, char, char, vertical.falls.get(char, _EM))
