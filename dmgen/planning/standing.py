"""What to look at where letters tell people their points and rank: as of which day, and how old; what may be empty."""

from collections.abc import Iterator
from datetime import timedelta

from dmgen.audience import Audience
from dmgen.errors import CampaignError, DmgenError
from dmgen.layout import Shown, shown_names
from dmgen.messages import mark
from dmgen.model.campaign import Campaign
from dmgen.model.layout import Layout
from dmgen.model.points import GOAL_COLUMNS

_OLD = 60  # days
# Columns that are empty together: a condition that names one of them asks for all.
_TOGETHER = (
    frozenset({"points", "points_as_of"}),
    frozenset({"points_expiring", "points_expire_on"}),
    frozenset(GOAL_COLUMNS),
    frozenset({"next_rank", "to_next_rank"}),
    frozenset({"rank"}),
)
_STANDING = frozenset[str]().union(*_TOGETHER)
_DATED = ("現在", "時点", "as of")
_EXAMPLES = {"JP": "（{{ points_as_of | jdate }}現在）", "generic": "(as of {{ points_as_of | usdate }})"}


def standing_remarks(campaign: Campaign, audience: Audience) -> Iterator[DmgenError]:
    """What a person should look at before letters with points or ranks are printed."""
    for layout in campaign.layouts.values():
        shown = shown_names(layout, _STANDING & audience.columns.keys())
        if "points" in {one.name for one in shown}:
            yield from _undated(campaign, audience, layout, shown)
            yield from _old(campaign, audience, layout)
        yield from _holes(campaign, audience, layout, shown)


def _undated(campaign: Campaign, audience: Audience, layout: Layout, shown: list[Shown]) -> Iterator[DmgenError]:
    words = next(one.words for one in shown if one.name == "points")
    text = layout.words[words].lower()
    if "points_as_of" in {one.name for one in shown} or any(sign in text for sign in _DATED):
        return
    if "points_as_of" in audience.columns:
        message = mark("{file}: [words] {words} tell the points and not of which day: add {example}")
    else:
        message = mark(
            "{file}: [words] {words} tell the points and not of which day, which the list does not say either: write "
            "as_of = {day} under [points] in {campaign}, the day of the export, and here {example}"
        )
    values = {"day": campaign.as_of, "example": _EXAMPLES[campaign.shop.country]}
    yield CampaignError(message, file=layout.file, words=words, campaign=campaign.folder / "campaign.toml", **values)


def _old(campaign: Campaign, audience: Audience, layout: Layout) -> Iterator[DmgenError]:
    """Balances of a day that is not yet, or long ago."""
    if "points_as_of" not in audience.columns:
        return
    positions = audience.positions_of(segment.id for segment in campaign.segments if segment.layout == layout.name)
    oldest = campaign.drop - timedelta(days=_OLD)
    later = audience.count_between(positions, "points_as_of", campaign.drop + timedelta(days=1), None)
    older = audience.count_between(positions, "points_as_of", None, oldest - timedelta(days=1))
    values = {"file": layout.file, "drop": campaign.drop, "days": _OLD}
    if later:
        message = mark("{file}: {count} letters tell points as of a day after the drop of {drop}: is the date right?")
        yield CampaignError(message, count=later, **values)
    if older:
        message = mark(
            "{file}: {count} letters tell points as of a day more than {days} days before the drop of {drop}: "
            "export the list again"
        )
        yield CampaignError(message, count=older, **values)


def _holes(campaign: Campaign, audience: Audience, layout: Layout, shown: list[Shown]) -> Iterator[DmgenError]:
    """Sentences that lack a word where a cell is empty."""
    positions = audience.positions_of(segment.id for segment in campaign.segments if segment.layout == layout.name)
    for one in shown:
        together = next(names for names in _TOGETHER if one.name in names)
        if one.alone or one.asked & together:
            continue
        if count := audience.count_empty(positions, one.name):
            message = mark(
                "{file}: [words] {words} show {name}, which is empty for {count} people: their sentence lacks a word. "
                "Write {{% if {name} %}} … {{% endif %}} around it"
            )
            yield CampaignError(message, file=layout.file, words=one.words, name=one.name, count=count)
