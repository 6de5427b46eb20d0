"""The packing list of a wave: A4 pages of parcels in packing order, each with a code of its shipment for the scanner.

No customer's name stands on it: what tells parcels apart are numbers.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dmgen.fonts import Face
from dmgen.messages import Speaker, mark
from dmgen.model.contents import Code, Item, Line, PageContents, Stamp, Text
from dmgen.model.layout import K100, Align, Box, PanelSlot
from dmgen.papers import HEIGHT, NARROWEST, WIDTH, Place, Setter
from dmgen.reasons import explain_reason
from dmgen.symbols import CODINGS, Coding, PayloadError
from dmgen.warehouse.characters import Lost, losses
from dmgen.warehouse.parcels import PackLine, WaveCount

_MARGIN = 12.0
_ACROSS = WIDTH - 2 * _MARGIN
_TOP, _ROW = 37.0, 10.5  # mm: the first row's top, a row's height
ROWS = int((HEIGHT - _MARGIN - _TOP) / _ROW)  # on a page
_BARS, _SQUARE = 8.0, 9.6  # mm: the height of bars; the side of a square code with its quiet zone
_SMALL, _USUAL, _LARGE = 2.3, 3.2, 4.4  # mm, size of type


class _Column(NamedTuple):
    left: float
    width: float
    head: str


_TICK = _Column(0.0, 6.0, "")
_PLACE = _Column(6.0, 14.0, mark("place"))
_KEY = _Column(20.0, 27.0, mark("match key"))
_SHIPMENT = _Column(48.0, 42.0, mark("shipment, orders"))
_LETTER = _Column(91.0, 36.0, mark("goes in"))
_CODE = _Column(128.0, _ACROSS - 128.0, mark("scan the shipment"))
_COLUMNS = (_TICK, _PLACE, _KEY, _SHIPMENT, _LETTER, _CODE)

FORMS: dict[str, list[Item]] = {
    "row": [PanelSlot(name="row", box=Box(0, 0, _ACROSS, 0.1), fill=K100)],
    "head": [PanelSlot(name="head", box=Box(0, 0, _ACROSS, 0.4), fill=K100)],
    "none": [PanelSlot(name="none", box=Box(-1, 0, _LETTER.width - 0.5, _ROW - 0.5), fill=(0, 0, 0, 0.15))],
    "tick": [PanelSlot(name="tick", box=Box(0, 0, 4, 4), stroke=K100, line=0.2)],
}
"""What the press draws once a file."""


class PackingList:
    """Sets one wave's list in `face`; `lost` is what it could not show, by the list's row."""

    def __init__(self, face: Face, speaker: Speaker, title: str, file: str) -> None:
        self._setter, self._speaker, self._title, self._file = Setter(face), speaker, title, file
        self.lost: list[Lost] = []

    def pages(self, parcels: Sequence[PackLine], count: WaveCount) -> Iterator[PageContents]:
        """The pages, each with the header and its number of so many."""
        starts = range(0, len(parcels), ROWS)
        for page, start in enumerate(starts, 1):
            items = self._header(count, f"{page}/{len(starts)}")
            for place, parcel in enumerate(parcels[start : start + ROWS]):
                items += self._row(parcel, start + place + 1, _TOP + place * _ROW)
            yield PageContents(WIDTH, HEIGHT, 0, items)

    def _header(self, count: WaveCount, page: str) -> list[Item]:
        say = self._speaker.say
        heading = "　".join((say(mark("packing list")), say(mark("wave {wave}"), wave=count.wave)))
        letters = count.pieces + count.fallbacks
        numbers = say(
            mark("{parcels} parcels: {letters} with a letter, {empty} without"),
            parcels=count.parcels,
            letters=letters,
            empty=count.parcels - letters,
        )
        items = [
            *self._text(heading, 0, "wave", _MARGIN, 18, 140, 5.0),
            *self._text(self._title, 0, "title", _MARGIN, 24.5, 100, _USUAL),
            *self._text(numbers, 0, "counts", _MARGIN + 102, 24.5, _ACROSS - 102, _USUAL),
            *self._text(page, 0, "page", WIDTH - _MARGIN - 30, 18, 30, 5.0, right=True),
            Stamp("head", _MARGIN, _TOP - 1.0),
        ]
        for column in _COLUMNS:
            if column.head:
                items += self._text(
                    say(column.head), 0, "head", _MARGIN + column.left, 33.5, column.width, _SMALL + 0.3
                )
        return items

    def _row(self, parcel: PackLine, number: int, top: float) -> list[Item]:
        orders = self._orders(parcel, number)
        upper, lower, middle = top + 4.2, top + 8.0, top + 6.3
        what, why = self._letter(parcel)
        return [
            *([] if parcel.piece_id else [Stamp("none", _MARGIN + _LETTER.left, top)]),
            *self._text(parcel.position, number, "position", _MARGIN + _PLACE.left, middle, _PLACE.width - 2, _USUAL),
            *self._text(parcel.key, number, "match_key", _MARGIN + _KEY.left, middle, _KEY.width - 2, _LARGE),
            *self._text(
                parcel.shipment_id, number, "shipment_id", _MARGIN + _SHIPMENT.left, upper, _SHIPMENT.width - 2, _USUAL
            ),
            *self._text(orders, number, "order_ids", _MARGIN + _SHIPMENT.left, lower, _SHIPMENT.width - 2, _SMALL),
            *self._text(what, number, "outcome", _MARGIN + _LETTER.left, upper, _LETTER.width - 2, _USUAL),
            *self._lines(why, number, _MARGIN + _LETTER.left, top + 6.9, _LETTER.width - 2),
            *_code(parcel.shipment_id, _MARGIN + _CODE.left, top + (_ROW - _BARS) / 2),
            Stamp("tick", _MARGIN, top + 3.0),
            Stamp("row", _MARGIN, top + _ROW - 0.5),
        ]

    def _letter(self, parcel: PackLine) -> tuple[str, str]:
        """What goes in, and of what kind, or why nothing."""
        if parcel.piece_id:
            return self._speaker.say(mark("letter")), parcel.label
        return self._speaker.say(mark("none")), explain_reason(parcel.reason, self._speaker)

    def _orders(self, parcel: PackLine, number: int) -> str:
        """As many orders as have room, and how many more there are."""
        room = (_SHIPMENT.width - 2) / NARROWEST
        for shown in range(len(parcel.orders), 0, -1):
            text, more = ", ".join(parcel.orders[:shown]), len(parcel.orders) - shown
            if more:
                text = self._speaker.say(mark("{orders} and {more} more"), orders=text, more=more)
            if self._setter.width(text, _SMALL) <= room or shown == 1:
                return text
        return ""

    def _lines(self, text: str, number: int, left: float, base: float, width: float) -> list[Item]:
        """Small type in two lines at most; what is beyond is left out with an ellipsis."""
        ids, ends = self._setter.measured(text)
        self._note(number, "reason")
        room = width / (_SMALL * 0.85) * 1000 / 0.85
        first = sum(end <= room for end in ends[1:])
        rest = ids[first:]
        if rest:
            second = sum(end - ends[first] <= room for end in ends[first + 1 :])
            rest = rest if second == len(rest) else rest[: second - 1] + "…"
        lines = [Line(0.0, 0.0, line) for line in (ids[:first], rest) if line]
        return [Text(self._setter.face.key, _SMALL * 0.85, 0.85, K100, left, base, _SMALL, lines)] if lines else []

    def _text(
        self, text: str, number: int, column: str, left: float, base: float, width: float, size: float, *,
        right: bool = False,
    ) -> list[Item]:  # fmt: skip
        """One line; what the font could not show of it is reported by its row and column."""
        align = Align.RIGHT if right else Align.LEFT
        items = self._setter.line(text, Place(left, base), width, size, align=align)
        self._note(number, column)
        return [*items]

    def _note(self, number: int, column: str) -> None:
        lost, self._setter.lost = self._setter.lost, []
        if lost:
            self.lost.append(losses(self._file, number, column, lost))


def _code(payload: str, left: float, top: float) -> list[Item]:
    """Code 128, or Data Matrix where its bars would be too fine; nothing for what is not ASCII."""
    for kind in ("code128", "datamatrix"):
        coding = CODINGS[kind]
        try:
            columns = coding.columns(payload)
            module = _module(coding, columns)
            if payload and module:
                symbol = coding.symbol(payload, columns)
                height = _BARS if coding.bars else columns * module
                box = Box(left + coding.before * module, top + (_BARS - height) / 2, columns * module, height)
                return [Code(symbol, box, K100)]
        except PayloadError:
            continue
    return []


def _module(coding: Coding, columns: int) -> float:
    """The width of a module (mm) in the room that there is; 0 where it would be too small to be read."""
    module = min(coding.usual, _CODE.width / (columns + coding.before + coding.after))
    if not coding.bars:
        module = min(module, _SQUARE / (columns + 2 * coding.above))
    return module if module >= coding.least else 0.0
