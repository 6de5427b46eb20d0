"""TOML files of a desk changed by their keys, so that tests do not depend on which tables a sample has already."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def patched(source: str, tables: Mapping[str, Any]) -> str:
    """A TOML file with these keys set: tables are merged, all else is replaced, None takes a key out (RFC 7396)."""
    return "\n".join(_lines(_merged(tomllib.loads(source), tables))) + "\n"


def _merged(old: Any, new: Any) -> Any:
    if not isinstance(new, Mapping):
        return new
    kept = dict(old) if isinstance(old, Mapping) else {}
    merged = kept | {key: _merged(kept.get(key), value) for key, value in new.items()}
    return {key: value for key, value in merged.items() if value is not None}


def _lines(table: Mapping[str, Any], *at: str) -> Iterator[str]:
    """The lines of a table, its own keys before the tables in it."""
    if at:
        yield f"[{'.'.join(map(_key, at))}]"
    yield from (f"{_key(key)} = {_value(value)}" for key, value in table.items() if not isinstance(value, Mapping))
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _lines(value, *at, key)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: Any) -> str:
    match value:
        case str():
            return _text(value)
        case bool():
            return str(value).lower()
        case date() | time():
            return value.isoformat()
        case Mapping():
            return "{" + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(_value, value)) + "]"
    return repr(value)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
