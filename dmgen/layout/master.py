"""A layout made ready for one segment: what is the same for everybody is set once, plans place the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dmgen.fonts import MissingGlyphError
from dmgen.layout.compiler import NUMBER_NAMES, SEALED, Compiler
from dmgen.layout.materials import SlotPlan
from dmgen.layout.offers import offer_record
from dmgen.layout.piece import PieceValues, SetError
from dmgen.layout.plans import MissingImageError, OversetError
from dmgen.layout.symbol_plans import NoBarcodeError
from dmgen.layout.words import Merge
from dmgen.model.campaign import REJECT_ALL, Policies, Policy
from dmgen.model.characters import stand_in
from dmgen.model.contents import Item, PageContents, Stamp, Text
from dmgen.model.layout import ArSlot, Layout, Page, Slot
from dmgen.model.production import Numbers, Record, Row
from dmgen.model.rule import Rule
from dmgen.symbols import PayloadError

_FAULTS = (OversetError, MissingGlyphError, MissingImageError, NoBarcodeError)

__all__ = ["Master", "MasterPage", "SetError", "build_master"]


@dataclass(frozen=True)
class MasterPage:
    """One side: the forms of everything fixed, and a plan for each slot that varies."""

    base: tuple[Stamp, ...]
    plans: tuple[SlotPlan, ...]
    when: Rule | None


@dataclass(frozen=True)
class Master:
    """Sets pieces of one layout and segment. `forms` are drawn once a file and stamped.

    `shell` are the forms of its pages where they are on the paper already: pieces leave them out. `markers`
    are the rules of each AR marker, whose id is `marker`.
    """

    layout: Layout
    constants: dict[str, Any]
    merge: Merge
    pages: tuple[MasterPage, ...]
    forms: dict[str, list[Item]]
    names: frozenset[str]  # columns that a row must hold
    links: tuple[str, ...]
    policies: Policies = REJECT_ALL
    shell: tuple[tuple[Stamp, ...], ...] = ()
    marker: int = 0
    markers: tuple[tuple[Rule, ...], ...] = ()
    comma: str = "、"  # between several lottery numbers

    def marker_of(self, row: Row, numbers: Numbers, sequence: int) -> int | None:
        """The id of the AR marker on the piece's pages, where there is one."""
        if not self.markers:
            return None
        if all(self.markers):
            piece = PieceValues(self.values(row, numbers, sequence), [], numbers)
            if not any(all(map(piece.holds, rules)) for rules in self.markers):
                return None
        return self.marker

    def set_shell(self) -> list[PageContents]:
        """The pages that are printed once, before the pieces."""
        pages = [self._page(list(stamps)) for stamps in self.shell]
        if self.layout.sides == 2 and len(pages) % 2:
            pages.append(self._page([]))
        return pages

    def on_paper(self) -> "Master":
        """Sets whole pages: what is on the paper already, too."""
        pages = (replace(page, base=stamps) for page, stamps in zip(self.pages, self.shell, strict=True))
        return replace(self, pages=tuple(pages), shell=()) if self.shell else self

    def sealed(self, commitment: str) -> "Master":
        """Sets letters that show the commitment of a seal, in the place of whatever stood for it."""
        record, _, name = SEALED.partition(".")
        if record not in self.constants:
            return self
        cells = {**self.constants[record].cells, name: commitment}
        return replace(self, constants={**self.constants, record: Record(cells)})

    def set_piece(
        self,
        row: Row,
        numbers: Numbers,
        sequence: int,
        *,
        personal_only: bool = False,
        warnings: list[SetError] | None = None,
    ) -> list[PageContents]:
        """The pages of one piece. Raises SetError for one that cannot be set, CampaignError for words that fail.

        With `personal_only`, slots that show nothing of the row are left out. `warnings` takes up what is not as it
        should be and printed all the same, as the campaign's policies ask.
        """
        values = self.values(row, numbers, sequence)
        piece = PieceValues(values, self.merge.parts(values), numbers)
        pages = [
            self._set_page(page, piece, personal_only, warnings)
            for page in self.pages
            if not page.when or piece.holds(page.when)
        ]
        if not pages:
            raise SetError("no_page", "pages")
        if self.layout.sides == 2 and len(pages) % 2:
            pages.append(self._page([]))
        return pages

    def values(self, row: Row, numbers: Numbers, sequence: int) -> dict[str, Any]:
        """What a piece's words and rules may name."""
        values = {
            **self.constants,
            **row,
            "sequence": sequence,
            "piece_id": numbers.piece_id,
            "coupon": numbers.coupon_text,
            "coupon_code": numbers.coupon,
            "tickets": len(numbers.tickets),
            "ticket_numbers": self.comma.join(numbers.shown_tickets),
            "link": next((link.url for link in numbers.links.values()), ""),
        }
        if "offer" not in self.constants:
            values["offer"] = offer_record(numbers.offer)
        return values

    def _set_page(
        self, page: MasterPage, piece: PieceValues, personal_only: bool, warnings: list[SetError] | None
    ) -> PageContents:
        items: list[Item] = list(page.base)
        for slot in page.plans:
            if personal_only and not slot.personal and not page.when:
                continue
            try:
                items += slot.plan.place(piece)
            except PayloadError as error:
                raise SetError(error.reason, slot.slot, error.value) from None
            except _FAULTS as fault:
                items += self._amended(fault, slot, piece, warnings)
        return self._page(items)

    def _amended(
        self, fault: Exception, slot: SlotPlan, piece: PieceValues, warnings: list[SetError] | None
    ) -> list[Item]:
        """What is printed in spite of a fault, where its policy is to warn. Raises SetError for the others."""
        while True:
            found = _told(fault, slot, piece)
            if self.policies.of(found.reason) is not Policy.WARN:
                raise found from None
            if warnings is not None:
                warnings.append(found)
            if isinstance(fault, MissingImageError | NoBarcodeError):
                return []
            if isinstance(fault, OversetError):
                if not fault.items or any(_foot(item) > self.layout.height for item in fault.items):
                    raise found from None  # beyond the sheet nothing is printed: words would be lost
                return list(fault.items)
            if not isinstance(fault, MissingGlyphError) or stand_in(fault.cluster) == fault.cluster:
                raise found from None
            piece = piece.replaced(fault.cluster, stand_in(fault.cluster))
            try:
                return slot.plan.place(piece)
            except _FAULTS as further:
                fault = further

    def _page(self, items: list[Item]) -> PageContents:
        return PageContents(self.layout.width, self.layout.height, self.layout.bleed, items)


def _told(fault: Exception, slot: SlotPlan, piece: PieceValues) -> SetError:
    """A fault by its reason, slot, and the cell that causes it."""
    if isinstance(fault, MissingGlyphError):
        return SetError("missing_glyph", slot.slot, fault.code_points, _column(fault.cluster, slot, piece))
    if isinstance(fault, NoBarcodeError):
        return SetError(fault.reason, slot.slot, fault.value, fault.column)
    if isinstance(fault, MissingImageError):
        return SetError("missing_image", slot.slot, fault.key, fault.column)
    return SetError("overset", slot.slot)


def _column(missing: str, slot: SlotPlan, piece: PieceValues) -> str:
    """The column among those a slot shows whose cell holds these characters."""
    for name in slot.shown:
        record, _, attribute = name.partition(".")
        value = piece.values.get(record)
        value = getattr(value, attribute, None) if attribute else value
        if isinstance(value, str) and missing in value:
            return name
    return ""


def _foot(item: Item) -> float:
    """The last baseline of a text (mm from the trim's top)."""
    return item.y + (len(item.lines) - 1) * item.leading if isinstance(item, Text) else 0.0


def _rules(page: Page, slot: Slot) -> tuple[Rule, ...]:
    """What must be true of a piece for a slot to be printed."""
    return tuple(rule for rule in (page.when, slot.when) if rule)


def build_master(layout: Layout, compiler: Compiler, constants: Mapping[str, Any]) -> Master:
    """Compile a layout. Raises CampaignError for unknown names in words or rules, and for fixed copy overset."""
    pages = tuple(MasterPage(*compiler.page(page), page.when) for page in layout.pages)
    shell: tuple[tuple[Stamp, ...], ...] = ()
    if compiler.materials.black_only:
        shell = tuple(page.base for page in pages)
        pages = tuple(replace(page, base=()) for page in pages)
    rules = {name for page in layout.pages for thing in (page, *page.slots) if thing.when for name in thing.when.names}
    needed = {name.partition(".")[0] for name in compiler.merge_names() | rules | compiler.columns}
    return Master(
        layout=layout,
        constants=dict(constants),
        merge=Merge(compiler.variable),
        pages=pages,
        forms=compiler.forms,
        names=frozenset(needed - set(constants) - NUMBER_NAMES),
        links=tuple(compiler.links),
        policies=compiler.materials.policies,
        shell=shell,
        marker=compiler.materials.marker,
        markers=tuple(_rules(page, slot) for page in layout.pages for slot in page.slots if isinstance(slot, ArSlot)),
        comma="、" if compiler.materials.country == "JP" else ", ",
    )
