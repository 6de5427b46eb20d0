"""Values of other people's files as Python has them.

Names may hold any bytes: old Japanese files name fonts and inks in Shift JIS (ISO 32000-1, 7.3.5).
"""

import re
from decimal import Decimal
from typing import TypeGuard

from pikepdf import Array, Name, Object

_IRREGULAR = re.compile(rb"[^!-~]|[#()<>\[\]{}/%]")


def name_text(name: Name) -> str:
    """A name with its slash; bytes that are no UTF-8 become lone surrogates, as in the keys of dictionaries."""
    return bytes(name).decode("utf-8", "surrogateescape")


def name_token(text: str) -> bytes:
    """A name as a file writes it."""
    raw = text[1:].encode("utf-8", "surrogateescape")
    return b"/" + _IRREGULAR.sub(lambda match: b"#%02X" % match[0][0], raw)


def readable(text: str) -> str:
    """A name for people."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def entry(things: Object, key: str) -> Object | None:
    """An entry of a dictionary by the text of its name."""
    return things[key] if key in things else None  # noqa: SIM401  `get` takes no surrogates


def is_number(value: object) -> TypeGuard[int | float | Decimal]:
    """Whether a value is a number, as pikepdf converts them."""
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def whole(thing: Object, key: str) -> int:
    """A whole number among the entries, 0 where there is none."""
    value = thing.get(key, 0)
    return int(value) if is_number(value) else 0


def subtype_of(thing: Object) -> str:
    """The /Subtype without its slash."""
    name = thing.get("/Subtype")
    return name_text(name)[1:] if isinstance(name, Name) else "unknown"


def filters(stream: Object) -> tuple[str, ...]:
    """The names of a stream's filters, in the order of decoding."""
    written = stream.get("/Filter")
    names = list(written) if isinstance(written, Array) else [written]
    return tuple(name_text(name)[1:] for name in names if isinstance(name, Name))
