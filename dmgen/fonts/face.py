"""One font face: character ids, advances and glyphs.

A character id (CID) is a UTF-16 code unit. For a character of the basic plane it is the character itself, so that
text is written with one `encode("utf-16-be")` and extracts as what was drawn even where one glyph serves several
characters (～ and 〜). Characters of other planes and variation sequences get the code points that the face leaves
free, in a fixed order, so that a page's content never depends on the file it lands in.
"""

import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, groupby
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

from dmgen.errors import CampaignError
from dmgen.fonts.marks import MARK, composed, joined_kana
from dmgen.messages import mark

_SELECTOR = "[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
_CLUSTER = re.compile(f".(?:{_SELECTOR}|{MARK}+)?", re.DOTALL)
_MARK = re.compile(MARK)
_NOT_IN_NAMES = re.compile("[^A-Za-z0-9._-]")
_EM = 1000
_FIRST_ID = 0x0600
REST = "+"
_KEPT = 16  # faces
_SHORT = 32  # characters: below, looking up each is faster than looking for runs
_PRIVATE = range(0xE000, 0xF900)
_PRIVATE_PLANES = 0xF0000
_SURROGATES = range(0xD800, 0xE000)


@dataclass(frozen=True)
class Face:
    """Tables of a TrueType face. Advances and metrics are in 1/1000 of the size."""

    key: str
    path: Path
    name: str
    ascent: int
    descent: int
    cap_height: int
    box: tuple[int, int, int, int]
    fixed_pitch: bool
    advances: dict[str, int]
    glyphs: dict[str, int]
    clusters: dict[str, str]  # plane-2 characters, variation sequences, kana with marks → character id
    left: dict[str, tuple[int, int]]  # clusters for which no id was free → glyph, advance
    plain: re.Pattern[str]  # text whose characters are their own ids
    odd: re.Pattern[str]  # a run of ids that are not one em wide, as most Japanese characters are
    narrow: re.Pattern[str]  # text whose characters are their own ids and at most one em wide

    def measure(self, text: str) -> tuple[str, list[int]]:
        """`text` in character ids, and the width of its first 0, 1, … characters. Raises MissingGlyphError."""
        if not self.plain.fullmatch(text):
            text = "".join(map(self._id, clusters_of(text)))
        if len(text) < _SHORT:
            return text, list(accumulate(map(self.advances.__getitem__, text), initial=0))
        ends, end, start = [0], 0, 0
        for run in self.odd.finditer(text):
            first = run.start()
            if first > start:
                ends += range(end + _EM, end + _EM * (first - start) + 1, _EM)
            ends.pop()
            ends += accumulate(map(self.advances.__getitem__, run.group()), initial=end + _EM * (first - start))
            end, start = ends[-1], run.end()
        ends += range(end + _EM, end + _EM * (len(text) - start) + 1, _EM)
        return text, ends

    def surely_within(self, text: str, measure: int) -> bool:
        """Whether `text` is its own ids and so short that it fits into `measure` (1/1000 of the size) unmeasured."""
        return len(text) * _EM <= measure and self.narrow.fullmatch(text) is not None

    def find(self, cluster: str) -> str | None:
        """The id of a character with its selector or marks; None where the face has no glyph for it."""
        cluster = composed(cluster)
        return cluster if self.plain.fullmatch(cluster) else self.clusters.get(cluster)

    def _id(self, cluster: str) -> str:
        found = self.find(cluster)
        if found is None:
            raise MissingGlyphError(cluster)
        return found

    def text_of(self, ids: set[str]) -> dict[str, str]:
        """What each of these character ids stands for in the text that was drawn."""
        back = {value: key for key, value in self.clusters.items() if value in ids}
        return {char: back.get(char, char) for char in sorted(ids)}


def clusters_of(text: str) -> list[str]:
    """The characters of a text, each with its variation selector or combining marks."""
    return _CLUSTER.findall(text)


class MissingGlyphError(Exception):
    """No face has a glyph for a character, variation sequence or character with marks."""

    def __init__(self, cluster: str) -> None:
        super().__init__(cluster)
        self.cluster = cluster

    @property
    def code_points(self) -> str:
        """The missing characters as "U+9AD9 U+E0100"."""
        return " ".join(f"U+{ord(char):04X}" for char in self.cluster)


def load_face(key: str, path: Path) -> Face:
    """The tables of the font file at `path`. Raises CampaignError if it is no TrueType font."""
    try:
        state = path.stat()
        return _load(key, path, (state.st_mtime_ns, state.st_size))
    except (TTLibError, OSError, KeyError, AssertionError, struct.error) as error:
        raise CampaignError(
            mark(
                "{file}: not a TrueType font that can be embedded (OpenType/CFF and collections cannot be used): "
                "give the path of a .ttf file with outlines of its own"
            ),
            file=path,
        ) from error


@lru_cache(_KEPT)
def _load(key: str, path: Path, state: tuple[int, int]) -> Face:
    """The face in a file of this `state`; letters, specimens and papers of a job share one."""
    font = TTFont(path, lazy=True)
    # Names of glyphs are for this module alone: numbered ones spare fontTools making them up from the characters.
    font.setGlyphOrder([f"glyph{number:05d}" for number in range(font["maxp"].numGlyphs)])
    if "glyf" not in font or font.flavor or not font.getBestCmap() or _is_cut_off(font, path):
        raise TTLibError("no outlines or characters that a PDF reader can use")
    return _face(key, path, font)


def rest_of(face: Face) -> Face | None:
    """A second face of the same font for what the first has no ids for: IPAmj Mincho has more than 65,536 glyphs."""
    if not face.left:
        return None
    clusters = dict(zip(face.left, map(chr, range(_FIRST_ID, _SURROGATES.start)), strict=False))
    return replace(
        face,
        key=face.key + REST,
        advances={char: face.left[cluster][1] for cluster, char in clusters.items()},
        glyphs={char: face.left[cluster][0] for cluster, char in clusters.items()},
        clusters=clusters,
        left={},
        plain=re.compile("(?!)"),
    )


def _is_cut_off(font: TTFont, path: Path) -> bool:
    """Whether tables reach beyond the file's end: what is left of the outlines would print as blanks."""
    size = path.stat().st_size
    return any(table.offset + table.length > size for table in font.reader.tables.values())


def _face(key: str, path: Path, font: TTFont) -> Face:
    glyph_of = font.getReverseGlyphMap()
    widths = font["hmtx"].metrics
    characters = {
        code: name for code, name in font.getBestCmap().items() if code not in _PRIVATE and code < _PRIVATE_PLANES
    }
    alone = [code for code in characters if code <= 0xFFFF and not _MARK.match(chr(code))]
    names = {chr(code): characters[code] for code in alone}
    rare = _rare_glyphs(font, characters, path)
    clusters = dict(zip(rare, _free_ids(characters), strict=False))
    names |= {char: rare[cluster] for cluster, char in clusters.items()}
    scale = 1000 / font["head"].unitsPerEm
    advances = {char: round(widths[name][0] * scale) for char, name in names.items()}
    left = {
        cluster: (glyph_of[n], round(widths[n][0] * scale)) for cluster, n in rare.items() if cluster not in clusters
    }
    metrics, head = font["OS/2"], font["head"]
    return Face(
        key=key,
        path=path,
        name=_NOT_IN_NAMES.sub("", font["name"].getDebugName(6) or path.stem) or "Font",
        ascent=round(metrics.sTypoAscender * scale),
        descent=round(metrics.sTypoDescender * scale),
        cap_height=round(getattr(metrics, "sCapHeight", 0) * scale) or 700,
        box=tuple(round(v * scale) for v in (head.xMin, head.yMin, head.xMax, head.yMax)),
        fixed_pitch=bool(font["post"].isFixedPitch),
        advances=advances,
        glyphs={char: glyph_of[name] for char, name in names.items()},
        clusters=clusters,
        left=left,
        plain=re.compile(f"{_class(alone)}*"),
        narrow=re.compile(f"{_class(code for code in alone if advances[chr(code)] <= _EM)}*"),
        odd=re.compile(f"{_class(ord(char) for char, advance in advances.items() if advance != _EM)}+"),
    )


def _rare_glyphs(font: TTFont, characters: dict[int, str], path: Path) -> dict[str, str]:
    """Glyph names of the characters of other planes, the variation sequences, the kana with marks; in code order."""
    high = {chr(code): characters[code] for code in sorted(characters) if code > 0xFFFF}
    sequences = {
        chr(base) + chr(selector): name or characters.get(base, "")
        for table in font["cmap"].tables
        if table.format == 14
        for selector, pairs in table.uvsDict.items()
        for base, name in pairs
    }
    joined = {pair: font.getGlyphName(number) for pair, number in joined_kana(path).items()}
    return high | {cluster: name for cluster, name in sorted(sequences.items()) if name} | joined


def _class(codes: Iterable[int]) -> str:
    """A regular expression's character class, by ranges."""
    numbered = enumerate(sorted(codes))
    runs = [[code for _, code in group] for _, group in groupby(numbered, lambda pair: pair[1] - pair[0])]
    ranges = "".join(f"\\u{run[0]:04x}-\\u{run[-1]:04x}" for run in runs)
    return f"[{ranges}]" if ranges else "(?!)"


def _free_ids(characters: dict[int, str]) -> Iterator[str]:
    for code in range(_FIRST_ID, 0x10000):
        if code not in characters and code not in _SURROGATES and not _MARK.match(chr(code)):
            yield chr(code)
