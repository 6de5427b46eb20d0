"""Symbols as an independent reader sees them."""

import numpy as np
import zxingcpp
from PIL import Image

from dmgen.model.symbol import Symbol

_SCALE = 3


def picture(symbol: Symbol, quiet: int, height: int = 1) -> Image.Image:
    """The symbol in black on white, each row `height` modules high, with a quiet zone of so many modules."""
    dark = np.pad(np.repeat(np.array(symbol.grid()), height, axis=0), quiet)
    return Image.fromarray(np.kron(np.where(dark, 0, 255).astype(np.uint8), np.ones((_SCALE, _SCALE), np.uint8)))


def decoded(image: Image.Image) -> zxingcpp.Barcode:
    """The one symbol in a picture."""
    [code] = zxingcpp.read_barcodes(image)
    return code
