"""A letter's master: pages, slots, styles and words. All lengths are millimetres."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from dmgen.model.box import Box as Box  # noqa: PLC0414  all that layouts are made of is had from here
from dmgen.model.box import panel
from dmgen.model.rule import Rule

Cmyk = tuple[float, float, float, float]  # each 0 … 1
K100: Cmyk = (0.0, 0.0, 0.0, 1.0)


class Spot(NamedTuple):
    """A spot ink by its name, and how it looks where it is shown or printed in CMYK."""

    name: str
    cmyk: Cmyk


Color = Cmyk | Spot


class Fit(StrEnum):
    """What to do with copy that is too long for its box."""

    ERROR = "error"
    SHRINK = "shrink"
    CONDENSE = "condense"


class Align(StrEnum):
    """How lines stand in their box."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"
    JUSTIFY = "justify"


class Direction(StrEnum):
    """Lines from left to right, or columns from right to left."""

    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"


class Numerals(StrEnum):
    """Arabic digits in vertical text: as kanji, one by one upright, or two side by side in one em."""

    KANJI = "kanji"
    UPRIGHT = "upright"
    SIDE_BY_SIDE = "tate-chu-yoko"


@dataclass(frozen=True, slots=True)
class Style:
    """Type: a font of the shop or of `assets/fonts` by key, size and leading.

    `fallback` are the keys of the fonts that stand in for the characters it lacks, in the order to be asked.
    """

    font: str
    size: float
    leading: float
    fit: Fit = Fit.ERROR
    align: Align = Align.LEFT
    color: Color = K100
    tracking: float = 0.0  # extra space after each character, as a share of the size
    middle: bool = False  # set in the middle of the box's height instead of at its top
    direction: Direction = Direction.HORIZONTAL
    numerals: Numerals | None = None  # left out: kanji in addresses, tate-chu-yoko elsewhere
    fallback: tuple[str, ...] = ()
    floor: float | None = None  # the smallest size that `fit` may come down to; None: the house's own
    hang: bool = False  # 、。，． at a line's end stand outside the measure (ぶら下げ)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A named hole in the layout, or a fixed shape on it."""

    name: str
    box: Box
    when: Rule | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSlot(Slot):
    """Words set in a style."""

    words: str
    style: Style


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressSlot(Slot):
    """Postal code, address lines and name with its honorific; empty lines close up."""

    style: Style
    name_style: Style


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalBoxesSlot(Slot):
    """The postal code in the seven boxes of cards and envelopes; `frames` draws the boxes, too."""

    style: Style
    frames: bool = False
    color: Cmyk = (0.0, 0.8, 0.8, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSlot(Slot):
    """A picture: a file beside the layout, or a column of the lookup (`product.photo`).

    The picture keeps its proportions and is centred in the box.
    """

    file: Path | None
    column: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponSlot(Slot):
    """The offer's words above the issued code, in fours."""

    words: str
    style: Style
    code_style: Style


@dataclass(frozen=True, slots=True, kw_only=True)
class LotterySlot(Slot):
    """The issued lottery numbers, one a line, set in `style` under optional words."""

    style: Style
    words: str | None
    words_style: Style


@dataclass(frozen=True, slots=True, kw_only=True)
class QrSlot(Slot):
    """A QR code of the piece's link of this name; the box includes the quiet zone."""

    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolSlot(Slot):
    """Words as a symbol: `kind` is "qr", "code128", "ean13" or "datamatrix"; the box includes the quiet zone.

    With a style, what bars say stands under them.
    """

    kind: str
    words: str
    style: Style | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JapanPostSlot(Slot):
    """The customer barcode of the piece's address, at a size in points; the box includes 2 mm of blank."""

    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ArSlot(Slot):
    """The campaign's AR marker, `size` mm wide, in the middle of its box, which includes the quiet zone."""

    size: float

    @property
    def area(self) -> Box:
        """Where the marker's cells stand."""
        box, size = self.box, self.size
        return Box(box.left + (box.width - size) / 2, box.top + (box.height - size) / 2, size, size)


class MarkShape(StrEnum):
    """What the mark of paid postage is framed by."""

    CIRCLE = "circle"
    SQUARE = "square"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostageMarkSlot(Slot):
    """The mark of paid postage (料金別納, 料金後納) in a circle or a square as large as the box.

    `lines` are those above and below the post office, `gap` mm from one to the next; they tell how much longer the post
    may take. Sizes of `style` follow the box. Where the lower half is for an advertisement, it is left blank.
    """

    shape: MarkShape
    post_office: str
    paid: tuple[str, ...]
    lines: tuple[int, int]
    gap: float
    advert: bool
    style: Style


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelSlot(Slot):
    """A rectangle, filled and outlined as asked; `radius` rounds its corners."""

    fill: Color | None = None
    stroke: Color | None = None
    line: float = 0.1
    radius: float = 0.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PathSlot(Slot):
    """A vector shape: SVG path data (M L H V C Z, absolute) in a `view` of the given width and height."""

    path: str
    view: tuple[float, float]
    fill: Color | None = None
    stroke: Color | None = None
    line: float = 0.1


AnySlot = (
    TextSlot
    | AddressSlot
    | PostalBoxesSlot
    | ImageSlot
    | CouponSlot
    | LotterySlot
    | QrSlot
    | SymbolSlot
    | JapanPostSlot
    | ArSlot
    | PostageMarkSlot
    | PanelSlot
    | PathSlot
)


@dataclass(frozen=True, slots=True)
class Artwork:
    """A page of a designer's PDF, counted from 1, and the trim and bleed that it must have."""

    file: Path
    page: int
    width: float
    height: float
    bleed: float


@dataclass(frozen=True, slots=True)
class Page:
    """One side of the letter; slots are drawn in their order, over the artwork."""

    slots: tuple[AnySlot, ...]
    when: Rule | None = None
    artwork: Artwork | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A letter's master. `origins` says in which file each of the words stands and at which line.

    `colors` are those that have a name. `window` is that of the envelope, over the first page.
    """

    name: str
    file: Path
    width: float
    height: float
    bleed: float
    sides: int
    folds: tuple[float, ...]
    pages: tuple[Page, ...]
    words: dict[str, str]
    origins: dict[str, tuple[Path, int]] = field(default_factory=dict)
    colors: dict[str, Color] = field(default_factory=dict)
    window: Box | None = None

    def panel(self, box: Box) -> Box:
        """The part of a page between two folds in which the middle of a box stands."""
        return panel(self.width, self.height, self.folds, box)
