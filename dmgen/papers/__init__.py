"""Papers for people: one-page documents of titles, facts, tables and pictures, set on A4 in the reader's language."""

from dmgen.papers.document import Block, Column, Document, Facts, Note, Picture, Pictures, Table

__all__ = ["Block", "Column", "Document", "Facts", "Note", "Picture", "Pictures", "Table"]
