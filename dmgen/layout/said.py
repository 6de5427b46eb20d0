"""What an entry of [words] says, whoever reads it: its fixed text, the names whose values it shows, how long it is."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from jinja2 import nodes

from dmgen.layout.shown import names_shown
from dmgen.layout.words import ENVIRONMENT

_APART = "\n"  # between what stands in different branches


class Said(NamedTuple):
    """Fixed text without blanks, the line (from 1) of each of its characters, and the names with theirs.

    `length` is that of the longest text that its conditions can leave.
    """

    text: str
    lines: tuple[int, ...]
    names: tuple[tuple[str, int], ...]
    length: int


def said(source: str, value: str, known: Mapping[str, str]) -> Said:
    """What a template says; `value` stands for each value in the text, but for those `known`, whose words stand there.

    Texts in quotes within a value (`"…" if … else "…"`) are part of it. Raises TemplateSyntaxError.
    """
    signs = [
        (sign, line)
        for line, text in _texts(source, value, known)
        for sign in text
        if sign == _APART or not sign.isspace()
    ]
    tree = ENVIRONMENT.parse(source)
    return Said("".join(sign for sign, _ in signs), tuple(line for _, line in signs), names_shown(tree), _length(tree))


def _texts(source: str, value: str, known: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """(line, text) of each stretch of fixed text."""
    inside, names = False, ""
    texts: list[str] = []
    for line, kind, token in ENVIRONMENT.lex(source):
        if kind == "variable_begin":
            inside, names, texts = True, "", []
        elif kind == "variable_end":
            inside = False
            yield line, known.get(names.partition("|")[0], value)
            yield from ((line, _APART + text + _APART) for text in texts)
        elif inside and kind == "string":
            texts.append(token[1:-1])
        elif inside and kind != "whitespace":
            names += token
        elif kind == "data":
            for number, text in enumerate(token.split("\n")):
                yield line + number, text
        elif kind == "block_begin":
            yield line, _APART


def _length(node: nodes.Node) -> int:
    match node:
        case nodes.TemplateData(data=data):
            return len("".join(data.split()))
        case nodes.If(body=body, elif_=others, else_=last):
            return max(sum(map(_length, body)), sum(map(_length, last)), *map(_length, others), 0)
        case _:
            return sum(map(_length, node.iter_child_nodes()))
