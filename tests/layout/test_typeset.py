"""Copy is set at full size first, then narrower and smaller as its style allows, and ends flush where it should."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.fonts import FontLibrary, MissingGlyphError
from dmgen.layout.typeset import CONDENSE_FLOOR, SHRINK_FLOOR, SMALLEST, Setter, Step
from dmgen.model.contents import Line, MixedText, Run, Text
from dmgen.model.layout import Align, Fit, Style

MM = 25.4 / 72
BODY = Style("mincho", 10.5 * MM, 18 * MM)
LETTER = (
    "いつもご愛顧いただき、ありがとうございます。「春の新茶」はお役に立っておりますか。"
    "Wavy and 2026年4月5日、10,000円。（ご案内）もございます。"
) * 3


def _setter(fonts: FontLibrary, width: float = 60.0, **style: object) -> Setter:
    values = {"font": "mincho", "size": BODY.size, "leading": BODY.leading} | style
    made = Style(**values)  # type: ignore[arg-type]
    return Setter.make(fonts[made.font], made, width, [fonts[key] for key in made.fallback])


def _set_width(setter: Setter, line: Line, step: Step) -> float:
    """From the first character's left to the last one's right edge, in mm, the blank half of 。 not counted."""
    _, ends = setter.face.measure(line.text)
    half = 500 if line.text[-1] in "、。，．」』】〕〉》）｝］" else 0
    return (ends[-1] - half) * step.unit + (len(line.text) - 1) * line.spacing


def test_a_style_without_fit_has_one_step(fonts: FontLibrary) -> None:
    [step] = _setter(fonts).steps
    assert (step.size, step.leading, step.condense) == (BODY.size, BODY.leading, 1.0)


@pytest.mark.parametrize("fit", [Fit.SHRINK, Fit.CONDENSE])
@pytest.mark.parametrize("points", [5, 6, 7, 10.5, 14, 30])
def test_the_ladder_goes_down_to_its_floors(fonts: FontLibrary, fit: Fit, points: float) -> None:
    size = points * MM
    steps = _setter(fonts, size=size, fit=fit).steps
    floor = max(SHRINK_FLOOR * size, min(size, SMALLEST))
    assert (steps[0].size, steps[0].condense) == (size, 1.0)
    assert steps[-1].size == pytest.approx(floor, abs=0.002)
    assert steps[-1].condense == (CONDENSE_FLOOR if fit is Fit.CONDENSE else 1.0)
    for before, after in pairwise(steps):
        assert after.size <= before.size
        assert after.condense <= before.condense
        assert after.unit < before.unit
        assert after.size >= min(SMALLEST, size) - 0.002
        assert after.size / after.leading == pytest.approx(size / BODY.leading)


def test_narrow_type_comes_before_small_type(fonts: FontLibrary) -> None:
    steps = _setter(fonts, fit=Fit.CONDENSE).steps
    full = [step for step in steps if step.size == steps[0].size]
    assert [step.condense for step in full] == [1.0, 0.95, 0.9, 0.85, 0.8]
    assert all(step.condense == 0.8 for step in steps[5:])


@given(height=st.floats(0, 200), lines=st.integers(1, 40))
@settings(deadline=None)
def test_capacity_is_the_most_lines_that_are_no_higher_than_the_box(height: float, lines: int) -> None:
    step = Step(3.7, 6.35, 1.0, 0.0037, 10_000)
    capacity = step.capacity(height)
    assert step.height(capacity) <= height + 0.0101
    assert step.height(capacity + 1) > height
    assert step.capacity(step.height(lines)) == lines
    assert step.height(0) == 0


@pytest.mark.parametrize("number", range(9))
@pytest.mark.parametrize("width", [60.0, 85.0, 166.0])
def test_justified_lines_are_as_wide_as_the_box(fonts: FontLibrary, width: float, number: int) -> None:
    setter = _setter(fonts, width, align=Align.JUSTIFY, fit=Fit.CONDENSE)
    step = setter.steps[number]
    *lines, last = setter.lines([LETTER], step)
    flush = [line for line in lines if line.spacing]
    assert 2 * len(flush) > len(lines)
    for line in flush:
        assert line.offset == 0
        assert _set_width(setter, line, step) == pytest.approx(width, abs=0.01)
    for line in lines:
        free = width - _set_width(setter, line._replace(spacing=0.0), step)
        assert line.spacing or free < 0.01 or free / (len(line.text) - 1) > 0.12 * BODY.size
    assert last.spacing == 0


def test_a_line_that_would_have_to_be_torn_apart_stays_ragged(fonts: FontLibrary) -> None:
    setter = _setter(fonts, 30.0, align=Align.JUSTIFY)
    first, *_ = setter.lines(["あい" + "w" * 16 + "です"], setter.steps[0])
    assert (first.text, first.spacing) == ("あい", 0.0)


@pytest.mark.parametrize("align", list(Align))
@pytest.mark.parametrize("words", ["青葉堂", LETTER])
def test_lines_stand_where_their_alignment_says(fonts: FontLibrary, align: Align, words: str) -> None:
    setter = _setter(fonts, align=align)
    step = setter.steps[0]
    for line in setter.lines([words], step)[:-1] or setter.lines([words], step):
        free = 60.0 - _set_width(setter, line._replace(spacing=0.0), step)
        expected = {Align.RIGHT: free, Align.CENTER: free / 2}.get(align, 0.0)
        assert line.offset == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("align", [Align.LEFT, Align.CENTER, Align.RIGHT])
def test_tracking_stands_between_characters_only(fonts: FontLibrary, align: Align) -> None:
    setter = _setter(fonts, tracking=0.2, align=align)
    step = setter.steps[0]
    [line] = setter.lines(["青葉堂"], step)
    assert line.spacing == pytest.approx(0.2 * BODY.size)
    width = 3 * BODY.size + 2 * 0.2 * BODY.size
    expected = {Align.RIGHT: 60.0 - width, Align.CENTER: (60.0 - width) / 2, Align.LEFT: 0.0}[align]
    assert line.offset == pytest.approx(expected, abs=0.01)


def test_tracked_lines_fit_the_box(fonts: FontLibrary) -> None:
    setter = _setter(fonts, tracking=0.2)
    lines = setter.lines([LETTER], setter.steps[0])
    assert "".join(line.text for line in lines).replace(" ", "") == LETTER.replace(" ", "")
    assert all(_set_width(setter, line, setter.steps[0]) <= 60.01 for line in lines)


def test_a_missing_glyph_is_told_whatever_was_set_before(fonts: FontLibrary) -> None:
    setter = _setter(fonts)
    setter.lines(["青葉"], setter.steps[0])
    for _ in range(2):
        with pytest.raises(MissingGlyphError):
            setter.lines(["青葉", "青\ue000"], setter.steps[0])


def test_what_is_kept_of_earlier_letters_changes_nothing(fonts: FontLibrary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmgen.layout.typeset._MOST_KEPT", 3)
    setter = _setter(fonts)
    for round_ in range(2):
        for name in ("青葉", "若葉", "紅葉", "言葉", "双葉"):
            assert [line.text for line in setter.lines([name, ""], setter.steps[0])] == [name, ""], round_


def test_a_block_starts_with_its_first_em_box_at_the_top(fonts: FontLibrary) -> None:
    setter = _setter(fonts)
    block = setter.block(setter.lines(["青葉"], setter.steps[0]), setter.steps[0], 20.0, 30.0)
    assert (block.x, block.size, block.leading) == (20.0, BODY.size, BODY.leading)
    assert block.y == pytest.approx(30.0 + 0.88 * BODY.size)


@pytest.mark.parametrize("fit", [Fit.SHRINK, Fit.CONDENSE])
@pytest.mark.parametrize(("points", "floor"), [(10.5, 8), (10.5, 10.5), (14, 5), (30, 6)])
def test_a_style_says_how_small_its_type_may_be(fonts: FontLibrary, fit: Fit, points: float, floor: float) -> None:
    steps = _setter(fonts, size=points * MM, fit=fit, floor=floor * MM).steps
    assert steps[-1].size == pytest.approx(floor * MM, rel=0.001)
    assert all(step.size >= floor * MM * 0.999 for step in steps)
    assert steps[-1].condense == (CONDENSE_FLOOR if fit is Fit.CONDENSE else 1.0)


# Hanging punctuation


@pytest.mark.parametrize("align", [Align.LEFT, Align.JUSTIFY, Align.RIGHT, Align.CENTER])
@pytest.mark.parametrize("number", range(5))
def test_only_what_hangs_stands_outside_the_measure(fonts: FontLibrary, align: Align, number: int) -> None:
    hung = 0
    for width in (52.0, 54.0, 56.0, 58.0, 60.0, 62.0):
        setter = _setter(fonts, width, align=align, hang=True, fit=Fit.CONDENSE)
        step = setter.steps[number]
        lines = setter.lines([LETTER], step)
        for line in lines:
            ends = setter.face.measure(line.text)[1]
            right = line.offset + ends[-1] * step.unit + (len(line.text) - 1) * line.spacing
            if ends[-1] > step.measure and line.text[-1] in "、。，．":
                hung += 1
                right -= (ends[-1] - ends[-2]) * step.unit + line.spacing
                assert not line.spacing or right == pytest.approx(width, abs=0.01)
            elif line.text[-1] in "、。，．」』】〕〉》）｝］":
                right -= step.unit * 500
            assert right <= width + 0.01
            assert line.offset >= -0.01
        assert "".join(line.text for line in lines).replace(" ", "") == LETTER.replace(" ", "")
    assert hung


# Several fonts

JAPANESE = "いつもご愛顧いただき、ありがとうございます。「春の新茶」はいかがですか。髙橋様、葛\U000e0100城様。"


@given(
    words=st.text(st.sampled_from("青葉堂の春、。「」っー 髙𠮷"), max_size=60),
    width=st.sampled_from([20.0, 33.0, 60.0]),
    align=st.sampled_from(list(Align)),
    hang=st.booleans(),
    tracking=st.sampled_from([0.0, 0.1]),
)
@settings(max_examples=200, deadline=None)
def test_a_text_from_another_font_is_set_as_that_font_alone_sets_it(
    fonts: FontLibrary, words: str, width: float, align: Align, hang: bool, tracking: float
) -> None:
    """mono has no Japanese: all of it comes from mincho, where and as wide as mincho alone sets it."""
    style = {"align": align, "hang": hang, "tracking": tracking}
    mixed = _setter(fonts, width, font="mono", fallback=("mincho",), **style)
    alone = _setter(fonts, width, **style)
    words = words.replace(" ", "")
    if not words:
        return
    expected = alone.lines([words], alone.steps[0])
    assert [line._replace(text="", runs=()) for line in mixed.lines([words], mixed.steps[0])] == [
        line._replace(text="") for line in expected
    ]
    runs = [run for line in mixed.lines([words], mixed.steps[0]) for run in line.runs]
    assert runs == [Run("mincho", line.text) for line in expected]


def test_lines_change_fonts_where_the_first_lacks_a_character(fonts: FontLibrary) -> None:
    setter = _setter(fonts, fallback=("gothic", "mono"))
    [line] = setter.lines(["Erdősさん"], setter.steps[0])
    assert line.runs == (Run("mincho", "Erd"), Run("mono", "ő"), Run("mincho", "sさん"))
    assert line.text == "Erdősさん"
    block = setter.block([line], setter.steps[0], 20.0, 30.0)
    assert isinstance(block, MixedText)
    assert block.y == pytest.approx(30.0 + 0.88 * BODY.size)


def test_a_latin_word_stays_whole_where_its_letters_come_from_two_fonts(fonts: FontLibrary) -> None:
    setter = _setter(fonts, 14.0, fallback=("mono",))
    lines = setter.lines(["ああErdős"], setter.steps[0])
    assert [line.text for line in lines] == ["ああ", "Erdős"]


def test_a_letter_in_one_font_is_an_ordinary_text(fonts: FontLibrary) -> None:
    """What draws several fonts is slower: nobody else's letter pays for it."""
    setter = _setter(fonts, fallback=("gothic", "mono"))
    setter.lines(["Erdős"], setter.steps[0])
    lines = setter.lines(["髙橋𠮷野家"], setter.steps[0])
    assert type(setter.block(lines, setter.steps[0], 0.0, 0.0)) is Text
    assert lines[0].runs == ()
