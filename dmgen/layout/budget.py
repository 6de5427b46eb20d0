"""Symbols by budget: what the longest payload of the real list needs decides the size for all letters."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from dmgen.errors import CampaignError
from dmgen.layout.compiler import NUMBER_NAMES
from dmgen.layout.master import Master
from dmgen.layout.materials import SlotPlan
from dmgen.layout.piece import PieceValues
from dmgen.layout.plans import Conditional
from dmgen.layout.symbol_plans import SymbolPlan, check_module
from dmgen.layout.words import Merge
from dmgen.model.production import Numbers, Row
from dmgen.model.rule import Rule
from dmgen.symbols import CODINGS, PayloadError

_CHARACTER = 11  # modules of a character of Code 128


class Need(NamedTuple):
    """What a slot's longest payload needs: columns, and how many characters it has."""

    columns: int
    length: int


Budget = dict[tuple[int, int], Need]
"""By page and place among its plans."""


class _Found(NamedTuple):
    place: tuple[int, int]
    plan: SymbolPlan
    rules: tuple[Rule, ...]
    slot: str


def has_symbols(master: Master) -> bool:
    """Whether a layout has symbols whose payload varies."""
    return any(_symbols(master))


def symbol_names(master: Master) -> frozenset[str]:
    """The columns that a row must hold for its symbols to be measured."""
    names = {name for found in _symbols(master) for name in _shown(found)}
    return frozenset(name.partition(".")[0] for name in names) - set(master.constants) - NUMBER_NAMES


def measure(master: Master, rows: Iterable[Row], numbers: Numbers, sequence: int, varying: Collection[str]) -> Budget:
    """The needs of the symbols of these rows with the longest numbers that may be issued.

    `varying` names the numbers that may be shorter: a digit less can cost Code 128 a character more, because digits
    go in pairs. Rows whose words or payloads fail are left to the fitting, which rejects them.
    """
    symbols = list(_symbols(master))
    used = sorted({block for found in symbols for block in found.plan.copy.blocks if isinstance(block, int)})
    merge = Merge([master.merge.paragraphs[block] for block in used])
    budget: Budget = {}
    for row in rows:
        values = master.values(row, numbers, sequence)
        try:
            parts = dict(zip(used, merge.parts(values), strict=True))
        except CampaignError:
            continue
        piece = PieceValues(values, parts, numbers)  # type: ignore[arg-type]  # only these parts are asked for
        for found in symbols:
            need = _need(found, piece, varying)
            if need and need > budget.get(found.place, Need(0, 0)):
                budget[found.place] = need
    return budget


def _need(found: _Found, piece: PieceValues, varying: Collection[str]) -> Need | None:
    try:
        payload = found.plan.payload(piece) if all(map(piece.holds, found.rules)) else ""
        columns = CODINGS[found.plan.kind].columns(payload) if payload else 0
    except (CampaignError, PayloadError):
        return None
    slack = _CHARACTER * len(found.plan.names & set(varying)) if found.plan.kind == "code128" else 0
    return Need(columns + slack, len(payload)) if payload else None


def merged(budgets: Iterable[Budget]) -> Budget:
    """The largest needs of several budgets of one layout."""
    most: Budget = {}
    for budget in budgets:
        for place, need in budget.items():
            most[place] = max(need, most.get(place, need))
    return most


def with_budget(master: Master, budget: Budget) -> Master:
    """The master with the size of every symbol decided. Raises CampaignError where modules would be too small."""
    symbols = {found.place: found for found in _symbols(master)}
    for place, need in budget.items():
        check_module(master.layout.file, symbols[place].slot, symbols[place].plan, need.columns, need.length)
    pages = []
    for page_number, page in enumerate(master.pages):
        plans = [
            _sized(slot, budget.get((page_number, number), Need(0, 0)).columns)
            for number, slot in enumerate(page.plans)
        ]
        pages.append(replace(page, plans=tuple(plans)))
    return replace(master, pages=tuple(pages))


def _sized(slot: SlotPlan, columns: int) -> SlotPlan:
    plan: Any = slot.plan
    if isinstance(plan, Conditional) and isinstance(plan.plan, SymbolPlan):
        plan = replace(plan, plan=replace(plan.plan, columns=columns))
    elif isinstance(plan, SymbolPlan):
        plan = replace(plan, columns=columns)
    return slot._replace(plan=plan)


def _symbols(master: Master) -> Iterator[_Found]:
    """Symbols of words that vary, with the rules under which they are shown."""
    for page_number, page in enumerate(master.pages):
        for number, slot in enumerate(page.plans):
            conditional = slot.plan if isinstance(slot.plan, Conditional) else None
            plan = conditional.plan if conditional else slot.plan
            if isinstance(plan, SymbolPlan):
                rules = (page.when, conditional.rule if conditional else None)
                # A rule about a number may hold for other pieces than the one that stands for all of them here.
                decided = tuple(rule for rule in rules if rule and not rule.names & NUMBER_NAMES - {"offer"})
                yield _Found((page_number, number), plan, decided, slot.slot)


def _shown(found: _Found) -> set[str]:
    return {*found.plan.names, *(name for rule in found.rules for name in rule.names)}
