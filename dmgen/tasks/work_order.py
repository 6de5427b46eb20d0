"""The work order of a job folder, or of the folder of a pile."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from dmgen.afterwards import read_ticket
from dmgen.campaign.files import is_file
from dmgen.errors import LedgerError
from dmgen.fulfil import MANIFEST, PILE_TABLE, PILE_TICKET, SHEETS, TICKET, read_table
from dmgen.messages import mark
from dmgen.planning.sheets import SEPARATOR, SLIP
from dmgen.workorder import LETTERS, Leaf, WorkOrder, read_order


def work_order(folder: Path) -> WorkOrder:
    """What the print shop is told of a job, released or not, or of the pile of several.

    Raises LedgerError for a folder that is neither, OutputError where a print file is not as it was written.
    """
    name = PILE_TICKET if is_file(folder / PILE_TICKET) else TICKET
    try:
        ticket = read_ticket(folder) if name == TICKET else json.loads((folder / name).read_text("utf-8"))
        leaves = _job_leaves(folder) if name == TICKET else _pile_leaves(folder, ticket)
        return read_order(folder, ticket, leaves)
    except (LookupError, TypeError, ValueError, AttributeError, OSError, csv.Error) as error:
        raise LedgerError(
            mark("{file}: cannot be read as it was written ({problem}): name an untouched copy of the job"),
            file=Path(getattr(error, "filename", None) or folder / name),
            problem=type(error).__name__,
        ) from None


def _job_leaves(folder: Path) -> Mapping[str, list[Leaf]]:
    """Whose pages they are by file, as manifest.csv and sheets.csv say it."""
    leaves = defaultdict[str, list[Leaf]](list)
    for row in read_table(folder / MANIFEST):
        pages = int(row["first_page"]), int(row["last_page"])
        leaves[row["file"]].append(Leaf(LETTERS, "", row["segment"], row["layout"], *pages))
    for row in read_table(folder / SHEETS) if is_file(folder / SHEETS) else ():
        leaves[row["file"]].append(Leaf(row["kind"], "", "", "", int(row["first_page"]), int(row["last_page"])))
    return leaves


def _pile_leaves(folder: Path, ticket: Mapping[str, Any]) -> Mapping[str, list[Leaf]]:
    """Whose pages they are by file, as pile.csv says it; an older pile does not say how many sides a sheet has."""
    if "printing" not in ticket:
        return {}
    sheet = int(ticket["printing"]["media"][0]["sides"])
    begun = defaultdict[str, list[tuple[int, str, str]]](list)
    for row in read_table(folder / PILE_TABLE):
        if row["file"]:
            kind, campaign = (LETTERS, row["campaign"]) if row["piece_id"] else (SLIP, "")
            begun[row["file"]].append((int(row["page"]), kind, campaign))
    return {one["file"]: list(_in_pile(begun[one["file"]], int(one["pages"]), sheet)) for one in ticket["print"]}


def _in_pile(begun: list[tuple[int, str, str]], pages: int, sheet: int) -> Iterator[Leaf]:
    """The leaves of a file, each up to where the next one begins; its first or last sheet is the separator."""
    separator = 1 if min(begun)[0] > 1 else pages - sheet + 1
    starts = sorted([*begun, (separator, SEPARATOR, "")])
    for (first, kind, campaign), (after, *_) in pairwise([*starts, (pages + 1, "", "")]):
        yield Leaf(kind, campaign, "", "", first, after - 1)
