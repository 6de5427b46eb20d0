"""Every rule is seen failing: a sound file of each standard has no findings, and one thing broken gives one rule."""

import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from dmgen.messages import Speaker
from dmgen.model.printing import Standard
from dmgen.preflight import Severity, preflight_file
from dmgen.preflight.rules import RULES
from tests.preflight import material
from tests.preflight.material import Change

X4, VT1, X1A, OLD = Standard.X4, Standard.VT1, Standard.X1A_2003, Standard.X1A_2001


def found(
    pdf: Pdf, folder: Path, standard: Standard, as_: Standard | None = None, **options: Any
) -> dict[str, Severity]:
    """The rules that a file breaks."""
    path = material.saved(pdf, folder / "a.pdf", standard, **options)
    return judged(path, as_)


def judged(path: Path, standard: Standard | None = None) -> dict[str, Severity]:
    report = preflight_file(path, standard)
    for finding in report.findings:  # every word of it can be said
        assert finding.said(Speaker("en"))
        assert finding.remedy_said(Speaker("ja"))
    return {finding.rule: finding.severity for finding in report.findings}


@pytest.mark.parametrize("standard", Standard)
def test_a_sound_file_has_no_findings(standard: Standard, tmp_path: Path) -> None:
    report = preflight_file(material.saved(material.sound(standard), tmp_path / "a.pdf", standard))
    assert (report.standard, report.pages, report.read) == (standard, 2, 2)
    assert report.findings == []


def page(pdf: Pdf, place: int = 1) -> Object:
    return pdf.Root.Pages.Kids[place]


def resources(pdf: Pdf) -> Object:
    return page(pdf).Resources


def put(**entries: Any) -> Change:
    """Entries of the second page."""
    return lambda pdf: [page(pdf).__setitem__(f"/{key}", value) for key, value in entries.items()]


def drop(path: str, of: Callable[[Pdf], Object]) -> Change:
    return lambda pdf: of(pdf).__delitem__(path)


def draw(contents: bytes) -> Change:
    """Further contents of the second page."""

    def change(pdf: Pdf) -> None:
        page(pdf).Contents = pdf.make_stream(page(pdf).Contents.read_bytes() + contents)

    return change


def using(category: str, name: str, make: Callable[[Pdf], Any], contents: bytes = b"") -> Change:
    """A further resource, and contents that use it."""

    def change(pdf: Pdf) -> None:
        if category not in resources(pdf):
            resources(pdf)[category] = Dictionary()
        resources(pdf)[category][name] = make(pdf)
        draw(contents)(pdf)

    return change


def image(**entries: Any) -> Change:
    return using("/XObject", "/Im1", lambda pdf: material.add_image(pdf, **entries), _IMAGE)


def form(contents: bytes = b"", **entries: Any) -> Change:
    return using("/XObject", "/Fm1", lambda pdf: material.add_form(pdf, contents, **entries), b" /Fm1 Do")


def state(**entries: Any) -> Change:
    return using("/ExtGState", "/GS1", lambda _: Dictionary(**entries), b" /GS1 gs")


def space(written: Any) -> Change:
    return using("/ColorSpace", "/CS1", lambda _: written, b" /CS1 cs")


def icc(data: bytes, channels: int) -> Change:
    def make(pdf: Pdf) -> Object:
        return Array([Name.ICCBased, pdf.make_stream(data, N=channels)])

    return using("/ColorSpace", "/CS1", make, b" /CS1 cs")


def xmp(vt: bool = False, **changes: str) -> Change:
    def change(pdf: Pdf) -> None:
        pdf.Root.Metadata = pdf.make_stream(material.packet(vt, **changes), Type=Name.Metadata, Subtype=Name.XML)

    return change


def info(**entries: Any) -> Change:
    def change(pdf: Pdf) -> None:
        for key, value in entries.items():
            if value is None:
                del pdf.trailer.Info[f"/{key}"]
            else:
                pdf.trailer.Info[f"/{key}"] = value

    return change


def intent(*without: str, **entries: Any) -> Change:
    def change(pdf: Pdf) -> None:
        for key in without:
            del pdf.Root.OutputIntents[0][f"/{key}"]
        for key, value in entries.items():
            pdf.Root.OutputIntents[0][f"/{key}"] = value

    return change


def profile(patch: Callable[[bytearray], object], channels: int = 4) -> Change:
    def change(pdf: Pdf) -> None:
        data = bytearray(pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes())
        patch(data)
        pdf.Root.OutputIntents[0].DestOutputProfile = pdf.make_stream(bytes(data), N=channels)

    return change


def patched(place: int, value: bytes) -> Callable[[bytearray], object]:
    return lambda data: data.__setitem__(slice(place, place + len(value)), value)


def root(**entries: Any) -> Change:
    return lambda pdf: [pdf.Root.__setitem__(f"/{key}", value) for key, value in entries.items()]


def annotation(*rect: int, **entries: Any) -> Change:
    return put(Annots=Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array(list(rect)), **entries)]))


def font_entry(key: str, value: Any, inner: bool = True) -> Change:
    def change(pdf: Pdf) -> None:
        font = resources(pdf).Font.F0
        holder = font.DescendantFonts[0] if inner else font
        if value is None:
            del holder[key]
        else:
            holder[key] = value

    return change


def helvetica(contents: bytes) -> Change:
    def make(_: Pdf) -> Object:
        return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)

    return using("/Font", "/F1", make, contents)


def program(data: bytes) -> Change:
    def change(pdf: Pdf) -> None:
        resources(pdf).Font.F0.DescendantFonts[0].FontDescriptor.FontFile2 = pdf.make_stream(data)

    return change


def parts(pdf: Pdf) -> Object:
    return pdf.Root.DPartRoot.DPartRootNode


def leaf(place: int, key: str, value: Any) -> Change:
    return lambda pdf: parts(pdf).DParts[0][place].__setitem__(key, value)


def swap_leaves(pdf: Pdf) -> None:
    first, second = parts(pdf).DParts[0]
    parts(pdf).DParts[0] = Array([second, first])


def text(size: float, x: float, y: float, colour: bytes = b"0 0 0 1 k") -> Change:
    run = b" q %b BT /F0 %.2f Tf %.2f %.2f Td <%b> Tj ET Q" % (colour, size, x, y, material.codes())
    return draw(run)


def flat_tree(pdf: Pdf) -> None:
    for _ in range(1000):
        copied = Dictionary(dict(page(pdf).items()))
        pdf.Root.Pages.Kids.append(pdf.make_indirect(copied))
    pdf.Root.Pages.Count = 1002


def inner_node(pdf: Pdf) -> None:
    """A node between the root and the pages whose /Parent leads elsewhere."""
    node = pdf.make_indirect(Dictionary(Type=Name.Pages, Parent=page(pdf), Count=2, Kids=pdf.Root.Pages.Kids))
    for kid in node.Kids:
        kid.Parent = node
    pdf.Root.Pages.Kids = Array([node])


def compressed_packet(pdf: Pdf) -> None:
    # Without /Type, or the writer would take the compression back.
    pdf.Root.Metadata = pdf.make_stream(zlib.compress(material.packet()), Filter=Name.FlateDecode)


_LZW = b"\x80\x40\x40"  # clear, end of data
_IMAGE = b" q 24 0 0 24 150 150 cm /Im1 Do Q"
_GROUP = Dictionary(Type=Name.Group, S=Name.Transparency, CS=Name.DeviceCMYK)
_LAB = Array([Name.Lab, Dictionary(WhitePoint=Array([0.9, 1, 0.8]))])
_SPOT = material.spot(full=(1.0, 0.0, 0.0, 0.0))
_NOT_ONE = Dictionary(FunctionType=2, Domain=Array([0, 1]), N=1)
_SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def soft_mask(contents: bytes) -> Change:
    def make(pdf: Pdf) -> Object:
        return Dictionary(SMask=Dictionary(S=Name.Luminosity, G=material.add_form(pdf, contents)))

    return using("/ExtGState", "/GS1", make, b" /GS1 gs")


_MASKED = Dictionary(Type=Name.Mask, S=Name.Luminosity)


def masked_image(pdf: Pdf) -> Object:
    return material.add_image(pdf, SMask=material.add_image(pdf, ColorSpace=Name.DeviceGray))


def rgb_press(pdf: Pdf) -> None:
    profile(patched(16, b"RGB "), 3)(pdf)
    for place in (0, 1):
        page(pdf, place).Group.CS = Name.DeviceGray


BROKEN: list[tuple[str, Standard, Change]] = [
    ("header", X1A, root(Version=Name("/1.7"))),
    ("layers", X1A, root(OCProperties=Dictionary(OCGs=Array([]), D=Dictionary()))),
    ("forms-architecture", X4, root(AcroForm=Dictionary(Fields=Array([]), XFA=String("x")))),
    ("attachments", X4, root(Names=Dictionary(EmbeddedFiles=Dictionary(Names=Array([]))))),
    ("x4-claim", X4, xmp(**{"pdfxid:GTS_PDFXVersion": ""})),
    ("x4-claim", X4, xmp(**{"pdfxid:GTS_PDFXVersion": "PDF/X-3"})),
    ("x4-info-claim", X4, info(GTS_PDFXVersion=None)),
    ("packet", X4, compressed_packet),
    *(("properties", X4, xmp(**{name: ""})) for name in (
        "dc:title", "xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate", "xmpMM:DocumentID", "xmpMM:VersionID",
        "xmpMM:RenditionClass", "pdf:Trapped",
    )),
    ("properties", X4, lambda pdf: (xmp(**{"pdf:Trapped": "Unknown"})(pdf), info(Trapped=None)(pdf))),
    ("equal-metadata", X4, info(Title=String("Other"))),
    ("equal-metadata", X4, info(Trapped=Name("/True"))),
    ("equal-metadata", X4, info(ModDate=String("D:20260405000001+09'00'"))),
    ("vt-claim", VT1, xmp(True, **{"pdfvtid:GTS_PDFVTVersion": ""})),
    ("vt-date", VT1, xmp(True, **{"pdfvtid:GTS_PDFVTModDate": "2026-04-06T00:00:00Z"})),
    ("x1a-claim", X1A, info(GTS_PDFXVersion=None)),
    ("x1a-claim", OLD, info(GTS_PDFXConformance=None)),
    *(("information", X1A, info(**{name: None})) for name in ("Title", "CreationDate", "ModDate", "Trapped")),
    ("information", OLD, info(Trapped=Name.Unknown)),
    ("one-intent", X4, lambda pdf: pdf.Root.OutputIntents.append(pdf.Root.OutputIntents[0])),
    ("one-intent", X1A, root(OutputIntents=Array([]))),
    ("one-intent", X1A, intent(S=Name.GTS_PDFA1)),
    ("condition", X4, intent(OutputConditionIdentifier=String(" "))),
    ("described", X4, intent("Info", "RegistryName")),
    ("embedded-profile", X4, intent("DestOutputProfile")),
    ("named-condition", X1A, intent("DestOutputProfile", "RegistryName")),
    ("press-profile", X4, profile(patched(12, b"mntr"))),
    ("press-profile", X4, profile(bytearray.clear)),
    ("press-profile device-cmyk", X4, profile(patched(16, b"RGB "))),
    ("press-profile", X4, profile(lambda data: data.__setitem__(slice(None), data.replace(b"B2A0", b"XXXX")))),
    ("profile-version", X1A, profile(patched(8, b"\x04"))),
    ("profile-version", X4, profile(patched(8, b"\x05"))),
    ("page-parent", X4, lambda pdf: page(pdf).__setitem__("/Parent", page(pdf, 0))),
    ("page-parent", X4, inner_node),
    ("balanced-tree", X4, flat_tree),
    ("inherited-boxes", X4, lambda pdf: pdf.Root.Pages.__setitem__("/TrimBox", Array(material.TRIM))),
    ("media-box", X4, put(MediaBox=Array([0, 0, 0, 320]))),
    ("trim-box", X4, drop("/TrimBox", page)),
    ("trim-box", X1A, put(ArtBox=Array(material.TRIM))),
    ("nested-boxes", X4, put(TrimBox=Array([0, 0, 310, 310]))),
    ("nested-boxes", X1A, put(BleedBox=Array([2, 2, 321, 318]))),
    ("crop-box", X4, put(CropBox=Array([10, 10, 310, 310]))),
    ("annotations", X4, annotation(50, 50, 60, 60)),
    ("annotations", X4, annotation(311, 311, 330, 330)),
    ("page-group", X4, put(Group=Dictionary(S=Name.Transparency, CS=Name.DeviceRGB))),
    ("no-groups", X1A, put(Group=_GROUP)),
    ("no-groups", X1A, form(Group=_GROUP)),
    ("part-root", VT1, drop("/DPartRoot", lambda pdf: pdf.Root)),
    ("part-root part-tree", VT1, lambda pdf: root(DPartRoot=Dictionary(dict(pdf.Root.DPartRoot.items())))(pdf)),
    ("part-tree", VT1, leaf(0, "/Parent", Dictionary())),
    ("part-tree", VT1, lambda pdf: parts(pdf).__setitem__("/Start", page(pdf))),
    ("part-pages", VT1, swap_leaves),
    ("part-pages", VT1, lambda pdf: page(pdf).__setitem__("/DPart", page(pdf, 0).DPart)),
    ("part-pages", VT1, lambda pdf: parts(pdf).DParts[0].__delitem__(1)),
    ("part-pages", VT1, lambda pdf: leaf(1, "/Start", page(pdf, 0))(pdf)),
    ("part-names", VT1, lambda pdf: pdf.Root.DPartRoot.__setitem__("/NodeNameList", Array([Name.Job]))),
    ("part-names", VT1, lambda pdf: pdf.Root.DPartRoot.__setitem__("/NodeNameList", Array([Name.a, Name("/1 b")]))),
    ("part-names", VT1, lambda pdf: pdf.Root.DPartRoot.__setitem__("/RecordLevel", 2)),
    ("part-metadata", VT1, leaf(1, "/DPM", Dictionary(CIP4_Root=Dictionary(Kind=Name.Letter)))),
    ("part-metadata", VT1, leaf(1, "/DPM", Dictionary(A=Array([1, Array([Name.Letter])])))),
    ("lzw", X4, lambda pdf: put(PieceInfo=pdf.make_stream(_LZW, Filter=Name.LZWDecode))(pdf)),
    ("external-stream", X1A, lambda pdf: put(PieceInfo=pdf.make_stream(b"", F=String("other.bin")))(pdf)),
    ("actions", X4, root(OpenAction=_SCRIPT)),
    ("actions", X4, root(Names=Dictionary(JavaScript=Dictionary(Names=Array([]))))),
    ("actions", X4, put(AA=Dictionary(O=Dictionary(S=Name.Named)))),
    ("actions", X4, annotation(319, 319, 320, 320, A=Dictionary(S=Name.URI, URI=String("https://example.com")))),
    ("attached", X4, annotation(319, 319, 320, 320, FS=Dictionary(EF=Dictionary(F=String("x"))))),
    ("limits", X4, put(PieceInfo=Array([0] * 8192))),
    ("limits", X4, put(PieceInfo=Dictionary({f"/K{n}": n for n in range(4096)}))),
    ("limits", X4, put(PieceInfo=Dictionary(A=Name("/" + "n" * 128)))),
    ("limits", X4, put(PieceInfo=Dictionary({"/" + "n" * 128: 1}))),
    ("known-space", X4, space(Array([Name.NoSpace]))),
    ("known-space", X4, draw(b" /NoSuch cs")),
    ("device-rgb", X4, draw(b" 1 0 0 rg")),
    ("device-rgb", X1A, draw(b" 1 0 0 RG")),
    ("device-rgb", X1A, draw(b" /DeviceRGB cs")),
    ("device-rgb", X4, image(ColorSpace=Name.DeviceRGB)),
    ("device-rgb", X4, space(Array([Name.Indexed, Name.DeviceRGB, 0, String("abc")]))),
    ("device-rgb", X4, space(material.spot(Name.DeviceRGB, (1.0, 0.0, 0.0), "/Red"))),
    ("device-rgb", X4, form(b"1 0 0 rg")),
    ("device-rgb", X4, soft_mask(b"1 0 0 rg")),
    ("device-rgb", X4, draw(b" BI /W 1 /H 1 /BPC 8 /CS /RGB ID abc EI")),
    ("device-rgb", X4, using("/Shading", "/S1", lambda _: Dictionary(ShadingType=2, ColorSpace=Name.DeviceRGB))),
    ("device-cmyk", X4, rgb_press),
    ("press-colours", X1A, space(_LAB)),
    ("press-colours", X1A, icc(b"", 4)),
    ("icc-profile", X4, icc(b"no profile", 4)),
    ("icc-profile", X4, icc(material.asset("icc", "FOGRA39L.icc").read_bytes()[:4000] + b"x", 1)),
    ("intent-profile", X4, icc(material.asset("icc", "FOGRA39L.icc").read_bytes(), 4)),
    ("managed-rgb", X4, space(_LAB)),
    ("spot-names", X4, space(_SPOT)),
    ("old-codings", X1A, image(Filter=Name.JPXDecode)),
    ("old-codings", OLD, image(ColorSpace=Name.DeviceGray, Filter=Name.JBIG2Decode)),
    ("eight-bits", X1A, image(BitsPerComponent=16)),
    ("alternates", X4, image(Alternates=Array([]))),
    ("open-prepress", X4, image(OPI=Dictionary())),
    ("open-prepress", X4, form(OPI=Dictionary())),
    ("scope-hints", VT1, image(GTS_Scope=Name.Letter)),
    ("scope-hints", VT1, form(GTS_XID=Name.A)),
    ("scope-hints", VT1, form(GTS_Encapsulated=True)),
    ("opaque-images", X1A, using("/XObject", "/Im1", masked_image, _IMAGE)),
    ("rendering-intent", X4, image(Intent=Name.Vivid)),
    ("rendering-intent", X4, state(RI=Name.Vivid)),
    ("rendering-intent", X4, draw(b" /Vivid ri")),
    ("postscript-forms", X4, form(Subtype2=Name.PS)),
    ("postscript-forms", X4, form(Ref=Dictionary())),
    ("known-xobjects", X4, using("/XObject", "/X1", lambda pdf: pdf.make_stream(b"", Subtype=Name.PS))),
    ("opaque-states", X1A, state(ca=0.5)),
    ("opaque-states", X1A, state(CA=0.5)),
    ("opaque-states", X1A, state(SMask=_MASKED)),
    ("opaque-states", X1A, state(BM=Name.Multiply)),
    ("blend-modes", X4, state(BM=Name.Mystery)),
    ("transfer-functions", X4, state(TR=_NOT_ONE)),
    ("transfer-functions", X4, state(TR2=Name.Identity)),
    ("transfer-functions", X1A, state(HTP=Array([0, 0]))),
    ("named-resources", X4, draw(b" /Fm9 Do")),
    ("named-resources", X4, draw(b" /GS9 gs")),
    ("balanced-states", X4, draw(b" q q Q")),
    ("balanced-states", X4, draw(b" Q")),
    ("nested-states", X4, draw(b" q" * 29 + b" Q" * 29)),
    ("long-strings", X4, draw(b" BT /F0 10 Tf 3 Tr 50 50 Td <%b> Tj ET" % (material.codes(b"A") * 16384))),
    ("inline-lzw", X4, draw(b" BI /W 1 /H 1 /BPC 8 /CS /G /F /LZW ID " + _LZW + b" EI")),
    ("embedded", X4, helvetica(b" BT /F1 12 Tf 50 50 Td (a) Tj ET")),
    ("listed", X4, helvetica(b" BT /F1 12 Tf ET")),
    ("readable-program", X4, program(b"no font at all")),
    ("widths", X4, font_entry("/W", Array([]))),
    ("notdef", X4, lambda pdf: font_entry("/CIDToGIDMap", pdf.make_stream(bytes(200)))(pdf)),
    ("notdef", X4, draw(b" BT /F0 10 Tf 50 50 Td <0FFF> Tj ET")),
    ("to-unicode", X4, font_entry("/ToUnicode", None, inner=False)),
    ("blended-page", X4, lambda pdf: (state(ca=0.5)(pdf), drop("/Group", page)(pdf))),
    ("safe-text", X4, text(10, 12, 150)),
    ("safe-text", X4, text(10, 295, 150)),
    ("safe-text", X4, text(10, 100, 12)),
    ("safe-text", X4, text(10, 100, 300)),
    ("rich-black", X4, text(11, 50, 150, b".5 0 0 1 k")),
    ("black-overprint", X4, lambda pdf: (state(op=False)(pdf), text(10, 50, 150)(pdf))),
    ("black-overprint", X4, lambda pdf: (state(OP=False)(pdf), text(10, 50, 150, b"0 g")(pdf))),
    ("thin-line", X4, draw(b" 0.2 w 20 20 m 30 30 l S")),
    ("thin-line", X4, draw(b" q .1 0 0 .1 0 0 cm 2 w 20 20 m 30 30 l S Q")),
    ("thin-line", X4, form(b"0 w 2 2 m 3 3 l S")),
    ("ink-total", X4, draw(b" .9 .9 .9 .9 k 50 50 9 9 re f")),
    ("ink-total", X4, draw(b" .9 .9 .9 .9 K 50 50 9 9 re S")),
    ("ink-total", X4, text(14, 50, 150, b".9 .9 .9 .9 k")),
    ("resolution", X4, draw(b" q 25 0 0 25 150 150 cm /Im0 Do Q")),
    ("resolution", X4, form(b"q 3 0 0 3 0 0 cm /Im0 Do Q", Matrix=Array([9, 0, 0, 9, 50, 50]))),
    ("resolution", X4, image(ColorSpace=Name.DeviceGray, BitsPerComponent=1)),
    ("low-resolution", X4, draw(b" q 50 0 0 24 150 150 cm /Im0 Do Q")),
    ("low-resolution", X4, draw(b" q 0 50 -24 0 150 150 cm /Im0 Do Q")),
]  # fmt: skip
OTHERWISE = {
    "claim",
    "encrypted",
    "identity",
    "plain-objects",
    "sound-syntax",
    "page-tree",
    "page-count",
    "has-pages",
} | {"readable-contents"}


@pytest.mark.parametrize(
    ("rule", "standard", "change"), BROKEN, ids=lambda value: value if isinstance(value, str) else ""
)
def test_one_thing_broken_is_one_rule(rule: str, standard: Standard, change: Change, tmp_path: Path) -> None:
    pdf = material.sound(standard)
    change(pdf)
    assert set(found(pdf, tmp_path, standard, standard)) == set(rule.split())


def test_every_rule_is_seen_failing() -> None:
    names = {rule.name for rules in RULES.values() for rule in rules}
    assert names == {name for rule, _, _ in BROKEN for name in rule.split()} | OTHERWISE


# What a writer would mend on the way is broken in the bytes, or while saving.


def bytes_of(standard: Standard, folder: Path, **options: Any) -> bytes:
    return material.saved(material.sound(standard), folder / "a.pdf", standard, **options).read_bytes()


def written(folder: Path, data: bytes) -> Path:
    (folder / "b.pdf").write_bytes(data)
    return folder / "b.pdf"


def test_a_file_that_claims_nothing_is_checked_by_the_common_rules(tmp_path: Path) -> None:
    pdf = material.sound(X4)
    info(GTS_PDFXVersion=None)(pdf)
    xmp(**{"pdfxid:GTS_PDFXVersion": ""})(pdf)
    assert found(pdf, tmp_path, X4) == {"claim": Severity.WARNING}
    xmp(**{"pdfxid:GTS_PDFXVersion": "PDF/X-6"})(pdf)
    assert found(pdf, tmp_path, X4) == {"claim": Severity.WARNING}
    draw(b" 1 0 0 rg")(pdf)
    assert found(pdf, tmp_path, X4) == {"claim": Severity.WARNING, "device-rgb": Severity.ERROR}


def test_encrypted(tmp_path: Path) -> None:
    lock = pikepdf.Encryption(owner="secret", user="", R=3, aes=False, metadata=False)
    options = {"force_version": "1.4", "object_stream_mode": pikepdf.ObjectStreamMode.disable}
    material.sound(X1A).save(tmp_path / "a.pdf", encryption=lock, **options)
    assert set(judged(tmp_path / "a.pdf")) == {"encrypted"}


@pytest.mark.parametrize("part", [b"/ID ", b"/ID [<"])
def test_identity(tmp_path: Path, part: bytes) -> None:
    data = bytes_of(X1A, tmp_path)
    assert data.count(part) == 1
    assert set(judged(written(tmp_path, data.replace(part, part.replace(b"/ID", b"/XD"))))) == {"identity"}


@pytest.mark.parametrize(("standard", "version"), [(X4, b"1.7"), (X1A, b"1.5"), (OLD, b"1.4")])
def test_header(tmp_path: Path, standard: Standard, version: bytes) -> None:
    data = bytes_of(standard, tmp_path)
    assert set(judged(written(tmp_path, data[:5] + version + data[8:]))) == {"header"}


def test_plain_objects(tmp_path: Path) -> None:
    modern = bytes_of(X1A, tmp_path, force_version="1.5", object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert set(judged(written(tmp_path, modern.replace(b"%PDF-1.5", b"%PDF-1.4", 1)))) == {"plain-objects"}


def test_sound_syntax(tmp_path: Path) -> None:
    data = bytes_of(X1A, tmp_path)
    place = data.rindex(b"startxref")
    assert set(judged(written(tmp_path, data[:place] + b"startxref\n17\n%%EOF\n"))) == {"sound-syntax"}


def _kids(data: bytes) -> list[bytes]:
    [kids] = re.findall(rb"/Kids \[ (\d+ 0 R) (\d+ 0 R) \]", data)
    return list(kids)


def test_page_count(tmp_path: Path) -> None:
    data = bytes_of(X1A, tmp_path)
    assert data.count(b"/Count 2") == 1
    assert set(judged(written(tmp_path, data.replace(b"/Count 2", b"/Count 3")))) == {"page-count"}


def test_page_tree(tmp_path: Path) -> None:
    data = bytes_of(X1A, tmp_path)
    first, second = _kids(data)
    pair = first + b" " + second
    twice, none = data.replace(pair, first + b" " + first), data.replace(pair, first + b" " + b"7".ljust(len(second)))
    assert {"page-tree", "page-count"} <= set(judged(written(tmp_path, twice)))
    assert {"page-tree", "page-count"} <= set(judged(written(tmp_path, none)))


def test_has_pages(tmp_path: Path) -> None:
    pdf = material.sound(X1A)
    pdf.Root.Pages.Kids, pdf.Root.Pages.Count = Array([]), 0
    assert set(found(pdf, tmp_path, X1A)) == {"has-pages"}


def test_readable_contents(tmp_path: Path) -> None:
    pdf = material.sound(X1A)
    page(pdf).Contents = pdf.make_stream(b"broken", Filter=Name.FlateDecode)
    assert "readable-contents" in found(pdf, tmp_path, X1A)
