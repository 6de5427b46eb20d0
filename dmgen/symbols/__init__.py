"""Printed codes as matrices; nothing here draws."""

from dmgen.symbols.qr import QUIET_ZONE, QrSeries, qr_size

__all__ = ["QUIET_ZONE", "QrSeries", "qr_size"]
