"""What a shop wrote about a customer for itself: who wants no mail, who died, who needs a second look.

Notes decide who is left out; they are never printed, and neither rules nor words may use them.
"""

import re
import unicodedata
from collections.abc import Callable
from enum import IntEnum

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dmgen.audience.cells.vector import Mask, each, matches
from dmgen.audience.read.columns import Column, Mapping

NOTES = ("note", "tags")


class Says(IntEnum):
    """What a note says about mailing its customer."""

    NOTHING = 0
    UNCLEAR = 1
    NO_MAIL = 2
    DECEASED = 3
    INTERNAL = 4  # in a name: something that is no part of it, and must not be printed


_BREAKS = r",、。;/|\n:・"
_BRACKETS = r"()\[\]{}<>【】「」『』〈〉《》〔〕"
# Mail by post, and the words that may stand between it and the no. Not e-mail: that has a consent of its own.
_MAIL = (
    r"(?:(?<![a-z])dm|ダイレクトメール|郵送物?|郵便物?|配達|送付物?|カタログ|ちらし|チラシ|はがき|ハガキ|葉書|手紙|"
    r"レター|広告物?|販促物?|案内状?|案内文|印刷物|同梱物|連絡(?=拒否|禁止))"
)
_BETWEEN = (
    r"(?:は|を|の|も|で|ご|お|等|など|類|一切|全て|すべて|全部|絶対|今後|"
    r"送付|発送|郵送|配信|配布|案内|便|[・、/:()「」])*"
)
_NO_WORD = (
    r"(?:拒否|不要|不可|停止|禁止|中止|お断り|断る|断られ|"
    r"希望(?:しない|せず|しません|されない|なし)|いらない|要らない|いりません|"
    r"送らない|送るな|しない|しません|出さない|出すな|とめて|止め|やめて|ストップ|stop|ng(?![a-z])|×)"
)
_NO = re.compile(
    f"{_MAIL}{_BETWEEN}{_NO_WORD}|(?:拒否|不要|不可|停止|ng)[:(]?dm"
    r"|(?:no|donot|dont|don't)(?:direct)?mail(?![a-z])|nodm(?![a-z])|donotsend|donotcontact"
)
_TAKEN_BACK = re.compile(r"(?:し|で|を|は|の|が)*(?:解除|取消|取り消|撤回|ない|なく|ありません)")

_DEATH = re.compile(r"死亡|死去|逝去|亡くな|他界|永眠|故人|deceased")
_SOMEBODY_ELSES = re.compile(r"[父母夫妻祖親兄姉弟妹叔伯義子孫]|主人|家内|家族|配偶|香典")
_UNCLEAR = re.compile(
    r"要注意|クレーム(?!ブリュレ|・?ド)|クレーマー|ブラックリスト|blacklist|トラブル|苦情|悪質|迷惑|受け?取り?拒否|長期不在|"
    r"(?:宛先|あて先|宛所|あて所|転居先|転送先|住所)不明|尋ね(?:あた|当た)|返戻|(?:郵便|dm)戻"
)
_UNCLEAR_ALONE = re.compile(
    r"ブラック|black|拒否|停止|不要|不可|ng|お断り|stop|配信(?:停止|不要|拒否)|連絡(?:不要|不可)|取引(?:停止|禁止|不可)|退会.{0,3}"
)
_WORTH_READING = (
    r"[拒否不停禁断希要送止死逝亡界眠故注情質惑返戻尋退×]|やめ|とめ|しない|しません|いらない|いりません|出す|出さ|中止|"
    r"ストップ|ｽﾄｯﾌﾟ|クレー|ｸﾚｰ|ブラック|ﾌﾞﾗｯｸ|トラブル|ﾄﾗﾌﾞﾙ|(?i:[nｎ][oｏgｇ]|[sｓ][tｔ][oｏ]|black|do ?n|deceased)"
)

_WORTH_READING_NAME = _WORTH_READING + r"|[()（）\[\]［］【】「」『』〈〉《》〔〕＜＞<>｛｝{}※]"
_BRACKETED = re.compile(rf"[{_BRACKETS}]+([^{_BRACKETS}]+)[{_BRACKETS}]+|※(.*)")
_LATE = re.compile(r"故[ ・(]|\(故人?\)|\[故人?\]|【故人?】")
_PERHAPS_LATE = re.compile(r"故[^ ]{2,}")
_INTERNAL = re.compile(
    r"vip|要確認|確認[中済].*|重複.*|統合.*|未入金.*|未払.*|代引.*|返品.*|電話.*|tel.*|住所.*|仮|仮登録|社員|従業員|社内|スタッフ|"
    r"身内|退会.*|休会.*|削除.*|無効|旧データ|新規|再送.*|転居.*|引っ?越.*|優良.*|上得意.*|お得意.*|ブラック|black|ng|備考.*|メモ.*|注意.*"
)


def _folded(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text).lower())


def note_says(text: str) -> Says:
    """What one note, or one cell of tags, says."""
    folded = _folded(text)
    death = _DEATH.search(folded)
    if death:
        return Says.UNCLEAR if _SOMEBODY_ELSES.search(folded[: death.start()]) else Says.DECEASED
    no = _NO.search(folded)
    if no:
        return Says.UNCLEAR if _TAKEN_BACK.match(folded[no.end() :]) else Says.NO_MAIL
    fragments = re.split(f"[{_BREAKS}{_BRACKETS}]", folded)
    unclear = _UNCLEAR.search(folded) or any(_UNCLEAR_ALONE.fullmatch(fragment) for fragment in fragments)
    return Says.UNCLEAR if unclear else Says.NOTHING


def name_says(name: str) -> Says:
    """What stands in a name that is no part of it: 故, 「DM不可」, ※…"""
    written = unicodedata.normalize("NFKC", name).lower().strip()
    if _LATE.match(written) or re.search(r"[(\[【]故人?[)\]】]$", written):
        return Says.DECEASED
    said = note_says(written)
    if said in (Says.NO_MAIL, Says.DECEASED):
        return said
    for bracketed in _BRACKETED.finditer(written):
        fragment = _folded(bracketed[1] or bracketed[2] or "")
        if bracketed[1] is None or _INTERNAL.fullmatch(fragment) or note_says(fragment) != Says.NOTHING:
            return Says.INTERNAL
    return Says.UNCLEAR if _PERHAPS_LATE.match(written) else Says.NOTHING


def notes_say(cells: pa.Array) -> NDArray[np.int8]:
    """What each cell of a column of notes says."""
    return _each_worth(cells, matches(cells, _WORTH_READING), note_says)


def names_say(cells: pa.Array) -> NDArray[np.int8]:
    """What each cell of the names says beyond the name."""
    return _each_worth(cells, matches(cells, _WORTH_READING_NAME), name_says)


def _each_worth(cells: pa.Array, worth: Mask, read: Callable[[str], Says]) -> NDArray[np.int8]:
    said = np.zeros(len(cells), np.int8)
    if worth.any():
        said[worth] = np.asarray(each(cells.filter(pa.array(worth)), read, pa.int8()))
    return said


def drop_notes(columns: dict[str, Column], mapped: Mapping) -> None:
    """Take the notes, and the headers that make them, out of the columns that rules and words may use."""
    made_of = {source for note in NOTES if note in mapped.rules for source in mapped.rules[note].sources}
    for name in {*NOTES, *made_of} & set(columns):
        del columns[name]
