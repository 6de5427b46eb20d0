"""Layouts of letters for parcels that nobody could match to them are pointed out, with the lines to write."""

import json
import tomllib

import pytest

from tests.jobs import Desk

BASE = "layouts/parcel-insert/base.toml"
MATCH = 'match   = { kind = "datamatrix", words = "piece", box = [122.2, 7, 13, 13] }'


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk.at(tmp_path)


def remarks(desk: Desk) -> list[str]:
    result = desk.invoke("check", "layouts/parcel-insert", "--json", "--lang", "en")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["remarks"]


def test_the_sample_has_nothing_to_point_out(desk):
    assert remarks(desk) == []


def test_a_layout_without_a_symbol_of_the_piece(desk):
    """Each of the three sheets; the lines that are proposed mend it."""
    desk.edit(BASE, MATCH, "")
    said = remarks(desk)
    assert len(said) == 3
    assert "welcome.toml" in said[0]
    slot = said[0].split("match = ")[1].split(" }")[0] + " }"
    assert tomllib.loads(f"match = {slot}")["match"]["box"] == [128, 7, 13, 13]
    desk.edit(BASE, "# match = ", f"match = {slot}\n# match = ")
    assert remarks(desk) == []


def test_a_symbol_that_holds_something_else_is_no_mark(desk):
    desk.edit(BASE, 'piece   = "{{ piece_id }}"', 'piece   = "{{ piece_id }}-{{ sequence }}"')
    assert len(remarks(desk)) == 3


def test_bars_for_scanners_that_read_nothing_else(desk):
    """The other line of the sample, as its comment says."""
    desk.edit(BASE, MATCH, "")
    desk.edit(BASE, "# match = ", "match = ")
    for box in ("[80, 8, 39, 6.5]", "[80, 15.2, 39, 4]"):
        desk.edit(BASE, box, box.replace("[80, ", "[44, "))
    assert remarks(desk) == []


def test_a_layout_without_a_key_for_people(desk):
    desk.edit(BASE, 'key     = "{{ parcel.key }}"', 'key     = "{% if parcel.key %}x{% endif %}"')
    said = remarks(desk)
    assert len(said) == 3
    assert 'key = "{{ parcel.key }}"' in said[0]


@pytest.mark.parametrize(
    ("box", "count"), [("[130, 5, 13, 13]", 0), ("[130.5, 7, 13, 13]", 3), ("[122, 4.9, 13, 13]", 3)]
)
def test_a_symbol_keeps_five_millimetres_from_the_edge(desk, box, count):
    desk.edit(BASE, "[122.2, 7, 13, 13]", box)
    said = remarks(desk)
    assert len(said) == count
    assert all("match" in one and "5 mm" in one for one in said)


def test_a_symbol_on_a_fold_is_refused(desk):
    """As every code is, when the layout loads."""
    desk.edit(BASE, "bleed = 3", "bleed = 3\nfolds = [10]")
    result = desk.invoke("check", "layouts/parcel-insert", "--lang", "en")
    assert (result.exit_code, "there is one at 10 mm" in result.stderr) == (1, True)
