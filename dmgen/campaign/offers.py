"""[offers]: what is promised, with its dates resolved."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from dmgen.campaign.files import existing
from dmgen.campaign.places import Keys
from dmgen.campaign.problems import RefusalError, problem
from dmgen.campaign.schema_campaign import CampaignTable
from dmgen.campaign.schema_offers import BenefitTable, OfferTable
from dmgen.campaign.toml_file import TomlFile
from dmgen.messages import mark
from dmgen.model.offer import Benefit, CodeSource, Offer, Tier

_A_YEAR = 365  # days within which everybody has a birthday


def read_offers(file: TomlFile, table: CampaignTable, drop: date) -> dict[str, Offer]:
    """The offers by id, each tier one of its own. Raises CampaignError."""
    offers = {}
    for name, written in table.offers.items():
        offer = _offer(file, name, written, drop)
        offers[name] = offer
        offers |= {tier.offer.id: tier.offer for tier in offer.tiers}
    return offers


def _offer(file: TomlFile, name: str, table: OfferTable, drop: date) -> Offer:
    at: Keys = ("offers", name)
    expires = _expires(table, drop)
    if expires < drop:
        message = mark('the offer would end before the drop, {drop}; write a later day, or days such as "30 days"')
        raise problem(file, (*at, "valid"), RefusalError(message, drop=drop))
    source, pool = table.codes
    offer = Offer(
        id=name,
        label=table.label,
        expires=expires,
        starts=table.starts,
        birthday=table.valid == "birthday month",
        codes=source,
        pool=existing(file, (*at, "codes"), pool) if source is CodeSource.POOL else None,
        **_terms(file, at, table, table),
    )
    tiers = tuple(
        Tier(
            tier.when,
            replace(
                offer,
                id=f"{name}.{tier.id}",
                label=tier.label,
                **_terms(file, (*at, "tiers", place), tier, table),
            ),
        )
        for place, tier in enumerate(table.tiers)
    )
    return replace(offer, tiers=tiers)


def _terms(file: TomlFile, at: Keys, table: BenefitTable, whole: BenefitTable) -> dict[str, Any]:
    """What an offer or a tier gives; what a tier leaves out is the whole offer's."""
    source = table if table.benefits else whole
    (benefit,) = source.benefits
    return {
        "benefit": Benefit(benefit),
        **{name: getattr(source, name) or 0 for name in ("amount", "percent", "points", "worth")},
        "gift": source.gift or "",
        "cap": source.cap,
        "minimum": _either(table.minimum, whole.minimum) or 0,
        "maximum": _either(table.maximum, whole.maximum),
        "products": tuple(table.products or whole.products),
    }


def _either(own: int | None, whole: int | None) -> int | None:
    return whole if own is None else own


def _expires(table: OfferTable, drop: date) -> date:
    if isinstance(table.valid, date):
        return table.valid
    days = table.valid if isinstance(table.valid, int) else _A_YEAR
    return day_after(drop, days)


def day_after(drop: date, days: int) -> date:
    """The day so many days after the drop, or the last that there is."""
    return drop + timedelta(days=min(days, (date.max - drop).days))
