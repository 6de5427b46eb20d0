"""What is written for a character that no font or encoding has, where that is not refused."""

import re
import unicodedata
from collections.abc import Callable

GETA = "\u3013"  # 〓, what Japanese typesetting shows for a sort that the case does not hold
_SEQUENCE = re.compile("(.)[\ufe00-\ufe0f\U000e0100-\U000e01ef]", re.DOTALL)
_CLUSTER = re.compile(
    "(?s:.)(?:[\ufe00-\ufe0f\U000e0100-\U000e01ef]|[\u0300-\u036f\u3099\u309a]+)?"
)  # a character with its variation selector, or with the marks that join it
_MARKED = re.compile("[\u0300-\u036f\u3099\u309a]")


def stand_in(missing: str) -> str:
    """The base character of a variation sequence; 〓 for anything else, which nobody takes for a part of a name."""
    sequence = _SEQUENCE.fullmatch(missing)
    return sequence[1] if sequence else GETA


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
