"""The piece for parcels whose customer nobody knows may say nothing that only a customer's row could tell."""

from collections.abc import Collection

from dmgen.campaign.files import CAMPAIGN_FILE
from dmgen.campaign.problems import RefusalError, problem
from dmgen.errors import CampaignError
from dmgen.layout import Master, shown_names
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, Segment
from dmgen.model.layout import Layout
from dmgen.model.parcel import PARCEL
from dmgen.offers.entitlement import Entitlement
from dmgen.toml import read_toml


def refuse_personal_words(layout: Layout, master: Master) -> None:
    """Raises CampaignError where the layout of such a piece needs a column of a customer: which words use which."""
    columns = sorted(master.names - {PARCEL})
    if not columns:
        return
    message = mark(
        '{file}: this layout is for parcels whose customer nobody knows ("fallback"), so it cannot tell {where}. It '
        "may use parcel, shop, offer, links, drop, as_of and the numbers of the piece"
    )
    raise CampaignError(message, file=layout.file, where="; ".join(_where(layout, columns)))


def _where(layout: Layout, columns: Collection[str]) -> list[str]:
    """Where the columns are used: by entries of [words], or else by a slot or a rule."""
    shown = shown_names(layout, columns)
    by_words = [
        f"{', '.join(sorted({one.name for one in shown if one.words == words}))} ([words] {words})"
        for words in dict.fromkeys(one.words for one in shown)
    ]
    rest = sorted(set(columns) - {one.name.partition(".")[0] for one in shown})
    return [*by_words, *([", ".join(rest)] if rest else [])]


def refuse_personal_offer(campaign: Campaign, segment: Segment, entitled: Entitlement) -> None:
    """Raises CampaignError where the offer of such a piece depends on who gets it: on tiers, or on a birthday."""
    if segment.fallback and entitled.constant is None:
        message = mark(
            "tiers and birthdays need a customer, whom nobody knows here: give an offer that is alike for all"
        )
        file = read_toml(campaign.folder / CAMPAIGN_FILE, format_required=True)
        raise problem(file, ("parcels", "fallback", "offer"), RefusalError(message))
