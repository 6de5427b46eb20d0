"""What is right, however unusual, is not reported: a preflight that cries wolf is not read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from dmgen.model.printing import Standard
from dmgen.preflight import preflight_file
from dmgen.resources import asset
from tests.preflight import material

X4, VT1, X1A = Standard.X4, Standard.VT1, Standard.X1A_2003
Change = Callable[[Pdf], object]


def _page(pdf: Pdf) -> Object:
    return pdf.Root.Pages.Kids[1]


def _draw(contents: bytes, **resources: Callable[[Pdf], Object]) -> Change:
    """Further contents, with a further resource of a kind (named X)."""

    def change(pdf: Pdf) -> None:
        for kind, make in resources.items():
            listed = _page(pdf).Resources.get(f"/{kind}") or Dictionary()
            listed.X = make(pdf)
            _page(pdf).Resources[f"/{kind}"] = listed
        _page(pdf).Contents = pdf.make_stream(_page(pdf).Contents.read_bytes() + b"\n" + contents)

    return change


def _text(place: bytes, colour: bytes = b"0 0 0 1 k") -> bytes:
    return b"q %b BT /F0 10 Tf %b Td <%b> Tj ET Q" % (colour, place, material.codes())


def _default_rgb(pdf: Pdf) -> None:
    """A default colour space stands for DeviceRGB (ISO 32000-1, 8.6.5.6): here three inks, so no RGB is printed."""
    spaces = Dictionary(
        {"/DefaultRGB": Array([Name.DeviceN, Array([Name.A, Name.B, Name.C]), Name.DeviceCMYK, _tint()])}
    )
    _draw(b"1 0 0 rg 50 50 9 9 re f", ColorSpace=lambda _: Name.DeviceGray)(pdf)
    _page(pdf).Resources.ColorSpace.DefaultRGB = spaces["/DefaultRGB"]


def _tint() -> Object:
    return Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1)


def _same_spot(pdf: Pdf) -> Object:
    """The same definition as other objects."""
    spot = material.spot()
    spot[3] = pdf.make_indirect(spot[3])
    return pdf.make_indirect(spot)


def _intent_by_name(pdf: Pdf) -> None:
    """PDF/X-1a may name a registered condition."""
    intent = pdf.Root.OutputIntents[0]
    del intent.DestOutputProfile, intent.Info
    intent.OutputConditionIdentifier = String("JC200103")


def _further_intent(pdf: Pdf) -> None:
    pdf.Root.OutputIntents.append(Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFA1))


def _other_zone(pdf: Pdf) -> None:
    """The same moment, written in another zone."""
    pdf.trailer.Info.ModDate = String("D:20260404150000Z")


def _art_box(pdf: Pdf) -> None:
    _page(pdf).ArtBox = _page(pdf).TrimBox
    del _page(pdf).TrimBox


def _inherits(pdf: Pdf) -> None:
    """MediaBox and Resources may come from above."""
    pdf.Root.Pages.MediaBox = _page(pdf).MediaBox
    pdf.Root.Pages.Resources = pdf.make_indirect(_page(pdf).Resources)
    del _page(pdf).MediaBox, _page(pdf).Resources


def _annotated(subtype: str, *rect: int) -> Change:
    note = Dictionary(Type=Name.Annot, Subtype=Name(subtype), Rect=Array(list(rect)))
    return lambda pdf: _page(pdf).__setitem__("/Annots", Array([note]))


def _one_part(pdf: Pdf) -> None:
    """A piece of both pages: /Start and /End."""
    job = pdf.Root.DPartRoot.DPartRootNode
    first = job.DParts[0][0]
    first.End = _page(pdf)
    _page(pdf).DPart = first
    job.DParts = Array([Array([first])])


def _other_profile(pdf: Pdf) -> Object:
    """ICC-based CMYK of another profile than the intent's."""
    data = bytearray(asset("icc", "FOGRA39L.icc").read_bytes())
    data[24:36] = bytes(12)  # made at another time
    return Array([Name.ICCBased, pdf.make_stream(bytes(data), N=4)])


def _pixel(pdf: Pdf) -> Object:
    return material.add_image(pdf, Width=1, Height=1)


def _form_in_form(pdf: Pdf) -> Object:
    own = Dictionary(XObject=Dictionary(Fm0=material.add_form(pdf)))
    return material.add_form(pdf, b"/Fm0 Do", Resources=own)


_OPAQUE = Dictionary(ca=1.0, CA=1, BM=Name.Normal, SMask=Name("/None"))
_KNOCKS_OUT = Dictionary(op=False)

ALLOWED: list[tuple[str, Standard, Change]] = [
    ("a default colour space", X4, _default_rgb),
    ("one spot colour twice", X4, _draw(b"/X cs 1 scn", ColorSpace=_same_spot)),
    ("another CMYK profile", X4, _draw(b"/X cs 0 0 0 1 scn", ColorSpace=_other_profile)),
    ("a named condition", X1A, _intent_by_name),
    ("an intent for archives", X4, _further_intent),
    ("dates in two zones", X4, _other_zone),
    ("an ArtBox alone", X4, _art_box),
    ("inherited entries", X4, _inherits),
    ("an annotation beside the bleed", X4, _annotated("/Text", 319, 319, 320, 320)),
    ("a printer's mark", X4, _annotated("/PrinterMark", 0, 0, 320, 320)),
    ("a part of several pages", VT1, _one_part),
    ("transparency", X4, _draw(b"/X gs", ExtGState=lambda _: Dictionary(ca=0.5, BM=Name.Multiply))),
    ("no transparency to speak of", X1A, _draw(b"/X gs", ExtGState=lambda _: _OPAQUE)),
    ("a slug beside the bleed", X4, lambda pdf: (
        _page(pdf).__setitem__("/MediaBox", Array([0, -50, 320, 320])), _draw(_text(b"20 -30"))(pdf),
    )),
    ("text at the safe line", X4, _draw(_text(b"19 19"))),
    ("register marks", X4, _draw(b"/X CS 1 SCN 5 0 m 5 9 l S", ColorSpace=lambda _: material.spot(name="/All"))),
    ("large rich black", X4, _draw(_text(b"50 150", b".5 0 0 1 k").replace(b"10 Tf", b"12 Tf"))),
    ("K90 text", X4, _draw(_text(b"50 150", b"/X gs 0 0 0 .9 k"), ExtGState=lambda _: _KNOCKS_OUT)),
    ("a flat colour of one pixel", X4, _draw(b"q 99 0 0 99 50 50 cm /X Do Q", XObject=_pixel)),
    ("28 states", X4, _draw(b"q " * 28 + b"Q " * 28)),
    ("an inline image", X4, _draw(b"q .4 0 0 .4 50 50 cm BI /W 4 /H 4 /BPC 1 /IM true ID xxxx EI Q")),
    ("a stitched form", X4, _draw(b"/X Do", XObject=_form_in_form)),
]  # fmt: skip


@pytest.mark.parametrize(("standard", "change"), [row[1:] for row in ALLOWED], ids=[row[0] for row in ALLOWED])
def test_what_is_allowed_is_not_reported(standard: Standard, change: Change, tmp_path: Path) -> None:
    pdf = material.sound(standard)
    change(pdf)
    report = preflight_file(material.saved(pdf, tmp_path / "a.pdf", standard))
    assert [(finding.rule, finding.at, finding.values) for finding in report.findings] == []
