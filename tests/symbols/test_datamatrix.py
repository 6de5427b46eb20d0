"""Data Matrix: read by another decoder in every size."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.symbols.datamatrix import QUIET_ZONE, datamatrix_columns, datamatrix_symbol
from dmgen.symbols.payload import PayloadError
from tests.symbols.decode import picture, zxingcpp

ALL = "".join(map(chr, range(128)))
# ISO/IEC 16022, table 7: codewords of data by the side of the symbol.
CAPACITY = {
    10: 3, 12: 5, 14: 8, 16: 12, 18: 18, 20: 22, 22: 30, 24: 36, 26: 44, 32: 62, 36: 86, 40: 114, 44: 144, 48: 174,
    52: 204, 64: 280, 72: 368, 80: 456, 88: 576, 96: 696, 104: 816, 120: 1050, 132: 1304, 144: 1558,
}  # fmt: skip


def _read(payload: bytes, columns: int) -> bool:
    """Whether the decoder finds the payload; in the noise of a large symbol it may see bars, too."""
    found = zxingcpp.read_barcodes(picture(datamatrix_symbol(payload, columns), QUIET_ZONE + 2))
    return payload in [code.bytes for code in found if code.format == zxingcpp.BarcodeFormat.DataMatrix]


@pytest.mark.parametrize("side", CAPACITY)
def test_every_size_is_read_full_and_nearly_empty(side: int) -> None:
    full = (string.ascii_letters * 40)[: CAPACITY[side]].encode()
    assert datamatrix_columns(full) == side
    assert _read(full, side)
    assert _read(b"A1", side)


@given(payload=st.text(st.sampled_from(ALL + string.digits * 9), min_size=1, max_size=60))
@settings(max_examples=150, deadline=None)
def test_an_independent_decoder_reads_every_payload(payload: str) -> None:
    assert _read(payload.encode(), datamatrix_columns(payload.encode()))


def test_pairs_of_digits_take_one_codeword() -> None:
    assert datamatrix_columns(b"123456") == 10
    assert datamatrix_columns(b"1234567") == 12


def test_there_is_no_symbol_for_too_much_text() -> None:
    assert datamatrix_columns(b"a" * 1558) == 144
    for call in (lambda: datamatrix_columns(b"a" * 1559), lambda: datamatrix_symbol(b"abcd", 10)):
        with pytest.raises(PayloadError, match="payload_too_long"):
            call()


def test_the_finder_is_solid_left_and_below_and_alternates_above_and_right() -> None:
    """ISO/IEC 16022: a decoder that guesses well would not notice a wrong clock."""
    for side in (10, 32, 144):
        grid = datamatrix_symbol(b"A", side).grid()
        assert all(row[0] for row in grid)
        assert all(grid[-1])
        assert grid[0] == [column % 2 == 0 for column in range(side)]
        assert [row[-1] for row in grid] == [row % 2 == 1 for row in range(side)]
