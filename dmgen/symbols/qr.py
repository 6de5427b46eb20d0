"""QR codes (JIS X 0510, ISO/IEC 18004), level M, byte mode, made from tables.

For a fixed version, level and mask every module is an affine function over GF(2) of the data codewords' bits: error
correction is linear, placement a permutation, the mask a constant. `qrcode` is asked where the bits go (`QrForm`).
For the links of one campaign, what each character changes is added up beforehand (`QrSeries`).
"""

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from operator import itemgetter

import qrcode
from qrcode import base
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_8BIT_BYTE, QRData

from dmgen.model.symbol import Symbol
from dmgen.symbols.galois import reed_solomon
from dmgen.symbols.payload import PayloadError

QUIET_ZONE = 4  # modules on each side (JIS X 0510, 6.3.8)
_BITS = 7  # ASCII
_POLYNOMIAL = 0x11D
_LONG_COUNT = 10  # the version from which on the count of characters takes 16 bits (table 3)
_PADS = (0xEC, 0x11)


def _code(payload: bytes, version: int | None, mask: int | None) -> qrcode.QRCode:  # type: ignore[type-arg]
    code = qrcode.QRCode(version=version, error_correction=ERROR_CORRECT_M, border=0, mask_pattern=mask)
    data = QRData(payload, mode=MODE_8BIT_BYTE)  # type: ignore[call-overload]  # the stubs want a literal
    code.add_data(data, optimize=0)
    return code


def _capacity(version: int) -> int:
    """Bytes that a level M symbol of this version holds (table 7)."""
    bits = 8 * sum(int(block.data_count) for block in base.rs_blocks(version, ERROR_CORRECT_M))
    return (bits - 4 - (16 if version >= _LONG_COUNT else 8)) // 8


_CAPACITIES = [_capacity(version) for version in range(1, 41)]


def qr_size(length: int) -> int:
    """Modules along one side of the smallest level M symbol for `length` bytes; 0 if there is none."""
    version = bisect_left(_CAPACITIES, length) + 1
    return version * 4 + 17 if version <= len(_CAPACITIES) else 0


class QrForm:
    """All symbols of one version and mask."""

    def __init__(self, version: int, mask: int) -> None:
        self.size = version * 4 + 17
        blocks = base.rs_blocks(version, ERROR_CORRECT_M)
        self._data = [int(block.data_count) for block in blocks]
        self._code = reed_solomon(_POLYNOMIAL, 0, int(blocks[0].total_count) - self._data[0])
        self._count_bits = 16 if version >= _LONG_COUNT else 8
        total = sum(int(block.total_count) for block in blocks)
        self._blank = self._drawn(version, mask, 0, total)
        self._width = 8 * total
        told = [0, *_told_apart(self._data, total)]
        self._chosen = itemgetter(*(told[place] for place in self._places(version, mask, total)))

    def _drawn(self, version: int, mask: int, codewords: int, total: int) -> int:
        """The modules as `qrcode` places these codewords, in the order of `Symbol.modules`."""
        code = _code(b"", version, mask)
        code.data_cache = list(codewords.to_bytes(total))
        code.makeImpl(False, mask)
        return int("".join("".join("1" if dark else "0" for dark in row) + "0" for row in code.modules), 2)

    def _places(self, version: int, mask: int, total: int) -> list[int]:
        """For each module which bit of the codewords it shows, counted from 1; 0 for those that show none.

        The bits are told apart by their numbers in binary: drawing k shows every bit whose number has the digit k.
        """
        modules = self.size * (self.size + 1)
        numbers, places = range(1, 8 * total + 1), [0] * modules
        for digit in range((8 * total).bit_length()):
            codewords = int("".join(str(number >> digit & 1) for number in numbers), 2)
            shown = f"{self._drawn(version, mask, codewords, total) ^ self._blank:0{modules}b}"
            places = [place | (bit == "1") << digit for place, bit in zip(places, shown, strict=True)]
        return places

    def symbol(self, payload: bytes) -> Symbol:
        """The symbol of a payload. Raises PayloadError ("payload_too_long") where the version is too small."""
        data = self._codewords(payload)
        bits = f"0{int.from_bytes(data + self._checks(data)):0{self._width}b}"
        return Symbol(self.size, self.size, int("".join(self._chosen(bits)), 2) ^ self._blank)

    def _codewords(self, payload: bytes) -> bytes:
        """Mode, count, data, terminator and pads (7.4.5, 7.4.9, 7.4.10)."""
        capacity, head = 8 * sum(self._data), 4 + self._count_bits
        used = head + 8 * len(payload)
        if used > capacity:
            raise PayloadError("payload_too_long", payload.decode("ascii", "replace"))
        bits = MODE_8BIT_BYTE << self._count_bits | len(payload)
        bits = bits << 8 * len(payload) | int.from_bytes(payload)
        end = min(used + 4, capacity)
        end += -end % 8
        data = (bits << end - used).to_bytes(end // 8)
        return data + bytes(_PADS * (capacity // 8))[: capacity // 8 - len(data)]

    def _checks(self, data: bytes) -> bytes:
        """The check bytes of all blocks, one after the other."""
        ends = accumulate(self._data, initial=0)
        return b"".join(self._code.check_bytes(data[start:end]) for start, end in pairwise(ends))


def _told_apart(data: list[int], total: int) -> list[int]:
    """For each bit of the symbol's codewords its number, from 1, among data and check bytes block after block.

    In the symbol, the blocks take turns (7.6); the longer ones are the last.
    """
    checks = (total - sum(data)) // len(data)
    starts = list(accumulate(data, initial=0))
    order = [start + at for at in range(data[-1]) for start, length in zip(starts, data, strict=False) if at < length]
    order += [starts[-1] + block * checks + at for at in range(checks) for block in range(len(data))]
    return [8 * place + bit for place in order for bit in range(1, 9)]


@lru_cache(maxsize=16)
def _form(version: int, mask: int) -> QrForm:
    return QrForm(version, mask)


@lru_cache(maxsize=40)
def _usual_mask(version: int) -> int:
    """The mask for all payloads of a version: the best one (JIS X 0510, 7.8.3) for a web address that fills it."""
    sample = b"https://www.example.jp/0123456789?"
    length = _CAPACITIES[version - 1]
    return int(_code((sample * length)[:length], version, None).best_mask_pattern())


def qr_columns(payload: bytes) -> int:
    """Modules along one side that a payload needs. Raises PayloadError ("payload_too_long")."""
    size = qr_size(len(payload))
    if not size:
        raise PayloadError("payload_too_long", payload.decode("ascii", "replace"))
    return size


def qr_symbol(payload: bytes, columns: int) -> Symbol:
    """The symbol of a payload with so many columns. Raises PayloadError ("payload_too_long")."""
    version = (columns - 17) // 4
    return _form(version, _usual_mask(version)).symbol(payload)


@dataclass(frozen=True)
class QrSeries:
    """The symbols of `prefix` followed by `length` ASCII characters.

    `tables[i][c]` is what character c at place i changes.
    """

    prefix: str
    length: int
    size: int
    constant: int
    tables: tuple[dict[str, int], ...]

    @classmethod
    def build(cls, prefix: str, length: int, alphabet: str, room: int = 0) -> "QrSeries":
        """Tables for payloads of this form; the mask is the best one (JIS X 0510, 7.8.3) for a sample.

        The symbol is as large as one of `room` bytes, so that series of one slot have modules of one size.
        """
        zero = alphabet[0]
        version = (qr_size(max(room, len(prefix) + length)) - 17) // 4
        sample = _code((prefix + zero * length).encode("ascii"), version, None)
        form = _form(version, int(sample.best_mask_pattern()))

        def modules(suffix: bytes) -> int:
            return form.symbol(prefix.encode("ascii") + suffix).modules

        base_ = zero.encode("ascii") * length
        constant = modules(base_)
        tables = []
        for place in range(length):
            flips = [
                constant ^ modules(base_[:place] + bytes([base_[place] ^ 1 << bit]) + base_[place + 1 :])
                for bit in range(_BITS)
            ]
            tables.append({char: _combine(flips, ord(char) ^ base_[place]) for char in alphabet})
        return cls(prefix, length, form.size, constant, tuple(tables))

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
