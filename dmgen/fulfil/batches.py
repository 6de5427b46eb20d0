"""Cuts a job into print files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dmgen.model.campaign import Campaign, Segment


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """A stretch of one segment's pieces: `start` … `stop` count within the segment, in print order."""

    number: int
    segment: Segment
    file: str
    start: int
    stop: int
    first_sequence: int


def shell_file(campaign: Campaign, segment: Segment) -> str:
    """The file of what is printed once for a segment, before its pieces."""
    return f"print/{campaign.id}-{campaign.drop}-shell-{segment.id}.pdf"


def plan_batches(campaign: Campaign, counts: Sequence[int]) -> Iterator[BatchPlan]:
    """The batches of a job; `counts` holds the pieces of each of the campaign's segments."""
    number, sequence = 0, 1
    for segment, count in zip(campaign.segments, counts, strict=True):
        for part, start in enumerate(range(0, count, campaign.batch_size), 1):
            stop = min(start + campaign.batch_size, count)
            number += 1
            name = f"print/{campaign.id}-{campaign.drop}-{segment.id}-{part:03d}.pdf"
            yield BatchPlan(number, segment, name, start, stop, sequence)
            sequence += stop - start
