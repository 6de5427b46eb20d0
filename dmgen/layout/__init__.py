"""Merges the words of a layout with a recipient's row and sets them: fixed positions in page coordinates."""

from dmgen.layout.branches import Branch, Branches
from dmgen.layout.budget import Budget, has_symbols, measure, merged, symbol_names, with_budget
from dmgen.layout.compiler import NUMBER_NAMES, SEALED, Compiler
from dmgen.layout.master import Master, SetError, build_master
from dmgen.layout.materials import Materials
from dmgen.layout.offers import OFFER_CELLS, offer_record
from dmgen.layout.piece import PieceValues
from dmgen.layout.places import places
from dmgen.layout.said import Said, said
from dmgen.layout.sheet_places import sheet_places
from dmgen.layout.shown import Shown, shown_names
from dmgen.layout.unfailing import CUT, unfailing
from dmgen.layout.words import unknown_names

__all__ = [
    "CUT",
    "NUMBER_NAMES",
    "OFFER_CELLS",
    "SEALED",
    "Branch",
    "Branches",
    "Budget",
    "Compiler",
    "Master",
    "Materials",
    "PieceValues",
    "Said",
    "SetError",
    "Shown",
    "build_master",
    "has_symbols",
    "measure",
    "merged",
    "offer_record",
    "places",
    "said",
    "sheet_places",
    "shown_names",
    "symbol_names",
    "unfailing",
    "unknown_names",
    "with_budget",
]
