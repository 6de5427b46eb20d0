"""A printed code as data; the press draws it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Symbol:
    """A square matrix of modules without its quiet zone.

    `modules` holds the rows from the top, each `size` bits with the leftmost module as the most
    significant one, followed by one blank guard bit: row r is `modules >> (size + 1) * (size - 1 - r)`.
    """

    size: int
    modules: int

    def rows(self) -> list[list[bool]]:
        """The modules as rows of booleans, True is dark."""
        width = self.size + 1
        bits = f"{self.modules:0{width * self.size}b}"
        return [[bit == "1" for bit in bits[r * width : r * width + self.size]] for r in range(self.size)]
