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
# What follows a numeral of an address in one line. In kanji it begins the block, may do so, or belongs to a name;
# in arabic figures it belongs to a name, may do so, or begins the block.
_KANJI_BLOCK = re.compile(f"丁目|番地|地割|[丁番](?={_KANJI}(?!丁目))")
_KANJI_UNCLEAR = re.compile(rf"[線区号]|[丁番](?![町丁堀台免平田]|\s*{_NUMBER}(?:丁目|-))|[のノ]{_NUMBER}")
_FIGURE_NAME = re.compile(rf"条|[丁番][町丁堀台免平田]|[のノ](?!{_NUMBER})|[ヶケがッツつ]")
_FIGURE_UNCLEAR = re.compile(
    rf"[線区号階東西南北]|番\s*{_NUMBER}(?:丁目|-)|[丁番](?!地|[目のノ]|{_NUMBER})[ぁ-ゖァ-ヺ一-鿿々]"
)
_DETOUR = re.compile(r".*通.*(?:[上下][るル]|[東西南北]入[るル]?)")
_POSTAL = re.compile(r"\s*〒?\s*[0-9]{3}-?[0-9]{4}(?![0-9])")
_PO_BOX = re.compile(r"私書箱\s*第?$")


def folded(text: str) -> str:
    """Full-width letters, digits and signs as narrow ones, letters as capitals; kana stay as they are."""
    return text.translate(_WIDTH)


def address_number(text: str) -> str:
    """Digits, hyphens and single letters of the part of an address after the 町域 (住所B), at any length."""
    text = re.sub("[&/・.]", "", folded(text))
    text = _COUNTED.sub(lambda numeral: arabic_numeral(numeral[1]), text)
    text = re.sub("[A-Z]{2,}", "-", text)
    text = re.sub("(?<=[0-9])F", "-", text)
    text = re.sub("[^0-9A-Z]+", "-", text)
    return re.sub("-?([A-Z])-?", r"\1", text).strip("-")


def arabic_numeral(numeral: str) -> str:
    """Kanji as figures: 二十三 → 23, 百二 → 102, 一〇五 → 105."""
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

    With a town, it is what follows in street and building, after a 丁目 or number that the town's cell may hold too.
    Without one, the 町域 stands somewhere in the street, or in the whole address, and may hold numerals itself. What
    is certain begins the part: N丁目, N番地, N地割, a plain number; 四丁六番 in kanji. 条, 番町, 八丁堀, 一の町, 三田
    are names. Where a first number may be either (before 線, 区, 号; after a single letter), there is no answer: a
    wrong number would send the letter astray, no number costs a discount.
    """
    if town and not street:
        street, building = address.partition(town)[2], ""
    if town:
        inside = _from_first_number(folded(town)) or ""
        return " ".join(filter(None, (inside, street.removeprefix(town), building)))
    rest = _from_first_number(folded(street or address))
    return rest if rest is None or not street else f"{rest} {building}"


def _from_first_number(text: str) -> str | None:
    postal = _POSTAL.match(text)
    text = text[postal.end() :] if postal else text
    detour = _DETOUR.match(text)  # 京都: the 町域 follows the crossing
    text = text[detour.end() :] if detour else text
    for numeral in _NUMERAL.finditer(text):
        before, following = text[: numeral.start()], text[numeral.end() :]
        if not _PO_BOX.search(before):
            named, unclear = _figure(following) if numeral[0].isascii() else _kanji(following)
            if unclear:
                return None
            if named:
                continue
        return None if _lone_letter(before) else text[numeral.start() :]
    return None if _lone_letter(text) else ""


def _figure(following: str) -> tuple[bool, bool]:
    """Whether a numeral in figures belongs to a name, or may, by what follows it."""
    named = bool(_FIGURE_NAME.match(following))
    return named, not named and bool(_FIGURE_UNCLEAR.match(following))


def _kanji(following: str) -> tuple[bool, bool]:
    """Whether a numeral in kanji belongs to a name, or may, by what follows it."""
    named = not _KANJI_BLOCK.match(following)
    return named, named and bool(_KANJI_UNCLEAR.match(following))


def _lone_letter(text: str) -> bool:
    """Whether a letter stands alone, which would be read if it belonged to the block."""
    return bool(re.search("(?<![A-Z])[A-Z](?![A-Z])", re.sub("[&/・.]", "", text)))
