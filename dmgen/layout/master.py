"""A layout made ready for one segment: what is the same for everybody is set once, plans place the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dmgen.fonts import MissingGlyphError
from dmgen.layout.compiler import NUMBER_NAMES, Compiler, SlotPlan
from dmgen.layout.piece import PieceValues, SetError
from dmgen.layout.plans import OversetError
from dmgen.layout.words import Merge
from dmgen.model.contents import Item, PageContents, Stamp
from dmgen.model.layout import Layout
from dmgen.model.production import Numbers, Row
from dmgen.model.rule import Rule

__all__ = ["Master", "MasterPage", "SetError", "build_master"]


@dataclass(frozen=True)
class MasterPage:
    """One side: the form of everything fixed, and a plan for each slot that varies."""

    base: str
    plans: tuple[SlotPlan, ...]
    when: Rule | None


@dataclass(frozen=True)
class Master:
    """Sets pieces of one layout and segment. `forms` are drawn once a file and stamped.

    `shell` are the forms of its pages ("" for an empty one) where they are on the paper already: pieces leave them out.
    """

    layout: Layout
    constants: dict[str, Any]
    merge: Merge
    pages: tuple[MasterPage, ...]
    forms: dict[str, list[Item]]
    names: frozenset[str]  # columns that a row must hold
    links: tuple[str, ...]
    shell: tuple[str, ...] = ()

    def set_shell(self) -> list[PageContents]:
        """The pages that are printed once, before the pieces."""
        pages = [self._page([Stamp(form, 0.0, 0.0)] if form else []) for form in self.shell]
        if self.layout.sides == 2 and len(pages) % 2:
            pages.append(self._page([]))
        return pages

    def set_piece(
        self, row: Row, numbers: Numbers, sequence: int, *, personal_only: bool = False
    ) -> list[PageContents]:
        """The pages of one piece. Raises SetError for one that cannot be set, CampaignError for words that fail.

        With `personal_only`, slots that show nothing of the row are left out.
        """
        values = {
            **self.constants,
            **row,
            "sequence": sequence,
            "piece_id": numbers.piece_id,
            "coupon": numbers.coupon_text,
            "coupon_code": numbers.coupon,
            "tickets": len(numbers.tickets),
            "ticket_numbers": "、".join(numbers.tickets),
            "link": next((link.url for link in numbers.links.values()), ""),
        }
        piece = PieceValues(values, self.merge.parts(values), numbers)
        pages = [
            self._set_page(page, piece, personal_only) for page in self.pages if not page.when or piece.holds(page.when)
        ]
        if not pages:
            raise SetError("no_page", "pages")
        if self.layout.sides == 2 and len(pages) % 2:
            pages.append(self._page([]))
        return pages

    def _set_page(self, page: MasterPage, piece: PieceValues, personal_only: bool) -> PageContents:
        items: list[Item] = [Stamp(page.base, 0.0, 0.0)] if page.base else []
        for slot, plan, personal in page.plans:
            if personal_only and not personal and not page.when:
                continue
            try:
                items += plan.place(piece)
            except OversetError:
                raise SetError("overset", slot) from None
            except MissingGlyphError as error:
                raise SetError("missing_glyph", slot, error.code_points) from None
        return self._page(items)

    def _page(self, items: list[Item]) -> PageContents:
        return PageContents(self.layout.width, self.layout.height, self.layout.bleed, items)


def build_master(layout: Layout, compiler: Compiler, constants: Mapping[str, Any]) -> Master:
    """Compile a layout. Raises CampaignError for unknown names in words or rules, and for fixed copy overset."""
    pages = tuple(MasterPage(*compiler.page(page), page.when) for page in layout.pages)
    shell: tuple[str, ...] = ()
    if compiler.materials.black_only:
        shell = tuple(page.base for page in pages)
        pages = tuple(replace(page, base="") for page in pages)
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
        shell=shell,
    )
