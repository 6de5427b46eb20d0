"""What layouts are made from, and what becomes of a slot."""

from dataclasses import dataclass, field
from typing import NamedTuple

from dmgen.errors import CampaignError
from dmgen.fonts import FontLibrary
from dmgen.layout.plans import Fixed, PicturePlan, Plan, proportional
from dmgen.layout.words import unknown_names
from dmgen.messages import mark
from dmgen.model.campaign import REJECT_ALL, Policies
from dmgen.model.contents import Picture
from dmgen.model.layout import Artwork, ImageSlot, Layout
from dmgen.symbols import QrSeries


class SlotPlan(NamedTuple):
    """The plan of a slot; `personal` where it shows or depends on anything of the recipient's row.

    `shown` are the names whose values it shows.
    """

    slot: str
    plan: Plan
    personal: bool
    shown: tuple[str, ...]


@dataclass(frozen=True)
class Materials:
    """What layouts are made from: fonts, sizes of pictures (pixels), QR series by link, names of columns.

    `artworks` has the names of the forms of designers' pages. With `black_only`, what is fixed is on the paper
    already, and what varies is printed in black. `marker` is the id of the AR marker, where a layout has one.
    """

    fonts: FontLibrary
    pictures: dict[str, tuple[int, int]]
    series: dict[str, QrSeries]
    known: frozenset[str]
    country: str
    policies: Policies = REJECT_ALL
    artworks: dict[Artwork, str] = field(default_factory=dict)
    black_only: bool = False
    marker: int = 0


def image_plan(slot: ImageSlot, layout: Layout, materials: Materials) -> Plan:
    """A picture of the layout's own, or one of a column's. Raises CampaignError for a column that is not there."""
    if slot.file is not None:
        key = str(slot.file)
        return Fixed((Picture(key, proportional(slot.box, *materials.pictures[key])),))
    if unknown_names({slot.column}, materials.known):
        raise CampaignError(
            mark("{file}: slot {slot}: there is no column {column} for its picture. There is: {known}"),
            file=layout.file,
            slot=slot.name,
            column=slot.column,
            known=", ".join(sorted(materials.known)),
        )
    return PicturePlan(slot.column, slot.box, materials.pictures)
