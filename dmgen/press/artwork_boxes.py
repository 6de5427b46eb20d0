"""Trim and bleed of a designer's page against the layout's, and where the page goes (ISO 32000-1, 14.11.2)."""

from typing import NamedTuple

from pikepdf import Object

from dmgen.errors import CampaignError, DmgenError
from dmgen.messages import mark
from dmgen.model.layout import Artwork
from dmgen.pdf import PageBoxes, Rectangle, page_boxes
from dmgen.press.operators import PT

_TOLERANCE = 0.1  # mm: programs round pages to whole points and cut decimals


class Placing(NamedTuple):
    """The layout's bleed as a rectangle of the page's own units, and the matrix from there to the trim's top left."""

    bleed: Rectangle
    matrix: tuple[float, ...]


def placing(page: Object, artwork: Artwork) -> Placing:
    """Where the page goes. Raises CampaignError, with both sizes, if its trim or bleed is not the layout's."""
    try:
        boxes = page_boxes(page)
    except ValueError:
        raise _refused(artwork, mark("{file}, page {page}: it has no MediaBox; export the PDF again")) from None
    trim = _trim(boxes, artwork)
    bleed = trim.grown(artwork.bleed * PT / boxes.unit)
    _check_bleed(boxes, trim, artwork)
    return Placing(bleed, turned(trim, boxes))


def _refused(artwork: Artwork, message: str, **values: object) -> CampaignError:
    where = {"file": artwork.file, "page": artwork.page}
    return CampaignError(message, **where, **values)


def _size(size: tuple[float, float]) -> str:
    return f"{size[0]:.1f} × {size[1]:.1f} mm"


def _trim(boxes: PageBoxes, artwork: Artwork) -> Rectangle:
    """TrimBox, else ArtBox (PDF/X has one of them); a page without either must be trim and bleed, no more."""
    wanted = (artwork.width, artwork.height)
    full = (artwork.width + 2 * artwork.bleed, artwork.height + 2 * artwork.bleed)
    marked = boxes.trim or boxes.art
    if marked:
        size = boxes.millimetres(marked)
        if not _is_same(size, wanted):
            raise _mismatch(artwork, mark("its trim is {found}"), size)
        return marked
    whole = boxes.media.within(boxes.crop) if boxes.crop else boxes.media
    size = boxes.millimetres(whole)
    if _is_same(size, full):
        return whole.grown(-artwork.bleed * PT / boxes.unit)
    if _is_same(size, wanted):
        message = mark(
            "{file}, page {page}: there is no bleed: the page is {found}, which is the trim itself. "
            "Export it with {bleed:g} mm of bleed on each side, {full} in all"
        )
        raise _refused(artwork, message, found=_size(size), bleed=artwork.bleed, full=_size(full))
    raise _mismatch(artwork, mark("it is {found} and has no TrimBox"), size)


def _is_same(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return all(abs(a - b) <= _TOLERANCE for a, b in zip(one, other, strict=True))


def _mismatch(artwork: Artwork, message: str, size: tuple[float, float]) -> CampaignError:
    wanted = (artwork.width, artwork.height)
    turned = _is_same(size, wanted[::-1])
    return _refused(
        artwork,
        mark("{file}, page {page}: {found}; the layout's trim is {wanted} with {bleed:g} mm of bleed{turn}"),
        found=DmgenError(message, found=_size(size)),
        wanted=_size(wanted),
        bleed=artwork.bleed,
        turn=DmgenError(mark(": turn the page, or set landscape in [page]")) if turned else "",
    )


def _check_bleed(boxes: PageBoxes, trim: Rectangle, artwork: Artwork) -> None:
    """BleedBox, by default CropBox, by default MediaBox; nothing is drawn beyond MediaBox."""
    reach = (boxes.bleed or boxes.crop or boxes.media).within(boxes.media)
    scale = boxes.unit / PT
    sides = (trim.left - reach.left, reach.top - trim.top, reach.right - trim.right, trim.bottom - reach.bottom)
    turns = boxes.rotate // 90
    seen = [side * scale for side in (*sides[4 - turns :], *sides[: 4 - turns])]
    if min(seen) < artwork.bleed - _TOLERANCE:
        message = mark(
            "{file}, page {page}: there is not enough bleed: {left:.1f} mm on the left, {top:.1f} at the top, "
            "{right:.1f} on the right, {bottom:.1f} at the bottom; the layout wants {bleed:g} mm on each side"
        )
        left, top, right, bottom = (max(side, 0.0) for side in seen)
        raise _refused(artwork, message, left=left, top=top, right=right, bottom=bottom, bleed=artwork.bleed)


def turned(trim: Rectangle, boxes: PageBoxes) -> tuple[float, ...]:
    """From the page's units to points from the trim's top left corner as it is seen, y upwards."""
    unit = boxes.unit
    by_rotation = {
        0: (1, 0, 0, 1, -trim.left, -trim.top),
        90: (0, -1, 1, 0, -trim.bottom, trim.left),
        180: (-1, 0, 0, -1, trim.right, trim.bottom),
        270: (0, 1, -1, 0, trim.top, -trim.right),
    }
    return tuple(unit * value for value in by_rotation[boxes.rotate])
