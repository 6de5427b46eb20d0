"""QR codes of one campaign (JIS X 0510, ISO/IEC 18004), made from tables.

For a fixed version, level and mask every module is an affine function over GF(2) of the payload's bits: error
correction is linear, placement a permutation, the mask a constant. `qrcode` makes the symbol of a constant payload
and of each payload with one bit changed; any other symbol is the XOR of those differences.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError
from qrcode.util import MODE_8BIT_BYTE, QRData

from dmgen.model.symbol import Symbol

QUIET_ZONE = 4  # modules on each side (JIS X 0510, 6.3.8)
_BITS = 7  # ASCII


def _code(payload: bytes, version: int | None, mask: int | None) -> qrcode.QRCode:  # type: ignore[type-arg]
    code = qrcode.QRCode(version=version, error_correction=ERROR_CORRECT_M, border=0, mask_pattern=mask)
    data = QRData(payload, mode=MODE_8BIT_BYTE)  # type: ignore[call-overload]  # the stubs want a literal
    code.add_data(data, optimize=0)
    return code


@lru_cache(maxsize=64)
def qr_size(length: int) -> int:
    """Modules along one side of the smallest level M symbol for `length` bytes; 0 if there is none."""
    code = _code(b"a" * length, None, 0)
    try:
        return int(code.best_fit()) * 4 + 17
    except (DataOverflowError, ValueError):
        return 0


def _pack(code: qrcode.QRCode) -> int:  # type: ignore[type-arg]
    """The modules as `Symbol.modules`: rows from the top, a blank guard bit after each."""
    code.make(fit=False)
    return int("".join("".join("1" if dark else "0" for dark in row) + "0" for row in code.modules), 2)


@dataclass(frozen=True)
class QrSeries:
    """The symbols of `prefix` followed by `length` ASCII characters, level M, byte mode.

    `tables[i][c]` is what character c at place i changes.
    """

    prefix: str
    length: int
    size: int
    constant: int
    tables: tuple[dict[str, int], ...]

    @classmethod
    def build(cls, prefix: str, length: int, alphabet: str) -> "QrSeries":
        """Tables for payloads of this form; the mask is the best one (JIS X 0510, 7.8.3) for a sample."""
        zero = alphabet[0]
        sample = _code((prefix + zero * length).encode("ascii"), None, None)
        version = int(sample.best_fit())
        mask = int(sample.best_mask_pattern())

        def modules(suffix: bytes) -> int:
            return _pack(_code(prefix.encode("ascii") + suffix, version, mask))

        base = zero.encode("ascii") * length
        constant = modules(base)
        tables = []
        for place in range(length):
            flips = [
                constant ^ modules(base[:place] + bytes([base[place] ^ 1 << bit]) + base[place + 1 :])
                for bit in range(_BITS)
            ]
            tables.append({char: _combine(flips, ord(char) ^ base[place]) for char in alphabet})
        return cls(prefix, length, version * 4 + 17, constant, tuple(tables))

    @cached_property
    def finders(self) -> Symbol:
        """The three finder patterns alone (6.3.3): the same in every symbol, and light modules all around them."""
        full, left, right = (1 << 7) - 1, self.size - 6, 1
        corners = [full << left, full << left | full << right]
        rows = [corners[1]] * 7 + [0] * (self.size - 14) + [corners[0]] * 7
        mask = 0
        for row in rows:
            mask = mask << self.size + 1 | row
        return Symbol(self.size, self.size, self.constant & mask)

    def symbol(self, payload: str) -> Symbol:
        """The symbol of `payload`, which must be of this series. Raises ValueError otherwise."""
        suffix = payload[len(self.prefix) :]
        if len(suffix) != self.length or not payload.startswith(self.prefix):
            raise ValueError("payload of another series")
        modules = self.constant
        try:
            for table, char in zip(self.tables, suffix, strict=True):
                modules ^= table[char]
        except KeyError:
            raise ValueError("payload of another series") from None
        return Symbol(self.size, self.size, modules)


def _combine(flips: list[int], bits: int) -> int:
    result = 0
    for bit, flip in enumerate(flips):
        if bits >> bit & 1:
            result ^= flip
    return result
