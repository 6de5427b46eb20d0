"""What an encoding cannot hold, and what is written instead."""

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from dmgen.model.characters import stand_in

_CLUSTER = re.compile(
    "(?s:.)(?:[\ufe00-\ufe0f\U000e0100-\U000e01ef]|[\u0300-\u036f\u3099\u309a]+)?"
)  # a character with its variation selector, or with the marks that join it
_MARKED = re.compile("[\u0300-\u036f\u3099\u309a]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")  # a sender's own characters (外字): each computer shows its own

CHARACTER_COLUMNS = ("file", "row", "column", "characters", "written")


class Lost(NamedTuple):
    """Characters of a cell that its file cannot hold, as "U+20BB7", and what was written in their place.

    `row` counts the file's rows from 1, the header not counted (of a packing list: its parcels).
    """

    file: str
    row: int
    column: str
    characters: str
    written: str


def code_points(cluster: str) -> str:
    """A character with its selector or marks as "U+845B U+E0100"."""
    return " ".join(f"U+{ord(char):04X}" for char in cluster)


def holds(encoding: str) -> Callable[[str], bool]:
    """Whether a character with its selector or marks can be written in an encoding.

    cp932: what the sender's own 外字 would be on another computer is nobody's to say, so it cannot.
    """

    def held(cluster: str) -> bool:
        try:
            cluster.encode(encoding)
        except UnicodeEncodeError:
            return False
        return not (encoding == "cp932" and _PRIVATE.search(cluster))

    return held


def fitted(text: str, held: Callable[[str], bool]) -> tuple[str, list[tuple[str, str]]]:
    """`text` as it can be written, and what it lost: each character with its stand-in.

    Kana and Latin letters join their marks where Unicode has one character for both; no other character is
    normalised (NFC alone would rewrite 460 kanji of people's names). What is missing all the same becomes the base
    of its variation sequence, or 〓.
    """
    if held(text):
        return text, []
    out, lost = [], []
    for cluster in _CLUSTER.findall(text):
        whole = unicodedata.normalize("NFC", cluster) if _MARKED.search(cluster) else cluster
        if held(whole):
            out.append(whole)
            continue
        written = stand_in(whole)
        written = written if held(written) else stand_in(written)
        out.append(written)
        lost.append((cluster, written))
    return "".join(out), lost


def losses(file: str, row: int, column: str, lost: list[tuple[str, str]]) -> Lost:
    """One line of the report: all that a cell lost."""
    return Lost(file, row, column, ", ".join(code_points(cluster) for cluster, _ in lost), "".join(w for _, w in lost))
