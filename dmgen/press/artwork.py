"""A page of a designer's PDF under the variable slots: boxes matched, contents judged, then grafted as a form."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pikepdf
from pikepdf import Pdf

from dmgen.errors import CampaignError, DmgenError
from dmgen.messages import mark
from dmgen.model.layout import Artwork
from dmgen.pdf import (
    AnnotationUse,
    Fault,
    LayerUse,
    PageUses,
    Rules,
    is_transparent,
    place,
    prints,
    readable,
    rectangle,
    use_faults,
    walk_page,
)
from dmgen.press.artwork_boxes import Placing, placing
from dmgen.press.graft import NOT_AS_IT_SHOULD_BE, DamagedStreamError, Graft, graft
from dmgen.press.operators import number

_MOST_CAUSES = 10


def load_artwork(artwork: Artwork, target: Path, rules: Rules) -> Graft:
    """The page as a form whose origin is the trim's top left corner, its streams in the file `target`.

    Raises CampaignError for a file or page that is not there or not whole, a trim or bleed that is not the layout's,
    and contents that a press must not get.
    """
    try:
        with _open(artwork.file) as pdf:
            return _load(pdf, artwork, target, rules)
    except DamagedStreamError as error:
        message = mark("{file}: object {number} is damaged; export the PDF again")
        raise CampaignError(message, file=artwork.file, number=error.number) from None
    except NOT_AS_IT_SHOULD_BE as error:
        message = mark("{file}: the PDF is damaged ({reason}); export it again")
        reason = str(error).removeprefix(f"{artwork.file}: ")
        raise CampaignError(message, file=artwork.file, reason=reason) from None


def _open(file: Path) -> Pdf:
    """Raises CampaignError for what is no PDF, or a protected one. What is damaged is not repaired by guesses."""
    try:
        with file.open("rb") as start:
            if b"%PDF-" not in start.read(1024):
                raise CampaignError(mark("{file}: not a PDF; artwork is a page of a PDF"), file=file)
        pdf = Pdf.open(file, attempt_recovery=False)
    except OSError as error:
        raise CampaignError(mark("{file}: cannot be read: {reason}"), file=file, reason=error.strerror) from None
    except pikepdf.PasswordError:
        raise _protected(file) from None
    if pdf.is_encrypted:
        pdf.close()
        raise _protected(file)
    return pdf


def _protected(file: Path) -> CampaignError:
    return CampaignError(mark("{file}: the PDF is protected; export it without a password or restrictions"), file=file)


def _load(pdf: Pdf, artwork: Artwork, target: Path, rules: Rules) -> Graft:
    if artwork.page > len(pdf.pages):
        message = mark("{file} has no page {page}; it has {count}: in artwork, #1 is the first")
        raise CampaignError(message, file=artwork.file, page=artwork.page, count=len(pdf.pages))
    page = pdf.pages[artwork.page - 1].obj
    placed = placing(page, artwork)
    found = walk_page(page)
    transparent = any(map(is_transparent, found.uses))
    if not transparent:
        found.uses = [use for use in found.uses if use.path or not hasattr(use, "group")]
    _refuse(artwork, list(_faults(pdf, found, placed, rules)))
    entries = b"/BBox[%b]/Matrix[%b]" % (_numbers(placed.bleed), _numbers(placed.matrix))
    return graft(page, found, entries, target, keep_group=transparent)


def _numbers(values: tuple[float, ...]) -> bytes:
    return " ".join(map(number, values)).encode()


def _faults(pdf: Pdf, found: PageUses, placed: Placing, rules: Rules) -> Iterator[Fault]:
    yield from _moving(pdf)
    for use in found.uses:
        yield from use_faults(use, rules)
        if isinstance(use, LayerUse) and not prints(use.layer, pdf.Root):
            name = readable(str(use.layer.get("/Name", "")))
            yield Fault("layer", use.path, DmgenError(mark('"{name}" is a layer that does not print'), name=name))
        if isinstance(use, AnnotationUse) and use.printed and use.subtype != "PrinterMark":
            where = rectangle(use.annotation.get("/Rect"))
            inside = where.within(placed.bleed) if where else None
            if inside and inside.width > 0 and inside.height > 0:
                message = mark("{kind}: what is not part of the page does not print; flatten it")
                yield Fault("annotation", use.path, DmgenError(message, kind=use.subtype))


def _moving(pdf: Pdf) -> Iterator[Fault]:
    """What makes the page look otherwise in a reader than on paper. Other things of the document are left behind."""
    root = pdf.Root
    if "/JavaScript" in root.get("/Names", {}):
        yield Fault("javascript", (), DmgenError(mark("the document runs JavaScript")))
    if "/XFA" in root.get("/AcroForm", {}):
        yield Fault("xfa", (), DmgenError(mark("the document is an XFA form")))


def _refuse(artwork: Artwork, faults: list[Fault]) -> None:
    if not faults:
        return
    causes = [DmgenError(mark("{where}: {what}"), where=place(fault.path), what=fault.message) for fault in faults]
    listed = causes[0]
    for cause in islice(causes, 1, _MOST_CAUSES):
        listed = DmgenError(mark("{first}; {next}"), first=listed, next=cause)
    if len(causes) > _MOST_CAUSES:
        listed = DmgenError(mark("{first} (and {more} more)"), first=listed, more=len(causes) - _MOST_CAUSES)
    message = mark(
        "{file}, page {page} cannot be printed as it is: {causes}. Export it with all colours converted to CMYK "
        "(spot inks may stay), fonts embedded and layers flattened; PDF/X-4 does so"
    )
    raise CampaignError(message, file=artwork.file, page=artwork.page, causes=listed)
