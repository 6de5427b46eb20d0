"""Every print file is sound, whatever its length: structure, boxes, colours, fonts."""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from dmgen.fonts import FontLibrary
from dmgen.model.contents import Code, Line, Picture, Stamp, Text
from dmgen.model.layout import K100, Box, PanelSlot, PathSlot
from dmgen.press import PictureFile, PrintFile, convert_picture
from dmgen.symbols import QrSeries
from tests.conftest import Printed, extracted, page, press_kit, print_pages

COLOURED = {"g", "G", "rg", "RG", "cs", "CS", "sc", "SC", "scn", "SCN", "ri", "sh", "BI"}


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> PictureFile:
    folder = tmp_path_factory.mktemp("picture")
    Image.new("RGB", (20, 10), (200, 30, 30)).save(folder / "red.png")
    return convert_picture(folder / "red.png", folder / "red")


@pytest.fixture(scope="module")
def letter(fonts: FontLibrary, picture: PictureFile) -> bytes:
    """Three pages with one of everything."""
    text = Text("mincho", 4.0, 0.9, K100, 10.0, 20.0, 6.0, [Line(0.0, 0.1, "青葉"), Line(2.0, 0.0, "花子")])
    mono = Text("mono", 4.0, 1.0, (0.78, 0.38, 0.78, 0.32), 10.0, 40.0, 6.0, [Line(0.0, 0.0, "ABCD 2345")])
    panel = PanelSlot(name="p", box=Box(5, 5, 90, 20), fill=(0, 0, 0, 0.1), stroke=K100, radius=2, dash=(1, 1))
    shape = PathSlot(name="s", box=Box(5, 5, 10, 10), path="M0 0 H10 V10 Z", view=(10, 10), fill=(0.1, 0.2, 0.3, 0))
    code = Code(QrSeries.build("https://x.example/", 0, "a").symbol("https://x.example/"), Box(60, 40, 20, 20), K100)
    forms = {"base": [panel, text._replace(font="gothic"), shape, Picture("red", Box(70, 5, 20, 10))]}
    items = [Stamp("base", 0.0, 0.0), text, mono, code, Picture("red", Box(70, 60, 20, 10))]
    return print_pages(press_kit(fonts, forms, {"red": picture}), [page(*items)] * 3)


def _opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(data))


def _streams(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every content stream: pages and forms."""
    for number in range(len(pdf.pages)):
        yield pdf.pages[number]
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Form":
            yield thing


def _operators(pdf: pikepdf.Pdf) -> list[tuple[str, list[object]]]:
    return [
        (str(operator), list(operands))
        for stream in _streams(pdf)
        for operands, operator in pikepdf.parse_content_stream(stream)
    ]


def _depth(node: pikepdf.Object) -> Iterator[int]:
    if node.Type == "/Page":
        yield 0
        return
    assert len(node.Kids) <= 32
    below = [depth for kid in node.Kids for depth in _depth(kid)]
    assert int(node.Count) == len(below)
    for kid in node.Kids:
        assert kid.Parent.objgen == node.objgen
    yield from (depth + 1 for depth in below)


@pytest.mark.parametrize("pages", [1, 2, 32, 33, 1024, 1025, 5000])
def test_a_file_of_any_length_is_sound_and_its_page_tree_balanced(printed: Printed, text, pages: int) -> None:
    data = printed(*[page(text("青葉"))] * pages)
    with _opened(data) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == pages
        assert len(set(_depth(pdf.Root.Pages))) == 1
    with pypdfium2.PdfDocument(data) as document:
        assert len(document) == pages
        assert document[pages - 1].get_textpage().get_text_range() == "青葉"


def test_pages_keep_their_order_however_they_are_handed_over(fonts: FontLibrary, text) -> None:
    pages = [page(text(f"第{number}葉")) for number in range(70)]
    kit, out = press_kit(fonts), BytesIO()
    file = PrintFile(out, kit)
    for start in range(0, 70, 9):
        file.add(pages[start : start + 9])
    file.add([])
    file.close()
    assert out.getvalue() == print_pages(kit, pages)
    assert [extracted(out.getvalue(), number) for number in (0, 31, 32, 69)] == ["第0葉", "第31葉", "第32葉", "第69葉"]


def test_a_file_without_pages_is_valid(printed: Printed) -> None:
    with _opened(printed()) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert (len(pdf.pages), int(pdf.Root.Pages.Count)) == (0, 0)


def test_size_digest_and_pages_are_those_of_the_file(fonts: FontLibrary, text) -> None:
    import hashlib

    out = BytesIO()
    file = PrintFile(out, press_kit(fonts))
    file.add([page(text("青葉"))] * 3)
    file.close()
    data = out.getvalue()
    assert (file.size, file.digest, file.pages) == (len(data), hashlib.sha256(data).hexdigest(), 3)


def test_the_file_is_sound_with_one_of_everything(letter: bytes) -> None:
    with _opened(letter) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert letter.startswith(b"%PDF-1.6")
        assert [len(bytes(part)) for part in pdf.trailer.ID] == [16, 16]
        assert str(pdf.docinfo.Title) == "見本 (sample)"
        assert str(pdf.docinfo.CreationDate) == "D:20260405000000Z"


@pytest.mark.parametrize(
    ("width", "height", "bleed"), [(210.0, 297.0, 3.0), (100.0, 148.0, 0.0), (215.9, 279.4, 3.175)]
)
def test_boxes_stand_on_the_page_and_inside_each_other(
    printed: Printed, text, width: float, height: float, bleed: float
) -> None:
    with _opened(printed(page(text("青葉"), width=width, height=height, bleed=bleed))) as pdf:
        single = pdf.pages[0].obj
        assert {"/MediaBox", "/BleedBox", "/TrimBox"} <= set(single.keys())
        assert "/CropBox" not in single
        media, outer, trim = ([float(v) for v in single[key]] for key in ("/MediaBox", "/BleedBox", "/TrimBox"))
        for inside, around in ((trim, outer), (outer, media)):
            assert inside[0] >= around[0] and inside[1] >= around[1]
            assert inside[2] <= around[2] and inside[3] <= around[3]
        mm = 25.4 / 72
        assert (trim[2] - trim[0]) * mm == pytest.approx(width, abs=0.001)
        assert (trim[3] - trim[1]) * mm == pytest.approx(height, abs=0.001)
        assert [(trim[i] - outer[i]) * mm for i in range(4)] == pytest.approx([bleed, bleed, -bleed, -bleed], abs=0.001)


def test_only_press_colours_are_used(letter: bytes) -> None:
    with _opened(letter) as pdf:
        operators = _operators(pdf)
        assert not COLOURED & {operator for operator, _ in operators}
        assert {"k", "K", "re", "Tj", "Do", "c"} <= {operator for operator, _ in operators}
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Stream) and thing.get("/Subtype") == "/Image":
                assert thing.ColorSpace in ("/DeviceCMYK", "/DeviceGray")
                assert "/SMask" not in thing


def test_black_text_is_black_ink_only(printed: Printed, text) -> None:
    with _opened(printed(page(text("青葉")))) as pdf:
        colours = [[float(v) for v in operands] for operator, operands in _operators(pdf) if operator == "k"]
    assert colours == [[0, 0, 0, 1]]


def test_a_colour_holds_until_the_next_item_of_another(printed: Printed, text) -> None:
    green = (0.78, 0.38, 0.78, 0.32)
    items = (text("一", color=green), text("二", color=green), text("三"), text("四", color=green))
    with _opened(printed(page(*items))) as pdf:
        order = [operator for operator, _ in _operators(pdf) if operator in ("k", "Tj")]
    assert order == ["k", "Tj", "Tj", "k", "Tj", "k", "Tj"]


def test_every_font_is_embedded(letter: bytes) -> None:
    with _opened(letter) as pdf:
        dictionaries = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Dictionary)]
        fonts = [thing for thing in dictionaries if thing.get("/Type") == "/Font"]
        assert {str(font.Subtype) for font in fonts} == {"/Type0", "/CIDFontType2"}
        assert len([font for font in fonts if font.Subtype == "/Type0"]) == 3
        for font in fonts:
            if font.Subtype == "/CIDFontType2":
                assert font.FontDescriptor.FontFile2.read_bytes()[:4] == b"\0\1\0\0"
            assert str(font.BaseFont)[7] == "+"
    assert b"Helvetica" not in letter


def test_streams_name_only_what_their_resources_hold(letter: bytes, fonts: FontLibrary, text) -> None:
    """Text that shows nothing names no font: nothing of that font would be embedded."""
    blank = print_pages(press_kit(fonts, {"blank": [text("", "")]}), [page(Stamp("blank", 0.0, 0.0), text("", ""))])
    for data in (letter, blank):
        with _opened(data) as pdf:
            for stream in _streams(pdf):
                for operands, operator in pikepdf.parse_content_stream(stream):
                    if str(operator) in ("Tf", "Do"):
                        kind = "/Font" if str(operator) == "Tf" else "/XObject"
                        assert operands[0] in stream.Resources[kind]


def test_what_is_fixed_is_drawn_once(fonts: FontLibrary, picture: PictureFile, text) -> None:
    kit = press_kit(fonts, {"base": [text("本文" * 20), Picture("red", Box(70, 5, 20, 10))]}, {"red": picture})
    objects, sizes = [], []
    for count in (100, 200):
        data = print_pages(kit, [page(Stamp("base", 0.0, 0.0), text("青葉"))] * count)
        sizes.append(len(data))
        with _opened(data) as pdf:
            objects.append(len(pdf.objects))
            shared = [t for t in pdf.objects if isinstance(t, pikepdf.Stream) and t.get("/Type") == "/XObject"]
            assert len(shared) == 2
    assert objects[1] - objects[0] <= 210
    assert sizes[1] - sizes[0] < 100 * 400


def test_a_form_that_no_page_stamps_is_left_out(fonts: FontLibrary, text) -> None:
    kit = press_kit(fonts, {"unused": [text("本文", font="gothic")]})
    with _opened(print_pages(kit, [page(text("青葉"))])) as pdf:
        assert list(pdf.pages[0].Resources.Font.keys()) == ["/F1"]
        assert list(pdf.pages[0].Resources.XObject.keys()) == []


def test_a_page_holds_its_own_piece_only(fonts: FontLibrary, text) -> None:
    """pypdf piles every overlay onto a template page that is added again: the next person's code on the page."""
    kit = press_kit(fonts, {"base": [text("本文", y=60.0)]})
    data = print_pages(kit, [page(Stamp("base", 0.0, 0.0), text(name)) for name in ("青葉花子", "若葉太郎")])
    assert [extracted(data, number) for number in (0, 1)] == ["本文\n青葉花子", "本文\n若葉太郎"]


def test_a_pages_content_does_not_depend_on_its_file(printed: Printed, text) -> None:
    """A reprint is the same content."""
    rare = page(text("𠮷野 葛\U000e0100城"))
    contents = []
    for pages in ((rare,), (page(text("辻\U000e0100 𩸽 山田")), rare)):
        with _opened(printed(*pages)) as pdf:
            contents.append(pdf.pages[-1].Contents.read_bytes())
    assert contents[0] == contents[1]


@given(words=st.text(st.sampled_from("()\\青葉ab尨尩帨崩縨将　 "), min_size=1, max_size=30))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bytes_that_mean_something_in_strings_survive(words: str, fonts: FontLibrary) -> None:
    """尨 is 5C 28: a backslash and a parenthesis as bytes."""
    ids = fonts["mincho"].measure(words)[0]
    item = Text("mincho", 4.0, 1.0, K100, 10.0, 20.0, 6.0, [Line(0.0, 0.0, ids)])
    with _opened(print_pages(press_kit(fonts), [page(item)])) as pdf:
        shown = [bytes(operands[0]) for operator, operands in _operators(pdf) if operator == "Tj"]
    assert shown == [ids.encode("utf-16-be")]


@pytest.mark.parametrize("byte", [0x0A, 0x0D, 0x28, 0x29, 0x5C, 0x00, 0x7F, 0xFF])
def test_every_byte_survives_in_either_place(printed: Printed, fonts: FontLibrary, byte: int) -> None:
    face = fonts["mincho"]
    chars = [char for char in face.advances if byte in divmod(ord(char), 256)][:200]
    item = Text("mincho", 1.0, 1.0, K100, 10.0, 20.0, 1.5, [Line(0.0, 0.0, "".join(chars))])
    with _opened(printed(page(item))) as pdf:
        [shown] = [bytes(operands[0]) for operator, operands in _operators(pdf) if operator == "Tj"]
    assert shown.decode("utf-16-be") == "".join(chars)


@pytest.mark.parametrize("name", ["{{ 7*7 }}", "{% if %}", "${a}", "%s", "<b>x</b>", "\\(a\\)", ")) Tj ET", "/F1 9 Tf"])
def test_a_hostile_name_is_printed_as_it_is(printed: Printed, text, name: str) -> None:
    assert extracted(printed(page(text(name)))) == name


def test_the_same_input_gives_the_same_bytes_in_another_process(fonts: FontLibrary, text, tmp_path: Path) -> None:
    """Sets of strings have another order in every process."""
    kit = press_kit(fonts, {name: [text(f"本文{name}")] for name in "abcde"})
    pages = [page(*(Stamp(name, 0.0, 0.0) for name in "cabed"), text("青葉 花子 𠮷", font="gothic"))] * 3
    here = print_pages(kit, pages)
    (tmp_path / "job").write_bytes(pickle.dumps((kit, pages)))
    script = (
        "import pickle, sys\nfrom pathlib import Path\nfrom tests.conftest import print_pages\n"
        "kit, pages = pickle.loads(Path(sys.argv[1]).read_bytes())\n"
        "sys.stdout.buffer.write(print_pages(kit, pages))"
    )
    root = Path(__file__).resolve().parents[2]
    for seed in ("1", "2"):
        ran = subprocess.run(
            [sys.executable, "-c", script, tmp_path / "job"],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            check=True,
        )
        assert ran.stdout == here


def test_texts_that_are_no_longer_kept_are_still_shown(
    fonts: FontLibrary, text, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long file forgets its texts, not the characters that its fonts must hold."""
    pages = [page(text(f"第{kanji}葉")) for kanji in "一二三四五六七八九"]
    kit, whole = press_kit(fonts), print_pages(press_kit(fonts), pages)
    monkeypatch.setattr("dmgen.press.operators._MOST_STRINGS", 2)
    out = BytesIO()
    file = PrintFile(out, kit)
    for one in pages:
        file.add([one])
    file.close()
    assert out.getvalue() == whole
    assert extracted(whole, 8) == "第九葉"
