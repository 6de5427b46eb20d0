"""Sheets that must come off the press whatever their cells hold: text is cut rather than refused, a code left out."""

from dataclasses import dataclass, replace

from dmgen.fonts import MissingGlyphError, clusters_of
from dmgen.layout.master import Master
from dmgen.layout.materials import SlotPlan
from dmgen.layout.piece import PieceValues
from dmgen.layout.plans import OversetError, Plan, TextPlan, fitted
from dmgen.layout.symbol_plans import SymbolPlan
from dmgen.layout.typeset import TOLERANCE
from dmgen.model.characters import stand_in
from dmgen.model.contents import Item
from dmgen.symbols import CODINGS, PayloadError

CUT = "…"
"""What stands where a text was cut off."""


@dataclass(frozen=True)
class CutText:
    """A text as its style lets it be set; what is too long for its smallest type is cut and ends with "…".

    Characters that no font has are 〓. For sheets alone: a letter whose words do not fit is not printed.
    """

    plan: TextPlan

    def place(self, piece: PieceValues) -> list[Item]:
        """The text, or as much of its beginning as there is room for; nothing where not even "…" fits."""
        clusters = [self._known(cluster) for cluster in clusters_of(" ".join(self.plan.copy.all_paragraphs(piece)))]
        whole = self._set("".join(clusters))
        if whole is not None:
            return whole
        fits, beyond, best = 0, len(clusters), list[Item]()
        while fits < beyond:
            length = (fits + beyond) // 2
            placed = self._set("".join(clusters[:length]).rstrip() + CUT)
            if placed is None:
                beyond = length
            else:
                fits, best = length + 1, placed
        return best

    def _set(self, text: str) -> list[Item] | None:
        try:
            return fitted([text] if text.strip() else [], self.plan.setter, self.plan.box)
        except OversetError:
            return None

    def _known(self, cluster: str) -> str:
        """The characters as some font of the style has them; nothing where not even 〓 is there."""
        for candidate in (cluster, stand_in(cluster), stand_in("")):
            try:
                self.plan.setter.chain.measure(candidate)
            except MissingGlyphError:
                continue
            return candidate
        return ""


@dataclass(frozen=True)
class PossibleSymbol:
    """A symbol where its payload can be one whose modules scan; else nothing, and the text beside it must do."""

    plan: SymbolPlan

    def place(self, piece: PieceValues) -> list[Item]:
        """The symbol, or nothing."""
        coding, payload = CODINGS[self.plan.kind], self.plan.payload(piece)
        try:
            columns = coding.columns(payload) if payload else 0
        except PayloadError:
            return []
        scans = self.plan.module(columns) >= coding.least - TOLERANCE / 100
        return self.plan.place(piece) if columns and scans else []


def unfailing(master: Master) -> Master:
    """Sets every sheet. Its slots are fixed, or text and symbols without rules."""
    pages = tuple(replace(page, plans=tuple(map(_unfailing, page.plans))) for page in master.pages)
    return replace(master, pages=pages)


def _unfailing(slot: SlotPlan) -> SlotPlan:
    plan: Plan = slot.plan
    if isinstance(plan, TextPlan):
        plan = CutText(plan)
    elif isinstance(plan, SymbolPlan):
        plan = PossibleSymbol(plan)
    return slot._replace(plan=plan)
