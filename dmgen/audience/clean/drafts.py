"""Rows of a shipments list put together into parcels, and sorted as they are packed."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from dmgen.audience.cells.values import flags
from dmgen.audience.read.preset import plain
from dmgen.audience.read.sheet import Sheet

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


@dataclass(slots=True)
class Draft:
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


def drafts(sheet: Sheet, cells: dict[str, list[str]], days: pa.Array | None) -> list[Draft]:
    """The parcels of all shops in packing order, each with its position within its wave."""
    found = _put_together(sheet, cells, days.to_pylist() if days is not None else None)
    _sort(found)
    if "position" not in cells:
        numbered_waves: dict[str, int] = {}
        for draft in found:
            wave = draft.cells["wave"]
            numbered_waves[wave] = numbered_waves.get(wave, 0) + 1
            draft.cells["position"] = str(numbered_waves[wave])
    return found


def _shops_of_rows(sheet: Sheet, shops: Sequence[str] | None, rows: Sequence[int]) -> dict[int, str]:
    """Whose each row is; "": nobody's. A damaged row is nobody's unless it names a shop that others do."""
    if shops is None:
        return dict.fromkeys(rows, "")
    known = {name: plain(name) for name in set(shops)}
    named = {known[shops[row]] for row in rows if row not in sheet.damaged}
    return {row: name if (name := known[shops[row]]) in named or row not in sheet.damaged else "" for row in rows}


def _put_together(sheet: Sheet, cells: dict[str, list[str]], days: Sequence[date | None] | None) -> list[Draft]:
    """The parcels in the order in which they first stand in the list; those of two shops are never one.

    A row that names no shop goes to the parcels of its shipment, whose ever they are, and spoils them.
    """
    again = {row for row, damage in sheet.damaged.items() if damage.reason == "header_again"}
    rows = [row for row in range(len(sheet.lines)) if row not in again]
    whose = _shops_of_rows(sheet, cells.get("shop"), rows)
    drafts: dict[tuple[str, str], Draft] = {}
    of_shipment: dict[str, list[Draft]] = {}
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


def _draft(sheet: Sheet, row: int, told: dict[str, str], days: Sequence[date | None] | None) -> Draft:
    """What one row says of its parcel."""
    told["wave"] = told.get("wave") or _ONLY_WAVE
    orders = dict.fromkeys(filter(None, _BETWEEN_IDS.split(told.get("order_ids", ""))))
    damage = sheet.damaged.get(row)
    key = "" if damage else told.get("shipment_id") or next(iter(orders), "")
    draft = Draft(key, row, orders, told, tracking=told.get("tracking", ""), ship_on=days[row] if days else None)
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


def _join(earlier: Draft, further: Draft) -> None:
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


def _name_nameless(drafts: Sequence[Draft], sheet: Sheet, taken: set[str]) -> None:
    """A parcel without an id is called by its line, as nothing else is."""
    for draft in drafts:
        if not draft.key:
            name = f"line-{sheet.lines[draft.row]}"
            while name in taken:
                name += "-"
            taken.add(name)
            draft.key = name


def _sort(drafts: list[Draft]) -> None:
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
