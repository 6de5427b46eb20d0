"""Segments: the campaign's rules over whole columns, their names and types checked first."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dmgen.audience.cells.vector import Mask, Positions
from dmgen.audience.measure.rules import MismatchError, check_types, series, truth
from dmgen.audience.read.columns import Column
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, ColumnType, Segment
from dmgen.model.rule import Rule, RuleError

NO_SEGMENT = -1


def check_scheme(campaign: Campaign) -> None:
    """Refuse a scheme that has no orders to work on. Raises CampaignError."""
    if campaign.scheme.groups and campaign.lists.orders is None:
        raise CampaignError(
            mark(
                '{file}: the scheme "{scheme}" needs orders. Write orders = "…" under [lists], '
                'or scheme = "none" under [audience].'
            ),
            file=campaign.folder / "campaign.toml",
            scheme=campaign.scheme.name,
        )


def check_segments(campaign: Campaign, types: Mapping[str, ColumnType]) -> None:
    """Refuse unknown columns and comparisons that make no sense. Raises CampaignError."""
    for segment in campaign.segments:
        if segment.when is not None:
            _check_rule(campaign, segment, segment.when, types)


def _check_rule(campaign: Campaign, segment: Segment, rule: Rule, types: Mapping[str, ColumnType]) -> None:
    unknown = sorted(rule.names - set(types))
    values = {
        "file": campaign.folder / "campaign.toml",
        "segment": segment.id,
        "rule": rule.text,
        "columns": ", ".join(f"{name} ({kind.value})" for name, kind in types.items()),
    }
    if unknown:
        raise CampaignError(
            mark('{file}: segment {segment}: in when = "{rule}" there is no column {unknown}. There are: {columns}.'),
            unknown=", ".join(unknown),
            **values,
        )
    try:
        check_types(rule, types)
    except MismatchError as error:
        raise CampaignError(
            mark(
                '{file}: segment {segment}: in when = "{rule}" the part "{part}" mixes types that do not '
                "go together. Columns and their types: {columns}."
            ),
            part=str(error),
            **values,
        ) from error


def assign_segments(campaign: Campaign, columns: Mapping[str, Column], rows: Positions) -> NDArray[np.int16]:
    """The segment of each of `rows` (index into campaign.segments), the first that matches; else NO_SEGMENT.

    Raises CampaignError for arithmetic that the cells do not bear.
    """
    taken = pa.array(rows)
    chosen = np.full(len(rows), NO_SEGMENT, np.int16)
    for index, segment in enumerate(campaign.segments):
        hit = chosen == NO_SEGMENT
        if segment.group is not None:
            hit &= np.asarray(pc.equal(columns["group"].cells.take(taken), segment.group).to_numpy(False))
        if segment.when is not None:
            hit &= _truth_of(campaign, segment, segment.when, lambda name: series(columns[name], rows), len(rows))
        chosen[hit] = index
    return chosen


def _truth_of(campaign: Campaign, segment: Segment, rule: Rule, column: Callable[[str], Any], rows: int) -> Mask:
    try:
        return truth(rule, column, rows)
    except (ArithmeticError, pa.ArrowException, RuleError) as error:
        raise CampaignError(
            mark('{file}: segment {segment}: when = "{rule}" cannot be computed ({problem}). Simplify the rule.'),
            file=campaign.folder / "campaign.toml",
            segment=segment.id,
            rule=rule.text,
            problem=error,
        ) from error
