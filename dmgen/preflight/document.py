"""Rules about the file as a whole: header, protection, layers, programs and attachments in it."""

import re

from pikepdf import PdfError, Stream, String

from dmgen.messages import mark
from dmgen.model.printing import Standard
from dmgen.preflight.file import PdfFile
from dmgen.preflight.finding import Fault, Faults
from dmgen.preflight.reading import array, get, label, name, names

_VERSIONS = {Standard.X4: "1.6", Standard.VT1: "1.6", Standard.X1A_2003: "1.4", Standard.X1A_2001: "1.3"}
_MOST = 5
_DECODED = {"FlateDecode", "LZWDecode", "ASCII85Decode", "ASCIIHexDecode", "RunLengthDecode"}


def encrypted(file: PdfFile) -> Faults:
    """No /Encrypt."""
    if get(file.pdf.trailer, "/Encrypt") is not None:
        yield Fault("/Encrypt", mark("the file is encrypted"), mark("save it without passwords and restrictions"))


def identity(file: PdfFile) -> Faults:
    """Trailer /ID with two non-empty strings."""
    found = array(get(file.pdf.trailer, "/ID"))
    if len(found) != 2 or not all(isinstance(part, String) and bytes(part) for part in found):
        yield Fault("/ID", mark("the file has no identity (/ID of two strings)"), mark("save the file again"))


def header(file: PdfFile) -> Faults:
    """Header ≤ 1.6 (PDF/X-4), ≤ 1.4 (PDF/X-1a:2003), 1.3 (PDF/X-1a:2001); /Version of the catalog counts, too."""
    with file.path.open("rb") as opened:
        start = opened.read(16)
    if not re.match(rb"%PDF-\d\.\d\s", start):
        yield Fault("%PDF", mark("the file does not begin with %PDF-1.n"), mark("export the file again"))
    allowed = _VERSIONS.get(file.standard) if file.standard else None
    version = max(file.pdf.pdf_version, name(get(file.root, "/Version")))
    if allowed and version > allowed:
        yield Fault(
            "%PDF",
            mark("PDF version {version}; {standard} goes up to {allowed}"),
            mark("export for {standard}"),
            {"version": version, "standard": file.standard, "allowed": allowed},
        )


def plain_objects(file: PdfFile) -> Faults:
    """PDF/X-1a: no object streams and cross-reference streams."""
    if name(get(file.pdf.trailer, "/Type")) == "XRef" or get(file.pdf.trailer, "/XRefStm") is not None:
        yield Fault(
            "/XRef", mark("cross-reference or object streams (PDF 1.5)"), mark("save the file as PDF 1.3 or 1.4")
        )


def layers(file: PdfFile) -> Faults:
    """PDF/X-1a: no layers."""
    if get(file.root, "/OCProperties") is not None:
        yield Fault("/OCProperties", mark("the file has layers"), mark("export without layers"))


def forms_architecture(file: PdfFile) -> Faults:
    """No XFA."""
    if get(file.root, "/AcroForm", "/XFA") is not None:
        yield Fault("/AcroForm /XFA", mark("an XFA form"), mark("flatten the form"))


def attachments(file: PdfFile) -> Faults:
    """No embedded files."""
    if get(file.root, "/Names", "/EmbeddedFiles") is not None:
        yield Fault("/Names /EmbeddedFiles", mark("files are attached to the file"), mark("remove the attachments"))


def sound_syntax(file: PdfFile) -> Faults:
    """The file is whole: every stream can be decoded, and qpdf, which reads it here, had nothing to mend.

    pikepdf's own check (`check_pdf_syntax`) also parses the contents of every page, which takes three quarters of the
    time of everything else together; the reader of contents does that for the pages that are read.
    """
    damaged = [problem for found in file.pdf.objects if (problem := _damage(found))]
    told = [warning.removeprefix("WARNING: ").replace(str(file.path), "") for warning in file.pdf.get_warnings()]
    for problem in list(dict.fromkeys(damaged + told))[:_MOST]:
        said = problem.strip(" :,")
        yield Fault(said, mark("the file is damaged: {problem}"), mark("export the file again"), {"problem": said})


def _damage(found: object) -> str:
    """What is wrong with a stream whose filters qpdf knows."""
    if not isinstance(found, Stream) or not set(names(found.get("/Filter"))) <= _DECODED:
        return ""
    try:
        found.get_stream_buffer()
    except (PdfError, RuntimeError, ValueError) as error:
        return f"{label(found, 'stream')}: {error}"
    return ""


def claim(file: PdfFile) -> Faults:
    """A file for print says which standard it obeys."""
    wanted = mark("export it as PDF/X-4, or name a standard: --standard PDF/X-4")
    if not file.claim:
        yield Fault("GTS_PDFXVersion", mark("the file claims no standard"), wanted)
    elif not file.claimed:
        yield Fault(
            "GTS_PDFXVersion",
            mark("the file claims {claim}, which is not checked here: only the common rules were"),
            wanted,
            {"claim": file.claim},
        )
