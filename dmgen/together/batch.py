"""The campaigns of one shipping batch: what must be the same of them, and what nobody may say for several at once."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

from dmgen.campaign import Overrides
from dmgen.campaign.colors import check_inks
from dmgen.errors import CampaignError, UsageError
from dmgen.fulfil import explained, sha256
from dmgen.messages import mark
from dmgen.model.campaign import Campaign
from dmgen.planning.dated import load_dated


def load_batch(folders: Sequence[Path], overrides: Overrides) -> list[Campaign]:
    """The campaigns in these folders, in the order typed, over the one list of shipments of `overrides`.

    Raises UsageError and CampaignError for what cannot lie in one pile, and ListError for parcels of several days.
    """
    if overrides.shipments is None:
        raise UsageError(mark("several campaigns are printed over one shipping batch: add --shipments FILE"))
    campaigns = [load_dated(folder, overrides) for folder in folders]
    _refuse_twice(campaigns)
    _refuse_one_name_for_two_shops(campaigns)
    if several_shops(campaigns):
        _refuse_one_list_for_all(overrides)
    _refuse_unlike(campaigns)
    check_inks(layout for campaign in campaigns for layout in campaign.layouts.values())
    return campaigns


def several_shops(campaigns: Sequence[Campaign]) -> bool:
    """Whether these are campaigns of more than one client."""
    return len({campaign.shop.id for campaign in campaigns}) > 1


def _refuse_twice(campaigns: Sequence[Campaign]) -> None:
    for one, other in combinations(campaigns, 2):
        if one.key == other.key:
            raise UsageError(
                mark(
                    "{one} and {other} are the same drop of the same campaign ({shop}, {campaign}, {drop}): "
                    "name each campaign once"
                ),
                one=one.folder,
                other=other.folder,
                shop=one.shop.id,
                campaign=one.id,
                drop=one.drop,
            )


def _refuse_one_name_for_two_shops(campaigns: Sequence[Campaign]) -> None:
    """The column `shop` of the list could not tell whose a parcel is."""
    for one, other in combinations(campaigns, 2):
        if one.shop.id == other.shop.id and not one.shop.file.resolve().samefile(other.shop.file):
            raise CampaignError(
                mark("{one} and {other} both say id = {id}: give each shop its own id, the one in the shipments list"),
                one=one.shop.file,
                other=other.shop.file,
                id=f'"{one.shop.id}"',
            )


def _refuse_one_list_for_all(overrides: Overrides) -> None:
    """One client's customers are never matched to another's parcels."""
    for option, path in (("--customers", overrides.customers), ("--orders", overrides.orders)):
        if path:
            raise UsageError(
                mark(
                    "{option} would give one list to the campaigns of several shops: "
                    "write each shop's own list under [lists] in its campaign.toml"
                ),
                option=option,
            )


def _refuse_unlike(campaigns: Sequence[Campaign]) -> None:
    """One pile comes from one press, on one paper, on one day."""
    first = campaigns[0]
    for campaign in campaigns:
        if campaign.printing.black_only:
            raise CampaignError(
                mark(
                    "{file}: black_only means a pre-printed paper of its own, which cannot lie in one pile with other "
                    "campaigns: run this campaign alone"
                ),
                file=campaign.folder / "campaign.toml",
            )
        if not campaign.read_back:
            raise CampaignError(
                mark(
                    "{file}: [release] read_back = false: one pile is made only of jobs that were read back; "
                    "leave that line out, or run this campaign alone"
                ),
                file=campaign.folder / "campaign.toml",
            )
    for what, told in _SAME:
        for other in campaigns:
            differs = {told(first)}.symmetric_difference({told(other)})
            if differs:
                raise CampaignError(
                    mark(
                        "{first} and {other} cannot lie in one pile, they differ in {what}: {mine} and {theirs}. "
                        "Make it the same, or run them one by one"
                    ),
                    first=first.folder,
                    other=other.folder,
                    what=CampaignError(what),
                    mine=told(first),
                    theirs=told(other),
                )


def _profile(campaign: Campaign) -> str:
    profile = campaign.printing.profile
    if profile is None:
        return "-"
    with explained(profile):
        return f"{profile.name} ({sha256(profile)[:8]})"


def _papers(campaign: Campaign) -> str:
    return ", ".join(sorted(set(_sizes(campaign))))


def _stock(campaign: Campaign) -> str:
    paper = campaign.printing.paper
    return f"{paper.name} {paper.gsm:.4g} g/m² {paper.thickness:g} mm" if paper else "-"


def _sizes(campaign: Campaign) -> Iterator[str]:
    for layout in campaign.layouts.values():
        yield f"{layout.width:g} × {layout.height:g} + {layout.bleed:g} mm / {layout.sides}"


_SAME: tuple[tuple[str, Callable[[Campaign], str]], ...] = (
    (mark("the day of the drop (--drop sets it for all)"), lambda campaign: campaign.drop.isoformat()),
    (mark("the PDF standard (--standard sets it for all)"), lambda campaign: campaign.printing.standard.value),
    (mark("the printing condition"), lambda campaign: campaign.printing.condition),
    (mark("the ICC profile"), _profile),
    (mark("the paper (width × height + bleed / sides printed)"), _papers),
    (mark("what they are printed on ([print] paper in campaign.toml)"), _stock),
)
"""What must be the same of all campaigns of a pile, and how it is said."""
