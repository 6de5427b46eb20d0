"""The keys of shop.toml and what each may hold."""

import re
import zoneinfo
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator

from dmgen.campaign.problems import RefusalError, did_you_mean
from dmgen.campaign.schema import (
    MOST_MONEY,
    Colors,
    FileName,
    Key,
    Name,
    Slug,
    Table,
    Text,
    between,
    file_name,
    font_keys,
)
from dmgen.campaign.schema_costs import CostsTable
from dmgen.messages import mark
from dmgen.model.campaign import ColumnType, Status
from dmgen.model.posting import Payment

_MOST_COLUMNS = 1000
_LINK = re.compile(r"https?://[!-~]+")
_PAGES = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?(/[A-Za-z0-9._~%/-]*)?")


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


def _font_entry(written: object) -> str | tuple[str, ...]:
    if isinstance(written, str) and written:
        return file_name(written)
    return font_keys(written)


class ColumnTable(Table):
    """A column of ours and the headers it comes from."""

    sources: Annotated[list[Text], Field(alias="from", min_length=1)]
    type: Annotated[ColumnType | None, Field(strict=False)] = None
    default: str | None = None


class PrinterTable(Table):
    """[printer]: what is known of the print shop; `contact` is whom it asks at the shop's: name, phone, e-mail."""

    name: Text | None = None
    condition: Text | None = None
    contact: Text | None = None


class ShopMailTable(Table):
    """[mail] of a shop: what all its mailings say, unless campaign.toml says it anew."""

    payment: Annotated[Payment | None, Field(strict=False)] = None
    post_office: Text | None = None


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
    mail: ShopMailTable = ShopMailTable()
    postage: FileName | None = None
    costs: CostsTable = CostsTable()
    cart: Text | None = None
    ranks: RanksTable | None = None
    pages: Annotated[str, AfterValidator(_pages)] = ""
    shipments: ShipmentsTable = ShipmentsTable()
