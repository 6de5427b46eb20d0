"""A sample changed by its keys says what it said before, and what was changed; or tests would run another campaign."""

import tomllib
from datetime import date, datetime, time
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.jobs import ROOT
from tests.tables import patched

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
_PLAIN = st.one_of(
    _TEXTS, st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), st.dates(), st.datetimes(),
    st.times(),
)  # fmt: skip
_VALUES: st.SearchStrategy[Any] = st.recursive(
    _PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3), max_leaves=9
)
_TABLES = st.dictionaries(_TEXTS, _VALUES, max_size=4)


@given(_TABLES, _TABLES)
def test_a_file_says_what_was_set(old: dict[str, Any], new: dict[str, Any]) -> None:
    source = patched(patched("", old), new)
    said = tomllib.loads(source)
    assert said.keys() == old.keys() | new.keys()
    for key in old.keys() - new.keys():
        assert (said[key], type(said[key])) == (old[key], type(old[key]))
    for key, value in new.items():
        if not isinstance(value, dict):
            assert (said[key], type(said[key])) == (value, type(value))
    assert patched(source, new) == source


def test_every_sample_stays_what_it_is() -> None:
    for path in sorted((ROOT / "layouts").rglob("*.toml")):
        source = path.read_text("utf-8")
        assert tomllib.loads(patched(source, {})) == tomllib.loads(source), path


def test_tables_are_merged_and_keys_taken_out() -> None:
    source = 'id = "a"\n[mail]\nenvelope = "naga3"\nslack = 3\n[print]\npaper = { name = "p", ream = 90 }\nbatch = 2\n'
    tables = {"mail": None, "print": {"batch": 5, "paper": {"ream": None, "gsm": 81.5}}, "day": date(2026, 4, 1)}
    expected = {"id": "a", "print": {"paper": {"name": "p", "gsm": 81.5}, "batch": 5}, "day": date(2026, 4, 1)}
    assert tomllib.loads(patched(source, tables)) == expected


def test_days_and_times_keep_their_kinds() -> None:
    kinds = {"a": date(2026, 4, 1), "b": datetime(2026, 4, 1, 9, 30), "c": time(9, 30), "d": True, "e": 1, "f": 1.0}  # noqa: DTZ001
    assert [type(value) for value in tomllib.loads(patched("", kinds)).values()] == list(map(type, kinds.values()))
