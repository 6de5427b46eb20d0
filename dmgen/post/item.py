"""One thing that is posted: its sides, thickness and weight, from the sheets, how they are folded, and the envelope."""

from itertools import pairwise
from typing import NamedTuple

from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.layout import Layout
from dmgen.model.posting import ENVELOPES, Envelope, MailRules, Paper

ROOM = 2.0
"""mm by which what lies in an envelope is smaller than the envelope, so that it can be put in."""


class Item(NamedTuple):
    """One posted thing: the shorter side, the longer side, the thickness (mm), the weight (g)."""

    width: float
    height: float
    thickness: float
    weight: float


def item_of(layout: Layout, sheets: int, paper: Paper, rules: MailRules) -> Item:
    """What a letter of so many sheets is to the post: folded, or the envelope with all that lies in it.

    Raises CampaignError when the envelope cannot hold the folded sheets.
    """
    borders = (0.0, *layout.folds, layout.height)
    panels = [low - high for high, low in pairwise(borders)]
    width, height = sorted((layout.width, round(max(panels), 3)))
    thickness = sheets * len(panels) * paper.thickness
    weight = sheets * layout.width * layout.height * paper.gsm / 1e6
    for enclosed in rules.enclosures:
        thickness += enclosed.thickness
        weight += enclosed.weight
    if rules.envelope is not None:
        _fits(width, height, rules.envelope, layout)
        width, height = rules.envelope.width, rules.envelope.height
        thickness += rules.envelope.thickness
        weight += rules.envelope.weight
    return Item(width, height, round(thickness, 3), round(weight, 2))


def _fits(width: float, height: float, envelope: Envelope, layout: Layout) -> None:
    if _holds(envelope, width, height):
        return
    able = [f'"{key}"' for key, one in ENVELOPES.items() if _holds(one, width, height)]
    raise CampaignError(
        mark(
            "[mail] envelope: {sheet} of {width:g} × {height:g} mm as it is folded does not fit into {envelope} "
            "({inner:g} × {outer:g} mm): write folds in the [page] of {file}, or one of these envelopes: {able}"
        ),
        sheet=layout.name,
        width=width,
        height=height,
        envelope=envelope.name,
        inner=envelope.width,
        outer=envelope.height,
        file=layout.file.name,
        able=", ".join(able) or CampaignError(mark("none")),
    )


def _holds(envelope: Envelope, width: float, height: float) -> bool:
    return width + ROOM <= envelope.width and height + ROOM <= envelope.height
