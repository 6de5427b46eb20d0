"""Invented numbers and people: what a proof and a set-up file show instead of anything real."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import cycle, islice

from dmgen.model.campaign import Campaign, ColumnType, Segment
from dmgen.model.parcel import PARCEL, Parcel, parcel_record
from dmgen.model.production import Cell, Link, Numbers, Record, Row
from dmgen.model.recipient import fingerprint
from dmgen.offers import coupon, link, lottery
from dmgen.planning.plan import Plan
from dmgen.planning.sheets import SLIP

_LOOKED_AT = 200  # rows: enough to tell what a column holds
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
_NAMES_ABROAD = (
    "Sample Person",
    "Jo Li",
    "Zoë Featherstonehaugh-Montgomery",
    "Sample Printing Company",
    "Christopher Bartholomew Vanderhoeven III",
)
_ADDRESSES_ABROAD = (
    ("00000", "IL", "Sampleville", "", "1 Sample St", ""),
    ("00000-0000", "CA", "Rancho Santa Sample", "", "12345 Old Sample Valley Parkway Northeast", "Building 7 Apt 2210"),
    ("00000", "ME", "Sample", "", "118 Sample Rd", "Apt 4B"),
)


def sample_numbers(plan: Plan, segment: Segment, row: Row, place: int) -> Numbers:
    """Numbers of the right form that no ledger can know: a wrong check character, tickets that are never drawn."""
    (widest,), campaign = plan.placeholders.of_rows(segment.id, [row]), plan.campaign
    digits = hashlib.sha256(f"{campaign.id} {segment.id} {place}".encode()).hexdigest()
    body = "".join(coupon.ALPHABET[int(digits[2 * i : 2 * i + 2], 16) % 31] for i in range(coupon.LENGTH - 1))
    wrong = coupon.ALPHABET[(coupon.ALPHABET.index(coupon.check_character(body)) + 1) % 31]
    offer = widest.offer
    code = body + wrong if coupon.shown(widest.coupon, offer) != widest.coupon else widest.coupon
    token = "".join(link.ALPHABET[int(digits[2 * i : 2 * i + 2], 16) % 62] for i in range(link.LENGTH))
    tickets = tuple(lottery.sample(n, campaign.lottery.form) for n in range(len(widest.tickets)))
    return Numbers(
        piece_id=body + wrong,
        coupon=code if widest.coupon else "",
        coupon_text=coupon.shown(code, offer) if widest.coupon else "",
        tickets=tickets,
        links={name: Link(token, link.prefix(campaign, segment, name) + token) for name in widest.links},
        ticket_texts=lottery.all_shown(tickets, campaign.lottery.form, japanese=campaign.shop.country == "JP"),
        offer=offer,
    )


def sample_sheet(campaign: Campaign, kind: str) -> dict[str, Cell]:
    """The cells of a separator or slip of a pile that there never is."""
    told: dict[str, Cell] = {"kind": kind, "wave": "1", "part": 1, "parts": 1, "code": f"{campaign.id}:SAMPLE"}
    if kind == SLIP:
        return told | {"place": 1, "position": "1", "shipment_id": "S-000123", "key": "0000", "code": "S-000123"}
    return told | {"parcels": 3, "pieces": 2, "slips": 1}


def fictional_rows(plan: Plan, segment: Segment, count: int) -> Iterator[Row]:
    """Invented customers with every column that the segment's letters need; lookups are the first real product's.

    Their parcel is invented, too.
    """
    audience = plan.audience
    names = plan.columns_of(plan.kit.masters[segment.id])
    real = audience.rows(audience.open_positions(segment.id)[:_LOOKED_AT], tuple(names))
    records = {record: real[0][record] if real else Record({}) for record in audience.records if record in names}
    if PARCEL in records:
        records[PARCEL] = parcel_record(Parcel("S-000123", ("A-000123",), "1", "1", 1, ship_on=plan.campaign.drop))
    others = {column: _invented(audience.columns.get(column), [row[column] for row in real], plan) for column in names}
    is_japan = plan.campaign.shop.country == "JP"
    people, addresses = (_NAMES, _ADDRESSES) if is_japan else (_NAMES_ABROAD, _ADDRESSES_ABROAD)
    for name, place, number in islice(zip(cycle(people), cycle(addresses), range(1, count + 1)), count):
        postal, prefecture, city, town, street, building = place
        address = ("" if is_japan else ", ").join(filter(None, place[1:]))
        row: Row = others | records
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
            "address_b": None,
            "group": segment.group or "",
        }
        row["fingerprint"] = fingerprint(str(row["customer_id"]), name, postal, address)
        yield {column: row[column] for column in names}


def _invented(kind: ColumnType | None, cells: Sequence[Cell], plan: Plan) -> Cell:
    """A value of a column: of its type, and text that looks like a number or a date where the real `cells` do."""
    day = plan.campaign.as_of - timedelta(days=30)
    match kind:
        case ColumnType.INT:
            return 3
        case ColumnType.NUMBER:
            return 3.0
        case ColumnType.DATE:
            return day
        case ColumnType.FLAG:
            return True
    first = str(next(filter(None, cells), ""))
    if first.replace(",", "").isdecimal():
        return "3"
    if _is_day(first):
        return day.isoformat()
    return "見本" if plan.campaign.shop.country == "JP" else "Sample"


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
