"""What makes a PDF file one of a standard: output intent, document information and XMP (ISO 15930, ISO 16612-2)."""

from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

from dmgen.model.printing import PrintSettings, Standard
from dmgen.press.objects import Objects, stream_body, text_string

VERSIONS = {Standard.X4: "1.6", Standard.VT1: "1.6", Standard.X1A_2003: "1.4", Standard.X1A_2001: "1.3"}
"""The version in a file's header. PDF/X-4: at most 1.6; PDF/X-1a:2003: 1.4; PDF/X-1a:2001: 1.3."""

# PDF/X-4: a page group in DeviceCMYK (a printer refused DeviceRGB there); PDF/X-1a: no transparency, so no group.
PAGE_GROUP = b"/Group<</S/Transparency/CS/DeviceCMYK>>"

# PDF/VT: the base artwork is the same on every page of the file. It is no transparency group, so not encapsulated.
SHARED_FORM = b"/GTS_Encapsulated false/GTS_Scope/File/GTS_XID(%b)"

_REGISTRY = b"/RegistryName(http://www.color.org)"
_IDENTIFICATION = {
    Standard.X4: b"/GTS_PDFXVersion(PDF/X-4)",  # XMP decides; `pdfinfo` reads only this
    Standard.VT1: b"/GTS_PDFXVersion(PDF/X-4)",
    Standard.X1A_2003: b"/GTS_PDFXVersion(PDF/X-1a:2003)",
    Standard.X1A_2001: b"/GTS_PDFXVersion(PDF/X-1:2001)/GTS_PDFXConformance(PDF/X-1a:2001)",
}


@dataclass(frozen=True)
class Intent:
    """The printing condition that colours are meant for; `profile` is the ICC profile, empty where a name stands alone.

    `description` is the profile's own.
    """

    settings: PrintSettings
    profile: bytes
    description: str = ""


@dataclass(frozen=True)
class Document:
    """What a file says of itself; its dates are the job's, never the clock's."""

    title: str
    producer: str
    made_on: date
    standard: Standard


def write_intent(objects: Objects, intent: Intent) -> int:
    """Write the output intent; returns its number.

    PDF/X: an /OutputConditionIdentifier, /Info if the condition is not registered; PDF/X-4 always embeds the profile.
    """
    settings, number = intent.settings, objects.number()
    entries = b"/OutputConditionIdentifier%b" % text_string(settings.condition)
    if settings.registered:
        entries += _REGISTRY
    entries += b"/Info%b" % text_string(intent.description or settings.condition)
    if intent.profile:
        profile = objects.number()
        objects.write(profile, stream_body(intent.profile, b"/N 4"))
        entries += b"/DestOutputProfile %d 0 R" % profile
    objects.pack(number, b"<</Type/OutputIntent/S/GTS_PDFX%b>>" % entries)
    return number


def write_information(objects: Objects, document: Document) -> int:
    """Write the document information dictionary (ISO 32000-1, 14.3.3); returns its number."""
    number = objects.number()
    made = f"D:{document.made_on:%Y%m%d}000000Z".encode()
    objects.pack(
        number,
        b"<</Title%b/Producer%b/CreationDate(%b)/ModDate(%b)/Trapped/False%b>>"
        % (
            text_string(document.title),
            text_string(document.producer),
            made,
            made,
            _IDENTIFICATION[document.standard],
        ),
    )
    return number


def write_metadata(objects: Objects, document: Document) -> int:
    """Write the XMP packet, uncompressed, so that programs which do not read PDF find it too; returns its number.

    PDF/X-4: title, dates and Trapped equal to the information dictionary. The document's id is a digest of what was
    written before.
    """
    number = objects.number()
    xmp = _xmp(document, objects.digest).encode()
    objects.write(number, b"<</Type/Metadata/Subtype/XML/Length %d>>stream\n%b\nendstream" % (len(xmp), xmp))
    return number


def _xmp(document: Document, digest: str) -> str:
    made = f"{document.made_on:%Y-%m-%d}T00:00:00Z"
    identity = "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))
    vt = ""
    if document.standard is Standard.VT1:
        # PDF/VT-1: GTS_PDFVTModDate is equal to xmp:ModifyDate.
        vt = (
            '<rdf:Description rdf:about="" xmlns:pdfvtid="http://www.npes.org/pdfvt/ns/id/">'
            "<pdfvtid:GTS_PDFVTVersion>PDF/VT-1</pdfvtid:GTS_PDFVTVersion>"
            f"<pdfvtid:GTS_PDFVTModDate>{made}</pdfvtid:GTS_PDFVTModDate>"
            "</rdf:Description>\n"
        )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '<rdf:Description rdf:about="" xmlns:pdfxid="http://www.npes.org/pdfx/ns/id/">'
        "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion></rdf:Description>\n"
        f"{vt}"
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:format>application/pdf</dc:format>"
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(document.title)}</rdf:li></rdf:Alt></dc:title>'
        "</rdf:Description>\n"
        '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/">'
        f"<xmp:CreateDate>{made}</xmp:CreateDate><xmp:ModifyDate>{made}</xmp:ModifyDate>"
        f"<xmp:MetadataDate>{made}</xmp:MetadataDate></rdf:Description>\n"
        '<rdf:Description rdf:about="" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">'
        f"<xmpMM:DocumentID>uuid:{identity}</xmpMM:DocumentID><xmpMM:VersionID>1</xmpMM:VersionID>"
        "<xmpMM:RenditionClass>default</xmpMM:RenditionClass></rdf:Description>\n"
        '<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">'
        f"<pdf:Producer>{escape(document.producer)}</pdf:Producer><pdf:Trapped>False</pdf:Trapped></rdf:Description>\n"
        '</rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>'
    )
