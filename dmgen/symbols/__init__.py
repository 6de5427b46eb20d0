"""Printed codes as grids of modules; nothing here draws."""

from dmgen.symbols.aruco import (
    MARKER_CELLS,
    MARKER_QUIET,
    MARKERS,
    RECOMMENDED_MARKER,
    SMALLEST_MARKER,
    aruco_id,
    aruco_symbol,
)
from dmgen.symbols.codings import CODINGS, Coding
from dmgen.symbols.japanpost import BLANK, SIZES, CustomerBarcode, barcode_size, customer_barcode
from dmgen.symbols.japanpost_address import after_town, arabic_numeral
from dmgen.symbols.payload import PayloadError
from dmgen.symbols.qr import QUIET_ZONE, QrSeries, qr_size

__all__ = [
    "BLANK",
    "CODINGS",
    "MARKERS",
    "MARKER_CELLS",
    "MARKER_QUIET",
    "QUIET_ZONE",
    "RECOMMENDED_MARKER",
    "SIZES",
    "SMALLEST_MARKER",
    "Coding",
    "CustomerBarcode",
    "PayloadError",
    "QrSeries",
    "after_town",
    "arabic_numeral",
    "aruco_id",
    "aruco_symbol",
    "barcode_size",
    "customer_barcode",
    "qr_size",
]
