"""Where Japanese lines may break (JIS X 4051 kinsoku: 行頭禁則, 行末禁則, 分離禁止)."""

from bisect import bisect_right
from typing import NamedTuple

_CLOSING = "、。，．」』】〕〉》）｝］”’,.)]}｡､｣"
_NO_START = frozenset(
    _CLOSING + "様・：；？！‥…ー々ゝゞヽヾ〻ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ％℃%:;?!‐-–〜～ﾞﾟｰ"
)
_NO_END = frozenset("「『【〔〈《（｛［“‘([{｢¥￥$＄№#＃〒")
_HALF_AT_END = frozenset("、。，．」』】〕〉》）｝］")  # right half is blank: set solid at a line's end
_TOGETHER = frozenset("…‥—―")
_DIGITS_AND_SIGNS = "0123456789'’.,:/@_%&+=?#~-"
_LATIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" + _DIGITS_AND_SIGNS) | frozenset(
    map(chr, range(0xC0, 0x250))
)
_UNITS = frozenset("円年月日時分個名回枚本点%％")  # a unit stays with its number
_SHORTEST_LAST_LINE = 3


class BrokenLine(NamedTuple):
    """A line's text and its width in 1/1000 of the size (trailing punctuation counted at half width)."""

    text: str
    width: int


def _may_end(text: str, at: int) -> bool:
    """Whether a line may end before text[at]; blanks there are dropped, so their neighbours count."""
    before, after = text[at - 1], text[at]
    if before != " " != after:
        return _may_break(before, after)
    return text[at:].lstrip(" ")[:1] not in _NO_START and text[:at].rstrip(" ")[-1:] not in _NO_END


def _may_break(before: str, after: str) -> bool:
    if after in _NO_START or before in _NO_END:
        return False
    if before in _LATIN:
        return before == "-" if after in _LATIN else after not in _UNITS
    return not (before in _TOGETHER and before == after)


def break_lines(text: str, ends: list[int], measure: int) -> list[BrokenLine]:
    """`text` in lines of at most `measure`; `ends[i]` is the width of its first i characters (1/1000 of the size).

    Closing punctuation may reach over the end by its blank half. A run that allows no break is cut at the
    measure. A last line of fewer than three characters is filled up from the line before, of which half must stay.
    """
    length = len(text)
    lines: list[tuple[int, int]] = []
    start = 0
    while ends[length] - ends[start] > measure:
        stop = _line_end(text, ends, start, measure)
        lines.append((start, stop))
        start = _after_blanks(text, stop)
    if start < length or not lines:
        lines.append((start, length))
    _fill_last_line(text, ends, measure, lines)
    return [_line(text, ends, start, stop) for start, stop in lines]


def _after_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] == " ":
        at += 1
    return at


def _line_end(text: str, ends: list[int], start: int, measure: int) -> int:
    limit = ends[start] + measure
    stop = bisect_right(ends, limit, start + 1) - 1
    if text[stop] in _HALF_AT_END and 2 * (ends[stop + 1] - limit) <= ends[stop + 1] - ends[stop]:
        stop += 1
        if stop == len(text):
            return stop
    candidate = stop
    while candidate > start and not _may_end(text, candidate):
        candidate -= 1
    return candidate if candidate > start else max(stop, start + 1)


def _fill_last_line(text: str, ends: list[int], measure: int, lines: list[tuple[int, int]]) -> None:
    if len(lines) < 2:
        return
    (start, stop), (last, end) = lines[-2:]
    while end - last < _SHORTEST_LAST_LINE:
        stop -= 1
        while stop > start and not _may_end(text, stop):
            stop -= 1
        last = _after_blanks(text, stop)
        if 2 * (ends[stop] - ends[start]) < measure or ends[end] - ends[last] > measure:
            return
    lines[-2:] = [(start, stop), (last, end)]


def _line(text: str, ends: list[int], start: int, stop: int) -> BrokenLine:
    while stop > start + 1 and text[stop - 1] == " ":
        stop -= 1
    width = ends[stop] - ends[start]
    if stop < len(text) and text[stop - 1] in _HALF_AT_END:
        width -= (ends[stop] - ends[stop - 1]) // 2
    return BrokenLine(text[start:stop], width)
