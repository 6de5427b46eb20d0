"""Cells of the CSV files that people open in a spreadsheet."""

import re

# What Excel, LibreOffice and Google Sheets take for the start of a formula (OWASP: CSV injection).
_FORMULA = re.compile(r"'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")

_SUSPECT = frozenset("'=+-@\t\r\uff1d\uff0b\uff0d\uff20")  # most cells are cleared by their first character


def guard(text: str) -> str:
    """`text` with one leading apostrophe where a spreadsheet would run it; `unguard` takes it off."""
    return "'" + text if text[:1] in _SUSPECT and _FORMULA.match(text) else text


def unguard(text: str) -> str:
    """The text that `guard` was given."""
    return text[1:] if text[:1] == "'" and _FORMULA.match(text) else text
