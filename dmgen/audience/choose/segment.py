"""Segments: the campaign's rules over whole columns, their names and types checked first."""

from collections.abc import Mapping

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
            _check_rule(campaign, _named(segment), segment.when, types)
    for wanted in campaign.choice.contact_lists:
        if wanted.when is not None:
            _check_rule(campaign, f"[contact_lists] {wanted.id}", wanted.when, types)


def _named(segment: Segment) -> CampaignError:
    return CampaignError(mark("segment {segment}"), segment=segment.name)


def _check_rule(campaign: Campaign, place: object, rule: Rule, types: Mapping[str, ColumnType]) -> None:
    unknown = sorted(rule.names - set(types))
    values = {
        "file": campaign.folder / "campaign.toml",
        "place": place,
        "rule": rule.text,
        "columns": ", ".join(f"{name} ({kind.value})" for name, kind in types.items()),
    }
    if unknown:
        raise CampaignError(
            mark('{file}: {place}: in when = "{rule}" there is no column {unknown}. There are: {columns}.'),
            unknown=", ".join(unknown),
            **values,
        )
    try:
        check_types(rule, types)
    except MismatchError as error:
        raise CampaignError(
            mark(
                '{file}: {place}: in when = "{rule}" the part "{part}" mixes types that do not '
                "go together. Columns and their types: {columns}."
            ),
            part=str(error),
            **values,
        ) from error


def assign_segments(campaign: Campaign, columns: Mapping[str, Column], rows: Positions) -> NDArray[np.int16]:
    """The segment as written of each of `rows`, the first that matches; else NO_SEGMENT.

    It is said as an index into campaign.segments: of a segment with variants, that of its first one.
    Raises CampaignError for arithmetic that the cells do not bear.
    """
    chosen = np.full(len(rows), NO_SEGMENT, np.int16)
    seen: set[str] = set()
    for index, segment in enumerate(campaign.segments):
        if segment.name in seen or segment.fallback:
            continue
        seen.add(segment.name)
        hit = chosen == NO_SEGMENT
        if segment.group is not None:
            groups = columns["group"].cells.take(pa.array(rows))
            hit &= np.asarray(pc.equal(groups, segment.group).to_numpy(False))
        if segment.when is not None:
            hit &= whom(campaign, _named(segment), segment.when, columns, rows)
        chosen[hit] = index
    return chosen


def whom(campaign: Campaign, place: object, rule: Rule, columns: Mapping[str, Column], rows: Positions) -> Mask:
    """Which of `rows` a rule takes; `place` says where it is written. Raises CampaignError."""
    try:
        return truth(rule, lambda name: series(columns[name], rows), len(rows))
    except (ArithmeticError, pa.ArrowException, RuleError) as error:
        raise CampaignError(
            mark('{file}: {place}: when = "{rule}" cannot be computed ({problem}). Simplify the rule.'),
            file=campaign.folder / "campaign.toml",
            place=place,
            rule=rule.text,
            problem=error,
        ) from error
