"""Cuts letters in the order of the post into print files, at the borders of postal districts."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from dmgen.fulfil.batches import BatchPlan, sections_of
from dmgen.model.campaign import Campaign, Segment
from dmgen.model.production import Lot, LotKind


class Letter(NamedTuple):
    """A letter that is posted: its segment's id, where it stands in the audience, its postal district."""

    segment: str
    position: int
    district: str


class SortedLot(NamedTuple):
    """The letters of segments that can lie in one file, in the order of the post; `name` begins the files' names."""

    name: str
    segments: tuple[Segment, ...]
    letters: Sequence[Letter]


def plan_sorted(campaign: Campaign, lots: Sequence[SortedLot]) -> Iterator[BatchPlan]:
    """The batches of letters that are posted in the order of postal districts."""
    number, sequence = 0, 1
    for lot in lots:
        for part, (start, end) in enumerate(
            pairwise(cuts([one.district for one in lot.letters], campaign.batch_size)), 1
        ):
            number += 1
            pieces = [(one.segment, one.position) for one in lot.letters[start:end]]
            sections, order = sections_of(lot.segments, pieces)
            name = f"print/{campaign.id}-{campaign.drop}-{lot.name}-{part:03d}.pdf"
            yield BatchPlan(number, name, sequence, sections, order, Lot(LotKind.POST, lot.name))
            sequence += end - start


def cuts(districts: Sequence[str], most: int) -> list[int]:
    """Where files begin and end, of letters given by their districts: at most `most` letters each.

    A file ends where a district does. Only a district that has more letters than a file can hold is cut: it begins a
    file, and fills it.
    """
    borders = [place for place in range(1, len(districts)) if districts[place] != districts[place - 1]]
    found, last = [0], 0
    for border in [*borders, len(districts)]:
        if border - found[-1] > most and last > found[-1]:
            found.append(last)
        while border - found[-1] > most:
            found.append(found[-1] + most)
        last = border
    return [*found, len(districts)] if len(districts) > found[-1] else found
