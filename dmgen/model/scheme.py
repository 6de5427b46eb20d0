"""A scheme: how customers with a purchase are sorted into groups, as its file says it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from dmgen.model.rule import Rule

Number = int | float
OptionValue = Number | str | tuple[Number, ...]

# Options by which a scheme says how purchases are measured; a scheme that has one means this by it.
MEASURING: dict[str, tuple[str, ...]] = {
    "tenure": ("first_to_last", "first_to_as_of"),
    "same_day_orders": ("separate", "merge"),
    "trial_skus": (),
}


class Figure(StrEnum):
    """One figure of a column, over all customers with a purchase."""

    SUM = "sum"
    MEAN = "mean"
    COUNT = "count"
    PERCENTILE = "percentile"


@dataclass(frozen=True, slots=True)
class Total:
    """A figure of a column. The percentile is the least value that `percent` % of the customers do not exceed."""

    figure: Figure
    column: str
    percent: Number = 0


@dataclass(frozen=True, slots=True)
class Score:
    """A column cut into the numbers 1 to `into`: at `cuts`, or where there are none into equal parts.

    Number 1 is at the low end of the column, or at its high end. Equal cells have the same number.
    """

    column: str
    into: int
    one_is_high: bool
    cuts: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A group and who belongs to it; without `when` everybody whom no earlier group took.

    `response` is the share of letters to it that usually bring an order.
    """

    id: str
    label: str
    when: Rule | None = None
    response: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme with its options in force. A column is a rule (yes or no), or scores side by side.

    The last group has no `when`, so that the groups partition the customers with a purchase.
    """

    name: str
    file: Path
    options: Mapping[str, OptionValue] = field(default_factory=dict)
    totals: Mapping[str, Total] = field(default_factory=dict)
    scores: Mapping[str, Score] = field(default_factory=dict)
    columns: Mapping[str, Rule | tuple[str, ...]] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()

    @property
    def group_ids(self) -> tuple[str, ...]:
        """The groups by their ids, in order."""
        return tuple(group.id for group in self.groups)


NO_SCHEME = Scheme("none", Path())
