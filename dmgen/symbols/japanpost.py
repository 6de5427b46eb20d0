"""The customer barcode of Japan Post (カスタマバーコード): codes, check digit, bars, dimensions.

Source: 郵便番号・バーコードマニュアル, p. 12 (dimensions), p. 17 to 25 (codes).
"""

from dataclasses import dataclass
from functools import cached_property

from dmgen.model.symbol import Symbol
from dmgen.symbols.japanpost_address import address_number, folded
from dmgen.symbols.payload import PayloadError

SIZES = (8.0, 11.5)  # pt: the smallest and the largest
BLANK = 2.0  # mm on all sides
COLUMNS, ROWS = 133, 3  # 67 bars with as wide a space between two
_BAR = 0.059  # mm a point: bar and space alike stay within 0.050 to 0.070 and 0.045 to 0.060
_HEIGHT = 0.35  # mm a point: 0.34 to 0.36; a third of it, the timing bar, within 0.105 to 0.135
_OF_ADDRESS = 13  # codes, after the seven digits of the postal code
_FILLER = "CC4"
# By check value; 1 is a long bar, 2 reaches up, 3 reaches down, 4 is the timing bar.
_BARS = {
    "0": "144", "1": "114", "2": "132", "3": "312", "4": "123", "5": "141", "6": "321", "7": "213", "8": "231",
    "9": "411", "-": "414", "CC1": "324", "CC2": "342", "CC3": "234", "CC4": "432", "CC5": "243", "CC6": "423",
    "CC7": "441", "CC8": "111",
}  # fmt: skip
_VALUES = {code: value for value, code in enumerate(_BARS)}
_BY_VALUE = list(_BARS)
_LETTERS = {chr(ord("A") + n): (f"CC{n // 10 + 1}", str(n % 10)) for n in range(26)}
_START, _STOP = "13", "31"
# As `Symbol.modules` holds them: a bar is a column of three rows and a guard bit, with a blank column after it.
_COLUMN = {"1": "1110" + "0000", "2": "1100" + "0000", "3": "0110" + "0000", "4": "0100" + "0000"}


@dataclass(frozen=True)
class CustomerBarcode:
    """A barcode and what it says: the address's number in full, twenty codes and the check code."""

    number: str
    codes: tuple[str, ...]

    @property
    def check(self) -> str:
        """The code that makes the sum of all values a multiple of 19."""
        return _BY_VALUE[-sum(_VALUES[code] for code in self.codes) % 19]

    @cached_property
    def bars(self) -> str:
        """The 67 bars: 1 long, 2 upper, 3 lower, 4 timing."""
        return _START + "".join(_BARS[code] for code in (*self.codes, self.check)) + _STOP

    @property
    def symbol(self) -> Symbol:
        """The bars as a grid of three rows."""
        modules = "".join(_COLUMN[bar] for bar in self.bars)
        return Symbol(COLUMNS, ROWS, int(modules[:-4], 2), upright=True)


def customer_barcode(postal_code: str, address: str) -> CustomerBarcode:
    """The barcode of a postal code and of the part of an address after the 町域.

    An office with a postal code of its own gives no address. What goes beyond twenty codes is cut; a letter's second
    code may be cut alone (p. 19). Raises PayloadError: "postal_code_invalid", or "postal_code_general" for a code
    that ends in 00, which stands for all places without one of their own and must not be printed (p. 18).
    """
    digits = folded(postal_code).removeprefix("〒").strip()
    digits = digits[:3] + digits[3:].lstrip("-‐‑–—−ー ")
    if len(digits) != 7 or not (digits.isascii() and digits.isdigit()):
        raise PayloadError("postal_code_invalid", postal_code)
    if digits.endswith("00"):
        raise PayloadError("postal_code_general", postal_code)
    number = address_number(address)
    codes = [code for char in number for code in _LETTERS.get(char, (char,))][:_OF_ADDRESS]
    return CustomerBarcode(number, (*digits, *codes, *[_FILLER] * (_OF_ADDRESS - len(codes))))


def barcode_size(points: float) -> tuple[float, float]:
    """Width and height (mm) of the bars at a size of 8 to 11.5 pt, without the blank around them."""
    return COLUMNS * _BAR * points, _HEIGHT * points
