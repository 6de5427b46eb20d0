"""Numbers are written as PDF allows them; lines stand where the typesetter put them."""

import re
from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.fonts import FontLibrary
from dmgen.model.contents import Line, MixedText, Run, Stamp, Text
from dmgen.model.layout import K100
from dmgen.press.operators import PT, number
from tests.conftest import Printed, extracted, page


@given(value=st.floats(-1e9, 1e9, allow_nan=False))
def test_a_number_has_no_exponent_and_is_near_its_value(value: float) -> None:
    text = number(value)
    assert re.fullmatch(r"-?\d+(\.\d{1,3})?", text)
    assert float(text) == pytest.approx(value, abs=0.00051)
    assert text != "-0"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-0.0, "0"), (1e-7, "0"), (-0.0004, "0"), (100.0, "100"), (1190.5512, "1190.551"), (2e6, "2000000")],
)
def test_known_numbers(value: float, text: str) -> None:
    assert number(value) == text


def _places(data: bytes) -> list[tuple[str, float, float]]:
    """Each character with its left edge and baseline, in mm from the trim's top left corner."""
    with pypdfium2.PdfDocument(data) as document:
        text = document[0].get_textpage()
        height = document[0].get_height()
        found = []
        for index in range(text.count_chars()):
            char = text.get_text_range(index, 1)
            left, bottom, _, _ = text.get_charbox(index, loose=True)
            if char.strip():
                found.append((char, left / PT - 3.0, (height - bottom) / PT - 3.0))
    return found


def _item(*lines: Line, condense: float = 1.0) -> Text:
    return Text("mincho", 4.0, condense, K100, 10.0, 20.0, 6.0, list(lines))


def test_lines_stand_one_leading_apart_also_after_blank_ones(printed: Printed) -> None:
    lines = [Line(0.0, 0.0, text) for text in ("", "青", "", "", "葉", "堂", "")]
    places = _places(printed(page(_item(*lines))))
    assert [char for char, _, _ in places] == ["青", "葉", "堂"]
    baselines = [y for _, _, y in places]
    assert baselines[1] - baselines[0] == pytest.approx(18.0, abs=0.01)
    assert baselines[2] - baselines[1] == pytest.approx(6.0, abs=0.01)
    assert [x for _, x, _ in places] == pytest.approx([10.0] * 3, abs=0.01)
    assert baselines[0] == pytest.approx(20.0 + 6.0 + 0.12 * 4.0, abs=0.2)


@pytest.mark.parametrize("condense", [1.0, 0.8])
def test_offsets_and_spacing_are_millimetres_whatever_the_scale(printed: Printed, condense: float) -> None:
    lines = [Line(5.0, 0.5, "青葉"), Line(5.0, 0.0, "青葉"), Line(0.0, 0.25, "青葉")]
    lines += [Line(30.0, 0.25, ""), Line(2.0, 0.0, "葉")]
    places = _places(printed(page(_item(*lines, condense=condense))))
    wide = 4.0 * condense
    assert [x for _, x, _ in places] == pytest.approx(
        [15.0, 15.0 + wide + 0.5, 15.0, 15.0 + wide, 10.0, 10.0 + wide + 0.25, 12.0], abs=0.01
    )
    baselines = [y for _, _, y in places]
    assert [round(y - baselines[0], 2) for y in baselines] == [0.0, 0.0, 6.0, 6.0, 12.0, 12.0, 24.0]


def test_spacing_and_scale_end_with_their_text(printed: Printed) -> None:
    after = Text("mincho", 4.0, 1.0, K100, 10.0, 40.0, 6.0, [Line(0.0, 0.0, "花子")])
    places = _places(printed(page(_item(Line(0.0, 0.5, "青葉"), condense=0.8), after)))
    assert places[3][1] - places[2][1] == pytest.approx(4.0, abs=0.01)


# Several fonts in a line


def _mixed(condense: float = 1.0) -> MixedText:
    lines = [
        Line(0.0, 0.0, "Erdős", (Run("mincho", "Erd"), Run("mono", "ő"), Run("mincho", "s"))),
        Line(2.0, 0.5, "青葉"),
        Line(0.0, 0.5, "ő葉", (Run("mono", "ő"), Run("gothic", "葉"))),
        Line(0.0, 0.0, ""),
        Line(1.0, 0.0, "堂"),
    ]
    return MixedText("mincho", 4.0, condense, K100, 10.0, 20.0, 6.0, lines)


@pytest.mark.parametrize("condense", [1.0, 0.8])
def test_fonts_change_within_a_line_on_one_baseline(printed: Printed, fonts: FontLibrary, condense: float) -> None:
    after = Text("gothic", 4.0, 1.0, K100, 10.0, 60.0, 6.0, [Line(0.0, 0.0, "花子")])
    data = printed(page(_mixed(condense), after))
    assert extracted(data).split() == ["Erdős", "青葉", "ő葉", "堂", "花子"]
    places = _places(data)
    unit = 4.0 * condense / 1000
    advance = fonts["mincho"].advances
    rights = [0, advance["E"], advance["r"], advance["d"], 600]
    expected = [10.0 + sum(rights[: i + 1]) * unit for i in range(5)]
    expected += [12.0, 12.0 + 1000 * unit + 0.5, 10.0, 10.0 + 600 * unit + 0.5, 11.0, 10.0, 14.0]
    assert [x for _, x, _ in places] == pytest.approx(expected, abs=0.02)
    with pypdfium2.PdfDocument(data) as document:
        tops = [round(thing.get_matrix().f, 2) for thing in document[0].get_objects() if thing.type == 1]
    baselines = [63.0 - 6.0 * row for row in (0, 0, 0, 1, 2, 2, 4)]  # from the foot: 80 high, 3 of bleed
    assert tops == pytest.approx([line * PT for line in (*baselines, 23.0)], abs=0.02)


def test_only_fonts_that_show_something_are_embedded(printed: Printed) -> None:
    """A line may come from a fallback as a whole: its style's own font is then no resource of the page."""
    lines = [Line(0.0, 0.0, "", ()), Line(0.0, 0.0, "ő", (Run("mono", "ő"),))]
    data = printed(page(MixedText("mincho", 4.0, 1.0, K100, 10.0, 20.0, 6.0, lines)))
    with pikepdf.open(BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert [str(font.BaseFont)[8:] for font in pdf.pages[0].Resources.Font.values()] == ["IBMPlexMono-Medium"]
    assert extracted(data) == "ő"


def test_a_form_may_hold_several_fonts(printed: Printed) -> None:
    data = printed(page(Stamp("base", 0.0, 0.0)), forms={"base": [_mixed()]})
    assert extracted(data).split() == ["Erdős", "青葉", "ő葉", "堂"]
