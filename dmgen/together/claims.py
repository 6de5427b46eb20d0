"""Whose piece goes into which parcel: the first campaign, in the order typed, that has one for it, of the same shop."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dmgen.errors import PreflightError
from dmgen.messages import mark
from dmgen.model.parcel import FIRST_PARCEL, NO_CAMPAIGN, OTHER_CAMPAIGN, Packing, Parcel, ShopParcel


class Place(NamedTuple):
    """A parcel of the pile: the campaign, by its number in the order typed, whose piece goes in, and that piece.

    `campaign` is None where no campaign has one, for a reason: that of the last campaign of its shop.
    """

    shop: str
    parcel: Parcel
    campaign: int | None = None
    packing: Packing | None = None
    reason: str = ""


class Claims:
    """The parcels that are given away so far: campaigns that come later do not see them."""

    def __init__(self) -> None:
        self._pieces: dict[tuple[str, str], tuple[int, Packing]] = {}
        self._reasons: dict[tuple[str, str], str] = {}
        self._served: set[tuple[str, str]] = set()

    def taken(self, shop: str) -> frozenset[str]:
        """The shipment ids of a shop's parcels that are served: with a piece, or with the customer's in another."""
        return frozenset(shipment for owner, shipment in (*self._pieces, *self._served) if owner == shop)

    def claim(self, campaign: int, shop: str, packings: Sequence[Packing]) -> None:
        """Give a campaign of a shop the parcels into which it puts a piece.

        Raises PreflightError for a parcel that was given away before.
        """
        for packing in packings:
            key = (shop, packing.parcel.shipment_id)
            if packing.piece is None:
                if packing.reason == FIRST_PARCEL:  # of a split order one parcel has the letter, whichever campaign's
                    self._served.add(key)
                if packing.reason != OTHER_CAMPAIGN:
                    self._reasons[key] = packing.reason
                    self._reasons["", key[1]] = packing.reason  # a parcel of nobody's is seen by every campaign
                continue
            if key in self._pieces:
                raise _fault(packing.parcel.shipment_id)
            self._pieces[key] = campaign, packing

    def places(self, batch: Sequence[ShopParcel]) -> list[Place]:
        """Every parcel of the batch, in its order, with its piece.

        Raises PreflightError for a piece whose parcel is not in the batch as the campaign saw it, or is another shop's.
        """
        left = dict(self._pieces)
        places = []
        for shop, parcel in batch:
            key = (shop, parcel.shipment_id)
            campaign, packing = left.pop(key, (None, None))
            if packing and not _same_parcel(packing.parcel, parcel):
                raise _fault(parcel.shipment_id)
            reason = "" if packing else self._reasons.get(key, NO_CAMPAIGN)
            places.append(Place(shop, parcel, campaign, packing, reason))
        for _, shipment in left:
            raise _fault(shipment)
        return places

    def counts(self) -> Mapping[int, int]:
        """Pieces by campaign; campaigns without one are left out."""
        found: dict[int, int] = {}
        for campaign, _ in self._pieces.values():
            found[campaign] = found.get(campaign, 0) + 1
        return found


def _same_parcel(one: Parcel, other: Parcel) -> bool:
    return (one.shipment_id, one.wave, one.position, one.orders) == (
        other.shipment_id,
        other.wave,
        other.position,
        other.orders,
    )


def _fault(shipment: str) -> PreflightError:
    return PreflightError(
        mark(
            "parcel {shipment}: two campaigns do not agree whose piece goes in: nothing is issued; "
            "please report this fault"
        ),
        shipment=shipment,
    )
