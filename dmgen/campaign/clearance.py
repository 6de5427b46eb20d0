"""Codes are printed black on white: nothing else may stand on their boxes, which include their quiet zones."""

import ast
from collections.abc import Sequence

from dmgen.campaign.problems import RefusalError
from dmgen.messages import mark
from dmgen.model.layout import AnySlot, ArSlot, Box, JapanPostSlot, PanelSlot, PathSlot, QrSlot, SymbolSlot

_WHITE = (0.0, 0.0, 0.0, 0.0)
_ROUNDING = 1e-6  # mm


def check_clearance(slots: Sequence[AnySlot], at: int) -> None:
    """Raise RefusalError if `slots[at]` is a code and another slot of the page would show in its box."""
    code = slots[at]
    if not isinstance(code, QrSlot | SymbolSlot | JapanPostSlot | ArSlot):
        return
    for place, other in enumerate(slots):
        if other is code or not code.box.meets(other.box) or _never_together(code, other):
            continue
        if not isinstance(other, PanelSlot | PathSlot):
            message = mark("{other} stands on it; a code and its quiet zone need their box for themselves")
            raise RefusalError(message, other=other.name)
        if other.fill not in (None, _WHITE) or (other.stroke and not _surrounds(other, code.box)):
            message = mark("{other} shows under it; codes are printed on white, with nothing in their quiet zone")
            raise RefusalError(message, other=other.name)
        if other.fill and (place > at or (other.when and not code.when)):
            message = mark("{other} would cover it; a white panel stands before the code, without when")
            raise RefusalError(message, other=other.name)


def _surrounds(frame: PanelSlot | PathSlot, box: Box) -> bool:
    """Whether a panel's outline runs outside of a box."""
    if isinstance(frame, PathSlot):
        return False
    inside, edge = frame.line / 2 + frame.radius * 0.3 - _ROUNDING, frame.box  # a round corner cuts 0.29 of its radius
    return (
        edge.left + inside <= box.left
        and edge.top + inside <= box.top
        and box.left + box.width <= edge.left + edge.width - inside
        and box.top + box.height <= edge.top + edge.height - inside
    )


def _never_together(one: AnySlot, two: AnySlot) -> bool:
    """Whether one slot's rule is `not` the other's."""
    if not one.when or not two.when:
        return False
    first, second = one.when.tree(), two.when.tree()
    return _denies(first, second) or _denies(second, first)


def _denies(rule: ast.expr, other: ast.expr) -> bool:
    denied = rule.operand if isinstance(rule, ast.UnaryOp) and isinstance(rule.op, ast.Not) else None
    return denied is not None and ast.dump(denied) == ast.dump(other)
