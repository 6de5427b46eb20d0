"""What job.json and pile.json say to the printer, as campaign.toml and shop.toml said it when the job was made."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import astuple
from typing import Any

from dmgen.model.campaign import Campaign
from dmgen.model.layout import Layout

Used = tuple[Campaign, Collection[str]]
"""A campaign and the names of the layouts that its letters have."""


def printing(used: Sequence[Used]) -> dict[str, Any]:
    """Sender, printer, paper, finishing and the sizes of sheets of one campaign, or of several in one pile.

    The printer and the paper are the first one's: a pile's campaigns are refused where they differ.
    """
    campaigns = [campaign for campaign, _ in used]
    first = campaigns[0]
    return {
        "senders": _once(campaign.shop.sender for campaign in campaigns),
        "printer": first.shop.printer._asdict(),
        "paper": first.printing.paper and first.printing.paper._asdict(),
        "finishing": _once(campaign.printing.finishing for campaign in campaigns),
        "notes": _once(campaign.printing.note for campaign in campaigns),
        "media": _media(used),
    }


def _once(texts: Iterator[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]


def _media(used: Sequence[Used]) -> list[dict[str, Any]]:
    """Layouts that share a size of sheet, its sides and folds, sheets a letter (None: they differ) and a window.

    Those of several campaigns are named with their campaign's id.
    """
    found: dict[tuple[Any, ...], list[str]] = {}
    for campaign, names in used:
        for name, layout in campaign.layouts.items():
            if name in names:
                told = name if len(used) == 1 else f"{campaign.id} {name}"
                found.setdefault(_size(layout), []).append(told)
    keys = ("width", "height", "bleed", "sides", "folds", "sheets", "window")
    return [{"layouts": names, **dict(zip(keys, size, strict=True))} for size, names in found.items()]


def _size(layout: Layout) -> tuple[Any, ...]:
    sheets = None if any(page.when for page in layout.pages) else -(-len(layout.pages) // layout.sides)
    window = layout.window and astuple(layout.window)
    return layout.width, layout.height, layout.bleed, layout.sides, layout.folds, sheets, window
