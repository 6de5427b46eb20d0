"""What the words of a layout show of a piece, and what they show without asking whether there is anything to show."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from jinja2 import meta, nodes

from dmgen.layout.words import ENVIRONMENT, Origin, split_paragraphs
from dmgen.model.layout import Layout, Page, Slot

_Asked = frozenset[str]


class Shown(NamedTuple):
    """A name that an entry of [words] shows within other text; `asked` are the names that conditions around it name."""

    name: str
    words: str
    asked: frozenset[str]
    alone: bool  # nothing else stands in its paragraph, so that nothing is missed where it is empty


def shown_names(layout: Layout, wanted: Collection[str]) -> list[Shown]:
    """Where the slots of a layout show these names; that of a record stands for all its columns.

    Raises CampaignError for words that do not parse.
    """
    found = [shown for page in layout.pages for slot in page.slots for shown in _of_slot(layout, page, slot)]
    return [shown for shown in dict.fromkeys(found) if {shown.name, shown.name.partition(".")[0]} & set(wanted)]


def _of_slot(layout: Layout, page: Page, slot: Slot) -> Iterator[Shown]:
    asked = frozenset[str]().union(*(rule.names for rule in (page.when, slot.when) if rule))
    key = getattr(slot, "words", None)
    if not key:
        return
    file, line = layout.origins.get(key, (layout.file, 1))
    for paragraph in split_paragraphs(layout.words[key], Origin(file, key, line)):
        alone = not "".join(paragraph.literals).strip()
        for name, _, around in _names(ENVIRONMENT.parse(paragraph.source), asked):
            yield Shown(name, key, around, alone)


def names_shown(tree: nodes.Template) -> tuple[tuple[str, int], ...]:
    """The names whose values a template shows, `product.photo` for parts of a record, each with its line (from 1).

    Names of conditions and of loops are not among them.
    """
    given = meta.find_undeclared_variables(tree)
    found = ((name, line) for name, line, _ in _names(tree, frozenset()) if name.partition(".")[0] in given)
    return tuple(dict.fromkeys(found))


def _names(node: nodes.Node, asked: _Asked) -> Iterator[tuple[str, int, _Asked]]:
    """The names below a node with the names that the conditions around each ask for; not those of conditions."""
    match node:
        case nodes.Name(name=name):
            yield name, node.lineno, asked
        case nodes.Getattr(node=nodes.Name(name=record), attr=str(column)):
            yield f"{record}.{column}", node.lineno, asked
        case nodes.Getitem(node=nodes.Name(name=record), arg=nodes.Const(value=str(column))):
            yield f"{record}.{column}", node.lineno, asked
        case nodes.If(test=test, body=body, elif_=elifs, else_=others):
            for part in (*body, *elifs, *others):
                yield from _names(part, asked | _asked(test))
        case nodes.CondExpr(test=test, expr1=one, expr2=other):
            for part in filter(None, (one, other)):
                yield from _names(part, asked | _asked(test))
        case _:
            for part in node.iter_child_nodes():
                yield from _names(part, asked)


def _asked(test: nodes.Node) -> _Asked:
    own = {test.name} if isinstance(test, nodes.Name) else set()
    return frozenset(own | {name.name for name in test.find_all(nodes.Name)})
