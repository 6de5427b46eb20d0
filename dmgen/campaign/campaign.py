"""campaign.toml: one mailing, with its shop, dates, offers, segments and layouts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dmgen.campaign.ar import read_ar
from dmgen.campaign.at_once import check_page_prizes
from dmgen.campaign.audience import read_choice, read_lists, read_segments
from dmgen.campaign.colors import check_inks
from dmgen.campaign.costs import read_costs
from dmgen.campaign.files import CAMPAIGN_FILE, is_file, layout_file
from dmgen.campaign.layout import load_layout
from dmgen.campaign.lottery import read_lottery
from dmgen.campaign.mail import read_mail
from dmgen.campaign.markers import check_markers
from dmgen.campaign.offers import read_offers
from dmgen.campaign.parcels import read_parcels
from dmgen.campaign.points import read_points
from dmgen.campaign.printing import print_settings
from dmgen.campaign.problems import check
from dmgen.campaign.schema_campaign import CampaignTable
from dmgen.campaign.scheme import find_scheme
from dmgen.campaign.shop import find_shop
from dmgen.campaign.web import read_links
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, Law, Policies, Segment, Shop
from dmgen.model.layout import Layout
from dmgen.model.posting import MailRules
from dmgen.model.printing import Standard
from dmgen.toml import Keys, TomlFile, read_toml


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the command line says instead of campaign.toml."""

    customers: Path | None = None
    orders: Path | None = None
    as_of: date | None = None
    drop: date | None = None
    standard: Standard | None = None
    shipments: Path | None = None


def load_campaign(folder: Path, overrides: Overrides = Overrides(), today: date | None = None) -> Campaign:
    """The campaign in `folder`, with its shop and the layouts that its segments use.

    `today` is the shop's own day unless given. Raises CampaignError.
    """
    file = _read(folder)
    table = check(CampaignTable, file)
    shop = find_shop(folder)
    as_of = overrides.as_of or table.as_of or today or datetime.now(ZoneInfo(shop.time_zone)).date()
    drop = overrides.drop or table.drop or as_of
    scheme = find_scheme(file, table.audience)
    segments = read_segments(file, table, scheme)
    lists = read_lists(file, table, overrides.customers, overrides.orders, overrides.shipments)
    parcels = read_parcels(file, table, segments, lists)
    mail = read_mail(file, table, shop)
    layouts = _layouts(file, segments, shop, mail)
    check_inks(layouts.values())
    lottery = read_lottery(file, table, drop)
    links, ar = read_links(file, table, shop, lottery), read_ar(file, table, shop)
    check_markers(layouts.values(), ar, links)
    campaign = Campaign(
        id=table.id,
        folder=folder,
        shop=shop,
        drop=drop,
        as_of=as_of,
        channel=table.channel,
        lists=lists,
        scheme=scheme,
        segments=tuple(segments.values()),
        offers=read_offers(file, table, drop),
        layouts=layouts,
        lottery=lottery,
        law=Law(**dict(table.law) | {"printed": tuple(table.law.printed)}),
        links=links,
        ar=ar,
        points=read_points(file, table.points),
        parcels=parcels,
        mail=mail,
        costs=read_costs(file, table.costs, shop, scheme, segments),
        batch_size=table.print.batch,
        printing=print_settings(file, table.print, overrides.standard),
        policies=Policies(**dict(table.policy)),
        read_back=table.release.read_back,
        choice=read_choice(file, table),
    )
    check_page_prizes(file, campaign, segments)
    return campaign


class Identity(NamedTuple):
    """Whose campaign it is and what it is called; `drop` is None where its file does not say the day."""

    shop: Shop
    campaign: str
    drop: date | None


def identify(folder: Path) -> Identity:
    """What tells a campaign from others, for what happens long after its letters went out.

    Its layouts, lists and dates may have changed meanwhile, and are not looked at. Raises CampaignError.
    """
    table = check(CampaignTable, _read(folder))
    return Identity(find_shop(folder), table.id, table.drop)


def _read(folder: Path) -> TomlFile:
    path = folder / CAMPAIGN_FILE
    if not is_file(path):
        message = mark(
            "{folder} is no campaign folder: there is no campaign.toml in it; "
            "name the folder that holds one, or start with: dmgen new NAME"
        )
        raise CampaignError(message, folder=folder)
    return read_toml(path, format_required=True)


def _layouts(file: TomlFile, segments: Mapping[Keys, Segment], shop: Shop, mail: MailRules | None) -> dict[str, Layout]:
    layouts: dict[str, Layout] = {}
    for keys, segment in segments.items():
        name = segment.layout
        if name not in layouts:
            layouts[name] = load_layout(name, layout_file(file, (*keys, "layout"), name), shop, mail)
    return layouts
