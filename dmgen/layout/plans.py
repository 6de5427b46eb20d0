"""How each kind of slot is filled for a piece. A plan is made once a layout and places items for every piece."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from dmgen.layout.addressees import addressees
from dmgen.layout.honorific import honorific
from dmgen.layout.piece import PieceValues
from dmgen.layout.typeset import TOLERANCE, Setter
from dmgen.model.contents import Code, Item, Picture, Stamp
from dmgen.model.layout import Box, Cmyk
from dmgen.model.rule import Rule
from dmgen.model.symbol import Symbol
from dmgen.symbols import QUIET_ZONE, QrSeries


class OversetError(Exception):
    """Copy that does not fit its box however its style lets it be set.

    `items` are all of it at its smallest, running out of the box at the foot; none where it cannot be set at all.
    """

    def __init__(self, items: Sequence[Item] = ()) -> None:
        super().__init__()
        self.items = items


class MissingImageError(Exception):
    """A picture that is not there, or cannot be read."""

    def __init__(self, column: str, key: str) -> None:
        super().__init__(column, key)
        self.column = column
        self.key = key


class Plan(Protocol):
    """Places what varies in a slot."""

    def place(self, piece: PieceValues) -> list[Item]:
        """The items of a piece. Raises OversetError, MissingGlyphError, MissingImageError or NoBarcodeError."""
        ...


@dataclass(frozen=True)
class Conditional:
    """A slot with `when`."""

    rule: Rule
    plan: Plan

    def place(self, piece: PieceValues) -> list[Item]:
        """The slot's items where the rule holds."""
        return self.plan.place(piece) if piece.holds(self.rule) else []


@dataclass(frozen=True)
class Fixed:
    """Items that do not vary."""

    items: tuple[Item, ...]

    def place(self, piece: PieceValues) -> list[Item]:
        """Always the same items."""
        return list(self.items)


@dataclass(frozen=True)
class Copy:
    """Words of a slot: paragraphs that every piece has, and indices of merged parts."""

    blocks: tuple[tuple[str, ...] | int, ...]

    @staticmethod
    def paragraphs(block: tuple[str, ...] | int, piece: PieceValues) -> Sequence[str]:
        """The paragraphs of a block; an entry that renders to nothing has none."""
        if isinstance(block, tuple):
            return block
        part = piece.parts[block]
        return part.rstrip("\n").split("\n") if part.strip() else ()

    def all_paragraphs(self, piece: PieceValues) -> list[str]:
        """Every paragraph."""
        return [text for block in self.blocks for text in self.paragraphs(block, piece)]


class FixedBlock(NamedTuple):
    """Paragraphs of a text slot that are drawn once a file."""

    form: str
    lines: int


@dataclass(frozen=True)
class TextPlan:
    """A text slot: fixed blocks are stamped, the others set, line under line.

    `fixed` runs parallel to the copy's blocks, None where a block varies.
    """

    copy: Copy
    fixed: tuple[FixedBlock | None, ...]
    setter: Setter
    box: Box
    capacity: int

    def place(self, piece: PieceValues) -> list[Item]:
        """Stamps and text blocks; the whole slot is reset where it does not fit at full size."""
        setter, left, top = self.setter, self.box.left, self.box.top
        step = setter.steps[0]
        items: list[Item] = []
        row = 0
        for block, fixed in zip(self.copy.blocks, self.fixed, strict=True):
            at = top + row * step.leading
            if fixed:
                items.append(Stamp(fixed.form, left, at))
                row += fixed.lines
            elif lines := setter.lines(self.copy.paragraphs(block, piece), step):
                items.append(setter.block(lines, step, left, at))
                row += len(lines)
        if row > self.capacity or setter.style.middle:
            return fitted(self.copy.all_paragraphs(piece), setter, self.box)
        return items


def fitted(paragraphs: Sequence[str], setter: Setter, box: Box) -> list[Item]:
    """Paragraphs set in a box as their style allows. Raises OversetError."""
    if not paragraphs:
        return []
    for step in setter.steps:
        lines = setter.lines(paragraphs, step)
        if len(lines) <= step.capacity(box.height):
            free = (box.height - step.height(len(lines))) / 2 if setter.style.middle else 0.0
            return [setter.block(lines, step, box.left, box.top + free)]
    raise OversetError([setter.block(lines, step, box.left, box.top)])


@dataclass(frozen=True)
class Stack:
    """Two texts one above the other in a box, e.g. address and name, coupon words and code."""

    box: Box
    upper: Setter
    lower: Setter
    gap: float
    at_bottom: bool = False  # the lower text stands on the box's bottom edge

    def set(self, above: Sequence[str], below: Sequence[str]) -> list[Item]:
        """Both texts in the first steps at which they fit together. Raises OversetError."""
        box, upper, lower = self.box, self.upper, self.lower
        last = max(len(upper.steps), len(lower.steps)) - 1
        for i in range(last + 1):
            step, low_step = upper.steps[min(i, len(upper.steps) - 1)], lower.steps[min(i, len(lower.steps) - 1)]
            lines, low_lines = upper.lines(above, step), lower.lines(below, low_step)
            high, low = step.height(len(lines)), low_step.height(len(low_lines))
            offset = high + self.gap if lines else 0.0
            fits = offset + low <= box.height + TOLERANCE
            if not fits and i < last:
                continue
            if fits and self.at_bottom:
                offset = box.height - low
            items: list[Item] = [upper.block(lines, step, box.left, box.top)] if lines else []
            if low_lines:
                items.append(lower.block(low_lines, low_step, box.left, box.top + offset))
            if fits:
                return items
        raise OversetError(items)


@dataclass(frozen=True)
class AddressPlan:
    """〒, the address with its building on a line of its own, the name with 様 or 御中; empty lines close up."""

    stack: Stack
    parts: tuple[str, ...]

    def place(self, piece: PieceValues) -> list[Item]:
        """Address above name."""
        names = [name + honorific(name) for name in _names(piece)]
        return self.stack.set([line for line in self._address(piece) if line], names)

    def _address(self, piece: PieceValues) -> list[str]:
        postal = "〒" + piece.text("postal_code")
        if not any(map(piece.text, self.parts)):
            return [postal, piece.text("address")]
        *street, building = (piece.text(part) for part in self.parts)
        return [postal, "".join(street), building]


@dataclass(frozen=True)
class WesternAddressPlan:
    """Name, street with its apartment, "City, State ZIP" (the order of USPS Publication 28); empty parts close up."""

    stack: Stack
    parts: tuple[str, ...]

    def place(self, piece: PieceValues) -> list[Item]:
        """Name above address."""
        return self.stack.set(_names(piece), [line for line in self._address(piece) if line])

    def _address(self, piece: PieceValues) -> list[str]:
        postal = piece.text("postal_code")
        if not any(map(piece.text, self.parts)):
            return [piece.text("address"), postal]
        *areas, street, building = (piece.text(part) for part in self.parts)
        place = _spaced(", ".join(filter(None, reversed(areas))), postal)
        together = _spaced(street, building)
        setter = self.stack.lower
        fits = len(setter.lines([together], setter.steps[0])) == 1
        return [together, place] if fits else [street, building, place]


def _spaced(*parts: str) -> str:
    return " ".join(filter(None, parts))


def _names(piece: PieceValues) -> list[str]:
    name, joint = piece.text("name"), piece.text("joint_names")
    return [person.name for person in addressees(name, joint)] if joint else [name]


@dataclass(frozen=True)
class CouponPlan:
    """The offer's words above the issued code."""

    stack: Stack
    copy: Copy

    def place(self, piece: PieceValues) -> list[Item]:
        """Words and code; nothing for a piece without a coupon."""
        if not piece.numbers.coupon:
            return []
        return self.stack.set(self.copy.all_paragraphs(piece), [piece.numbers.coupon_text])


@dataclass(frozen=True)
class LotteryPlan:
    """The issued lottery numbers under optional words."""

    stack: Stack
    copy: Copy

    def place(self, piece: PieceValues) -> list[Item]:
        """Words and numbers; nothing for a piece without tickets."""
        if not piece.numbers.tickets:
            return []
        return self.stack.set(self.copy.all_paragraphs(piece), piece.numbers.shown_tickets)


@dataclass(frozen=True)
class PicturePlan:
    """A picture named by a column; nothing where the cell is empty."""

    column: str
    box: Box
    sizes: dict[str, tuple[int, int]]

    def place(self, piece: PieceValues) -> list[Item]:
        """The picture, whole and centred in the box. Raises MissingImageError."""
        key = str(piece.column(self.column) or "")
        if not key:
            return []
        if key not in self.sizes:
            raise MissingImageError(self.column, key)
        return [Picture(key, proportional(self.box, *self.sizes[key]))]


def proportional(box: Box, width: int, height: int) -> Box:
    """The largest box of these proportions inside a box, centred."""
    scale = min(box.width / width, box.height / height)
    w, h = width * scale, height * scale
    return Box(box.left + (box.width - w) / 2, box.top + (box.height - h) / 2, w, h)


@dataclass(frozen=True)
class QrPlan:
    """The QR code of a link, centred in its box with its quiet zone."""

    link: str
    series: QrSeries
    box: Box
    color: Cmyk
    without_finders: bool = False  # where a form draws them, because they are the same for everybody

    @classmethod
    def fit(cls, link: str, series: QrSeries, box: Box, color: Cmyk) -> "QrPlan":
        """A plan whose modules fill the box but for the quiet zone."""
        side = min(box.width, box.height)
        modules = side * series.size / (series.size + 2 * QUIET_ZONE)
        centred = Box(box.left + (box.width - modules) / 2, box.top + (box.height - modules) / 2, modules, modules)
        return cls(link, series, centred, color)

    def place(self, piece: PieceValues) -> list[Item]:
        """The symbol of this piece's link."""
        symbol = self.series.symbol(piece.numbers.links[self.link].url)
        if self.without_finders:
            symbol = Symbol(symbol.columns, symbol.rows, symbol.modules & ~self.series.finders.modules)
        return [Code(symbol, self.box, self.color)]
