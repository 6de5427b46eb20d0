"""What a packer matches a letter to its parcel by: a symbol of the piece, and a key that people read."""

import re
from collections.abc import Iterator

from dmgen.errors import CampaignError, DmgenError
from dmgen.layout import said
from dmgen.messages import mark
from dmgen.model.campaign import Campaign
from dmgen.model.layout import Layout, Slot, SymbolSlot, TextSlot

_PIECE = re.compile(r"\s*\{\{-?\s*piece_id\s*-?\}\}\s*")
_KEYS = frozenset({"parcel.key", "parcel.order", "parcel.orders", "parcel.shipment_id"})
_MARGIN = 5.0  # mm to the trim's edges: trimming and the packer's fingers take the rest
_SIZE = 13.0  # mm: a datamatrix of twelve characters with modules of half a millimetre


def match_remarks(campaign: Campaign) -> Iterator[DmgenError]:
    """What layouts of letters that go into parcels lack to be matched. Codes on folds are refused when layouts load."""
    if not campaign.in_parcels:
        return
    for layout in campaign.layouts.values():
        marks = [slot for page in layout.pages for slot in page.slots if _is_mark(layout, slot)]
        left = layout.width - _MARGIN - 2 - _SIZE
        if not marks:
            message = mark(
                "{file}: no symbol says which piece it is, so no scanner can prove which letter lies in which parcel. "
                'Write under [words] piece = "{{{{ piece_id }}}}" and under [slots] match = {{ kind = "datamatrix", '
                'words = "piece", box = [{left:g}, 7, 13, 13] }}, or kind = "code128" with a box of 52 × 10 mm'
            )
            yield CampaignError(message, file=layout.file, left=left)
        if not any(_shows_key(layout, slot) for page in layout.pages for slot in page.slots):
            message = mark(
                "{file}: nothing says for people into which parcel it goes. Write under [words] "
                'key = "{{{{ parcel.key }}}}", the end of the order number, and a slot of it beside the symbol'
            )
            yield CampaignError(message, file=layout.file)
        for slot in marks:
            if (room := _room(layout, slot)) < _MARGIN:
                message = mark(
                    "{file}: the symbol {slot} stands {room:g} mm from the edge: keep {margin:g} mm, or trimming and "
                    "fingers take from it"
                )
                yield CampaignError(message, file=layout.file, slot=slot.name, room=round(room, 2), margin=_MARGIN)


def _is_mark(layout: Layout, slot: Slot) -> bool:
    return isinstance(slot, SymbolSlot) and bool(_PIECE.fullmatch(layout.words[slot.words]))


def _shows_key(layout: Layout, slot: Slot) -> bool:
    names = said(layout.words[slot.words], "", {}).names if isinstance(slot, TextSlot) else ()
    return any(name in _KEYS for name, _ in names)


def _room(layout: Layout, slot: Slot) -> float:
    """Millimetres to the nearest edge of the trim."""
    box = slot.box
    return min(box.left, box.top, layout.width - box.left - box.width, layout.height - box.top - box.height)
