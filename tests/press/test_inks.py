"""Black overprints and nothing else does; a spot ink is printed as itself, defined once."""

import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from dmgen.fonts import FontLibrary
from dmgen.model.contents import Code, Picture, Stamp
from dmgen.model.layout import K100, Box, Cmyk, Color, PanelSlot, PathSlot, Spot
from dmgen.model.printing import PrintSettings, Standard
from dmgen.model.symbol import Symbol
from dmgen.press import PressKit, convert_picture
from tests.conftest import page, press_kit, print_pages

GOLD = Spot("PANTONE 871 C", (0.2, 0.25, 0.6, 0.25))
INK = Spot("特色 #1", (0.0, 1.0, 0.0, 0.0))
WHITE: Cmyk = (0.0, 0.0, 0.0, 0.0)
TINT: Cmyk = (0.0, 0.0, 0.0, 0.99)
RED: Cmyk = (0.0, 1.0, 1.0, 0.0)
Inks = list[tuple[str, tuple[str, ...], bool]]


def _painted(stream: pikepdf.Object, forms: pikepdf.Object | None = None) -> Inks:
    """(operator that paints, fill colour, overprint) in order, through the forms, as the graphics state stands then."""
    states = stream.Resources.ExtGState
    painted: Inks = []
    overprint, fill = False, ("k", "0", "0", "0", "1")
    kept = []
    for operands, operator in pikepdf.parse_content_stream(stream):
        match str(operator):
            case "q":
                kept.append((overprint, fill))
            case "Q":
                overprint, fill = kept.pop()
            case "gs":
                state = states[operands[0]]
                assert state.op == state.OP
                assert not state.op or int(state.OPM) == 1
                overprint = bool(state.op)
            case "k":
                fill = tuple(f"{float(value):g}" for value in operands)
            case "cs":
                fill = (str(stream.Resources.ColorSpace[operands[0]][1]),)
            case "Do":
                thing = stream.Resources.XObject[operands[0]]
                painted += _painted(thing) if thing.Subtype == "/Form" else [("Do", (), overprint)]
            case "Tj" | "f" | "f*" | "B" | "B*" | "S" as painting:
                painted.append((painting.removesuffix("*"), fill, overprint))
    assert not kept
    return painted


def _on_page(data: bytes) -> Inks:
    with pikepdf.open(BytesIO(data)) as pdf:
        return _painted(pdf.pages[0])


@pytest.fixture
def kit(fonts: FontLibrary, text, tmp_path: Path) -> PressKit:
    Image.new("RGB", (20, 10), (200, 30, 30)).save(tmp_path / "red.png")
    pictures = {"red": convert_picture(tmp_path / "red.png", tmp_path / "red")}
    panel = PanelSlot(name="p", box=Box(0, 0, 50, 50), fill=(1.0, 0.0, 0.0, 0.0))
    black = PathSlot(name="s", box=Box(5, 5, 10, 10), path="M0 0 H10 V10 Z", view=(10, 10), fill=K100)
    forms = {
        "base": [panel, text("黒", font="gothic"), black, Picture("red", Box(70, 5, 20, 10))],
        "colored": [text("色", color=RED), panel],
    }
    return press_kit(fonts, forms, pictures)


@pytest.mark.parametrize(
    ("color", "overprints"), [(K100, True), (WHITE, False), (TINT, False), (RED, False), ((0, 0, 0.01, 1), False)]
)
def test_only_black_alone_overprints(kit: PressKit, text, color: Color, overprints: bool) -> None:
    [(_, _, overprint)] = _on_page(print_pages(kit, [page(text("文", color=color))]))
    assert overprint is overprints


def test_symbols_overprint_as_text_does(kit: PressKit) -> None:
    symbol = Symbol(2, 2, 0b100010)
    painted = _on_page(print_pages(kit, [page(Code(symbol, Box(5, 5, 10, 10), K100))]))
    assert [(operator, overprint) for operator, _, overprint in painted] == [("f", True)]


def test_neither_pictures_nor_shapes_nor_forms_inherit_it(kit: PressKit, text) -> None:
    """A page's state holds inside the forms that it stamps: each says its own."""
    box = Box(70, 60, 20, 10)
    items = [
        text("黒"),
        Picture("red", box),
        Stamp("base", 0, 0),
        Stamp("colored", 0, 0),
        text("黒"),
        text("白", color=WHITE),
    ]
    painted = _on_page(print_pages(kit, [page(*items)]))
    assert [(operator, overprint) for operator, _, overprint in painted] == [
        ("Tj", True), ("Do", False),
        ("f", False), ("Tj", True), ("f", False), ("Do", False),
        ("Tj", False), ("f", False),
        ("Tj", True), ("Tj", False),
    ]  # fmt: skip


def test_a_spot_ink_is_defined_once_and_used_by_name(fonts: FontLibrary, text) -> None:
    panel = PanelSlot(name="p", box=Box(0, 0, 50, 50), fill=GOLD, stroke=INK, line=1.0)
    path = PathSlot(name="s", box=Box(5, 5, 10, 10), path="M0 0 H10 V10 Z", view=(10, 10), fill=INK)
    kit = press_kit(fonts, {"base": [panel, text("金", color=GOLD), path]}, inks=(GOLD, INK))
    data = print_pages(kit, [page(Stamp("base", 0, 0), text("金", color=GOLD), text("黒"))] * 3)
    assert [(fill, overprint) for operator, fill, overprint in _on_page(data)] == [
        (("/PANTONE 871 C",), False),
        (("/PANTONE 871 C",), False),
        (("/特色 #1",), False),
        (("/PANTONE 871 C",), False),
        (("0", "0", "0", "1"), True),
    ]
    with pikepdf.open(BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
        spaces = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Array) and len(thing) == 4]
        spaces = [space for space in spaces if space[0] == "/Separation"]
        assert sorted(str(space[1]) for space in spaces) == ["/PANTONE 871 C", "/特色 #1"]
        for space, ink in zip(sorted(spaces, key=lambda space: str(space[1])), (GOLD, INK), strict=True):
            tint = space[3]
            assert space[2] == "/DeviceCMYK"
            assert (int(tint.FunctionType), int(tint.N)) == (2, 1)
            assert [float(value) for value in tint.C0] == [0, 0, 0, 0]
            assert [float(value) for value in tint.C1] == pytest.approx(list(ink.cmyk))


def test_an_ink_that_nothing_uses_is_left_out(fonts: FontLibrary, text) -> None:
    with pikepdf.open(BytesIO(print_pages(press_kit(fonts, inks=(GOLD,)), [page(text("黒"))]))) as pdf:
        assert "/ColorSpace" not in pdf.pages[0].Resources


@pytest.mark.system
@pytest.mark.parametrize("standard", [Standard.X4, Standard.X1A_2001])
def test_separations_hold_what_each_ink_prints(
    program: Callable[[str], str], fonts: FontLibrary, text, tmp_path: Path, standard: Standard
) -> None:
    """Ghostscript's separations: cyan goes on under black text and is knocked out under red; gold has its own plate."""
    panel = PanelSlot(name="p", box=Box(0, 0, 100, 80), fill=(1.0, 0.0, 0.0, 0.0))
    gold = PanelSlot(name="g", box=Box(60, 60, 20, 10), fill=GOLD)
    kit = press_kit(fonts, {"base": [panel, gold]}, inks=(GOLD,), printing=PrintSettings(standard), bleed=0.0)
    words = [text("■", size=20.0, x=10.0, y=30.0), text("■", size=20.0, x=50.0, y=30.0, color=RED)]
    (tmp_path / "a.pdf").write_bytes(print_pages(kit, [page(Stamp("base", 0, 0), *words, bleed=0.0)]))
    options = ["-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=tiffsep", "-r72", "-dOverprint=/enable", "-sOutputFile=p%d.tif"]
    subprocess.run([program("gs"), *options, "a.pdf"], cwd=tmp_path, check=True, capture_output=True)
    plates = {path.name.partition("(")[2].removesuffix(").tif"): Image.open(path) for path in tmp_path.glob("p1(*")}

    def ink(plate: str, x: float, y: float) -> bool:
        return int(plates[plate].convert("L").getpixel((round(x * 72 / 25.4), round(y * 72 / 25.4)))) < 128

    assert [ink(plate, 20, 23) for plate in ("Black", "Cyan", "Magenta")] == [True, True, False]
    assert [ink(plate, 60, 23) for plate in ("Black", "Cyan", "Magenta")] == [False, False, True]
    assert [ink(plate, 70, 65) for plate in ("PANTONE 871 C", "Cyan")] == [True, False]
    assert not ink("PANTONE 871 C", 20, 70)
