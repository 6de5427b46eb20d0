"""Segments: the campaign's rules over whole columns, their names and types checked first."""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dmgen.audience.cells.vector import Mask, Positions
from dmgen.audience.measure.totals import SCHEMES
from dmgen.audience.read.columns import Column
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign, ColumnType, Segment
from dmgen.model.rule import Logic, Rule, RuleError, evaluate

_NUMERIC = frozenset({ColumnType.INT, ColumnType.NUMBER, ColumnType.FLAG})
_CONSTANTS: dict[type, ColumnType] = {
    bool: ColumnType.FLAG,
    int: ColumnType.INT,
    float: ColumnType.NUMBER,
    str: ColumnType.TEXT,
}
NO_SEGMENT = -1


def check_scheme(campaign: Campaign) -> None:
    """Refuse a scheme that is unknown or has no orders to work on. Raises CampaignError."""
    values = {"file": campaign.folder / "campaign.toml", "scheme": campaign.scheme}
    if campaign.scheme not in SCHEMES:
        raise CampaignError(
            mark('{file}: [audience] scheme = "{scheme}" is not known. There are: {schemes}.'),
            schemes=", ".join(SCHEMES),
            **values,
        )
    if campaign.scheme != "none" and campaign.lists.orders is None:
        raise CampaignError(
            mark(
                '{file}: the scheme "{scheme}" needs orders. Write orders = "…" under [lists], '
                'or scheme = "none" under [audience].'
            ),
            **values,
        )


class _MismatchError(ValueError):
    """Part of a rule that does not go together."""


def check_segments(campaign: Campaign, types: Mapping[str, ColumnType]) -> None:
    """Refuse unknown groups, unknown columns and comparisons that make no sense. Raises CampaignError."""
    for segment in campaign.segments:
        _check_group(campaign, segment)
        if segment.when is not None:
            _check_rule(campaign, _named(segment), segment.when, types)
    for wanted in campaign.choice.contact_lists:
        if wanted.when is not None:
            _check_rule(campaign, f"[contact_lists] {wanted.id}", wanted.when, types)


def _named(segment: Segment) -> CampaignError:
    return CampaignError(mark("segment {segment}"), segment=segment.name)


def _check_group(campaign: Campaign, segment: Segment) -> None:
    groups = SCHEMES[campaign.scheme]
    if segment.group is not None and segment.group not in groups:
        raise CampaignError(
            mark('{file}: segment {segment}: the scheme "{scheme}" has no group "{group}"; it has: {groups}.'),
            file=campaign.folder / "campaign.toml",
            segment=segment.id,
            scheme=campaign.scheme,
            group=segment.group,
            groups=", ".join(groups) or "-",
        )


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
        _condition(rule.tree(), types)
    except _MismatchError as error:
        raise CampaignError(
            mark(
                '{file}: {place}: in when = "{rule}" the part "{part}" mixes types that do not '
                "go together. Columns and their types: {columns}."
            ),
            part=str(error),
            **values,
        ) from error


def _condition(node: ast.expr, types: Mapping[str, ColumnType]) -> None:
    """Check an expression whose truth is asked for."""
    match node:
        case ast.BoolOp(values=parts):
            for part in parts:
                _condition(part, types)
        case ast.UnaryOp(op=ast.Not(), operand=part):
            _condition(part, types)
        case ast.Compare(left=left, ops=ops, comparators=rest):
            for one, op, other in zip((left, *rest), ops, rest, strict=False):
                choices = other.elts if isinstance(other, ast.Tuple | ast.List) else None
                if isinstance(op, ast.In | ast.NotIn) != (choices is not None):
                    raise _MismatchError(ast.unparse(node))
                for choice in [other] if choices is None else choices:
                    _comparable(one, choice, types, ast.unparse(node))
        case _:
            _kind(node, types)


def _comparable(left: ast.expr, right: ast.expr, types: Mapping[str, ColumnType], part: str) -> None:
    one, other = _kind(left, types), _kind(right, types)
    numeric = one in _NUMERIC and other in _NUMERIC
    dated = ColumnType.DATE in (one, other) and all(
        kind == ColumnType.DATE or _is_day(node) for kind, node in ((one, left), (other, right))
    )
    if not (one == other or numeric or dated):
        raise _MismatchError(part)


def _is_day(node: ast.expr) -> bool:
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return False
    try:
        return bool(date.fromisoformat(node.value))
    except ValueError:
        return False


def _kind(node: ast.expr, types: Mapping[str, ColumnType]) -> ColumnType:
    """The type of a value. Raises _MismatchError where it has none."""
    match node:
        case ast.Constant(value=value):
            return _CONSTANTS[type(value)]
        case ast.Name(id=name):
            return types[name]
        case ast.Attribute(value=ast.Name(id=name), attr=attribute):
            return types[f"{name}.{attribute}"]
        case ast.BinOp(left=left, right=right) if {_kind(left, types), _kind(right, types)} <= _NUMERIC:
            return ColumnType.NUMBER
        case ast.UnaryOp(op=ast.USub(), operand=part) if _kind(part, types) in _NUMERIC:
            return _kind(part, types)
    raise _MismatchError(ast.unparse(node))


def assign_segments(campaign: Campaign, columns: Mapping[str, Column], rows: Positions) -> NDArray[np.int16]:
    """The segment as written of each of `rows`, the first that matches; else NO_SEGMENT.

    It is said as an index into campaign.segments: of a segment with variants, that of its first one.
    Raises CampaignError for arithmetic that the cells do not bear.
    """
    chosen = np.full(len(rows), NO_SEGMENT, np.int16)
    seen: set[str] = set()
    for index, segment in enumerate(campaign.segments):
        if segment.name in seen:
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
    taken = pa.array(rows)
    try:
        hit = np.asarray(evaluate(rule, lambda name: _series(columns[name], taken), _COLUMNS), np.bool_)
    except (ArithmeticError, pa.ArrowException, RuleError) as error:
        raise CampaignError(
            mark('{file}: {place}: when = "{rule}" cannot be computed ({problem}). Simplify the rule.'),
            file=campaign.folder / "campaign.toml",
            place=place,
            rule=rule.text,
            problem=error,
        ) from error
    return np.broadcast_to(hit, len(rows))


def _series(column: Column, rows: pa.Array) -> Any:
    cells = column.cells.take(rows)
    if column.type == ColumnType.FLAG:
        cells = cells.cast(pa.int8())
    return pd.Series(cells, dtype=pd.ArrowDtype(cells.type))


def _truth(value: Any) -> Any:
    """Non-empty and non-zero; what is empty is false."""
    if not isinstance(value, pd.Series):
        return value if isinstance(value, np.ndarray) else bool(value)
    if pd.api.types.is_numeric_dtype(value.dtype):
        return _filled(value != 0)
    return _filled(value != "") if pd.api.types.is_string_dtype(value.dtype) else value.notna().to_numpy()


def _filled(flags: Any) -> Mask:
    """A comparison as a mask; empty cells compare false."""
    return np.asarray(flags.fillna(False).to_numpy(dtype=np.bool_))


def _compare(compare: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    left, right = _like(left, right), _like(right, left)
    result = compare(left, right)
    return _filled(result) if isinstance(result, pd.Series) else result


def _like(value: Any, other: Any) -> Any:
    """A constant in the type of the column it is compared with."""
    if isinstance(value, bool):
        return int(value)
    dated = isinstance(other, pd.Series) and pd.api.types.is_dtype_equal(other.dtype, _DATE)
    return date.fromisoformat(value) if dated and isinstance(value, str) else value


def _contains(choices: Sequence[Any], value: Any) -> Any:
    return reduce(operator.or_, (_compare(operator.eq, value, choice) for choice in choices), False)


def _negate(flag: Any) -> Any:
    return ~flag if isinstance(flag, np.ndarray) else not flag


_DATE = pd.ArrowDtype(pa.date32())
_COLUMNS = Logic(
    truth=_truth,
    both=operator.and_,
    either=operator.or_,
    negate=_negate,
    contains=_contains,
    compare=_compare,
)
