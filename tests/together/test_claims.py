"""The order of campaigns: a parcel gets at most one piece over all of them, and only one of its own shop."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.errors import PreflightError
from dmgen.model.parcel import Packing, Parcel, ParcelOutcome, ShopParcel
from dmgen.together.claims import Claims

SHOPS = ("aoba", "kasumi", "sora")
CUSTOMERS = ("1001", "1002", "1003")  # the same ids in every shop


def parcel(shipment: str, place: int, customer: str = "1001", wave: str = "A") -> Parcel:
    return Parcel(shipment, (f"o-{shipment}",), wave, str(place), place, customer)


@st.composite
def batches(draw):
    """Parcels of three shops whose shipment ids and customer ids are the same words."""
    keys = draw(st.lists(st.tuples(st.sampled_from(SHOPS), st.integers(1, 6)), unique=True, max_size=15))
    return [
        ShopParcel(shop, parcel(f"S{number}", place, draw(st.sampled_from(CUSTOMERS))))
        for place, (shop, number) in enumerate(keys, 1)
    ]


campaigns = st.lists(st.tuples(st.sampled_from(SHOPS), st.sets(st.sampled_from(CUSTOMERS))), min_size=1, max_size=5)


def packed(batch: list[ShopParcel], shop: str, wanted: set[str], taken: frozenset[str]) -> list[Packing]:
    """What a campaign puts into the parcels that it sees: a piece for each customer whom it wants."""
    seen = [one for owner, one in batch if owner == shop and one.shipment_id not in taken]
    return [
        Packing(one, ParcelOutcome.PIECE, piece=number, segment="s")
        if one.customer_id in wanted
        else Packing(one, ParcelOutcome.EMPTY, "no_segment")
        for number, one in enumerate(seen)
    ]


@given(batches(), campaigns)
def test_every_parcel_has_the_piece_of_the_first_campaign_of_its_own_shop_that_has_one(batch, asked):
    claims = Claims()
    for number, (shop, wanted) in enumerate(asked):
        claims.claim(number, shop, packed(batch, shop, wanted, claims.taken(shop)))
    places = claims.places(batch)
    assert [(place.shop, place.parcel) for place in places] == [tuple(one) for one in batch]
    for place in places:
        first = next(
            (n for n, (shop, wanted) in enumerate(asked) if shop == place.shop and place.parcel.customer_id in wanted),
            None,
        )
        assert place.campaign == first
        assert (place.packing is None) == (first is None)
        if place.packing:
            assert place.packing.parcel is place.parcel
            assert asked[place.campaign][0] == place.shop
    pieces = [(place.campaign, place.packing.piece) for place in places if place.packing]
    assert len(pieces) == len(set(pieces))
    assert sum(claims.counts().values()) == len(pieces)


@given(batches().filter(bool), st.randoms(use_true_random=False))
def test_a_campaign_that_does_not_keep_to_the_rule_is_found_out(batch, chance: random.Random):
    """Whatever the audience does wrong, no second piece gets into a parcel and none into another shop's."""
    shop, one = chance.choice(batch)
    piece = Packing(one, ParcelOutcome.PIECE, piece=0, segment="s")
    twice = Claims()
    twice.claim(0, shop, [piece])
    with pytest.raises(PreflightError):
        twice.claim(1, shop, [piece])
    strange = Claims()
    strange.claim(0, "nobody", [piece])
    with pytest.raises(PreflightError):
        strange.places(batch)
    moved = Claims()
    moved.claim(0, shop, [piece._replace(parcel=replace(one, wave=one.wave + "x"))])
    with pytest.raises(PreflightError):
        moved.places(batch)


def test_an_empty_parcel_is_free_for_the_next_campaign():
    claims, one = Claims(), parcel("S1", 1)
    claims.claim(0, "aoba", [Packing(one, ParcelOutcome.EMPTY, "gift")])
    assert claims.taken("aoba") == frozenset()
    claims.claim(1, "aoba", [Packing(one, ParcelOutcome.FALLBACK, piece=3, segment="fallback")])
    assert claims.taken("aoba") == {"S1"}
    assert claims.taken("kasumi") == frozenset()
