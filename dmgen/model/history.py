"""What a shop's ledger remembers of its customers, as a plain value: letters sent, arms of a drop, the list's size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

CONTROL = "control"
"""The arm of those who get no letter, so that the letter's effect can be measured."""


class Arm(NamedTuple):
    """A customer's part in a trial: the segment as written, and a variant, CONTROL, or "" for its one letter."""

    segment: str
    arm: str


NO_ARMS: Mapping[str, Arm] = {}


@dataclass(frozen=True, slots=True)
class Mailing:
    """A job that was sent: the day, its recipients' ids, and whether it is the drop that is being planned."""

    on: date
    recipients: Sequence[str]
    own: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """The shop's sent jobs, the arms recorded for this drop by customer id, and the campaign's last list.

    `customers` is the number of customers read for the last other drop of the campaign that is not cancelled;
    None where there is none. `withdrawn` are the ids of customers who said no after a run.
    """

    mailings: tuple[Mailing, ...] = ()
    arms: Mapping[str, Arm] = field(default_factory=lambda: NO_ARMS)
    customers: int | None = None
    withdrawn: frozenset[str] = frozenset()


NO_HISTORY = History()
