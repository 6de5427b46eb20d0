"""[links]: where printed links lead."""

import re
from urllib.parse import parse_qsl, quote, urlsplit

from dmgen.campaign.problems import RefusalError, listed, problem
from dmgen.campaign.schema_campaign import CampaignTable
from dmgen.campaign.schema_offers import LinkTable
from dmgen.messages import mark
from dmgen.model.campaign import Shop
from dmgen.model.lottery import Lottery, Reveal
from dmgen.model.web import TOKEN, LinkRule, Target, is_template
from dmgen.toml import Keys, TomlFile

UTM = {"source": "letter", "medium": "print", "campaign": "", "content": "{segment}", "term": "{offer}"}
"""What a written `utm` says where it leaves a key out; `campaign` is the campaign's id."""

_SIGNS = '\\ " < > ^ ` { | }'
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?")
_AS_WRITTEN = "!#$%&'()*+,/:;=?@-._~"  # what an address may hold (RFC 3986), its %XX included


def read_links(file: TomlFile, table: CampaignTable, shop: Shop, lottery: Lottery) -> dict[str, LinkRule]:
    """The links by name. Raises CampaignError."""
    return {name: _link(file, ("links", name), table, shop, lottery) for name in table.links}


def _link(file: TomlFile, at: Keys, table: CampaignTable, shop: Shop, lottery: Lottery) -> LinkRule:
    written = table.links[str(at[-1])]
    to: Target | str
    if written.to in list(Target):
        to = Target(written.to)
        _check_page(file, (*at, "to"), to, table, shop, lottery)
        if written.direct:
            message = mark(
                "a direct link leads to an address, not to a page of dmgen's: that one learns the code from the "
                'redirect. Leave direct out, or write to = "https://…"'
            )
            raise problem(file, (*at, "direct"), RefusalError(message))
    else:
        to = _address(file, (*at, "to"), written.to)
        _check_parts(file, (*at, "to"), to, written)
    return LinkRule(str(at[-1]), to, _utm(file, (*at, "utm"), table.id, written), written.direct)


def _check_page(file: TomlFile, at: Keys, to: Target, table: CampaignTable, shop: Shop, lottery: Lottery) -> None:
    """Refuse a page that there will not be."""
    if to is Target.AR and table.ar is None:
        raise problem(file, at, RefusalError(mark("there is no [ar] in this campaign, which says what the page shows")))
    if to is Target.LOTTERY and not any(prize.reveal is Reveal.PAGE for prize in lottery.prizes):
        message = mark('the page tells who won at once: give a prize under [lottery] reveal = "page"')
        raise problem(file, at, RefusalError(message))
    if not shop.pages:
        message = mark('say in {shop} where the pages are put: pages = "https://shop.example.jp/dm/"')
        raise problem(file, at, RefusalError(message, shop=shop.file))


def _address(file: TomlFile, at: Keys, written: str) -> str:
    """An address as a browser sends it: further characters of its path and query percent-encoded."""
    if not written.startswith(("https://", "http://")):
        message = mark('allowed: "coupon", "lottery", "ar" (pages that dmgen builds) or an address: "https://…"')
        raise problem(file, at, RefusalError(message))
    if set(written) & set(_SIGNS) or not written.isprintable():
        raise problem(file, at, RefusalError(mark("an address has no blanks and none of these: {signs}"), signs=_SIGNS))
    try:
        parts = urlsplit(written)
        sound = bool(_HOST.fullmatch(parts.netloc)) and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    if not sound:
        message = mark("write the host in plain ASCII (a Japanese domain as xn--…), without a name or password")
        raise problem(file, at, RefusalError(message))
    return quote(re.sub("%(?![0-9A-Fa-f]{2})", "%25", written), safe=_AS_WRITTEN)


def _check_parts(file: TomlFile, at: Keys, to: str, written: LinkTable) -> None:
    """Refuse an address that would say something twice, or hide the token."""
    parts = urlsplit(to)
    if written.direct and parts.fragment:
        message = mark("the token stands at the end of a direct link, where # begins what no server sees: leave # out")
        raise problem(file, at, RefusalError(message))
    own = {key for key, _ in parse_qsl(parts.query, keep_blank_values=True)}
    added = {f"utm_{key}" for key in UTM} if written.utm is not None else set()
    if twice := own & (added | ({TOKEN} if written.direct else set())):
        message = mark("{names} would stand in the address twice: leave them out of it, for dmgen adds them")
        raise problem(file, at, RefusalError(message, names=listed(sorted(twice))))


def _utm(file: TomlFile, at: Keys, campaign: str, written: LinkTable) -> dict[str, str]:
    """The parameters: none where no `utm` is written, else what is usual for what it leaves out."""
    if written.utm is None:
        return {}
    for key, value in written.utm.items():
        if not is_template(value):
            message = mark("{{segment}} and {{offer}} are filled in; other braces cannot be used")
            raise problem(file, (*at, key), RefusalError(message))
        if value != value.strip() or not value.isprintable():
            message = mark('write words without blanks around them; "" leaves the parameter out')
            raise problem(file, (*at, key), RefusalError(message))
    return UTM | {"campaign": campaign} | {str(key): value for key, value in written.utm.items()}
