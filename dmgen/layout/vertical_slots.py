"""Slots of vertical writing made ready, or refused where they could not be read."""

from dmgen.errors import CampaignError
from dmgen.fonts import Face, FontLibrary, VerticalFace, vertical_key
from dmgen.layout.plans import Copy
from dmgen.layout.postal_boxes import BOX, HEIGHT, WIDTH, PostalBoxesPlan
from dmgen.layout.vertical import ColumnSetter, ColumnsPlan
from dmgen.layout.vertical_address import VerticalAddressPlan
from dmgen.messages import mark
from dmgen.model.contents import Stamp
from dmgen.model.layout import AddressSlot, Layout, Numerals, PostalBoxesSlot, Slot, Style, TextSlot

_ROUNDING = 0.05  # mm


def columns_plan(slot: TextSlot, copy: Copy, layout: Layout, fonts: FontLibrary) -> ColumnsPlan:
    """A text slot in columns. Raises CampaignError for a font without vertical forms."""
    return ColumnsPlan(copy, _setter(slot, slot.style, Numerals.SIDE_BY_SIDE, layout, fonts), slot.box)


def address_plan(
    slot: AddressSlot, parts: tuple[str, ...], layout: Layout, fonts: FontLibrary, country: str
) -> VerticalAddressPlan:
    """An address in columns. Raises CampaignError where the postal code would be printed nowhere."""
    _check_country(slot, layout, country)
    if not any(_shows_postal_code(other, layout) for page in layout.pages for other in page.slots):
        raise CampaignError(
            mark(
                "{file}: slot {slot}: an address in columns does not show the postal code; give it a slot such as "
                'postal = {{ kind = "postal_boxes", box = [44.3, 12, 47.7, 8], frames = true }}'
            ),
            file=layout.file,
            slot=slot.name,
        )
    address = _setter(slot, slot.style, Numerals.KANJI, layout, fonts)
    return VerticalAddressPlan(
        slot.box, address, _setter(slot, slot.name_style, Numerals.SIDE_BY_SIDE, layout, fonts), parts
    )


def postal_boxes_plan(
    slot: PostalBoxesSlot, frames: tuple[Stamp, ...], layout: Layout, face: Face, country: str
) -> PostalBoxesPlan:
    """The boxes of a postal code. Raises CampaignError for a size that is not theirs, or digits too large for them."""
    _check_country(slot, layout, country)
    box, size = slot.box, slot.style.size
    if abs(box.width - WIDTH) > _ROUNDING or abs(box.height - HEIGHT) > _ROUNDING:
        raise CampaignError(
            mark(
                "{file}: slot {slot}: the seven boxes of a postal code are {width:g} × {height:g} mm; "
                "on a card of 100 mm write box = [44.3, 12, {width:g}, {height:g}]"
            ),
            file=layout.file,
            slot=slot.name,
            width=WIDTH,
            height=HEIGHT,
        )
    widest = max(map(face.advances.__getitem__, "0123456789")) / 1000
    most = min(BOX / widest, HEIGHT * 1000 / face.cap_height)
    if size > most:
        raise CampaignError(
            mark("{file}: slot {slot}: digits of {size:.1f} mm do not fit their boxes; a style of {most:.1f} mm does"),
            file=layout.file,
            slot=slot.name,
            size=size,
            most=most - _ROUNDING,
        )
    return PostalBoxesPlan(face, slot.style, box, frames)


def _setter(slot: Slot, style: Style, numerals: Numerals, layout: Layout, fonts: FontLibrary) -> ColumnSetter:
    vertical = fonts[vertical_key(style.font)]
    if not isinstance(vertical, VerticalFace) or not vertical.has_forms:
        raise CampaignError(
            mark(
                "{file}: slot {slot}: the font {font} has no forms for vertical writing (OpenType feature vert); "
                'give the style another, e.g. font = "mincho"'
            ),
            file=layout.file,
            slot=slot.name,
            font=style.font,
        )
    return ColumnSetter.make(fonts, style, slot.box.height, style.numerals or numerals)


def _shows_postal_code(slot: Slot, layout: Layout) -> bool:
    return isinstance(slot, PostalBoxesSlot) or (
        isinstance(slot, TextSlot) and "postal_code" in layout.words[slot.words]
    )


def _check_country(slot: Slot, layout: Layout, country: str) -> None:
    if country != "JP":
        raise CampaignError(
            mark(
                "{file}: slot {slot}: addresses in columns and postal code boxes are Japanese; "
                'write country = "JP" in {shop}, or take a horizontal style'
            ),
            file=layout.file,
            slot=slot.name,
            shop="shop.toml",
        )
