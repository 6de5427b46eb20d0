"""Numbers and strings as content streams write them (ISO 32000-1, 7.3)."""

from functools import lru_cache

PT = 72 / 25.4  # points a millimetre


@lru_cache(maxsize=1 << 16)
def number(value: float) -> str:
    """A number as PDF writes it: at most three decimals, never an exponent."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def escape(text: str) -> bytes:
    """What stands between the parentheses of a string of character ids."""
    raw = text.encode("utf-16-be")
    if b"\\" in raw:
        raw = raw.replace(b"\\", b"\\\\")
    return raw.replace(b"(", b"\\(").replace(b")", b"\\)").replace(b"\r", b"\\r")
