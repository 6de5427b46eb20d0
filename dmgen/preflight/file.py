"""One PDF file as the checks see it: catalog, metadata, output intents, and what is gathered on the way through it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Object, Pdf, Stream

from dmgen.errors import UsageError
from dmgen.messages import mark
from dmgen.model.printing import Standard
from dmgen.preflight.reading import Key, array, decoded, entries, get, name, text

logging.getLogger("pikepdf").addHandler(logging.NullHandler())  # what it warns of is told as findings
PDFX = "{http://www.npes.org/pdfx/ns/id/}"
PDFVT = "{http://www.npes.org/pdfvt/ns/id/}"
_HEAD = 1024  # where readers look for the header


class Xmp:
    """The XMP packet of the file; without one, or if it cannot be read, every property is empty."""

    def __init__(self, pdf: Pdf) -> None:
        self.stream = get(pdf.Root, "/Metadata")
        self.sound = False
        if not isinstance(self.stream, Stream):
            return
        try:
            self._packet = pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False, strict=True)
            self.sound = len(self._packet) > 0
        except (ValueError, SyntaxError, pikepdf.PdfError):
            return

    def get(self, property_: str) -> str:
        """A property ("dc:title", or with its namespace in braces) as text."""
        value = self._packet.get(property_) if self.sound else None
        return "" if value is None else str(value)


class Intent:
    """An output intent for PDF/X (ISO 32000-1, 14.11.5) and the ICC profile in it."""

    def __init__(self, entry: object) -> None:
        self.condition = text(get(entry, "/OutputConditionIdentifier")).strip()
        self.info = text(get(entry, "/Info")).strip()
        self.registered = text(get(entry, "/RegistryName")).rstrip("/") == "http://www.color.org"
        self.stream = get(entry, "/DestOutputProfile")
        self.profile = Profile(decoded(self.stream) or b"") if isinstance(self.stream, Stream) else None


class Profile:
    """The head and tag table of an ICC profile (ICC.1:2010, 7.2 and 7.3)."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.sound = len(data) > 132 and data[36:40] == b"acsp"
        self.version = data[8] if self.sound else 0
        self.kind = data[12:16].decode("latin-1") if self.sound else ""
        self.space = data[16:20].decode("latin-1").strip() if self.sound else ""
        count = min(int.from_bytes(data[128:132]), 200) if self.sound else 0
        self.tags = {data[132 + 12 * i : 136 + 12 * i].decode("latin-1") for i in range(count)}

    @property
    def channels(self) -> int:
        """How many colour values the profile takes; 0 if that is unknown."""
        return {"GRAY": 1, "RGB": 3, "Lab": 3, "CMYK": 4}.get(self.space, 0)


@dataclass
class PdfFile:
    """An open file, the standard it is checked against, and what several checks gather about it."""

    path: Path
    pdf: Pdf
    standard: Standard | None = None
    pages: list[Object] = field(default_factory=list)
    spots: dict[str, bytes] = field(default_factory=dict)
    profiles: dict[Key, Profile | None] = field(default_factory=dict)

    @cached_property
    def root(self) -> Object:
        """The catalog."""
        return self.pdf.Root

    @cached_property
    def info(self) -> dict[str, Any]:
        """The document information dictionary."""
        return entries(get(self.pdf.trailer, "/Info"))

    def said(self, entry: str) -> str:
        """An entry of the information dictionary as text; Trapped is a name."""
        value = self.info.get(entry)
        return name(value) or text(value)

    @cached_property
    def xmp(self) -> Xmp:
        """The metadata packet."""
        return Xmp(self.pdf)

    @cached_property
    def intents(self) -> list[Intent]:
        """The output intents for PDF/X; intents for other standards do not count."""
        found = array(get(self.root, "/OutputIntents"))
        return [Intent(entry) for entry in found if name(get(entry, "/S")) == "GTS_PDFX"]

    @cached_property
    def press_space(self) -> str:
        """The colour space of the printing condition: CMYK, RGB, GRAY or, if nothing says, CMYK."""
        profiles = [intent.profile for intent in self.intents if intent.profile and intent.profile.sound]
        return profiles[0].space if profiles else "CMYK"

    @cached_property
    def numbers(self) -> dict[Key, int]:
        """The place (from 0) of each page by its object number."""
        return {page.objgen: place for place, page in enumerate(self.pages)}

    @cached_property
    def claim(self) -> str:
        """The standard that the file itself says it obeys; empty if it says none."""
        vt, x4 = self.xmp.get(f"{PDFVT}GTS_PDFVTVersion"), self.xmp.get(f"{PDFX}GTS_PDFXVersion")
        return vt or self.said("/GTS_PDFXConformance") or x4 or self.said("/GTS_PDFXVersion")

    @cached_property
    def claimed(self) -> Standard | None:
        """The standard that the file claims, if it is one that is checked here."""
        return Standard(self.claim) if self.claim in set(Standard) else None


@contextmanager
def opened(path: Path) -> Iterator[Pdf]:
    """Open a file for reading. Raises UsageError, in words, for what is no PDF or cannot be opened."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise UsageError(
            mark("{file} cannot be read ({problem}): name a PDF file or a job's folder"),
            file=path,
            problem=error.strerror or type(error).__name__,
        ) from None
    if not head:
        raise UsageError(mark("{file} is empty: export it again"), file=path)
    if b"%PDF-" not in head:
        raise UsageError(mark("{file} is not a PDF file: name a PDF, or a job's folder"), file=path)
    try:
        pdf = pikepdf.open(path, suppress_warnings=True, inherit_page_attributes=False)
    except pikepdf.PasswordError:
        raise UsageError(
            mark("{file} is protected by a password: ask its maker for a file without one"), file=path
        ) from None
    except (pikepdf.PikepdfError, RuntimeError, ValueError):
        raise UsageError(mark("{file} is damaged beyond repair: export it again"), file=path) from None
    with pdf:
        yield pdf
