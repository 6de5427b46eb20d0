"""The customer barcode: published examples, a second decoder written from the table, tolerances."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dmgen.model.symbol import Symbol
from dmgen.symbols import PayloadError, barcode_size, customer_barcode

EXAMPLES = json.loads(Path(__file__).with_name("customer_barcodes.json").read_text("utf-8"))
# 郵便番号・バーコードマニュアル: the bars of each character.
TABLE = dict(
    zip(
        "144 114 132 312 123 141 321 213 231 411 414 324 342 234 432 243 423 441 111".split(),  # noqa: SIM905
        [*"0123456789-", *(f"CC{n}" for n in range(1, 9))],
        strict=True,
    )
)
ORDER = list(TABLE.values())


def _decoded(symbol: Symbol) -> list[str]:
    """The characters of a symbol, start, stop and check digit verified; by the places of the bars alone."""
    columns = list(zip(*symbol.grid(), strict=True))
    assert len(columns) == 133
    assert all(not any(space) for space in columns[1::2])
    states = {(1, 1, 1): "1", (1, 1, 0): "2", (0, 1, 1): "3", (0, 1, 0): "4"}
    bars = "".join(states[tuple(map(int, bar))] for bar in columns[::2])
    assert (bars[:2], bars[-2:]) == ("13", "31")
    found = [TABLE[bars[at : at + 3]] for at in range(2, 65, 3)]
    assert sum(map(ORDER.index, found)) % 19 == 0
    return found


def bars_of_picture(image: Image.Image) -> str:
    """The bars of a printed barcode, 1 to 4 by where each begins and ends; "" where nothing is printed."""
    dark = np.asarray(image.convert("L")) < 128
    rows = np.flatnonzero(dark.any(axis=1))
    if not len(rows):
        return ""
    top, bottom = rows[0], rows[-1] + 1
    third = (bottom - top) / 3
    edges = np.flatnonzero(np.diff(dark.any(axis=0).astype(int), prepend=0, append=0))
    bars = ""
    for left, right in zip(edges[::2], edges[1::2], strict=True):
        column = np.flatnonzero(dark[:, (left + right) // 2])
        up, down = column[0] < top + third / 2, column[-1] >= bottom - third / 2
        bars += {(True, True): "1", (True, False): "2", (False, True): "3", (False, False): "4"}[up, down]
    return bars


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["source"])
def test_the_published_examples(example: dict) -> None:
    barcode = customer_barcode(example["postal_code"], example["address"])
    assert barcode.number == example["number"]
    assert list(barcode.codes) == example["codes"]
    assert barcode.check == example["check"]
    if example["bars"]:
        assert barcode.bars == example["bars"]
    assert _decoded(barcode.symbol) == [*example["codes"], example["check"]]


letters_and_digits = st.text(st.sampled_from("0123456789AZ-"), max_size=20)


@given(postal=st.from_regex("[0-9]{5}[1-9][0-9]|[0-9]{6}[1-9]", fullmatch=True), address=letters_and_digits)
def test_every_barcode_is_whole_and_its_check_digit_right(postal: str, address: str) -> None:
    barcode = customer_barcode(postal, address)
    assert len(barcode.bars) == 67
    assert _decoded(barcode.symbol) == [*barcode.codes, barcode.check]
    assert barcode.codes[:7] == tuple(postal)


@pytest.mark.parametrize("postal", ["2630023", "263-0023", "〒263-0023", "２６３－００２３", "263ー0023"])
def test_a_postal_code_as_people_write_it(postal: str) -> None:
    assert customer_barcode(postal, "3").codes[:8] == tuple("26300233")


@pytest.mark.parametrize(
    "postal",
    ["263-00", "", "263-00234", "263-002a", "２６³-0023"],
)
def test_what_is_no_postal_code_is_refused(postal: str) -> None:
    with pytest.raises(PayloadError, match="postal_code_invalid"):
        customer_barcode(postal, "1-2-3")


@pytest.mark.parametrize("postal", ["100-0000", "014-0100", "263-0000"])
def test_a_general_postal_code_gets_no_barcode(postal: str) -> None:
    """p. 18: 代表郵便番号."""
    with pytest.raises(PayloadError, match="postal_code_general"):
        customer_barcode(postal, "1-2-3")


@pytest.mark.parametrize(
    ("number", "last"),
    [
        ("1-2-3-4-5-678", "678"),
        ("1-2-3-4-5-6789", "678"),
        ("1-2-3-4-5-67-8", "67-"),
        ("1-2-3-4-567A", ["7", "CC1", "0"]),
        ("1-2-3-4-5-67B8", ["6", "7", "CC1"]),
        ("1-2-3-4-5-6T8", ["6", "CC2", "9"]),
        ("1-2-3-4-5-67Z8", ["6", "7", "CC3"]),
    ],
)
def test_the_cut_at_twenty_codes(number: str, last: list[str]) -> None:
    """A letter's first code may stand alone at the end, and so may a hyphen (p. 19)."""
    assert customer_barcode("263-0023", number).codes[-3:] == tuple(last)


@pytest.mark.parametrize("points", [8, 8.5, 9, 9.5, 10, 10.5, 11, 11.5])
def test_bars_and_spaces_are_within_the_tolerances_and_the_ink_may_spread(points: float) -> None:
    """p. 12, in tenths of the size in mm: long 3.40 to 3.60, timing 1.05 to 1.35, pitch 0.95 to 1.30 …"""
    width, height = barcode_size(points)
    tenth = points / 10
    bar = width / 133
    assert 3.40 * tenth <= height <= 3.5001 * tenth
    assert 1.05 * tenth <= height / 3 <= 1.35 * tenth
    assert 0.95 * tenth <= 2 * bar <= 1.30 * tenth
    assert 0.50 * tenth <= bar < 0.60 * tenth
    assert 0.45 * tenth <= bar < 0.60 * tenth
    assert width == pytest.approx({9: 70.6, 10: 78.5}.get(points, width), abs=0.05)
