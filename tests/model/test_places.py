"""Where things stand survives job.json."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.model.layout import Box
from dmgen.model.places import LayoutPlaces, PagePlaces, Part, SlotPlace

LENGTH = st.integers(0, 4000).map(lambda tenths: tenths / 10)
BOX = st.builds(Box, LENGTH, LENGTH, LENGTH, LENGTH)
PART = st.builds(Part, st.text(max_size=5), st.sampled_from(["", "name", "sequence"]), st.sampled_from(["", "%06d"]))
SLOT = st.builds(
    SlotPlace,
    name=st.text(min_size=1, max_size=5),
    kind=st.sampled_from(["text", "qr"]),
    box=BOX,
    when=st.text(max_size=5),
    vertical=st.booleans(),
    crowded=st.booleans(),
    phrases=st.lists(st.lists(PART, max_size=3).map(tuple), max_size=2).map(tuple),
    exact=st.booleans(),
    link=st.text(max_size=5),
    symbol=st.none() | BOX,
    module=LENGTH,
)
PAGE = st.builds(PagePlaces, st.lists(SLOT, max_size=3).map(tuple), st.text(max_size=5))
LAYOUT = st.builds(LayoutPlaces, LENGTH, LENGTH, LENGTH, st.sampled_from([1, 2]), st.lists(PAGE, max_size=2).map(tuple))


@given(LAYOUT)
def test_what_is_written_is_read(layout: LayoutPlaces) -> None:
    assert LayoutPlaces.from_json(json.loads(json.dumps(layout.as_json()))) == layout


@pytest.mark.parametrize("data", [{}, {"width": 1}, {"width": "x", "height": 1, "bleed": 1, "sides": 1, "pages": []}])
def test_anything_else_is_refused(data: dict) -> None:
    with pytest.raises((LookupError, TypeError, ValueError)):
        LayoutPlaces.from_json(data)
