"""What the file says of itself: the document information dictionary and the XMP packet."""

import re
from datetime import UTC, datetime, timedelta, timezone

from dmgen.messages import mark
from dmgen.model.printing import Standard
from dmgen.preflight.file import PDFVT, PDFX, PdfFile
from dmgen.preflight.finding import Fault, Faults
from dmgen.preflight.reading import get

_TRAPPED = ("True", "False")
_XMP = (
    "dc:title", "xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate",
    "xmpMM:DocumentID", "xmpMM:VersionID", "xmpMM:RenditionClass",
)  # fmt: skip
_TEXTS = (
    ("/Title", "dc:title"),
    ("/Trapped", "pdf:Trapped"),
    ("/Producer", "pdf:Producer"),
    ("/Creator", "xmp:CreatorTool"),
)
_DATES = (("/CreationDate", "xmp:CreateDate"), ("/ModDate", "xmp:ModifyDate"))
_X1A = {
    Standard.X1A_2003: {"/GTS_PDFXVersion": "PDF/X-1a:2003"},
    Standard.X1A_2001: {"/GTS_PDFXVersion": "PDF/X-1:2001", "/GTS_PDFXConformance": "PDF/X-1a:2001"},
}
_EXPORT = mark("export it again as {standard}")
_PDF_DATE = re.compile(r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z|([+-])(\d\d)'?(?:(\d\d)'?)?)?")


def _missing(file: PdfFile, at: str) -> Fault:
    return Fault(at, mark("{at} is missing"), _EXPORT, {"at": at, "standard": file.standard})


def x4_claim(file: PdfFile) -> Faults:
    """PDF/X-4: in XMP pdfxid:GTS_PDFXVersion = PDF/X-4."""
    yield from _claims(file, "XMP pdfxid:GTS_PDFXVersion", file.xmp.get(f"{PDFX}GTS_PDFXVersion"), "PDF/X-4")


def x4_info_claim(file: PdfFile) -> Faults:
    """PDF/X-4: GTS_PDFXVersion also in Info, because pdfinfo reads only Info."""
    yield from _claims(file, "Info /GTS_PDFXVersion", file.said("/GTS_PDFXVersion"), "PDF/X-4")


def vt_claim(file: PdfFile) -> Faults:
    """PDF/VT-1: in XMP pdfvtid:GTS_PDFVTVersion = PDF/VT-1."""
    yield from _claims(file, "XMP pdfvtid:GTS_PDFVTVersion", file.xmp.get(f"{PDFVT}GTS_PDFVTVersion"), "PDF/VT-1")


def vt_date(file: PdfFile) -> Faults:
    """PDF/VT-1: GTS_PDFVTModDate equal to xmp:ModifyDate."""
    at, said = "XMP pdfvtid:GTS_PDFVTModDate", file.xmp.get(f"{PDFVT}GTS_PDFVTModDate")
    if not said or moment(said) != moment(file.xmp.get("xmp:ModifyDate")):
        yield Fault(at, mark("{at} is not xmp:ModifyDate"), _EXPORT, {"at": at, "standard": file.standard})


def x1a_claim(file: PdfFile) -> Faults:
    """PDF/X-1a: Info GTS_PDFXVersion, and for :2001 GTS_PDFXConformance."""
    for entry, wanted in _X1A[file.standard].items() if file.standard in _X1A else ():
        yield from _claims(file, f"Info {entry}", file.said(entry), wanted)


def _claims(file: PdfFile, at: str, said: str, wanted: str) -> Faults:
    if said != wanted:
        yield Fault(
            at,
            mark("{at} is {said}, not {wanted}"),
            _EXPORT,
            {"at": at, "said": said or "-", "wanted": wanted, "standard": file.standard},
        )


def packet(file: PdfFile) -> Faults:
    """PDF/X-4: XMP, uncompressed."""
    if not file.xmp.sound:
        yield Fault("/Metadata", mark("there is no XMP packet that can be read"), _EXPORT, {"standard": file.standard})
    elif get(file.xmp.stream, "/Filter") is not None:
        yield Fault("/Metadata", mark("the XMP packet is compressed"), mark("write the XMP packet without a filter"))


def properties(file: PdfFile) -> Faults:
    """PDF/X-4: dc:title, the three dates, xmpMM:DocumentID, VersionID, RenditionClass, pdf:Trapped (True or False)."""
    if not file.xmp.sound:
        return
    for property_ in _XMP:
        if not file.xmp.get(property_):
            yield _missing(file, f"XMP {property_}")
    if file.xmp.get("pdf:Trapped") not in _TRAPPED:
        yield Fault("XMP pdf:Trapped", _UNTRAPPED, _SET_TRAPPED)


_UNTRAPPED = mark("it is not said whether the file is trapped (True or False)")
_SET_TRAPPED = mark("set Trapped to False, or to True if trapping was applied")


def equal_metadata(file: PdfFile) -> Faults:
    """PDF/X-4: XMP equal to Info, as far as Info says anything."""
    if not file.xmp.sound:
        return
    differing = [pair for pair in _TEXTS if file.said(pair[0]) and file.said(pair[0]) != file.xmp.get(pair[1])]
    differing += [pair for pair in _DATES if file.said(pair[0]) and not _same_moment(file, *pair)]
    for entry, property_ in differing:
        if file.xmp.get(property_):
            yield Fault(
                f"Info {entry}",
                mark("Info {entry} and XMP {property} say different things"),
                mark("write both from the same value"),
                {"entry": entry, "property": property_},
            )


def _same_moment(file: PdfFile, entry: str, property_: str) -> bool:
    said = moment(file.said(entry))
    return said is not None and said == moment(file.xmp.get(property_))


def information(file: PdfFile) -> Faults:
    """PDF/X-1a: Info Title, CreationDate, ModDate, Trapped."""
    for entry in ("/Title", "/CreationDate", "/ModDate"):
        if not file.said(entry):
            yield _missing(file, f"Info {entry}")
    if file.said("/Trapped") not in _TRAPPED:
        yield Fault("Info /Trapped", _UNTRAPPED, _SET_TRAPPED)


def moment(written: str) -> datetime | None:
    """A date of a PDF (ISO 32000-1, 7.9.4) or of XMP (ISO 8601); one without a zone counts as UTC."""
    try:
        return _pdf_moment(written) or _iso_moment(written)
    except (ValueError, OverflowError):
        return None


def _pdf_moment(written: str) -> datetime | None:
    found = _PDF_DATE.fullmatch(written.strip())
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part) if part else 0 for part in found.groups()[:6])
    zone: timezone = UTC
    if found[7]:
        sign = -1 if found[7] == "-" else 1
        zone = timezone(sign * timedelta(hours=int(found[8]), minutes=int(found[9] or 0)))
    return datetime(year, month or 1, day or 1, hour, minute, second, tzinfo=zone)


def _iso_moment(written: str) -> datetime:
    found = datetime.fromisoformat(written.strip())
    return found if found.tzinfo else found.replace(tzinfo=UTC)
