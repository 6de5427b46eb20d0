"""Prizes that only the letter's page reveals: every letter with a lottery number needs its link to that page."""

import ast
from collections.abc import Mapping

from dmgen.campaign.problems import RefusalError, problem
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, Segment
from dmgen.model.layout import Layout, QrSlot
from dmgen.model.lottery import Reveal
from dmgen.model.rule import Rule
from dmgen.model.web import Target
from dmgen.toml import Keys, TomlFile

_WITH_TICKETS = {ast.dump(ast.parse(rule, mode="eval").body) for rule in ("tickets", "tickets > 0", "tickets >= 1")}


def check_page_prizes(file: TomlFile, campaign: Campaign, segments: Mapping[Keys, Segment]) -> None:
    """Refuse a winner who would never know. Raises CampaignError with the lines to write."""
    lottery = campaign.lottery
    if not lottery.at_once:
        return
    names = [name for name, rule in campaign.links.items() if rule.to is Target.LOTTERY]
    if not names:
        at = next(place for place, prize in enumerate(lottery.prizes) if prize.reveal is Reveal.PAGE)
        message = mark(
            "only a page tells who won at once, so the letters need a link to it. Write: [links.win] and below it "
            'to = "lottery"; and in the layout under [slots]: win = {{ kind = "qr", link = "win", box = [150, 240, '
            "30, 30] }}"
        )
        raise problem(file, ("lottery", "prizes", at, "reveal"), RefusalError(message))
    for keys, segment in segments.items():
        layout = campaign.layouts[segment.layout]
        if lottery.gives_tickets(segment.tickets) and not _always_shows(layout, names):
            message = mark(
                "its letters have lottery numbers, and a page tells who of them won at once: all of them need its "
                'link. Write in {layout} under [slots], without when or with when = "tickets": win = {{ kind = "qr", '
                'link = "{name}", box = [150, 240, 30, 30] }}'
            )
            raise problem(file, (*keys, "layout"), RefusalError(message, layout=layout.file, name=names[0]))


def _always_shows(layout: Layout, names: list[str]) -> bool:
    """Whether every letter with a number has a code of one of these links."""
    return any(
        isinstance(slot, QrSlot) and slot.link in names and _holds(page.when) and _holds(slot.when)
        for page in layout.pages
        for slot in page.slots
    )


def _holds(rule: Rule | None) -> bool:
    """Whether a rule is true of every letter with a number."""
    return rule is None or ast.dump(rule.tree()) in _WITH_TICKETS
