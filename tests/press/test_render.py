"""Other people's programs render the files without a word; what is fixed is not cut off; the sample looks as it did."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops

from dmgen.fonts import FontLibrary
from dmgen.model.contents import Code, Line, Picture, Stamp, Text
from dmgen.model.layout import K100, Box, PanelSlot
from dmgen.model.symbol import Symbol
from dmgen.press import convert_picture
from dmgen.symbols import QrSeries
from tests.conftest import Printed, page, press_kit, print_pages


@pytest.fixture
def letter(fonts: FontLibrary, tmp_path: Path) -> Path:
    """A file with one of everything, a form of blank lines and a rare kanji."""
    Image.new("RGB", (20, 10), (200, 30, 30)).save(tmp_path / "red.jpg")
    pictures = {"red": convert_picture(tmp_path / "red.jpg", tmp_path / "red")}
    lines = [Line(0.0, 0.1, fonts["mincho"].measure(text)[0]) for text in ("𠮷野", "", "葛\U000e0100城")]
    text = Text("mincho", 4.0, 0.9, K100, 10.0, 20.0, 6.0, lines)
    blank = Text("gothic", 4.0, 1.0, K100, 0.0, 0.0, 6.0, [Line(0.0, 0.0, "")])
    code = Code(QrSeries.build("https://x.example/", 0, "a").symbol("https://x.example/"), Box(60, 40, 20, 20), K100)
    panel = PanelSlot(name="p", box=Box(-3, -3, 106, 20), fill=(0, 0, 0, 0.1))
    forms = {"base": [panel, Picture("red", Box(70, 5, 20, 10))], "blank": [blank]}
    items = [Stamp("base", 0.0, 0.0), Stamp("blank", 10.0, 10.0), text, code]
    path = tmp_path / "letter.pdf"
    path.write_bytes(print_pages(press_kit(fonts, forms, pictures), [page(*items)] * 2))
    return path


@pytest.mark.system
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("pdftoppm", ["-r", "50", "-png", "letter.pdf", "out"]),
        ("gs", ["-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=png16m", "-r50", "-sOutputFile=out%d.png", "letter.pdf"]),
    ],
)
def test_renderers_have_nothing_to_say(
    program: Callable[[str], str], letter: Path, name: str, options: list[str]
) -> None:
    ran = subprocess.run([program(name), *options], cwd=letter.parent, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert len(list(letter.parent.glob("out*.png"))) == 2


def test_glyphs_of_a_form_that_reach_over_their_em_box_are_not_cut_off(printed: Printed, fonts: FontLibrary) -> None:
    """Without bleed, a form's box used to begin at its first line's em box: Å lost its ring."""
    text = Text("gothic", 10.0, 1.0, K100, 0.0, 8.8, 15.0, [Line(0.0, 0.0, "ÅÄ")])
    placed = text._replace(x=20.0, y=28.8)
    images = []
    for items, forms in (([Stamp("t", 20.0, 20.0)], {"t": [text]}), ([placed], {})):
        with pypdfium2.PdfDocument(printed(page(*items, bleed=0.0), forms=forms, bleed=0.0)) as document:
            images.append(document[0].render(scale=2).to_pil().convert("L"))
    assert ImageChops.difference(*images).getbbox() is None
    assert images[0].getbbox() is not None


def test_bars_reach_from_the_top_of_their_box_to_its_foot(printed: Printed) -> None:
    symbol = Symbol.of_rows([[True, False, True], [True, False, False]], upright=True)
    data = printed(page(Code(symbol, Box(20, 20, 30, 40), K100), bleed=0.0))
    with pypdfium2.PdfDocument(data) as document:
        image = document[0].render(scale=72 / 25.4).to_pil().convert("L")
    places = [(x, y) for x in (25, 35, 45) for y in (21, 39, 41, 59)]
    dark = {(x, y): image.getpixel((_px(x), _px(y))) < 128 for x, y in places}  # type: ignore[operator]
    assert dark == {(x, y): x == 25 or (x == 45 and y < 40) for x, y in dark}


def test_a_symbol_stands_in_its_box(printed: Printed) -> None:
    """Two dark corners, rendered: the box is exactly covered and nothing else."""
    symbol = Symbol(4, 4, int("1000 0  0000 0  0000 0  0001 0".replace(" ", ""), 2))
    data = printed(page(Code(symbol, Box(20, 20, 40, 40), K100), bleed=0.0))
    with pypdfium2.PdfDocument(data) as document:
        image = document[0].render(scale=72 / 25.4).to_pil().convert("L")
    squares = [(x, y) for x in range(0, 100, 5) for y in range(0, 80, 5)]
    dark = {(x, y) for x, y in squares if image.getpixel((_px(x + 2.5), _px(y + 2.5))) < 128}  # type: ignore[operator]
    assert dark == {(x, y) for x0, y0 in ((20, 20), (50, 50)) for x in (x0, x0 + 5) for y in (y0, y0 + 5)}


def _px(mm: float) -> int:
    return round(mm * (72 / 25.4) ** 2)
