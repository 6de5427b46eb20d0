"""The shipments list: the day's parcels in packing order, each whole, or with the reason why nothing goes in."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from dmgen.audience.cells.values import dates, flags
from dmgen.audience.cells.vector import is_empty, mask
from dmgen.audience.read.columns import Mapping, mapping
from dmgen.audience.read.csvfile import numbered
from dmgen.audience.read.preset import Kind, plain
from dmgen.audience.read.sheet import InputFile, Sheet
from dmgen.audience.read.sources import open_list
from dmgen.errors import CampaignError, DmgenError, ListError
from dmgen.messages import mark
from dmgen.model.campaign import ColumnRule, Shop
from dmgen.model.parcel import SHIPMENT_COLUMNS, Parcel

_ONLY_WAVE = "1"
_BETWEEN_IDS = re.compile(r"[;,/\s；，、／]+")
_TOKENS = re.compile(r"[0-9]+|[^0-9]+")
_REPLACEMENT = re.compile(
    r"交換|再送|再発送|再出荷|再配送|代替|代品|差し?替え|修理|欠品補充|不良対応|replace|resen[dt]|reship|exchange|re-?delivery"
)
_GIFT = re.compile(r"ギフト|贈答|贈り物|プレゼント|gift|present")
_NO_GIFT = frozenset({"-", "自宅用", "自宅", "ご自宅用", "ご自宅", "本人", "ご本人", "通常", "normal", "self"})
# Cells in which the rows of one parcel may differ: each order's own, or a box's.
_TOLD_ONCE = ("customer_id", "wave", "position", "ship_on", "ship_to_name")

OrderKey = tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Shipment:
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
        return pa.array(list(ids), pa.large_string())


@dataclass(slots=True)
class _Draft:
    """A parcel being put together from the rows that name it."""

    key: str
    row: int
    orders: dict[str, None]
    cells: dict[str, str]
    reason: str = ""
    tracking: str = ""
    ship_on: date | None = None
    order: tuple[int, OrderKey, int] = field(default=(0, (), 0))
    shop: str = ""
    rows: list[int] = field(default_factory=list)


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
    found = read_shipments(open_shipments(path, shop), shop)
    days = sorted({one.parcel.ship_on for one in found.parcels if one.parcel.ship_on})
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
    own = ("", plain(shop.id))
    every = _packed(sheet, cells, days)
    elsewhere = sum(len(draft.rows) for draft in every if draft.shop not in own and "shop" in cells)
    drafts = [draft for draft in every if draft.shop in own or "shop" not in cells]
    file = replace(sheet.file, remarks=(*sheet.file.remarks, *_remarks(mapped, sheet, cells, days, elsewhere, shop)))
    parcels = (_shipment(draft, place, sheet) for place, draft in enumerate(drafts, 1))
    return Shipments(file, tuple(parcels), elsewhere)


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
    ids = {plain(shop.id): shop.id for shop in shops}
    sheet, cells, days = _read(mapped, shops[0])
    told = "shop" in cells
    return [
        ShopParcel(
            ids.get(draft.shop, draft.cells.get("shop", "")) if told else shops[0].id,
            _shipment(draft, place, sheet).parcel,
        )
        for place, draft in enumerate(_packed(sheet, cells, days), 1)
    ]


def _read(mapped: Mapping, shop: Shop) -> tuple[Sheet, dict[str, list[str]], pa.Array | None]:
    """The list, its cells by column, and the days of shipping where it says any."""
    names = [name for name in SHIPMENT_COLUMNS if name in mapped.names]
    sheet = mapped.read(names)
    cells = {name: mapped.text(sheet, name).to_pylist() for name in names}
    return sheet, cells, dates(mapped.raw(sheet, "ship_on"), shop.time_zone) if "ship_on" in names else None


def _packed(sheet: Sheet, cells: dict[str, list[str]], days: pa.Array | None) -> list[_Draft]:
    """The parcels of all shops in packing order, each with its position within its wave."""
    drafts = _drafts(sheet, cells, days.to_pylist() if days is not None else None)
    _sort(drafts)
    if "position" not in cells:
        numbered_waves: dict[str, int] = {}
        for draft in drafts:
            wave = draft.cells["wave"]
            numbered_waves[wave] = numbered_waves.get(wave, 0) + 1
            draft.cells["position"] = str(numbered_waves[wave])
    return drafts


def _shops_of_rows(sheet: Sheet, shops: Sequence[str] | None, rows: Sequence[int]) -> dict[int, str]:
    """Whose each row is; "": nobody's. A damaged row is nobody's unless it names a shop that others do."""
    if shops is None:
        return dict.fromkeys(rows, "")
    known = {name: plain(name) for name in set(shops)}
    named = {known[shops[row]] for row in rows if row not in sheet.damaged}
    return {row: name if (name := known[shops[row]]) in named or row not in sheet.damaged else "" for row in rows}


def _drafts(sheet: Sheet, cells: dict[str, list[str]], days: Sequence[date | None] | None) -> list[_Draft]:
    """The parcels in the order in which they first stand in the list; those of two shops are never one.

    A row that names no shop goes to the parcels of its shipment, whose ever they are, and spoils them.
    """
    again = {row for row, damage in sheet.damaged.items() if damage.reason == "header_again"}
    rows = [row for row in range(len(sheet.lines)) if row not in again]
    whose = _shops_of_rows(sheet, cells.get("shop"), rows)
    drafts: dict[tuple[str, str], _Draft] = {}
    of_shipment: dict[str, list[_Draft]] = {}
    for row in sorted(rows, key=lambda row: (not whose[row], row)):
        draft = _draft(sheet, row, {name: column[row] for name, column in cells.items()}, days)
        draft.shop = whose[row]
        earlier = drafts.get((draft.shop, draft.key)) if draft.key else None
        twins = [earlier] if earlier else of_shipment.get(draft.key, []) if draft.key and not draft.shop else []
        for twin in twins:
            _join(twin, draft)
        if not twins:
            drafts[draft.shop, draft.key or f"\n{row}"] = draft
            of_shipment.setdefault(draft.key, []).append(draft)
    listed = sorted(drafts.values(), key=lambda draft: draft.row)
    _name_nameless(listed, sheet, set(of_shipment))
    return listed


def _draft(sheet: Sheet, row: int, told: dict[str, str], days: Sequence[date | None] | None) -> _Draft:
    """What one row says of its parcel."""
    told["wave"] = told.get("wave") or _ONLY_WAVE
    orders = dict.fromkeys(filter(None, _BETWEEN_IDS.split(told.get("order_ids", ""))))
    damage = sheet.damaged.get(row)
    key = "" if damage else told.get("shipment_id") or next(iter(orders), "")
    draft = _Draft(key, row, orders, told, tracking=told.get("tracking", ""), ship_on=days[row] if days else None)
    draft.rows.append(row)
    if damage:
        draft.reason, draft.orders, draft.tracking, draft.ship_on = damage.reason, {}, "", None
        draft.cells = {"wave": ""}
    elif not key:
        draft.reason = "shipment_id_missing"
    elif "shop" in told and not told["shop"]:
        draft.reason = "shop_missing"
    else:
        draft.reason = _kind_of(told)
    return draft


def _kind_of(told: dict[str, str]) -> str:
    kind = unicodedata.normalize("NFKC", told.get("kind", "")).casefold()
    if _REPLACEMENT.search(kind):
        return "replacement"
    return "gift" if _GIFT.search(kind) or _is_gift(told.get("gift", "")) else ""


def _is_gift(cell: str) -> bool:
    """Whether a cell of the column `gift` says so: anything that is no plain no, such as のし."""
    if not cell or plain(cell) in _NO_GIFT:
        return False
    return flags(pa.array([cell], pa.large_string()))[0].as_py() is not False


def _join(earlier: _Draft, further: _Draft) -> None:
    """A further row of a parcel: its orders go in; what it says of the parcel must be the same, or nothing."""
    earlier.rows += further.rows
    earlier.orders |= further.orders
    for name in _TOLD_ONCE:
        said, again = earlier.cells.get(name, ""), further.cells.get(name, "")
        if said and again and said != again:
            earlier.reason = "shipment_twice"
        elif again and not said:
            earlier.cells[name] = again
    earlier.tracking = earlier.tracking or further.tracking
    earlier.ship_on = earlier.ship_on or further.ship_on
    earlier.reason = earlier.reason or further.reason


def _name_nameless(drafts: Sequence[_Draft], sheet: Sheet, taken: set[str]) -> None:
    """A parcel without an id is called by its line, as nothing else is."""
    for draft in drafts:
        if not draft.key:
            name = f"line-{sheet.lines[draft.row]}"
            while name in taken:
                name += "-"
            taken.add(name)
            draft.key = name


def _sort(drafts: list[_Draft]) -> None:
    """Packing order. A row that does not say where it belongs stays behind the row before it."""
    waves: dict[str, int] = {}
    before: tuple[str, OrderKey] = ("", ())
    for draft in drafts:
        wave = draft.cells["wave"] or before[0] or _ONLY_WAVE
        draft.cells["wave"] = wave
        position = draft.cells.get("position", "")
        key = natural(position) if position else before[1] if wave == before[0] else ()
        draft.order = (waves.setdefault(wave, len(waves)), key, draft.row)
        before = (wave, key)
    drafts.sort(key=lambda draft: draft.order)


def natural(text: str) -> OrderKey:
    """A key that sorts positions as people do: 2 before 10, A-2 before A-10; numbers before words."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in _TOKENS.findall(text))


def _shipment(draft: _Draft, place: int, sheet: Sheet) -> Shipment:
    cells = draft.cells
    parcel = Parcel(
        draft.key,
        tuple(draft.orders),
        cells["wave"],
        cells.get("position", ""),
        place,
        cells.get("customer_id", ""),
        draft.tracking,
        draft.ship_on,
        int(sheet.lines[draft.row]),
    )
    return Shipment(parcel, cells.get("ship_to_name", ""), draft.reason)


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
        unclear = mask(days.is_null()) & ~is_empty(pa.array(cells["ship_on"], pa.large_string()))
        unclear[list(sheet.damaged)] = False
        if unclear.any():
            message = mark('{file}, line {line}: "{value}" in ship_on is no day; {count} rows are so.')
            row = int(np.argmax(unclear))
            values = {"value": cells["ship_on"][row], "count": int(unclear.sum())}
            yield ListError(message, file=name, line=int(sheet.lines[row]), **values)
    if elsewhere:
        message = mark("{file}: {count} rows are of other shops than {shop} and are left out.")
        yield ListError(message, file=name, count=elsewhere, shop=shop.id)
