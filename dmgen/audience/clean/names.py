"""Names: as they are printed, their parts, and those that cannot be printed.

A name keeps the person's own characters (no NFC, no NFKC); all folding here is for looking only.
"""

import re
import unicodedata
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from dmgen.audience.cells.keys import phone_key
from dmgen.audience.cells.text import damaged, joined
from dmgen.audience.cells.vector import Mask, each, is_empty, mask, matches, mend
from dmgen.audience.clean.notes import Says, names_say
from dmgen.audience.outcomes import Outcomes
from dmgen.audience.read.columns import Column, Mapping
from dmgen.audience.read.sheet import Sheet
from dmgen.model.campaign import ColumnType
from dmgen.model.recipient import Outcome

# A letter adds 様 itself. 先生, 御中 and the like are left: the shop chose them, and nothing is added to them.
_HONORIFIC = r"(様|さま|サマ|殿)$"
_SEPARATE = re.compile(r"[ 　]+(?:様|さま|サマ)$|(?<=[^ 　]{2})[ 　]+殿$|(?<=[ 　][^ 　])[ 　]+殿$")
_ATTACHED = re.compile(r"(?<=[^ 　王神姫殿客模有奥仏若異仕同多各皇])様$|(?<=[^ 　\u3041-\u309f])さま$")

_NO_KANJI_OR_LISTED = (
    r"^[^\p{Han}]*$|テスト|てすと|ﾃｽﾄ|ダミー|ﾀﾞﾐｰ|サンプル|ｻﾝﾌﾟﾙ|名無|匿名|無記名|不明|未入力|未設定|未登録|未記入|"
    r"本人|^[お御]?(名前|客様?|氏名|姓名|姓|名|様|無し)[様さ]*$|管理者|〇|[0-9０-９]{4}"
)
_MADE_UP = re.compile(
    r"(?:テスト|てすと|test|testing|ダミー|dummy|サンプル|sample)"
    r"(?:テスト|てすと|test|ユーザー?|user|太郎|花子|taro|hanako|名前|氏名|name|アカウント|会員|顧客|注文|データ|data|用|[0-9])*"
)
_NOBODY = frozenset({
    "名無し", "名無", "名無しさん", "名無しの権兵衛", "ななし", "ナナシ", "匿名", "匿名希望", "なし", "無し", "ナシ",
    "無記名", "不明", "氏名不明", "未入力", "未設定", "未登録", "未記入", "名前", "お名前", "氏名", "姓名", "姓", "名",
    "様", "お客様", "御客様", "お客", "本人", "ご本人", "ゲスト", "管理者", "あいうえお", "アイウエオ", "ほげ",
    "n/a", "none", "null", "nil", "nan", "undefined", "unknown", "anonymous", "guest", "noname", "user", "admin",
    "ほげほげ", "asdf", "asdfg", "asdfgh", "qwerty", "hoge", "hogehoge", "foobar", "abc", "abcd",
    "#n/a", "#ref!", "#value!", "#name?",
})  # fmt: skip
_REPEATED = re.compile(r"(.)\1{2,}")
_LETTERLESS = re.compile(r"[\W_ー〇○]*")
_NUMBER_ONLY = re.compile(r"[0-9 ]+")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}")

# Text whose bytes were read in another encoding than they were written in.
_PERHAPS_MISREAD = (
    r"[縺繧繝\x{80}-\x{ff}\x{152}-\x{17e}\x{192}\x{2c6}\x{2dc}\x{2010}-\x{203a}\x{20ac}\x{2122}\x{ff61}-\x{ff9f}]"
)
_KANA_AS_CP932 = re.compile(r"[縺繧繝].{1,2}[縺繧繝]")
_UTF8_AS_LATIN1 = re.compile(r"[ÃÂ][\u0080-\u00bf]|(?:[ã-ï][^\x00-\x7fÀ-ÿ\u3000-\uffff].?){2}")
_JAPANESE = re.compile("[\u3041-\u30fa\u4e00-\u9fff]")
_LATIN_OR_LOST = re.compile("[A-Za-z\ufffd]")
_CP1252_SIGNS = re.compile(r"[\u2010-\u203a\u20ac\u2122\u02c6\u02dc\u0192]")


def print_names(columns: dict[str, Column], mapped: Mapping, sheet: Sheet) -> pa.Array:
    """Give `columns` the name as it is printed, with `family_name` and `given_name`; returns it as written.

    The family name goes up to the first blank, or is the first of the headers that make the name.
    """
    written = columns["name"].cells
    name = _without_honorific(written)
    parts = [_without_honorific(part) for part in mapped.parts(sheet, "name")]
    family = pc.replace_substring_regex(name, r"[ \x{3000}].*$", "")
    given = pc.replace_substring_regex(name, r"^[^ \x{3000}]*[ \x{3000}]?", "")
    if len(parts) > 1:
        whole = pa.array(is_empty(parts[0]))
        family = pc.if_else(whole, family, parts[0])
        given = pc.if_else(whole, given, joined(parts[1:], " "))
    for key, cells in {"name": name, "family_name": family, "given_name": given}.items():
        columns[key] = Column(ColumnType.TEXT, cells)
    return written


def settle_names(columns: dict[str, Column], written: pa.Array, outcomes: Outcomes) -> None:
    """Reject the rows without a name that can be printed; note what a person should look at."""

    def reject(rows: Mask, reason: str, cells: pa.Array | None = None) -> None:
        outcomes.settle_where(rows, Outcome.REJECTED, "clean", reason, "name", cells)

    name = columns["name"].cells
    reject(is_empty(name), "name_missing")
    reject(damaged(name) | _true_of(name, _PERHAPS_MISREAD, misread), "name_damaged", name)
    reject(_true_of(name, _NO_KANJI_OR_LISTED, is_placeholder), "name_placeholder", name)
    reject(names_say(name) == Says.INTERNAL, "name_has_note", name)
    outcomes.flag_where(mask(pc.not_equal(name, written)), "clean", "name_honorific", "name", written)
    outcomes.flag_where(matches(name, r"[?？]"), "clean", "name_doubtful", "name", name)


def _true_of(cells: pa.Array, candidates: str, test: Callable[[str], bool]) -> Mask:
    rows = matches(cells, candidates)
    if rows.any():
        rows[rows] = mask(each(cells.filter(pa.array(rows)), test, pa.bool_()))
    return rows


def _without_honorific(cells: pa.Array) -> pa.Array:
    return mend(cells, matches(cells, _HONORIFIC), without_honorific)


def without_honorific(name: str) -> str:
    """The name without the 様 that a letter adds; 王様 (a shop) and 鵜殿 (a family) stay whole."""
    shorter = _ATTACHED.sub("", _SEPARATE.sub("", name)).rstrip(" 　")
    return name if shorter in ("", name) else without_honorific(shorter)


def is_placeholder(name: str) -> bool:
    """Whether something stands where a name should: テスト, 名無し, ああああ, a number, an e-mail address."""
    written = unicodedata.normalize("NFKC", name).lower().strip()
    word = "".join(written.split()).strip(".。-_*()[]「」'\"")
    half, odd = divmod(len(word), 2)
    if not odd and word[:half] == word[half:] and word[:half] in _NOBODY:
        word = word[:half]
    return bool(
        word in _NOBODY
        or _MADE_UP.fullmatch(word)
        or _REPEATED.fullmatch(word)
        or _LETTERLESS.fullmatch(word)
        or _NUMBER_ONLY.fullmatch(written)
        or _EMAIL.fullmatch(written)
        or phone_key(written)
    )


def misread(name: str) -> bool:
    """Whether the name's bytes were unmistakably read in another encoding than they were written in: 繝・せ繝."""
    if _KANA_AS_CP932.search(name) or _UTF8_AS_LATIN1.search(name):
        return True
    # Read again as it was meant; "・" stands where the wrong reading found no character.
    sent = _bytes(name.replace("・", "").replace(" ", ""), "cp932")
    meant = len(_JAPANESE.findall(sent.decode("utf-8", "ignore")))
    if meant > 1 and 4 * 3 * meant >= 3 * len(sent):
        return True
    meant_cp932 = _bytes(name, "cp1252").decode("cp932", "replace")
    signs = len(_CP1252_SIGNS.findall(name))
    return signs > 1 and bool(_JAPANESE.search(meant_cp932)) and not _LATIN_OR_LOST.search(meant_cp932)


def _bytes(name: str, encoding: str) -> bytes:
    try:
        return name.encode(encoding)
    except UnicodeEncodeError:
        return b""
