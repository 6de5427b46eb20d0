"""Lines break where Japanese typesetting lets them (JIS X 4051), fit their measure, and lose nothing but blanks."""

from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.fonts.linebreak import (
    _HALF_AT_END,
    _HANGING,
    _LATIN,
    _NO_END,
    _NO_START,
    BrokenLine,
    _may_end,
    break_lines,
    break_spans,
)

KANA = "あいうえお漢字仮名"
TEXTS = st.text(st.sampled_from(KANA + "、。」「（）ーっ様 ab-9￥円…—　"), max_size=60)
# Words as writers write them: no run of punctuation that nobody could break.
PROSE = st.lists(
    st.sampled_from(
        ["拝啓", "お客さま", "「春」", "です。", "まで、", " Wavy ", "2026年", "（仮）", "を", "に", "花子 様", "￥ 1"]
    ),
    max_size=25,
).map("".join)
MEASURES = st.integers(1, 30).map(lambda halves: halves * 500)


def _width(char: str) -> int:
    return 1000 if ord(char) > 0x2000 else 500


def _ends(text: str) -> list[int]:
    return list(accumulate(map(_width, text), initial=0))


def _broken(text: str, measure: int, *, hang: bool = False) -> list[BrokenLine]:
    return break_lines(text, _ends(text), measure, hang=hang)


def _texts(text: str, measure: int, *, hang: bool = False) -> list[str]:
    return [line.text for line in _broken(text, measure, hang=hang)]


@given(text=TEXTS, measure=MEASURES, hang=st.booleans())
@settings(max_examples=400, deadline=None)
def test_nothing_is_lost_but_blanks_at_breaks(text: str, measure: int, hang: bool) -> None:
    lines = _texts(text, measure, hang=hang)
    at = 0
    for number, line in enumerate(lines):
        while number and text[at : at + 1] == " " and not text.startswith(line, at):
            at += 1
        start = text.find(line, at)
        assert start >= 0
        assert text[at:start].strip(" ") == ""
        at = start + len(line)
    assert text[at:].strip(" ") == ""


@given(text=TEXTS, measure=MEASURES)
@settings(max_examples=400, deadline=None)
def test_every_line_fits_but_for_the_blank_half_of_its_last_character(text: str, measure: int) -> None:
    for line in _broken(text, measure):
        hanging = 500 if line.text and line.text[-1] in _HALF_AT_END else 0
        assert _ends(line.text)[-1] <= measure + hanging or len(line.text) == 1


@given(text=TEXTS, measure=MEASURES)
@settings(max_examples=400, deadline=None)
def test_with_hanging_every_line_fits_but_for_what_hangs(text: str, measure: int) -> None:
    for line in _broken(text, measure, hang=True):
        body = line.text[:-1] if line.text and line.text[-1] in _HANGING else line.text
        half = 500 if body and body[-1] in _HALF_AT_END else 0
        assert _ends(body)[-1] <= measure + half or len(line.text) == 1


@given(text=TEXTS, measure=MEASURES, hang=st.booleans())
@settings(max_examples=400, deadline=None)
def test_what_may_stand_outside_is_not_counted_in_a_lines_width(text: str, measure: int, hang: bool) -> None:
    """A line that is set flush right would begin left of its box."""
    for line in _broken(text, measure, hang=hang):
        assert line.width <= measure or len(line.text) == 1


@given(text=TEXTS, measure=MEASURES, hang=st.booleans())
@settings(max_examples=200, deadline=None)
def test_spans_are_the_places_of_the_lines(text: str, measure: int, hang: bool) -> None:
    spans = break_spans(text, _ends(text), measure, hang=hang)
    lines = [BrokenLine(text[start:stop], width, hung) for start, stop, width, hung in spans]
    assert lines == _broken(text, measure, hang=hang)


@given(text=PROSE, measure=st.integers(16, 30).map(lambda halves: halves * 500), hang=st.booleans())
@settings(max_examples=400, deadline=None)
def test_no_line_starts_or_ends_with_what_must_not_stand_there(text: str, measure: int, hang: bool) -> None:
    lines = [line for line in _texts(text, measure, hang=hang) if line]
    for line in lines[1:]:
        assert line[0] not in _NO_START
    for line in lines[:-1]:
        assert line[-1] not in _NO_END


@given(text=TEXTS, measure=MEASURES, hang=st.booleans())
@settings(max_examples=400, deadline=None)
def test_a_forbidden_break_stands_only_where_no_other_was_possible(text: str, measure: int, hang: bool) -> None:
    lines, at = _texts(text, measure, hang=hang), 0
    for line, following in pairwise(lines):
        at = text.find(line, at)
        stop = at + len(line)
        if text[stop : stop + 1] not in ("", " ") and following and not _may_end(text, stop):
            assert not any(_may_end(text, place) for place in range(at + 1, stop)), (line, following)
        at = stop


@given(words=st.lists(st.text(st.sampled_from("abcdeXYZ"), min_size=1, max_size=8), min_size=1, max_size=20))
@settings(max_examples=200, deadline=None)
def test_latin_words_stay_whole(words: list[str]) -> None:
    lines = _texts(" ".join(words), 4000)
    assert " ".join(lines).split() == words


def test_a_word_longer_than_the_measure_is_cut() -> None:
    assert _texts("https://aobado.example.jp", 5000) == ["https://ao", "bado.examp", "le.jp"]


@given(text=PROSE, measure=st.integers(20, 30).map(lambda halves: halves * 500))
@settings(max_examples=400, deadline=None)
def test_no_short_last_line_where_the_line_before_can_spare_characters(text: str, measure: int) -> None:
    lines = _texts(text.strip(), measure)
    if len(lines) > 1 and len(lines[-1]) < 3:
        before, at = lines[-2], len(lines[-2])
        spare = [
            place
            for place in range(1, at)
            if _may_end(before, place)
            and 2 * _ends(before)[place] >= measure
            and _ends((before[place:] + lines[-1]).lstrip())[-1] <= measure
            and len((before[place:] + lines[-1]).strip()) >= 3
        ]
        assert not spare


def test_the_last_line_takes_characters_from_the_line_before() -> None:
    assert _texts("あいうえおかきくけこさ", 10_000) == ["あいうえおかきく", "けこさ"]


def test_a_last_line_is_never_filled_beyond_the_measure() -> None:
    """The word that would come down is as long as the line: it stays where it is."""
    assert _texts("ああ" + "w" * 16 + "です", 10_000) == ["ああ" + "w" * 16, "です"]


def test_the_line_before_keeps_half_of_itself() -> None:
    assert _texts("ああああ" + "w" * 12 + "です", 10_000) == ["ああああ" + "w" * 12, "です"]
    assert _texts("ああああああ" + "w" * 8 + "です", 10_000) == ["ああああああ", "w" * 8 + "です"]


@pytest.mark.parametrize(
    ("text", "measure", "lines"),
    [
        ("春が来た。夏も来る", 4500, ["春が来た。", "夏も来る"]),  # 句点 hangs by its blank half …
        ("春が来た。夏も来る日", 4400, ["春が来", "た。夏も", "来る日"]),  # … and by no more
        ("春が「来た」ね", 3000, ["春が", "「来", "た」ね"]),
        ("約1000円です", 3000, ["約", "1000円", "です"]),
        ("待って……いるね", 4000, ["待っ", "て……", "いるね"]),
        ("合計 ￥ 100です", 3500, ["合計", "￥ 100", "です"]),
        ("山田花子 様です", 4000, ["山田花", "子 様で", "す"]),
        ("あ WWWです", 3000, ["あ WWW", "です"]),  # the word has no room beside です
        ("山田花子 様", 4000, ["山田花", "子 様"]),  # 様 never stands alone
        ("山田花子 様", 4500, ["山田花", "子 様"]),
        ("山田 （花）", 3500, ["山田", "（花）"]),
        ("〒100 東京", 3000, ["〒100", "東京"]),
    ],
)
def test_known_breaks(text: str, measure: int, lines: list[str]) -> None:
    assert _texts(text, measure) == lines


@pytest.mark.parametrize(
    ("text", "measure", "lines"),
    [
        ("春が来た。夏も来る", 4000, ["春が来た。", "夏も来る"]),  # ぶら下げ: the whole 。 stands outside
        ("春が来た、夏も来る", 3000, ["春が来", "た、夏", "も来る"]),
        ("「春が」。夏も来る", 4000, ["「春が」。", "夏も来る"]),
        ("「春だ。」夏も来る", 4000, ["「春", "だ。」夏", "も来る"]),  # 」 may not follow what hangs
        ("春が来た」夏も来る日", 4000, ["春が来", "た」夏も", "来る日"]),  # brackets do not hang
    ],
)
def test_known_hanging(text: str, measure: int, lines: list[str]) -> None:
    assert _texts(text, measure, hang=True) == lines


# JIS X 4051: what may not begin a line (終わり括弧類, 行頭禁則和字, 句点類 …) and what may not end one (始め括弧類 …)
HEAD = (
    "、。，．・：；？！‼⁇⁈⁉”’）〕］｝〉》」』】｠〙〗»〟‐〜゠–ヽヾゝゞ々〻ー"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ％‰℃°′″"
)
TAIL = "“‘（〔［｛〈《「『【｟〘〖«〝￥＄￡＃€№"


@pytest.mark.parametrize("sign", HEAD)
@pytest.mark.parametrize("hang", [False, True])
def test_head_kinsoku(sign: str, hang: bool) -> None:
    for before in range(3, 9):
        text = "あ" * before + sign + "い" * 9
        assert not any(line.startswith(sign) for line in _texts(text, 4000, hang=hang)), text


@pytest.mark.parametrize("sign", TAIL)
def test_tail_kinsoku(sign: str) -> None:
    for before in range(3, 9):
        text = "あ" * before + sign + "い" * 9
        assert not any(line.endswith(sign) for line in _texts(text, 4000)), text


@pytest.mark.parametrize("pair", ["……", "‥‥", "――", "——", "〳〵", "〴〵", "100円", "3%", "Wavy", "Việt"])
def test_what_belongs_together_stays_together(pair: str) -> None:
    for before in range(1, 9):
        text = "あ" * before + pair + "い" * 9
        assert any(pair in line for line in _texts(text, 5000)), text


@pytest.mark.parametrize(
    "text", ["", " ", "   ", "」」」」」」", "「「「「", "……………", "a" * 300, "￥" * 9, "。 。 。 ", "　　　　"]
)
@pytest.mark.parametrize("measure", [0, 1, 499, 500, 1000, 2500, 3000, 100_000])
def test_hostile_text_ends_and_keeps_its_characters(text: str, measure: int) -> None:
    lines = _texts(text, measure)
    assert lines
    assert len(lines) <= len(text) + 1
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_line_is_as_wide_as_its_characters_with_the_last_punctuation_at_half() -> None:
    first, last = _broken("春が来た。夏も来る。", 5000)
    assert first == BrokenLine("春が来た。", 4500)
    assert last == BrokenLine("夏も来る。", 5000)


def test_the_sets_say_what_they_mean() -> None:
    assert not _NO_START & _NO_END
    assert {"ー", "っ", "様", "」", "。"} <= _NO_START
    assert {"「", "（", "￥"} <= _NO_END
    assert _HALF_AT_END <= _NO_START
    assert not _LATIN & set(KANA)
