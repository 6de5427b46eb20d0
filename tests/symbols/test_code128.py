"""Code 128: read by another decoder, and never longer than the shortest way to write it."""

import heapq
import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dmgen.symbols.code128 import QUIET_ZONE, code128_columns, code128_symbol
from tests.symbols.decode import decoded, picture

PRINTABLE = "".join(map(chr, range(32, 127)))
ALL = "".join(map(chr, range(128)))
payloads = st.one_of(
    *(st.text(st.sampled_from(chars), min_size=1, max_size=24) for chars in (string.digits, PRINTABLE, ALL)),
    st.text(st.sampled_from(string.digits * 3 + "ABab\t\r"), min_size=1, max_size=24),
)


@given(payload=payloads)
@example(ALL[:64])
@example(ALL[64:])
@settings(max_examples=150, deadline=None)
def test_an_independent_decoder_reads_every_payload(payload: str) -> None:
    code = decoded(picture(code128_symbol(payload.encode()), QUIET_ZONE, 30))
    assert (code.bytes, str(code.format)) == (payload.encode(), "Code 128")


def _fewest(payload: str) -> int:
    """Codes of the shortest writing, start included: Dijkstra over (place, set), the rules written anew."""

    def has(char: str, of: str) -> bool:
        return char < "`" if of == "A" else char >= " "

    waiting = [(1, 0, of) for of in "ABC"]
    seen = set()
    while waiting:
        cost, at, of = heapq.heappop(waiting)
        if at == len(payload):
            return cost
        if (at, of) in seen:
            continue
        seen.add((at, of))
        for other in "ABC":
            heapq.heappush(waiting, (cost + 1, at, other))
        if of == "C":
            if payload[at : at + 2].isdigit() and len(payload[at : at + 2]) == 2:
                heapq.heappush(waiting, (cost + 1, at + 2, of))
            continue
        heapq.heappush(waiting, (cost + 1 if has(payload[at], of) else cost + 2, at + 1, of))
    raise AssertionError(payload)


@given(payload=payloads)
@settings(max_examples=300, deadline=None)
def test_no_symbol_is_shorter(payload: str) -> None:
    symbol = code128_symbol(payload.encode())
    assert symbol.columns == code128_columns(payload.encode()) == 11 * (_fewest(payload) + 2) + 2


@pytest.mark.parametrize(
    ("payload", "characters"),
    [("12", 1), ("1234567890", 5), ("A1", 2), ("A123456", 5), ("123", 3), ("12345", 4), ("a\tb", 4), ("AB-2026", 6)],
)
def test_digits_go_in_pairs_where_it_pays(payload: str, characters: int) -> None:
    """A start, a check and a stop character of 13 modules are added."""
    assert code128_symbol(payload.encode()).columns == 11 * (characters + 2) + 13


def test_bars_are_drawn_from_top_to_foot() -> None:
    assert code128_symbol(b"A1").upright
