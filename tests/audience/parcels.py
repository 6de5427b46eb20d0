"""Campaigns whose letters go into parcels, over lists that a test writes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from dmgen.audience import Audience, load_audience
from dmgen.model.audience import Duplicates
from dmgen.model.campaign import Campaign, Channel, ColumnRule, Segment
from dmgen.model.parcel import ParcelRules

from .conftest import AS_OF, EVERYBODY, ORDERS, build, people

NOBODYS = Segment("fallback", "fallback", "leaflet", tickets=0, fallback=True)
TODAY = date(2026, 10, 1)
"""The ship date: the day after AS_OF."""


def campaign(
    folder: Path,
    customers: Sequence[str],
    orders: Sequence[str],
    shipments: str | bytes | Path,
    *,
    segments: Sequence[Segment] = EVERYBODY,
    fallback: bool = True,
    rules: Sequence[ColumnRule] = (),
    duplicates: Duplicates = Duplicates.EXACT,
    as_of: date = AS_OF,
) -> Campaign:
    """A campaign over rows of customers and orders, and a list of parcels."""
    path = shipments if isinstance(shipments, Path) else folder / "shipments.csv"
    if not isinstance(shipments, Path):
        path.write_bytes(shipments.encode() if isinstance(shipments, str) else shipments)
    listed = "\n".join((ORDERS, *orders)) + "\n" if orders else None
    made = build(folder, people(*customers), listed, segments=segments, duplicates=duplicates, as_of=as_of)
    return replace(
        made,
        drop=TODAY,
        channel=Channel.INSERT_NOTE,
        shop=replace(made.shop, shipments=tuple(rules)),
        segments=(*made.segments, *([NOBODYS] if fallback else [])),
        lists=replace(made.lists, shipments=path),
        parcels=ParcelRules(fallback="fallback" if fallback else ""),
    )


def told(audience: Audience) -> dict[str, tuple[str, str, str]]:
    """By shipment what goes in, whose it is, and why."""
    found = {}
    for one in audience.packing():
        rows = audience.rows([one.piece], ("customer_id",)) if one.piece is not None else [{"customer_id": ""}]
        found[one.parcel.shipment_id] = (one.outcome.value, str(rows[0]["customer_id"]), one.reason)
    return found


def loaded(*args: object, **options: object) -> Audience:
    """The audience of such a campaign, with its sums proved: parcels read, customers read, nobody twice."""
    audience = load_audience(campaign(*args, **options))  # type: ignore[arg-type]
    prove(audience)
    return audience


def prove(audience: Audience) -> None:
    """Every parcel has one outcome, every piece one parcel, and what is open is what is packed."""
    packings = audience.packing()
    assert len(packings) == audience.parcels_read
    assert len({one.parcel.shipment_id for one in packings}) == len(packings)
    assert [one.parcel.place for one in packings] == list(range(1, len(packings) + 1))
    pieces = [one.piece for one in packings if one.piece is not None]
    assert len(set(pieces)) == len(pieces)
    opened = {
        position: segment for segment in audience._segments for position in audience.open_positions(segment).tolist()
    }
    assert {one.piece: one.segment for one in packings if one.piece is not None} == opened
    assert all(one.reason for one in packings if one.piece is None)
    outcomes = Counter(one.outcome for one in packings)
    assert sum(outcomes.values()) == audience.parcels_read
    waves = [one.parcel.wave for one in packings]
    assert waves == [wave for wave in dict.fromkeys(waves) for _ in range(waves.count(wave))]
    for segment in audience._segments:
        places = [row["parcel"].place for row in audience.rows(audience.open_positions(segment), ("parcel",))]  # type: ignore[union-attr]
        assert places == sorted(places)
