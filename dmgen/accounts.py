"""The lists beside the letters: who got none and why, what a person can mend, what to look at, the groups."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from dmgen.audience import Audience
from dmgen.fulfil import (
    CONTROL_COLUMNS,
    CONTROL_GROUPS,
    GROUP_COLUMNS,
    GROUPS,
    MEND_COLUMNS,
    REJECTION_COLUMNS,
    REJECTIONS,
    TO_MEND,
    WARNINGS,
    write_table,
)
from dmgen.messages import Speaker
from dmgen.model.recipient import MENDABLE, MENDABLE_FIRST, Rejection
from dmgen.reasons import explain_reason, remedy_words

_LONGEST_VALUE = 80


def write_lists(audience: Audience, warnings: Sequence[Rejection], folder: Path, speaker: Speaker) -> None:
    """Write the lists of a job; those that would have no row are left out, but for rejections and groups.

    rejections.csv begins with what a person can mend, and to-mend.csv holds nothing else, reason by reason.
    """
    optional = (
        (TO_MEND, MEND_COLUMNS, list(_to_mend(audience.rejections_by_outcome(MENDABLE), speaker))),
        (WARNINGS, REJECTION_COLUMNS, list(_rows(warnings, speaker))),
        (CONTROL_GROUPS, CONTROL_COLUMNS, audience.control()),
    )
    write_table(folder / REJECTIONS, REJECTION_COLUMNS, _rows(audience.rejections_by_outcome(MENDABLE_FIRST), speaker))
    write_table(folder / GROUPS, GROUP_COLUMNS, audience.groups())
    for name, columns, rows in optional:
        if rows:
            write_table(folder / name, columns, rows)


def _rows(rejections: Iterable[Rejection], speaker: Speaker) -> Iterator[tuple[Any, ...]]:
    for r in rejections:
        value = r.value[:_LONGEST_VALUE]
        message = explain_reason(r.reason, speaker)
        yield r.source, r.line or "", r.customer_id, r.stage, r.outcome.value, r.reason, r.field, value, message


def _to_mend(rejections: Iterable[Rejection], speaker: Speaker) -> Iterator[tuple[Any, ...]]:
    """What a person can mend, with what to do about it."""
    for r in rejections:
        why, remedy = explain_reason(r.reason, speaker), speaker.say(remedy_words(r.reason))
        yield r.reason, r.source, r.line or "", r.customer_id, r.field, r.value[:_LONGEST_VALUE], why, remedy
