"""What NextEngine and LOGILESS can be told of an insert: a picking text, or one more line of the order."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from dmgen.messages import Speaker, mark
from dmgen.warehouse.parcels import PackLine


class System(NamedTuple):
    """Files of one system: their encoding, and the columns of picking texts and of order lines."""

    name: str
    encoding: str
    picking: tuple[str, ...]
    lines: tuple[str, ...]


SYSTEMS = (
    System(
        "nextengine",
        "cp932",
        ("店舗伝票番号", "ピッキング指示内容"),
        ("店舗伝票番号", "商品名", "商品コード", "商品価格", "受注数量"),
    ),
    System(
        "logiless",
        "utf-8-sig",
        ("受注コード", "ピッキング指示内容"),
        ("受注コード", "商品名", "商品コード", "販売価格", "数量"),
    ),
)


def picking_rows(parcels: Iterable[PackLine], speaker: Speaker) -> Iterator[tuple[str, str]]:
    """A row an order that lies in a parcel with a piece: the order, and the text for who packs it.

    An order that lies in several such parcels has one row with every text.
    """
    texts: dict[str, list[str]] = {}
    for parcel in parcels:
        if parcel.piece_id:
            text = speaker.say(mark("letter for the parcel: {segment} {key}"), segment=parcel.label, key=parcel.key)
            for order in parcel.orders:
                texts.setdefault(order, []).append(text)
    for order, found in texts.items():
        yield order, " / ".join(dict.fromkeys(found))


def sku_rows(parcels: Iterable[PackLine], skus: Mapping[str, str]) -> Iterator[tuple[str, str, str, str, str]]:
    """A line a piece, on the parcel's first order: order, name, article number, price 0, quantity 1.

    `skus` are the article numbers by segment; one that has none is called DM-SEGMENT. A parcel without an order has
    no line.
    """
    for parcel in parcels:
        if parcel.piece_id and parcel.orders:
            sku = skus.get(parcel.segment) or f"DM-{parcel.segment}"
            yield parcel.orders[0], parcel.label, sku, "0", "1"
