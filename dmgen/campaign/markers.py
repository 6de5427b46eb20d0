"""The AR marker of a letter: large enough for a phone, with its quiet zone, beside the QR code that opens its page."""

from collections.abc import Iterable, Iterator, Mapping

from dmgen.campaign.problems import RefusalError
from dmgen.campaign.schema_layout import MarkerTable
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.layout import AnySlot, ArSlot, Layout, QrSlot
from dmgen.model.web import Ar, LinkRule, Target
from dmgen.symbols import MARKER_CELLS, MARKER_QUIET, RECOMMENDED_MARKER, SMALLEST_MARKER

_WITH_QUIET = (MARKER_CELLS + 2 * MARKER_QUIET) / MARKER_CELLS
_ROUNDING = 1e-6


def marker_size(table: MarkerTable) -> float:
    """How wide (mm) the marker is printed. Raises RefusalError where that is too small or its box is."""
    largest = min(table.box.width, table.box.height) / _WITH_QUIET
    size = largest if table.size is None else table.size
    if size < SMALLEST_MARKER - _ROUNDING:
        message = mark(
            "a marker of {size:.1f} mm is too small for phones: at least {smallest:g}, better {recommended:g} mm "
            "(a box of {box:.1f} × {box:.1f} mm with the blank around it)"
        )
        box = RECOMMENDED_MARKER * _WITH_QUIET
        raise RefusalError(message, size=size, smallest=SMALLEST_MARKER, recommended=RECOMMENDED_MARKER, box=box)
    if size > largest + _ROUNDING:
        message = mark(
            "a marker of {size:g} mm needs a box of {box:.1f} × {box:.1f} mm, with the blank of 1½ cells around it; "
            "this one takes {largest:.1f} mm"
        )
        raise RefusalError(message, size=size, box=size * _WITH_QUIET, largest=largest)
    return size


def check_markers(layouts: Iterable[Layout], ar: Ar | None, links: Mapping[str, LinkRule]) -> None:
    """Raise CampaignError for a marker without [ar], and for one without the QR code that opens its page."""
    for layout in layouts:
        for slots in (page.slots for page in layout.pages):
            for marker in (slot for slot in slots if isinstance(slot, ArSlot)):
                if ar is None:
                    message = mark(
                        "{file}: slot {slot}: a marker shows something: write in campaign.toml [ar] "
                        'content = "film.mp4" and place = [20, 40, 80, 45]'
                    )
                    raise CampaignError(message, file=layout.file, slot=marker.name)
                if not any(_opens(slot, marker, links) for slot in slots):
                    message = mark(
                        "{file}: slot {slot}: beside a marker stands the QR code that opens its page: write in "
                        'campaign.toml [links.ar] to = "ar" and on the same page of the layout '
                        '{{ kind = "qr", link = "ar", box = [150, 250, 25, 25] }}, in every letter that has the marker'
                    )
                    raise CampaignError(message, file=layout.file, slot=marker.name)


def _opens(slot: AnySlot, marker: ArSlot, links: Mapping[str, LinkRule]) -> bool:
    """Whether a slot is a QR code that opens the marker's page, or a page of the shop's own, whenever it is there."""
    if not isinstance(slot, QrSlot) or (slot.when and slot.when != marker.when):
        return False
    to = links.get(slot.link, LinkRule(slot.link)).to
    return to is Target.AR or not isinstance(to, Target)


def small_markers(layouts: Iterable[Layout]) -> Iterator[CampaignError]:
    """What to look at: markers that may be printed but had better be larger."""
    for layout in layouts:
        for slot in (slot for page in layout.pages for slot in page.slots):
            if isinstance(slot, ArSlot) and round(slot.size, 1) < RECOMMENDED_MARKER:
                message = mark(
                    "{file}: slot {slot}: the marker is {size:.1f} mm wide; phones find one of {recommended:g} mm "
                    "sooner and from farther away"
                )
                values = {"size": slot.size, "recommended": RECOMMENDED_MARKER}
                yield CampaignError(message, file=layout.file, slot=slot.name, **values)
