"""Merges the words of a layout with a recipient's row and sets them: fixed positions in page coordinates."""

from dmgen.layout.compiler import Compiler, Materials
from dmgen.layout.master import NUMBER_NAMES, Master, SetError, build_master

__all__ = ["NUMBER_NAMES", "Compiler", "Master", "Materials", "SetError", "build_master"]
