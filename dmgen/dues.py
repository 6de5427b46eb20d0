"""What the people of a job are due: its rules checked against the lists, and who is due what."""

from dmgen.audience import Audience, Positions
from dmgen.model.campaign import Campaign
from dmgen.model.recipient import Outcome
from dmgen.offers.entitlement import MONTHS_AHEAD, Due, Entitlement


def entitlements(campaign: Campaign) -> dict[str, Entitlement]:
    """What the pieces of each segment are due."""
    return {segment.id: Entitlement.of(campaign, segment) for segment in campaign.segments}


def reject_without_birthday(audience: Audience, entitled: dict[str, Entitlement]) -> None:
    """No letter to those whose birthday is not known where their offer needs it: it would have no last day."""
    for segment, entitlement in entitled.items():
        if entitlement.needs_birthday:
            positions = audience.open_customers(segment)
            rows = audience.rows(positions, (MONTHS_AHEAD,))
            unknown = [place for place, row in enumerate(rows) if row[MONTHS_AHEAD] is None]
            audience.settle(positions[unknown], Outcome.REJECTED, "offer", "no_birthday", "birthday")


def tally(audience: Audience, segment: str, entitled: Entitlement) -> dict[Due, Positions]:
    """The open pieces of a segment by what they are due."""
    if entitled.constant:
        return {entitled.constant: audience.open_positions(segment)}
    return audience.grouped(segment, entitled.names, entitled.due)
