"""The package that leaves the house: its files with their checksums, as a folder or an archive, and its check."""
