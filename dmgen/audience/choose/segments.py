"""The open customers of each segment: by its rule, by what malls allow, by the letters they had, by variant."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dmgen.audience.cells.vector import TEXT, Mask, Positions
from dmgen.audience.choose.narrow import split_variants
from dmgen.audience.choose.segment import NO_SEGMENT, assign_segments
from dmgen.audience.choose.touches import Letters, latest_letters, too_recent
from dmgen.audience.clean.customers import Customers
from dmgen.audience.read.columns import Column
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, ColumnType
from dmgen.model.history import History
from dmgen.model.recipient import Outcome
from dmgen.timings import timed


@timed(mark("choose segments"))
def choose_segments(
    campaign: Campaign, customers: Customers, restricted: Mask, letters: Letters, history: History
) -> dict[str, Positions]:
    """The open customers of each segment or variant; those that none takes, or that had letters enough, are settled.

    `restricted` ones, known from malls alone, are taken by segments marked mall_safe only. The column `segment`
    says the segment as written, also of those who had letters enough.
    """
    outcomes, count = customers.outcomes, len(customers.lines)
    rows = np.flatnonzero(outcomes.open)
    chosen = assign_segments(campaign, customers.columns, rows)
    if restricted.any():
        chosen[restricted[rows]] = _mall_safe(campaign, customers, rows[restricted[rows]])
        left = restricted & outcomes.open
        left[rows[chosen != NO_SEGMENT]] = False
        outcomes.settle_where(left, Outcome.SUPPRESSED, "segment", "mall", "mall")
        rows, chosen = rows[~left[rows]], chosen[~left[rows]]
    outcomes.settle(rows[chosen == NO_SEGMENT], Outcome.NO_SEGMENT, "segment", "no_segment")
    of_row = np.full(count, NO_SEGMENT, np.int16)
    of_row[rows] = chosen
    names = pa.array(["", *(segment.name for segment in campaign.segments)], TEXT)
    customers.columns["segment"] = Column(ColumnType.TEXT, names.take(pa.array(of_row + 1)))
    near, full = too_recent(letters, campaign.choice.contact, campaign.drop, count)
    last = latest_letters(letters, count)
    outcomes.settle_where(near, Outcome.OVER_LIMIT, "select", "recent_letter", "last_letter", last)
    outcomes.settle_where(full, Outcome.OVER_LIMIT, "select", "letter_cap", "last_letter", last)
    still = outcomes.open[rows]
    rows, chosen = rows[still], chosen[still]
    split = split_variants(campaign, customers.columns, rows, chosen, history)
    return {segment.id: rows[split == index] for index, segment in enumerate(campaign.segments)}


def _mall_safe(campaign: Campaign, customers: Customers, rows: Positions) -> NDArray[np.int16]:
    """The first segment marked mall_safe that takes each of the rows, else NO_SEGMENT."""
    safe = [index for index, segment in enumerate(campaign.segments) if segment.mall_safe]
    only = replace(campaign, segments=tuple(campaign.segments[index] for index in safe))
    return np.array([*safe, NO_SEGMENT], np.int16)[assign_segments(only, customers.columns, rows)]
