"""The keys of shop.toml and campaign.toml and what each may hold."""

import keyword
import re
import zoneinfo
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    model_validator,
)

from dmgen.campaign import lengths
from dmgen.campaign.problems import RefusalError, UnknownKeyError, did_you_mean
from dmgen.campaign.toml_file import BACKSLASH, lookalike
from dmgen.messages import mark
from dmgen.model.campaign import ColumnType, Policy, Status
from dmgen.model.layout import Color
from dmgen.model.offer import CodeSource
from dmgen.model.printing import Standard
from dmgen.model.rule import Rule, RuleError

MOST_MONEY = 99_999_999
_CONTROL = re.compile(r"[\x00-\x1f]")
_MOST_COLUMNS = 1000
_SLUG = re.compile(r"[a-z0-9-]{1,32}")
_KEY = re.compile(r"[A-Za-z0-9_-]{1,32}")
_LINK = re.compile(r"https?://[!-~]+")
_PAGES = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?(/[A-Za-z0-9._~%/-]*)?")
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


def _file_name(text: str) -> str:
    if _CONTROL.search(text):
        raise RefusalError(BACKSLASH)
    return text


def _time_zone(text: str) -> str:
    try:
        zoneinfo.ZoneInfo(text)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = did_you_mean(text, zoneinfo.available_timezones())
        message = mark("no such time zone{near}; allowed are names such as Asia/Tokyo, Europe/London or UTC")
        raise RefusalError(message, near=near) from error
    return text


def _links(text: str) -> str:
    if text and not _LINK.fullmatch(text):
        raise RefusalError(mark("write the address that links begin with, such as https://shop.example.jp/c/"))
    return text


def _pages(text: str) -> str:
    if text and not _PAGES.fullmatch(text):
        raise RefusalError(mark("write the address of a folder for pages, such as https://shop.example.jp/dm/"))
    return f"{text.rstrip('/')}/" if text else ""


def _column(written: object) -> object:
    if isinstance(written, str | list):
        written = {"from": written}
    if not isinstance(written, dict):
        raise RefusalError(mark('allowed: "header", ["header", "header"] or {{ from = "header", type = "int" }}'))
    sources = written.get("from")
    return {**written, "from": [sources]} if isinstance(sources, str) else written


def _shipment_column(written: object) -> object:
    """A header as `_column` takes it, or the number of a column of a file without header."""
    if isinstance(written, bool | float) or (isinstance(written, int) and not 1 <= written <= _MOST_COLUMNS):
        message = mark('allowed: "header", ["header", "header"], or the number of a column, from 1')
        raise RefusalError(message)
    if isinstance(written, dict) and "from" in written:
        return _column({**written, "from": _as_text(written["from"])})
    return _column(_as_text(written))


def _as_text(written: object) -> object:
    """Numbers of columns as text."""
    if isinstance(written, list):
        return [_as_text(one) for one in written]
    return str(written) if isinstance(written, int) and not isinstance(written, bool) else written


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


def read_codes(written: object) -> tuple[CodeSource, str]:
    """Where an offer's codes come from, with the file of a pool."""
    if written in ("single", "shared"):
        return CodeSource(written), ""
    if isinstance(written, str) and written.startswith("pool:") and written != "pool:":
        return CodeSource.POOL, _file_name(written.removeprefix("pool:"))
    raise RefusalError(mark('allowed: "single" (one a person), "shared" (one for everybody), "pool:FILE"'))


def _font_entry(written: object) -> str | tuple[str, ...]:
    if isinstance(written, str) and written:
        return _file_name(written)
    return font_keys(written)


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
FileName = Annotated[str, Field(min_length=1), AfterValidator(_file_name)]
ColorName = Annotated[str, AfterValidator(_color_name)]
Colors = dict[ColorName, Annotated[Color, PlainValidator(lengths.named_color)]]
When = Annotated[Rule, PlainValidator(read_rule)]
Tickets = Annotated[int, between(0, 100)]


class ColumnTable(Table):
    """A column of ours and the headers it comes from."""

    sources: Annotated[list[Text], Field(alias="from", min_length=1)]
    type: Annotated[ColumnType | None, Field(strict=False)] = None
    default: str | None = None


class PrinterTable(Table):
    """[printer]: what is known of the print shop."""

    condition: Text | None = None


ShipmentColumn = Annotated[ColumnTable | None, BeforeValidator(_shipment_column)]


class ShipmentsTable(Table):
    """[shipments]: which header, or which column of a file without header, is what."""

    shipment_id: ShipmentColumn = None
    order_ids: ShipmentColumn = None
    customer_id: ShipmentColumn = None
    wave: ShipmentColumn = None
    position: ShipmentColumn = None
    ship_on: ShipmentColumn = None
    tracking: ShipmentColumn = None
    ship_to_name: ShipmentColumn = None
    gift: ShipmentColumn = None
    kind: ShipmentColumn = None
    shop: ShipmentColumn = None


class LevelTable(Table):
    """One of [ranks] levels."""

    name: Text
    start: Annotated[int, between(0, MOST_MONEY), Field(alias="from")]


class RanksTable(Table):
    """[ranks]."""

    by: Name
    levels: Annotated[list[LevelTable], Field(min_length=1)]


class ShopTable(Table):
    """shop.toml."""

    format: int
    id: Slug
    sender: Text
    stop_contact: str = ""
    language: Literal["ja", "en"] | None = None
    country: Literal["JP", "generic"] = "JP"
    time_zone: Annotated[str, AfterValidator(_time_zone)] = "Asia/Tokyo"
    source: Text | None = None
    ledger: Text = "ledger.sqlite"
    links: Annotated[str, AfterValidator(_links)] = ""
    columns: dict[Name, Annotated[ColumnTable, BeforeValidator(_column)]] = {}
    statuses: dict[Text, Annotated[Status, Field(strict=False)]] = {}
    about: dict[Name, str] = {}
    fonts: dict[Key, Annotated[str | tuple[str, ...], PlainValidator(_font_entry)]] = {}
    colors: Colors = {}
    printer: PrinterTable = PrinterTable()
    cart: Text | None = None
    ranks: RanksTable | None = None
    pages: Annotated[str, AfterValidator(_pages)] = ""
    shipments: ShipmentsTable = ShipmentsTable()


class PrintTable(Table):
    """[print]."""

    batch: Annotated[int, between(1, 20_000)] = 2000
    standard: Annotated[Standard, Field(strict=False)] = Standard.X4
    profile: FileName | None = None
    condition: Text | None = None
    variables: Literal["all", "black only"] = "all"
    postal_code: bool = False


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
