"""From those a segment takes to those who get its letter: variants, control groups, the most pieces."""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dmgen.audience.cells.vector import Mask, Positions
from dmgen.audience.choose.assign import balanced, held_back, lots, recorded, strata_of
from dmgen.audience.clean.customers import Customers
from dmgen.audience.outcomes import texts
from dmgen.audience.read.columns import Column
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.audience import Limits
from dmgen.model.campaign import Campaign, ColumnType
from dmgen.model.history import CONTROL, History
from dmgen.model.recipient import Outcome
from dmgen.timings import timed

_STAGE = "select"


def check_priority(campaign: Campaign, types: Mapping[str, ColumnType]) -> None:
    """Refuse a priority that is no column, or none by which people can be ordered. Raises CampaignError."""
    name = campaign.choice.limits.priority
    if name and types.get(name, ColumnType.TEXT) == ColumnType.TEXT:
        usable = [column for column, kind in types.items() if kind != ColumnType.TEXT]
        raise CampaignError(
            mark('{file}: [limits] priority = "{name}" is no column of numbers or days. There are: {columns}.'),
            file=campaign.folder / "campaign.toml",
            name=name,
            columns=", ".join(usable) or "-",
        )


def split_variants(
    campaign: Campaign, columns: Mapping[str, Column], rows: Positions, chosen: NDArray[np.int16], history: History
) -> NDArray[np.int16]:
    """The segments of `rows`, those with variants split among them: as even as can be in each group of the scheme.

    Whoever has a variant by the ledger's record of this drop keeps it. Before letters are fitted, since each
    variant has a layout of its own; a letter that does not fit is then rejected, never moved to the other variant,
    or the arms would no longer be alike.
    """
    split = chosen.copy()
    for name, indices in _tried(campaign).items():
        places = np.flatnonzero(chosen == indices[0])
        ids, groups = _cells(columns, rows[places])
        codes = {campaign.segments[index].variant: arm for arm, index in enumerate(indices)}
        known = recorded(ids, history.arms, name, codes)
        arms = balanced(strata_of([groups]), lots(campaign.key, f"variant {name}", ids), known, len(indices))
        split[places] = np.array(indices, np.int16)[arms]
    return split


def _tried(campaign: Campaign) -> dict[str, list[int]]:
    """By the id of each segment with variants the places of these in the campaign."""
    tried: dict[str, list[int]] = {}
    for index, segment in enumerate(campaign.segments):
        if segment.variant:
            tried.setdefault(segment.name, []).append(index)
    return tried


@timed(mark("hold back and limit"))
def narrow(campaign: Campaign, customers: Customers, segments: Mapping[str, Positions], history: History) -> None:
    """Settle the control groups and whoever is beyond [limits], among people whose letters fit.

    Control groups are drawn first, of everybody who could get a letter. The limit then draws one line through all
    of them by priority: above it letters are counted, and control members stay what they are; below it everybody
    is over the limit, members too. So the letters fill the limit, and who gets none to be measured against is
    like those who get one.
    """
    control = _control(campaign, customers, segments, history)
    _limit(campaign, customers, segments, control)
    held = np.flatnonzero(control & customers.outcomes.open)
    names = customers.columns["segment"].cells.take(pa.array(held))
    customers.outcomes.settle(held, Outcome.CONTROL, _STAGE, CONTROL, "segment", names)


def _control(campaign: Campaign, customers: Customers, segments: Mapping[str, Positions], history: History) -> Mask:
    """Who is in a control group, drawn alike from each variant and group of the scheme."""
    held = np.zeros(len(customers.lines), np.bool_)
    shares = {segment.name: segment for segment in campaign.segments if segment.control}
    for name, written in shares.items():
        variants = [segment for segment in campaign.segments if segment.name == name]
        rows = np.concatenate([_open(customers, segments[variant.id]) for variant in variants])
        arms = np.concatenate([[variant.variant] * len(_open(customers, segments[variant.id])) for variant in variants])
        ids, groups = _cells(customers.columns, rows)
        codes = {CONTROL: 1} | {variant.variant: 0 for variant in variants}
        known = recorded(ids, history.arms, name, codes)
        strata = strata_of([arms.astype(str).tolist(), groups])
        held[rows] = held_back(strata, lots(campaign.key, f"control {name}", ids), known, written.control)
    return held


def _open(customers: Customers, rows: Positions) -> Positions:
    return rows[customers.outcomes.open[rows]]


def _cells(columns: Mapping[str, Column], rows: Positions) -> tuple[list[str], list[str]]:
    """The ids and the groups of these customers."""
    taken = pa.array(rows)
    ids, groups = (columns[name].cells.take(taken).to_pylist() for name in ("customer_id", "group"))
    return ids, groups


def most_pieces(limits: Limits) -> tuple[int | None, str]:
    """How many letters [limits] allows, and the reason for those beyond."""
    affordable = None
    if limits.budget is not None and limits.cost:
        affordable = int(Fraction(limits.budget) // Fraction(str(limits.cost)))
    if affordable is not None and (limits.pieces is None or affordable < limits.pieces):
        return affordable, "over_budget"
    return limits.pieces, "over_pieces"


def _limit(campaign: Campaign, customers: Customers, segments: Mapping[str, Positions], control: Mask) -> None:
    """Settle everybody below the line that the last affordable letter draws."""
    limits = campaign.choice.limits
    most, reason = most_pieces(limits)
    if most is None:
        return
    everybody = np.sort(np.concatenate([_open(customers, segments[segment.id]) for segment in campaign.segments]))
    ranked = everybody[_by_priority(customers.columns, limits.priority, everybody)]
    letters = np.cumsum(~control[ranked])
    before = letters - ~control[ranked]
    beyond = np.sort(ranked[before >= most])
    values = () if not limits.priority else _shown(customers.columns[limits.priority], beyond)
    customers.outcomes.settle(beyond, Outcome.OVER_LIMIT, _STAGE, reason, limits.priority, values)


def _by_priority(columns: Mapping[str, Column], name: str, rows: Positions) -> Positions:
    """The order of `rows` by a column: highest (or latest) first, empty cells last, equal ones in list order."""
    if not name:
        return np.arange(len(rows))
    cells = columns[name].cells.take(pa.array(rows))
    if pa.types.is_boolean(cells.type):
        cells = cells.cast(pa.int8())
    keys = pa.table({"cell": cells, "row": pa.array(rows)})
    order = pc.sort_indices(keys, [("cell", "descending"), ("row", "ascending")])
    return np.asarray(order, np.int64)


def _shown(column: Column, rows: Positions) -> pa.Array:
    return texts(["" if cell is None else str(cell) for cell in column.cells.take(pa.array(rows)).to_pylist()])
