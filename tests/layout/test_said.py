"""What words say whoever reads them: fixed text with its lines, names that are shown, the longest length."""

import pytest

from dmgen.layout import said

V = "_"


def text(source: str, **known: str) -> str:
    return said(source, V, {name.replace("__", "."): words for name, words in known.items()}).text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("あ　い う\nえ", "あいうえ"),
        ("{{ name }} 様", "_様"),
        ("{# 会員 #}a", "a"),
        ("{% if rank == '会員' %}a{% else %}b{% endif %}", "\na\nb\n"),
        ("{{ '会員' if rank else 'お客様' }}", "_\n会員\n\nお客様\n"),
        ("{% raw %}{{ x }}{% endraw %}", "{{x}}"),
    ],
)
def test_fixed_text(source, expected):
    assert text(source) == expected


def test_words_of_the_shop_are_as_good_as_written():
    assert text("{{ shop.greeting }}、{{ shop.greeting | upper }}", shop__greeting="会員様") == "会員様、会員様"


def test_lines_are_those_of_the_characters():
    words = said("あ\nえ\n{% if x %}\nい{{ y }}\n{% endif %}\nう", V, {})
    at = {sign: line for sign, line in zip(words.text, words.lines, strict=True) if sign != "\n"}
    assert at == {"あ": 1, "え": 2, "い": 4, "_": 4, "う": 6}


def test_names_are_those_shown_with_their_lines():
    """What only a condition asks for is not shown, nor is a loop's own variable."""
    source = (
        "{{ a }}\n{% if b %}{{ p.q | upper }}{% endif %}\n{% for t in c %}{{ t }}{% endfor %}{{ d['e'] if f else g }}"
    )
    assert said(source, V, {}).names == (("a", 1), ("p.q", 2), ("c", 3), ("d.e", 3), ("g", 3))


def test_the_longest_branch_counts():
    assert said("あ{% if x %}いう{% elif y %}えおか{% else %}き{% endif %}\n　く", V, {}).length == 5
