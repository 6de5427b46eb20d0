"""A slot as written becomes the model's: words and styles found, the box checked against the sheet."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

from dmgen.campaign.barcode import check_barcode
from dmgen.campaign.clearance import check_clearance
from dmgen.campaign.colors import found_color
from dmgen.campaign.files import existing
from dmgen.campaign.markers import marker_size
from dmgen.campaign.postage_mark import check_mark, check_mark_clear, mark_values
from dmgen.campaign.problems import RefusalError, did_you_mean, listed, problem
from dmgen.campaign.schema_layout import POINT, JapanPostTable, MarkerTable, PostageMarkTable, SlotTable
from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.box import Box, panel
from dmgen.model.layout import (
    AddressSlot,
    AnySlot,
    ArSlot,
    Color,
    CouponSlot,
    Direction,
    ImageSlot,
    JapanPostSlot,
    LotterySlot,
    PanelSlot,
    PathSlot,
    PostageMarkSlot,
    PostalBoxesSlot,
    QrSlot,
    Style,
    SymbolSlot,
    TextSlot,
)
from dmgen.model.posting import MailRules
from dmgen.model.production import RECORDS
from dmgen.toml import Keys, TomlFile

_ROUNDING = 1e-6
SMALLEST_TYPE = 6 * POINT
"""mm: bureaus' lower limit for text."""
_PICTURE_SUFFIXES = ("png", "jpg", "jpeg", "tif", "tiff", "pdf", "svg", "gif", "webp")
_SYMBOLS = ("qr", "code128", "ean13", "datamatrix", "japanpost", "ar")
_READABLE = ("text", "address", "postal_boxes", "coupon", "lottery", "postage_mark", *_SYMBOLS)
_VERTICAL_KINDS = ("text", "address")
_STYLE_KEYS = {"style", "name_style", "code_style", "words_style"}
_COLOR_KEYS = {"fill", "stroke"}


def _qr(*, link: str | None, words: str | None, color: object, **common: Any) -> AnySlot:
    return QrSlot(link=link, **common) if link else SymbolSlot(kind="qr", words=words or "", **common)


def _japanpost(*, size: float, **common: Any) -> AnySlot:
    return JapanPostSlot(size=size / POINT, **common)


def _marker(*, size: float, color: object, **common: Any) -> AnySlot:
    return ArSlot(size=size, **common)


_SLOTS: dict[str, Callable[..., AnySlot]] = {
    "text": TextSlot,
    "address": AddressSlot,
    "postal_boxes": PostalBoxesSlot,
    "image": ImageSlot,
    "coupon": CouponSlot,
    "lottery": LotterySlot,
    "qr": _qr,
    "code128": partial(SymbolSlot, kind="code128"),
    "ean13": partial(SymbolSlot, kind="ean13"),
    "datamatrix": partial(SymbolSlot, kind="datamatrix"),
    "japanpost": _japanpost,
    "ar": _marker,
    "postage_mark": PostageMarkSlot,
    "panel": PanelSlot,
    "path": PathSlot,
}


@dataclass(frozen=True)
class Sheet:
    """The trimmed sheet in mm."""

    width: float
    height: float
    bleed: float
    sides: int
    folds: tuple[float, ...]

    def panel(self, box: Box) -> Box:
        """The part between two folds in which the middle of a box stands."""
        return panel(self.width, self.height, self.folds, box)


class Placed(NamedTuple):
    """A slot and where it stands, which may be in a file that the layout extends."""

    file: TomlFile
    keys: Keys
    name: str
    table: SlotTable


@dataclass(frozen=True)
class SlotMaker:
    """Makes slots with the words and styles of one layout."""

    sheet: Sheet
    words: dict[str, str]
    styles: dict[str, Style]
    colors: dict[str, Color]
    mail: MailRules | None = None

    def page(self, placed: list[Placed]) -> tuple[AnySlot, ...]:
        """The slots of a page, codes clear of all others. Raises CampaignError."""
        slots = tuple(map(self.make, placed))
        markers = [here for here in placed if here.table.kind == "ar"]
        if len(markers) > 1:
            raise _refused(markers[1], "kind", mark("a page has one marker; {first} is one"), first=markers[0].name)
        for at, here in enumerate(placed):
            try:
                check_clearance(slots, at)
                check_mark_clear(slots, at)
            except RefusalError as refusal:
                raise problem(here.file, (*here.keys, "box"), refusal) from None
        return slots

    def make(self, placed: Placed) -> AnySlot:
        """The slot. Raises CampaignError for words, styles, pictures or places that there are not."""
        self._check_box(placed)
        written = dict(placed.table)
        kind = written.pop("kind")
        if written.get("words") is not None:
            self._check_words(placed, written["words"])
        chosen = {key: written[key] or written["style"] for key in written if key in _STYLE_KEYS}
        values = written | {key: self._style(placed, key, style) for key, style in chosen.items() if style}
        for key in _COLOR_KEYS & values.keys():
            if values[key] is not None:
                values[key] = found_color(placed.file, (*placed.keys, key), values[key], self.colors)
        if kind == "address":
            self._check_directions(placed, values["style"], values["name_style"])
        if isinstance(placed.table, MarkerTable):
            values["size"] = self._marker_size(placed, placed.table)
        if isinstance(placed.table, JapanPostTable):
            self._check_barcode(placed, placed.table)
        if isinstance(placed.table, PostageMarkTable):
            values.update(self._postage_mark(placed, placed.table, values["style"]))
        if kind == "image":
            values.update(_picture(placed, values["file"]))
        return _SLOTS[kind](name=placed.name, **values)

    def _marker_size(self, placed: Placed, table: MarkerTable) -> float:
        try:
            return marker_size(table)
        except RefusalError as refusal:
            raise problem(placed.file, (*placed.keys, "size" if table.size else "box"), refusal) from None

    def _check_barcode(self, placed: Placed, table: JapanPostTable) -> None:
        whole = Box(0.0, 0.0, self.sheet.width, self.sheet.height)
        try:
            check_barcode(table, whole, self.sheet.panel(table.box), self.mail)
        except RefusalError as refusal:
            raise problem(placed.file, (*placed.keys, "box"), refusal) from None

    def _postage_mark(self, placed: Placed, table: PostageMarkTable, style: Style) -> dict[str, object]:
        key = "kind"
        try:
            values = mark_values(table, self.mail)
            key = "box"
            check_mark(table, self.sheet.panel(table.box), self.mail or MailRules())
        except RefusalError as refusal:
            raise problem(placed.file, (*placed.keys, key), refusal) from None
        return values | {"style": replace(style, size=SMALLEST_TYPE, leading=SMALLEST_TYPE)}

    def _check_words(self, placed: Placed, key: str) -> None:
        if key not in self.words:
            message = mark("[words] has no such key{near}; it has: {known}")
            near = did_you_mean(key, self.words)
            raise _refused(placed, "words", message, near=near, known=listed(self.words))

    def _style(self, placed: Placed, key: str, style: str) -> Style:
        if style not in self.styles:
            message = mark("there is no such style{near}; allowed: {known}")
            near = did_you_mean(style, self.styles)
            raise _refused(placed, key, message, near=near, known=listed(self.styles))
        found = self.styles[style]
        if found.direction is Direction.VERTICAL and placed.table.kind not in _VERTICAL_KINDS:
            message = mark('direction = "vertical" is for the kinds {kinds}; take another style here')
            raise _refused(placed, key, message, kinds=listed(_VERTICAL_KINDS))
        return found

    def _check_directions(self, placed: Placed, style: Style, name_style: Style) -> None:
        if style.direction is not name_style.direction:
            message = mark("style and name_style must have the same direction")
            raise _refused(placed, "name_style", message)

    def _check_box(self, placed: Placed) -> None:
        box, readable = placed.table.box, placed.table.kind in _READABLE
        reach = 0 if readable else self.sheet.bleed
        margin = reach + _ROUNDING
        if (
            min(box.left, box.top) < -margin
            or box.left + box.width > self.sheet.width + margin
            or box.top + box.height > self.sheet.height + margin
        ):
            message = (
                mark("the box leaves the sheet of {width:g} × {height:g} mm (left + width, top + height)")
                if readable
                else mark("the box reaches beyond the bleed of {bleed:g} mm around {width:g} × {height:g} mm")
            )
            raise _refused(placed, "box", message, width=self.sheet.width, height=self.sheet.height, bleed=reach)
        for fold in self.sheet.folds:
            if placed.table.kind in _SYMBOLS and box.top < fold < box.top + box.height:
                message = mark("codes keep clear of folds; there is one at {fold:g} mm from the top")
                raise _refused(placed, "box", message, fold=fold)


def _picture(placed: Placed, written: str) -> dict[str, object]:
    record, _, column = written.partition(".")
    if record in RECORDS and column.isidentifier() and column.lower() not in _PICTURE_SUFFIXES:
        return {"file": None, "column": written}
    return {"file": existing(placed.file, (*placed.keys, "file"), written)}


def _refused(placed: Placed, key: str, message: str, **values: object) -> CampaignError:
    return problem(placed.file, (*placed.keys, key), RefusalError(message, **values))
