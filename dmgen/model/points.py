"""Points and ranks of a shop's members, as letters tell of them."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

GOAL_COLUMNS = ("points_goal", "points_goal_label", "points_to_goal")


class Goal(NamedTuple):
    """What so many points are good for."""

    points: int
    label: str


@dataclass(frozen=True, slots=True)
class Points:
    """[points]: the day whose balances the list has, where it does not say it itself; goals in ascending order."""

    as_of: date | None = None
    goals: tuple[Goal, ...] = ()


class Level(NamedTuple):
    """A rank, and from which figure on one has it."""

    name: str
    start: int


@dataclass(frozen=True, slots=True)
class Ranks:
    """[ranks]: the shop's ranks in ascending order, by a column such as `spent`."""

    by: str
    levels: tuple[Level, ...]
