"""What the plans of a layout read when they place one piece."""

from typing import Any

from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.production import Numbers
from dmgen.model.rule import Rule, evaluate


class SetError(Exception):
    """A piece that cannot be set: "overset", "missing_glyph", "payload_…" or "no_page", where, and what caused it."""

    def __init__(self, reason: str, slot: str, value: str = "") -> None:
        super().__init__(reason, slot, value)
        self.reason = reason
        self.slot = slot
        self.value = value


class PieceValues:
    """The values of one piece: its row and numbers, and the merged words of its layout."""

    __slots__ = ("numbers", "parts", "values")

    def __init__(self, values: dict[str, Any], parts: list[str], numbers: Numbers) -> None:
        self.values = values
        self.parts = parts
        self.numbers = numbers

    def column(self, name: str) -> Any:
        """A cell by its name in rules: `points`, `product.photo`."""
        record, _, attribute = name.partition(".")
        value = self.values[record]
        return getattr(value, attribute) if attribute else value

    def text(self, name: str) -> str:
        """A cell as text, empty where there is none."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def holds(self, rule: Rule) -> bool:
        """Whether `rule` is true for this piece. Raises CampaignError where it compares unlike things."""
        try:
            return bool(evaluate(rule, self.column))
        except ZeroDivisionError:
            return False  # nothing to compare: one customer without purchases stops nobody else's letter
        except (TypeError, ValueError, ArithmeticError):
            raise CampaignError(
                mark('when = "{rule}" cannot be worked out: give its columns their types in shop.toml [columns]'),
                rule=rule.text,
            ) from None
