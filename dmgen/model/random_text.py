"""Text drawn at random from an alphabet: unguessable, even, and in bulk."""

import os
from functools import cache

UNAMBIGUOUS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Characters that nobody misreads or mistypes: no 0 and O, no 1, I and L. They are 31, a prime."""


def random_text(count: int, alphabet: str) -> bytes:
    """`count` ASCII characters, each drawn evenly from `alphabet` by the system's random source."""
    table, uneven = _tables(alphabet)
    text = b""
    while (missing := count - len(text)) > 0:
        text += os.urandom(missing + missing // 16 + 16).translate(table, uneven)
    return text[:count]


def random_strings(count: int, length: int, alphabet: str) -> list[str]:
    """`count` strings of `length` characters of `alphabet`; two of them may be equal."""
    return cut(random_text(count * length, alphabet), length)


def cut(text: bytes | bytearray, length: int) -> list[str]:
    """ASCII `text` as strings of `length` characters."""
    characters = text.decode("ascii")
    return [characters[start : start + length] for start in range(0, len(characters), length)]


@cache
def _tables(alphabet: str) -> tuple[bytes, bytes]:
    """Byte → character, and the bytes to throw away because they would favour the first characters."""
    size = len(alphabet)
    even = 256 - 256 % size
    return bytes(ord(alphabet[byte % size]) for byte in range(256)), bytes(range(even, 256))
