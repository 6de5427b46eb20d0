"""The keys of a layout file and what each may hold."""

import math
import re
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field, PlainValidator, model_validator

from dmgen.campaign import lengths
from dmgen.campaign.problems import RefusalError, did_you_mean, listed
from dmgen.campaign.schema import Colors, FileName, Key, Table, When, between, font_keys
from dmgen.messages import mark
from dmgen.model.layout import K100, Align, Box, Cmyk, Direction, Fit, MarkShape, Numerals
from dmgen.model.layout import Color as AnyColor
from dmgen.symbols import SIZES

POINT = 25.4 / 72  # mm

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


def _black(color: Cmyk) -> Cmyk:
    if color != K100:
        raise RefusalError(mark("codes are printed in black only, so that scanners read them: leave color out"))
    return color


def _barcode_size(size: float) -> float:
    smallest, largest = SIZES
    if not smallest - 1e-6 <= size / POINT <= largest + 1e-6:
        message = mark('the customer barcode is {smallest:g} to {largest:g} pt: size = "9pt"')
        raise RefusalError(message, smallest=smallest, largest=largest)
    return size


Length = Annotated[float, PlainValidator(lengths.length_from_zero)]
PositiveLength = Annotated[float, PlainValidator(lengths.positive_length)]
Color = Annotated[Cmyk, PlainValidator(lengths.color)]
Ink = Annotated[AnyColor | str, PlainValidator(lengths.ink)]


class PageTable(Table):
    """[page]."""

    size: Annotated[tuple[float, float], PlainValidator(lengths.size)] = (210.0, 297.0)
    landscape: bool = False
    bleed: Length = 3.0
    sides: Annotated[int, between(1, 2)] = 1
    folds: Annotated[tuple[PositiveLength, ...], Field(strict=False)] = ()
    window: Annotated[Box | None, PlainValidator(lengths.box)] = None
    artwork: FileName | None = None


class StyleTable(Table):
    """[style.NAME]."""

    font: Annotated[tuple[str, ...], PlainValidator(font_keys)]
    size: PositiveLength
    leading: PositiveLength | None = None
    fit: Annotated[Fit, Field(strict=False)] = Fit.ERROR
    align: Annotated[Align, Field(strict=False)] = Align.LEFT
    color: Ink = K100
    tracking: Annotated[float, AfterValidator(_tracking)] = 0.0
    middle: bool = False
    direction: Annotated[Direction, Field(strict=False)] = Direction.HORIZONTAL
    numerals: Annotated[Numerals | None, Field(strict=False)] = None
    floor: PositiveLength | None = None
    hang: bool = False


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


class PostalBoxesTable(SlotTable):
    """The postal code in its seven boxes."""

    style: str = "body"
    frames: bool = False
    color: Color = (0.0, 0.8, 0.8, 0.0)


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
    """A link, or words, as a QR code."""

    link: Key | None = None
    words: str | None = None
    color: Annotated[Color, AfterValidator(_black)] = K100

    @model_validator(mode="after")
    def _say_one_thing(self) -> Self:
        if (self.link is None) == (self.words is None):
            raise RefusalError(mark('a QR code shows either link = "coupon" or words = "entry of [words]"'))
        return self


class SymbolTable(SlotTable):
    """Words as a matrix symbol."""

    words: str


class BarsTable(SymbolTable):
    """Words as bars, and under them in a style."""

    style: str | None = None


class JapanPostTable(SlotTable):
    """The customer barcode."""

    size: Annotated[PositiveLength, AfterValidator(_barcode_size)] = 9 * POINT


class MarkerTable(SlotTable):
    """The AR marker; without a size, as large as its box allows."""

    size: PositiveLength | None = None
    color: Annotated[Color, AfterValidator(_black)] = K100


class PostageMarkTable(SlotTable):
    """The mark of paid postage; `advert` leaves its lower half to other slots, `post_office = false` its name out."""

    shape: Annotated[MarkShape, Field(strict=False)] = MarkShape.CIRCLE
    style: str = "small"
    post_office: bool = True
    advert: bool = False


class PanelTable(SlotTable):
    """A rectangle."""

    fill: Ink | None = None
    stroke: Ink | None = None
    line: Length = 0.1
    radius: Length = 0.0
    dash: Annotated[tuple[PositiveLength, ...], Field(strict=False)] = ()


class PathTable(SlotTable):
    """A vector shape."""

    path: Annotated[str, AfterValidator(_path)]
    view: Annotated[tuple[float, float], PlainValidator(lengths.measure)]
    fill: Ink | None = None
    stroke: Ink | None = None
    line: Length = 0.1


KINDS: dict[str, type[SlotTable]] = {
    "text": TextTable,
    "address": AddressTable,
    "image": ImageTable,
    "coupon": CouponTable,
    "lottery": LotteryTable,
    "qr": QrTable,
    "code128": BarsTable,
    "ean13": BarsTable,
    "datamatrix": SymbolTable,
    "japanpost": JapanPostTable,
    "ar": MarkerTable,
    "postage_mark": PostageMarkTable,
    "panel": PanelTable,
    "path": PathTable,
    "postal_boxes": PostalBoxesTable,
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
    colors: Colors = Field(default_factory=dict)
    style: dict[str, StyleTable] = Field(default_factory=dict)
    slots: dict[str, SlotOrNone] = Field(default_factory=dict)
    pages: list[PagesTable] | None = None
