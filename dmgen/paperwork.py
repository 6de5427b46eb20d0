"""Papers as PDF files: what `papers` has set, drawn by the press with pages of other files as pictures."""
