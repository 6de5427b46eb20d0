"""Links: an opaque token behind the shop's own address, or at the end of the address where the link leads."""

import string
from collections.abc import Collection, Iterable
from urllib.parse import quote, urlsplit, urlunsplit

from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, Segment
from dmgen.model.random_text import random_strings
from dmgen.model.web import TOKEN, LinkRule

LENGTH = 12  # of 62 characters: 71 bits, so a token is never found by trying
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase


def draw(n: int) -> list[str]:
    """`n` random tokens."""
    return random_strings(n, LENGTH, ALPHABET)


def url(base: str, token: str) -> str:
    """The address that a token stands for; a base that ends in a letter or digit gets a slash.

    Raises CampaignError for a base that is no plain web address.
    """
    if not base.isascii() or not base.startswith(("https://", "http://")):
        raise CampaignError(
            mark(
                'shop.toml: links = "{base}" is no web address for a QR code. '
                "Write it in plain ASCII (a Japanese domain as xn--…), beginning with https:// or http://"
            ),
            base=base,
        )
    # Without the slash, a bare host would run into the token and become somebody else's domain.
    return f"{base}/{token}" if base[-1].isalnum() else base + token


def prefix(campaign: Campaign, segment: Segment, name: str) -> str:
    """What a segment's letters print before the token of this link; "" where the shop has no `links` to begin with."""
    rule = rule_of(campaign, name)
    if rule.direct:
        return tagged(str(rule.to), [*rule.parameters(segment.id, segment.offer or ""), (TOKEN, "")])
    return url(campaign.shop.links, "") if campaign.shop.links else ""


def rule_of(campaign: Campaign, name: str) -> LinkRule:
    """Where a link leads; one without a table of its own leads to the coupon's page."""
    return campaign.links.get(name) or LinkRule(name)


def tagged(address: str, added: Iterable[tuple[str, str]]) -> str:
    """An address with further parameters, percent-encoded, behind its own and before its fragment."""
    parts = urlsplit(address)
    query = "&".join([*filter(None, [parts.query]), *(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in added)])
    return urlunsplit(parts._replace(path=parts.path or "/", query=query))


def unused(campaign: Campaign, used: Collection[str]) -> list[CampaignError]:
    """A remark for each [links.NAME] that no layout shows; `used` are the names that are shown."""
    message = mark('{file}: [links.{name}] leads nowhere: no layout has a slot with link = "{name}"')
    file = campaign.folder / "campaign.toml"
    return [CampaignError(message, file=file, name=name) for name in campaign.links if name not in used]
