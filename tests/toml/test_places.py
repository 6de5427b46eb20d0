"""The places of keys: the scanner finds every key that tomllib finds, with the same value there."""

import json
import tomllib

from hypothesis import given
from hypothesis import strategies as st

from dmgen.toml import TomlFile, places
from tests.campaign.conftest import BASE, CAMPAIGN, SHOP

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
STRINGS = st.one_of(
    TEXT.map(lambda text: json.dumps(text, ensure_ascii=False)),
    TEXT.filter(lambda text: "'" not in text).map(lambda text: f"'{text}'"),
    TEXT.map(lambda text: '"""\n' + text.replace("\\", "\\\\").replace('"', '\\"') + '\n[x]\na = "1"\n""""'),
    TEXT.filter(lambda text: "'" not in text).map(lambda text: f"'''\n# {text}'''''"),
)
ATOMS = st.one_of(STRINGS, st.integers(-99, 99).map(str), st.sampled_from(["true", "2026-04-10 10:00:00", "inf"]))
GAPS = st.sampled_from(["", " ", "\n", "\r\n", "  # note ] } = [\n"])
NAMES = st.one_of(st.sampled_from(["a", "b-c", "0", '"x y"', "'q.r'"]))


def _list(parts: list[tuple[str, str, str]]) -> str:
    return "[" + ",".join(before + value + after for before, value, after in parts) + "]"


def _inline(parts: dict[str, str]) -> str:
    return "{ " + ", ".join(f"{name} = {value}" for name, value in parts.items()) + " }"


VALUES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(st.tuples(GAPS, inner, GAPS), max_size=3).map(_list),
        st.dictionaries(NAMES, inner, max_size=3).map(_inline),
    ),
    max_leaves=6,
)
PAIRS = st.dictionaries(NAMES, VALUES, max_size=4).map(
    lambda pairs: "".join(f"{name} = {value}  # note = [\n" for name, value in pairs.items())
)
HEADERS = ["[t]", "[t.u]", '["x y z"]', "[[rows]]", "[[rows]]", "[rows.sub]", "[[rows.more]]", "[[rows]]"]


def _paths(data, keys=()):
    yield keys, data
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield from _paths(value, (*keys, key))


def _check(source: str) -> None:
    data, found = tomllib.loads(source), places(source)
    for keys, value in _paths(data):
        assert keys in found, keys
        if not isinstance(value, dict | list):
            rest = source[found[keys] :]
            ends = (rest[:end] for end in range(1, len(rest) + 1))
            assert any(_reads_as(end, value) for end in ends), (keys, rest)


def _reads_as(text: str, value: object) -> bool:
    try:
        return repr(tomllib.loads(f"x = {text}")["x"]) == repr(value)
    except tomllib.TOMLDecodeError:
        return False


@given(st.lists(PAIRS, min_size=len(HEADERS) + 1, max_size=len(HEADERS) + 1))
def test_every_key_of_any_document_is_found_with_its_value(bodies):
    _check("".join(f"{head}\n{body}" for head, body in zip(["", *HEADERS], bodies, strict=True)))


def test_every_key_of_the_reference_is_found():
    for source in (SHOP, CAMPAIGN, BASE, "a.b = 1\na.'c d' = [1,2]\n\n", "", "# only a note"):
        _check(source)


def test_lines_of_list_entries_and_of_keys_that_are_missing(tmp_path):
    file = TomlFile(tmp_path, CAMPAIGN, tomllib.loads(CAMPAIGN))
    assert 'id = "first"' in CAMPAIGN.split("\n")[file.line(("audience", "segments", 1, "label")) - 1]
    assert file.line(("audience", "segments", 1, "layot", "x")) == file.line(("audience", "segments", 1))
    assert file.line(("nothing",)) == 1


def test_a_text_begins_after_the_line_break_that_opens_it(tmp_path):
    source = "[words]\na = 'x'\nb = '''\nx'''\nc = \"\"\"x\ny\"\"\"\n"
    file = TomlFile(tmp_path, source, tomllib.loads(source))
    assert [file.text_line(("words", key)) for key in "abc"] == [2, 4, 5]
