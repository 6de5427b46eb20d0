"""Window envelopes: the address is in the window and nothing else is, however the folded sheet slides."""

import pytest

HEAD = "[page]\nfolds = [99, 198]\nwindow = [20, 15, 90, 45]"


def _at(kind: str, box: str) -> str:
    more = {"address": "", "text": 'words = "hello"', "panel": "fill = [0, 0, 0, 10]"}[kind]
    return "{ " + ", ".join(filter(None, (f'kind = "{kind}"', more, f"box = {box}"))) + " }"


@pytest.mark.parametrize("box", ["[23, 18, 84, 39]", "[30, 20, 60, 30]"])
def test_an_address_that_stays_inside_after_a_slip_is_taken(desk, box):
    assert desk.slot(_at("address", box), HEAD)


@pytest.mark.parametrize(
    "box", ["[22.9, 18, 60, 30]", "[23, 17.9, 60, 30]", "[23, 18, 84.1, 30]", "[23, 18, 60, 39.1]", "[20, 100, 60, 30]"]
)
def test_an_address_that_a_slip_would_cut_is_refused(desk, refused, box):
    refused(lambda: desk.slot(_at("address", box), HEAD), ("slots.x.box", "3 mm", "[23, 18, 84, 39]"))


@pytest.mark.parametrize("kind", ["text", "panel"])
def test_nothing_else_may_show(desk, refused, kind):
    assert desk.slot(_at(kind, "[113, 15, 60, 45]"), HEAD)
    assert desk.slot(_at(kind, "[20, 63, 90, 20]"), HEAD)
    for box in ("[112.9, 15, 60, 45]", "[20, 62.9, 90, 20]", "[0, 0, 17.1, 20]", "[0, 0, 210, 297]"):
        refused(lambda box=box: desk.slot(_at(kind, box), HEAD), ("slots.x.box", "[17, 12, 96, 51]"))


def test_without_a_window_slots_stand_where_they_like(desk):
    assert desk.slot(_at("text", "[20, 15, 90, 45]"), "[page]\nfolds = [99, 198]")


def test_later_pages_are_inside_the_envelope(desk):
    page = '[[pages]]\nslots = { y = { kind = "text", words = "hello", box = [20, 15, 90, 45] } }\n'
    text = f'{HEAD}\n[words]\nhello = "こんにちは"\n[slots]\nx = {_at("address", "[23, 18, 84, 39]")}\n{page}'
    assert len(desk.layout(text).pages) == 2
