"""Merges the words of a layout with a recipient's row and sets them: fixed positions in page coordinates."""

from dmgen.layout.compiler import NUMBER_NAMES, Compiler, Materials
from dmgen.layout.master import Master, SetError, build_master
from dmgen.layout.places import places

__all__ = ["NUMBER_NAMES", "Compiler", "Master", "Materials", "SetError", "build_master", "places"]
