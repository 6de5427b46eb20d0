"""[links] and [ar]: where printed links lead, and what the AR page shows."""

from hashlib import sha256

from dmgen.campaign.files import existing
from dmgen.campaign.problems import RefusalError, problem
from dmgen.campaign.schema_campaign import CampaignTable
from dmgen.campaign.toml_file import TomlFile
from dmgen.messages import mark
from dmgen.model.campaign import Shop
from dmgen.model.web import Ar, LinkRule, Target
from dmgen.symbols import MARKERS


def read_links(file: TomlFile, table: CampaignTable) -> dict[str, LinkRule]:
    """The links by name. Raises CampaignError."""
    links = {}
    for name, written in table.links.items():
        at = ("links", name, "to")
        if written.to in list(Target):
            to: Target | str = Target(written.to)
        elif written.to.startswith(("https://", "http://")) and written.to.isascii():
            to = written.to
        else:
            message = mark('allowed: "coupon", "lottery", "ar" (pages that dmgen builds) or an address: "https://…"')
            raise problem(file, at, RefusalError(message))
        links[name] = LinkRule(name, to, {str(key): value for key, value in written.utm.items()}, written.direct)
    return links


def read_ar(file: TomlFile, table: CampaignTable, shop: Shop) -> Ar | None:
    """What the AR page shows. Raises CampaignError."""
    written = table.ar
    if written is None:
        return None
    # A marker tells letter from letter, not person from person: of two campaigns, few have the same by chance.
    chosen = sha256(f"{shop.id}/{table.id}".encode()).digest()[0] % MARKERS
    return Ar(
        marker=chosen if written.marker is None else written.marker,
        content=existing(file, ("ar", "content"), written.content),
        place=written.place,
        title=written.title,
        text=written.text,
    )
