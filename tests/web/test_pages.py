"""Pages from templates: what comes from campaigns is escaped, and the policy names exactly our own style and script."""

import base64
import hashlib
from html.parser import HTMLParser

import pytest

from dmgen.web import Page, pages, render


class Parsed(HTMLParser):
    """A page as a browser's tokenizer sees it: attributes of meta by name, text of style and script, all tags."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.text: dict[str, str] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open = ""
        self.feed(page.decode("utf-8"))

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self._open = tag
        self.tags.append((tag, given))
        if tag == "meta" and (name := given.get("http-equiv") or given.get("name")):
            self.meta[name] = given["content"]

    def handle_endtag(self, tag):
        self._open = ""

    def handle_data(self, data):
        self.text[self._open] = self.text.get(self._open, "") + data


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.fixture
def templates(tmp_path, monkeypatch):
    """A folder of templates with the shipped base."""
    for name in ("base.html", "base.css"):
        (tmp_path / name).write_text((pages._TEMPLATES / name).read_text("utf-8"), "utf-8")
    body = '{% extends "base.html" %}{% block title %}{{ word }}{% endblock %}'
    (tmp_path / "page.html").write_text(body + '{% block main %}<p data-word="{{ word }}">{{ word }}</p>{% endblock %}')
    (tmp_path / "page.js").write_text('"use strict";\n// a < b && "c"\n')
    monkeypatch.setattr(pages, "_TEMPLATES", tmp_path)
    for cached in (pages._environment, pages._text):
        cached.cache_clear()
    yield tmp_path
    for cached in (pages._environment, pages._text):
        cached.cache_clear()


def test_values_are_escaped(templates):
    """A label that is markup is shown as text, in content and in attributes."""
    word = "<script>alert(1)</script>\"'&{{ 7 * 7 }}"
    page = render(Page("page.html", "ja"), word=word, sender="<b>")
    parsed = Parsed(page)
    assert [tag for tag, _ in parsed.tags].count("script") == 0
    assert ("p", {"data-word": word}) in parsed.tags
    assert parsed.text["p"] == parsed.text["title"] == word
    assert parsed.text["header"].strip() == "<b>"


def test_the_policy_lets_nothing_run_but_what_stands_in_the_page(templates):
    parsed = Parsed(render(Page("page.html", "en", scripts=("page.js",)), word="x", sender="y"))
    rules = dict(rule.split(" ", 1) for rule in parsed.meta["Content-Security-Policy"].split("; "))
    assert rules == {
        "default-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "img-src": "data:",
        "style-src": hashed(parsed.text["style"]),
        "script-src": hashed(parsed.text["script"]),
    }
    assert parsed.meta["robots"] == "noindex, nofollow"
    assert parsed.meta["referrer"] == "no-referrer"
    assert dict(parsed.tags)["html"] == {"lang": "en"}


def test_a_page_may_ask_for_more(templates):
    page = Page(
        "page.html",
        "ja",
        scripts=("page.js",),
        policy={"media-src": "'self'", "script-src": "'self'", "img-src": "'self'"},
    )
    parsed = Parsed(render(page, word="x", sender="y"))
    rules = dict(rule.split(" ", 1) for rule in parsed.meta["Content-Security-Policy"].split("; "))
    assert (rules["media-src"], rules["img-src"]) == ("'self'", "data: 'self'")
    assert rules["script-src"] == f"{hashed(parsed.text['script'])} 'self'"


@pytest.mark.parametrize("text", ["x</script >", "</SCRIPT", "<!-- x"])
def test_a_script_cannot_end_its_own_element(templates, text):
    (templates / "page.js").write_text(text)
    with pytest.raises(ValueError, match="script"):
        render(Page("page.html", "ja", scripts=("page.js",)), word="x", sender="y")
