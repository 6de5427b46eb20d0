"""What an encoding cannot hold, and what is written instead."""

import re
from collections.abc import Callable
from typing import NamedTuple

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


def losses(file: str, row: int, column: str, lost: list[tuple[str, str]]) -> Lost:
    """One line of the report: all that a cell lost."""
    return Lost(file, row, column, ", ".join(code_points(cluster) for cluster, _ in lost), "".join(w for _, w in lost))
