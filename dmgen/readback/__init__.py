"""Reopens a finished job with other engines than those that made it, and compares every piece with its own row."""

from dmgen.readback.books import Books, Stretch
from dmgen.readback.finding import Finding, explain
from dmgen.readback.joined import JoinedFile, Origin, compare_joined
from dmgen.readback.reading import read_stretch

__all__ = ["Books", "Finding", "JoinedFile", "Origin", "Stretch", "compare_joined", "explain", "read_stretch"]
