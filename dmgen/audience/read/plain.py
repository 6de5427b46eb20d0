"""Blocks of separated text without anything odd in them, read at full speed.

`plain_cells` either gives what `rows.rows` would give, or nothing: whatever is not plainly plain is left to it.
"""

import io
import re
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import csv

from dmgen.audience.cells.vector import TEXT
from dmgen.audience.read.rows import Layout
from dmgen.audience.read.sheet import LONGEST_CELL

_NEWLINE, _RETURN, _QUOTE = b"\n"[0], b"\r"[0], b'"'[0]
_CONTROLS = bytes({*range(0x20), 0x7F} - set(b"\t\n\v\f\r"))
_C1 = re.compile(rb"\xc2[\x80-\x84\x86-\x9f]")
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Plain:
    """The asked-for columns of a block, by position; one row a line."""

    columns: dict[int, pa.Array]
    rows: int


def plain_cells(block: bytes, layout: Layout, wanted: Collection[int]) -> Plain | None:
    """The cells of a block of whole lines (UTF-8), or None where it needs the slow way."""
    lines = _plain_lines(block, layout)
    if not lines:
        return None
    names = [str(number) for number in range(layout.width)]
    chosen = sorted({0, *wanted})
    try:
        table = csv.read_csv(
            io.BytesIO(block),
            csv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=names),
            csv.ParseOptions(delimiter=layout.separator, ignore_empty_lines=False),
            csv.ConvertOptions(
                column_types=dict.fromkeys(names, TEXT),
                include_columns=[names[number] for number in chosen],
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    columns = {number: column.combine_chunks() for number, column in zip(chosen, table.columns, strict=True)}
    if table.num_rows != lines or _odd_first(columns[0], layout):
        return None
    return Plain({number: columns[number] for number in wanted}, lines)


def _odd_first(cells: pa.Array, layout: Layout) -> bool:
    """Whether a row may be blank or the header again, judged by its first cell."""
    bare = pc.utf8_trim_whitespace(pc.utf8_trim(pc.utf8_trim_whitespace(cells), "'"))
    names = pa.array(["", *layout.header], TEXT)
    return bool(pc.any(pc.is_in(bare, value_set=names)).as_py())


def _plain_lines(block: bytes, layout: Layout) -> int:
    """How many lines a block has; 0 where it holds anything but plain cells and whole quoted ones."""
    if len(block.translate(None, _CONTROLS)) != len(block) or _MARK in block:
        return 0
    if not block.isascii() and _C1.search(block):
        return 0
    if block.count(b"\r") != block.count(b"\r\n"):
        return 0
    characters = np.frombuffer(block, np.uint8)
    ends = np.flatnonzero(characters == _NEWLINE)
    if not block.endswith(b"\n"):
        ends = np.append(ends, len(block))
    longest = int(np.diff(ends, prepend=-1).max(initial=0))
    if longest > LONGEST_CELL or not _plain_quotes(characters, ends, ord(layout.separator)):
        return 0
    return len(ends)


def _plain_quotes(characters: NDArray[np.uint8], ends: NDArray[np.int64], separator: int) -> bool:
    """Whether every quote opens or closes a whole cell of one line, none is doubled."""
    quotes = np.flatnonzero(characters == _QUOTE)
    if not len(quotes):
        return True
    if len(quotes) % 2 or (np.searchsorted(quotes, ends) % 2).any():
        return False
    before = characters[quotes[0::2] - 1]
    before[0] = separator if quotes[0] == 0 else before[0]
    after = characters[np.minimum(quotes[1::2] + 1, len(characters) - 1)]
    after[-1] = separator if quotes[-1] + 1 == len(characters) else after[-1]
    opens = (before == separator) | (before == _NEWLINE)
    closes = (after == separator) | (after == _NEWLINE) | (after == _RETURN)
    return bool(opens.all() and closes.all())
