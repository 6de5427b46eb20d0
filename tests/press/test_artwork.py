"""A designer's page is printed as the designer's own program shows it, or refused by what is wrong with it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream
from PIL import Image, ImageChops

from dmgen.errors import CampaignError
from dmgen.fonts import FontLibrary
from dmgen.messages import Speaker
from dmgen.model.contents import Stamp
from dmgen.model.layout import Artwork
from dmgen.pdf import Rules, page_boxes
from dmgen.press import Graft, load_artwork
from tests.conftest import BLEED, HEIGHT, WIDTH, extracted, page, press_kit, print_pages
from tests.designs import PT, design, saved

SAMPLES = Path(__file__).parent / "artwork"
ACCEPTED = ["reportlab.pdf#1", "reportlab.pdf#2", "ghostscript.pdf#2", "typst.pdf#1", "weasyprint.pdf#1"]
FORM = "/Type /XObject /Subtype /Form /BBox [0 0 400 400]"
IMAGE = "/Type /XObject /Subtype /Image /Width 2 /Height 1 /BitsPerComponent 8"
# Left and right, top and bottom differ, and it reaches over the bleed.
FLAG = b"0.2 0 0 0 k 0 0 600 600 re f 0 1 0 0 k 60 70 60 30 re f 0 0 1 0 k 60 200 m 200 250 l 60 250 l f"

Load = Callable[..., Graft]


def artwork(path: Path, number: int = 1, width: float = WIDTH, height: float = HEIGHT, bleed: float = BLEED) -> Artwork:
    return Artwork(path, number, width, height, bleed)


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """`load(artwork, …)` is its graft."""
    return lambda wanted, rules=Rules(): load_artwork(wanted, tmp_path / "streams", rules)  # noqa: B008


@pytest.fixture
def refused(load: Load, tmp_path: Path) -> Callable[..., str]:
    """`refused(pdf, …)` is why it is."""

    def say(data: bytes, rules: Rules = Rules(), **wanted: float) -> str:  # noqa: B008
        with pytest.raises(CampaignError) as caught:
            load(artwork(saved(tmp_path, data), **wanted), rules)
        return Speaker("en").error(caught.value)

    return say


def printed(fonts: FontLibrary, graft: Graft, width: float = WIDTH, height: float = HEIGHT) -> bytes:
    """A file of one page that is nothing but artwork."""
    kit = press_kit(fonts, {"art": []})
    kit.forms["art"] = graft
    return print_pages(kit, [page(Stamp("art", 0.0, 0.0), width=width, height=height)])


def trimmed(data: bytes | Path, number: int = 0, box: tuple[float, ...] | None = None, scale: float = 3) -> Image.Image:
    """The trim of a page (or another box of its units), as pdfium renders it."""
    with pypdfium2.PdfDocument(data) as document:
        shown = document[number]
        box = box or shown.get_trimbox()
        shown.set_mediabox(*box)
        shown.set_cropbox(*box)
        return shown.render(scale=scale).to_pil().convert("RGB")


def assert_same(ours: Image.Image, theirs: Image.Image) -> None:
    assert ours.size == theirs.size
    assert len(ours.getcolors(1 << 24) or []) > 1, "nothing is drawn"
    off = sum(ImageChops.difference(ours, theirs).convert("L").histogram()[40:])
    assert off <= ours.width * ours.height // 2000, f"{off} pixels differ"


@pytest.mark.parametrize("sample", ACCEPTED)
def test_pages_of_other_programs_look_as_they_did(fonts: FontLibrary, load: Load, sample: str) -> None:
    name, _, number = sample.partition("#")
    data = printed(fonts, load(artwork(SAMPLES / name, int(number))))
    with Pdf.open(BytesIO(data)) as pdf:
        assert pdf.check_pdf_syntax() == []
    box = (BLEED * PT, BLEED * PT, (WIDTH + BLEED) * PT, (HEIGHT + BLEED) * PT) if name == "typst.pdf" else None
    assert_same(trimmed(data), trimmed(SAMPLES / name, int(number) - 1, box))


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("unit", [1.0, 2.5])
def test_a_turned_or_scaled_page_lands_as_it_is_seen(
    fonts: FontLibrary, load: Load, tmp_path: Path, rotate: int, unit: float
) -> None:
    def turn(pdf: Pdf, page_: Object) -> None:
        page_.Rotate = rotate

    scaled = b"q %.6f 0 0 %.6f 0 0 cm %b Q" % (1 / unit, 1 / unit, FLAG)
    path = saved(tmp_path, design(scaled, edit=turn, unit=unit))
    size = (HEIGHT, WIDTH) if rotate in (90, 270) else (WIDTH, HEIGHT)
    data = printed(fonts, load(artwork(path, 1, *size)), *size)
    assert_same(trimmed(data), trimmed(path, scale=3 * unit))  # pdfium shows a user unit as a point


def test_nothing_beyond_the_bleed_is_drawn_and_all_of_the_bleed_is(
    fonts: FontLibrary, load: Load, tmp_path: Path
) -> None:
    graft = load(artwork(saved(tmp_path, design(FLAG))))
    data = printed(fonts, graft)
    with Pdf.open(BytesIO(data)) as pdf:
        form = pdf.pages[0].Resources.XObject.S0
        left, bottom, right, top = (float(value) for value in form.BBox)
    edges = pytest.approx((10 * PT, 10 * PT, 116 * PT, 96 * PT), abs=0.01)
    assert (left, bottom, right, top) == edges
    with pypdfium2.PdfDocument(data) as document:
        whole = document[0].render(scale=1).to_pil().convert("RGB")
    assert whole.getpixel((0, 0)) == whole.getpixel((whole.width - 1, whole.height - 1)) != (255, 255, 255)


def test_variable_slots_stand_over_it(fonts: FontLibrary, load: Load, tmp_path: Path, text) -> None:
    kit = press_kit(fonts, {"art": []})
    kit.forms["art"] = load(artwork(saved(tmp_path, design(FLAG))))
    data = print_pages(kit, [page(Stamp("art", 0.0, 0.0), text("青葉 花子", size=12.0))])
    bare = printed(fonts, kit.forms["art"])
    assert extracted(data) == "青葉 花子"
    changed = ImageChops.difference(trimmed(data), trimmed(bare)).getbbox()
    assert changed is not None
    assert changed[2] - changed[0] > 100


# What must come over untouched.


def same(ours: object, theirs: object, depth: int = 0) -> bool:
    """Whether two objects of different files are the same, streams byte by byte as they are stored."""
    if isinstance(ours, Stream) and isinstance(theirs, Stream):
        left, right = dict(ours.items()), dict(theirs.items())
        return ours.read_raw_bytes() == theirs.read_raw_bytes() and same(Dictionary(left), Dictionary(right), depth)
    if isinstance(ours, Dictionary) and isinstance(theirs, Dictionary):
        keys = set(ours.keys())
        return keys == set(theirs.keys()) and all(same(ours[key], theirs[key], depth + 1) for key in keys)
    if isinstance(ours, Array) and isinstance(theirs, Array):
        return len(ours) == len(theirs) and all(same(a, b, depth + 1) for a, b in zip(ours, theirs, strict=True))
    return type(ours) is type(theirs) and ours == theirs


@contextmanager
def resources_of(data: bytes) -> Iterator[Object]:
    """The resources of the form."""
    with Pdf.open(BytesIO(data)) as pdf:
        yield pdf.pages[0].Resources.XObject.S0.Resources


def test_inks_overprint_fonts_and_profiles_are_untouched(fonts: FontLibrary, load: Load, tmp_path: Path) -> None:
    streams = {
        "tint": ("/FunctionType 4 /Domain [0 1] /Range [0 1 0 1 0 1 0 1]", b"{0 exch dup 0.8 mul exch 0}"),
        "profile": ("/N 4", bytes(16) + b"CMYK" + bytes(108)),
        "program": ("/Length1 4", b"\0\1\0\0"),
        "image": (f"{IMAGE} /ColorSpace [/ICCBased @profile] /Metadata @meta", bytes(8)),
        "meta": ("/Type /Metadata /Subtype /XML", b"<x/>"),
    }
    streams = {key: streams[key] for key in ("tint", "profile", "program", "meta", "image")}
    resources = """<<
      /ColorSpace << /DIC#20161 [/Separation /DIC#20161 /DeviceCMYK @tint] /All [/Separation /All /DeviceCMYK @tint]
        /Duo [/DeviceN [/Black /Gold] /DeviceCMYK @tint << /Subtype /DeviceN >>] /ICC [/ICCBased @profile]
        /DefaultCMYK [/ICCBased @profile] >>
      /ExtGState << /Over << /OP true /op true /OPM 1 /SA 0.02 >> >> /XObject << /Im @image >>
      /Font << /F << /Type /Font /Subtype /TrueType /BaseFont /AAAAAA+Some /Widths [ 500 .25 -0.5 1. 3e0 ]
        /FontDescriptor << /FontFile2 @program /Flags 4 >> >> >> >>""".replace("3e0", "3")
    content = b"/Over gs /DIC#20161 cs 1 scn /All CS 1 SCN /Duo cs 0 1 scn /ICC cs /Im Do BT /F 9 Tf (a) Tj ET"
    data = design(content, resources, streams)
    made = printed(fonts, load(artwork(saved(tmp_path, data))))
    with resources_of(made) as ours, Pdf.open(BytesIO(data)) as pdf:
        theirs = pdf.pages[0].Resources
        assert set(ours.keys()) == {"/ColorSpace", "/ExtGState", "/Font", "/XObject"}
        for category in ("/ColorSpace", "/ExtGState", "/Font"):
            assert same(ours[category], theirs[category]), category
        del theirs.XObject.Im["/Metadata"]
        assert same(ours.XObject, theirs.XObject)


def test_only_what_the_page_names_comes_along(fonts: FontLibrary, load: Load, tmp_path: Path) -> None:
    """Several programs give all pages one dictionary of resources."""

    def lift(pdf: Pdf, page_: Object) -> None:
        page_.Resources.XObject.A.Owner = page_
        page_.PieceInfo = Dictionary(X=1)
        page_.Annots = Array([Dictionary(Subtype=Name.Link, Rect=[0, 0, 9, 9], P=page_)])
        page_.Resources.Font = Dictionary(F=Dictionary(Subtype=Name.Type1, BaseFont=Name.Arial))
        pdf.Root.Pages.Resources = page_.Resources
        del page_["/Resources"]

    streams = {"a": (FORM, b"/Inner Do"), "b": (FORM, FLAG), "c": (f"{IMAGE} /ColorSpace /DeviceRGB", bytes(6))}
    resources = "<< /XObject << /A @a /Inner @b /Rgb @c >> >>"
    graft = load(artwork(saved(tmp_path, design(b"/A Do", resources, streams, edit=lift))))
    assert len(graft.objects) == 3
    data = printed(fonts, graft)
    with resources_of(data) as own:
        assert set(own.keys()) == {"/XObject"}
        assert set(own.XObject.keys()) == {"/A"}
        assert set(own.XObject.A.Resources.XObject.keys()) == {"/Inner"}
    assert b"PieceInfo" not in data
    assert_same(trimmed(data), trimmed(tmp_path / "design.pdf"))


@pytest.mark.parametrize("start", [b"Q q", b"q"])
def test_contents_in_pieces_left_open_and_overclosed_stay_apart(
    fonts: FontLibrary, load: Load, tmp_path: Path, text, start: bytes
) -> None:
    """What the page leaves open must not reach the slots, and what it closes too much must not either."""
    pieces = [start + b" 2 0 0 2 0 0 cm 0 1 0", b"0 k 20", b"30 40 30 re f q"]
    path = saved(tmp_path, design(pieces))
    kit = press_kit(fonts, {"art": []})
    kit.forms["art"] = load(artwork(path))
    data = print_pages(kit, [page(Stamp("art", 0.0, 0.0), text("青葉"))])
    with Pdf.open(BytesIO(data)) as pdf:
        form = pdf.pages[0].Resources.XObject.S0
        operators = [str(step.operator) for step in pikepdf.parse_content_stream(form)]
    assert operators.count("q") == operators.count("Q") == 2
    assert_same(trimmed(printed(fonts, kit.forms["art"])), trimmed(path))
    assert extracted(data) == "青葉"


def test_fonts_that_show_nothing_stay_behind(fonts: FontLibrary, load: Load) -> None:
    """reportlab begins each page and each form with an unembedded Helvetica."""
    with Pdf.open(SAMPLES / "reportlab.pdf") as pdf:
        assert "/F1" in pdf.pages[0].Resources.Font
    with resources_of(printed(fonts, load(artwork(SAMPLES / "reportlab.pdf")))) as own:
        assert "/F1" not in own.Font
        leaf = own.XObject["/FormXob.leaf"]
        assert "/Font" not in leaf.Resources
        assert b"F1" not in leaf.read_bytes()


@pytest.mark.parametrize("parameters", ["", "/DecodeParms << /EarlyChange 1 >>"])
def test_lzw_becomes_flate(fonts: FontLibrary, load: Load, tmp_path: Path, parameters: str) -> None:
    """The nine-bit codes of 45 45 45 45 45 65 45 45 45 66, the standard's own example (7.4.4.2)."""
    coded = bytes([0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01])
    stream = f"{IMAGE} /ColorSpace /DeviceGray /Filter /LZWDecode {parameters}".replace("/Width 2", "/Width 9")
    data = design(b"/Im Do", "<< /XObject << /Im @image >> >>", {"image": (stream, coded)})
    with resources_of(printed(fonts, load(artwork(saved(tmp_path, data))))) as own:
        image = own.XObject.Im
        assert image.Filter == "/FlateDecode"
        assert "/DecodeParms" not in image
        assert image.read_bytes() == bytes([45, 45, 45, 45, 45, 65, 45, 45, 45, 66])


def test_a_page_with_transparency_stays_a_group_and_one_without_loses_its_own(
    fonts: FontLibrary, load: Load, tmp_path: Path
) -> None:
    def group(pdf: Pdf, page_: Object) -> None:
        page_.Group = Dictionary(Type=Name.Group, S=Name.Transparency, CS=Name.DeviceCMYK, K=True)

    state = "<< /ExtGState << /Half << /ca 0.5 /BM /Multiply >> >> >>"
    path = saved(tmp_path, design(FLAG + b" /Half gs 1 0 0 0 k 100 100 80 80 re f", state, edit=group))
    data = printed(fonts, load(artwork(path)))
    with Pdf.open(BytesIO(data)) as pdf:
        made = pdf.pages[0].Resources.XObject.S0.Group
        assert (made.CS, made.K, made.I) == ("/DeviceCMYK", True, True)
    assert_same(trimmed(data), trimmed(path))

    def screen_group(pdf: Pdf, page_: Object) -> None:
        page_.Group = Dictionary(Type=Name.Group, S=Name.Transparency, CS=Name.DeviceRGB)

    opaque = printed(fonts, load(artwork(saved(tmp_path, design(FLAG, edit=screen_group)))))
    with Pdf.open(BytesIO(opaque)) as pdf:
        assert "/Group" not in pdf.pages[0].Resources.XObject.S0


def _layered(state: str) -> Callable[[Pdf, Object], None]:
    def edit(pdf: Pdf, page_: Object) -> None:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="背景"))
        page_.Resources = Dictionary(Properties=Dictionary(MC0=layer))
        pdf.Root.OCProperties = Dictionary(OCGs=[layer], D=Dictionary({f"/{state}": [layer]}))

    return edit


def test_layers_that_print_become_part_of_the_page(fonts: FontLibrary, load: Load, tmp_path: Path) -> None:
    content = b"/OC /MC0 BDC " + FLAG + b" EMC"
    path = saved(tmp_path, design(content, edit=_layered("ON")))
    data = printed(fonts, load(artwork(path)))
    with Pdf.open(BytesIO(data)) as pdf:
        form = pdf.pages[0].Resources.XObject.S0
        assert "/Properties" not in form.Resources
        assert b"/OC BMC" in form.read_bytes()
    assert_same(trimmed(data), trimmed(path))


def test_hints_are_entries_of_the_form_and_each_page_has_a_digest_of_its_own(load: Load) -> None:
    first, again, second = (load(artwork(SAMPLES / "reportlab.pdf", number)) for number in (1, 1, 2))
    assert first.digest == again.digest != second.digest
    (_, form), *others = second.bodies(5, b"/GTS_Scope/File")
    assert form.startswith(b"<</GTS_Scope/File/Type/XObject")
    assert not any(b"GTS_Scope" in body for _, body in others)


# Refusals


def test_a_hidden_layer_is_refused_by_name(refused: Callable[..., str]) -> None:
    message = refused(design(b"/OC /MC0 BDC 0 g EMC", edit=_layered("OFF")))
    assert '"背景" is a layer that does not print' in message
    assert "layer /MC0" in message


def test_rgb_is_refused_with_every_object_that_brings_it(refused: Callable[..., str]) -> None:
    message = refused((SAMPLES / "cairo.pdf").read_bytes())
    assert "page 1" in message
    assert "image /x7 (object 7): DeviceRGB, 16 × 16 pixels" in message
    assert "shading /sh6 (object 6): shading in DeviceRGB" in message
    assert "page content: operator rg: DeviceRGB" in message
    assert "converted to CMYK" in message


def test_a_long_list_of_causes_is_cut(refused: Callable[..., str]) -> None:
    names = [f"/C{number}" for number in range(25)]
    spaces = " ".join(f"{name} [/Separation /Ink{name[1:]} /DeviceRGB << >>]" for name in names)
    message = refused(design(" ".join(f"{name} cs" for name in names).encode(), f"<< /ColorSpace << {spaces} >> >>"))
    assert "InkC9" in message
    assert "InkC10" not in message
    assert "(and 15 more)" in message


def test_transparency_is_refused_only_for_x1a(refused: Callable[..., str], load: Load, tmp_path: Path) -> None:
    data = design(b"/Half gs 0 g 0 0 9 9 re f", "<< /ExtGState << /Half << /ca 0.5 >> >> >>")
    load(artwork(saved(tmp_path, data)))
    assert "graphics state /Half: transparency (/ca)" in refused(data, Rules(x1a=True))


@pytest.mark.parametrize(
    ("boxes", "wanted", "parts"),
    [
        ({"TrimBox": (13, 13, 112, 93)}, {}, ("its trim is 99.0 × 80.0 mm", "the layout's trim is 100.0 × 80.0 mm")),
        ({"TrimBox": (13, 13, 93, 113), "MediaBox": (0, 0, 200, 200)}, {}, ("80.0 × 100.0 mm", "turn the page")),
        ({"TrimBox": None, "BleedBox": None, "MediaBox": (0, 0, 100, 80)}, {}, ("no bleed", "106.0 × 86.0 mm in all")),
        ({"TrimBox": None, "BleedBox": None}, {}, ("it is 126.0 × 106.0 mm and has no TrimBox", "100.0 × 80.0 mm")),
        ({"BleedBox": (13, 11, 116, 96)}, {}, ("0.0 mm on the left", "3.0 at the top", "2.0 at the bottom")),
        ({"BleedBox": None, "MediaBox": (13, 10, 120, 99)}, {}, ("0.0 mm on the left", "6.0 at the top")),
        ({"BleedBox": None, "CropBox": (13, 13, 113, 93)}, {}, ("0.0 mm on the left",)),
        ({}, {"bleed": 5.0}, ("3.0 mm on the left", "wants 5 mm")),
    ],
)  # fmt: skip
def test_boxes_that_do_not_match_are_refused_with_both_sizes(
    refused: Callable[..., str], boxes: dict, wanted: dict[str, float], parts: tuple[str, ...]
) -> None:
    message = refused(design(FLAG, boxes=boxes), **wanted)
    for part in parts:
        assert part in message, message


def test_a_turned_page_tells_the_sides_as_they_are_seen(refused: Callable[..., str]) -> None:
    def turn(pdf: Pdf, page_: Object) -> None:
        page_.Rotate = 90

    message = refused(design(FLAG, boxes={"BleedBox": (13, 10, 116, 95)}, edit=turn), width=80.0, height=100.0)
    assert "3.0 mm on the left, 0.0 at the top, 2.0 on the right, 3.0 at the bottom" in message


@pytest.mark.parametrize(
    "boxes",
    [
        {"TrimBox": None, "ArtBox": (13, 13, 113, 93)},
        {"TrimBox": None, "BleedBox": None, "MediaBox": (0, 0, 106, 86)},
        {"BleedBox": None},
        {"TrimBox": (13.04, 13.04, 113, 93)},
        {"MediaBox": (-50, -50, 126, 106)},
    ],
)
def test_boxes_that_say_the_same_otherwise_are_accepted(load: Load, tmp_path: Path, boxes: dict) -> None:
    assert load(artwork(saved(tmp_path, design(FLAG, boxes=boxes)))).objects


def test_without_bleed_a_page_may_end_at_its_trim(load: Load, tmp_path: Path) -> None:
    boxes = {"TrimBox": None, "BleedBox": None, "MediaBox": (0, 0, 100, 80)}
    assert load(artwork(saved(tmp_path, design(FLAG, boxes=boxes)), bleed=0.0)).objects


def _annotate(subtype: Name, rect: list[float]) -> Callable[[Pdf, Object], None]:
    def edit(pdf: Pdf, page_: Object) -> None:
        look = Stream(pdf, b"")
        page_.Annots = Array([Dictionary(Subtype=subtype, Rect=rect, F=4, AP=Dictionary(N=look))])

    return edit


def test_what_prints_without_being_part_of_the_page_is_refused(refused: Callable[..., str]) -> None:
    assert "Stamp: what is not part of the page" in refused(design(FLAG, edit=_annotate(Name.Stamp, [90, 90, 99, 99])))


@pytest.mark.parametrize(
    ("subtype", "rect"),
    [(Name.PrinterMark, [90, 90, 99, 99]), (Name.Stamp, [0, 0, 20, 20]), (Name.Stamp, [0, 0, 0, 0])],
)
def test_marks_and_notes_outside_the_bleed_are_left_behind(
    load: Load, tmp_path: Path, subtype: Name, rect: list
) -> None:
    assert load(artwork(saved(tmp_path, design(FLAG, edit=_annotate(subtype, rect))))).objects


def test_a_document_that_runs_javascript_is_refused(refused: Callable[..., str]) -> None:
    def edit(pdf: Pdf, page_: Object) -> None:
        pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([])))

    assert "JavaScript" in refused(design(FLAG, edit=edit))


def test_there_must_be_such_a_page(load: Load) -> None:
    with pytest.raises(CampaignError, match="has no page 3; it has 2"):
        load(artwork(SAMPLES / "reportlab.pdf", 3))


@pytest.mark.parametrize("password", ["", "secret"])
def test_a_protected_file_is_refused(refused: Callable[..., str], password: str) -> None:
    with Pdf.open(BytesIO(design(FLAG))) as pdf:
        out = BytesIO()
        pdf.save(out, encryption=pikepdf.Encryption(owner="owner", user=password))
    assert "protected" in refused(out.getvalue())


def test_a_file_that_is_no_pdf_is_refused(refused: Callable[..., str]) -> None:
    assert "not a PDF" in refused(b"\x89PNG\r\n")
    assert "not a PDF" in refused(b"")


def test_a_cut_off_file_is_damaged(refused: Callable[..., str]) -> None:
    assert "damaged" in refused(design(FLAG)[:-200])


def test_a_stream_that_does_not_inflate_is_damaged(refused: Callable[..., str]) -> None:
    streams = {"image": (f"{IMAGE} /ColorSpace /DeviceGray /Filter /FlateDecode", b"x\x9cKL\x04")}
    assert "object" in (message := refused(design(b"/Im Do", "<< /XObject << /Im @image >> >>", streams)))
    assert "is damaged" in message


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_file_with_any_wrong_bytes_is_taken_or_refused_in_words(
    load: Load, tmp_path: Path, data: st.DataObject
) -> None:
    sample = bytearray((SAMPLES / data.draw(st.sampled_from(["ghostscript.pdf", "weasyprint.pdf"]))).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        sample[data.draw(st.integers(0, len(sample) - 1))] = data.draw(st.integers(0, 255))
    path = saved(tmp_path, bytes(sample))
    try:
        graft = load(artwork(path))
    except CampaignError as error:
        assert Speaker("en").error(error)
    else:
        assert list(graft.bodies(1))


# Same input, same bytes


def test_the_same_page_is_always_the_same_bytes(tmp_path: Path) -> None:
    """Whatever the order of Python's sets."""
    program = """
import sys; from pathlib import Path
from dmgen.model.layout import Artwork; from dmgen.pdf import Rules; from dmgen.press import load_artwork
graft = load_artwork(Artwork(Path(sys.argv[1]), 1, 100.0, 80.0, 3.0), Path(sys.argv[2]), Rules())
sys.stdout.buffer.write(b"".join(body for _, body in graft.bodies(7)))
"""
    command = [sys.executable, "-c", program, str(SAMPLES / "reportlab.pdf"), str(tmp_path / "streams")]
    outputs = {
        subprocess.run(command, capture_output=True, check=True, env=os.environ | {"PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


@pytest.mark.system
def test_every_ink_comes_out_of_the_rip_as_before(
    program: Callable[[str], str], fonts: FontLibrary, load: Load, tmp_path: Path
) -> None:
    """Ghostscript's separations of the designer's page and of ours, spot ink and overprint included."""
    theirs, ours = tmp_path / "theirs.pdf", tmp_path / "ours.pdf"
    ours.write_bytes(printed(fonts, load(artwork(SAMPLES / "reportlab.pdf"))))
    with Pdf.open(SAMPLES / "reportlab.pdf") as pdf:
        del pdf.pages[1]
        pdf.pages[0].MediaBox = pdf.pages[0].TrimBox
        pdf.save(theirs)
    with Pdf.open(ours, allow_overwriting_input=True) as pdf:
        assert page_boxes(pdf.pages[0].obj).bleed
        pdf.pages[0].MediaBox = pdf.pages[0].TrimBox
        pdf.save(ours)
    for path in (theirs, ours):
        options = ["-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=tiffsep", "-r72", f"-sOutputFile={path.stem}.tif"]
        subprocess.run([program("gs"), *options, str(path)], cwd=tmp_path, check=True, capture_output=True)
    inks = sorted(path.name.removeprefix("ours") for path in tmp_path.glob("ours*.tif"))
    assert "(DIC 161).tif" in inks
    for ink in inks:
        left, right = (Image.open(tmp_path / f"{name}{ink}").convert("L") for name in ("ours", "theirs"))
        assert_plate(left, right, ink)


def assert_plate(ours: Image.Image, theirs: Image.Image, ink: str) -> None:
    assert ours.size == theirs.size
    histogram = ImageChops.difference(ours, theirs).histogram()
    assert sum(histogram[60:]) <= ours.width * ours.height // 200, ink
