"""Where Japanese lines may break (JIS X 4051 kinsoku: 行頭禁則, 行末禁則, 分離禁止)."""

from bisect import bisect_right
from typing import NamedTuple

_CLOSING = "、。，．」』】〕〉》）｝］”’,.)]}｡､｣｠〙〗〟»›"
_SMALL_KANA = "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿｧｨｩｪｫｯｬｭｮ"
_AFTER_NUMBERS = "％%‰℃°′″¢￠"  # 後置省略記号
_NO_START = frozenset(_CLOSING + _SMALL_KANA + _AFTER_NUMBERS + "様・･：；？！‼⁇⁈⁉‥…ー々ゝゞヽヾ〻:;?!‐-–゠〜～ﾞﾟｰ")
_NO_END = frozenset("「『【〔〈《（｛［“‘([{｢｟〘〖〝«‹¥￥$＄€£￡№#＃〒")
_HALF_AT_END = frozenset("、。，．」』】〕〉》）｝］｠〙〗〟")  # right half is blank: set solid at a line's end
_HANGING = frozenset("、。，．")  # ぶら下げ: where a style hangs, they stand outside the measure
_TOGETHER = frozenset("…‥—―〳〴")
_LOWER_REPEAT = "〵"  # the lower half of 〳〵 and 〴〵
_DIGITS_AND_SIGNS = "0123456789'’.,:/@_%&+=?#~-"
_LATIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" + _DIGITS_AND_SIGNS) | frozenset(
    map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)))
)
_UNITS = frozenset("円年月日時分個名回枚本点%％")  # a unit stays with its number
_SHORTEST_LAST_LINE = 3


class BrokenLine(NamedTuple):
    """A line's text and its width in 1/1000 of the size (trailing punctuation counted at half width).

    Where its last character `hung`, it counts for nothing.
    """

    text: str
    width: int
    hung: bool = False


Span = tuple[int, int, int, bool]
"""Where a line starts and stops in its paragraph; width and `hung` as in BrokenLine."""


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
    return not (before in _TOGETHER and after in (before, _LOWER_REPEAT))


def break_lines(
    text: str, ends: list[int], measure: int, *, hang: bool = False, last: int = _SHORTEST_LAST_LINE
) -> list[BrokenLine]:
    """`text` in lines of at most `measure`; `ends[i]` is the width of its first i characters (1/1000 of the size).

    Closing punctuation may reach over the end by its blank half; with `hang`, 、。，． stand wholly outside and
    count for nothing there. A run that allows no break is cut at the measure. A last line of fewer than `last`
    characters is filled up from the line before, of which half must stay.
    """
    spans = break_spans(text, ends, measure, hang=hang, last=last)
    return [BrokenLine(text[start:stop], width, hung) for start, stop, width, hung in spans]


def break_spans(
    text: str, ends: list[int], measure: int, *, hang: bool = False, last: int = _SHORTEST_LAST_LINE
) -> list[Span]:
    """The lines of `break_lines` by their places in the text."""
    length = len(text)
    lines: list[tuple[int, int]] = []
    start = 0
    while ends[length] - ends[start] > measure:
        stop = _line_end(text, ends, start, measure, hang)
        lines.append((start, stop))
        start = _after_blanks(text, stop)
    if start < length or not lines:
        lines.append((start, length))
    _fill_last_line(text, ends, measure, lines, last)
    return [_span(text, ends, start, stop, measure, hang) for start, stop in lines]


def _after_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] == " ":
        at += 1
    return at


def _line_end(text: str, ends: list[int], start: int, measure: int, hang: bool) -> int:
    limit = ends[start] + measure
    stop = bisect_right(ends, limit, start + 1) - 1
    if text[stop] in _HALF_AT_END and (
        2 * (ends[stop + 1] - limit) <= ends[stop + 1] - ends[stop] or (hang and text[stop] in _HANGING)
    ):
        stop += 1
        if stop == len(text):
            return stop
    candidate = stop
    while candidate > start and not _may_end(text, candidate):
        candidate -= 1
    return candidate if candidate > start else max(stop, start + 1)


def _fill_last_line(text: str, ends: list[int], measure: int, lines: list[tuple[int, int]], least: int) -> None:
    """To `least` characters, or as many as the line before can give once there are enough not to look lost."""
    if len(lines) < 2:
        return
    (start, stop), (last, end) = lines[-2:]
    while end - last < least:
        stop -= 1
        while stop > start and not _may_end(text, stop):
            stop -= 1
        last = _after_blanks(text, stop)
        if 2 * (ends[stop] - ends[start]) < measure or ends[end] - ends[last] > measure:
            return
        if end - last >= _SHORTEST_LAST_LINE:
            lines[-2:] = [(start, stop), (last, end)]


def _span(text: str, ends: list[int], start: int, stop: int, measure: int, hang: bool) -> Span:
    while stop > start + 1 and text[stop - 1] == " ":
        stop -= 1
    width, hung = ends[stop] - ends[start], False
    if stop > start and text[stop - 1] in _HALF_AT_END and (stop < len(text) or width > measure):
        last = ends[stop] - ends[stop - 1]
        hung = hang and width > measure and text[stop - 1] in _HANGING
        width -= last if hung else last // 2
    return start, stop, width, hung
