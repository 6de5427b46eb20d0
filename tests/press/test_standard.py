"""Each standard's files keep its rules, as another library reads them."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from dmgen.errors import CampaignError
from dmgen.fonts import FontLibrary
from dmgen.model.contents import Picture, Stamp
from dmgen.model.layout import Box, PanelSlot
from dmgen.model.printing import SHIPPED_PROFILE, PrintSettings, Standard
from dmgen.press import convert_picture, read_intent
from tests.conftest import extracted, page, press_kit, print_pages

X1A = (Standard.X1A_2001, Standard.X1A_2003)
X4 = (Standard.X4, Standard.VT1)
NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "pdfxid": "http://www.npes.org/pdfx/ns/id/",
    "pdfvtid": "http://www.npes.org/pdfvt/ns/id/",
}
Made = Callable[..., bytes]


@pytest.fixture(scope="module")
def made(fonts: FontLibrary, text, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """`made(standard)`: 70 pages with a form, a photograph with a transparent part and text."""
    folder = tmp_path_factory.mktemp("pictures")
    Image.new("RGBA", (40, 20), (200, 30, 30, 128)).save(folder / "red.png")
    pictures = {"red": convert_picture(folder / "red.png", folder / "red")}
    panel = PanelSlot(name="p", box=Box(-3, -3, 106, 20), fill=(0.2, 0, 0, 0))
    forms = {"base": [panel, Picture("red", Box(70, 5, 20, 10)), text("本文", font="gothic", y=70.0)]}

    def make(standard: Standard, pages: int = 70, **settings: object) -> bytes:
        kit = press_kit(fonts, forms, pictures, printing=PrintSettings(standard, **settings))  # type: ignore[arg-type]
        return print_pages(kit, [page(Stamp("base", 0.0, 0.0), text("青葉 (花子)"))] * pages)

    return make


def _opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(data))


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary of a file, those inside others too."""

    def below(thing: pikepdf.Object) -> Iterator[pikepdf.Object]:
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            yield thing
            yield from (found for _, inner in thing.items() for found in inside(inner))
        elif isinstance(thing, pikepdf.Array):
            yield from (found for item in thing for found in inside(item))

    def inside(thing: object) -> Iterator[pikepdf.Object]:
        if isinstance(thing, pikepdf.Object) and not thing.is_indirect:
            yield from below(thing)

    for thing in pdf.objects:
        yield from below(thing)


@pytest.mark.parametrize("standard", Standard)
def test_a_file_is_sound_and_reads_in_another_engine(made: Made, standard: Standard) -> None:
    data = made(standard)
    with _opened(data) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert len(pdf.pages) == 70
        assert not pdf.is_encrypted
        assert [len(bytes(part)) for part in pdf.trailer.ID] == [16, 16]
    assert extracted(data, 69) == "本文\n青葉 (花子)"


@pytest.mark.parametrize(
    ("standard", "header"),
    [(Standard.X4, "1.6"), (Standard.VT1, "1.6"), (Standard.X1A_2003, "1.4"), (Standard.X1A_2001, "1.3")],
)
def test_the_header_is_as_old_as_the_standard(made: Made, standard: Standard, header: str) -> None:
    data = made(standard, 1)
    assert data.startswith(f"%PDF-{header}\n".encode())
    assert re.match(rb"[^\n]+\n%[\x80-\xff]{4}\n", data)


@pytest.mark.parametrize(
    ("standard", "version", "conformance"),
    [
        (Standard.X4, "PDF/X-4", None),
        (Standard.VT1, "PDF/X-4", None),
        (Standard.X1A_2003, "PDF/X-1a:2003", None),
        (Standard.X1A_2001, "PDF/X-1:2001", "PDF/X-1a:2001"),
    ],
)
def test_the_information_dictionary_names_the_standard(
    made: Made, standard: Standard, version: str, conformance: str | None
) -> None:
    with _opened(made(standard, 1)) as pdf:
        info = pdf.docinfo
        assert str(info.GTS_PDFXVersion) == version
        assert (str(info.GTS_PDFXConformance) if "/GTS_PDFXConformance" in info else None) == conformance
        assert (str(info.Title), str(info.Trapped)) == ("見本 (sample)", "/False")
        assert str(info.CreationDate) == str(info.ModDate) == "D:20260405000000Z"


def _xmp(pdf: pikepdf.Pdf) -> dict[str, str]:
    metadata = pdf.Root.Metadata
    assert (metadata.Type, metadata.Subtype) == ("/Metadata", "/XML")
    packet = metadata.read_bytes().decode("utf-8")
    assert packet.startswith('<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>')
    found = {}
    for description in ET.fromstring(packet[packet.index("<x:") : packet.rindex("<?")])[0]:
        for node in description:
            uri, _, name = node.tag[1:].partition("}")
            prefix = next(prefix for prefix, known in NAMESPACES.items() if known == uri)
            found[f"{prefix}:{name}"] = "".join(node.itertext())
    return found


@pytest.mark.parametrize("standard", X4)
def test_xmp_says_what_the_information_dictionary_says(made: Made, standard: Standard) -> None:
    data = made(standard, 1)
    with _opened(data) as pdf:
        assert "/Filter" not in pdf.Root.Metadata
        xmp = _xmp(pdf)
        assert b"<pdfxid:GTS_PDFXVersion>PDF/X-4<" in data, "found by programs that do not read PDF"
        assert xmp["pdfxid:GTS_PDFXVersion"] == "PDF/X-4"
        assert xmp["dc:title"] == str(pdf.docinfo.Title)
        assert xmp["pdf:Producer"] == str(pdf.docinfo.Producer)
        assert xmp["pdf:Trapped"] == str(pdf.docinfo.Trapped).removeprefix("/") == "False"
        assert {xmp[f"xmp:{name}Date"] for name in ("Create", "Modify", "Metadata")} == {"2026-04-05T00:00:00Z"}
        assert re.fullmatch(r"uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", xmp["xmpMM:DocumentID"])
        assert (xmp["xmpMM:VersionID"], xmp["xmpMM:RenditionClass"]) == ("1", "default")


def test_only_vt_says_that_it_is_vt(made: Made) -> None:
    with _opened(made(Standard.X4, 1)) as plain, _opened(made(Standard.VT1, 1)) as vt:
        assert not [key for key in _xmp(plain) if key.startswith("pdfvtid")]
        xmp = _xmp(vt)
    assert xmp["pdfvtid:GTS_PDFVTVersion"] == "PDF/VT-1"
    assert xmp["pdfvtid:GTS_PDFVTModDate"] == xmp["xmp:ModifyDate"]


def test_files_of_other_content_have_other_ids(made: Made) -> None:
    with _opened(made(Standard.X4, 1)) as one, _opened(made(Standard.X4, 2)) as two:
        assert _xmp(one)["xmpMM:DocumentID"] != _xmp(two)["xmpMM:DocumentID"]
        assert one.trailer.ID[0] != two.trailer.ID[0]


@pytest.mark.parametrize("standard", Standard)
def test_the_profile_is_embedded_as_it_is_and_its_condition_named(made: Made, standard: Standard) -> None:
    with _opened(made(standard, 1)) as pdf:
        [intent] = pdf.Root.OutputIntents
        assert (intent.Type, intent.S) == ("/OutputIntent", "/GTS_PDFX")
        assert str(intent.OutputConditionIdentifier) == "FOGRA39"
        assert str(intent.RegistryName) == "http://www.color.org"
        assert str(intent.Info) == "FOGRA39L coated, self-built"
        assert int(intent.DestOutputProfile.N) == 4
        assert intent.DestOutputProfile.read_bytes() == SHIPPED_PROFILE.read_bytes()


@pytest.mark.parametrize("standard", X1A)
def test_a_registered_name_may_stand_alone_in_x1a(made: Made, standard: Standard) -> None:
    with _opened(made(standard, 1, condition="JC200103", profile=None)) as pdf:
        [intent] = pdf.Root.OutputIntents
        assert "/DestOutputProfile" not in intent
        assert str(intent.OutputConditionIdentifier) == "JC200103"
        assert str(intent.RegistryName) == "http://www.color.org"


def test_a_condition_of_the_shops_own_is_described(made: Made) -> None:
    with _opened(made(Standard.X4, 1, condition="Custom")) as pdf:
        [intent] = pdf.Root.OutputIntents
        assert str(intent.OutputConditionIdentifier) == "Custom"
        assert "/RegistryName" not in intent
        assert str(intent.Info)


@pytest.mark.parametrize("standard", X4)
def test_every_page_blends_in_cmyk(made: Made, standard: Standard) -> None:
    with _opened(made(standard)) as pdf:
        groups = [one.obj.Group for one in pdf.pages]
        assert {(str(group.S), str(group.CS)) for group in groups} == {("/Transparency", "/DeviceCMYK")}


@pytest.mark.parametrize("standard", X1A)
def test_x1a_has_nothing_younger_than_itself(made: Made, standard: Standard) -> None:
    """No transparency of any form, no object or cross-reference streams, no XMP needed."""
    data = made(standard)
    assert data.count(b"\nxref\n0 ") == 1
    assert b"ObjStm" not in data and b"/XRef" not in data
    with _opened(data) as pdf:
        for thing in _dictionaries(pdf):
            assert not {"/Group", "/SMask", "/SMaskInData", "/ca", "/CA", "/BM", "/OC", "/Metadata"} & set(thing.keys())
            assert thing.get("/Filter") not in ("/JBIG2Decode", "/JPXDecode", "/LZWDecode")
            if thing.get("/Subtype") == "/Image":
                assert int(thing.BitsPerComponent) <= 8


@pytest.mark.parametrize("standard", X1A)
@pytest.mark.parametrize("pages", [1, 1400])
def test_the_reference_table_finds_every_object(made: Made, standard: Standard, pages: int) -> None:
    """Entries of 20 bytes whose offsets are those of the objects (ISO 32000-1, 7.5.4)."""
    data = made(standard, pages)
    start = int(re.findall(rb"startxref\n(\d+)\n%%EOF\n$", data)[0])
    head = re.match(rb"xref\n0 (\d+)\n", data[start:])
    assert head
    count, table = int(head[1]), start + head.end()
    entries = [data[table + 20 * i : table + 20 * (i + 1)] for i in range(count)]
    assert entries[0] == b"0000000000 65535 f \n"
    for number, entry in enumerate(entries[1:], 1):
        assert re.fullmatch(rb"\d{10} 00000 n \n", entry)
        assert data[int(entry[:10]) :].startswith(b"%d 0 obj\n" % number)
    assert data[table + 20 * count :].startswith(b"trailer\n")


@pytest.mark.parametrize("standard", Standard)
def test_nothing_that_no_standard_allows(made: Made, standard: Standard) -> None:
    banned = {
        "/Encrypt", "/OPI", "/Alternates", "/Ref", "/AA", "/OpenAction", "/A", "/JS", "/AcroForm", "/EF", "/TR", "/HTP",
        "/CropBox", "/ArtBox", "/Annots", "/F",
    }  # fmt: skip
    with _opened(made(standard)) as pdf:
        for thing in _dictionaries(pdf):
            assert not banned & set(thing.keys())


@pytest.mark.parametrize("standard", Standard)
def test_the_same_job_gives_the_same_bytes(made: Made, standard: Standard) -> None:
    assert made(standard, 3) == made(standard, 3)


@pytest.mark.parametrize("standard", Standard)
def test_a_page_looks_the_same_in_every_standard(made: Made, standard: Standard) -> None:
    images = []
    for kind in (Standard.X4, standard):
        with pypdfium2.PdfDocument(made(kind, 1)) as document:
            images.append(document[0].render(scale=1).to_pil().tobytes())
    assert images[0] == images[1]


def test_a_profile_whose_tables_are_damaged_is_refused(tmp_path: Path) -> None:
    data = bytearray(SHIPPED_PROFILE.read_bytes())
    data[2000:60000] = b"\xff" * 58000
    (tmp_path / "press.icc").write_bytes(data)
    with pytest.raises(CampaignError, match=r"press\.icc: the ICC profile is damaged"):
        read_intent(PrintSettings(profile=tmp_path / "press.icc"))


def test_pictures_are_converted_through_the_jobs_own_profile(tmp_path: Path) -> None:
    """A profile with another black generation gives other inks for the same red."""
    import zlib

    from PIL import ImageCms

    Image.new("RGB", (8, 8), (190, 60, 50)).save(tmp_path / "a.png")
    data = bytearray(SHIPPED_PROFILE.read_bytes())
    tags = {bytes(data[132 + 12 * i : 136 + 12 * i]): 132 + 12 * i for i in range(int.from_bytes(data[128:132]))}
    swapped = data[tags[b"B2A0"] + 4 : tags[b"B2A0"] + 12]
    data[tags[b"B2A1"] + 4 : tags[b"B2A1"] + 12] = swapped  # relative colorimetric becomes perceptual
    (tmp_path / "press.icc").write_bytes(data)
    inks = []
    for press in (SHIPPED_PROFILE, tmp_path / "press.icc"):
        convert_picture(tmp_path / "a.png", tmp_path / "b", press)
        inks.append(tuple(zlib.decompress((tmp_path / "b").read_bytes())[:4]))
    source, own = ImageCms.createProfile("sRGB"), ImageCms.ImageCmsProfile(str(tmp_path / "press.icc"))
    transform = ImageCms.buildTransform(source, own, "RGB", "CMYK", renderingIntent=1, flags=0x2000)
    expected = ImageCms.applyTransform(Image.open(tmp_path / "a.png"), transform)
    assert expected is not None
    assert inks[1] == expected.getpixel((0, 0))
    assert inks[0] != inks[1]
