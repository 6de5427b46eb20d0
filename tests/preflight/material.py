"""A small sound PDF of each standard, made with pikepdf alone: what the tests break, one rule at a time."""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from dmgen.model.printing import Standard
from dmgen.resources import asset

MEDIA, BLEED, TRIM = [0, 0, 320, 320], [2, 2, 318, 318], [10, 10, 310, 310]
TEXT = b"ABC"
VERSIONS = {Standard.X4: "1.6", Standard.VT1: "1.6", Standard.X1A_2003: "1.4", Standard.X1A_2001: "1.3"}
DAY = "2026-04-05T00:00:00+09:00"
CONTENTS = (
    b"/GS0 gs q 0 0 0 1 k BT /F0 10 Tf 50 200 Td <%b> Tj 0 -20 Td [<%b> -200 <%b>] TJ ET Q\n"
    b"q 0.5 w 0.1 0.2 0.3 0 K 20 20 m 100 20 l S Q q /CS0 cs 0.8 scn 50 50 20 20 re f Q\n"
    b"q 1 0 0 1 40 40 cm /Fm0 Do Q q 24 0 0 24 100 100 cm /Im0 Do Q\n"
)


@cache
def font_program() -> tuple[bytes, dict[int, tuple[int, int]]]:
    """A TrueType subset, and for each character its glyph and advance in thousandths."""
    font = TTFont(asset("fonts", "IBMPlexMono-Medium.ttf"))
    options = Options()
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(text=TEXT.decode())
    subsetter.subset(font)
    out = BytesIO()
    font.save(out)
    scale, names = 1000 / font["head"].unitsPerEm, font.getBestCmap()
    glyphs = {c: (font.getGlyphID(names[c]), round(font["hmtx"][names[c]][0] * scale)) for c in TEXT}
    return out.getvalue(), glyphs


def codes(text: bytes = TEXT) -> bytes:
    """A string of the font as hex."""
    return b"".join(b"%04X" % font_program()[1][char][0] for char in text)


def add_font(pdf: Pdf) -> Object:
    """The font, composite, Identity-H."""
    data, glyphs = font_program()
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=Name("/AAAAAA+Plex"), Flags=4, FontBBox=Array([0, -200, 600, 900]),
        ItalicAngle=0, Ascent=900, Descent=-200, CapHeight=700, StemV=80,
        FontFile2=pdf.make_stream(data, Length1=len(data)),
    )  # fmt: skip
    widths: list[object] = []
    for glyph, advance in glyphs.values():
        widths += [glyph, Array([advance])]
    inner = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name("/AAAAAA+Plex"), DW=1000, W=Array(widths),
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        CIDToGIDMap=Name.Identity, FontDescriptor=pdf.make_indirect(descriptor),
    )  # fmt: skip
    unicode_map = b"1 beginbfchar <0001> <0041> endbfchar"
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/AAAAAA+Plex"), Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(inner)]), ToUnicode=pdf.make_stream(unicode_map),
    )  # fmt: skip
    return pdf.make_indirect(font)


def add_image(pdf: Pdf, **entries: object) -> Object:
    """A CMYK image of 100 × 100 pixels, whole dpi at 24 points: 300."""
    channels = {"/DeviceCMYK": 4, "/DeviceRGB": 3}.get(str(entries.get("ColorSpace", "/DeviceCMYK")), 1)
    size = {"Width": 100, "Height": 100, "BitsPerComponent": 8, "ColorSpace": Name.DeviceCMYK, **entries}
    bits = int(size["BitsPerComponent"]) * channels * 100  # type: ignore[call-overload]
    data = bytes((bits + 7) // 8 * 100)
    return pdf.make_stream(data, Type=Name.XObject, Subtype=Name.Image, **size)


def add_form(pdf: Pdf, contents: bytes = b"0 0 10 10 re f", **entries: object) -> Object:
    """A form."""
    return pdf.make_stream(contents, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 10, 10]), **entries)


def spot(
    alternate: Object = Name.DeviceCMYK, full: tuple[float, ...] = (0.0, 1.0, 1.0, 0.0), name: str = "/Gold"
) -> Object:
    """A spot colour."""
    tint = Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1, C0=Array([0] * len(full)), C1=Array(list(full)))
    return Array([Name.Separation, Name(name), alternate, tint])


def packet(vt: bool = False, **changes: str) -> bytes:
    """An XMP packet; `changes` replace a property ("" leaves it out)."""
    values = {
        "pdfxid:GTS_PDFXVersion": "PDF/X-4", "xmp:CreateDate": DAY, "xmp:ModifyDate": DAY, "xmp:MetadataDate": DAY,
        "xmpMM:DocumentID": "uuid:1", "xmpMM:VersionID": "1", "xmpMM:RenditionClass": "default",
        "pdf:Trapped": "False", "pdf:Producer": "test",
    }  # fmt: skip
    if vt:
        values |= {"pdfvtid:GTS_PDFVTVersion": "PDF/VT-1", "pdfvtid:GTS_PDFVTModDate": DAY}
    title = changes.pop("dc:title", "Sample")
    values |= changes
    said = "".join(f"<{key}>{value}</{key}>" for key, value in values.items() if value)
    if title:
        said += f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>'
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/" xmlns:pdfvtid="http://www.npes.org/pdfvt/ns/id/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" '
        'xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'{said}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def _intent(pdf: Pdf) -> Object:
    profile = asset("icc", "FOGRA39L.icc").read_bytes()
    return Dictionary(
        Type=Name.OutputIntent, S=Name.GTS_PDFX, OutputConditionIdentifier=String("FOGRA39"),
        RegistryName=String("http://www.color.org"), Info=String("FOGRA39"),
        DestOutputProfile=pdf.make_stream(profile, N=4),
    )  # fmt: skip


def sound(standard: Standard) -> Pdf:
    """A file of two pages that obeys the standard."""
    pdf = Pdf.new()
    x1a = standard.is_x1a
    resources = Dictionary(
        Font=Dictionary(F0=add_font(pdf)),
        XObject=Dictionary(Im0=add_image(pdf), Fm0=add_form(pdf)),
        ColorSpace=Dictionary(CS0=spot()),
        ExtGState=Dictionary(GS0=Dictionary(Type=Name.ExtGState, OP=True, op=True, OPM=1)),
    )
    pages = pdf.make_indirect(Dictionary(Type=Name.Pages, Count=2, Kids=Array([])))
    for _ in range(2):
        page = Dictionary(
            Type=Name.Page, Parent=pages, MediaBox=Array(MEDIA), BleedBox=Array(BLEED), TrimBox=Array(TRIM),
            Resources=resources, Contents=pdf.make_stream(CONTENTS % (codes(), codes(), codes())),
        )  # fmt: skip
        if not x1a:
            page.Group = Dictionary(Type=Name.Group, S=Name.Transparency, CS=Name.DeviceCMYK)
        pages.Kids.append(pdf.make_indirect(page))
    pdf.Root.Pages = pages
    pdf.Root.OutputIntents = Array([_intent(pdf)])
    version = {Standard.X1A_2001: "PDF/X-1:2001", Standard.X1A_2003: "PDF/X-1a:2003"}.get(standard, "PDF/X-4")
    info = Dictionary(
        Title=String("Sample"), CreationDate=String("D:20260405000000+09'00'"), Producer=String("test"),
        ModDate=String("D:20260405000000+09'00'"), Trapped=Name("/False"),
        GTS_PDFXVersion=String(version),
    )  # fmt: skip
    if standard is Standard.X1A_2001:
        info.GTS_PDFXConformance = String("PDF/X-1a:2001")
    pdf.trailer.Info = pdf.make_indirect(info)
    if not x1a:
        pdf.Root.Metadata = pdf.make_stream(packet(vt=standard is Standard.VT1), Type=Name.Metadata, Subtype=Name.XML)
    if standard is Standard.VT1:
        _add_parts(pdf)
    return pdf


def _add_parts(pdf: Pdf) -> None:
    """job → piece: two levels, a leaf a page."""
    root = pdf.make_indirect(Dictionary(Type=Name.DPartRoot, NodeNameList=Array([Name.Job, Name.Piece]), RecordLevel=1))
    job = pdf.make_indirect(Dictionary(Type=Name.DPart, Parent=root))
    leaves = []
    for number, page in enumerate(pdf.Root.Pages.Kids):
        metadata = Dictionary(CIP4_Root=Dictionary(Piece=String(f"P{number}"), Sequence=number))
        leaf = pdf.make_indirect(Dictionary(Type=Name.DPart, Parent=job, Start=page, DPM=metadata))
        page.DPart = leaf
        leaves.append(leaf)
    job.DParts = Array([Array(leaves)])
    root.DPartRootNode = job
    pdf.Root.DPartRoot = root


def saved(pdf: Pdf, path: Path, standard: Standard, **options: object) -> Path:
    """Write a file as it is, streams untouched."""
    modern = not standard.is_x1a
    streams = pikepdf.ObjectStreamMode.generate if modern else pikepdf.ObjectStreamMode.disable
    settings: dict[str, object] = {
        "force_version": VERSIONS[standard], "deterministic_id": True, "fix_metadata_version": False,
        "compress_streams": False, "stream_decode_level": pikepdf.StreamDecodeLevel.none,
        "object_stream_mode": streams, **options,
    }  # fmt: skip
    pdf.save(path, **settings)  # type: ignore[arg-type]
    return path


Change = Callable[[Pdf], object]
