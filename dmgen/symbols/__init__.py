"""Printed codes as grids of modules; nothing here draws."""

from dmgen.symbols.codings import CODINGS, Coding
from dmgen.symbols.japanpost import BLANK, EDGE, SIZES, CustomerBarcode, barcode_size, customer_barcode
from dmgen.symbols.japanpost_address import after_town, arabic_numeral
from dmgen.symbols.payload import PayloadError
from dmgen.symbols.qr import QUIET_ZONE, QrSeries, qr_size

__all__ = [
    "BLANK",
    "CODINGS",
    "EDGE",
    "QUIET_ZONE",
    "SIZES",
    "Coding",
    "CustomerBarcode",
    "PayloadError",
    "QrSeries",
    "after_town",
    "arabic_numeral",
    "barcode_size",
    "customer_barcode",
    "qr_size",
]
