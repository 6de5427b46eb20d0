"""What became of every row of a list: one outcome each, first finding wins, and it must add up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dmgen.audience.cells.vector import TEXT, Mask, Positions
from dmgen.errors import PreflightError
from dmgen.messages import mark
from dmgen.model.recipient import Outcome, Rejection

_ORDER = tuple(Outcome)
_OPEN = -1
_VALUE_LENGTH = 80  # characters of a cell that rejections.csv shows


@dataclass(frozen=True, slots=True)
class _Finding:
    """Why some rows got their outcome; `values` run parallel to them, or are empty."""

    outcome: Outcome
    stage: str
    reason: str
    field: str
    values: pa.Array | Sequence[str]


class Outcomes:
    """The outcomes of a list's rows by position; rows without one are open."""

    def __init__(self, rows: int) -> None:
        self._codes = np.full(rows, _OPEN, np.int8)
        self._finding = np.zeros(rows, np.int32)
        self._place = np.zeros(rows, np.int32)
        self._findings: list[_Finding] = []
        self._flags: list[tuple[Positions, _Finding]] = []

    @property
    def open(self) -> Mask:
        """Which rows have no outcome yet."""
        return np.equal(self._codes, _OPEN)

    def found(self, *, stage: str = "", reason: str = "") -> Mask:
        """Which rows have their outcome from a stage, or for a reason."""
        wanted = [n for n, one in enumerate(self._findings) if stage in ("", one.stage) and reason in ("", one.reason)]
        return np.asarray(~self.open & np.isin(self._finding, wanted))

    def settle(
        self,
        positions: Positions,
        outcome: Outcome,
        stage: str,
        reason: str,
        field: str = "",
        values: pa.Array | Sequence[str] = (),
    ) -> None:
        """Give open rows their outcome; `values` are empty or one a position."""
        positions = np.asarray(positions, np.int64)
        if not np.equal(self._codes[positions], _OPEN).all():
            raise ValueError(f"{reason}: a row has an outcome already")
        if len(values) not in (0, len(positions)):
            raise ValueError(f"{reason}: values do not match positions")
        if len(positions):
            self._codes[positions] = _ORDER.index(outcome)
            self._finding[positions] = len(self._findings)
            self._place[positions] = np.arange(len(positions))
            self._findings.append(_Finding(outcome, stage, reason, field, values))

    def settle_where(
        self, mask: Mask, outcome: Outcome, stage: str, reason: str, field: str = "", cells: pa.Array | None = None
    ) -> None:
        """Give the rows of `mask` that are still open their outcome; `cells` is the column of `field`."""
        positions = np.flatnonzero(mask & self.open)
        values = () if cells is None else cells.take(pa.array(positions))
        self.settle(positions, outcome, stage, reason, field, values)

    def flag_where(self, mask: Mask, stage: str, reason: str, field: str, cells: pa.Array) -> None:
        """Note what a person should look at in these open rows; they keep their letter. `cells`: of `field`."""
        positions = np.flatnonzero(mask & self.open)
        if len(positions):
            values = cells.take(pa.array(positions))
            self._flags.append((positions, _Finding(Outcome.PRINTED, stage, reason, field, values)))

    def flags(self, lines: NDArray[np.int64], ids: pa.Array) -> list[Rejection]:
        """The notes on rows that are open or printed, in line order."""
        kept = self.open | np.equal(self._codes, _ORDER.index(Outcome.PRINTED))
        noted = [
            Rejection(
                "customers", int(lines[row]), str(ids[int(row)]), found.stage, found.outcome,
                found.reason, found.field, str(found.values[place])[:_VALUE_LENGTH],
            )
            for rows, found in self._flags
            for place, row in enumerate(rows)
            if kept[row]
        ]  # fmt: skip
        return sorted(noted, key=lambda flag: flag.line)

    def of(self, outcome: Outcome) -> Positions:
        """The rows that have this outcome."""
        return np.flatnonzero(self._codes == _ORDER.index(outcome))

    def reasons(self, rows: Positions) -> list[str]:
        """Why these rows get nothing; "" of rows that are open or printed, or are none (-1)."""
        printed = np.equal(self._codes, _ORDER.index(Outcome.PRINTED))
        names = np.array(["", *(found.reason for found in self._findings)], object)
        finding = np.where(self.open | printed, 0, self._finding + 1)
        return list(names[np.append(finding, 0)[rows]])

    def counts(self) -> dict[Outcome, int]:
        """How many rows have each outcome."""
        settled = self._codes[~self.open]
        return dict(zip(_ORDER, np.bincount(settled, minlength=len(_ORDER)).tolist(), strict=True))

    def check_sum(self) -> None:
        """Raises PreflightError while a row is without an outcome."""
        counted = sum(self.counts().values())
        if counted != len(self._codes):
            raise PreflightError(
                mark("{read} customers were read, but {counted} have an outcome. Run again and report this."),
                read=len(self._codes),
                counted=counted,
            )

    def report(self, source: str, lines: NDArray[np.int64], ids: pa.Array) -> "Report":
        """The rows that got no piece, with their lines and customers."""
        rows = np.flatnonzero(~self.open & (self._codes != _ORDER.index(Outcome.PRINTED)))
        chosen = ids.take(pa.array(rows))
        return Report(source, lines[rows], chosen, self._finding[rows], self._place[rows], tuple(self._findings))


@dataclass(frozen=True, slots=True)
class Report:
    """Rejections of one list, made one by one when iterated, in line order."""

    source: str
    lines: NDArray[np.int64]
    ids: pa.Array
    finding: NDArray[np.int32]
    place: NDArray[np.int32]
    findings: tuple[_Finding, ...]

    def __len__(self) -> int:
        return len(self.lines)

    def tally(self) -> dict[tuple[Outcome, str], int]:
        """How many rows have each outcome for each reason."""
        counts: dict[tuple[Outcome, str], int] = {}
        for found, rows in zip(self.findings, np.bincount(self.finding, minlength=len(self.findings)), strict=True):
            key = (found.outcome, found.reason)
            counts[key] = counts.get(key, 0) + int(rows)
        return {key: rows for key, rows in counts.items() if rows}

    def but(self, reason: str) -> "Report":
        """The rows without those of a reason."""
        return self._kept([found.reason != reason for found in self.findings])

    def at(self, stage: str) -> "Report":
        """The rows of a stage."""
        return self._kept([found.stage == stage for found in self.findings])

    def _kept(self, wanted: list[bool]) -> "Report":
        if all(wanted):
            return self
        kept = np.array(wanted, np.bool_)[self.finding]
        chosen = self.ids.take(pa.array(np.flatnonzero(kept)))
        return Report(self.source, self.lines[kept], chosen, self.finding[kept], self.place[kept], self.findings)

    def __iter__(self) -> Iterator[Rejection]:
        return map(self._rejection, range(len(self.lines)))

    def of(self, outcome: Outcome) -> Iterator[Rejection]:
        """Those with one outcome, by reason and then by line."""
        reasons = np.array([found.reason if found.outcome is outcome else "" for found in self.findings])
        rows = np.flatnonzero(np.isin(self.finding, np.flatnonzero(reasons)))
        in_order = rows[np.lexsort((self.lines[rows], reasons[self.finding[rows]]))] if len(rows) else rows
        return map(self._rejection, in_order.tolist())

    def _rejection(self, row: int) -> Rejection:
        found = self.findings[self.finding[row]]
        value = str(found.values[int(self.place[row])]) if len(found.values) else ""
        return Rejection(
            self.source, int(self.lines[row]), str(self.ids[row]), found.stage, found.outcome,
            found.reason, found.field, value[:_VALUE_LENGTH],
        )  # fmt: skip


def texts(values: Sequence[str]) -> pa.Array:
    """Values that are not a column of the list."""
    return pa.array(values, TEXT)
