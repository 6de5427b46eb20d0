"""Names and addresses in one form each, for telling whether two are the same; never printed."""

import re
import unicodedata
from typing import NamedTuple

import pyarrow as pa

from dmgen.audience.cells.vector import TEXT, each
from dmgen.symbols.japanpost_address import address_number

# Older form of a kanji before the one of today, from the table of jōyō kanji (常用漢字表, Cabinet notice 2 of 2010,
# the forms in brackets); NFKC does the others, which Unicode has as compatibility characters. 弁 is left out: it
# stands for three older ones. 斎 (齋) and 斉 (齊) are two kanji and stay two.
_OLD_FORMS = (
    "亞亜惡悪壓圧圍囲醫医爲為壹壱稻稲飮飲隱隠榮栄營営銳鋭衞衛驛駅圓円鹽塩緣縁艷艶應応歐欧毆殴櫻桜奧奥橫横溫温"
    "穩穏假仮價価畫画會会繪絵壞壊懷懐槪概擴拡殼殻覺覚學学嶽岳樂楽渴渇罐缶卷巻陷陥勸勧寬寛關関歡歓觀観顏顔旣既"
    "歸帰氣気龜亀僞偽戲戯犧犠舊旧據拠擧挙虛虚峽峡挾挟狹狭鄕郷曉暁區区驅駆勳勲薰薫徑径莖茎惠恵揭掲溪渓經経螢蛍"
    "輕軽繼継鷄鶏藝芸擊撃硏研縣県儉倹劍剣險険圈圏檢検獻献權権顯顕驗験嚴厳廣広效効恆恒黃黄鑛鉱號号國国黑黒碎砕"
    "濟済齋斎劑剤雜雑參参棧桟蠶蚕慘惨贊賛殘残絲糸齒歯兒児辭辞濕湿實実寫写釋釈壽寿收収從従澁渋獸獣縱縦肅粛處処"
    "緖緒敍叙將将稱称涉渉燒焼證証奬奨條条狀状乘乗淨浄剩剰疊畳繩縄壤壌孃嬢讓譲釀醸觸触囑嘱眞真寢寝愼慎盡尽圖図"
    "粹粋醉酔穗穂隨随髓髄樞枢數数瀨瀬聲声齊斉靜静竊窃攝摂專専淺浅戰戦踐践錢銭潛潜纖繊禪禅雙双壯壮爭争莊荘搜捜"
    "插挿巢巣曾曽瘦痩裝装總総騷騒增増藏蔵臟臓卽即屬属續続墮堕對対體体帶帯滯滞臺台瀧滝擇択澤沢擔担單単膽胆團団"
    "斷断彈弾遲遅癡痴蟲虫晝昼鑄鋳廳庁徵徴聽聴敕勅鎭鎮遞逓鐵鉄點点轉転傳伝燈灯當当黨党盜盗鬪闘德徳獨独讀読屆届"
    "貳弐惱悩腦脳霸覇拜拝廢廃賣売麥麦發発髮髪拔抜蠻蛮祕秘濱浜甁瓶拂払佛仏倂併竝並餠餅邊辺變変步歩寶宝豐豊襃褒"
    "飜翻每毎萬万滿満麵麺默黙彌弥譯訳藥薬與与豫予餘余譽誉搖揺樣様謠謡來来賴頼亂乱覽覧龍竜兩両獵猟綠緑淚涙壘塁"
    "禮礼勵励戾戻靈霊齡齢曆暦歷歴戀恋鍊錬爐炉勞労郞郎樓楼錄録灣湾"
)
# Variants that are written in surnames and places and that neither that table nor NFKC knows.
_VARIANTS = "髙高﨑崎嵜崎濵浜邉辺栁柳𠮷吉桒桑槗橋冨富舘館嶋島嶌島渕淵渊淵靏鶴靍鶴圡土凉涼曻昇冝宜彥彦晉晋"
_FOLDED = {ord(old): new for old, new in zip(*[iter(_OLD_FORMS + _VARIANTS)] * 2, strict=True)}
# Zero-width characters and variation selectors say how a character looks, not which it is.
_UNSEEN = dict.fromkeys([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF], "")
_BLANKS = re.compile(r"\s+")

_KANA_NAME = re.compile("[ぁ-ゖァ-ヶー・\u2010-\u2015-]+")
_KATAKANA: dict[int, int | str] = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}
_KATAKANA |= dict.fromkeys(map(ord, "‐‑‒–—―-"), "ー") | {ord("・"): ""}
# What an office writes beside a name: （死亡）, 故, DM不可, ※転居.
_REMARK = re.compile(
    r"[(\[【〔<「][^)\]】〕>」]*[)\]】〕>」]|[※★].*$|^故\s+|\s(?:dm|死亡|逝去|他界|退会|転居|宛先不明)\S*$"
)
_HONORIFIC = re.compile("(?<=.)(?:様|さま|御中)$")

_PREFECTURE = re.compile(
    r"^(?:〒?\s*[0-9]{3}-?[0-9]{4}\s*)?(?:東京都|北海道|大阪府|京都府|..県|神奈川県|和歌山県|鹿児島県)?"
)
_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−─━"), "-")
_KANJI = "〇一二三四五六七八九十百千"
_BLOCK = "丁目|丁(?![町堀台免平田])|番地の?|番(?![町丁])|地割|号(?![室棟館線])"
_COUNTED = re.compile(f"([{_KANJI}]+)(?={_BLOCK}|条|線|[のノ][0-9{_KANJI}])")
_COUNTER = re.compile(rf"(?<=[0-9])\s*(?:{_BLOCK}|[-ー~のノ](?=\s*[0-9{_KANJI}]))\s*")
_CHAIN = re.compile("([0-9]+(?:-+[0-9]+)*)(?![0-9条線])-*")
_SMALL_KE = re.compile("(?<=[一-鿿])[ヶケヵカがガ](?=[一-鿿])")
_SMALL_NO = re.compile("(?<=[一-鿿])[ノ之乃](?=[一-鿿])")
_HOUSE_PARTS = 3  # 丁目, 番, 号; a fourth number is the room's
_LONGEST = 400  # characters of a cell that can be an address or a name
_JAPANESE = re.compile("[ぁ-ヿ一-鿿]")


class Address(NamedTuple):
    """An address for matching: town and house number, and the numbers of the room; without the prefecture."""

    house: str
    room: str


class AddressKeys(NamedTuple):
    """`Address` of every cell of a column, as two text columns."""

    house: pa.Array
    room: pa.Array


def name_key(text: str) -> str:
    """A name without its blanks, width, case, honorific, older forms of kanji and remarks; kana names in katakana."""
    written = _folded(text)
    folded = _BLANKS.sub("", _REMARK.sub("", written)) or _BLANKS.sub("", written)
    folded = _HONORIFIC.sub("", folded)
    return folded.translate(_KATAKANA) if _KANA_NAME.fullmatch(folded) else folded


def name_keys(cells: pa.Array) -> pa.Array:
    """`name_key` of a whole text column."""
    return each(cells, name_key, TEXT)


def address_key(text: str) -> Address:
    """An address as town and house number ("千代田区千代田1-2-3") and the numbers of its room ("4-401").

    一丁目2番3号, 1丁目２−３ and 1-2-3 are the same; 大字 and 字 say nothing; 霞ヶ関 is 霞が関. Kanji numerals are read
    before 丁目, 番, 号 … only, so that 三田 and 一番町 stay names. The prefecture is left to the postal code.
    """
    text = _folded(text).translate(_HYPHENS)
    if not _JAPANESE.search(text):
        return Address("".join(filter(str.isalnum, text)), "")
    text = _PREFECTURE.sub("", text.strip()).replace("大字", "").replace("字", "")
    text = _COUNTED.sub(lambda found: address_number(f"{found[1]}丁"), text)
    text = _COUNTER.sub("-", text)
    chain = _CHAIN.search(text)
    if chain is None:
        return Address(_town(text), "")
    numbers = [number.lstrip("0") or "0" for number in chain[1].split("-") if number]
    inside = address_number("-".join((*numbers[_HOUSE_PARTS:], text[chain.end() :])))
    return Address(f"{_town(text[: chain.start()])}{'-'.join(numbers[:_HOUSE_PARTS])}", inside)


def address_keys(cells: pa.Array) -> AddressKeys:
    """`address_key` of a whole text column."""
    coded = cells.dictionary_encode()
    keys = [address_key(cell) for cell in coded.dictionary.to_pylist()]
    houses, rooms = (pa.array([key[part] for key in keys], TEXT).take(coded.indices) for part in (0, 1))
    return AddressKeys(houses, rooms)


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text[:_LONGEST].translate(_UNSEEN))
    return text.casefold().translate(_FOLDED)


def _town(text: str) -> str:
    text = _BLANKS.sub("", text)
    return _SMALL_NO.sub("の", _SMALL_KE.sub("ヶ", text)).strip("-,、")
