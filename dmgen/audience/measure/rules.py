"""Rules over whole columns: their types checked, their truth as a mask."""

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import reduce
from math import floor
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from dmgen.audience.cells.vector import Mask, Positions
from dmgen.audience.read.columns import Column
from dmgen.model.campaign import ColumnType
from dmgen.model.rule import Logic, Rule, evaluate

_NUMERIC = frozenset({ColumnType.INT, ColumnType.NUMBER, ColumnType.FLAG})
_CONSTANTS: dict[type, ColumnType] = {
    bool: ColumnType.FLAG,
    int: ColumnType.INT,
    float: ColumnType.NUMBER,
    str: ColumnType.TEXT,
}


class MismatchError(ValueError):
    """Part of a rule that does not go together; the message is that part."""


def check_types(rule: Rule, types: Mapping[str, ColumnType]) -> None:
    """Refuse comparisons that make no sense. Raises MismatchError; every name of the rule must be in `types`."""
    _condition(rule.tree(), types)


def truth(rule: Rule, column: Callable[[str], Any], rows: int) -> Mask:
    """For whom of `rows` the rule is true; `column(name)` is a Series of them (see `series`) or one value for all.

    Raises ArithmeticError, ArrowException or RuleError for arithmetic that the cells do not bear.
    """
    found = np.asarray(evaluate(rule, column, _COLUMNS), np.bool_)
    return found if found.ndim else np.full(rows, found)


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
                    raise MismatchError(ast.unparse(node))
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
        raise MismatchError(part)


def _is_day(node: ast.expr) -> bool:
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return False
    try:
        return bool(date.fromisoformat(node.value))
    except ValueError:
        return False


def _kind(node: ast.expr, types: Mapping[str, ColumnType]) -> ColumnType:
    """The type of a value. Raises MismatchError where it has none."""
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
    raise MismatchError(ast.unparse(node))


def series(column: Column, rows: Positions | None = None) -> Any:
    """The cells of these rows, or of all, for a rule."""
    cells = column.cells if rows is None else column.cells.take(pa.array(rows))
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
    if isinstance(left, Fraction) and isinstance(right, pd.Series):
        return _compare(_MIRRORED[compare], right, left)
    if isinstance(left, pd.Series) and isinstance(right, Fraction):
        return _filled(_exactly(compare, left, right))
    left, right = _like(left, right), _like(right, left)
    result = compare(left, right)
    return _filled(result) if isinstance(result, pd.Series) else result


def _exactly(compare: Callable[[Any, Any], Any], column: Any, bound: Fraction) -> Any:
    """Cells against a number that they may not be able to hold: nobody is moved by rounding.

    A float stands for the decimal number that it is written as.
    """
    whole = pd.api.types.is_integer_dtype(column.dtype)
    near = floor(bound) if whole else float(bound)
    held = Fraction(near) if whole else Fraction(repr(near))
    if held == bound:
        return compare(column, near)
    if compare in (operator.eq, operator.ne):
        return column.notna() if compare is operator.ne else column.isna() & False
    if compare in (operator.gt, operator.ge):
        return column > near if held < bound else column >= near
    return column <= near if held < bound else column < near


def _calculate(operation: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    if isinstance(left, pd.Series) or isinstance(right, pd.Series):
        left, right = (_plain(value) if isinstance(value, Fraction) else value for value in (left, right))
    return operation(left, right)


def _plain(number: Fraction) -> int | float:
    return number.numerator if number.denominator == 1 else float(number)


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
_MIRRORED: dict[Callable[[Any, Any], Any], Callable[[Any, Any], Any]] = {
    operator.lt: operator.gt, operator.gt: operator.lt, operator.le: operator.ge, operator.ge: operator.le,
    operator.eq: operator.eq, operator.ne: operator.ne,
}  # fmt: skip
_COLUMNS = Logic(
    truth=_truth,
    both=operator.and_,
    either=operator.or_,
    negate=_negate,
    contains=_contains,
    compare=_compare,
    calculate=_calculate,
)
