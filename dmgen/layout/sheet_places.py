"""What a sheet that is no piece must show, and where: all of it, so that the read-back finds anything more."""

from pathlib import Path

from dmgen.layout.master import Master
from dmgen.layout.words import Origin, render, split_paragraphs
from dmgen.model.layout import SymbolSlot, TextSlot
from dmgen.model.places import LayoutPlaces, PagePlaces, Part, Phrase, SlotPlace
from dmgen.model.production import SHEET_CELLS, Record

_MARK = "\x00"  # cleaning takes it out of every cell


def sheet_places(master: Master) -> LayoutPlaces:
    """Every text and code of the one page of a sheet (mm), whose words say `sheet.NAME` as it is."""
    layout = master.layout
    [page] = layout.pages
    slots = tuple(
        SlotPlace(
            name=slot.name,
            kind=slot.kind if isinstance(slot, SymbolSlot) else "text",
            box=slot.box,
            phrases=(_phrase(layout.words[slot.words], master),),
            exact=True,
        )
        for slot in page.slots
        if isinstance(slot, TextSlot | SymbolSlot)
    )
    return LayoutPlaces(layout.width, layout.height, layout.bleed, layout.sides, (PagePlaces(slots),))


def _phrase(words: str, master: Master) -> Phrase:
    values = {**master.constants, "sheet": Record({name: _MARK + name + _MARK for name in SHEET_CELLS})}
    paragraphs = split_paragraphs(words, Origin(Path(), "", 1))
    parts = "".join(render(paragraph, values) for paragraph in paragraphs).split(_MARK)
    named = (Part(column=f"sheet.{part}") if odd % 2 else Part(text=part) for odd, part in enumerate(parts))
    return tuple(part for part in named if part.text or part.column)
