"""The commands, by their group in `--help`; importing them registers them with the app."""

# In the order of the groups in --help.
from dmgen.commands import prepare, cost, ar, printing, afterwards, packages, packing, packing_changes  # noqa: I001
from dmgen.commands import again, offers, links, draw, purge
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
    "packages",
    "packing",
    "packing_changes",
    "prepare",
    "printing",
    "purge",
]
