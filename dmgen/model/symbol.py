"""A printed code as data; the press draws it."""

from enum import StrEnum
from typing import NamedTuple


class SymbolKind(StrEnum):
    """The kinds of codes, as slots and `dmgen symbol` name them."""

    QR = "qr"
    CODE128 = "code128"
    EAN13 = "ean13"
    DATAMATRIX = "datamatrix"
    JAPANPOST = "japanpost"
    AR = "ar"


class Symbol(NamedTuple):
    """A grid of modules without its quiet zone: QR and Data Matrix, and bars as `upright` grids of few rows.

    `modules` holds the lines that are drawn unbroken: the rows from the top, or, `upright`, the columns from the
    left. Each line has its first module as the most significant bit and is followed by one blank guard bit.
    """

    columns: int
    rows: int
    modules: int
    upright: bool = False

    @property
    def lines(self) -> int:
        """How many lines `modules` holds."""
        return self.columns if self.upright else self.rows

    @property
    def length(self) -> int:
        """Modules of one line."""
        return self.rows if self.upright else self.columns

    @classmethod
    def of_rows(cls, rows: "list[list[bool]]", *, upright: bool = False) -> "Symbol":
        """The symbol of rows of booleans, True is dark."""
        lines = [list(column) for column in zip(*rows, strict=True)] if upright else rows
        bits = "".join("".join("1" if dark else "0" for dark in line) + "0" for line in lines)
        return cls(len(rows[0]), len(rows), int(bits, 2), upright)

    def grid(self) -> list[list[bool]]:
        """The modules as rows of booleans, True is dark."""
        width = self.length + 1
        bits = f"{self.modules:0{width * self.lines}b}"
        lines = [[bit == "1" for bit in bits[n * width : n * width + self.length]] for n in range(self.lines)]
        return [list(row) for row in zip(*lines, strict=True)] if self.upright else lines
