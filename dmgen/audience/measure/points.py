"""Points of each customer: as of which day, what is about to expire, how far it is to the next goal."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.vector import TEXT, Mask, mask
from dmgen.audience.clean.customers import Customers
from dmgen.audience.read.columns import Column
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, ColumnType
from dmgen.model.points import GOAL_COLUMNS, Goal
from dmgen.timings import timed

_NUMBERS = (ColumnType.INT, ColumnType.NUMBER)
_EXPIRING = ("points_expiring", "points_expire_on")


@timed(mark("measure points"))
def points_columns(campaign: Campaign, customers: Customers) -> dict[str, Column]:
    """points_as_of and, with goals, points_goal, points_goal_label and points_to_goal; empty without a balance.

    Points that expired before the drop are not announced any more: their cells are emptied, so are the goals
    of such a balance, and the row is flagged where letters speak of expiry. Raises CampaignError for points that
    are no numbers.
    """
    columns, rows = customers.columns, len(customers.lines)
    if "points" not in columns:
        return {}
    points = columns["points"]
    if points.type not in _NUMBERS:
        raise CampaignError(
            mark('{file}: [columns] points is a number: write points = {{ from = "…", type = "int" }}'),
            file=campaign.shop.file,
        )
    found: dict[str, Column] = {}
    expired = _expired(columns, campaign.drop, rows)
    if expired.any():
        if _is_spoken_of(campaign):
            cells = columns["points_expire_on"].cells.cast(pa.string()).cast(TEXT)
            customers.outcomes.flag_where(expired, "measure", "points_expired", "points_expire_on", cells)
        found |= {name: _emptied(columns[name], expired) for name in _EXPIRING if name in columns}
    if "points_as_of" not in columns and campaign.points.as_of:
        day = pa.scalar(campaign.points.as_of, pa.date32())
        cells = pc.if_else(pc.is_valid(points.cells), day, pa.scalar(None, pa.date32()))
        found["points_as_of"] = Column(ColumnType.DATE, cells)
    if campaign.points.goals:
        found |= _goals(_emptied(points, expired), campaign.points.goals)
    return found


def _expired(columns: Mapping[str, Column], drop: date, rows: int) -> Mask:
    column = columns.get("points_expire_on")
    if column is None or column.type is not ColumnType.DATE:
        return np.zeros(rows, np.bool_)
    return mask(pc.less(column.cells, pa.scalar(drop, pa.date32())))


def _is_spoken_of(campaign: Campaign) -> bool:
    words = (text for layout in campaign.layouts.values() for text in layout.words.values())
    return any(name in text for text in words for name in _EXPIRING)


def _emptied(column: Column, rows: Mask) -> Column:
    cells = pc.if_else(pa.array(rows), pa.scalar(None, column.cells.type), column.cells)
    return Column(column.type, cells)


def _goals(points: Column, goals: tuple[Goal, ...]) -> dict[str, Column]:
    """The first goal above each balance; none where it is unknown, or above them all."""
    steps = np.array([goal.points for goal in goals], np.int64)
    balance = np.asarray(points.cells.fill_null(0))
    ahead = np.searchsorted(steps, balance, side="right")
    none = mask(pc.is_null(points.cells)) | (ahead == len(steps))
    at = np.minimum(ahead, len(steps) - 1)
    labels = pa.array(["", *(goal.label for goal in goals)], TEXT)
    columns = (
        Column(ColumnType.INT, pa.array(steps[at], mask=none)),
        Column(ColumnType.TEXT, labels.take(pa.array(np.where(none, 0, at + 1)))),
        Column(points.type, pa.array(steps[at] - balance, mask=none)),
    )
    return dict(zip(GOAL_COLUMNS, columns, strict=True))
