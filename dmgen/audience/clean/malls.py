"""Buyers known from a mall alone: malls forbid or restrict to steer them elsewhere."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dmgen.audience.cells.vector import TEXT, Mask, Positions, each, is_empty
from dmgen.audience.clean.customers import Customers
from dmgen.audience.read.preset import plain
from dmgen.errors import CampaignError, DmgenError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, Channel
from dmgen.model.recipient import Outcome

_PARCELS = (Channel.INSERT_NOTE, Channel.INSERT_OPEN)
# What is written where an order was placed with the shop itself. Any other word is a mall's name.
_OWN = frozenset(
    {"", "-", "なし", "自社", "本店", "自社サイト", "自社ec", "自社サイト・本店", "公式サイト", "own", "none", "no"}
)
_MALLS = {
    "rakuten": ("楽天", "楽天市場", "rakuten市場"),
    "amazon": ("アマゾン", "amazon.co.jp", "amazonjp"),
    "yahoo": ("ヤフー", "yahoo!", "yahoo!ショッピング", "yahooショッピング", "ヤフーショッピング", "lineヤフー"),
    "zozotown": ("zozo",),
    "qoo10": ("キューテン",),
    "aupay": ("aupayマーケット", "wowma", "wowma!"),
}
_NAMES = {written: mall for mall, words in _MALLS.items() for written in (mall, *words)}


@dataclass(frozen=True, slots=True)
class Sellers:
    """Where customers bought: a customers row and a mall's name ("" for the shop itself) an order."""

    customer: Positions
    mall: pa.Array


@dataclass(frozen=True, slots=True)
class MallBuyers:
    """Customers who may only get pieces marked `mall_safe`, by row; and what is to be said aloud."""

    restricted: Mask
    remarks: tuple[DmgenError, ...]


def mall_name(written: str) -> str:
    """One name a mall, however it is written; "" for the shop itself."""
    word = plain(written)
    return "" if word in _OWN else _NAMES.get(word, word)


def mall_names(cells: pa.Array) -> pa.Array:
    """`mall_name` of a text column."""
    return each(cells, mall_name, TEXT)


def settle_malls(campaign: Campaign, customers: Customers, sellers: Sellers | None) -> MallBuyers:
    """Suppress who is known from malls alone, unless the campaign acknowledges each of those malls by name.

    Into a parcel (channel insert_…) such a buyer may still get a piece of a segment that is `mall_safe`.
    """
    known = {mall_name(name) for name in campaign.choice.malls}
    rows = len(customers.lines)
    direct, elsewhere = np.zeros(rows, np.bool_), np.zeros(rows, np.bool_)
    forbidden, heard = np.zeros(rows, np.bool_), set[str]()
    named = (
        Sellers(np.arange(rows), mall_names(customers.columns["mall"].cells)) if "mall" in customers.columns else None
    )
    for places in (sellers, named):
        if places is None:
            continue
        malls = places.mall.unique().to_pylist()
        heard.update(malls)
        own = is_empty(places.mall)
        denied = np.asarray(each(places.mall, lambda mall: mall not in known | {""}, pa.bool_()))
        elsewhere[places.customer[~own]] = True
        forbidden[places.customer[denied.astype(np.bool_)]] = True
        if places is sellers:
            direct[places.customer[own]] = True
    restricted = elsewhere & forbidden & ~direct
    if campaign.channel not in _PARCELS or not any(segment.mall_safe for segment in campaign.segments):
        customers.outcomes.settle_where(restricted, Outcome.SUPPRESSED, "clean", "mall", "mall")
    return MallBuyers(restricted & customers.outcomes.open, tuple(_unheard(campaign, heard)))


def _unheard(campaign: Campaign, heard: set[str]) -> list[CampaignError]:
    """Acknowledged malls that no list names: misspelt, or not needed."""
    message = mark("{file}: no list names the mall {mall}, which `malls` acknowledges. The lists name: {found}.")
    found = ", ".join(sorted(heard - {""})) or "–"
    file = campaign.folder / "campaign.toml"
    return [
        CampaignError(message, file=file, mall=name, found=found)
        for name in campaign.choice.malls
        if mall_name(name) not in heard
    ]
