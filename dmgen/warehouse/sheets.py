"""The workbook for people: letters, parcels, waves."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from dmgen.messages import Speaker, mark
from dmgen.reasons import explain_reason
from dmgen.warehouse.parcels import WaveCount
from dmgen.warehouse.workbook import Sheet

_USUAL_WIDTH = 14
_HEADS = {  # of the tables' columns, with their widths in characters
    "piece_id": (mark("piece"), 16),
    "sequence": (mark("number in the job"), 10),
    "batch": (mark("print file no."), 10),
    "file": (mark("print file"), 38),
    "first_page": (mark("first page"), 10),
    "last_page": (mark("last page"), 10),
    "page": (mark("page"), 8),
    "segment": (mark("segment"), 14),
    "layout": (mark("layout"), 14),
    "customer_id": (mark("customer"), 16),
    "name": (mark("name"), 20),
    "postal_code": (mark("postal code"), 11),
    "address": (mark("address"), 44),
    "coupon_code": (mark("coupon code"), 18),
    "coupon_value": (mark("coupon's value"), 14),
    "coupon_expires": (mark("coupon's last day"), 13),
    "lottery_number": (mark("lottery number"), 14),
    "url": (mark("link"), 40),
    "fingerprint": (mark("fingerprint"), 18),
    "variant": (mark("variant"), 8),
    "seed": (mark("decoy"), 8),
    "ar_id": (mark("AR marker"), 8),
    "shipment_id": (mark("shipment"), 20),
    "wave": (mark("wave"), 12),
    "position": (mark("position"), 10),
    "place": (mark("place over all"), 10),
    "order_ids": (mark("orders"), 28),
    "match_key": (mark("match key"), 12),
    "outcome": (mark("goes in"), 12),
    "reason": (mark("reason"), 36),
    "tracking": (mark("tracking number"), 18),
}
_NUMBERS = frozenset({"sequence", "batch", "first_page", "last_page", "page", "place"})


def table_sheet(name: str, columns: Sequence[str], rows: Iterable[Mapping[str, str]], speaker: Speaker) -> Sheet:
    """A table of the job as a sheet: codes in words, places in the job as numbers, all else text."""
    heads = [_HEADS.get(column, (column, _USUAL_WIDTH)) for column in columns]
    said = [(speaker.say(head), width) for head, width in heads]
    return Sheet(speaker.say(name), said, _rows(columns, rows, speaker))


def _rows(columns: Sequence[str], rows: Iterable[Mapping[str, str]], speaker: Speaker) -> Iterator[list[str | int]]:
    words = {"outcome": outcome_words(speaker)}
    for row in rows:
        cells: list[str | int] = []
        for column in columns:
            cell = row[column]
            if column in _NUMBERS and cell.isascii() and cell.isdigit():
                cells.append(int(cell))
            elif column == "reason" and cell:
                cells.append(explain_reason(cell, speaker))
            else:
                cells.append(words[column].get(cell, cell) if column in words else cell)
        yield cells


def outcome_words(speaker: Speaker) -> dict[str, str]:
    """What becomes of a parcel, in words."""
    return {
        "piece": speaker.say(mark("letter")),
        "fallback": speaker.say(mark("letter for nobody known")),
        "empty": speaker.say(mark("none")),
    }


def waves_sheet(name: str, counts: Sequence[WaveCount], speaker: Speaker) -> Sheet:
    """A row a wave, and one for all: parcels = letters + letters for nobody known + none, and none by reason."""
    reasons = sorted(set(chain.from_iterable(count.empty for count in counts)))
    words = outcome_words(speaker)
    heads = [speaker.say(mark("wave")), speaker.say(mark("parcels")), words["piece"], words["fallback"], words["empty"]]
    columns = [(head, _USUAL_WIDTH) for head in heads]
    columns += [(explain_reason(reason, speaker), 24) for reason in reasons]
    rows = [_numbers(count, reasons) for count in counts]
    total = [sum(column) for column in zip(*rows, strict=True)]
    waves = [*(count.wave for count in counts), speaker.say(mark("all"))]
    said = [[wave, *numbers] for wave, numbers in zip(waves, [*rows, total], strict=True)]
    return Sheet(speaker.say(name), columns, said)


def _numbers(count: WaveCount, reasons: Sequence[str]) -> list[int]:
    empty = count.parcels - count.pieces - count.fallbacks
    return [count.parcels, count.pieces, count.fallbacks, empty, *(count.empty.get(reason, 0) for reason in reasons)]
