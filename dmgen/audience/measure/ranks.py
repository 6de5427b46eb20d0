"""The rank of each customer, the next one, and what is still missing to it."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.vector import TEXT, Mask, Positions, mask
from dmgen.audience.read.columns import COMPUTED, Column
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, ColumnType
from dmgen.model.points import Ranks

_NUMBERS = (ColumnType.INT, ColumnType.NUMBER)


def rank_columns(campaign: Campaign, columns: Mapping[str, Column]) -> dict[str, Column]:
    """rank, next_rank and to_next_rank, as far as the shop has ranks and the list does not say them itself.

    What the list says goes before what is computed, column by column: whoever has an empty rank in it has none. A
    figure that already reaches the next rank contradicts the list's rank: nothing is then missing that could be told.
    Raises CampaignError for ranks by what is no column of numbers.
    """
    ranks = campaign.shop.ranks
    if ranks is None or not _has_figures(campaign, ranks, columns):
        return {}
    figures = columns[ranks.by]
    known = ~mask(pc.is_null(figures.cells))
    figure = np.asarray(figures.cells.fill_null(0))
    starts = np.array([level.start for level in ranks.levels], np.int64)
    names = pa.array(["", *(level.name for level in ranks.levels)], TEXT)
    if "rank" in columns:
        listed = pc.index_in(columns["rank"].cells.cast(TEXT), value_set=names.slice(1))
        place = np.asarray(listed.fill_null(-1), np.int64)
        has_rank = place >= 0
    else:
        place = np.searchsorted(starts, figure, side="right") - 1
        has_rank = known
    following = np.minimum(place + 1, len(starts) - 1)
    missing = starts[following] - figure
    ahead = has_rank & known & (place + 1 < len(starts)) & (missing > 0)
    computed = {
        "rank": _named(names, place, known & (place >= 0)),
        "next_rank": _named(names, following, ahead),
        "to_next_rank": Column(figures.type, pa.array(missing, mask=~ahead)),
    }
    return {name: column for name, column in computed.items() if name not in columns}


def _named(names: pa.Array, place: Positions, there: Mask) -> Column:
    return Column(ColumnType.TEXT, names.take(pa.array(np.where(there, place + 1, 0))))


def _has_figures(campaign: Campaign, ranks: Ranks, columns: Mapping[str, Column]) -> bool:
    """Whether there is the column of the ranks; a campaign without orders has no figures from them, nor ranks."""
    if ranks.by in columns and columns[ranks.by].type in _NUMBERS:
        return True
    if ranks.by not in columns and ranks.by in COMPUTED and campaign.lists.orders is None:
        return False
    usable = [name for name, column in columns.items() if column.type in _NUMBERS]
    raise CampaignError(
        mark('{file}: [ranks] by = "{by}" is no column of numbers. There are: {columns}.'),
        file=campaign.shop.file,
        by=ranks.by,
        columns=", ".join(usable) or "-",
    )
