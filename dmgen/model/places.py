"""Where things stand on the pages of a layout, as job.json tells whoever reads a job back (mm from the trim)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from dmgen.model.layout import Box


class Part(NamedTuple):
    """A stretch of words: literal text, or a column of the manifest as it is or in a format.

    The formats: "sama"; "%06d"; "url" and "path" percent-encoded, the latter but for slashes. A column "offer.NAME" is
    of the terms that the piece was promised, its formats "yen", "comma", "jdate" and "usdate".
    """

    text: str = ""
    column: str = ""
    format: str = ""


Phrase = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class SlotPlace:
    """A slot that shows something of its piece.

    `phrases` are what its words show of the manifest; `exact` where one phrase is all that there is. `symbol` is the
    rectangle of a code's modules, `module` the width of its narrowest element. `crowded` slots share their box.
    """

    name: str
    kind: str
    box: Box
    when: str = ""
    vertical: bool = False
    crowded: bool = False
    phrases: tuple[Phrase, ...] = ()
    exact: bool = False
    link: str = ""
    symbol: Box | None = None
    module: float = 0.0


@dataclass(frozen=True, slots=True)
class PagePlaces:
    """One page of a layout."""

    slots: tuple[SlotPlace, ...]
    when: str = ""


@dataclass(frozen=True, slots=True)
class LayoutPlaces:
    """The pages of a layout: trim size and bleed in mm."""

    width: float
    height: float
    bleed: float
    sides: int
    pages: tuple[PagePlaces, ...]

    def has_one(self, kind: str) -> bool:
        """Whether there is one slot of a kind and no more."""
        return sum(slot.kind == kind for page in self.pages for slot in page.slots) == 1

    def as_json(self) -> dict[str, Any]:
        """What job.json holds; what a slot does not have is left out."""
        sheet = asdict(self)
        sheet["pages"] = [_page_json(page) for page in self.pages]
        return sheet

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "LayoutPlaces":
        """What `as_json` gave. Raises LookupError, TypeError, ValueError for anything else."""
        pages = tuple(PagePlaces(tuple(map(_slot, page["slots"])), str(page.get("when", ""))) for page in data["pages"])
        return cls(float(data["width"]), float(data["height"]), float(data["bleed"]), int(data["sides"]), pages)


def _page_json(page: PagePlaces) -> dict[str, Any]:
    slots = [_slot_json(slot) for slot in page.slots]
    return {"when": page.when, "slots": slots} if page.when else {"slots": slots}


def _slot_json(slot: SlotPlace) -> dict[str, Any]:
    data = {key: value for key, value in asdict(slot).items() if value}
    for key, box in (("box", slot.box), ("symbol", slot.symbol)):
        if box:
            data[key] = [round(value, 4) for value in (box.left, box.top, box.width, box.height)]
    if slot.phrases:
        data["phrases"] = [
            [{key: value for key, value in part._asdict().items() if value} for part in phrase]
            for phrase in slot.phrases
        ]
    return data


def _slot(data: Mapping[str, Any]) -> SlotPlace:
    values = dict(data)
    for key in ("box", "symbol"):
        if key in values:
            values[key] = Box(*map(float, values[key]))
    if "phrases" in values:
        values["phrases"] = tuple(tuple(Part(**part) for part in phrase) for phrase in values["phrases"])
    return SlotPlace(**values)
