"""The sheets of a pile that are no letters: one that divides print files, and one for a parcel without a letter."""

from collections.abc import Mapping
from dataclasses import replace

from dmgen.campaign import load_layout
from dmgen.layout import Compiler, Master, Materials, build_master, unfailing
from dmgen.model.campaign import Campaign
from dmgen.model.layout import AnySlot, Box, Layout, Style, SymbolSlot
from dmgen.model.production import SHEET_CELLS
from dmgen.resources import sheet_layout
from dmgen.symbols import CODINGS

SEPARATOR, SLIP = "separator", "slip"
_STYLES = ("style", "name_style", "code_style", "words_style")
_SMALLEST = 6 * 25.4 / 72  # mm: bureaus' lower limit for text
_MOST_BARS = 120.0, 26.0  # mm: wider or higher than that, a hand scanner has to be held far away
_MOST_MATRIX = 42.0


def sheet_layouts(campaign: Campaign) -> dict[str, Layout]:
    """The layouts of the sheets by kind, on the page of the campaign's letters; none where no parcels are packed.

    Bleed and sides are those of the first segment's layout, too. Raises CampaignError.
    """
    if not campaign.in_parcels:
        return {}
    page = campaign.layouts[campaign.segments[0].layout]
    shop = campaign.shop
    language = shop.language or ("ja" if shop.country == "JP" else "en")
    files = {kind: sheet_layout(kind, "ja" if language == "ja" else "en") for kind in (SEPARATOR, SLIP)}
    return {kind: _stretched(load_layout(kind, file, shop), page) for kind, file in files.items()}


def sheet_masters(campaign: Campaign, layouts: Mapping[str, Layout], materials: Materials) -> dict[str, Master]:
    """Their masters: they set any sheet whose row is `{"sheet": Record}` with SHEET_CELLS, whatever the cells hold.

    What is fixed on them is always printed, also where the letters' paper is printed beforehand.
    """
    constants = {"sender": campaign.shop.sender, "campaign": campaign.id, "drop": campaign.drop}
    known = frozenset({"sheet", *(f"sheet.{name}" for name in SHEET_CELLS), *constants})
    own = replace(materials, known=known, black_only=False, series={})
    # To the compiler nothing is constant: what does not fit is then cut, and no reason to stop.
    return {
        kind: unfailing(build_master(layout, Compiler(layout, own, {}, f"{kind}."), constants))
        for kind, layout in layouts.items()
    }


def _stretched(drawn: Layout, page: Layout) -> Layout:
    """A layout on another page: boxes grow with its sides, type with the shorter way, symbols no more than scans."""
    across, down = page.width / drawn.width, page.height / drawn.height

    def slot(of: AnySlot) -> AnySlot:
        box = _box(of.box, drawn, page)
        if isinstance(of, SymbolSlot):
            box = _held(box, *(_MOST_BARS if CODINGS[of.kind].bars else (_MOST_MATRIX, _MOST_MATRIX)))
        styles = {key: style for key in _STYLES if isinstance(style := getattr(of, key, None), Style)}
        sized = {key: _sized(style, min(across, down), box) for key, style in styles.items()}
        return replace(of, box=box, **sized)  # type: ignore[arg-type]  # styles are fields of those slots

    pages = tuple(replace(side, slots=tuple(map(slot, side.slots))) for side in drawn.pages)
    return replace(
        drawn, width=page.width, height=page.height, bleed=page.bleed, sides=page.sides, folds=page.folds, pages=pages
    )


def _box(box: Box, drawn: Layout, page: Layout) -> Box:
    """Where a box comes to stand; what reaches into the bleed reaches to its end."""
    left, right = (_moved(x, drawn.width, page.width, page.bleed) for x in (box.left, box.left + box.width))
    top, foot = (_moved(y, drawn.height, page.height, page.bleed) for y in (box.top, box.top + box.height))
    return Box(left, top, right - left, foot - top)


def _moved(place: float, drawn: float, length: float, bleed: float) -> float:
    if place < 0:
        return -bleed
    return length + bleed if place > drawn else place * length / drawn


def _held(box: Box, width: float, height: float) -> Box:
    """A box no larger than that, in the middle of what it was and at its top."""
    across = min(box.width, width)
    return Box(box.left + (box.width - across) / 2, box.top, across, min(box.height, height))


def _sized(style: Style, scale: float, box: Box) -> Style:
    """A style at another size: not under the smallest that is printed, unless it would not fit its box."""
    drawn = style.size * scale
    size = max(drawn, min(_SMALLEST, box.height))
    floor = min(drawn, size, max(_SMALLEST, (style.floor or 0) * scale))
    return replace(style, size=size, leading=style.leading * size / style.size, floor=floor)
