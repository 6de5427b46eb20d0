"""Fonts of every kind that other programs embed: right ones pass, wrong widths and missing glyphs are found."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.cffLib import FDArrayIndex, FDSelect, FontDict
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from pikepdf import Array, Dictionary, Name, Object, Pdf, String
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as ReportlabFont
from reportlab.pdfgen import canvas

from dmgen.model.printing import Standard
from dmgen.preflight import preflight_file
from dmgen.resources import asset
from tests.preflight import material

WIDTHS = {".notdef": 500, "A": 600, "B": 700}


def _compact(keyed: bool = False) -> bytes:
    """A CFF font of two letters, by name or by CID."""
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(list(WIDTHS))
    builder.setupCharacterMap({65: "A", 66: "B"})
    strings = {}
    for name, width in WIDTHS.items():
        pen = T2CharStringPen(width, None)
        pen.moveTo((0, 0))
        pen.lineTo((100, 0))
        pen.lineTo((100, 700))
        pen.closePath()
        strings[name] = pen.getCharString()
    builder.setupCFF("Two", {"FullName": "Two"}, strings, {})
    fonts = builder.font["CFF "].cff
    if keyed:
        _key(fonts[0])
    out = BytesIO()
    fonts.compile(out, builder.font)
    return out.getvalue()


def _key(top) -> None:
    """Turn names into CIDs 7 and 9, as the CFF specification (Adobe TN 5176, 19) wants it."""
    top.ROS = ("Adobe", "Identity", 0)
    top.CIDCount = 10
    private = top.Private
    entry = FontDict()
    entry.Private = private
    top.FDArray = FDArrayIndex()
    top.FDArray.append(entry)
    top.FDSelect = FDSelect()
    top.FDSelect.gidArray = [0] * len(WIDTHS)
    names = [".notdef", "cid00007", "cid00009"]
    top.CharStrings.charStrings = (
        dict(zip(names, range(3), strict=True))
        if top.CharStrings.charStringsAreIndexed
        else {new: top.CharStrings[old] for new, old in zip(names, WIDTHS, strict=True)}
    )
    top.charset = names
    top.FDSelect.format = 3
    del top.Private


def _descriptor(pdf: Pdf, data: bytes, subtype: str) -> Object:
    program = pdf.make_stream(data, Subtype=Name(f"/{subtype}"))
    return pdf.make_indirect(Dictionary(Type=Name.FontDescriptor, FontName=Name.Two, Flags=32, FontFile3=program))


def _simple(pdf: Pdf, widths: tuple[int, int], encoding: object = Name.WinAnsiEncoding) -> Object:
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Two, FirstChar=65, LastChar=66, Widths=Array(list(widths)),
        Encoding=encoding, FontDescriptor=_descriptor(pdf, _compact(), "Type1C"),
    )  # fmt: skip


def _composite(pdf: Pdf, widths: list[object], keyed: bool) -> Object:
    inner = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType0, BaseFont=Name.Two, W=Array(widths),
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=_descriptor(pdf, _compact(keyed), "CIDFontType0C"),
    )  # fmt: skip
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.Two, Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(inner)]), ToUnicode=pdf.make_stream(b""),
    )  # fmt: skip


def _rules(folder: Path, make: Callable[[Pdf], Object], shown: bytes) -> set[str]:
    pdf = material.sound(Standard.X4)
    page = pdf.Root.Pages.Kids[1]
    page.Resources.Font.F1 = make(pdf)
    page.Contents = pdf.make_stream(page.Contents.read_bytes() + b" BT /F1 12 Tf 50 50 Td " + shown + b" Tj ET")
    report = preflight_file(material.saved(pdf, folder / "a.pdf", Standard.X4))
    return {finding.rule for finding in report.findings}


_OTHER = Dictionary(Differences=Array([65, Name.B, Name("/.notdef")]))


@pytest.mark.parametrize(
    ("make", "shown", "rules"),
    [
        (lambda pdf: _simple(pdf, (600, 700)), b"(AB)", set()),
        (lambda pdf: _simple(pdf, (600, 650)), b"(AB)", {"widths"}),
        (lambda pdf: _simple(pdf, (600, 650)), b"(A)", set()),
        (lambda pdf: _simple(pdf, (600, 700)), b"(AC)", {"notdef"}),
        (lambda pdf: _simple(pdf, (700, 0), _OTHER), b"(A)", set()),
        (lambda pdf: _simple(pdf, (700, 0), _OTHER), b"(B)", {"notdef"}),
        (lambda pdf: _composite(pdf, [1, Array([600, 700])], keyed=False), b"<00010002>", set()),
        (lambda pdf: _composite(pdf, [1, Array([600, 701.9])], keyed=False), b"<00010002>", {"widths"}),
        (lambda pdf: _composite(pdf, [1, Array([600, 700])], keyed=False), b"<0003>", {"notdef"}),
        (lambda pdf: _composite(pdf, [7, 7, 600, 9, Array([700])], keyed=True), b"<00070009>", set()),
        (lambda pdf: _composite(pdf, [7, 9, 600], keyed=True), b"<00070009>", {"widths"}),
        (lambda pdf: _composite(pdf, [7, 9, 600], keyed=True), b"<0001>", {"notdef"}),
    ],
)
def test_compact_fonts(make: Callable[[Pdf], Object], shown: bytes, rules: set[str], tmp_path: Path) -> None:
    assert _rules(tmp_path, make, shown) == rules


@pytest.mark.parametrize(("words", "missing"), [("株式会社 Ab1", False), ("株式会社 😀", True)])
def test_a_letter_that_reportlab_drops_is_found(words: str, missing: bool, tmp_path: Path) -> None:
    """Its simple TrueType subsets show code 0 for what the font does not have."""
    pdfmetrics.registerFont(ReportlabFont("Noto", str(asset("fonts", "NotoSansJP-Regular.ttf"))))
    drawn = canvas.Canvas(str(tmp_path / "a.pdf"), pagesize=(300, 300), initialFontName="Noto")
    drawn.setTrimBox((20, 20, 280, 280))
    drawn.setFont("Noto", 14)
    drawn.drawString(40, 40, words)
    drawn.save()
    rules = {finding.rule for finding in preflight_file(tmp_path / "a.pdf").findings}
    assert ("notdef" in rules) == missing
    assert rules.isdisjoint({"widths", "embedded", "listed", "readable-program"})


def test_text_that_is_not_seen_needs_no_program(tmp_path: Path) -> None:
    """Text rendering mode 3, as scanners lay it over pictures: the font is only listed."""
    pdf = material.sound(Standard.X4)
    page = pdf.Root.Pages.Kids[1]
    page.Resources.Font.F1 = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.Contents = pdf.make_stream(page.Contents.read_bytes() + b" BT 3 Tr /F1 12 Tf 50 50 Td (a) Tj ET")
    report = preflight_file(material.saved(pdf, tmp_path / "a.pdf", Standard.X4))
    assert {finding.rule for finding in report.findings} == {"listed"}
