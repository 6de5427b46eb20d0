"""`dmgen ledger backup`: a copy of the ledger, which alone knows who said no, what was used, and lotteries' seeds."""

import os
import tempfile
from pathlib import Path

from dmgen.afterwards import existing_ledger
from dmgen.errors import LedgerError, OutputError
from dmgen.fulfil import explained
from dmgen.ledger import copy_ledger
from dmgen.messages import mark
from dmgen.model.campaign import Shop


def back_up(shop: Shop, file: Path) -> None:
    """Copy the shop's ledger into a new file that only its owner may read; it appears when it is whole.

    A run may be under way. Raises LedgerError where there is no ledger, where it is on a server or not sound, and
    OutputError where the file is there already or cannot be written.
    """
    ledger = existing_ledger(shop)
    if ledger is None:
        raise LedgerError(
            mark("there is no ledger yet where {shop} names it, so there is nothing to copy"), shop=shop.file
        )
    with explained(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        _refuse_there(file)
        handle, name = tempfile.mkstemp(".partial", f".{file.name}.", file.parent)
        os.close(handle)
        partial = Path(name)
        try:
            copy_ledger(ledger.database, partial, file)
            _refuse_there(file)
            partial.rename(file)
        finally:
            partial.unlink(missing_ok=True)


def _refuse_there(file: Path) -> None:
    if file.exists() or file.is_symlink():
        raise OutputError(mark("{file} is there already: name another file, no copy is written over"), file=file)
