"""Every campaign of a batch planned before any number is issued, each over the parcels that those before it leave."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

from dmgen.audience import read_batch
from dmgen.errors import DmgenError, ListError
from dmgen.gate import leave_out_spent
from dmgen.ledger import Ledger
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, Shop
from dmgen.model.history import NO_HISTORY
from dmgen.model.parcel import Delivery, Gap, Packing, ParcelRules, ShopParcel
from dmgen.planning.plan import Plan, Progress, planned
from dmgen.produce import Kit
from dmgen.timings import timed
from dmgen.together.claims import Claims, Place
from dmgen.workshop import Workshop


@dataclass(frozen=True)
class Together:
    """The plans of a batch in the order typed, what lies in the pile for each parcel, and what to look at.

    `rules` are the first campaign's: they say what lies in the pile for empty parcels, and how it is turned.
    """

    plans: list[Plan]
    places: list[Place]
    rules: ParcelRules
    remarks: list[DmgenError]

    @property
    def workshop(self) -> Workshop[Kit]:
        """Workers for what is made of all jobs."""
        return self.plans[0].workshop


@contextmanager
def planned_together(
    campaigns: Sequence[Campaign],
    ledger_of: Callable[[Campaign], Ledger | None],
    workers: int | None,
    progress: Progress,
) -> Iterator[Together]:
    """The plans of all campaigns; `ledger_of` is each one's ledger, where there is one.

    Raises what `planned` raises, and ListError for a list that does not tell whose parcels are whose, or that the shops
    read differently.
    """
    batch = _read_batch(campaigns)
    claims = Claims()
    with ExitStack() as stack:
        plans = []
        for number, campaign in enumerate(campaigns):
            taken = claims.taken(campaign.shop.id)
            ledger = ledger_of(campaign)
            history = ledger.history(campaign.key) if ledger else NO_HISTORY
            making = planned(_as_source(campaign), history, workers, None, progress, taken=taken)
            plan = stack.enter_context(making)
            leave_out_spent(plan, ledger)
            _refuse_other_reading(campaigns, campaign, batch, plan.packings)
            claims.claim(number, campaign.shop.id, plan.packings)
            plans.append(plan)
        places = claims.places(batch)
        yield Together(plans, places, campaigns[0].parcels, list(_remarks(campaigns, batch)))


def _as_source(campaign: Campaign) -> Campaign:
    """The campaign as its own job is printed: what the pile is made from, in packing order, without gaps."""
    return replace(campaign, parcels=replace(campaign.parcels, gaps=Gap.SKIP, delivery=Delivery.FACE_DOWN))


@timed(mark("read shipments"))
def _read_batch(campaigns: Sequence[Campaign]) -> list[ShopParcel]:
    shipments = campaigns[0].lists.shipments
    if shipments is None:
        raise ValueError("a batch has a list of shipments")
    return read_batch(shipments, _shops(campaigns))


def _shops(campaigns: Sequence[Campaign]) -> list[Shop]:
    """The shops of the campaigns, each once, the first one's first."""
    return list({campaign.shop.id: campaign.shop for campaign in campaigns}.values())


def _refuse_other_reading(
    campaigns: Sequence[Campaign], campaign: Campaign, batch: Sequence[ShopParcel], packings: Sequence[Packing]
) -> None:
    """Every shop must see its own parcels of the batch, and the same waves, positions and orders in them."""
    own = {(p.shipment_id, p.wave, p.position, p.orders) for shop, p in batch if shop in (campaign.shop.id, "")}
    seen = {(one.parcel.shipment_id, one.parcel.wave, one.parcel.position, one.parcel.orders) for one in packings}
    if own != seen:
        raise ListError(
            mark(
                "{file}: {other} reads the list otherwise than {first}: not the same parcels, waves, positions or "
                "orders. Write the same [shipments] in both"
            ),
            file=campaign.lists.shipments,
            other=campaign.shop.file,
            first=campaigns[0].shop.file,
        )


def _remarks(campaigns: Sequence[Campaign], batch: Sequence[ShopParcel]) -> Iterator[DmgenError]:
    """Parcels of shops that no campaign is of: perhaps a campaign was forgotten, or a name is written otherwise."""
    known = {campaign.shop.id for campaign in campaigns}
    strangers = [shop for shop, _ in batch if shop and shop not in known]
    if strangers:
        yield ListError(
            mark("{file}: {count} parcels are of shops without a campaign here: {shops}. They stay without a piece."),
            file=campaigns[0].lists.shipments,
            count=len(strangers),
            shops=", ".join(sorted(set(strangers))[:10]),
        )
