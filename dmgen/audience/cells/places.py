"""Where in a Japanese address its prefecture, city and town end, however they are spelled.

Spellings are folded for comparing only; what is found is told in the address's own characters.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import IntFlag
from functools import cache, cached_property
from typing import NamedTuple

from dmgen.symbols import arabic_numeral

PREFECTURES = (
    "北海道", "青森県", "岩手県", "宮城県", "秋田県", "山形県", "福島県", "茨城県", "栃木県",
    "群馬県", "埼玉県", "千葉県", "東京都", "神奈川県", "新潟県", "富山県", "石川県", "福井県",
    "山梨県", "長野県", "岐阜県", "静岡県", "愛知県", "三重県", "滋賀県", "京都府", "大阪府",
    "兵庫県", "奈良県", "和歌山県", "鳥取県", "島根県", "岡山県", "広島県", "山口県", "徳島県",
    "香川県", "愛媛県", "高知県", "福岡県", "佐賀県", "長崎県", "熊本県", "大分県", "宮崎県",
    "鹿児島県", "沖縄県",
)  # fmt: skip
"""In the order of their JIS X 0401 (and ISO 3166-2:JP) numbers."""
SHORT = {name if name == "北海道" else name[:-1]: name for name in PREFECTURES}
"""Prefectures without 都, 府 or 県."""

# One spelling for what is written in two ways in addresses: kana of either size and kind, old and simplified kanji.
_SPELLINGS = (
    "ヶケがガヵ", "のノ之乃", "ツッつっ", "竜龍龒", "沢澤", "曽曾", "斎齋斉齊", "浜濱濵", "辺邊邉", "広廣",
    "国國", "学學", "島嶋嶌", "桜櫻", "桧檜", "滝瀧", "塩鹽", "釜竈竃", "薮藪", "磯礒", "籠篭", "芦蘆", "万萬",
    "徳德", "恵惠", "県縣", "区區", "真眞", "条條", "寿壽", "円圓", "駅驛", "号號", "鴎鷗", "鯵鰺", "梼檮",
    "館舘", "富冨", "峰峯", "渕淵渊", "穂穗", "豊豐", "弥彌", "黒黑", "静靜", "鉄鐵", "将將", "横橫", "高髙",
    "崎﨑嵜", "柳栁", "桑桒", "諫諌", "鶯鴬", "砺礪", "頚頸", "槙槇", "桝枡", "杉杦", "来來", "栄榮", "会會",
    "当當", "台臺", "沖冲", "続續", "児兒", "両兩", "仏佛", "伝傳", "余餘", "内內", "団團", "宝寶", "実實",
    "対對", "応應", "戸戶", "経經", "発發", "総總", "芸藝", "葉叶", "薬藥", "蔵藏", "蛍螢", "観觀", "鉱鑛",
    "関關", "鶏鷄", "麦麥", "点點", "亀龜", "焼燒", "画畫", "郷鄉", "瀬瀨", "頼賴", "暁曉", "歴歷", "剣劍劔",
    "収收", "帯帶", "湾灣", "済濟", "浅淺", "涙淚", "清淸", "青靑", "黄黃", "緑綠", "尭堯", "巌巖", "荘莊",
    "壱壹", "覚覺", "豫予", "銭錢", "遥遙", "闘鬪", "隠隱", "鎮鎭",
)  # fmt: skip
_ONE_SPELLING = {char: chars[0] for chars in _SPELLINGS for char in chars}
_KANJI = "一二三四五六七八九十百〇"
_TOKEN = re.compile(
    rf"(?P<dropped>大?字|[\s\u3000])|(?P<number>[{_KANJI}]+)(?=[条條丁番線号號区區のノ之町軒地])|(?P<one>.[ﾞﾟ\u3099\u309a]?)",
    re.DOTALL,
)
_COUNTY = re.compile("^.{1,4}?郡(?=.+[町村]$)")
_WARD = re.compile("^(.+市)(.+区)$")
_OTHER_WARD = re.compile("[^市区町村0-9]{1,4}区")
SEVERAL = re.compile("[、〜]|の次に")
"""A town's cell that names several, or what follows a town."""
_BLOCKS = re.compile("[0-9]+(地割)?$")
_DETOUR = re.compile("(?:[^0-9]|[0-9]+条)*(?:[上下][るル]|[東西南北]入[るル]?)")  # 京都: the town follows the crossing
_LEAST_TOWN = 2  # characters of a town that tells a place without its city


class Folded(NamedTuple):
    """A text in one spelling, and for each of its characters where the original goes on after it."""

    text: str
    ends: tuple[int, ...]

    def end(self, length: int) -> int:
        """Where the original goes on after so many folded characters."""
        return self.ends[length - 1] if length else 0


def fold(text: str) -> Folded:
    """Width, kana, old kanji, numerals before 条, 丁目 … and 大字 as one spelling."""
    chars: list[str] = []
    ends: list[int] = []
    for token in _TOKEN.finditer(text):
        if token["dropped"]:
            continue
        folded = arabic_numeral(token["number"]) if token["number"] else _fold(token["one"])
        chars.append(folded)
        ends += [token.end()] * len(folded)
    return Folded("".join(chars), tuple(ends))


@cache
def _fold(char: str) -> str:
    folded = unicodedata.normalize("NFKC", char).lower()
    return "".join(_ONE_SPELLING.get(one, one) for one in folded)


class Match(IntFlag):
    """What of a place an address says."""

    NOTHING = 0
    PLACE = 1  # it does not contradict the place
    PREFECTURE = 2  # by name, or by a city of it
    TOWN = 4


@dataclass(frozen=True)
class Place:
    """A place of a postal code; without a city, what is known is its prefecture."""

    prefecture: str
    city: str = ""
    town: str = ""

    @property
    def beginnings(self) -> tuple[str, ...]:
        """The usual ways to write prefecture and city, in the characters of the data."""
        return _beginnings(self.prefecture, self.city)

    @cached_property
    def towns(self) -> tuple[str, ...]:
        """Ways to write the town, folded, longest first; Japan Post gives several towns or blocks in one cell."""
        if "の次に" in self.town:
            return ("",)
        several = SEVERAL.search(self.town)
        towns = {fold(part).text for part in re.split("[、〜]", self.town)}
        if several:
            towns = {_BLOCKS.sub("", town) for town in towns}
        if self.town and self.city.endswith(self.town):
            towns.add("")
        return tuple(sorted(towns, key=len, reverse=True))


@cache
def _beginnings(prefecture: str, city: str) -> tuple[str, ...]:
    county = _COUNTY.sub("", city)
    return tuple(dict.fromkeys(filter(None, (prefecture + city, city, prefecture + county, county))))


@cache
def _prefectures(name: str) -> tuple[str, ...]:
    """Ways to write a prefecture, folded; none at all is one."""
    short = "" if name == "北海道" else fold(name[:-1]).text
    return tuple(dict.fromkeys((fold(name).text, short, "")))


@cache
def _cities(name: str) -> tuple[str, ...]:
    """Ways to write a city, folded: with and without its 郡; a ward alone, its city alone."""
    ward = _WARD.match(name)
    forms = [name, _COUNTY.sub("", name), *((ward[2], ward[1]) if ward else ())]
    return tuple(dict.fromkeys(fold(form).text for form in forms))


class Located(NamedTuple):
    """What of a place an address says, and where the address goes on after its city and after its town."""

    match: Match
    city_end: int = 0
    town_end: int = 0


def locate(places: tuple[Place, ...], address: str) -> Located:
    """The place of these that the address says most of."""
    folded = fold(address)
    stated = _named().get(folded.text[:3]) or _named().get(folded.text[:4])
    best = Located(Match.NOTHING)
    for place in places:
        if stated in (None, place.prefecture):
            best = _best(best, _located(place, folded))
    return best


@cache
def _named() -> dict[str, str]:
    return {fold(name).text: name for name in PREFECTURES}


def _located(place: Place, folded: Folded) -> Located:
    text, best = folded.text, Located(Match.NOTHING)
    whole, cities = _prefectures(place.prefecture)[0], _cities(place.city)
    for prefecture in _prefectures(place.prefecture):
        if not text.startswith(prefecture):
            continue
        start = _after(text, prefecture, 0) if prefecture == whole else len(prefecture)
        named = Match.PREFECTURE if prefecture else Match.NOTHING
        best = _best(best, Located(named))
        for number, city in enumerate(cities):
            if not text.startswith(city, start):
                continue
            end = start + len(city)
            if number and city.endswith("市") and _OTHER_WARD.match(text, end):
                continue  # another ward of the city
            known = Match.PLACE | named | (Match.PREFECTURE if city else Match.NOTHING)
            again = _after(text, city, start)
            for stop in {end, again, _after(text, whole + city, again, least=0)}:
                best = _best(best, _with_town(place, folded, stop, known))
        if place.city and Match.PLACE not in best.match:
            alone = _with_town(place, folded, start, Match.PLACE | named)
            if Match.TOWN in alone.match and alone.town_end - alone.city_end >= _LEAST_TOWN:
                best = alone
    return best


def _best(one: Located, other: Located) -> Located:
    return max(one, other, key=lambda found: (found.match.bit_count(), found.town_end, found.city_end))


def _after(text: str, part: str, start: int, least: int = 1) -> int:
    """Where `text` goes on after `part`, which a list in several columns may repeat."""
    end = start + least * len(part)
    while part and text.startswith(part, end):
        end += len(part)
    return end


def _with_town(place: Place, folded: Folded, end: int, match: Match) -> Located:
    city_end = folded.end(end)
    detour = _DETOUR.match(folded.text, end)
    for start in (end, detour.end()) if detour else (end,):
        for town in place.towns if place.town else ():
            if folded.text.startswith(town, start):
                return Located(match | Match.TOWN, city_end, folded.end(_after(folded.text, town, start)))
    return Located(match, city_end, city_end)
