"""The number of an address for the customer barcode (住所表示番号): which part of it is read, and how.

Source: 郵便番号・バーコードマニュアル, p. 19 (rules), p. 24 (flow chart), p. 25 (examples).
"""

import re

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xFF65: "・", 0xFF89: "ノ"}
_WIDTH |= {ord(char): char.upper() for char in "abcdefghijklmnopqrstuvwxyz"}
_WIDTH |= {code: chr(code - 0xFEE0).upper() for code in range(0xFF41, 0xFF5B)}
_ZEROS = "〇○◯"
_DIGITS = {char: value for value, chars in enumerate((_ZEROS, *"一二三四五六七八九")) for char in chars}
_TENS = {"十": 10, "百": 100, "千": 1000}
_KANJI = f"[{''.join(_DIGITS)}十百千]+"
_NUMBER = f"(?:[0-9]+|{_KANJI})"
_COUNTED = re.compile(f"({_KANJI})(?=丁|番|号|地割|線|[のノ])")
_NUMERAL = re.compile(_NUMBER)
# What may follow the first numeral of an address in one line: it begins the block, belongs to a name, or may be either.
_OF_A_BLOCK = re.compile(rf"(?:[丁番]?[のノ]|[丁番]){_NUMBER}|丁目|番地|地割|[丁番](?![ぁ-ゖァ-ヺ一-鿿々])")
_OF_A_NAME = re.compile(r"条|[丁番][町丁堀台免平田]|[のノヶケがッツつ]")
_UNCLEAR = re.compile(r"[線区号階丁番東西南北]")
_DETOUR = re.compile(r".*通.*(?:[上下][るル]|[東西南北]入[るル]?)")
_POSTAL = re.compile(r"\s*〒?\s*[0-9]{3}-?[0-9]{4}(?![0-9])")
_PO_BOX = re.compile(r"私書箱\s*第?$")
_IN_TOWN = re.compile(rf"(?:第?{_NUMBER}(?:丁目|番地|地割)|[0-9]+(?=-|$)).*")


def folded(text: str) -> str:
    """Full-width letters, digits and signs as narrow ones, letters as capitals; kana stay as they are."""
    return text.translate(_WIDTH)


def address_number(text: str) -> str:
    """Digits, hyphens and single letters of the part of an address after the 町域 (住所B), at any length."""
    text = re.sub("[&/・.]", "", folded(text))
    text = _COUNTED.sub(lambda numeral: _arabic(numeral[1]), text)
    text = re.sub("[A-Z]{2,}", "-", text)
    text = re.sub("(?<=[0-9])F", "-", text)
    text = re.sub("[^0-9A-Z]+", "-", text)
    return re.sub("-?([A-Z])-?", r"\1", text).strip("-")


def _arabic(numeral: str) -> str:
    """二十三 → 23, 百二 → 102, 一〇五 → 105."""
    if not any(char in _TENS for char in numeral):
        return "".join(str(_DIGITS[char]) for char in numeral)
    total = figure = 0
    for char in numeral:
        if char in _TENS:
            total, figure = total + (figure or 1) * _TENS[char], 0
        else:
            figure = figure * 10 + _DIGITS[char]
    return str(total + figure)


def after_town(address: str, town: str = "", street: str = "", building: str = "") -> str | None:
    """The part of an address after the 町域, None where that cannot be told.

    With a town, it is what follows in street and building, and the 丁目 or 地割 where the town names it too. Without
    one, the 町域 stands somewhere in the street, or in the whole address, and may hold numerals itself: what is
    certain (N丁目, N番地, N地割, a plain number) begins the part; 条, 番町, 八丁堀, 一の町, 三田 … are names; and a
    first number before 線, 区, 号 or 階, or after a single letter, may be either, so there is no answer.
    """
    if town and not street:
        street, building = address.partition(town)[2], ""
    if town:
        inside = _IN_TOWN.search(folded(town))
        return " ".join(filter(None, (inside[0] if inside else "", street.removeprefix(town), building)))
    rest = _from_first_number(folded(street or address))
    return rest if rest is None or not street else f"{rest} {building}"


def _from_first_number(text: str) -> str | None:
    postal = _POSTAL.match(text)
    text = text[postal.end() :] if postal else text
    detour = _DETOUR.match(text)  # 京都: the 町域 follows the crossing
    text = text[detour.end() :] if detour else text
    for numeral in _NUMERAL.finditer(text):
        before, following = text[: numeral.start()], text[numeral.end() :]
        if not (_OF_A_BLOCK.match(following) or _PO_BOX.search(before)):
            if _OF_A_NAME.match(following):
                continue
            if _UNCLEAR.match(following):
                return None
            if not numeral[0].isascii():
                continue
        return None if _lone_letter(before) else text[numeral.start() :]
    return None if _lone_letter(text) else ""


def _lone_letter(text: str) -> bool:
    """Whether a letter stands alone, which would be read if it belonged to the block."""
    return bool(re.search("(?<![A-Z])[A-Z](?![A-Z])", re.sub("[&/・.]", "", text)))
