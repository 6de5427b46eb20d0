"""Slots that hold a code: what is checked before anything is issued, and how a piece's code is placed."""

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dmgen.errors import CampaignError
from dmgen.layout.piece import PieceValues
from dmgen.layout.plans import Copy, Fixed, Plan, QrPlan, fitted
from dmgen.layout.typeset import TOLERANCE, Setter
from dmgen.layout.words import in_address
from dmgen.messages import mark
from dmgen.model.contents import Code, Item
from dmgen.model.layout import K100, Align, ArSlot, Box, JapanPostSlot, QrSlot, SymbolSlot
from dmgen.reasons import reason_words
from dmgen.symbols import BLANK, CODINGS, PayloadError, after_town, aruco_symbol, barcode_size, customer_barcode

if TYPE_CHECKING:
    from dmgen.layout.compiler import Compiler

_SHOWN = 60  # characters of a payload in a message
_LINK_SHOWN = 240
_ADDRESS = ("town", "street", "building")
_AFTER_TOWN = "address_b"  # computed: the address after its town, by Japan Post's data; null where that does not tell
_TEXT_HEIGHT = 1.3  # of the size of what stands under bars, with the gap above it


class NoBarcodeError(Exception):
    """An address that cannot have the customer barcode: why, the column that causes it, and its cell if that tells."""

    def __init__(self, reason: str, column: str, value: str = "") -> None:
        super().__init__(reason, column, value)
        self.reason = reason
        self.column = column
        self.value = value


@dataclass(frozen=True)
class SymbolPlan:
    """Words as a symbol, centred in its box with its quiet zone; nothing for a piece whose words are empty.

    `columns` is what the longest payload of the list needs (0: each payload for itself), so that modules are as large
    in every letter. `names` are the columns that the words use.
    """

    kind: str
    copy: Copy
    names: frozenset[str]
    box: Box
    under: Setter | None
    columns: int = 0

    def payload(self, piece: PieceValues) -> str:
        """What the symbol says for a piece."""
        return "\n".join(self.copy.all_paragraphs(piece))

    def place(self, piece: PieceValues) -> list[Item]:
        """The symbol. Raises PayloadError for words that it cannot hold, OversetError for text that is too wide."""
        payload = self.payload(piece)
        if not payload:
            return []
        coding = CODINGS[self.kind]
        symbol = coding.symbol(payload, self.columns)
        code = Code(symbol, self.area(symbol.columns), K100)
        if not self.under:
            return [code]
        size = self.under.style.size
        below = Box(self.box.left, self.box.top + self.box.height - size, self.box.width, size)
        return [code, *fitted([coding.shown(payload)], self.under, below)]

    def module(self, columns: int) -> float:
        """The width of a module (mm) where a symbol has so many columns."""
        coding = CODINGS[self.kind]
        across = self.box.width / (columns + coding.before + coding.after)
        return across if coding.bars else min(across, self.box.height / (columns + 2 * coding.above))

    def area(self, columns: int) -> Box:
        """Where the modules of a symbol with so many columns stand, without the quiet zone."""
        coding, box = CODINGS[self.kind], self.box
        module = self.module(max(columns, self.columns))
        width, height = columns * module, self.bar_height if coding.bars else columns * module
        left = box.left + (box.width - width + (coding.before - coding.after) * module) / 2
        return Box(left, box.top if coding.bars else box.top + (box.height - height) / 2, width, height)

    @property
    def bar_height(self) -> float:
        """The height of bars (mm): the box but for the text under them."""
        return self.box.height - (self.under.style.size * _TEXT_HEIGHT if self.under else 0.0)


@dataclass(frozen=True)
class JapanPostPlan:
    """The customer barcode of a piece's address."""

    area: Box

    def place(self, piece: PieceValues) -> list[Item]:
        """The barcode. Raises NoBarcodeError; without one a letter may go all the same, at the full postage."""
        part = piece.values.get(_AFTER_TOWN)
        if part is None:  # the postal code's data do not tell
            part = after_town(piece.text("address"), *map(piece.text, _ADDRESS))
        if part is None:
            raise NoBarcodeError("no_barcode_town", "address")
        try:
            symbol = customer_barcode(piece.text("postal_code"), part).symbol
        except PayloadError as error:
            reason = "no_barcode_general" if error.reason == "postal_code_general" else "no_barcode_code"
            raise NoBarcodeError(reason, "postal_code", error.value) from None
        return [Code(symbol, self.area, K100)]


def link_plan(slot: QrSlot, compiler: "Compiler") -> Plan:
    """A QR code of a link. Raises CampaignError for a shop without links, and for a box that is too small."""
    series = compiler.materials.series.get(slot.link)
    if series is None:
        raise CampaignError(
            mark('{file}: slot {slot}: a QR code needs a link: write links = "https://…/" in {shop}'),
            file=compiler.layout.file,
            slot=slot.name,
            shop="shop.toml",
        )
    coding = CODINGS["qr"]
    quiet = coding.before + coding.after
    module = min(slot.box.width, slot.box.height) / (series.size + quiet)
    if module < coding.least:
        raise CampaignError(
            mark(
                "{file}: slot {slot}: modules of {module:.2f} mm do not scan safely (at least {least:.2f}): make the "
                "box {need:.0f} × {need:.0f} mm, or the link shorter, which begins with {prefix}"
            ),
            file=compiler.layout.file,
            slot=slot.name,
            module=module,
            least=coding.least,
            need=math.ceil(coding.least * (series.size + quiet)),
            prefix=series.prefix[:_LINK_SHOWN],
        )
    if slot.link not in compiler.links:
        compiler.links.append(slot.link)
    return QrPlan.fit(slot.link, series, slot.box, K100)


def marker_plan(slot: ArSlot, marker: int) -> Plan:
    """The AR marker, the same for everybody."""
    return Fixed((Code(aruco_symbol(marker), slot.area, K100),))


def is_address(words: str) -> bool:
    """Whether words are a link: then every value in it is percent-encoded."""
    return words.lstrip().lower().startswith(("http://", "https://"))


def words_plan(slot: SymbolSlot, compiler: "Compiler") -> Plan:
    """Words as a symbol. Raises CampaignError for words that are the same for everybody and cannot be one."""
    paragraphs = compiler.paragraphs(slot.words)
    if is_address(compiler.layout.words[slot.words]):
        paragraphs = [in_address(paragraph) for paragraph in paragraphs]
    copy = compiler.copy_of(paragraphs, None)
    names = frozenset().union(*(paragraph.names for paragraph in paragraphs))
    if "link" in names and not any(isinstance(other, QrSlot) for page in compiler.layout.pages for other in page.slots):
        raise CampaignError(
            mark('{file}: slot {slot}: a link is issued where a slot shows it: {{ kind = "qr", link = "coupon", … }}'),
            file=compiler.layout.file,
            slot=slot.name,
        )
    style = replace(slot.style, align=Align.CENTER, middle=False) if slot.style else None
    plan = SymbolPlan(slot.kind, copy, names, slot.box, compiler.setter(style, slot.box) if style else None)
    lowest = CODINGS[slot.kind].lowest
    if CODINGS[slot.kind].bars and plan.bar_height < lowest - TOLERANCE:
        raise CampaignError(
            mark("{file}: slot {slot}: bars of {height:.1f} mm are too low to scan: make the box {need:.0f} mm high"),
            file=compiler.layout.file,
            slot=slot.name,
            height=max(plan.bar_height, 0.0),
            need=math.ceil(slot.box.height - plan.bar_height + lowest),
        )
    if any(isinstance(block, int) for block in copy.blocks):
        return plan
    payload = plan.payload(compiler.nobody)
    try:
        columns = CODINGS[slot.kind].columns(payload) if payload else 0
    except PayloadError as error:
        raise CampaignError(
            mark('{file}: slot {slot}: a {kind} code cannot say "{payload}": {problem}'),
            file=compiler.layout.file,
            slot=slot.name,
            kind=slot.kind,
            payload=error.value[:_SHOWN],
            problem=CampaignError(reason_words(error.reason)),
        ) from None
    if columns:
        check_module(compiler.layout.file, slot.name, plan, columns, len(payload))
    return Fixed(tuple(plan.place(compiler.nobody)))


def check_module(file: object, slot: str, plan: SymbolPlan, columns: int, length: int) -> None:
    """Raise CampaignError if modules are smaller than scanners and printers need."""
    coding, module = CODINGS[plan.kind], plan.module(columns)
    if module >= coding.least - TOLERANCE / 100:
        return
    raise CampaignError(
        mark(
            "{file}: slot {slot}: the longest payload of this list has {length} characters, and modules of "
            "{module:.2f} mm do not scan safely (at least {least:g}): make the box {width} × {height} mm "
            "or the words shorter"
        ),
        file=file,
        slot=slot,
        length=length,
        module=module,
        least=coding.least,
        width=math.ceil(coding.least * (columns + coding.before + coding.after)),
        height=math.ceil(plan.box.height if coding.bars else coding.least * (columns + 2 * coding.above)),
    )


def japanpost_plan(slot: JapanPostSlot, compiler: "Compiler") -> Plan:
    """The customer barcode. Raises CampaignError for a box that is too small."""
    layout, box = compiler.layout, slot.box
    if compiler.materials.country != "JP":
        raise CampaignError(
            mark('{file}: slot {slot}: the customer barcode is for Japan: country = "JP" in shop.toml'),
            file=layout.file,
            slot=slot.name,
        )
    width, height = barcode_size(slot.size)
    area = Box(box.left + (box.width - width) / 2, box.top + (box.height - height) / 2, width, height)
    if min(box.width - width, box.height - height) / 2 < BLANK - TOLERANCE:
        raise CampaignError(
            mark(
                "{file}: slot {slot}: the customer barcode of {size:g} pt is {width:.1f} × {height:.1f} mm with the "
                "2 mm of blank around it: make the box at least so large"
            ),
            file=layout.file,
            slot=slot.name,
            size=slot.size,
            width=width + 2 * BLANK + 0.05,
            height=height + 2 * BLANK + 0.05,
        )
    compiler.columns |= {"postal_code", "address", *({_AFTER_TOWN, *_ADDRESS} & compiler.materials.known)}
    return JapanPostPlan(area)
