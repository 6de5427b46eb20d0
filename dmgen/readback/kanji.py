"""Addresses set in columns show numbers in kanji: both sides are brought to one form before they are compared."""

import re

_DIGITS = str.maketrans("〇零一二三四五六七八九０１２３４５６７８９", "00123456789" + "0123456789")
_DASHES = str.maketrans(dict.fromkeys("－ー―‐‑–—−｜︱丨│", "-"))
_TENS = re.compile(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)(?![百千万])")


def flattened(text: str) -> str:
    """`text` with one form of digit and one of dash: 三丁目三〇－八 and 3丁目30-8 become the same."""
    if "十" in text:
        text = _TENS.sub(lambda found: f"{found[1] or '一'}{found[2] or '〇'}", text)
    return text.translate(_DIGITS).translate(_DASHES)
