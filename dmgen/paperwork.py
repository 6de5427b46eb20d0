"""Papers as PDF files: what `papers` has set, drawn by the press with pages of other files as pictures."""

from datetime import datetime
from pathlib import Path

from dmgen.papers import Document


def write_paper(document: Document, file: Path, *, created: datetime) -> int:
    """Write a paper as PDF, under a temporary name until it is whole; returns its pages. Same input, same bytes.

    Raises OutputError where `file` cannot be written, and for a picture that cannot be read.
    """
    raise NotImplementedError
