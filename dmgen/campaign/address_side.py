"""What the post asks of the side with the address, as data (`address_side.toml`), and the piece as it is posted."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from dmgen.model.layout import Box
from dmgen.model.posting import Envelope

SLIP = 3.0
"""mm that a folded sheet moves in its envelope, to every side."""
_FILE = Path(__file__).with_name("address_side.toml")
_SAME = 1.0  # mm: a sheet of an envelope's size is the envelope


class MarkRules(NamedTuple):
    """The mark of paid postage (mm): its size, the room for it on a portrait piece, its lines by days of slack."""

    least: float
    most: float
    gap: float
    area: tuple[float, float]
    safe: float
    lines: dict[int, tuple[int, int]]


class BarcodeRules(NamedTuple):
    """The customer barcode (mm): how far from the edges, and the room for stamps on a portrait piece."""

    edge: float
    stamps: tuple[float, float]


class BoxRules(NamedTuple):
    """The boxes of the postal code (mm): from the top and from the right, to the inside of their lines."""

    tolerance: float
    standard: tuple[float, float]
    large: tuple[float, float]


class AddressSide(NamedTuple):
    """All of it."""

    mark: MarkRules
    barcode: BarcodeRules
    card: tuple[str, ...]  # words of which a card shows one, so that it is no letter; without blanks, in small letters
    boxes: BoxRules


@cache
def address_side() -> AddressSide:
    """What dmgen knows of the address side."""
    written = tomllib.loads(_FILE.read_text("utf-8"))
    mark = written["mark"]
    lines = {step["days"]: tuple(step["lines"]) for step in mark["slack"]}
    return AddressSide(
        MarkRules(lines=lines, area=tuple(mark["area"]), **_numbers(mark, "least", "most", "gap", "safe")),
        BarcodeRules(written["barcode"]["edge"], tuple(written["barcode"]["stamps"])),
        tuple(written["card"]["words"]),
        BoxRules(written["boxes"]["tolerance"], *(tuple(written["boxes"][key]) for key in ("standard", "large"))),
    )


def _numbers(table: dict[str, Any], *keys: str) -> dict[str, float]:
    return {key: float(table[key]) for key in keys}


def corner(piece: Box, area: tuple[float, float]) -> Box:
    """The corner of a piece where stamps are: at the top left, or on a landscape piece at the top right, turned."""
    across, along = area
    if piece.height > piece.width:
        return Box(piece.left, piece.top, across, along)
    return Box(piece.left + piece.width - along, piece.top, along, across)


def is_envelope(piece: Box, envelope: Envelope) -> bool:
    """Whether a sheet, or what it is folded to, is the envelope itself and not what lies in it."""
    short, long = sorted((piece.width, piece.height))
    return abs(short - envelope.width) <= _SAME and abs(long - envelope.height) <= _SAME


def posted(sheet: Box, envelope: Envelope | None) -> Box:
    """The piece as it is posted, around a panel of the sheet: the panel, or the envelope in whose middle it lies."""
    if envelope is None or is_envelope(sheet, envelope):
        return sheet
    width, height = envelope.width, envelope.height
    if sheet.width > sheet.height:
        width, height = height, width
    return Box(sheet.left + (sheet.width - width) / 2, sheet.top + (sheet.height - height) / 2, width, height)
