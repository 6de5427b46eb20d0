"""Letters that cannot be set as they should be: what is said of them."""

from pathlib import Path
from typing import NamedTuple

from dmgen.audience import Audience
from dmgen.errors import ListError
from dmgen.messages import mark
from dmgen.model.production import Row
from dmgen.model.recipient import Outcome, Rejection
from dmgen.produce import Misfit
from dmgen.reasons import reason_words

FIT = "fit"
"""The stage at which a letter is found not to fit."""
_SHOWN = 5


class Fault(NamedTuple):
    """A misfit, and the place of its customer in the list."""

    position: int
    misfit: Misfit


def told(audience: Audience, faults: list[Fault], outcome: Outcome) -> list[Rejection]:
    """The faults as lists show them."""
    who = audience.who([fault.position for fault in faults])
    return [
        Rejection(
            audience.source_of(position),
            line,
            customer,
            FIT,
            outcome,
            misfit.reason,
            misfit.field,
            misfit.value,
        )
        for (line, customer), (position, misfit) in zip(who, faults, strict=True)
    ]


def stopped(audience: Audience, faults: list[Fault]) -> ListError:
    """What `stop` under [policy] says: how many letters cannot be set, and the first of them."""
    first = told(audience, faults[:_SHOWN], Outcome.REJECTED)
    return ListError(
        mark(
            '{count} letters cannot be set as they should be, and [policy] says "stop": {rows}. Nothing was issued. '
            'Mend these rows, or write "reject-piece" (no letter for them) or "warn" there'
        ),
        count=len(faults),
        rows="; ".join(
            f"line {r.line}, customer {r.customer_id}: {' '.join(filter(None, (r.field, r.reason, r.value)))}"
            for r in first
        ),
    )


def seed_misfit(file: Path | None, row: Row, misfit: Misfit) -> ListError:
    """What is said of a decoy whose letter cannot be set: it is the shop's own, and to be mended there."""
    return ListError(
        mark("{file}: the letter to the decoy {seed} cannot be set: {field} {reason}. Mend its row or remove it."),
        file=file,
        seed=row["customer_id"],
        field=misfit.field,
        reason=ListError(reason_words(misfit.reason)),
    )
