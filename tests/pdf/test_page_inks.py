"""The inks of a page: what is painted and how much of it, against separations that Ghostscript makes of the same."""

import re

import numpy as np
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from dmgen.pdf import Inks, PageInks, instructions, page_inks
from dmgen.pdf.image_inks import image_inks
from dmgen.press.strings import escape
from tests.separations import separations

PLATES = {"C": "Cyan", "M": "Magenta", "Y": "Yellow", "K": "Black"}
SPOT = "[/Separation /DIC#20161 /DeviceCMYK << /FunctionType 2 /Domain [0 1] /C0 [0 0 0 0] /C1 [0 .5 1 0] /N 1 >>]"
DUO = """[/DeviceN [/Cyan /Gold] /DeviceCMYK << /FunctionType 4 /Domain [0 1 0 1] /Range [0 1 0 1 0 1 0 1] /Length 20 >>
stream
{ dup 0 exch 0 }
endstream]"""
FADE = """<< /ShadingType 2 /ColorSpace /DeviceCMYK /Coords [0 0 100 0] /Extend [true true] /Function
<< /FunctionType 3 /Domain [0 1] /Bounds [.5] /Encode [0 1 0 1] /Functions [
<< /FunctionType 2 /Domain [0 1] /C0 [0 0 0 0] /C1 [0 .8 0 0] /N 1 >>
<< /FunctionType 2 /Domain [0 1] /C0 [0 .8 0 0] /C1 [0 0 .6 .4] /N 1 >> ] >> >>"""


def page_of(pdf: Pdf, content: bytes) -> pikepdf.Page:
    """A page with resources of every kind."""
    page = pdf.add_blank_page(page_size=(100, 100))

    def made(data: bytes, **entries: object) -> Stream:
        return pdf.make_stream(data, **entries)

    palette = bytes([255, 0, 0, 0, 0, 0, 0, 128, 0, 255, 255, 0])
    indexed = Array([Name.Indexed, Name.DeviceCMYK, 2, pikepdf.String(palette)])
    image = {"Type": Name.XObject, "Subtype": Name.Image, "BitsPerComponent": 8}
    form = {"Type": Name.XObject, "Subtype": Name.Form, "BBox": [0, 0, 100, 100]}
    spot = pikepdf.Object.parse(SPOT.encode())
    duo = Array([
        Name.DeviceN, Array([Name.Cyan, Name.Gold]), Name.DeviceCMYK,
        made(b"{ dup 0 exch 0 }", FunctionType=4, Domain=[0, 1, 0, 1], Range=[0, 1] * 4),
    ])  # fmt: skip
    fade = pikepdf.Object.parse(FADE.encode())
    glyph = made(b"1000 0 0 0 750 750 d1 0 0 750 750 re f")
    page.obj.Resources = pdf.make_indirect(Dictionary(
        ColorSpace=Dictionary(Spot=spot, Duo=duo, Uncoloured=Array([Name.Pattern, Name.DeviceCMYK])),
        Shading=Dictionary(Fade=fade),
        Pattern=Dictionary(
            Faded=Dictionary(PatternType=2, Shading=fade),
            Tile=made(b"0 0 5 5 re f", PatternType=1, PaintType=2, TilingType=1, BBox=[0, 0, 9, 9], XStep=9, YStep=9,
                      Resources=Dictionary()),
        ),
        ExtGState=Dictionary(
            Over=Dictionary(OP=True, op=True, OPM=1), Half=Dictionary(ca=0.5), Multiply=Dictionary(BM=Name.Multiply)
        ),
        XObject=Dictionary(
            Bare=made(b"10 10 20 20 re f", **form),
            Red=made(b"0 1 1 0 k 10 10 20 20 re f", **form),
            Outer=made(b"/Red Do 1 0 0 1 40 40 cm /Bare Do", **form),
            Indexed=made(bytes([0, 0, 1, 1]), **image, Width=2, Height=2, ColorSpace=indexed),
            Photo=made(bytes([0, 51, 102, 0, 255, 51, 0, 0]), **image, Width=2, Height=1, ColorSpace=Name.DeviceCMYK),
            Inverted=made(bytes([255, 255, 0, 255]), **image, Width=1, Height=1, ColorSpace=Name.DeviceCMYK,
                          Decode=[1, 0] * 4),
            Grey=made(bytes([255, 204]), **image, Width=2, Height=1, ColorSpace=Name.DeviceGray),
            White=made(bytes([255, 255]), **image, Width=2, Height=1, ColorSpace=Name.DeviceGray),
            Line=made(b"\x80", **{**image, "BitsPerComponent": 1}, Width=2, Height=1, ColorSpace=Name.DeviceGray),
            Mask=made(b"\x40", Type=Name.XObject, Subtype=Name.Image, ImageMask=True, BitsPerComponent=1,
                      Width=2, Height=1),
        ),
        Font=Dictionary(
            F=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica),
            T=Dictionary(Type=Name.Font, Subtype=Name.Type3, FontBBox=[0, 0, 750, 750], FirstChar=97, LastChar=97,
                         FontMatrix=[0.001, 0, 0, 0.001, 0, 0], Widths=[1000], CharProcs=Dictionary(a=glyph),
                         Encoding=Dictionary(Differences=[97, Name.a]), Resources=Dictionary()),
        ),
    ))  # fmt: skip
    page.obj.Contents = pdf.make_stream(content)
    return page


PAINTED = {
    "nothing": (b"0 1 1 0 k", "", 0),
    "the colour that a page begins with": (b"0 0 9 9 re f", "K", 100),
    "a fill": (b"0.2 0 0.5 0 k 0 0 9 9 re f", "CY", 70),
    "a colour that is only set": (b"1 1 1 1 k 0 0 0 1 k 0 0 9 9 re f", "K", 100),
    "white": (b"0 0 0 0 k 0 0 9 9 re f 1 g 5 5 9 9 re f", "", 0),
    "a line": (b"5 w 0 1 0 0 K 0 0 m 90 90 l S", "M", 100),
    "both": (b"5 w 0 1 0 0 K 1 0 0 0 k 9 9 40 40 re B", "CM", 100),
    "what was saved": (b"q 0 1 0 0 k Q 0 0 9 9 re f", "K", 100),
    "text": (b"0 1 0 0.5 k BT /F 40 Tf 9 9 Td (a) Tj ET", "MK", 150),
    "text that is outlined": (b"0 1 0 0 k 1 0 0 0 K BT 1 Tr /F 40 Tf 9 9 Td (a) Tj ET", "C", 100),
    "text that is not seen": (b"0 1 0 0 k BT 3 Tr /F 40 Tf 9 9 Td (a) Tj ET", "", 0),
    "words that look like colours": (b"BT /F 40 Tf 9 9 Td (1 0 0 0 k \\) 0 1 0 0 k \\() Tj ET", "K", 100),
    "a font of drawings": (b"0 1 0 0 k BT /T 40 Tf 9 9 Td (a) Tj ET", "M", 100),
    "a form in the colour around it": (b"1 0 0 0 k /Bare Do", "C", 100),
    "a form with a colour of its own": (b"1 0 0 0 k /Red Do", "MY", 200),
    "forms in a form": (b"1 0 0 0 k /Outer Do", "CMY", 200),
    "a spot ink": (b"/Spot cs 0.4 scn 0 0 9 9 re f", ["DIC 161"], 40),
    "two inks": (b"/Duo cs 0.5 1 scn 0 0 9 9 re f", ["Cyan", "Gold"], 150),
    "a pattern": (b"/Uncoloured cs 0 1 0 0.2 /Tile scn 0 0 90 90 re f", "MK", 120),
    "a fade": (b"/Fade sh", "MYK", 100),
    "a pattern that fades": (b"/Pattern cs /Faded scn 0 0 100 100 re f", "MYK", 100),
    "a table's colours, those that are used": (b"90 0 0 90 0 0 cm /Indexed Do", "CK", 100),
    "pixels": (b"90 0 0 90 0 0 cm /Photo Do", "CMY", 120),
    "pixels turned over": (b"90 0 0 90 0 0 cm /Inverted Do", "Y", 100),
    "grey pixels": (b"90 0 0 90 0 0 cm /Grey Do", "K", 20),
    "white pixels": (b"90 0 0 90 0 0 cm /White Do", "", 0),
    "line art": (b"90 0 0 90 0 0 cm /Line Do", "K", 100),
    "a mask": (b"0 0 1 0 k 90 0 0 90 0 0 cm /Mask Do", "Y", 100),
    "a picture within the content": (b"q 9 0 0 9 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x00 EI Q", "K", None),
    "what is hidden": (b"1 0 0 0 k 0 0 9 9 re f 0 1 0 0 k 0 0 9 9 re f", None, 100),
}  # fmt: skip


@pytest.mark.parametrize("name", PAINTED)
def test_it_is_what_is_painted(name):
    content, inks, total = PAINTED[name]
    with Pdf.new() as pdf:
        found = PageInks().of(page_of(pdf, content).obj)
    wanted = {"C", "M"} if inks is None else {{"Cyan": "C"}.get(ink, ink) for ink in inks}
    assert (set(found.names), found.sure) == (wanted, total is not None)
    assert found.total == pytest.approx((total or 0) / 100, abs=0.005)


@pytest.mark.system
def test_ghostscript_makes_the_same_plates(tmp_path, program):
    """A separation with anything on it for every ink, and no more at one place than was said."""
    with Pdf.new() as pdf:
        pages = PageInks()
        seen = {name: content for name, (content, inks, _) in PAINTED.items() if inks is not None}
        found = [pages.of(page_of(pdf, content).obj) for content in seen.values()]
        pdf.save(tmp_path / "pages.pdf")
    plates = separations(program("gs"), tmp_path / "pages.pdf", tmp_path / "plates")
    for name, inks, (names, total) in zip(seen, found, plates, strict=True):
        assert {PLATES.get(ink, ink) for ink in inks.names} == names, name
        if inks.sure:
            assert inks.total * 100 == pytest.approx(total, abs=3), name


MAY_ADD = {
    b"/Over gs 0 1 0 0 k 0 0 9 9 re f": True,
    b"/Over gs 0 0 0 1 k 0 0 9 9 re f": False,
    b"/Over gs 0 0 0 0 k 0 0 9 9 re f": False,
    b"/Multiply gs 0 1 0 0 k 0 0 9 9 re f": True,
    b"/Half gs 0 1 0 0 k 0 0 9 9 re f": False,
    b"1 0 0 rg 0 0 9 9 re f": True,
}


@pytest.mark.parametrize("content", MAY_ADD)
def test_what_may_add_to_what_is_below_is_not_sure(content):
    with Pdf.new() as pdf:
        assert PageInks().of(page_of(pdf, content).obj).sure is not MAY_ADD[content]


def test_one_letter_among_many_is_not_missed():
    """Pages that share everything, also what is remembered of the others."""
    with Pdf.new() as pdf:
        pages = [page_of(pdf, b"0 0 0 1 k BT /F 9 Tf 9 9 Td (%d) Tj ET" % n).obj for n in range(50)]
        pages.append(page_of(pdf, b"0 0 0 1 k BT /F 9 Tf 9 9 Td (9) Tj ET 0 0.01 0 0 k 0 0 1 1 re f").obj)
        for page in pages:
            page.Resources = pages[0].Resources
        reader = PageInks()
        found = [reader.of(page) for page in pages]
    assert set(found[:50]) == {Inks(frozenset("K"), 1.0)}
    assert found[50].names == {"K", "M"}


_PIECES = st.lists(
    st.one_of(
        st.text("あ1 k(\\)\n\r\u2828\u5c29\u295c\u0a28\u5c5c\u206b", max_size=12).map(
            lambda text: b"(" + escape(text) + b")Tj\n"
        ),
        st.sampled_from([
            b"/G0 gs 0 0.5 0 0 k\n", b"q 1 0 0 1 8.5 850.394 cm /S2 Do Q\n", b"10 0 3 1 re\n", b"f Q\n", b"ET\n",
            b"BT /F1 12 Tf 17 TL 1 0 0 1 65.197 706.605 Tm\n", b"/I0 cs 1 scn\n", b"(a)'\n", b"BI /W 1 ID x EI\n",
            b"[(a)]TJ\n", b"<0041>Tj\n", b"1 Tr ", b"% 1 0 0 0 k\n", b"[3 2] 0 d\n", b"0.5 w 0 0 0 1 K\n", b"q\n",
        ]),
    ),
    max_size=12,
)  # fmt: skip


@given(_PIECES)
def test_splitting_fast_is_parsing(pieces):
    """The quick way for dmgen's own pages finds the instructions that pikepdf's parser does."""
    text = instructions._plain(b"".join(pieces))
    with Pdf.new() as pdf:
        parsed = list(instructions._parsed(pdf.make_stream(b"".join(pieces))))
    if text is not None:
        assert _once(instructions.split(text)) == _once(parsed)


def _once(told: object) -> list[object]:
    """Without the repetitions of text that is shown, which change nothing."""
    kept: list[object] = []
    for one in told:
        if not kept or one[0] not in ("Tj", "'") or kept[-1] != (one[0], ()):
            kept.append(
                (
                    one[0],
                    () if one[0] in ("Tj", "'") else tuple(float(x) if re.match(r"[-\d.]", x) else x for x in one[1]),
                )
            )
    return kept


def test_an_image_of_several_files_is_decoded_once(monkeypatch):
    """Product pictures are in every file of a large job; other pixels of the same size are another image."""
    decoded, seen = dict[bytes, Inks](), []
    monkeypatch.setattr(page_inks, "image_inks", lambda *args: seen.append(args) or image_inks(*args))
    for name in ("Photo", "Photo", "Inverted", "Grey", "White", "White"):
        with Pdf.new() as pdf:
            page = page_of(pdf, b"90 0 0 90 0 0 cm /%b Do" % name.encode())
            assert PageInks(decoded).of(page.obj) == PageInks().of(page.obj)
    assert len(seen) - 6 == 4


def test_a_photograph_is_decoded(tmp_path):
    """A CMYK JPEG as the press writes it: inverted, as Adobe does."""
    from PIL import Image

    from dmgen.press import convert_picture

    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[:, 4:] = (200, 100, 0, 0)
    Image.fromarray(pixels, "CMYK").save(tmp_path / "photo.jpg", quality=100, subsampling=0)
    picture = convert_picture(tmp_path / "photo.jpg", tmp_path / "photo")
    with Pdf.new() as pdf:
        page = page_of(pdf, b"90 0 0 90 0 0 cm /Photo Do")
        stream = pdf.make_stream(b"")
        for key, value in pikepdf.Object.parse(b"<<" + picture.entries + b">>").items():
            if key != "/Length":
                stream[key] = value
        stream.write(picture.file.read_bytes(), filter=Name.DCTDecode)
        stream.Decode = Array([1, 0] * 4)
        page.obj.Resources.XObject.Photo = stream
        found = PageInks().of(page.obj)
    assert {"C", "M"} <= found.names
    assert found.total == pytest.approx(300 / 255, abs=0.05)
