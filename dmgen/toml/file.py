"""A TOML file as read from disk, and what is said when it cannot be read."""

import json
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.toml.places import Keys, places

FORMAT = 1

_SHOWN, _LONGEST = 100, 60  # characters of a line, of a value
_POSITION = re.compile(r"line (\d+), column (\d+)")
_CURLY = str.maketrans("“”„‟‘’‚‛", "\"\"\"\"''''")
_LOOKALIKE_QUOTES = "“”„‟＂‘’‚‛＇"
_SLIPS = (
    (("Invalid value",), mark('A value is missing or lacks its quotes (key = "text"), or a [ above is not closed')),
    (("Expected '=' after", "Invalid initial character"), mark('A line reads: key = "value"')),
    (("Cannot overwrite", "Cannot declare", "Duplicate inline", "Cannot mutate"), mark("A key stands twice")),
    (("Unterminated", "Illegal character"), mark("A closing quote is missing")),
    (("Unclosed array", "Unclosed inline", "Expected ']"), mark("A closing bracket is missing")),
)
_OTHER_SLIP = mark("This is not TOML ({reason})")
BACKSLASH = mark("In \"…\" a backslash \\ has a meaning of its own: write / instead, or use '…'")
_LOOKALIKE = mark("{sign} (U+{code:04X}) is not the plain {plain}: type it with the input method off")
_WIDE_BLANK = mark("This blank (U+{code:04X}) is not a plain one: type it with the input method off")


@dataclass(frozen=True)
class TomlFile:
    """A parsed file with its source, so that messages can say where a key stands."""

    path: Path
    source: str
    data: dict[str, Any]

    @cached_property
    def places(self) -> dict[Keys, int]:
        """The offset in `source` of every key's value."""
        return places(self.source)

    def nearest(self, keys: Keys) -> Keys:
        """`keys` if they are written in the file, or else the nearest table around them."""
        return keys if keys in self.places else self.nearest(keys[:-1])

    def line(self, keys: Keys) -> int:
        """The line, from 1, on which `keys` or the nearest table around them stands."""
        return self.source.count("\n", 0, self.places[self.nearest(keys)]) + 1

    def text_line(self, keys: Keys) -> int:
        """The line, from 1, on which the text of a string begins."""
        opens_with_break = self.source.startswith(('"""\n', "'''\n"), self.places[keys])
        return self.line(keys) + opens_with_break

    def written(self, keys: Keys) -> str:
        """What stands there, for a message; a long value is cut."""
        value: Any = self.data
        for key in keys:
            value = value[key]
        return _shown(value)


def _shown(value: object) -> str:
    text = str(value) if isinstance(value, date) else json.dumps(value, ensure_ascii=False, default=_plain)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


def key_path(keys: Keys) -> str:
    """Keys as people write them; entries of a list count from 1."""
    return "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in keys).lstrip(".")


def read_toml(path: Path, *, format_required: bool) -> TomlFile:
    """The file at `path`, UTF-8 with or without BOM.

    Raises CampaignError when it cannot be read, is not UTF-8 or TOML, or has another `format`.
    """
    return parse_toml(path, read_source(path), format_required=format_required)


def parse_toml(path: Path, source: str, *, format_required: bool, fraction: Callable[[str], Any] = float) -> TomlFile:
    """What `read_source` found in the file; `fraction` reads numbers that are not whole. Raises as `read_toml` does."""
    try:
        data = tomllib.loads(source, parse_float=fraction)
    except (ValueError, RecursionError) as error:
        raise _syntax_error(path, source, str(error)) from error
    file = TomlFile(path, source, data)
    _check_format(file, format_required)
    return file


def read_source(path: Path) -> str:
    """The text of a file. Raises CampaignError when it cannot be read or is not UTF-8."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise CampaignError(mark("{file}: there is no such file. Correct the path."), file=path) from error
    except OSError as error:
        message = mark("{file}: cannot be read ({problem}). Close it in other programs and check its permissions.")
        raise CampaignError(message, file=path, problem=error.strerror) from error
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        message = mark("{file}, line {line}: not UTF-8. Save the file again with the encoding UTF-8")
        raise CampaignError(message, file=path, line=raw.count(b"\n", 0, error.start) + 1) from error


def _syntax_error(path: Path, source: str, reason: str) -> CampaignError:
    lines = source.split("\n")
    position = _POSITION.search(reason)
    if position:
        line, column = int(position[1]), int(position[2])
    else:
        line = max((n for n, text in enumerate(lines, 1) if text.strip()), default=1)
        column = len(lines[line - 1]) + 1
    text = lines[line - 1]
    return CampaignError(
        mark("{file}, line {line}, column {column}: {hint}\n    {text}"),
        file=path,
        line=line,
        column=column,
        hint=_hint(text, column, reason),
        text=text.strip()[:_SHOWN],
    )


def _hint(text: str, column: int, reason: str) -> CampaignError:
    at = text[column - 1 : column]
    mistyped = lookalike(at) or lookalike(sign for sign in text if sign in _LOOKALIKE_QUOTES)
    if mistyped:
        return mistyped
    if "Unescaped '\\'" in reason or "hex value" in reason or "not a Unicode scalar" in reason:
        return CampaignError(BACKSLASH)
    for starts, message in _SLIPS:
        if reason.startswith(starts):
            return CampaignError(message)
    return CampaignError(_OTHER_SLIP, reason=reason.partition(" (at ")[0])


def lookalike(text: Iterable[str]) -> CampaignError | None:
    """What to say of the first full-width or curly sign in `text` that was meant to be an ASCII one."""
    for sign in text:
        plain = unicodedata.normalize("NFKC", sign.translate(_CURLY))
        if plain != sign and plain.isascii():
            message = _WIDE_BLANK if sign.isspace() else _LOOKALIKE
            return CampaignError(message, sign=sign, code=ord(sign), plain=plain)
    return None


def _check_format(file: TomlFile, required: bool) -> None:
    written = file.data.get("format", None if required else FORMAT)
    if written is None:
        message = mark("{file}: format is missing; write as the first line: format = 1")
        raise CampaignError(message, file=file.path)
    if type(written) is not int or written < FORMAT:
        message = mark("{file}, line {line}: format = {written}: this dmgen reads format = 1; write that")
        raise CampaignError(message, file=file.path, line=file.line(("format",)), written=written)
    if written > FORMAT:
        message = mark(
            "{file}: written for a newer dmgen: format = {written}, this one reads format = 1; "
            "upgrade with pip install -U dmgen"
        )
        raise CampaignError(message, file=file.path, written=written)
