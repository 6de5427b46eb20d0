"""A job of parcels brought up to a newer list: only the difference is made."""

from dmgen.completion.run import Change, complete
from dmgen.completion.steps import Completed

__all__ = ["Change", "Completed", "complete"]
