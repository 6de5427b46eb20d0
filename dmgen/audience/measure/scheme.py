"""A scheme applied: its totals, scores, columns and groups, exactly as its file defines them."""

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, fsum
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from dmgen.audience.cells.text import joined
from dmgen.audience.cells.vector import TEXT, Mask
from dmgen.audience.measure.rules import series, truth
from dmgen.audience.measure.scheme_check import check_scheme_columns
from dmgen.audience.measure.spread import Spread
from dmgen.audience.read.columns import Column
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.campaign import ColumnType
from dmgen.model.rule import Rule, RuleError
from dmgen.model.scheme import Figure, OptionValue, Scheme, Score, Total


def scheme_columns(scheme: Scheme, columns: Mapping[str, Column], spread: Spread) -> dict[str, Column]:
    """The columns that a scheme adds, `group` among them ("" for who bought nothing). Raises CampaignError.

    `columns` are those of the customers list with what was measured of its buyers.
    """
    check_scheme_columns(scheme, columns)
    applied = _Applied(scheme, columns, spread)
    if len(spread.buyers):
        applied.run()
    return applied.made()


class _Applied:
    """A scheme on its way over the columns of the buyers."""

    def __init__(self, scheme: Scheme, columns: Mapping[str, Column], spread: Spread) -> None:
        self._scheme, self._columns, self._spread = scheme, columns, spread
        self._values: dict[str, Any] = {name: _exact(value) for name, value in scheme.options.items()}
        self._scores: dict[str, NDArray[np.int64]] = {}
        self._flags: dict[str, Mask] = {}
        self._codes = np.zeros(len(spread.buyers), np.int64)

    def run(self) -> None:
        scheme = self._scheme
        for name, total in scheme.totals.items():
            self._values[name] = _figure(total, self._column(total.column), self._spread.decimals)
        for name, score in scheme.scores.items():
            self._scores[name] = scores(score, self._column(score.column).to_numpy(dtype=np.float64, na_value=np.nan))
            numbers = pa.array(self._scores[name], mask=self._scores[name] == 0)
            self._values[name] = pd.Series(numbers, dtype=pd.ArrowDtype(numbers.type))
        for name, rule in scheme.columns.items():
            if isinstance(rule, Rule):
                self._flags[name] = self._truth(f"[columns] {name}", rule)
                self._values[name] = pd.Series(pa.array(self._flags[name]).cast(pa.int8()), dtype=_INT8)
        taken = np.zeros(len(self._spread.buyers), np.bool_)
        for code, group in enumerate(scheme.groups):
            hit = ~taken if group.when is None else ~taken & self._truth(f"[[groups]] {group.id}", group.when)
            self._codes[hit] = code
            taken |= hit

    def made(self) -> dict[str, Column]:
        """The scheme's columns over the whole customers list."""
        spread, nobody = self._spread, np.zeros(len(self._spread.buyers), np.int64)
        numbers = {name: self._scores.get(name, nobody) for name in self._scheme.scores}
        found = {name: spread.whole(values, values > 0) for name, values in numbers.items()}
        for name, column in self._scheme.columns.items():
            if isinstance(column, Rule):
                found[name] = spread.flag(self._flags.get(name, nobody.astype(np.bool_)))
            else:
                parts = [found[score].cells.cast(TEXT).fill_null("") for score in column]
                found[name] = Column(ColumnType.TEXT, joined(parts, ""))
        ids = pa.array(self._scheme.group_ids or [""], TEXT)
        found["group"] = spread.text(ids.take(pa.array(self._codes)))
        return found

    def _column(self, name: str) -> Any:
        if name not in self._values:
            self._values[name] = series(self._columns[name], self._spread.buyers)
        return self._values[name]

    def _truth(self, part: str, rule: Rule) -> Mask:
        try:
            return truth(rule, self._column, len(self._spread.buyers))
        except (ArithmeticError, pa.ArrowException, RuleError) as error:
            raise CampaignError(
                mark('{file}: {part}: "{rule}" cannot be computed ({problem}). Simplify the rule.'),
                file=self._scheme.file,
                part=part,
                rule=rule.text,
                problem=error,
            ) from error


_INT8 = pd.ArrowDtype(pa.int8())


def _exact(value: OptionValue) -> object:
    """An option for a rule: a number with decimals is what is written, not the float next to it."""
    return Fraction(repr(value)) if isinstance(value, float) else value


def _figure(total: Total, column: Any, decimals: int) -> Fraction:
    values = column.dropna().to_numpy()
    match total.figure:
        case Figure.COUNT:
            return Fraction(len(values))
        case Figure.SUM:
            return _sum(values, decimals)
        case Figure.MEAN:
            return _sum(values, decimals) / max(len(values), 1)
    place = max(ceil(Fraction(repr(total.percent)) * len(values) / 100), 1) - 1
    return Fraction(repr(np.partition(values, place)[place].item())) if len(values) else Fraction(0)


def _sum(values: NDArray[Any], decimals: int) -> Fraction:
    """The sum; of money exactly, whose cells have so many decimals."""
    if values.dtype.kind in "iu":
        return Fraction(sum(values.tolist()))
    units = np.round(values * 10**decimals)
    if np.array_equal(np.round(units / 10**decimals, decimals), values):
        return Fraction(sum(units.astype(np.int64).tolist()), 10**decimals)
    return Fraction(fsum(values.tolist()))


def scores(score: Score, values: NDArray[np.float64]) -> NDArray[np.int64]:
    """The number of each value, 1 to `into`; equal values have the same; 0 where there is none (NaN).

    In equal parts: 1 + ⌊into × the share of values nearer to the end of number 1⌋. At cuts: the low end is
    below the first cut (a value on a cut is above it), or from the high end: up to a cut (a value on it is below).
    """
    known = ~np.isnan(values)
    given = values[known]
    ascending = np.sort(given)
    if score.cuts and score.one_is_high:
        numbers = score.into - np.searchsorted(score.cuts, given, side="left")
    elif score.cuts:
        numbers = 1 + np.searchsorted(score.cuts, given, side="right")
    else:
        nearer = (
            len(given) - np.searchsorted(ascending, given, side="right")
            if score.one_is_high
            else np.searchsorted(ascending, given, side="left")
        )
        numbers = 1 + score.into * nearer // max(len(given), 1)
    found = np.zeros(len(values), np.int64)
    found[known] = numbers
    return found
