"""What the plans of a layout read when they place one piece."""

from typing import Any

from dmgen.model.production import Numbers
from dmgen.model.rule import Rule, cell, holds


class SetError(Exception):
    """A piece that cannot be set as it should be.

    The reason is "overset", "missing_glyph", "missing_image" or "no_page". `column` is the one whose cell is at
    fault where that is known, and `value` what of the cell.
    """

    def __init__(self, reason: str, slot: str, value: str = "", column: str = "") -> None:
        super().__init__(reason, slot, value, column)
        self.reason = reason
        self.slot = slot
        self.value = value
        self.column = column

    @property
    def field(self) -> str:
        """Where to look for the fault: the column of the list, else the slot."""
        return self.column or self.slot


class PieceValues:
    """The values of one piece: its row and numbers, and the merged words of its layout."""

    __slots__ = ("numbers", "parts", "values")

    def __init__(self, values: dict[str, Any], parts: list[str], numbers: Numbers) -> None:
        self.values = values
        self.parts = parts
        self.numbers = numbers

    def column(self, name: str) -> Any:
        """A cell by its name in rules: `points`, `product.photo`."""
        return cell(self.values, name)

    def text(self, name: str) -> str:
        """A cell as text, empty where there is none."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def holds(self, rule: Rule) -> bool:
        """Whether `rule` is true for this piece. Raises CampaignError where it compares unlike things."""
        return holds(rule, self.values)

    def replaced(self, missing: str, by: str) -> "PieceValues":
        """The same piece showing other characters instead of those that no font has; rules see the list's own."""
        return _Replaced(self, ((missing, by),))


class _Replaced(PieceValues):
    __slots__ = ("_swaps",)

    def __init__(self, piece: PieceValues, swaps: tuple[tuple[str, str], ...]) -> None:
        super().__init__(piece.values, [_swapped(part, swaps[-1:]) for part in piece.parts], piece.numbers)
        self._swaps = swaps

    def text(self, name: str) -> str:
        return _swapped(super().text(name), self._swaps)

    def replaced(self, missing: str, by: str) -> "PieceValues":
        return _Replaced(self, (*self._swaps, (missing, by)))


def _swapped(text: str, swaps: tuple[tuple[str, str], ...]) -> str:
    for missing, by in swaps:
        text = text.replace(missing, by)
    return text
