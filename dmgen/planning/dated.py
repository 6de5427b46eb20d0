"""A campaign with its day: of letters that go into parcels it is the day on which these are shipped."""

from dataclasses import replace
from pathlib import Path

from dmgen.audience import ship_day
from dmgen.campaign import Overrides, load_campaign
from dmgen.model.campaign import Campaign


def load_dated(folder: Path, overrides: Overrides) -> Campaign:
    """The campaign in `folder`; the day of its shipments list is its drop, unless `overrides` say another.

    Raises CampaignError, and ListError for a list of several days.
    """
    campaign = load_campaign(folder, overrides)
    if campaign.lists.shipments is None or overrides.drop:
        return campaign
    day = ship_day(campaign.lists.shipments, campaign.shop)
    return load_campaign(folder, replace(overrides, drop=day)) if day else campaign
