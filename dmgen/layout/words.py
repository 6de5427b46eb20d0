"""Words as templates: split into paragraphs, checked by name, and merged for a piece in one render."""

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedEnvironment

from dmgen.errors import CampaignError
from dmgen.fonts import Chain, MissingGlyphError
from dmgen.layout.filters import FILTERS, FilterError
from dmgen.messages import mark

SEPARATOR = "\x1f"  # cleaning takes it out of every cell
_OPENING = {"if", "for", "filter", "with"}
# Whatever reaches beyond its paragraph (set, block, macro …) would mean another thing where all are merged at once.
_TAGS = _OPENING | {"elif", "else"} | {f"end{tag}" for tag in _OPENING}
_ENCODED = {"variable_begin": "{}(", "variable_end": ")|in_address{}"}
_SEEN = 4096  # sources: every segment of a layout, its proof and its specimens read the same words again
_TAG_INDENT = re.compile(r"^[ \t]+(?=\{[%#])", re.MULTILINE)  # Jinja's own lstrip_blocks takes 　 away, too


def _printable(value: Any) -> Any:
    return "" if value is None else value


def _environment() -> SandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        keep_trailing_newline=True,
        finalize=_printable,
    )
    environment.filters.update(FILTERS)
    environment.globals.clear()
    return environment


ENVIRONMENT = _environment()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a paragraph stands: file, key of [words], line in the file."""

    file: Path
    key: str
    line: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the source, or a `{% if %}` … `{% endif %}` that may render to several or none."""

    source: str
    origin: Origin
    names: frozenset[str]

    @property
    def is_template(self) -> bool:
        """Whether the source holds anything but plain text."""
        return "{" in self.source and any(mark_ in self.source for mark_ in ("{{", "{%", "{#"))

    @property
    def literals(self) -> list[str]:
        """The plain text between the values, line by line."""
        tokens = ENVIRONMENT.lex(self.source)
        return [line for _, kind, text in tokens if kind == "data" for line in text.split("\n")]


def split_paragraphs(source: str, origin: Origin) -> list[Paragraph]:
    """The paragraphs of one entry of [words]. Raises CampaignError for a template that does not parse."""
    try:
        chunks = _chunks(_TAG_INDENT.sub("", source.rstrip("\n")))
    except TemplateSyntaxError as error:
        raise _syntax_error(error, origin) from None
    return [_paragraph(chunk, replace(origin, line=origin.line + line)) for line, chunk in chunks]


def _paragraph(source: str, origin: Origin) -> Paragraph:
    try:
        return Paragraph(source, origin, _names(source))
    except TemplateSyntaxError as error:
        raise _syntax_error(error, origin) from None


def _syntax_error(error: TemplateSyntaxError, origin: Origin) -> CampaignError:
    return CampaignError(
        mark("{file}, line {line}: [words] {key}: {problem}. Values are written {{{{ name }}}}"),
        file=origin.file,
        line=origin.line + error.lineno - 1,
        key=origin.key,
        problem=str(error.message).rstrip("."),
    )


@lru_cache(_SEEN)
def _chunks(source: str) -> tuple[tuple[int, str], ...]:
    """(line offset, text) of each stretch that ends at a newline outside of blocks."""
    return tuple(_stretches(source))


def _stretches(source: str) -> Iterator[tuple[int, str]]:
    text, depth, line, start = "", 0, 0, 0
    opened = False
    for number, kind, value in ENVIRONMENT.lex(source):
        if kind == "block_begin":
            opened = True
        elif opened and kind == "name":
            if value not in _TAGS:
                raise TemplateSyntaxError(f"{{% {value} %}} cannot be used in letters", number)
            depth += 1 if value in _OPENING else -1 if value.startswith("end") else 0
            opened = False
        elif kind in ("raw_begin", "raw_end"):
            depth += 1 if kind == "raw_begin" else -1
        pieces = value.split("\n") if depth == 0 and kind in ("data", "block_end", "raw_end") else [value]
        for piece in pieces[:-1]:
            yield start, text + piece
            line += 1
            text, start = "", line
        text += pieces[-1]
        line += pieces[-1].count("\n")
    if text or not source or source.endswith("\n"):
        yield start, text


def in_address(paragraph: Paragraph) -> Paragraph:
    """The paragraph with every value percent-encoded: a name with & or # must not become a part of the address."""
    parts = []
    for _, kind, value in ENVIRONMENT.lex(paragraph.source):
        parts.append(_ENCODED[kind].format(value) if kind in _ENCODED else value)
    return replace(paragraph, source="".join(parts))


@lru_cache(_SEEN)
def _names(source: str) -> frozenset[str]:
    """Columns that a template uses: `points`, and `product.photo` for parts of a record."""
    tree = ENVIRONMENT.parse(source)
    found = meta.find_undeclared_variables(tree)
    attributes = ((node.node, node.attr) for node in tree.find_all(nodes.Getattr))
    items = ((node.node, node.arg.value) for node in tree.find_all(nodes.Getitem) if isinstance(node.arg, nodes.Const))
    dotted = {
        f"{record.name}.{part}"
        for record, part in (*attributes, *items)
        if isinstance(record, nodes.Name) and record.name in found and isinstance(part, str)
    }
    return frozenset(found | dotted)


def unknown_names(names: Collection[str], known: frozenset[str]) -> list[str]:
    """The names that do not exist.

    `known` may hold "product.*": a record whose columns nobody knows, all of them empty.
    """
    return sorted(name for name in names if name not in known and name.partition(".")[0] + ".*" not in known)


def check_names(paragraph: Paragraph, known: frozenset[str]) -> None:
    """Raise CampaignError, with what there is, if a paragraph uses a name that does not exist."""
    for name in unknown_names(paragraph.names, known):
        near = difflib.get_close_matches(name, known, 1)
        raise CampaignError(
            mark("{file}, line {line}: [words] {key}: there is no {name}{near}. There is: {known}"),
            file=paragraph.origin.file,
            line=paragraph.origin.line,
            key=paragraph.origin.key,
            name=name,
            near=CampaignError(mark(" (did you mean {near}?)"), near=near[0]) if near else "",
            known=", ".join(sorted(known)),
        )


def check_glyphs(paragraph: Paragraph, lines: Iterable[str], chain: Chain) -> None:
    """Raise CampaignError if the writer's own text has a character that no font of the style has."""
    try:
        for line in lines:
            chain.measure(line)
    except MissingGlyphError as error:
        raise CampaignError(
            mark(
                "{file}, line {line}: [words] {key}: the font {font} has no glyph for {glyph}; "
                "write another character, or give the style another font"
            ),
            font=", ".join(face.key for face in chain.faces),
            glyph=error.code_points,
            **_where(paragraph),
        ) from None


def render(paragraph: Paragraph, values: Mapping[str, Any]) -> str:
    """One paragraph alone. Raises CampaignError naming file and line."""
    try:
        return str(_template(paragraph.source).render(values))
    except FilterError as error:
        problem = mark(
            "{file}, line {line}: [words] {key}: a filter needs {needed}; "
            'give the column its type in shop.toml [columns], e.g. NAME = {{ from = "header", type = "date" }}'
        )
        raise CampaignError(problem, needed=CampaignError(str(error)), **_where(paragraph)) from None
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        raise CampaignError(
            mark(
                "{file}, line {line}: [words] {key}: cannot be filled in ({problem}); "
                "check the filters and the arithmetic there"
            ),
            problem=type(error).__name__,
            **_where(paragraph),
        ) from None


@lru_cache(_SEEN)
def _template(source: str) -> Template:
    return ENVIRONMENT.from_string(source)


def _where(paragraph: Paragraph) -> dict[str, object]:
    origin = paragraph.origin
    return {"file": origin.file, "line": origin.line, "key": origin.key}


class Merge:
    """All variable paragraphs of a layout, filled in for a piece in one render."""

    def __init__(self, paragraphs: list[Paragraph]) -> None:
        self.paragraphs = paragraphs
        joined = SEPARATOR.join(paragraph.source for paragraph in paragraphs)
        self._template = _template(joined)

    def __reduce__(self) -> tuple[type["Merge"], tuple[list[Paragraph]]]:
        return Merge, (self.paragraphs,)

    @property
    def names(self) -> frozenset[str]:
        """Every name that some paragraph uses."""
        return frozenset().union(*(paragraph.names for paragraph in self.paragraphs))

    def parts(self, values: dict[str, Any]) -> list[str]:
        """The text of each paragraph for these values. Raises CampaignError naming file and line."""
        template = self._template
        try:
            text = "".join(template.root_render_func(template.new_context(values, shared=True)))
        except (TemplateError, TypeError, ValueError, ArithmeticError):
            return [render(paragraph, values) for paragraph in self.paragraphs]
        parts = text.split(SEPARATOR)
        if len(parts) != len(self.paragraphs):
            return [render(paragraph, values).replace(SEPARATOR, "") for paragraph in self.paragraphs]
        return parts
