"""What stands in an address's cell without being an address that a letter reaches."""

import re
import unicodedata
from typing import NamedTuple

from dmgen.audience.cells.places import PREFECTURES, SHORT

_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_M, _D = "(?:0?[1-9]|1[0-2])", "(?:0?[1-9]|[12][0-9]|3[01])"
_YEAR = "(?:19|20)[0-9]{2}"
_TIME = "(?: 0?0:00(?::00)?)?"
_SURE_DATE = rf"(?:{_YEAR}/{_M}/{_D}|{_YEAR}年{_M}月{_D}日){_TIME}"
_LIKELY_DATE = (
    rf"(?:{_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])|{_YEAR}\.{_M}\.{_D}|{_M}月{_D}日"
    rf"|[0-9]{{1,2}}-{_MONTH}(?:-[0-9]{{2,4}})?|{_MONTH}-[0-9]{{1,4}}){_TIME}"
)
_NO_DIGIT_BEFORE, _ENDS = r"(?<![0-9./-])", r"(?=$|\s)"
_DATE = re.compile(f"{_SURE_DATE}|{_LIKELY_DATE}", re.IGNORECASE)
_SURE_DATE_IN_LINE = re.compile(_NO_DIGIT_BEFORE + _SURE_DATE + _ENDS)
_LIKELY_DATE_IN_LINE = re.compile(_NO_DIGIT_BEFORE + _LIKELY_DATE + _ENDS, re.IGNORECASE)

_NOTE_WORDS = (
    r"※|(?:dm|ダイレクトメール|郵送|送付|発送|配達|訪問)(?:は|を)?(?:不可|停止|拒否|不要|禁止|ng|しない)"
    r"|要確認|返戻|旧住所|転居済|転居しました|死亡|逝去|死去|他界|クレーム|ブラックリスト"
)
_UNKNOWN = (
    "(?:転居先|転送先|引越し?先|宛て?先|あて先|あて所|宛て?所|住所|所在地?|居所)(?:が|は|に)?"
    "(?:不明|不定|不詳|なし|無し|未定|未登録|未入力|尋ね)"
)
_NOTHING = (
    r"(?:不明|不定|不詳|未定|未登録|未入力|なし|無し|ナシ|無|同上|省略|(?:テスト|てすと|test|ダミー|dummy|サンプル)"
    r"(?:住所|都|道|府|県|市|区|町|村|番地|データ|テスト|test|[0-9]|-)*|n/?a|none|null|unknown|x{2,}|あ{2,}|[-ー.,・*?0]+)"
)
_NOTE = re.compile(_NOTE_WORDS)
_PLACEHOLDER = re.compile(rf"{_UNKNOWN}|(?:^|(?<=[都道府県市区町村郡])){_NOTHING}{_ENDS}")
_NO_STREET = re.compile(rf"(?![-.,・*?0ー]+$){_NOTHING}")
SUSPECT = (
    rf"(?i){_NOTE_WORDS}|[ＤｄDd][ＭｍMm]|不明|不定|不詳|未定|未登録|未入力|なし|無|ナシ|同上|省略|テスト|てすと|test|ダミー|dummy"
    r"|サンプル|n/?a|none|null|unknown|x{2}|あ{2}|尋ね|[0-9０-９](?:月|年)|[0-9]{4}[/.-][0-9]{1,2}[/.-]"
    rf"|{_MONTH}-|-{_MONTH}|[\x{{1100}}-\x{{11ff}}\x{{ac00}}-\x{{d7af}}]"
    "|^(?:台湾|臺灣|台灣|中華|香港|韓国|大韓民国|米国|アメリカ|中国)|[都道府県市区町村郡][-ー.,・*?0－．，＊？０]"
)
"""RE2: addresses that may be no address; also those without arabic digits or without Japanese characters may."""
DIGIT = "[0-9０-９]"
JAPANESE = r"[\x{3041}-\x{3096}\x{30a1}-\x{30fa}\x{4e00}-\x{9fff}\x{ff66}-\x{ff9f}]"

_PREFECTURE = "|".join((*PREFECTURES, *SHORT))
_NAME = "[^市区町村郡0-9０-９]"
# Cities with wards; then those whose names hold 市, 区, 町, 村 or 郡 in their midst.
_WARDED = "札幌|仙台|さいたま|千葉|横浜|川崎|相模原|新潟|静岡|浜松|名古屋|京都|大阪|堺|神戸|岡山|広島|北九州|福岡|熊本"
_ODD = (
    "四日市市|廿日市市|野々市市|市原市|市川市|町田市|大町市|十日町市|村上市|村山市|東村山市|武蔵村山市|羽村市|田村市|大村市"
    "|蒲郡市|小郡市|杵島郡大町町|神崎郡市川町|赤穂郡上郡町|余市郡(?:仁木町|余市町|赤井川村)|吉野郡下市町|高市郡(?:明日香村|高取町)"
    "|柴田郡村田町|中新川郡上市町|[北東西]村山郡(?:大石田|中山|山辺|大江|朝日|河北|西川)町|西八代郡市川三郷町"
    "|名古屋市中村区|芳賀郡市貝町|田村郡(?:三春|小野)町|佐波郡玉村町"
)
_AREA = f"(?:{_NAME}{{1,4}}郡)?{_NAME}{{1,6}}[市区町村]|(?:{_WARDED})市{_NAME}{{1,4}}区|{_ODD}"
_INCOMPLETE = re.compile(f"(?:{_PREFECTURE})?(?:{_AREA})?")
_LETTER = re.compile(r"[^\W\d_]")
_IN_JAPANESE = re.compile("[ぁ-ゖァ-ヺ一-鿿々〆]")
_COUNTRIES = "(?:台湾|臺灣|台灣|中華|香港|韓国|大韓民国|米国|アメリカ|中国)"
_ABROAD = re.compile(f"[\u1100-\u11ff\uac00-\ud7af]|^{_COUNTRIES}(?![地町通区市])")
_ROMAJI = re.compile(
    r"\b(?:japan|nippon|tokyo|osaka|kyoto|hokkaido|kanagawa|aichi)\b|-(?:ku|shi|cho|machi|mura|ken|fu|to|gun|chome)\b"
)
HOME = frozenset({"", "jp", "jpn", "japan", "日本", "日本国", "にほん", "392"})
"""Ways to say Japan in a country's column, in lower case and half width (ISO 3166-1)."""


class Finding(NamedTuple):
    """Why an address is none, or (`sure` is false) may be none; no reason where nothing is wrong."""

    reason: str = ""
    sure: bool = True


def finding(address: str, street: str = "") -> Finding:
    """What is wrong with an address in one line, and with its street where that has a column of its own."""
    line, alone = (unicodedata.normalize("NFKC", text).strip().lower() for text in (address, street))
    if not _IN_JAPANESE.search(line):
        if not _LETTER.search(line):
            return Finding("address_placeholder" if _PLACEHOLDER.fullmatch(line) else "address_incomplete")
        if _PLACEHOLDER.fullmatch(line):
            return Finding("address_placeholder")
        if not _ROMAJI.search(line):
            return Finding("address_foreign")
    if _ABROAD.search(line):
        return Finding("address_foreign")
    if _PLACEHOLDER.search(line) or _NO_STREET.fullmatch(alone):
        return Finding("address_placeholder")
    if _NOTE.search(re.sub(r"\s", "", line)):
        return Finding("address_has_note")
    if is_incomplete(address):
        return Finding("address_incomplete")
    if _DATE.fullmatch(alone) or _SURE_DATE_IN_LINE.search(line):
        return Finding("house_number_date")
    return Finding("house_number_date", sure=False) if _LIKELY_DATE_IN_LINE.search(line) else Finding()


def is_incomplete(address: str) -> bool:
    """Whether an address is only a prefecture, or ends with its city."""
    return bool(_INCOMPLETE.fullmatch(re.sub(r"\s", "", address)))


def is_abroad(country: str) -> bool:
    """Whether a country's cell names another country than Japan."""
    word = unicodedata.normalize("NFKC", country).strip().lower()
    return word not in HOME and not word.startswith("jp-")


def is_area_abroad(prefecture: str) -> bool:
    """Whether a prefecture's cell is the code of a state or province elsewhere (ISO 3166-2), as Shopify exports it."""
    return bool(re.fullmatch("(?!JP)[A-Z]{2}-[A-Z0-9]{1,3}", prefecture.strip()))
