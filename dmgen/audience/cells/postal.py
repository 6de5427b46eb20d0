"""Postal codes as people and spreadsheets write them; what is unsure is proposed, never decided, here."""

import re
from enum import IntEnum

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dmgen.audience.cells.vector import TEXT, Mask, each, matches, patch

CODE = r"^[0-9]{3}-[0-9]{4}$"
_HYPHENS = "‐‑‒–—―−－﹣﹘⁃˗─━ーｰ"
_SIGNS = str.maketrans("０１２３４５６７８９．＋Ｅｅ　\xa0" + _HYPHENS, "0123456789.+EE  " + "-" * len(_HYPHENS))
_KANJI = str.maketrans("〇○◯零一二三四五六七八九", "0000123456789")
_KANJI_CODE = re.compile(r"[〇○◯零一二三四五六七八九]{3} ?-? ?[〇○◯零一二三四五六七八九]{4}")
_WHOLE = re.compile("([0-9]{3}) ?-? ?([0-9]{4})")
_SHORT = re.compile("([0-9]{2}) ?-? ?([0-9]{4})")
_HALVES = re.compile("([0-9]{2,3})(?: ?- ?| )([0-9]{1,3})")  # of two columns
_FLOAT = re.compile(r"([0-9]{6,7})\.0+")
_SCIENTIFIC = re.compile(r"([0-9])\.([0-9]{5,6})[eE]\+?0?([0-9])")


class Doubt(IntEnum):
    """How sure the reading of a cell is: the address has to confirm what is not `NONE`, and how closely."""

    NONE = 0
    PREFECTURE = 1  # a zero lost at the front, a number's notation, kanji
    TOWN = 2  # zeros lost within


def postal_codes(cells: pa.Array) -> tuple[pa.Array, NDArray[np.int8]]:
    """Cells as NNN-NNNN with the `Doubt` of each; cells that are no code stay as they are."""
    odd: Mask = ~matches(cells, CODE)
    doubts = np.zeros(len(cells), np.int8)
    if not odd.any():
        return cells, doubts
    chosen = cells.filter(pa.array(odd))
    doubts[odd] = np.asarray(each(chosen, lambda cell: postal_code(cell)[1], pa.int8()))
    return patch(cells, odd, each(chosen, lambda cell: postal_code(cell)[0] or cell, TEXT)), doubts


def postal_code(cell: str) -> tuple[str, Doubt]:
    """The code that a cell says, or proposes; "" for none. Only ASCII, full-width and kanji digits are digits."""
    text = cell.strip()
    text = text[2:-1] if text.startswith('="') and text.endswith('"') else text
    text = text.removeprefix("'").translate(_SIGNS).strip().removeprefix("〒").strip()
    if found := _WHOLE.fullmatch(text):
        return f"{found[1]}-{found[2]}", Doubt.NONE
    if found := _FLOAT.fullmatch(text):
        return _of_number(found[1])
    # A number that was rounded shows fewer decimals than its power of ten: its last digits are lost.
    if (found := _SCIENTIFIC.fullmatch(text)) and len(found[2]) == int(found[3]):
        return _of_number(found[1] + found[2])
    if _KANJI_CODE.fullmatch(text):
        digits = re.sub("[^0-9]", "", text.translate(_KANJI))
        return f"{digits[:3]}-{digits[3:]}", Doubt.PREFECTURE
    if found := _SHORT.fullmatch(text):
        return f"0{found[1]}-{found[2]}", Doubt.PREFECTURE
    if found := _HALVES.fullmatch(text):
        return f"{found[1]:0>3}-{found[2]:0>4}", Doubt.TOWN
    return "", Doubt.NONE


def _of_number(digits: str) -> tuple[str, Doubt]:
    code = f"{digits:0>7}"
    return f"{code[:3]}-{code[3:]}", Doubt.PREFECTURE
