"""Papers for people: one-page documents of titles, facts, tables and pictures, set on A4 in the reader's language."""
