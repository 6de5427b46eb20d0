"""One HTML page from a template: what comes from campaigns is escaped, and nothing is fetched from anybody.

Style and script stand in the page itself, and its Content-Security-Policy lets nothing else run: each is named by its
sha256 (W3C CSP Level 3, 6.7.2). Scripts are files, never templates: what they need to know stands in
`data-` attributes.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_TEMPLATES = Path(__file__).with_name("templates")
_STYLE = "base.css"
# `form-action` and `base-uri` do not fall back to default-src; the empty icon is data, so that none is asked for.
_POLICY = {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'", "img-src": "data:"}


@dataclass(frozen=True, slots=True)
class Page:
    """Which template makes a page, and in which language (of its `lang`, and the direction of its quotes).

    `styles` and `scripts` are further files of `templates/`, set into the page in this order. `policy` says what else
    the page may load, by directive of its Content-Security-Policy: {"media-src": "'self'"}.
    """

    template: str
    language: str
    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    policy: Mapping[str, str] = field(default_factory=dict)


def render(page: Page, **values: object) -> bytes:
    """The page as UTF-8. The same values make the same bytes; a name that the template lacks is a fault of ours."""
    style = "".join(_text(name) for name in (_STYLE, *page.styles))
    script = "".join(_text(name) for name in page.scripts)
    shown = (
        _environment()
        .get_template(page.template)
        .render(
            language=page.language,
            policy=_policy(style, script, page.policy),
            style=_inline(style, "style"),
            script=_inline(script, "script"),
            **values,
        )
    )
    return shown.encode()


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(_TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def _text(name: str) -> str:
    return (_TEMPLATES / name).read_text("utf-8")


def _policy(style: str, script: str, further: Mapping[str, str]) -> str:
    """The Content-Security-Policy: our own style and script by their hashes, and what the page asks for besides."""
    own = {"style-src": _hashed(style), "script-src": _hashed(script) if script else ""}
    named = _POLICY | {name: source for name, source in own.items() if source}
    for name, source in further.items():
        named[name] = f"{named[name]} {source}" if named.get(name, "'none'") != "'none'" else source
    return "; ".join(f"{name} {source}" for name, source in named.items())


def _hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _inline(text: str, element: str) -> str:
    """A file of ours as the content of an element, unescaped; it may not hold what would end it."""
    if f"</{element}" in text.lower() or "<!--" in text:
        raise ValueError(element)
    return text
