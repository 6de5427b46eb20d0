"""The law on premiums (景品表示法), what must be printed, letters (信書) in parcels: dated data; no legal advice."""
