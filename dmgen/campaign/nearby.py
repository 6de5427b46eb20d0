"""The folder of a job's campaign, found near its shop's."""

from pathlib import Path

from dmgen.campaign.campaign import identify
from dmgen.campaign.files import CAMPAIGN_FILE
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.campaign import Shop
from dmgen.model.production import JobRecord

_SHOP_DEPTH = 3  # folders below shop.toml in which a campaign is looked for


def campaign_of(job: JobRecord, shop: Shop) -> Path:
    """The folder of a job's campaign, near shop.toml. Raises CampaignError where there is none, or more than one."""
    near = shop.file.parent
    found = [
        file.parent
        for depth in range(_SHOP_DEPTH + 1)
        for file in sorted(near.glob("*/" * depth + CAMPAIGN_FILE))
        if _is_campaign(file.parent, job)
    ]
    if len(found) == 1:
        return found[0]
    message = (
        mark("the campaign {campaign} of job {job} stands in several folders ({folders}): say which, --campaign FOLDER")
        if found
        else mark("the campaign {campaign} of job {job} is in no folder near {shop}: say where, --campaign FOLDER")
    )
    folders = ", ".join(map(str, found))
    raise CampaignError(message, campaign=job.campaign, job=job.id, shop=shop.file, folders=folders)


def _is_campaign(folder: Path, job: JobRecord) -> bool:
    try:
        found = identify(folder)
    except CampaignError:  # another campaign, which somebody is working on
        return False
    return (found.shop.id, found.campaign) == (job.shop, job.campaign)
