"""An audience in numbers: no name, no address, and of fewer than five people nothing but their count.

Amounts are in the smallest unit of the shop's money; an amount or a share that is None is not shown, for fewer than
FEWEST people stand behind it, or its time is not over yet.
"""

from dataclasses import dataclass
from datetime import date

from dmgen.errors import DmgenError

FEWEST = 5


@dataclass(frozen=True, slots=True)
class Step:
    """Rows that left the flow: their outcome (or fate), and the reason where there are several."""

    outcome: str
    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class Flow:
    """What became of the rows of a list: `read` is the sum of the steps and of those `left`; `blank` are no rows."""

    read: int
    steps: tuple[Step, ...]
    left: int
    blank: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the customers: how many, how many of them have bought, how often and for how much in all."""

    id: str
    label: str
    people: int
    buyers: int
    purchases: int | None
    spent: int | None


@dataclass(frozen=True, slots=True)
class Cohort:
    """Customers of one first month: how many, and the share that bought a second time within so many days, or ever.

    `within` runs parallel to WINDOWS; None where not all of them have had so many days.
    """

    month: date
    buyers: int
    within: tuple[float | None, ...]
    ever: float | None


WINDOWS = (90, 180, 365)


@dataclass(frozen=True, slots=True)
class Intervals:
    """Days from one day of purchase to the customer's next: how many such, quartiles, and counts by `width` days.

    `bars` begin at day 0; the last one holds all that is longer.
    """

    count: int
    quartiles: tuple[float, float, float]
    width: int
    bars: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two products, one bought after the other; see audience/measure/affinity.py."""

    before: str
    before_name: str
    after: str
    after_name: str
    support: int
    confidence: float
    lift: float


@dataclass(frozen=True, slots=True)
class Turn:
    """The subscribers who had their `number`-th delivery: who went on, who stopped, and whose next is not overdue."""

    number: int
    went_on: int
    stopped: int
    waiting: int

    @property
    def reached(self) -> int:
        """All who had this delivery."""
        return self.went_on + self.stopped + self.waiting

    @property
    def churn(self) -> float | None:
        """The share of those who stopped among those of whom it is known."""
        known = self.went_on + self.stopped
        return self.stopped / known if known >= FEWEST else None


@dataclass(frozen=True, slots=True)
class Churn:
    """Subscribers by the number of deliveries; a next one is overdue after `days`."""

    days: int
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """An audience in numbers. What the lists do not allow is empty or None, and `left_out` says why.

    `repeats` counts buyers by their purchases, from one on; the last one holds all with more. `fitted`: every letter
    was fitted, so that those `left` of the customers are the letters to print; otherwise they are as segmented.
    """

    shop: str
    campaign: str
    drop: date
    as_of: date
    decimals: int
    scheme: str
    customers: Flow
    orders: Flow | None
    segments: tuple[Part, ...]
    everybody: Part
    groups: tuple[Part, ...]
    repeats: tuple[int, ...]
    cohorts: tuple[Cohort, ...]
    intervals: Intervals | None
    media: tuple[Part, ...]
    pairs: tuple[Pair, ...]
    churn: Churn | None
    left_out: tuple[DmgenError, ...]
    fitted: bool = False

    @property
    def repeat_rate(self) -> float | None:
        """The share of buyers with two purchases or more."""
        buyers = self.everybody.buyers
        return 1 - self.repeats[0] / buyers if buyers >= FEWEST else None

    def revenue_share(self, part: Part) -> float | None:
        """The share of all revenue."""
        return part.spent / self.everybody.spent if part.spent is not None and self.everybody.spent else None
