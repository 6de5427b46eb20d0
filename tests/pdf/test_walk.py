"""Everything that a page draws with is found, with the way to it, however it is nested; nothing else is."""

from io import BytesIO

import pikepdf
import pytest
from pikepdf import Dictionary, Name, Object, Pdf, Stream

from dmgen.pdf import (
    AnnotationUse,
    ColorUse,
    FontUse,
    GroupUse,
    ImageUse,
    IntentUse,
    LayerUse,
    PageUses,
    ShadingUse,
    StateUse,
    XObjectUse,
    place,
    walk_page,
)
from tests.designs import design

RGB_IMAGE = "/Type /XObject /Subtype /Image /Width 2 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceRGB"
FORM = "/Type /XObject /Subtype /Form /BBox [0 0 99 99]"


def walked(data: bytes) -> PageUses:
    pdf = Pdf.open(BytesIO(data))
    return walk_page(pdf.pages[0].obj)


def uses(data: bytes, kind: type) -> list:
    return [use for use in walked(data).uses if isinstance(use, kind)]


def where(use: object) -> str:
    """The steps to a use without object numbers."""
    return "/".join(f"{step.kind} {step.name}".strip() for step in use.path)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("operators", "space"),
    [
        (b"0 g", "DeviceGray"), (b"0 0 0 1 k", "DeviceCMYK"), (b"1 0 0 RG", "DeviceRGB"),
        (b"/DeviceRGB cs 1 0 0 sc", "DeviceRGB"), (b"/C CS", "Separation DIC 161"), (b"/I cs", "Indexed DeviceRGB"),
        (b"/N cs", "DeviceN Cyan Gold"), (b"/L cs", "Lab"), (b"/W cs", "CalRGB"), (b"/Missing cs", "unknown"),
    ],
)  # fmt: skip
def test_a_colour_is_named_by_its_operator_and_space(operators: bytes, space: str) -> None:
    tint = "<< /FunctionType 2 /Domain [0 1] /N 1 /C0 [0 0 0 0] /C1 [0 1 1 0] >>"
    spaces = (
        f"/C [/Separation /DIC#20161 /DeviceCMYK {tint}] /I [/Indexed /DeviceRGB 0 <ff0000>] /L [/Lab << >>]"
        f" /N [/DeviceN [/Cyan /Gold] /DeviceCMYK {tint}] /W [/CalRGB << >>]"
    )
    (use,) = uses(design(operators, f"<< /ColorSpace << {spaces} >> >>"), ColorUse)
    assert str(use.space) == space
    assert use.operator.encode() in operators


def test_the_default_space_of_the_resources_stands_for_the_device(tmp_path) -> None:
    profile = ("/N 3", bytes(16) + b"RGB " + bytes(108))
    resources = "<< /ColorSpace << /DefaultRGB [/ICCBased @p] >> >>"
    (use,) = uses(design(b"1 0 0 rg", resources, {"p": profile}), ColorUse)
    assert str(use.space) == "ICCBased RGB"


def test_a_profile_counts_for_what_it_is_not_for_what_n_says() -> None:
    profile = ("/N 4", bytes(16) + b"RGB " + bytes(108))
    (use,) = uses(design(b"/C cs", "<< /ColorSpace << /C [/ICCBased @p] >> >>", {"p": profile}), ColorUse)
    assert use.space.components == 3


def test_things_are_found_in_forms_patterns_masks_and_glyphs() -> None:
    streams = {
        "image": (RGB_IMAGE, b"\xff\0\0\0\xff\0"),
        "inner": (f"{FORM} /Resources << /XObject << /Im @image >> >>", b"/Im Do"),
        "outer": (f"{FORM} /Resources << /XObject << /In @inner >> >>", b"/In Do /In Do"),
        "tile": ("/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9"
                 " /Resources << >>", b"1 0 0 rg 0 0 5 5 re f"),
        "mask": (f"{FORM} /Group << /S /Transparency /CS /DeviceGray >> /Resources << >>", b"0 1 0 rg"),
        "glyph": ("", b"9 0 d0 0 0 1 RG"),
    }  # fmt: skip
    resources = """<< /XObject << /Out @outer >> /Pattern << /P @tile >>
      /ExtGState << /G << /SMask << /S /Luminosity /G @mask >> >> >>
      /Font << /T << /Type /Font /Subtype /Type3 /CharProcs << /a @glyph >> /Resources << >> >> >> >>"""
    data = design(b"/Out Do /Pattern cs /P scn /G gs BT /T 9 Tf (a) Tj ET", resources, streams)
    assert [where(use) for use in uses(data, ImageUse)] == ["form /Out/form /In/image /Im"]
    found = {(where(use), str(use.space)) for use in uses(data, ColorUse)}
    assert found == {
        ("", "Pattern"),
        ("pattern /P", "DeviceRGB"),
        ("state /G/soft mask", "DeviceRGB"),
        ("font /T", "DeviceRGB"),
    }
    assert [where(use) for use in uses(data, GroupUse)] == ["state /G/soft mask"]
    assert len(uses(data, StateUse)) == 1
    objects = [where(use) for use in uses(data, XObjectUse)]
    assert objects == ["form /Out", "form /Out/form /In", "form /Out/form /In/image /Im"]


def test_forms_that_draw_each_other_are_read_once() -> None:
    def circle(pdf: Pdf, page: Object) -> None:
        form = page.Resources.XObject.A
        form.Resources = Dictionary(XObject=Dictionary(A=form))

    data = design(b"/A Do", "<< /XObject << /A @a >> >>", {"a": (FORM, b"/A Do 1 0 0 rg")}, edit=circle)
    assert [where(use) for use in uses(data, ColorUse)] == ["form /A"]


def test_a_form_without_resources_has_those_around_it() -> None:
    resources = "<< /XObject << /A @a /Im @image >> >>"
    data = design(b"/A Do", resources, {"a": (FORM, b"/Im Do"), "image": (RGB_IMAGE, bytes(6))})
    assert [where(use) for use in uses(data, ImageUse)] == ["form /A/image /Im"]


def test_resources_of_the_pages_above_are_in_force() -> None:
    def lift(pdf: Pdf, page: Object) -> None:
        pdf.Root.Pages.Resources = page.Resources
        del page["/Resources"]

    data = design(b"/Im Do", "<< /XObject << /Im @image >> >>", {"image": (RGB_IMAGE, bytes(6))}, edit=lift)
    with Pdf.open(BytesIO(data), inherit_page_attributes=False) as pdf:
        assert "/Resources" not in pdf.pages[0].obj
        assert any(isinstance(use, ImageUse) for use in walk_page(pdf.pages[0].obj).uses)


def test_only_what_is_named_is_used() -> None:
    resources = "<< /XObject << /Im @image /Other @image >> /Font << /F << /Subtype /Type1 /BaseFont /Arial >> >> >>"
    data = design(b"BT /F 9 Tf ET 0 g", resources, {"image": (RGB_IMAGE, bytes(6))})
    found = walked(data)
    assert [type(use) for use in found.uses] == [ColorUse]
    assert found.contents[0].names["/Font"] == {"/F"}
    assert found.contents[0].shown == set()


def test_a_font_is_used_by_the_form_that_takes_it_over() -> None:
    resources = "<< /XObject << /A @a >> /Font << /F << /Subtype /Type1 /BaseFont /Arial >> >> >>"
    content = b"/F 9 Tf q /Other 9 Tf Q /A Do"
    data = design(content, resources, {"a": (f"{FORM} /Resources << >>", b"BT (x) Tj ET")})
    (font,) = uses(data, FontUse)
    assert (where(font), font.name, font.embedded) == ("font /F", "Arial", False)


@pytest.mark.parametrize(
    ("font", "embedded"),
    [
        ("/Subtype /TrueType /FontDescriptor << /FontFile2 @program >>", True),
        ("/Subtype /Type0 /DescendantFonts [<< /FontDescriptor << /FontFile3 @program >> >>]", True),
        ("/Subtype /Type0 /DescendantFonts [<< /FontDescriptor << >> >>]", False),
        ("/Subtype /Type1", False),
        ("/Subtype /Type3", True),
    ],
)
def test_a_font_is_embedded_whose_program_is_there(font: str, embedded: bool) -> None:
    data = design(b"BT /F 9 Tf (x) ' ET", f"<< /Font << /F << /BaseFont /X {font} >> >> >>", {"program": ("", b"")})
    (use,) = uses(data, FontUse)
    assert use.embedded is embedded


def test_an_inline_image_is_an_image() -> None:
    (use,) = uses(design(b"q BI /W 2 /H 1 /BPC 8 /CS /RGB /F /AHx ID ff000000ff00> EI Q"), ImageUse)
    assert (where(use), str(use.space), use.width, use.height, use.bits) == ("inline image", "DeviceRGB", 2, 1, 8)
    assert use.filters == ("ASCIIHexDecode",)


def test_soft_masks_shadings_intents_layers_and_annotations_are_found() -> None:
    def annotate(pdf: Pdf, page: Object) -> None:
        look = Stream(pdf, b"")
        page.Annots = pdf.make_indirect(
            pikepdf.Array(
                [
                    Dictionary(Subtype=Name.Stamp, Rect=[0, 0, 9, 9], F=4, AP=Dictionary(N=look)),
                    Dictionary(Subtype=Name.Link, Rect=[0, 0, 9, 9], F=4),
                ]
            )
        )

    streams = {
        "soft": ("/Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray", b"0"),
        "image": (f"{RGB_IMAGE} /SMask @soft", bytes(6)),
        "smooth": ("/ShadingType 4 /ColorSpace /DeviceRGB", b""),
    }
    resources = """<< /XObject << /Im @image >> /Shading << /S @smooth >>
      /Properties << /L << /Type /OCG /Name (Layer 1) >> /M << /Metadata 1 >> >> >>"""
    content = b"/Im Do /S sh /Perceptual ri /OC /L BDC EMC /Span /M BDC EMC /Span << /MCID 1 >> BDC EMC"
    data = design(content, resources, streams, edit=annotate)
    assert [where(use) for use in uses(data, ImageUse)] == ["image /Im", "image /Im/soft mask"]
    assert [str(use.space) for use in uses(data, ShadingUse)] == ["DeviceRGB"]
    assert [use.intent for use in uses(data, IntentUse)] == ["Perceptual"]
    assert [where(use) for use in uses(data, LayerUse)] == ["layer /L"]
    assert [(use.subtype, use.printed) for use in uses(data, AnnotationUse)] == [("Stamp", True), ("Link", False)]


def test_what_is_left_open_or_closes_nothing_is_counted() -> None:
    content = walked(design(b"Q q q Q q")).contents[0]
    assert (content.closed, content.depth) == (1, 2)


def test_names_may_have_any_bytes() -> None:
    """Shift JIS, as old Japanese programs wrote it."""

    def rename(pdf: Pdf, page: Object) -> None:
        spaces = b"<< /#93#c1#90F [/Separation /#8b#e0 /DeviceCMYK << /FunctionType 2 /Domain [0 1] /N 1 >>] >>"
        page.Resources.ColorSpace = pikepdf.Object.parse(spaces)

    (use,) = uses(design(b"/#93#c1#90F cs 1 scn", edit=rename), ColorUse)
    assert str(use.space) == "Separation \\x8b\\xe0"


def test_a_place_is_told_in_words() -> None:
    streams = {"image": (RGB_IMAGE, bytes(6)), "a": (f"{FORM} /Resources << /XObject << /Im @image >> >>", b"/Im Do")}
    (use,) = uses(design(b"/A Do", "<< /XObject << /A @a >> >>", streams), ImageUse)
    numbers = [step.number for step in use.path]
    assert all(numbers)

    def said(error: object) -> str:
        return error.message.format(**{k: said(v) if hasattr(v, "message") else v for k, v in error.values.items()})

    assert said(place(use.path)) == f"form /A (object {numbers[0]}) › image /Im (object {numbers[1]})"
    assert said(place(())) == "page content"
