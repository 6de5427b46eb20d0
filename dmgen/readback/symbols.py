"""Printed codes as a scanner reads them: a rectangle as pixels, decoded by zxing or, the customer barcode, by us."""

from typing import Any, NamedTuple

import numpy as np
import zxingcpp

from dmgen.model.places import SlotPlace
from dmgen.readback.japanpost import bars_of, decoded
from dmgen.readback.markers import read_marker
from dmgen.readback.pages import Pixels, PrintedPage

_FORMATS = {
    "qr": zxingcpp.BarcodeFormat.QRCode,
    "datamatrix": zxingcpp.BarcodeFormat.DataMatrix,
    "code128": zxingcpp.BarcodeFormat.Code128,
    "ean13": zxingcpp.BarcodeFormat.EAN13,
}
SYMBOLS = frozenset({*_FORMATS, "japanpost", "ar"})
"""The kinds of slots that hold a code."""

_LINEAR = frozenset({"code128", "ean13"})
_PIXELS = 4  # a module
_SMALLEST = 0.25  # mm: no module is smaller
_MARGIN = 2  # modules around the symbol, within its quiet zone
_DARK = 128


class Read(NamedTuple):
    """What a code says; `whole` where not one module had to be corrected."""

    payload: str
    whole: bool


def read_symbol(page: PrintedPage, slot: SlotPlace) -> Read | None:
    """The code in a slot; none where nothing can be read."""
    if slot.kind == "ar":
        marker = read_marker(page, slot)
        return Read(str(marker[0]), marker[1]) if marker else None
    module = slot.module or _SMALLEST
    pixels = page.pixels(slot.symbol.grown(_MARGIN * module) if slot.symbol else slot.box, _PIXELS / module)
    if slot.kind == "japanpost":
        codes = decoded(bars_of(pixels))
        return Read(" ".join(codes), whole=True) if codes else None
    for pure in (True, False):
        found = zxingcpp.read_barcodes(
            pixels,
            formats=zxingcpp.BarcodeFormats(_FORMATS[slot.kind]),
            try_rotate=False,
            try_downscale=False,
            try_invert=False,
            text_mode=zxingcpp.TextMode.Plain,
            is_pure=pure,
        )
        if len(found) == 1 and found[0].valid:
            return Read(found[0].text, _is_whole(found[0], slot, pixels))
    return None


def is_empty(page: PrintedPage, slot: SlotPlace) -> bool:
    """Whether nothing dark stands in a slot."""
    return not (page.pixels(slot.box, 1 / _SMALLEST) < _DARK).any()


def _is_whole(code: zxingcpp.Barcode, slot: SlotPlace, pixels: Pixels) -> bool:
    if slot.kind in _LINEAR:
        bars = pixels[len(pixels) // 5 : len(pixels) * 7 // 10] < _DARK  # bars are as tall as the code: rows are alike
        return bool(np.all(bars == bars[0]))
    extra: Any = code.extra
    return bool(extra["UEC"] == 1)  # ISO/IEC 15415: unused error correction
