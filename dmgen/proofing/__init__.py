"""The letters worth a look before printing, with invented numbers."""
