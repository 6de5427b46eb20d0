"""The customer barcode on the posted piece: 10 mm from its edges, whether that is a sheet, a panel or an envelope."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.campaign.address_side import corner, posted
from dmgen.campaign.barcode import bars
from dmgen.model.layout import Box
from dmgen.model.posting import ENVELOPES

BARCODE = '{{ kind = "japanpost", size = "9pt", box = [{left}, {top}, 76, 7.4] }}'
FOLDED = "[page]\nfolds = [99, 198]"


@pytest.fixture
def load(desk):
    def make(head: str, left: float, top: float, mail: str | None):
        table = f"[mail]\n{mail}\n" if mail is not None else ""
        desk.write("campaign.toml", f'format = 1\nid = "one"\n[audience]\nlayout = "letter"\n{table}')
        desk.write("letter.toml", f"{head}\n[slots]\nx = {BARCODE.format(left=left, top=top)}\n")
        return desk.load()

    return make


def test_without_mail_the_sheet_is_measured(load, refused):
    assert load("", 8, 8, None)
    for left, top in ((7, 60), (8, 282), (127, 60), (8, 7.8)):
        refused(lambda left=left, top=top: load("", left, top, None), ("slots.x.box", "10 mm from the edges"))


def test_a_fold_is_an_edge_of_a_folded_card(load, refused):
    card = "[page]\nsize = [148, 200]\nfolds = [100]"
    assert load(card, 22, 84.5, "")
    refused(lambda: load(card, 22, 85, ""), ("10 mm from the edges", "[10, 10, 128, 80]"))
    assert load(card, 22, 85, None), "nobody knows whether it is posted so"


def test_an_envelope_is_measured_wherever_the_sheet_slides_in_it(load, refused):
    """長形3号 is 235 × 120 mm, the sheet in it 210 × 99: 12.5 mm more at its sides, 10.5 at top and foot."""
    mail = 'envelope = "naga3"'
    assert load(FOLDED, 2, 50, mail), "4.7 mm from the sheet's edge, 14.2 mm from the envelope's after a slip of 3"
    assert load(FOLDED, 0, 50, mail)
    assert load(FOLDED, 20, 88, mail), "9.3 mm from the fold and 16.8 mm from the envelope's edge"
    message = refused(lambda: load(FOLDED, 20, 0, 'envelope = "naga4"'), ("slots.x.box", "the envelope", "3 mm"))
    assert "[15.5, 17.5, 179, 64]" in message


sizes = st.floats(20, 400, allow_nan=False)


@given(st.sampled_from(sorted(ENVELOPES)), sizes, sizes)
def test_the_sheet_lies_in_the_middle_of_its_envelope(key, width, height):
    """As if one measured on the table: equal room at opposite edges, long side along long side."""
    panel, envelope = Box(0, 40, width, height), ENVELOPES[key]
    piece = posted(panel, envelope)
    assert piece.left - panel.left == pytest.approx(panel.left + width - piece.left - piece.width)
    assert piece.top - panel.top == pytest.approx(panel.top + height - piece.top - piece.height)
    if piece != panel:
        assert sorted((piece.width, piece.height)) == [envelope.width, envelope.height]
        assert (piece.width > piece.height) == (width > height)


@given(sizes, sizes, st.floats(8, 11.5))
def test_bars_stand_in_the_middle_of_their_box(width, height, points):
    box = Box(5, 6, width, height)
    found = bars(box, points)
    assert found.left + found.width / 2 == pytest.approx(box.left + width / 2)
    assert found.top + found.height / 2 == pytest.approx(box.top + height / 2)
    assert found.width / found.height == pytest.approx(133 * 0.059 / 0.35)


def test_the_corner_turns_with_the_piece():
    assert corner(Box(0, 0, 100, 148), (35, 70)) == Box(0, 0, 35, 70)
    assert corner(Box(0, 100, 148, 100), (35, 70)) == Box(78, 100, 70, 35)
