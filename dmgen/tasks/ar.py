"""`dmgen ar build`: the folder of a campaign's AR page, for any web host."""

from dataclasses import dataclass
from pathlib import Path

from dmgen.campaign import content_remarks, load_campaign
from dmgen.errors import DmgenError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign
from dmgen.model.web import Target, page_path
from dmgen.offers import coupon
from dmgen.web import ar_site, far_content, write_site


@dataclass(frozen=True, slots=True)
class Built:
    """A folder of pages and where it belongs; "" where the shop does not say. `remarks` hold nothing back."""

    folder: Path
    files: list[str]
    url: str
    remarks: list[DmgenError]


def build_ar(folder: Path, out: Path) -> Built:
    """Write the AR page of the campaign in `folder`. Raises CampaignError and OutputError."""
    campaign = load_campaign(folder)
    files = ar_site(campaign, coupon.ALPHABET)
    write_site(out, {"made": "ar", "shop": campaign.shop.id, "campaign": campaign.id}, files)
    remarks = [*content_remarks(campaign.ar), *far_content(campaign), *_plain_http(campaign)]
    return Built(out, sorted(files), _url(campaign), remarks)


def _url(campaign: Campaign) -> str:
    pages = campaign.shop.pages
    return pages and f"{pages.rstrip('/')}/{page_path(Target.AR, campaign.key)}"


def _plain_http(campaign: Campaign) -> list[DmgenError]:
    if not campaign.shop.pages.startswith("http://"):
        return []
    message = mark("{file}: pages: browsers give a page the camera only over https://; without it, it is shown plainly")
    return [DmgenError(message, file=campaign.shop.file)]
