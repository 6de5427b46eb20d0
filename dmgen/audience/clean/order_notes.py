"""What a shop noted on an order about its buyer: that no mail is wanted, that the buyer died."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dmgen.audience.cells.vector import Positions
from dmgen.audience.clean.notes import NOTES, Says, notes_say
from dmgen.audience.outcomes import Outcomes
from dmgen.audience.read.columns import Mapping
from dmgen.audience.read.sheet import Sheet
from dmgen.model.recipient import Outcome


@dataclass(frozen=True, slots=True)
class OrderNotes:
    """The notes of all orders, counted or not, by column; `customer` is the buyer's row, -1 where nobody knows it."""

    customer: Positions
    cells: dict[str, pa.Array]


def read_order_notes(mapped: Mapping, sheet: Sheet, customer: Positions) -> OrderNotes:
    """The notes of an orders list; `customer` has one row of the customers list a row of the sheet."""
    return OrderNotes(customer, {name: mapped.text(sheet, name) for name in NOTES if name in mapped.names})


def settle_order_notes(notes: OrderNotes, outcomes: Outcomes) -> None:
    """Suppress whose order says so. What is merely unclear is not heard: an order's note is mostly about its goods."""
    for name, cells in notes.cells.items():
        found = notes_say(cells)
        for says, reason in ((Says.NO_MAIL, "note_says_no"), (Says.DECEASED, "deceased")):
            rows = np.flatnonzero((found == says) & (notes.customer >= 0))
            who, first = np.unique(notes.customer[rows], return_index=True)
            left = outcomes.open[who]
            told = cells.take(pa.array(rows[first[left]]))
            outcomes.settle(who[left], Outcome.SUPPRESSED, "clean", reason, f"orders.{name}", told)
