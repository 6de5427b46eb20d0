"""A figure in a cell: read where it is written clearly, None where it is not, never a guess."""

import re
from decimal import Decimal

_WIDTH = str.maketrans("０１２３４５６７８９，．＋－−（）￥／：＝　", "0123456789,.+--()¥/:= ")
MOST_DIGITS = 15  # what a float64 still holds exactly
_FIGURE = re.compile(
    r"(?:\(?税込み?\)? ?)?"
    r"(?P<open>\()?(?P<minus>[-▲△])? ?\+?(?P<yen>[¥\\] *)?(?P<minus2>[-▲△])? ?"
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<part>[0-9]+))?"
    r"(?P<tail>-)?(?: ?円)?(?P<close>\))?(?: ?\(?税込み?\)?)?"
)
_SCIENTIFIC = re.compile(r"[+-]?[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]{1,2}")  # a spreadsheet's 1.2E+03


def figure(text: str) -> tuple[str, str, str] | None:
    """The sign ("" or "-"), the whole and the decimal digits of a clearly written figure."""
    text = text.strip().translate(_WIDTH).strip(" '\"")
    if _SCIENTIFIC.fullmatch(text):
        text = f"{Decimal(text):f}"
    found = _FIGURE.fullmatch(text)
    if not found or bool(found["open"]) != bool(found["close"]):
        return None
    signs = [sign for sign in (found["open"], found["minus"], found["minus2"]) if sign]
    # "¥1,200-" closes an amount; "1200-" may be a minus in the wrong place.
    if len(signs) > 1 or (found["tail"] and not found["yen"]):
        return None
    whole = found["whole"].replace(",", "")
    return ("-" if signs else "", whole, found["part"] or "") if len(whole) <= MOST_DIGITS else None


def amount(text: str, decimals: int) -> int | None:
    """A figure in the smallest unit; None where it has more decimals than the money."""
    read = figure(text)
    if read is None or read[2][decimals:].strip("0"):
        return None
    sign, whole, part = read
    return int(f"{sign}{whole}{part[:decimals]:0<{decimals}}") if decimals else int(sign + whole)


def number(text: str) -> float | None:
    """A figure with any decimals."""
    read = figure(text)
    return float(f"{read[0]}{read[1]}.{read[2] or 0}") if read else None
