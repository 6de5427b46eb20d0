"""Parcels being put together from the rows of a shipments list, and brought into packing order."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pyarrow as pa

from dmgen.audience.cells.values import flags
from dmgen.audience.cells.vector import TEXT
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
_TOLD = (
    "shipment_id",
    "order_ids",
    "customer_id",
    "wave",
    "position",
    "tracking",
    "ship_to_name",
    "gift",
    "kind",
    "shop",
)

OrderKey = tuple[tuple[int, int, str], ...]


@dataclass(slots=True)
class Draft:
    """A parcel as its rows tell it; `row` is the first of them."""

    key: str
    row: int
    orders: tuple[str, ...]
    wave: str = ""
    position: str = ""
    customer_id: str = ""
    receiver: str = ""
    tracking: str = ""
    ship_on: date | None = None
    reason: str = ""
    order: tuple[int, OrderKey, int] = (0, (), 0)
    shop: str = ""


def drafts_of(
    sheet: Sheet, cells: dict[str, list[str]], whose: Sequence[str | None], days: Sequence[date | None] | None
) -> list[Draft]:
    """The parcels of all shops, in packing order. A row that cannot be used is a parcel with a reason.

    `whose` is of each row the shop (None: the row is no parcel). Parcels of two shops are never one; a row that names
    no shop goes to the parcels of its shipment, whose ever they are, and spoils them. Where the list has no column
    `position`, parcels are counted within their wave.
    """
    drafts: dict[tuple[str, str], Draft] = {}
    shopless: list[Draft] = []
    nothing = [""] * len(sheet.lines)
    columns = [cells.get(name, nothing) for name in _TOLD]
    shops = "shop" in cells
    for row, told in enumerate(zip(*columns, days or nothing, strict=True)):
        owner = whose[row]
        if owner is None:
            continue
        own = f"\n{row}"  # nothing else is called so: a row that is of no parcel but its own
        if damage := sheet.damaged.get(row):
            drafts[owner, own] = Draft("", row, (), reason=damage.reason, shop=owner)
            continue
        shipment_id, order_ids, customer_id, wave, position, tracking, receiver, gift, kind, shop, day = told
        orders = tuple(dict.fromkeys(filter(None, _BETWEEN_IDS.split(order_ids)))) if order_ids else ()
        key = shipment_id or (orders[0] if orders else "")
        draft = Draft(key, row, orders, wave or _ONLY_WAVE, position, customer_id, receiver, tracking, day or None)
        draft.shop = owner
        draft.reason = (
            "shipment_id_missing" if not key else "shop_missing" if shops and not shop else _kind_of(kind, gift)
        )
        if shops and not owner and key:
            shopless.append(draft)
        elif (earlier := drafts.setdefault((owner, key or own), draft)) is not draft:
            _join(earlier, draft)
    found = _with_shopless(drafts, shopless)
    _name_nameless(found, sheet, {key for _, key in drafts})
    _sort(found)
    if "position" not in cells:
        _number(found)
    return found


def _with_shopless(drafts: dict[tuple[str, str], Draft], shopless: Sequence[Draft]) -> list[Draft]:
    """All parcels, by their first row; rows that name no shop are in those of their shipment, or are nobody's."""
    if not shopless:
        return list(drafts.values())
    of_shipment: dict[str, list[Draft]] = {}
    for (_, key), draft in drafts.items():
        of_shipment.setdefault(key, []).append(draft)
    for draft in shopless:
        twins = of_shipment.setdefault(draft.key, [])
        for twin in twins:
            _join(twin, draft)
        if not twins:
            twins.append(draft)
            drafts[draft.shop, draft.key] = draft
    return sorted(drafts.values(), key=lambda draft: draft.row)


def _number(drafts: Sequence[Draft]) -> None:
    """Positions for parcels of a list that has none: as they follow one another in their wave, whose ever they are."""
    packed: Counter[str] = Counter()
    for draft in drafts:
        packed[draft.wave] += 1
        draft.position = str(packed[draft.wave])


@lru_cache(maxsize=1000)
def _kind_of(kind: str, gift: str) -> str:
    """What the cells `kind` and `gift` say against a letter."""
    kind = unicodedata.normalize("NFKC", kind).casefold()
    if _REPLACEMENT.search(kind):
        return "replacement"
    return "gift" if _GIFT.search(kind) or _is_gift(gift) else ""


def _is_gift(cell: str) -> bool:
    """Whether a cell of the column `gift` says so: anything that is no plain no, such as のし."""
    if not cell or plain(cell) in _NO_GIFT:
        return False
    return flags(pa.array([cell], TEXT))[0].as_py() is not False


def _join(earlier: Draft, further: Draft) -> None:
    """A further row of a parcel: its orders go in; what it says of the parcel must be the same, or nothing.

    Tracking numbers may differ: they are each box's own, and the first one stands.
    """
    earlier.orders = tuple(dict.fromkeys((*earlier.orders, *further.orders)))
    for name in ("customer_id", "wave", "position", "receiver", "ship_on"):
        said, again = getattr(earlier, name), getattr(further, name)
        if said and again and said != again:
            earlier.reason = "shipment_twice"
        elif again and not said:
            setattr(earlier, name, again)
    earlier.tracking = earlier.tracking or further.tracking
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
        wave = draft.wave = draft.wave or before[0] or _ONLY_WAVE
        key = natural(draft.position) if draft.position else before[1] if wave == before[0] else ()
        draft.order = (waves.setdefault(wave, len(waves)), key, draft.row)
        before = (wave, key)
    drafts.sort(key=lambda draft: draft.order)


@lru_cache(maxsize=1 << 16)
def natural(text: str) -> OrderKey:
    """A key that sorts positions as people do: 2 before 10, A-2 before A-10; numbers before words."""
    if text.isascii() and text.isdecimal():
        return ((0, int(text), ""),)
    text = unicodedata.normalize("NFKC", text).casefold()
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in _TOKENS.findall(text))
