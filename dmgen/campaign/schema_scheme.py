"""The keys of a scheme's file and what each may hold."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, PlainValidator

from dmgen.campaign.problems import RefusalError
from dmgen.campaign.schema import Key, Name, Table, Text, When, between, read_rule
from dmgen.campaign.schema_costs import Rate
from dmgen.messages import mark
from dmgen.model.rule import Rule
from dmgen.model.scheme import Number, OptionValue


def _is_number(written: object) -> bool:
    return isinstance(written, int | float) and not isinstance(written, bool)


def option_value(written: object) -> OptionValue:
    """A number, text, or numbers in ascending order."""
    if isinstance(written, str) or _is_number(written):
        return written  # type: ignore[return-value]
    if isinstance(written, list) and all(map(_is_number, written)) and written == sorted(set(written)):
        return tuple(written)
    raise RefusalError(mark('allowed: a number, "text", or numbers in ascending order: [30, 90, 180, 365]'))


def _option(written: object) -> object:
    return written if isinstance(written, dict) else {"default": written}


def _percent(written: object) -> Number | str:
    if isinstance(written, str) or (_is_number(written) and 0 < written <= 100):  # type: ignore[operator]
        return written  # type: ignore[return-value]
    raise RefusalError(mark("allowed: a percentage above 0 and up to 100, or the name of an option that holds one"))


def _column(written: object) -> Rule | tuple[str, ...]:
    if isinstance(written, list) and len(written) > 1 and all(isinstance(name, str) for name in written):
        return tuple(written)
    if isinstance(written, str):
        return read_rule(written)
    message = mark('allowed: a rule, "recency_days >= 240", or the names of scores side by side: ["r", "f", "m"]')
    raise RefusalError(message)


def _number(written: object) -> Number:
    if not _is_number(written):
        raise RefusalError(mark("write a number without quotes"))
    return written  # type: ignore[return-value]


Bound = Annotated[Number, PlainValidator(_number)]
Value = Annotated[OptionValue, PlainValidator(option_value)]


class OptionTable(Table):
    """An option; in short its default alone."""

    default: Value
    allowed: Annotated[list[str], Field(min_length=1)] | None = None
    least: Bound = 0
    most: Bound | None = None


class TotalTable(Table):
    """One of [totals]: one figure of one column."""

    sum: Name | None = None
    mean: Name | None = None
    count: Name | None = None
    percentile: Name | None = None
    at: Annotated[Number | str | None, PlainValidator(_percent)] = None


class ScoreTable(Table):
    """One of [scores]."""

    of: Name
    into: Annotated[int, between(2, 100)] = 5
    one: Literal["low", "high"]
    cuts: Name | None = None


class GroupTable(Table):
    """One of [[groups]]."""

    id: Key
    label: Text | None = None
    when: When | None = None
    response: Rate | None = None


class SchemeTable(Table):
    """A scheme's file."""

    format: int = 1
    options: dict[Name, Annotated[OptionTable, BeforeValidator(_option)]] = {}
    totals: dict[Name, TotalTable] = {}
    scores: dict[Name, ScoreTable] = {}
    columns: dict[Name, Annotated[Rule | tuple[str, ...], PlainValidator(_column)]] = {}
    groups: Annotated[list[GroupTable], Field(min_length=1)]
    others: Key | None = None
