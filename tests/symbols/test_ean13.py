"""EAN-13: check digits, bars that another decoder reads, guard bars that stand out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.symbols.ean13 import QUIET_LEFT, ean13_digits, ean13_symbol
from dmgen.symbols.payload import PayloadError
from tests.symbols.decode import decoded, picture


@given(digits=st.text(st.sampled_from("0123456789"), min_size=12, max_size=12))
@settings(max_examples=100, deadline=None)
def test_an_independent_decoder_reads_every_number_and_its_check_digit(digits: str) -> None:
    code = decoded(picture(ean13_symbol(digits), QUIET_LEFT, 3))
    assert code.text == ean13_digits(digits)
    assert code.text.startswith(digits)
    assert ean13_symbol(code.text) == ean13_symbol(digits)


@pytest.mark.parametrize("digits", ["4901234567894", "4006381333931", "9780201379624"])
def test_known_numbers_are_sound(digits: str) -> None:
    assert ean13_digits(digits[:12]) == ean13_digits(digits) == digits


@pytest.mark.parametrize(
    "payload",
    [
        "4901234567890",
        "49012345678",
        "49012345678944",
        "",
        "49012345678a",
        "４９０１２３４５６７８９",
        "490123456789\n",
    ],
)
def test_what_is_no_number_is_refused(payload: str) -> None:
    with pytest.raises(PayloadError, match="payload_not_ean13"):
        ean13_symbol(payload)


def test_guard_bars_are_longer() -> None:
    grid = ean13_symbol("490123456789").grid()
    assert [column for column, dark in enumerate(grid[-1]) if dark] == [0, 2, 46, 48, 92, 94]
    assert all(row == grid[0] for row in grid[:-1])
