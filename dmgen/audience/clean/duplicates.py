"""One letter a person: what one of their rows says goes for all of them, and one row of them gets the letter."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dmgen.audience.cells.vector import TEXT, Mask, Positions
from dmgen.audience.clean.identity import Ids
from dmgen.audience.clean.persons import Persons
from dmgen.audience.outcomes import Outcomes
from dmgen.audience.read.columns import Column
from dmgen.model.campaign import ColumnType
from dmgen.model.recipient import Outcome

_STAGE, _FIELD = "clean", "customer_id"
_DATED_BY = ("updated_on", "registered_on")  # the first of these columns that there is says which row is the latest


def refuse_persons(persons: Persons, no: Mask, lines: NDArray[np.int64], outcomes: Outcomes) -> None:
    """No letter to any row of a person, or household, of whom one row says `no`; that row's own reason is told apart.

    Who looks like a person that says no, without certainly being the same, waits for somebody to look.
    """

    def follow(members: Positions, reason: str) -> None:
        _settle(~no, _speakers(members, no), Outcome.SUPPRESSED, reason, lines, outcomes)

    follow(persons.person, "same_person_opted_out")
    follow(persons.unit, "same_household_opted_out")
    alike = np.full(len(no), len(no))
    for row, other in (persons.alike, persons.alike[::-1]):
        np.minimum.at(alike, row[no[other]], other[no[other]])
    _settle(~no, alike, Outcome.REVIEW, "looks_like_opted_out", lines, outcomes)


def hold_persons(persons: Persons, unclear: Mask, lines: NDArray[np.int64], outcomes: Outcomes) -> None:
    """A person, or household, of whom one row leaves open whether mail is wanted waits for somebody to read it."""
    for members, reason in ((persons.person, "same_person_unclear"), (persons.unit, "same_household_unclear")):
        _settle(~unclear, _speakers(members, unclear), Outcome.REVIEW, reason, lines, outcomes)


def merge_persons(
    persons: Persons, ids: Ids, columns: dict[str, Column], lines: NDArray[np.int64], outcomes: Outcomes
) -> Ids:
    """One row of each person, or household, stays open; the others are its duplicates, and their orders are its own.

    It is, of the rows that can get a letter, the one that was changed last (updated_on, else registered_on), or else
    the last one in the list. Returns the ids with the rows that orders count for.
    """
    kept = _kept(persons.unit, columns, outcomes.open)
    twin = outcomes.open & (kept != np.arange(len(kept)))
    same = persons.person[kept] == persons.person
    for rows, reason in ((twin & same, "same_person"), (twin & ~same, "same_household")):
        _settle(rows, kept, Outcome.DUPLICATE, reason, lines, outcomes)
    _flag_alike(persons, lines, outcomes)
    return replace(ids, rows=kept[ids.rows]) if len(ids.rows) else ids


def _speakers(members: Positions, speaking: Mask) -> Positions:
    """For each row the first row of its group that speaks; as many as there are rows where none does."""
    rows = len(members)
    first = np.full(rows, rows)
    speakers = np.flatnonzero(speaking)
    np.minimum.at(first, members[speakers], speakers)
    return first[members]


def _settle(
    rows: Mask, because: Positions, outcome: Outcome, reason: str, lines: NDArray[np.int64], outcomes: Outcomes
) -> None:
    """Settle those of `rows` for which there is another row to name."""
    at = np.flatnonzero(rows & outcomes.open & (because < len(rows)))
    outcomes.settle(at, outcome, _STAGE, reason, _FIELD, _named(lines[because[at]]))


def _named(lines: NDArray[np.int64]) -> pa.Array:
    return pc.binary_join_element_wise(pa.scalar("line", TEXT), pc.cast(pa.array(lines), TEXT), pa.scalar(" ", TEXT))


def _kept(units: Positions, columns: dict[str, Column], mailable: Mask) -> Positions:
    """For each row the row of its unit that is kept."""
    rows = np.arange(len(units))
    dated = next((name for name in _DATED_BY if name in columns and columns[name].type is ColumnType.DATE), None)
    days = np.zeros(len(units), np.int64)
    if dated:
        days = np.asarray(pc.cast(columns[dated].cells, pa.int32()).fill_null(np.iinfo(np.int32).min), np.int64)
    best = np.lexsort((rows, days, mailable))
    of_unit = np.empty(len(units), np.int64)
    of_unit[units[best]] = best  # of repeated indices the last assignment stays: the best row
    return np.asarray(of_unit[units])


def _flag_alike(persons: Persons, lines: NDArray[np.int64], outcomes: Outcomes) -> None:
    """Two open rows that may be one person both get their letter, and somebody may look at the later one."""
    one, other = persons.alike.where(lambda one, other: outcomes.open[one] & outcomes.open[other])
    first = np.full(len(lines), len(lines))
    np.minimum.at(first, other, one)
    marked = first < len(lines)
    outcomes.flag_where(marked, _STAGE, "looks_like", "name", _named(lines[np.where(marked, first, 0)]))
