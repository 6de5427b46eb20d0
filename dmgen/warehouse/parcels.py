"""A parcel as the warehouse's files say it."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from dmgen.model.parcel import ParcelOutcome

ORDERS = ";"
"""What stands between the orders of one parcel in a table's cell."""


class PackLine(NamedTuple):
    """A parcel of a packing list and what goes in: the piece with its segment's id and label, or the reason why none.

    `place` counts from 1 over all waves; `position` is the warehouse's own word for the place in its wave.
    """

    place: int
    wave: str
    position: str
    shipment_id: str
    orders: tuple[str, ...]
    key: str
    outcome: ParcelOutcome
    reason: str = ""
    piece_id: str = ""
    segment: str = ""
    label: str = ""


class WaveCount(NamedTuple):
    """A wave in numbers: parcels = pieces + fallbacks + empty ones, and these by reason."""

    wave: str
    parcels: int
    pieces: int
    fallbacks: int
    empty: dict[str, int]


def by_wave(parcels: Iterable[PackLine]) -> dict[str, list[PackLine]]:
    """The parcels of each wave, waves in order of their first parcel."""
    waves: dict[str, list[PackLine]] = {}
    for parcel in parcels:
        waves.setdefault(parcel.wave, []).append(parcel)
    return waves


def count_wave(wave: str, parcels: list[PackLine]) -> WaveCount:
    """A wave in numbers; reasons in alphabetical order."""
    outcomes = Counter(parcel.outcome for parcel in parcels)
    reasons = Counter(parcel.reason for parcel in parcels if parcel.outcome is ParcelOutcome.EMPTY)
    pieces, fallbacks = outcomes[ParcelOutcome.PIECE], outcomes[ParcelOutcome.FALLBACK]
    return WaveCount(wave, len(parcels), pieces, fallbacks, dict(sorted(reasons.items())))
