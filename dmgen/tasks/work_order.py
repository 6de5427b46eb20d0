"""The work order of a job folder, or of the folder of a pile."""

import json
from pathlib import Path

from dmgen.afterwards import read_ticket
from dmgen.campaign.files import is_file
from dmgen.errors import LedgerError
from dmgen.fulfil import PILE_TICKET, TICKET
from dmgen.messages import mark
from dmgen.workorder import WorkOrder, read_order


def work_order(folder: Path) -> WorkOrder:
    """What the print shop is told of a job, released or not, or of the pile of several.

    Raises LedgerError for a folder that is neither, OutputError where a print file is not as it was written.
    """
    name = PILE_TICKET if is_file(folder / PILE_TICKET) else TICKET
    try:
        ticket = read_ticket(folder) if name == TICKET else json.loads((folder / name).read_text("utf-8"))
        return read_order(folder, ticket)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise LedgerError(
            mark("{file}: cannot be read as it was written ({problem}): name an untouched copy of the job"),
            file=folder / name,
            problem=type(error).__name__,
        ) from None
