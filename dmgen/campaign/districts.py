"""The postal districts that a post office lists for its customers: a CSV with a column of numbers."""

import csv
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from dmgen.errors import CampaignError
from dmgen.messages import mark

_HYPHENS = str.maketrans("", "", "-‐‑‒–—―−ｰー 　")
_SHORTEST, _LONGEST = 3, 7
_ENCODINGS = ("utf-8-sig", "cp932")


def read_districts(file: Path) -> tuple[str, ...]:
    """The numbers of the list: the first three to seven digits of postal codes, in its order.

    The first column counts; its first line may be a header. Hyphens, blanks and 〒 are passed over, full-width digits
    read. Raises CampaignError naming the line of what is no such number, or stands there twice.
    """
    lines: dict[str, int] = {}
    for line, written in _cells(file):
        number = unicodedata.normalize("NFKC", written).removeprefix("〒").translate(_HYPHENS)
        if line == 1 and any(char.isalpha() for char in number):
            continue  # a header
        if not (number.isascii() and number.isdecimal() and _SHORTEST <= len(number) <= _LONGEST):
            message = mark(
                "{file}, line {line}: {written} is no postal district: write the first 3 to 7 digits of a postal code, "
                "one district a line"
            )
            raise CampaignError(message, file=file, line=line, written=written[:40])
        if number in lines:
            message = mark("{file}, line {line}: the district {number} stands in line {first} already: take one out")
            raise CampaignError(message, file=file, line=line, number=number, first=lines[number])
        lines[number] = line
    if not lines:
        raise CampaignError(mark("{file}: there is no postal district in it: one a line, for example 100"), file=file)
    return tuple(lines)


def _cells(file: Path) -> Iterator[tuple[int, str]]:
    """The first cell of each line that is not blank, with its number."""
    reader = csv.reader(_text(file).splitlines(), skipinitialspace=True, strict=True)
    try:
        for row in reader:
            if row and row[0].strip():
                yield reader.line_num, row[0].strip()
    except csv.Error:
        message = mark("{file}, line {line}: this line is not CSV: one district a line")
        raise CampaignError(message, file=file, line=reader.line_num) from None


def _text(file: Path) -> str:
    try:
        data = file.read_bytes()
    except OSError as error:
        message = mark("{file}: cannot be read ({problem}). Close it in other programs and check its permissions.")
        raise CampaignError(message, file=file, problem=error.strerror) from None
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CampaignError(mark("{file}: neither UTF-8 nor Shift_JIS: save it as CSV (UTF-8)"), file=file)
