"""Arabic numerals as kanji, as addresses in columns write them."""

import re

_DIGITS = str.maketrans("0123456789０１２３４５６７８９", "〇一二三四五六七八九" * 2)
_DIGIT = "[0-9０-９]"
_COUNTED = re.compile(rf"(?<!{_DIGIT})([1-9１-９])({_DIGIT})(?=丁目|丁|条|番町|月|日|時|分|回|名|歳|周年)")
_HYPHEN = re.compile(rf"(?<={_DIGIT})[-‐‑–−](?=[0-9０-９A-Za-z])|(?<=[A-Za-z])[-‐‑–−](?={_DIGIT})")
_COMMA = re.compile(rf"(?<={_DIGIT}),(?={_DIGIT})")
_POINT = re.compile(rf"(?<={_DIGIT})\.(?={_DIGIT})")


def kanji_numerals(text: str) -> str:
    """`text` with its digits in kanji, place by place: "3丁目30-8" → "三丁目三〇－八".

    Numbers of two digits in a town's name or a date are read out: "24条11丁目" → "二十四条十一丁目".
    """
    text = _COUNTED.sub(_counted, text)
    text = _HYPHEN.sub("－", text)
    text = _POINT.sub("・", _COMMA.sub("、", text))
    return text.translate(_DIGITS)


def _counted(found: re.Match[str]) -> str:
    tens, ones = (part.translate(_DIGITS) for part in found.groups())
    return ("" if tens == "一" else tens) + "十" + ("" if ones == "〇" else ones)
