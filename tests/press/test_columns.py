"""Columns run from right to left, words turn clockwise, and every renderer draws the same."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat

from dmgen.fonts import FontLibrary, vertical_key
from dmgen.model.contents import Columns, Hung
from dmgen.model.layout import K100
from tests.conftest import Printed, extracted, page

UPRIGHT = vertical_key("mincho")


def _item(*columns: list[Hung], flat: float = 1.0, x: float = 60.0, y: float = 10.0) -> Columns:
    return Columns(4.0, flat, K100, x, y, 6.0, list(columns))


def _upright(text: str, y: float = 0.0) -> Hung:
    return Hung(UPRIGHT, False, 1.0, 0.0, y, text)


def _ink(data: bytes, dpi: int = 600) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what was drawn, in mm from the trim's top left corner."""
    with pypdfium2.PdfDocument(data) as document:
        image = document[0].render(scale=dpi / 72).to_pil().convert("L").point(lambda v: 255 * (v < 160))
    left, top, right, bottom = (edge * 25.4 / dpi - 3.0 for edge in image.getbbox())
    return left, top, right, bottom


def test_an_upright_character_fills_the_em_box_under_its_hanging_point(printed: Printed) -> None:
    left, top, right, bottom = _ink(printed(page(_item([_upright("国国国")]))))
    assert (left + right) / 2 == pytest.approx(60.0, abs=0.1)
    assert (10.0 <= top <= 10.5, 21.5 <= bottom <= 22.0) == (True, True)


def test_columns_follow_each_other_to_the_left(printed: Printed) -> None:
    left, _, right, _ = _ink(printed(page(_item([_upright("国")], [_upright("国")], [_upright("国")]))))
    assert (left, right) == (pytest.approx(48.0 - 1.7, abs=0.2), pytest.approx(60.0 + 1.7, abs=0.2))


def test_flat_text_is_lower_but_as_wide(printed: Printed) -> None:
    full, flat = (_ink(printed(page(_item([_upright("国国国")], flat=flat)))) for flat in (1.0, 0.8))
    assert flat[2] - flat[0] == pytest.approx(full[2] - full[0], abs=0.1)
    assert flat[3] - flat[1] == pytest.approx((full[3] - full[1]) * 0.8, abs=0.1)


def test_a_turned_word_reads_downwards_with_its_tops_to_the_right(printed: Printed) -> None:
    """L: its foot, the long bar across, stands at the left, its stem runs down from the top."""
    data = printed(page(_item([Hung("gothic", True, 1.0, -0.38 * 4.0, 0.0, "L")])))
    left, top, right, bottom = _ink(data)
    assert (left, right) == (pytest.approx(58.48, abs=0.1), pytest.approx(58.48 + 0.733 * 4.0, abs=0.1))
    with pypdfium2.PdfDocument(data) as document:
        image = document[0].render(scale=600 / 72).to_pil().convert("L")
    stem, beside = (
        image.crop([round((v + 3) * 600 / 25.4) for v in (left + 0.5, upper, right - 0.5, upper + 0.15)])
        for upper in (top + 0.1, top + 0.8)
    )
    assert ImageStat.Stat(stem).mean[0] < 60 < 240 < ImageStat.Stat(beside).mean[0]
    assert bottom - top == pytest.approx(0.43 * 4.0, abs=0.3)


def test_digits_across_are_condensed_to_their_em(printed: Printed) -> None:
    left, _, right, _ = _ink(printed(page(_item([Hung("gothic", False, 0.8, -0.555 * 0.8 * 4.0, 3.52, "88")]))))
    assert (left + right) / 2 == pytest.approx(60.0, abs=0.1)
    assert right - left < 4.0


def test_columns_extract_from_right_to_left(printed: Printed) -> None:
    """Readers take what starts at one height for a line and sort it from left to right."""
    text = "一列目の文字\n二列目の文字\n三列目の文字\n四"
    columns = [[_upright(line)] for line in text.split("\n")]
    assert "".join(extracted(printed(page(_item(*columns)))).split()) == text.replace("\n", "")


def test_columns_of_nothing_need_no_font(printed: Printed) -> None:
    assert extracted(printed(page(_item([], [])))) == ""


@pytest.mark.system
def test_other_renderers_draw_the_same(
    program: Callable[[str], str], printed: Printed, fonts: FontLibrary, tmp_path: Path
) -> None:
    upright = fonts["mincho"].measure("コープ「青葉」、々〇。𠮷野葛\U000e0100城")[0]
    column = [
        _upright(upright),
        Hung("mincho", True, 1.0, -1.52, 52.0, "Wavy－"),
        Hung("mincho", False, 0.8, -2, 66, "12"),
    ]
    path = tmp_path / "columns.pdf"
    path.write_bytes(printed(page(_item(column, [_upright("国 国")], flat=0.9))))
    for name, options in (
        ("pdftoppm", ["-r", "100", "-png", "-singlefile", str(path), "pdftoppm"]),
        ("gs", ["-q", "-dBATCH", "-dNOPAUSE", "-dTextAlphaBits=4", "-sDEVICE=pnggray", "-r100", "-sOutputFile=gs.png",
                str(path)]),
    ):  # fmt: skip
        ran = subprocess.run([program(name), *options], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
        with pypdfium2.PdfDocument(path) as document:
            ours = document[0].render(scale=100 / 72).to_pil().convert("L")
        theirs = Image.open(tmp_path / f"{name}.png").convert("L").resize(ours.size)
        # Blurred by a twentieth of an em, so that only what stands elsewhere differs.
        small = (ours.width // 3, ours.height // 3)
        difference = ImageChops.difference(
            ours.resize(small, Image.Resampling.BOX), theirs.resize(small, Image.Resampling.BOX)
        )
        assert ImageStat.Stat(difference).rms[0] < 8, name
