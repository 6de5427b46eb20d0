"""[links]: where printed links lead."""

from dmgen.campaign.problems import RefusalError, problem
from dmgen.campaign.schema_campaign import CampaignTable
from dmgen.campaign.toml_file import TomlFile
from dmgen.messages import mark
from dmgen.model.web import LinkRule, Target


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
