"""What happens to the text of a cell; only cells that need it are touched one by one."""

import re
import unicodedata

import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.vector import TEXT, Mask, matches, mend

_NEEDS_CLEANING = (
    r"[\x00-\x1f\x7f-\x{a0}\x{ad}\x{200b}-\x{200d}\x{2028}\x{2029}\x{2060}-\x{2064}\x{feff}"
    r"\x{300}-\x{36f}\x{3099}\x{309a}\x{2e80}-\x{2fd5}]"
    r"|  |^[ \x{3000}]|[ \x{3000}]$"
)
# Replacement character, private use (the sender's own 外字), bidirectional controls, nothing but "?".
_DAMAGED = (
    r"[\x{fffd}\x{e000}-\x{f8ff}\x{f0000}-\x{10ffff}"
    r"\x{61c}\x{200e}\x{200f}\x{202a}-\x{202e}\x{2066}-\x{2069}]"
    r"|^[?？][?？ \x{3000}]*$"
)
_CONTROLS = [*range(0x20), *range(0x7F, 0xA0)]
_ZERO_WIDTH = [0xAD, *range(0x200B, 0x200E), *range(0x2060, 0x2065), 0xFEFF]
# Radicals are drawn like the kanji they stand for and come out of PDF files: Kangxi's by Unicode's own table,
# those of the supplement that are whole kanji in Japan by EquivalentUnifiedIdeograph.txt.
_RADICALS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)} | str.maketrans(
    "⺒⺟⺠⻁⻄⻆⻑⻘⻝⻤⻨⻩⻫⻭⻯⻱⻲", "巳母民虎西角長青食鬼麦黄斉歯竜龜亀"
)
_REPLACED = (
    dict.fromkeys([*_CONTROLS, *_ZERO_WIDTH], "")
    | dict.fromkeys(map(ord, "\t\n\v\f\r\x85\xa0\u2028\u2029"), " ")
    | _RADICALS
)
_LATIN_MARKS = frozenset(map(chr, range(0x300, 0x370)))
_KANA_MARKS = frozenset("\u3099\u309a")
_LINE_END = re.compile("\r\n|\r|\n")


def clean(text: str) -> str:
    """One line of text: breaks and tabs are blanks, blanks single, control and zero-width characters gone.

    Kana and Latin letters take up their combining marks and radicals become their kanji (⽥ → 田);
    nothing else is normalised, since NFC rewrites 460 kanji of people's names.
    """
    text = _compose(text.translate(_REPLACED))
    return re.sub("  +", " ", text).strip(" \u3000")


def clean_lines(text: str) -> str:
    """Text of several lines, each cleaned."""
    return "\n".join(clean(line) for line in _LINE_END.split(text)).strip("\n")


def _compose(text: str) -> str:
    done: list[str] = []
    for character in text:
        joined = _joined(done[-1], character) if done else ""
        if joined:
            done[-1] = joined
        else:
            done.append(character)
    return "".join(done)


def _joined(base: str, mark: str) -> str:
    """The one character that base and mark make, or "" where there is none."""
    kana = mark in _KANA_MARKS
    latin = mark in _LATIN_MARKS and unicodedata.name(base, "").startswith("LATIN")
    pair = unicodedata.normalize("NFC", base + mark) if kana or latin else ""
    return pair if len(pair) == 1 else ""


def cleaned(cells: pa.Array) -> pa.Array:
    """A text column, every cell cleaned."""
    return mend(cells, matches(cells, _NEEDS_CLEANING), clean)


def damaged(cells: pa.Array) -> Mask:
    """Which cells lost characters on their way here."""
    return matches(cells, _DAMAGED)


def joined(parts: list[pa.Array], separator: str) -> pa.Array:
    """Text columns side by side; empty cells leave no separator behind."""
    whole, *rest = parts
    for part in rest:
        # Not null_handling="skip": pyarrow 26 leaves out the rows where every part is null.
        both = pc.and_(pc.not_equal(whole, ""), pc.not_equal(part, ""))
        between = pc.if_else(both, pa.scalar(separator, TEXT), pa.scalar("", TEXT))
        whole = pc.binary_join_element_wise(whole, between, part, pa.scalar("", TEXT))
    return whole
