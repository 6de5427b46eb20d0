"""Codes must scan from paper: rasterised as a press does, with its dot gain, out of focus and held askew."""

from collections.abc import Callable

import numpy as np
import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from dmgen.layout.plans import QrPlan
from dmgen.model.contents import Code
from dmgen.model.layout import K100, Box
from dmgen.symbols import CODINGS, QrSeries
from tests.conftest import HEIGHT, WIDTH, Printed, page

PAYLOAD = "https://aobado.example.jp/c/letter-jp-2026?utm_t=nWarRoMbY9Vo"
MODULE = 0.30  # mm: the smallest that a layout may ask for
DOT_GAIN = 0.03  # mm on each side of what is printed
BLUR = 0.06  # mm


def qr() -> Code:
    series = QrSeries.build(PAYLOAD[:-12], 12, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    side = MODULE * (series.size + 8)
    return Code(series.symbol(PAYLOAD), QrPlan.fit("", series, Box(20, 20, side, side), K100).box, K100)


def symbol(kind: str, payload: str) -> Callable[[], Code]:
    def draw() -> Code:
        coding = CODINGS[kind]
        grid = coding.symbol(payload, 0)
        width = grid.columns * coding.least
        return Code(grid, Box(20, 20, width, 10 if coding.bars else width), K100)

    return draw


# kind: what draws it at the smallest size allowed, its format, what it says
KINDS: dict[str, tuple[Callable[[], Code], zxingcpp.BarcodeFormat, str]] = {
    "qr": (qr, zxingcpp.BarcodeFormat.QRCode, PAYLOAD),
    "qr of words": (symbol("qr", PAYLOAD), zxingcpp.BarcodeFormat.QRCode, PAYLOAD),
    "datamatrix": (symbol("datamatrix", "7GHK2-00042"), zxingcpp.BarcodeFormat.DataMatrix, "7GHK2-00042"),
    "code128": (symbol("code128", "7GHK2-00042"), zxingcpp.BarcodeFormat.Code128, "7GHK2-00042"),
    "ean13": (symbol("ean13", "4912345678904"), zxingcpp.BarcodeFormat.EAN13, "4912345678904"),
}


def scanned(pdf: bytes, dpi: int) -> Image.Image:
    """A page as a scanner sees the print: one bit a press dot, dots grown, unsharp, 3° askew, at 400 dpi."""
    with pypdfium2.PdfDocument(pdf) as document:
        image = document[0].render(scale=dpi / 72, grayscale=True).to_pil()
    image = image.point(lambda value: 255 * (value > 127), "L")
    image = image.resize((image.width * 1200 // dpi, image.height * 1200 // dpi), Image.Resampling.NEAREST)
    gain = round(DOT_GAIN * 1200 / 25.4)
    image = image.filter(ImageFilter.MinFilter(2 * gain + 1))
    image = image.filter(ImageFilter.GaussianBlur(BLUR * 1200 / 25.4))
    image = image.rotate(3, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    return image.resize((image.width // 3, image.height // 3), Image.Resampling.BOX)


@pytest.mark.parametrize("dpi", [600, 300])
@pytest.mark.parametrize("kind", KINDS)
def test_the_smallest_code_scans_from_paper(kind, dpi, printed: Printed):
    draw, form, says = KINDS[kind]
    image = scanned(printed(page(draw())), dpi)
    assert image.width >= WIDTH / 25.4 * 400 - 2
    assert image.height >= HEIGHT / 25.4 * 400 - 2
    found = zxingcpp.read_barcodes(np.asarray(image), formats=zxingcpp.BarcodeFormats(form))
    assert [code.text for code in found] == [says]


def test_the_scan_is_hard_enough_to_fail(printed: Printed):
    """Half the module that layouts allow does not survive: otherwise the test above would prove nothing."""
    code = qr()
    half = Box(20, 20, code.box.width / 2, code.box.height / 2)
    image = scanned(printed(page(code._replace(box=half))), 300)
    assert not zxingcpp.read_barcodes(np.asarray(image), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
