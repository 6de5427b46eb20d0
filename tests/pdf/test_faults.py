"""Whatever PDF/X forbids in a page's contents is named, and nothing that it allows."""

from io import BytesIO

import pytest
from pikepdf import Dictionary, Name, Pdf

from dmgen.pdf import Rules, prints, use_faults, walk_page
from tests.designs import design

TINT = "<< /FunctionType 2 /Domain [0 1] /N 1 /C0 [0 0 0 0] /C1 [0 1 1 0] >>"
IMAGE = "/Type /XObject /Subtype /Image /Width 2 /Height 1 /BitsPerComponent 8"
FORM = "/Type /XObject /Subtype /Form /BBox [0 0 99 99]"
GROUP = f"{FORM} /Group << /S /Transparency /CS /DeviceCMYK >>"
CMYK_PROFILE = bytes(16) + b"CMYK" + bytes(108)
GRAY_PROFILE = bytes(16) + b"GRAY" + bytes(108)


def codes(data: bytes, rules: Rules) -> list[str]:
    with Pdf.open(BytesIO(data)) as pdf:
        return [fault.code for use in walk_page(pdf.pages[0].obj).uses for fault in use_faults(use, rules)]


# (name, content, resources, streams, faults as PDF/X-4, further faults as PDF/X-1a)
CASES: list[tuple[str, bytes, str, dict[str, tuple[str, bytes]], list[str], list[str]]] = [
    ("gray and CMYK", b"0 g 0 0 0 1 K", "", {}, [], []),
    ("RGB", b"1 0 0 rg", "", {}, ["rgb"], []),
    ("calibrated RGB", b"/C cs", "/ColorSpace << /C [/CalRGB << >>] >>", {}, ["rgb"], []),
    ("Lab", b"/C cs", "/ColorSpace << /C [/Lab << >>] >>", {}, ["rgb"], []),
    ("calibrated gray", b"/C cs", "/ColorSpace << /C [/CalGray << >>] >>", {}, [], ["space"]),
    ("ICC gray", b"/C cs", "/ColorSpace << /C [/ICCBased @p] >>", {"p": ("/N 1", GRAY_PROFILE)}, [], ["space"]),
    ("ICC CMYK", b"/C cs", "/ColorSpace << /C [/ICCBased @p] >>", {"p": ("/N 4", CMYK_PROFILE + b"x")}, [], ["space"]),
    ("the intent's own profile", b"/C cs", "/ColorSpace << /C [/ICCBased @p] >>", {"p": ("/N 4", CMYK_PROFILE)},
     ["profile"], ["space"]),
    ("ICC RGB", b"/C cs", "/ColorSpace << /C [/ICCBased @p] >>",
     {"p": ("/N 3", bytes(16) + b"RGB " + bytes(108))}, ["rgb"], []),
    ("spot", b"/C cs", f"/ColorSpace << /C [/Separation /Gold /DeviceCMYK {TINT}] >>", {}, [], []),
    ("spot over Lab", b"/C cs", f"/ColorSpace << /C [/Separation /Gold [/Lab << >>] {TINT}] >>", {}, [], ["space"]),
    ("spot over RGB", b"/C cs", f"/ColorSpace << /C [/Separation /Gold /DeviceRGB {TINT}] >>", {}, ["rgb"], []),
    ("index of RGB", b"/C cs", "/ColorSpace << /C [/Indexed /DeviceRGB 0 <ff0000>] >>", {}, ["rgb"], []),
    ("pattern in RGB", b"/C cs", "/ColorSpace << /C [/Pattern /DeviceRGB] >>", {}, ["rgb"], []),
    ("no space", b"/C cs", "", {}, ["space"], []),
    ("RGB image", b"/X Do", "/XObject << /X @x >>", {"x": (f"{IMAGE} /ColorSpace /DeviceRGB", bytes(6))}, ["rgb"], []),
    ("stencil", b"/X Do", "/XObject << /X @x >>", {"x": (f"{IMAGE} /ImageMask true", b"0")}, [], []),
    ("JPEG 2000", b"/X Do", "/XObject << /X @x >>",
     {"x": (f"{IMAGE} /ColorSpace /DeviceCMYK /Filter /JPXDecode", b"0")}, [], ["filter"]),
    ("JPEG 2000 of unknown colours", b"/X Do", "/XObject << /X @x >>", {"x": (f"{IMAGE} /Filter /JPXDecode", b"0")},
     ["space"], ["filter"]),
    ("LZW inline", b"BI /W 1 /H 1 /BPC 8 /CS /G /F /LZW ID 000 EI", "", {}, ["filter"], []),
    ("16 bits", b"/X Do", "/XObject << /X @x >>",
     {"x": (IMAGE.replace("8", "16") + " /ColorSpace /DeviceGray", bytes(4))}, [], ["bits"]),
    ("soft mask", b"/X Do", "/XObject << /X @x >>",
     {"m": (f"{IMAGE} /ColorSpace /DeviceGray", b"00"), "x": (f"{IMAGE} /ColorSpace /DeviceGray /SMask @m", b"00")},
     [], ["transparency"]),
    ("RGB shading", b"/S sh", "/Shading << /S << /ShadingType 2 /ColorSpace /DeviceRGB >> >>", {}, ["rgb"], []),
    ("opacity", b"/G gs", "/ExtGState << /G << /ca 0.5 /CA 1 >> >>", {}, [], ["transparency"]),
    ("opaque", b"/G gs", "/ExtGState << /G << /ca 1 /CA 1.0 /BM /Normal /SMask /None >> >>", {}, [], []),
    ("multiplied", b"/G gs", "/ExtGState << /G << /BM [/Multiply /Normal] >> >>", {}, [], ["transparency"]),
    ("no blend mode", b"/G gs", "/ExtGState << /G << /BM /Fancy >> >>", {}, ["blend"], ["transparency"]),
    ("transfer curve", b"/G gs", "/ExtGState << /G << /TR /Identity >> >>", {}, ["transfer"], []),
    ("default transfer", b"/G gs", "/ExtGState << /G << /TR2 /Default /OP true /OPM 1 >> >>", {}, [], []),
    ("no intent", b"/Vivid ri /G gs", "/ExtGState << /G << /RI /Bright >> >>", {}, ["intent", "intent"], []),
    ("group", b"/X Do", "/XObject << /X @x >>", {"x": (GROUP, b"")}, [], ["transparency"]),
    ("group in RGB", b"/X Do", "/XObject << /X @x >>", {"x": (GROUP.replace("CMYK", "RGB"), b"")}, ["rgb"],
     ["transparency"]),
    ("PostScript", b"/X Do", "/XObject << /X @x >>", {"x": ("/Type /XObject /Subtype /PS", b"")}, ["postscript"], []),
    ("OPI", b"/X Do", "/XObject << /X @x >>", {"x": (f"{FORM} /OPI << >>", b"")}, ["opi"], []),
    ("reference", b"/X Do", "/XObject << /X @x >>", {"x": (f"{FORM} /Ref << >>", b"")}, ["reference"], []),
    ("external", b"/X Do", "/XObject << /X @x >>", {"x": (f"{FORM} /F (a.dat)", b"")}, ["external"], []),
    ("alternates", b"/X Do", "/XObject << /X @x >>",
     {"x": (f"{IMAGE} /ColorSpace /DeviceGray /Alternates []", b"00")}, ["alternates"], []),
    ("font", b"BT /F 9 Tf (x) Tj ET", "/Font << /F << /Subtype /Type1 /BaseFont /Arial >> >>", {}, ["font"], []),
]  # fmt: skip


@pytest.mark.parametrize(("content", "resources", "streams", "x4", "x1a"), [case[1:] for case in CASES],
                         ids=[case[0] for case in CASES])  # fmt: skip
def test_faults(content: bytes, resources: str, streams: dict, x4: list[str], x1a: list[str]) -> None:
    data = design(content, f"<< {resources} >>", streams)
    assert sorted(codes(data, Rules(profile=CMYK_PROFILE))) == sorted(x4)
    assert sorted(codes(data, Rules(x1a=True, profile=CMYK_PROFILE))) == sorted(x4 + x1a)


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        ("", True),
        ("/OFF [@]", False),
        ("/BaseState /OFF", False),
        ("/BaseState /OFF /ON [@]", True),
    ],
)
@pytest.mark.parametrize("member", [False, True])
def test_a_layer_prints_that_nothing_turns_off(configuration: str, expected: bool, member: bool) -> None:
    pdf = Pdf.new()
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Layer 1"))
    settings = Dictionary()
    if "/OFF [@]" in configuration:
        settings.OFF = [group]
    if "/ON [@]" in configuration:
        settings.ON = [group]
    if "/BaseState" in configuration:
        settings.BaseState = Name.OFF
    pdf.Root.OCProperties = Dictionary(OCGs=[group], D=settings)
    layer = Dictionary(Type=Name.OCMD, OCGs=[group]) if member else group
    assert prints(layer, pdf.Root) is expected


def test_a_layer_for_the_screen_does_not_print() -> None:
    pdf = Pdf.new()
    group = Dictionary(Type=Name.OCG, Name="Notes", Usage=Dictionary(Print=Dictionary(PrintState=Name.OFF)))
    pdf.Root.OCProperties = Dictionary(OCGs=[group], D=Dictionary())
    assert not prints(pdf.make_indirect(group), pdf.Root)
