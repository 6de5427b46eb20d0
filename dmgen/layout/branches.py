"""The places where a layout's words and pages differ from person to person: `{% if %}`, `a if b else c`, `when`."""

from collections.abc import Callable, Iterator
from typing import Any

from jinja2 import TemplateError, nodes

from dmgen.errors import CampaignError
from dmgen.layout.master import Master
from dmgen.layout.piece import PieceValues
from dmgen.layout.words import ENVIRONMENT, Paragraph
from dmgen.model.rule import Rule

Branch = tuple[str, bool]
"""Where a choice stands ("body, line 3" or a rule's text), and which way it went."""


class Branches:
    """Tells which way every choice of a master went for a piece."""

    def __init__(self, master: Master) -> None:
        self._rules = [
            thing.when for page in master.layout.pages for thing in (page, *page.slots) if thing.when is not None
        ]
        self._tests = [test for paragraph in master.merge.paragraphs for test in _tests(paragraph)]

    def taken(self, piece: PieceValues) -> Iterator[Branch]:
        """Every choice with its outcome; one that cannot be worked out for this piece is not reached by it."""
        for rule in self._rules:
            yield from _outcome(rule.text, _of_rule(rule, piece))
        for name, test in self._tests:
            yield from _outcome(name, lambda test=test: test(piece.values))  # type: ignore[misc]


def _outcome(name: str, test: Callable[[], bool]) -> Iterator[Branch]:
    try:
        yield name, test()
    except (CampaignError, TemplateError, TypeError, ValueError, ArithmeticError):
        return


def _of_rule(rule: Rule, piece: PieceValues) -> Callable[[], bool]:
    return lambda: piece.holds(rule)


def _tests(paragraph: Paragraph) -> Iterator[tuple[str, Callable[[dict[str, Any]], bool]]]:
    """The conditions of a paragraph by name, but those inside loops, whose variables nobody else has."""
    tree = ENVIRONMENT.parse(paragraph.source)
    looped = {id(node) for loop in tree.find_all(nodes.For) for node in loop.find_all((nodes.If, nodes.CondExpr))}
    for number, node in enumerate(tree.find_all((nodes.If, nodes.CondExpr)), 1):
        if isinstance(node, nodes.If | nodes.CondExpr) and id(node) not in looped:
            line = paragraph.origin.line + node.lineno - 1
            yield f"{paragraph.origin.key}, {paragraph.origin.file.name}:{line} ({number})", _compiled(node.test)  # type: ignore[arg-type]  # the stubs say Node


def _compiled(test: nodes.Expr) -> Callable[[dict[str, Any]], bool]:
    chosen = nodes.CondExpr(test, nodes.Const("1"), nodes.Const(""), lineno=1)
    tree = nodes.Template([nodes.Output([chosen], lineno=1)], lineno=1)
    tree.set_environment(ENVIRONMENT)
    template = ENVIRONMENT.from_string(tree)
    return lambda values: bool(template.render(values))
