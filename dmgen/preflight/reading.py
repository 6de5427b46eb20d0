"""Reading PDF objects that may be anything: a wrong type is an empty value, never an exception."""

import math
from decimal import Decimal
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, PdfError, Stream, String

Key = tuple[int, int]  # object and generation number; (0, 0): a direct object
DIRECT: Key = (0, 0)


def get(holder: object, *path: str) -> Any:
    """The entry of a dictionary (or of a stream's), through several levels; None where there is none."""
    for step in path:
        if not isinstance(holder, Dictionary | Stream) or step not in holder:
            return None
        holder = holder[step]  # `get` takes no names with other bytes than UTF-8
    return holder


def entries(value: object) -> dict[str, Any]:
    """The entries of a dictionary or of a stream's dictionary."""
    return dict(value.items()) if isinstance(value, Dictionary | Stream) else {}


def array(value: object) -> list[Any]:
    """The elements of an array."""
    return list(value) if isinstance(value, Array) else []


def number(value: object) -> float | None:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    found = float(value)
    return found if math.isfinite(found) else None


def numbers(value: object, count: int) -> tuple[float, ...] | None:
    """Exactly `count` numbers."""
    found = [number(element) for element in array(value)]
    if len(found) != count:
        return None
    known = tuple(element for element in found if element is not None)
    return known if len(known) == count else None


def name(value: object) -> str:
    """A name without its slash; bytes that are no UTF-8 become lone surrogates, as in the keys of dictionaries."""
    return bytes(value)[1:].decode("utf-8", "surrogateescape") if isinstance(value, Name) else ""


def names(value: object) -> list[str]:
    """A name, or an array of names (filters)."""
    return [name(element) for element in (array(value) or [value]) if isinstance(element, Name)]


def text(value: object) -> str:
    """A text string."""
    return str(value) if isinstance(value, String) else ""


def readable(said: str) -> str:
    """A text for people: names of old Japanese files are in Shift JIS (ISO 32000-1, 7.3.5 leaves the encoding open)."""
    raw = said.encode("utf-8", "surrogateescape")
    for encoding in ("utf-8", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("ascii", "backslashreplace")


def key(value: object) -> Key:
    """The number of an indirect object."""
    return value.objgen if isinstance(value, Object) else DIRECT


def label(value: object, kind: str) -> str:
    """How an object is named to people: its kind, and its number if it has one."""
    number_, generation = key(value)
    return f"{kind} ({number_} {generation} R)" if number_ else kind


def decoded(value: object) -> bytes | None:
    """A stream's data without its filters; None where they cannot be undone."""
    if not isinstance(value, Stream):
        return None
    try:
        return value.read_bytes()
    except (PdfError, RuntimeError):
        return None
