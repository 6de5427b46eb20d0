"""The keys of a layout file and what each may hold."""

import math
import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, PlainValidator

from dmgen.campaign import lengths
from dmgen.campaign.problems import RefusalError, did_you_mean, listed
from dmgen.campaign.schema import FileName, Key, Table, Text, When, between
from dmgen.messages import mark
from dmgen.model.layout import K100, Align, Box, Cmyk, Fit

_PATH_TOKEN = re.compile(r"[ ,\t\n]*(?:([MLHVCZ])|([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?))")
_PATH_NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Z": 0}


def _tracking(share: float) -> float:
    if not math.isfinite(share) or not -0.5 <= share <= 2:
        raise RefusalError(mark("write a share of the type size from -0.5 to 2; 0.05 is a twentieth"))
    return share


def _path(text: str) -> str:
    """SVG 1.1 §8.3 path data, of which absolute M L H V C Z are taken."""
    at, command, numbers = 0, "", 0
    data = text.strip()
    while at < len(data):
        token = _PATH_TOKEN.match(data, at)
        if not token or (token[1] and not _is_whole(command, numbers)) or (not command and token[1] != "M"):
            raise _path_refusal(data[at : at + 12])
        at = token.end()
        command, numbers = (token[1], 0) if token[1] else (command, numbers + 1)
    if not command or not _is_whole(command, numbers):
        raise _path_refusal(data[-12:])
    return text


def _is_whole(command: str, numbers: int) -> bool:
    """Whether a path command has as many numbers as it takes, or a multiple of them."""
    taken = _PATH_NUMBERS.get(command, 0)
    return numbers % taken == 0 and numbers > 0 if taken else numbers == 0


def _path_refusal(near: str) -> RefusalError:
    return RefusalError(
        mark('at "{near}": a path is SVG path data with absolute M L H V C Z only, beginning with M: "M 0 0 L 10 0 Z"'),
        near=near,
    )


Length = Annotated[float, PlainValidator(lengths.length_from_zero)]
PositiveLength = Annotated[float, PlainValidator(lengths.positive_length)]
Color = Annotated[Cmyk, PlainValidator(lengths.color)]


class PageTable(Table):
    """[page]."""

    size: Annotated[tuple[float, float], PlainValidator(lengths.size)] = (210.0, 297.0)
    landscape: bool = False
    bleed: Length = 3.0
    sides: Annotated[int, between(1, 2)] = 1
    folds: Annotated[tuple[PositiveLength, ...], Field(strict=False)] = ()
    artwork: FileName | None = None


class StyleTable(Table):
    """[style.NAME]."""

    font: Text
    size: PositiveLength
    leading: PositiveLength | None = None
    fit: Annotated[Fit, Field(strict=False)] = Fit.ERROR
    align: Annotated[Align, Field(strict=False)] = Align.LEFT
    color: Color = K100
    tracking: Annotated[float, AfterValidator(_tracking)] = 0.0
    middle: bool = False


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise RefusalError(mark("allowed: {kinds}{near}"), kinds=listed(KINDS), near=did_you_mean(kind, KINDS))
    return kind


class KindTable(BaseModel):
    """The kind of a slot, which decides about its other keys."""

    kind: Annotated[str, AfterValidator(_kind)]


class SlotTable(Table):
    """What every slot has."""

    kind: str
    box: Annotated[Box, PlainValidator(lengths.box)]
    when: When | None = None


class TextTable(SlotTable):
    """Words in a style."""

    words: str
    style: str = "body"


class AddressTable(SlotTable):
    """Postal code, address and name."""

    style: str = "body"
    name_style: str | None = None


class ImageTable(SlotTable):
    """A picture from a file or from a column of the lookup."""

    file: FileName


class CouponTable(SlotTable):
    """Words above the coupon code."""

    words: str
    style: str = "body"
    code_style: str = "code"


class LotteryTable(SlotTable):
    """Lottery numbers under optional words."""

    style: str = "code"
    words: str | None = None
    words_style: str = "small"


class QrTable(SlotTable):
    """A link as a QR code."""

    link: Key
    color: Color = K100


class PanelTable(SlotTable):
    """A rectangle."""

    fill: Color | None = None
    stroke: Color | None = None
    line: Length = 0.1
    radius: Length = 0.0
    dash: Annotated[tuple[PositiveLength, ...], Field(strict=False)] = ()


class PathTable(SlotTable):
    """A vector shape."""

    path: Annotated[str, AfterValidator(_path)]
    view: Annotated[tuple[float, float], PlainValidator(lengths.measure)]
    fill: Color | None = None
    stroke: Color | None = None
    line: Length = 0.1


KINDS: dict[str, type[SlotTable]] = {
    "text": TextTable,
    "address": AddressTable,
    "image": ImageTable,
    "coupon": CouponTable,
    "lottery": LotteryTable,
    "qr": QrTable,
    "panel": PanelTable,
    "path": PathTable,
}


def _slot(written: object) -> SlotTable:
    kind = KindTable.model_validate(written).kind
    return KINDS[kind].model_validate(written)


def _slot_or_none(written: object) -> SlotTable | None:
    return None if written is False else _slot(written)


Slot = Annotated[SlotTable, PlainValidator(_slot)]
SlotOrNone = Annotated[SlotTable | None, PlainValidator(_slot_or_none)]


class PagesTable(Table):
    """One of [[pages]]."""

    slots: dict[str, Slot] = Field(default_factory=dict)
    artwork: FileName | None = None
    when: When | None = None


class LayoutTable(Table):
    """A layout file; a slot that is false takes an inherited one away."""

    format: int = 1
    extends: FileName | None = None
    page: PageTable = PageTable()
    words: dict[str, str] = Field(default_factory=dict)
    style: dict[str, StyleTable] = Field(default_factory=dict)
    slots: dict[str, SlotOrNone] = Field(default_factory=dict)
    pages: list[PagesTable] | None = None
