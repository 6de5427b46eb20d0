"""CSV files in the encoding that a warehouse system expects."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from dmgen.model.cells import guard
from dmgen.model.characters import fitted
from dmgen.warehouse.characters import Lost, holds, losses


def write_csv(path: Path, encoding: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[Lost]:
    """Write a table with its header, CRLF, no cell that a spreadsheet would run; returns what its cells lost.

    `encoding` is Python's name: cp932, or utf-8-sig for UTF-8 with a byte order mark.
    """
    held, lost = holds(encoding), list[Lost]()
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for number, row in enumerate(rows, 1):
            written = []
            for column, cell in zip(columns, row, strict=True):
                text, gone = (cell, None) if cell.isascii() else fitted(cell, held)
                written.append(guard(text))
                if gone:
                    lost.append(losses(path.name, number, column, gone))
            writer.writerow(written)
    return lost
