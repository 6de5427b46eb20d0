"""[offers]: what is promised, with its dates resolved."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from dmgen.campaign.files import existing
from dmgen.campaign.problems import RefusalError, listed, problem
from dmgen.campaign.schema_campaign import CampaignTable
from dmgen.campaign.schema_offers import BENEFITS, BenefitTable, OfferTable, TierTable
from dmgen.messages import mark
from dmgen.model.offer import Benefit, CodeSource, Offer, Tier
from dmgen.toml import Keys, TomlFile

_A_YEAR = 365  # days within which everybody has a birthday
_BESIDE = ("cap", "worth", "minimum", "maximum", "products")
_BETTER = (*BENEFITS, *_BESIDE)  # what a tier may say of its own
_GIVEN = ("benefit", "amount", "percent", "points", "gift", *_BESIDE)


def read_offers(file: TomlFile, table: CampaignTable, drop: date) -> dict[str, Offer]:
    """The offers by id, each tier one of its own. Raises CampaignError."""
    offers: dict[str, Offer] = {}
    pools: dict[Path, Offer] = {}
    for name, written in table.offers.items():
        at: Keys = ("offers", name)
        offer = _offer(file, at, written, drop)
        for place, (_, tier) in enumerate(offer.tiers):
            _check_pool(file, (*at, "tiers", place, "codes"), tier, pools)
        _check_pool(file, (*at, "codes"), offer, pools)
        offers[name] = offer
        offers |= {tier.offer.id: tier.offer for tier in offer.tiers}
    return offers


def _offer(file: TomlFile, at: Keys, table: OfferTable, drop: date) -> Offer:
    expires = _expires(table, drop)
    _check_dates(file, at, table, drop, expires)
    source, pool = table.codes
    offer = Offer(
        id=str(at[-1]),
        label=table.label,
        expires=expires,
        starts=table.starts,
        birthday=table.valid == "birthday month",
        codes=source,
        pool=existing(file, (*at, "codes"), pool) if source is CodeSource.POOL else None,
        **_terms(table, table),
    )
    _check_terms(file, at, table, offer)
    tiers = [_tier(file, (*at, "tiers", place), table, place, offer) for place in range(len(table.tiers))]
    return replace(offer, tiers=tuple(tiers))


def _tier(file: TomlFile, at: Keys, table: OfferTable, place: int, whole: Offer) -> Tier:
    tier = table.tiers[place]
    if tier.id in [earlier.id for earlier in table.tiers[:place]]:
        raise problem(file, (*at, "id"), RefusalError(mark("an earlier tier has this id; each needs its own")))
    if not tier.model_fields_set & set(_BETTER):
        message = mark("a tier says what is better for its people, by one of: {keys}")
        raise problem(file, at, RefusalError(message, keys=listed(_BETTER)))
    offer = replace(
        whole, id=f"{whole.id}.{tier.id}", label=tier.label, **_terms(tier, table), **_own_codes(file, at, tier, whole)
    )
    _check_terms(file, at, tier, offer)
    return Tier(tier.when, offer)


def _own_codes(file: TomlFile, at: Keys, tier: TierTable, whole: Offer) -> dict[str, Any]:
    """A tier's own pool; the codes of the whole offer's are set up in the shop for something else."""
    if tier.codes is None:
        if whole.pool:
            message = mark('the codes of a pool are worth what the shop set them up for: write codes = "pool:FILE"')
            raise problem(file, at, RefusalError(message))
        return {}
    source, pool = tier.codes
    if source is not CodeSource.POOL:
        message = mark("a tier has its offer's kind of codes; only a pool is written here, as pool:FILE")
        raise problem(file, (*at, "codes"), RefusalError(message))
    return {"codes": source, "pool": existing(file, (*at, "codes"), pool)}


def _terms(table: BenefitTable, whole: BenefitTable) -> dict[str, Any]:
    """What an offer or a tier gives; what a tier leaves out is the whole offer's."""
    source = table if table.benefits else whole
    (benefit,) = source.benefits
    return {
        "benefit": Benefit(benefit),
        **{name: getattr(source, name) or 0 for name in ("amount", "percent", "points")},
        "gift": source.gift or "",
        "worth": _either(table.worth, source.worth) or 0,
        "cap": _either(table.cap, source.cap),
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


def _check_dates(file: TomlFile, at: Keys, table: OfferTable, drop: date, expires: date) -> None:
    if expires < drop:
        message = mark('the offer would end before the drop, {drop}; write a later day, or days such as "30 days"')
        raise problem(file, (*at, "valid"), RefusalError(message, drop=drop))
    if table.valid == "birthday month":
        if table.starts:
            message = mark("an offer of the birthday month starts with that month; take this line away")
            raise problem(file, (*at, "starts"), RefusalError(message))
        if table.codes[0] is CodeSource.SHARED:
            message = mark(
                "one code for everybody cannot hold in another month for each; write codes = {single}, or a last day"
            )
            raise problem(file, (*at, "codes"), RefusalError(message, single='"single"'))
    elif table.starts and table.starts > expires:
        message = mark("the offer would start after its last day, {expires}")
        raise problem(file, (*at, "starts"), RefusalError(message, expires=expires))


def _check_terms(file: TomlFile, at: Keys, table: BenefitTable, offer: Offer) -> None:
    """Refuse what contradicts itself, where it is written."""
    if offer.cap is not None and offer.benefit is not Benefit.PERCENT:
        message = mark("only a percentage has a cap; take this line away, or write percent = 10")
        raise problem(file, (*at, "cap"), RefusalError(message))
    if offer.worth and offer.benefit is not Benefit.GIFT:
        message = mark("only a gift has a worth; take this line away, or write what the gift is: gift = …")
        raise problem(file, (*at, "worth"), RefusalError(message))
    if offer.benefit is Benefit.GIFT and not offer.worth:
        message = mark("say what the gift costs in the shop, which the law asks for: worth = 500")
        raise problem(file, (*at, "gift"), RefusalError(message))
    if offer.maximum is not None and offer.minimum > offer.maximum:
        message = mark("no basket is both: the least is {minimum}, the most {maximum}")
        key = "maximum" if table.maximum is not None else "minimum"
        raise problem(file, (*at, key), RefusalError(message, minimum=offer.minimum, maximum=offer.maximum))


def _check_pool(file: TomlFile, at: Keys, offer: Offer, pools: dict[Path, Offer]) -> None:
    """A pool's codes are worth one thing: offers that share one give the same."""
    if offer.pool is None:
        return
    other = pools.setdefault(offer.pool, offer)
    if any(getattr(other, name) != getattr(offer, name) for name in _GIVEN):
        message = mark("this pool's codes are handed out for {other}, which gives something else; use another file")
        raise problem(file, at, RefusalError(message, other=other.id))
