"""What the people of a job are due: its rules checked against the lists, and who is due what."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from dmgen.audience import Audience, Positions
from dmgen.campaign.files import CAMPAIGN_FILE
from dmgen.campaign.problems import RefusalError, did_you_mean, listed, problem
from dmgen.errors import CampaignError
from dmgen.layout import unknown_names
from dmgen.messages import mark
from dmgen.model.campaign import Campaign
from dmgen.model.lottery import Reveal
from dmgen.model.offer import Offer
from dmgen.model.recipient import Outcome
from dmgen.model.rule import Rule
from dmgen.offers.entitlement import MONTHS_AHEAD, Due, Entitlement
from dmgen.planning.fallback import refuse_personal_offer
from dmgen.toml import Keys, read_toml

_USUAL_DRAW = 60  # days after the drop


def entitlements(campaign: Campaign, audience: Audience) -> dict[str, Entitlement]:
    """What the pieces of each segment are due. Raises CampaignError where the lists do not tell it."""
    known = {*audience.columns, *audience.records}
    known |= {f"{record}.{name}" for record, found in audience.records.items() for name in found.columns}
    for keys, rule in _rules(campaign):
        for name in unknown_names(rule.names, frozenset(known)):
            message = mark("there is no column {column}{near}; there are: {columns}")
            near, columns = did_you_mean(name, known), listed(sorted(known))
            raise _problem(campaign, keys, RefusalError(message, column=name, near=near, columns=columns))
    entitled = {segment.id: Entitlement.of(campaign, segment) for segment in campaign.segments}
    for segment in campaign.segments:
        refuse_personal_offer(campaign, segment, entitled[segment.id])
    for offer in (one.offer for one in entitled.values() if one.needs_birthday):
        if offer and MONTHS_AHEAD not in audience.columns:
            message = mark("the list of customers has no column birthday; give it one, or the offer a last day")
            raise _problem(campaign, ("offers", offer.id, "valid"), RefusalError(message))
    return entitled


def _rules(campaign: Campaign) -> Iterator[tuple[Keys, Rule]]:
    for offer in campaign.offers.values():
        for place, tier in enumerate(offer.tiers):
            yield ("offers", offer.id, "tiers", place, "when"), tier.when
    for place, step in enumerate(campaign.lottery.steps):
        yield ("lottery", "steps", place, "when"), step.when


def _problem(campaign: Campaign, keys: Keys, refusal: RefusalError) -> CampaignError:
    return problem(read_toml(campaign.folder / CAMPAIGN_FILE, format_required=True), keys, refusal)


def promise_remarks(campaign: Campaign) -> Iterator[CampaignError]:
    """What a person should look at in the promises: baskets that would be free, a draw of which too little is said."""
    for offer in campaign.offers.values():
        if 0 < offer.minimum <= offer.amount:
            yield _free_basket(campaign, offer)
    lottery = campaign.lottery
    dated = lottery.is_ours and any(prize.reveal is Reveal.DRAW for prize in lottery.prizes)
    if dated and not (lottery.public and lottery.draw_on):
        yield CampaignError(
            mark(
                "{file}: [lottery] does not promise when the draw is and which public value decides it, so nobody "
                "could tell whether they were chosen afterwards. Write for example: draw_on = {day} and "
                'public = "closing value of the Nikkei average on {day}"'
            ),
            file=campaign.folder / CAMPAIGN_FILE,
            day=lottery.draw_on or campaign.drop + timedelta(days=_USUAL_DRAW),
        )


def _free_basket(campaign: Campaign, offer: Offer) -> CampaignError:
    return CampaignError(
        mark("{file}: the offer {offer} takes {amount} off baskets from {minimum} on: are the smallest to be free?"),
        file=campaign.folder / CAMPAIGN_FILE,
        offer=offer.id,
        amount=offer.amount,
        minimum=offer.minimum,
    )


def reject_without_birthday(audience: Audience, entitled: Mapping[str, Entitlement]) -> None:
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
