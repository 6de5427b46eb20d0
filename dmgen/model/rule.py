"""Rules (`when`): expressions over columns, parsed and checked here, never run as Python."""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from dmgen.errors import CampaignError
from dmgen.messages import mark

_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class RuleError(ValueError):
    """A rule that does not parse; the message says which part."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A parsed rule: `and`, `or`, `not`, comparisons, `in (…)`, + - * /, numbers, "text", columns.

    A bare column is true where its cell is neither empty nor zero.
    """

    text: str
    names: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> "Rule":
        """The rule that `text` says. Raises RuleError."""
        tree = _tree(text)
        return cls(text, frozenset(_names(tree)))

    def tree(self) -> ast.expr:
        """The expression as a checked syntax tree."""
        return _tree(self.text)


@lru_cache(maxsize=256)
def _tree(text: str) -> ast.expr:
    try:
        tree = ast.parse(text.strip(), mode="eval").body
        _check(tree)
    except RuleError:
        raise
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:  # the last two: nested too deep
        raise RuleError(text) from error
    return tree


def _check(node: ast.expr) -> None:
    match node:
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts):
            pass
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=part):
            parts = [part]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
            parts = [left, right]
        case ast.Compare(left=left, ops=ops, comparators=rest):
            if not all(type(op) in _COMPARE or isinstance(op, ast.In | ast.NotIn) for op in ops):
                raise RuleError(ast.unparse(node))
            parts = [left, *rest]
        case ast.Constant(value=str() | int() | float() | bool()) | ast.Name():
            parts = []
        case ast.Attribute(value=ast.Name()):
            parts = []
        case _:
            raise RuleError(ast.unparse(node))
    for part in parts:
        _check(part)


def _names(node: ast.expr) -> set[str]:
    names = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
            names.add(f"{part.value.id}.{part.attr}")
    dotted = {name.split(".")[0] for name in names}
    plain = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return names | (plain - dotted)


@dataclass(frozen=True, slots=True)
class Logic:
    """How truth works for the values of a rule: single cells or whole columns."""

    truth: Callable[[Any], Any]
    both: Callable[[Any, Any], Any]
    either: Callable[[Any, Any], Any]
    negate: Callable[[Any], Any]
    contains: Callable[[list[Any], Any], Any]
    compare: Callable[[Callable[[Any, Any], Any], Any, Any], Any]
    calculate: Callable[[Callable[[Any, Any], Any], Any, Any], Any]


def _compare_cells(compare: Callable[[Any, Any], Any], left: Any, right: Any) -> bool:
    if left is None or right is None:
        return False
    if isinstance(left, date) and isinstance(right, str):
        right = date.fromisoformat(right)
    elif isinstance(left, str) and isinstance(right, date):
        left = date.fromisoformat(left)
    return bool(compare(left, right))


def _calculate(operation: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    """The result, none where a cell is empty: such a comparison is false."""
    return None if left is None or right is None else operation(left, right)


CELLS = Logic(
    truth=bool,
    both=lambda a, b: a and b,
    either=lambda a, b: a or b,
    negate=operator.not_,
    contains=lambda choices, value: value in choices,
    compare=_compare_cells,
    calculate=_calculate,
)


def evaluate(rule: Rule, column: Callable[[str], Any], logic: Logic = CELLS) -> Any:
    """The truth of `rule`; `column(name)` gives a cell (CELLS) or a whole column (audience)."""
    return logic.truth(_value(rule.tree(), column, logic))


def holds(rule: Rule, cells: Mapping[str, Any]) -> bool:
    """Whether `rule` is true of one row. Raises CampaignError where it compares unlike things."""
    try:
        return bool(evaluate(rule, lambda name: cell(cells, name)))
    except ZeroDivisionError:
        return False  # nothing to compare: one customer without purchases stops nobody else's letter
    except (TypeError, ValueError, ArithmeticError):
        raise CampaignError(
            mark('when = "{rule}" cannot be worked out: give its columns their types in shop.toml [columns]'),
            rule=rule.text,
        ) from None


def cell(cells: Mapping[str, Any], name: str) -> Any:
    """A cell by its name in rules: `points`, `product.photo`."""
    record, _, attribute = name.partition(".")
    value = cells[record]
    return getattr(value, attribute) if attribute else value


def _value(node: ast.expr, column: Callable[[str], Any], logic: Logic) -> Any:
    def inner(part: ast.expr) -> Any:
        return _value(part, column, logic)

    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return column(name)
        case ast.Attribute(value=ast.Name(id=name), attr=attribute):
            return column(f"{name}.{attribute}")
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return [inner(part) for part in parts]
        case ast.BinOp(left=left, op=op, right=right):
            return logic.calculate(_ARITHMETIC[type(op)], inner(left), inner(right))
        case ast.UnaryOp(op=ast.USub(), operand=part):
            return logic.calculate(operator.sub, 0, inner(part))
        case ast.UnaryOp(operand=part):
            return logic.negate(logic.truth(inner(part)))
        case ast.BoolOp(op=op, values=parts):
            join = logic.both if isinstance(op, ast.And) else logic.either
            result = logic.truth(inner(parts[0]))
            for part in parts[1:]:
                result = join(result, logic.truth(inner(part)))
            return result
        case ast.Compare(left=left, ops=ops, comparators=rest):
            return _comparison([inner(part) for part in (left, *rest)], ops, logic)
    raise RuleError(ast.unparse(node))


def _comparison(values: list[Any], ops: list[ast.cmpop], logic: Logic) -> Any:
    result: Any = None
    for left, op, right in zip(values, ops, values[1:], strict=False):
        if isinstance(op, ast.In | ast.NotIn):
            if not isinstance(right, list):
                raise RuleError("in")
            step = logic.contains(right, left)
            step = logic.negate(step) if isinstance(op, ast.NotIn) else step
        else:
            step = logic.compare(_COMPARE[type(op)], left, right)
        result = step if result is None else logic.both(result, step)
    return result
