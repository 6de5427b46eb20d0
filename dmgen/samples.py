"""Invented numbers and people: what a proof and a set-up file show instead of anything real."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle, islice

from dmgen.model.campaign import ColumnType, Segment
from dmgen.model.production import Cell, Link, Numbers, Row
from dmgen.model.recipient import fingerprint
from dmgen.offers import coupon, link
from dmgen.plan import Plan, columns_of

_NAMES = (
    "見本 太郎",
    "見本 花子",
    "髙橋 﨑子",
    "林 一",
    "長宗我部 権左衛門",
    "株式会社見本印刷",
    "Alexandra Featherstonehaugh",
    "吉田 𠮷之助",
)
_ADDRESSES = (
    ("100-0001", "東京都", "千代田区", "千代田", "1-1", ""),
    ("060-0000", "北海道", "札幌市中央区", "見本町", "29丁目1524-23", "第2見本ハウス501号室"),
    ("900-0000", "沖縄県", "那覇市", "見本", "八丁目六番地一号", "見本タワーレジデンス南館1203号室"),
)


def sample_numbers(plan: Plan, segment: Segment, place: int) -> Numbers:
    """Numbers of the right form that no ledger can know: the coupon's check character is wrong."""
    widest, campaign = plan.placeholders[segment.id], plan.campaign
    digits = hashlib.sha256(f"{campaign.id} {segment.id} {place}".encode()).hexdigest()
    body = "".join(coupon.ALPHABET[int(digits[2 * i : 2 * i + 2], 16) % 31] for i in range(coupon.LENGTH - 1))
    wrong = coupon.ALPHABET[(coupon.ALPHABET.index(coupon.check_character(body)) + 1) % 31]
    offer = campaign.offers.get(segment.offer or "")
    code = body + wrong if coupon.shown(widest.coupon, offer) != widest.coupon else widest.coupon
    token = "".join(link.ALPHABET[int(digits[2 * i : 2 * i + 2], 16) % 62] for i in range(link.LENGTH))
    return Numbers(
        piece_id=body + wrong,
        coupon=code if widest.coupon else "",
        coupon_text=coupon.shown(code, offer) if widest.coupon else "",
        tickets=tuple(f"{n:0{campaign.ticket_digits}d}" for n in range(len(widest.tickets))),
        links={name: Link(token, link.url(campaign.shop.links, token)) for name in widest.links},
    )


def fictional_rows(plan: Plan, segment: Segment, count: int) -> Iterator[Row]:
    """Invented customers with every column that the segment's letters need; lookups are the first real product's."""
    audience = plan.audience
    names = columns_of(plan.kit.masters[segment.id])
    product = {}
    if "product" in names:
        (product,) = audience.rows(audience.open_positions(segment.id)[:1], ("product",)) or ({},)
    people = zip(cycle(_NAMES), cycle(_ADDRESSES), range(1, count + 1))
    for name, (postal, prefecture, city, town, street, building), number in islice(people, count):
        address = f"{prefecture}{city}{town}{street}{building}"
        row: Row = {column: _invented(audience.columns.get(column), plan) for column in names}
        row |= product
        row |= {
            "customer_id": f"SAMPLE-{number:03d}",
            "name": name,
            "family_name": name.partition(" ")[0],
            "given_name": name.partition(" ")[2],
            "postal_code": postal,
            "prefecture": prefecture,
            "city": city,
            "town": town,
            "street": street,
            "building": building,
            "address": address,
            "group": segment.group or "",
        }
        row["fingerprint"] = fingerprint(str(row["customer_id"]), name, postal, address)
        yield {column: row[column] for column in names}


def _invented(kind: ColumnType | None, plan: Plan) -> Cell:
    match kind:
        case ColumnType.INT:
            return 3
        case ColumnType.NUMBER:
            return 3.0
        case ColumnType.DATE:
            return plan.campaign.as_of - timedelta(days=30)
        case ColumnType.FLAG:
            return True
        case _:
            return "見本"
