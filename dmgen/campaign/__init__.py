"""Loads the files people write: shop.toml, campaign.toml and layouts, checked, as frozen dataclasses."""

from dmgen.campaign.ar import content_remarks
from dmgen.campaign.campaign import Identity, Overrides, identify, load_campaign
from dmgen.campaign.layout import load_layout
from dmgen.campaign.nearby import campaign_of
from dmgen.campaign.new import start_campaign
from dmgen.campaign.shop import find_shop, load_shop

__all__ = [
    "Identity",
    "Overrides",
    "campaign_of",
    "content_remarks",
    "find_shop",
    "identify",
    "load_campaign",
    "load_layout",
    "load_shop",
    "start_campaign",
]
