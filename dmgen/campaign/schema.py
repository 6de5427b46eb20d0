"""What the keys of TOML files may hold, whichever file they stand in."""

import keyword
import re
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    model_validator,
)

from dmgen.campaign import lengths
from dmgen.campaign.problems import RefusalError, UnknownKeyError
from dmgen.messages import mark
from dmgen.model.campaign import Policy
from dmgen.model.layout import Color
from dmgen.model.offer import CodeSource
from dmgen.model.printing import Standard
from dmgen.model.rule import Rule, RuleError
from dmgen.toml import BACKSLASH, lookalike

MOST_MONEY = 99_999_999
_CONTROL = re.compile(r"[\x00-\x1f]")
_SLUG = re.compile(r"[a-z0-9-]{1,32}")
_KEY = re.compile(r"[A-Za-z0-9_-]{1,32}")
_DAYS = re.compile(r"([0-9]{1,4}) days?")
_SINGLE_EQUALS = re.compile(r"(?<![=!<>])=(?!=)")


class Table(BaseModel):
    """A table that refuses keys it does not know, and values of another type."""

    model_config = ConfigDict(strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _know_keys(cls, data: Any) -> Any:
        known = [field.alias or name for name, field in cls.model_fields.items()]
        for key in data if isinstance(data, dict) else ():
            if key not in known:
                raise UnknownKeyError(key, known)
        return data


def between(low: int, high: int) -> AfterValidator:
    """A check that a number is from `low` to `high`; a refusal says both."""

    def check(number: int) -> int:
        if not low <= number <= high:
            raise RefusalError(mark("allowed: a whole number from {low} to {high}"), low=low, high=high)
        return number

    return AfterValidator(check)


def _slug(text: str) -> str:
    if not _SLUG.fullmatch(text):
        raise RefusalError(mark("allowed: 1 to 32 of a-z, 0-9 and -"))
    return text


def _key(text: str) -> str:
    if not _KEY.fullmatch(text):
        raise RefusalError(mark("allowed: 1 to 32 of A-Z, a-z, 0-9, _ and -"))
    return text


def _color_name(text: str) -> str:
    if text in lengths.COLORS:
        raise RefusalError(mark("black and white are what they are; choose another name"))
    return _key(text)


def _name(text: str) -> str:
    if not text.isidentifier() or keyword.iskeyword(text):
        raise RefusalError(mark("a name has letters, digits and _ only and does not begin with a digit"))
    return text


def file_name(text: str) -> str:
    """A path as TOML may say it: a backslash has made something else of it. Raises RefusalError."""
    if _CONTROL.search(text):
        raise RefusalError(BACKSLASH)
    return text


def read_rule(written: object) -> Rule:
    """The rule that is written."""
    if not isinstance(written, str):
        raise RefusalError(mark('write a rule in quotes, for example: when = "purchases >= 2"'))
    try:
        return Rule.parse(written)
    except RuleError as error:
        raise _no_rule(written, str(error)) from error


def _no_rule(written: str, part: str) -> RefusalError:
    mistyped = lookalike(written)
    if mistyped:
        return RefusalError(mistyped.message, **mistyped.values)
    if _SINGLE_EQUALS.search(written):
        return RefusalError(mark('a comparison has two signs, == or >=; for example: when = "purchases == 2"'))
    message = mark(
        'this is no rule: "{part}"; a rule has columns, numbers, "text", == != < <= > >=, in, '
        'and, or, not; for example: when = "purchases >= 2"'
    )
    return RefusalError(message, part=part)


def read_validity(written: object) -> int | date | str:
    """How long an offer holds: days from the drop, a last day, or the month of a person's birthday."""
    if written == "birthday month":
        return "birthday month"
    try:
        return _day(written)
    except ValueError as error:
        raise RefusalError(
            mark('allowed: "30 days" (from the drop), the last day: 2026-05-31, or "birthday month"')
        ) from error


def read_day(written: object) -> int | date:
    """A day, or so many days from the drop."""
    try:
        return _day(written)
    except ValueError as error:
        raise RefusalError(mark('allowed: "30 days" (from the drop), or a day: 2026-05-31')) from error


def _day(written: object) -> int | date:
    text = written if isinstance(written, str) else str(written) if isinstance(written, date) else ""
    if match := _DAYS.fullmatch(text):
        return int(match[1])
    return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007


def within(low: float, high: float) -> AfterValidator:
    """A check that a number, whole or not, is from `low` to `high`; a refusal says both."""

    def check(number: float) -> float:
        if not low <= number <= high:
            raise RefusalError(mark("allowed: a number from {low:g} to {high:g}"), low=low, high=high)
        return number

    return AfterValidator(check)


def read_codes(written: object) -> tuple[CodeSource, str]:
    """Where an offer's codes come from, with the file of a pool."""
    if written in ("single", "shared"):
        return CodeSource(written), ""
    if isinstance(written, str) and written.startswith("pool:") and written != "pool:":
        return CodeSource.POOL, file_name(written.removeprefix("pool:"))
    raise RefusalError(mark('allowed: "single" (one a person), "shared" (one for everybody), "pool:FILE"'))


def font_keys(written: object) -> tuple[str, ...]:
    """One font by its key, or several in the order in which they are asked for a character."""
    keys = [written] if isinstance(written, str) else written
    if not isinstance(keys, list) or not keys or not all(isinstance(key, str) and key for key in keys):
        raise RefusalError(mark('write the key of a font, "mincho", or several: ["mincho", "gothic"]'))
    return tuple(dict.fromkeys(keys))


Text = Annotated[str, Field(min_length=1)]
Slug = Annotated[str, AfterValidator(_slug)]
Key = Annotated[str, AfterValidator(_key)]
Name = Annotated[str, AfterValidator(_name)]
FileName = Annotated[str, Field(min_length=1), AfterValidator(file_name)]
ColorName = Annotated[str, AfterValidator(_color_name)]
Colors = dict[ColorName, Annotated[Color, PlainValidator(lengths.named_color)]]
When = Annotated[Rule, PlainValidator(read_rule)]
Tickets = Annotated[int, between(0, 100)]


class PaperTable(Table):
    """[print] paper: its weight as g/m², or as 連量 (kg of 1,000 sheets of 四六判)."""

    name: Text
    gsm: Annotated[float, Field(strict=False), within(30, 600)] | None = None
    ream: Annotated[float, Field(strict=False), within(25, 520)] | None = None
    thickness: Annotated[float, PlainValidator(lengths.positive_length)] | None = None

    @model_validator(mode="after")
    def _say_the_weight(self) -> Self:
        if (self.gsm is None) == (self.ream is None):
            raise RefusalError(mark("say the weight of the paper as gsm = 104.7 (g/m²) or ream = 90 (kg, 四六判)"))
        return self


class PrintTable(Table):
    """[print]."""

    batch: Annotated[int, between(1, 20_000)] = 2000
    standard: Annotated[Standard, Field(strict=False)] = Standard.X4
    profile: FileName | None = None
    condition: Text | None = None
    variables: Literal["all", "black only"] = "all"
    postal_code: bool = False
    paper: PaperTable | None = None
    finishing: Text | None = None
    note: Text | None = None


class ReleaseTable(Table):
    """[release]."""

    read_back: bool = True


class PolicyTable(Table):
    """[policy]."""

    missing_glyph: Annotated[Policy, Field(strict=False)] = Policy.REJECT
    overset: Annotated[Policy, Field(strict=False)] = Policy.REJECT
    missing_image: Annotated[Policy, Field(strict=False)] = Policy.REJECT
    postal_code_unknown: Annotated[Policy, Field(strict=False)] = Policy.REJECT
    postal_mismatch: Annotated[Policy, Field(strict=False)] = Policy.WARN
    no_barcode: Annotated[Policy, Field(strict=False)] = Policy.WARN
