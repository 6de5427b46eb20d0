"""The keys of [costs] and what each may hold."""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator

from dmgen.campaign.problems import RefusalError
from dmgen.campaign.schema import MOST_MONEY, Key, Table
from dmgen.messages import mark

_MOST_LETTERS = 10_000_000
_EXAMPLE = "[{ from = 0, yen = 12 }, { from = 5000, yen = 9 }]"


def _is_number(written: object) -> bool:
    return isinstance(written, int | float) and not isinstance(written, bool)


def _yen(written: object) -> Decimal:
    """A price in yen; 1/100 yen is the least that prices are said in."""
    price = Decimal(str(written)) if _is_number(written) else Decimal(-1)
    if not (price.is_finite() and 0 <= price <= MOST_MONEY and price * 100 == int(price * 100)):
        raise RefusalError(mark("allowed: yen, 0 or more, with at most two decimals, for example 4.5"))
    return price


def _start(written: object) -> int:
    if not _is_number(written) or not isinstance(written, int) or not 0 <= written <= _MOST_LETTERS:
        raise RefusalError(mark("allowed: a whole number from {low} to {high}"), low=0, high=_MOST_LETTERS)
    return written


class PriceStepTable(Table):
    """One of a price's steps."""

    start: Annotated[int, PlainValidator(_start), Field(alias="from")] = 0
    yen: Annotated[Decimal, PlainValidator(_yen)]


def _as_steps(written: object) -> object:
    """A price alone is one from the first letter on."""
    if isinstance(written, list):
        return written
    if not _is_number(written):
        message = mark("write yen without quotes, or prices by the number of letters: {example}")
        raise RefusalError(message, example=_EXAMPLE)
    return [{"from": 0, "yen": written}]


def _ascending(steps: list[PriceStepTable]) -> list[PriceStepTable]:
    starts = [step.start for step in steps]
    if starts[:1] != [0] or starts != sorted(set(starts)):
        message = mark("prices by the number of letters begin with from = 0 and ascend: {example}")
        raise RefusalError(message, example=_EXAMPLE)
    return steps


def _rate(written: object) -> Decimal:
    """A share of all, as people write it."""
    share = Decimal(str(written)) if _is_number(written) else Decimal(0)
    if not (share.is_finite() and 0 < share <= 1):
        raise RefusalError(mark("allowed: a share above 0 and up to 1, for example 0.1 for a tenth"))
    return share


Price = Annotated[list[PriceStepTable], BeforeValidator(_as_steps), AfterValidator(_ascending)] | None
Rate = Annotated[Decimal, PlainValidator(_rate)]


class CostsTable(Table):
    """[costs]."""

    setup: Price = None
    setup_layout: Price = None
    side: Price = None
    shell: Price = None
    paper: Price = None
    fold: Price = None
    envelope: Price = None
    inserting: Price = None
    per_piece: Price = None
    margin: Annotated[Decimal | None, PlainValidator(_rate)] = None
    response: dict[Key, Rate] = {}
