"""EAN-13, which in Japan is JAN (ISO/IEC 15420, JIS X 0507)."""

import re

from dmgen.model.symbol import Symbol
from dmgen.symbols.payload import PayloadError

COLUMNS = 95
QUIET_LEFT, QUIET_RIGHT = 11, 7  # modules (GS1 General Specifications)
_ROWS = 14  # guard bars reach one row lower: 5 modules of 0.33 mm below bars of 22.85 mm
_LEFT = re.findall(
    "[0-9]+", "0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011"
)  # number set A
_PARITY = re.findall(
    "[AB]+", "AAAAAA AABABB AABBAB AABBBA ABAABB ABBAAB ABBBAA ABABAB ABABBA ABBABA"
)  # by the first digit
_SET_C = ["".join("10"[int(bit)] for bit in code) for code in _LEFT]
_SET_B = [code[::-1] for code in _SET_C]
_GUARDS = {0, 2, 46, 48, 92, 94}
# As `Symbol.modules` holds them: columns of fourteen rows and a guard bit.
_BAR, _GUARD, _SPACE = "1" * (_ROWS - 1) + "00", "1" * _ROWS + "0", "0" * (_ROWS + 1)


def ean13_digits(payload: str) -> str:
    """Thirteen digits: the check digit computed for twelve, verified for thirteen.

    Raises PayloadError ("payload_not_ean13").
    """
    if not re.fullmatch("[0-9]{12,13}", payload):
        raise PayloadError("payload_not_ean13", payload)
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(payload[:12]))
    digits = f"{payload[:12]}{-total % 10}"
    if not digits.startswith(payload):
        raise PayloadError("payload_not_ean13", payload)
    return digits


def ean13_symbol(payload: str) -> Symbol:
    """The bars of twelve or thirteen digits, guard bars longer. Raises PayloadError ("payload_not_ean13")."""
    first, *digits = map(int, ean13_digits(payload))
    left = "".join(
        (_SET_B if of == "B" else _LEFT)[digit] for of, digit in zip(_PARITY[first], digits[:6], strict=True)
    )
    bars = f"101{left}01010{''.join(_SET_C[digit] for digit in digits[6:])}101"
    columns = (_GUARD if at in _GUARDS else _BAR if bar == "1" else _SPACE for at, bar in enumerate(bars))
    return Symbol(COLUMNS, _ROWS, int("".join(columns), 2), upright=True)
