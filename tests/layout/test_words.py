"""Words become paragraphs; a customer's value is text in them and nothing else."""

import pickle
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.errors import CampaignError
from dmgen.layout.words import Merge, Origin, Paragraph, check_names, render, split_paragraphs
from dmgen.model.production import Record

FILE = Path("letter.toml")
HOSTILE = (
    "{{ 7*7 }}",
    "{% raw %}",
    "{# note #}",
    "${points} $name",
    "%s %(name)s %d",
    "{name} {0}",
    "<b>太字</b> &amp;",
    "\\n \\(x\\) \\",
    ")) Tj ET (",
    "=HYPERLINK(1)",
    "a\x1fb",
    "\x1f",
    "'; DROP TABLE customers; --",
)


def _split(source: str) -> list[Paragraph]:
    return split_paragraphs(source, Origin(FILE, "body", 10))


def _sources(source: str) -> list[tuple[int, str]]:
    return [(paragraph.origin.line, paragraph.source) for paragraph in _split(source)]


@pytest.mark.parametrize(
    ("source", "paragraphs"),
    [
        ("", [(10, "")]),
        ("　一\n　二\n", [(10, "　一"), (11, "　二")]),
        ("一\n\n二", [(10, "一"), (11, ""), (12, "二")]),
        (
            "一\n{% if a %}\n　二\n　三\n{% endif %}\n四",
            [(10, "一"), (11, "{% if a %}\n　二\n　三\n{% endif %}"), (15, "四")],
        ),
        (
            "{% if a %}\n{% if b %}\n一\n{% endif %}\n{% else %}\n二\n{% endif %}\n三",
            [(10, "{% if a %}\n{% if b %}\n一\n{% endif %}\n{% else %}\n二\n{% endif %}"), (17, "三")],
        ),
        ("{% for x in a %}\n{{ x }}\n{% endfor %}\n二", [(10, "{% for x in a %}\n{{ x }}\n{% endfor %}"), (13, "二")]),
        ("{# ひと\nこと #}一\n二", [(10, "{# ひと\nこと #}一"), (12, "二")]),
        ("{% raw %}\n{{ x }}\n{% endraw %}\n二", [(10, "{% raw %}\n{{ x }}\n{% endraw %}"), (13, "二")]),
        ("{{ a }}\n{{ b }}", [(10, "{{ a }}"), (11, "{{ b }}")]),
        ("{{ 'a\nb' }}\n二", [(10, "{{ 'a\nb' }}"), (12, "二")]),
        ("{% if a %}一{% endif %}\n二", [(10, "{% if a %}一{% endif %}"), (11, "二")]),
        ("　{% if a %}一{% endif %}", [(10, "　{% if a %}一{% endif %}")]),
        ("{% if a %}\n一\n  {% endif %}", [(10, "{% if a %}\n一\n{% endif %}")]),
    ],
)
def test_paragraphs_end_at_newlines_outside_of_blocks(source: str, paragraphs: list[tuple[int, str]]) -> None:
    assert _sources(source) == paragraphs


def test_the_indent_of_a_paragraph_stays_whatever_it_begins_with() -> None:
    """Jinja's lstrip_blocks takes the ideographic space before a tag for layout of the template."""
    [paragraph] = _split("　{% if a %}春{% endif %}です")
    assert render(paragraph, {"a": 1}) == "　春です"
    assert Merge([paragraph, paragraph]).parts({"a": 0}) == ["　です", "　です"]


@pytest.mark.parametrize(
    ("source", "line", "problem"),
    [
        ("一\n二\n{{ name | }}", 12, "expected token 'name'"),
        ("一\n{% if a %}\n二", 12, "needs to be closed is 'if'"),  # where the words end
        ("一\n{{ name | yenn }}", 11, "No filter named 'yenn'"),
        ("一\n{{ name", 11, "end of template"),
        ("一\n\n{% endif %}", 12, "unknown tag 'endif'"),
        ("{% if a %}\n二\n{{ }}\n{% endif %}", 12, "Expected an expression"),
        *(
            (f"一\n{tag}", 11, "cannot be used in letters")
            for tag in (
                "{% set name = 'x' %}",
                "{% block a %}x{% endblock %}",
                "{% extends 'x' %}",
                "{% include 'x' %}",
                "{% import 'x' as y %}",
                "{% macro m() %}x{% endmacro %}",
            )
        ),
    ],
)
def test_what_does_not_parse_is_refused_with_its_line(source: str, line: int, problem: str) -> None:
    with pytest.raises(CampaignError) as caught:
        _split(source)
    assert f"letter.toml, line {line}: [words] body: " in str(caught.value)
    assert problem in str(caught.value)


def test_an_unknown_name_is_told_with_its_line_and_what_was_meant() -> None:
    known = frozenset({"name", "points", "shop", "shop.sender"})
    [_, paragraph] = _split("一\n{{ pionts }}")
    with pytest.raises(CampaignError) as caught:
        check_names(paragraph, known)
    message = str(caught.value)
    assert "letter.toml, line 11: [words] body: there is no pionts" in message
    assert "points" in message.split("There is:", maxsplit=1)[0]
    assert message.endswith("name, points, shop, shop.sender")


@pytest.mark.parametrize(
    "source", ["{{ shop.sendr }}", "{{ shop['sendr'] }}", "{% if shop.sendr %}x{% endif %}", "{{ name.upper() }}"]
)
def test_an_unknown_part_of_a_record_is_an_error_not_an_empty_place(source: str) -> None:
    with pytest.raises(CampaignError, match="there is no"):
        check_names(_split(source)[0], frozenset({"name", "shop", "shop.sender"}))


def test_columns_of_a_lookup_that_nobody_gave_are_empty() -> None:
    [paragraph] = _split("{{ product.usage }}")
    check_names(paragraph, frozenset({"product", "product.*"}))
    assert render(paragraph, {"product": Record({})}) == ""


def test_a_character_of_a_value_is_no_part_of_a_record() -> None:
    [paragraph] = _split("{{ name[0] }}さん")
    check_names(paragraph, frozenset({"name"}))
    assert render(paragraph, {"name": "花子"}) == "花さん"


def test_none_prints_nothing_and_zero_prints_zero() -> None:
    [paragraph] = _split("[{{ a }}{{ b }}]")
    assert render(paragraph, {"a": None, "b": 0}) == "[0]"


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ name.__init__.__globals__ }}",
        "{{ shop.__class__ }}",
        "{{ name | attr('__class__') }}",
        "{{ '{0.__class__}'.format(name) }}",
        "{{ ().__class__.__bases__[0] }}",
        "{{ self.__init__ }}",
        "{{ cycler.__init__ }}",
        "{{ items.append('x') }}",
    ],
)
def test_templates_run_in_a_sandbox(attack: str) -> None:
    with pytest.raises(CampaignError, match="line 10"):
        render(_split(attack)[0], {"name": "山田", "shop": Record({"id": "x"}), "items": ["a"]})


def test_a_filter_that_gets_another_type_says_where_and_what_to_write() -> None:
    [_, paragraph] = _split("一\n{{ points | yen }}")
    with pytest.raises(CampaignError, match=r"line 11: \[words\] body: a filter needs a number; .*shop\.toml"):
        Merge([paragraph]).parts({"points": "たくさん"})


@pytest.mark.parametrize("source", ["{{ 1 / points }}", "{{ points + 'a' }}", "{{ product.a.b }}"])
def test_words_that_cannot_be_filled_in_name_their_place_and_no_data(source: str) -> None:
    [paragraph] = _split(source)
    with pytest.raises(CampaignError) as caught:
        Merge([paragraph]).parts({"points": 0, "product": Record({}), "name": "山田花子"})
    assert "letter.toml, line 10: [words] body" in str(caught.value)
    assert "山田" not in str(caught.value)


@pytest.mark.parametrize("value", HOSTILE)
def test_a_customers_value_is_text(value: str) -> None:
    paragraphs = [
        p for source in ("{{ name }}様", "{% if name %}\n{{ name }}\n{% endif %}", "終") for p in _split(source)
    ]
    cleaned = value.replace("\x1f", "")
    assert Merge(paragraphs).parts({"name": value}) == [f"{cleaned}様", f"{cleaned}\n", "終"]


@given(values=st.lists(st.text(max_size=20), min_size=3, max_size=3))
@settings(max_examples=300, deadline=None)
def test_a_merge_has_one_part_a_paragraph_whatever_the_values_are(values: list[str]) -> None:
    sources = ["{{ a }}", "{% if b %}x{{ b }}{% endif %}", "", "　{{ c }}。"]
    paragraphs = [paragraph for source in sources for paragraph in _split(source)]
    a, b, c = values
    expected = [a, f"x{b}" if b else "", "", f"　{c}。"]
    merged = Merge(paragraphs).parts({"a": a, "b": b, "c": c})
    assert merged == [part.replace("\x1f", "") if "\x1f" in a + b + c else part for part in expected]


@pytest.mark.parametrize(
    "sources",
    [
        ["{%- if a %} x {%- endif %}", "  {{- a }}", "{{ a -}}  "],
        ["{% if a %}\nx\n{% endif %}", "{% if a %}y{% endif %}", "{# - #}"],
        ["　{% if not a %}x{% endif %}", "{% for i in (1, 2) %}{{ i }}{% endfor %}"],
    ],
)
def test_merging_at_once_gives_what_each_paragraph_gives_alone(sources: list[str]) -> None:
    paragraphs = [paragraph for source in sources for paragraph in _split(source)]
    assert Merge(paragraphs).parts({"a": 1}) == [render(paragraph, {"a": 1}) for paragraph in paragraphs]


def test_a_merge_travels_to_workers() -> None:
    merge = Merge(_split("{{ day | jdate }}に{{ name }}"))
    again = pickle.loads(pickle.dumps(merge))
    assert again.names == merge.names == {"day", "name"}
    assert again.parts({"day": date(2026, 4, 5), "name": "春"}) == ["2026年4月5日に春"]
