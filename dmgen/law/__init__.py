"""The law on premiums (景品表示法) and what must be printed, as dated data and arithmetic: no legal advice."""
