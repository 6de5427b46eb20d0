"""Check bytes are those of the textbook: with them, a block is divisible by the generator."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.symbols.galois import reed_solomon


def _times(a: int, b: int, polynomial: int) -> int:
    """Multiplication bit by bit."""
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = a << 1 ^ (polynomial if a & 0x80 else 0)
        b >>= 1
    return product


@given(data=st.binary(min_size=1, max_size=60), count=st.integers(2, 30))
@pytest.mark.parametrize(("polynomial", "first"), [(0x11D, 0), (0x12D, 1)])
def test_a_block_has_every_root_of_the_generator(polynomial: int, first: int, data: bytes, count: int) -> None:
    block = data + reed_solomon(polynomial, first, count).check_bytes(data)
    root = 1
    for _ in range(first):
        root = _times(root, 2, polynomial)
    for _ in range(count):
        value = 0
        for byte in block:
            value = _times(value, root, polynomial) ^ byte
        assert value == 0
        root = _times(root, 2, polynomial)
