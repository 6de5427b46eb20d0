"""The shipments list: the day's parcels in packing order, each whole, or with the reason why nothing goes in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from dmgen.audience.cells.values import dates
from dmgen.audience.cells.vector import TEXT, is_empty, mask
from dmgen.audience.clean.drafts import Draft, drafts_of
from dmgen.audience.read.columns import Mapping, mapping
from dmgen.audience.read.csvfile import numbered
from dmgen.audience.read.preset import Kind, plain
from dmgen.audience.read.sheet import InputFile, Sheet
from dmgen.audience.read.sources import open_list
from dmgen.errors import CampaignError, DmgenError, ListError
from dmgen.messages import mark
from dmgen.model.campaign import ColumnRule, Shop
from dmgen.model.parcel import SHIPMENT_COLUMNS, Parcel, ShopParcel


class Shipment(NamedTuple):
    """A parcel, whose name stands on it ("" where the list does not say), and what speaks against a piece in it."""

    parcel: Parcel
    receiver: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Shipments:
    """The parcels of a shop in packing order; `elsewhere` is the number of rows that are other shops'."""

    file: InputFile
    parcels: tuple[Shipment, ...]
    elsewhere: int = 0

    @property
    def orders(self) -> pa.Array:
        """The ids of all orders in the parcels, each once."""
        ids = dict.fromkeys(order for one in self.parcels for order in one.parcel.orders)
        return pa.array(list(ids), TEXT)


def open_shipments(path: Path, shop: Shop) -> Mapping:
    """How the shipments list at `path` is read: by shop.toml's [shipments], else by the preset that fits.

    Numbers in [shipments] stand for columns of a file without header. Raises ListError where the list has not what
    [shipments] names, or says neither which parcels nor which orders they are.
    """
    by_number = any(source.isdecimal() for rule in shop.shipments for source in rule.sources)
    source = open_list(path, headed=not by_number)
    rules = tuple(map(_by_number, shop.shipments)) if by_number else shop.shipments
    for rule in rules:
        absent = [name for name in rule.sources if name not in source.header]
        if absent:
            message = mark("{file}: [shipments] {column} in {shop} asks for {absent}. The list has: {found}.")
            values = {"column": rule.name, "absent": ", ".join(absent), "found": ", ".join(source.header[:120])}
            raise ListError(message, file=path, shop=shop.file, **values)
    mapped = mapping(source, replace(shop, source="", columns=rules), Kind.SHIPMENTS)
    if not {"shipment_id", "order_ids"} & set(mapped.names):
        message = mark(
            "{file}: neither shipment_id nor order_ids is there, so no parcel can be told. The list has: {found}. Say "
            'in {shop} which header is which: [shipments] shipment_id = "…" (a number for a file without header)'
        )
        raise ListError(message, file=path, found=", ".join(source.header[:120]), shop=shop.file)
    return mapped


def _by_number(rule: ColumnRule) -> ColumnRule:
    return replace(rule, sources=tuple(numbered(int(one)) if one.isdecimal() else one for one in rule.sources))


def ship_day(path: Path, shop: Shop) -> date | None:
    """The day on which the shop's parcels of a list are shipped; None where it says none.

    Raises ListError, also for a list of several days: a job has one.
    """
    mapped = open_shipments(path, shop)
    if "ship_on" not in mapped.names:
        return None
    sheet = mapped.read([name for name in ("ship_on", "shop") if name in mapped.names])
    shops = mapped.text(sheet, "shop").to_pylist() if "shop" in mapped.names else None
    whose, ours = _whose(sheet, shops), ("", plain(shop.id))
    own = np.array([row for row, name in enumerate(whose) if name in ours and row not in sheet.damaged], np.int64)
    told = dates(mapped.raw(sheet, "ship_on"), shop.time_zone).take(pa.array(own))
    days = sorted(told.unique().drop_null().to_pylist())
    if len(days) > 1:
        message = mark(
            "{file}: parcels of several days: {days}. A job has one day: make a list of each, or say the day with "
            "--drop YYYY-MM-DD."
        )
        raise ListError(message, file=path, days=", ".join(day.isoformat() for day in days))
    return days[0] if days else None


def read_shipments(mapped: Mapping, shop: Shop) -> Shipments:
    """The parcels of a shop, in packing order: wave after wave as they first stand in the list, then by position.

    Rows of one shipment (of one order, where no shipment is named) are one parcel. A list without the column `shop`
    is all this shop's. Nothing stops at a row: what cannot be used is a parcel with a reason. Without the column
    `position` parcels count within their wave, those of other shops, too: that is how they are packed.
    """
    sheet, cells, days = _read(mapped, shop)
    whose = _whose(sheet, cells.get("shop"))
    own = {"", plain(shop.id)} if "shop" in cells else {""}
    elsewhere = sum(name is not None and name not in own for name in whose)
    drafts = [draft for draft in _drafts(sheet, cells, whose, days) if draft.shop in own]
    file = replace(sheet.file, remarks=(*sheet.file.remarks, *_remarks(mapped, sheet, cells, days, elsewhere, shop)))
    return Shipments(file, tuple(_shipments(drafts, sheet.lines.tolist())), elsewhere)


def read_batch(path: Path, shops: Sequence[Shop]) -> list[ShopParcel]:
    """All parcels of a list, whose ever they are, in packing order; the first shop's [shipments] say how to read it.

    A shop that is none of these keeps the word that the list has for it. Raises ListError as `open_shipments`, and for
    a list that does not tell which parcels are whose.
    """
    mapped = open_shipments(path, shops[0])
    if len(shops) > 1 and "shop" not in mapped.names:
        message = mark(
            "{file}: these are campaigns of several shops ({shops}), and nothing in the list tells whose a parcel is. "
            'Add a column shop that holds each shop\'s id, or say in {shop} which it is: [shipments] shop = "…"'
        )
        raise ListError(message, file=path, shops=", ".join(shop.id for shop in shops), shop=shops[0].file)
    sheet, cells, days = _read(mapped, shops[0])
    if "shop" in cells:
        ids = {plain(word): word for word in cells["shop"]} | {plain(shop.id): shop.id for shop in shops} | {"": ""}
    else:
        ids = {"": shops[0].id}
    drafts = _drafts(sheet, cells, _whose(sheet, cells.get("shop")), days)
    found = _shipments(drafts, sheet.lines.tolist())
    return [ShopParcel(ids[draft.shop], one.parcel) for draft, one in zip(drafts, found, strict=True)]


def _read(mapped: Mapping, shop: Shop) -> tuple[Sheet, dict[str, list[str]], pa.Array | None]:
    """The list, its cells by column, and the days of shipping where it says any."""
    names = [name for name in SHIPMENT_COLUMNS if name in mapped.names]
    sheet = mapped.read(names)
    cells = {name: mapped.text(sheet, name).to_pylist() for name in names}
    return sheet, cells, dates(mapped.raw(sheet, "ship_on"), shop.time_zone) if "ship_on" in names else None


def _drafts(
    sheet: Sheet, cells: dict[str, list[str]], whose: Sequence[str | None], days: pa.Array | None
) -> list[Draft]:
    return drafts_of(sheet, cells, whose, days.to_pylist() if days is not None else None)


def _shipments(drafts: Sequence[Draft], lines: Sequence[int]) -> Iterator[Shipment]:
    """The parcels as they are told; places are counted from 1."""
    for place, draft in enumerate(drafts, 1):
        parcel = Parcel(
            draft.key,
            draft.orders,
            draft.wave,
            draft.position,
            place,
            draft.customer_id,
            draft.tracking,
            draft.ship_on,
            lines[draft.row],
        )
        yield Shipment(parcel, draft.receiver, draft.reason)


def _whose(sheet: Sheet, shops: Sequence[str] | None) -> list[str | None]:
    """Whose each row is: "" nobody's, or where the list does not say; None: the header again, which is no parcel.

    A damaged row is nobody's unless it names a shop that others name.
    """
    whose: list[str | None] = [""] * len(sheet.lines)
    if shops is not None:
        known = {name: plain(name) for name in set(shops)}
        whose = [known[name] for name in shops]
        named = {name for row, name in enumerate(whose) if row not in sheet.damaged}
        for row in sheet.damaged:
            whose[row] = whose[row] if whose[row] in named else ""
    for row, damage in sheet.damaged.items():
        if damage.reason == "header_again":
            whose[row] = None
    return whose


def _remarks(
    mapped: Mapping,
    sheet: Sheet,
    cells: dict[str, list[str]],
    days: pa.Array | None,
    elsewhere: int,
    shop: Shop,
) -> Iterator[DmgenError]:
    """What a person should look at in the list."""
    name = sheet.file.path.name
    if not {"ship_to_name", "gift", "kind"} & set(mapped.names):
        message = mark(
            "{file}: nothing tells gifts, replacements and other receivers (ship_to_name, gift, kind): a letter could "
            "reach somebody who is not its customer. Say in {shop} under [shipments] which headers they are."
        )
        yield CampaignError(message, file=name, shop=shop.file)
    if days is not None:
        unclear = mask(days.is_null()) & ~is_empty(pa.array(cells["ship_on"], TEXT))
        unclear[list(sheet.damaged)] = False
        if unclear.any():
            message = mark('{file}, line {line}: "{value}" in ship_on is no day; {count} rows are so.')
            row = int(np.argmax(unclear))
            values = {"value": cells["ship_on"][row], "count": int(unclear.sum())}
            yield ListError(message, file=name, line=int(sheet.lines[row]), **values)
    if elsewhere:
        message = mark("{file}: {count} rows are of other shops than {shop} and are left out.")
        yield ListError(message, file=name, count=elsewhere, shop=shop.id)
