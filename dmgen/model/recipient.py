"""What becomes of a row of a list."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a customer; the outcomes of a run add up to the customers read."""

    PRINTED = "printed"
    SUPPRESSED = "suppressed"
    CONTROL = "control"
    REVIEW = "review"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    NO_SEGMENT = "no_segment"
    NO_PARCEL = "no_parcel"
    OVER_LIMIT = "over_limit"


MENDABLE = (Outcome.REVIEW, Outcome.REJECTED)
"""What a person can do something about; the other outcomes are as they should be."""
MENDABLE_FIRST = (
    *MENDABLE,
    *(Outcome.DUPLICATE, Outcome.CONTROL, Outcome.OVER_LIMIT, Outcome.NO_SEGMENT, Outcome.SUPPRESSED),
    Outcome.NO_PARCEL,
)
"""Every outcome without a letter, in the order in which lists show them."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """An input row that gets no piece: where it stands, what became of it and why.

    `line` is the first line of the row in its file (0 where the source has no lines).
    `reason` is a machine-read code; `field` and `value` name the cell that caused it.
    """

    source: str
    line: int
    customer_id: str
    stage: str
    outcome: Outcome
    reason: str
    field: str = ""
    value: str = ""


def fingerprint(customer_id: str, name: str, postal_code: str, address: str) -> str:
    """A short hash of who a letter is for: 16 hex digits over the cleaned cells."""
    row = "\x1f".join((customer_id, name, postal_code, address))
    return hashlib.blake2b(row.encode(), digest_size=8).hexdigest()
