"""Papers for people: one-page documents of titles, facts, tables and pictures, set on A4 in the reader's language."""

from dmgen.papers.document import Block, Column, Document, Facts, Note, Picture, Pictures, Table
from dmgen.papers.pages import Paper, set_paper
from dmgen.papers.setter import NARROWEST, Place, Setter
from dmgen.papers.style import HEIGHT, WIDTH

__all__ = [
    "HEIGHT",
    "NARROWEST",
    "WIDTH",
    "Block",
    "Column",
    "Document",
    "Facts",
    "Note",
    "Paper",
    "Picture",
    "Pictures",
    "Place",
    "Setter",
    "Table",
    "set_paper",
]
