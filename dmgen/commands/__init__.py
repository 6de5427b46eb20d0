"""The commands, by their group in `--help`; importing them registers them with the app."""

# In the order of the groups in --help.
from dmgen.commands import prepare, cost, ar, printing, afterwards, packing, packing_changes, again, offers, links, draw  # noqa: I001
from dmgen.commands.session import app

__all__ = [
    "afterwards",
    "again",
    "app",
    "ar",
    "cost",
    "draw",
    "links",
    "offers",
    "packing",
    "packing_changes",
    "prepare",
    "printing",
]
