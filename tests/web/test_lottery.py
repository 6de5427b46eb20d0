"""The page of prizes at once, without a browser: what it says of a lottery, and what it never holds."""

import json
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from dmgen.model.campaign import Shop
from dmgen.model.lottery import Prize, Reveal
from dmgen.model.offer import DropKey
from dmgen.web import AtOnce, Win, at_once_page, fragment, wins_file

KEY = DropKey("aobado", "spring", date(2026, 4, 10))
SHOP = Shop("aobado", "青葉堂", Path("shop.toml"), stop_contact="stop@aobado.example.jp", language="ja")
SPARK = Prize("spark", "当日賞", "300円引き", 300, 100, Reveal.PAGE)
TOLD = AtOnce(
    shop=SHOP,
    key=KEY,
    prizes=(SPARK,),
    dated=(Prize("tea", "新茶賞", "新茶", 1000, 3),),
    draw_on=date(2026, 6, 10),
    public="日経平均株価の終値",
    claim_by=date(2026, 8, 9),
    commitment="0123456789abcdef" * 4,
)
TOKEN = "abcDEF123456"


def shown(told: AtOnce) -> str:
    return at_once_page(told).decode()


def test_the_same_lottery_makes_the_same_bytes() -> None:
    assert at_once_page(TOLD) == at_once_page(replace(TOLD))


def test_it_tells_of_the_draw_only_where_there_is_one() -> None:
    assert "2026年6月10日" in shown(TOLD) and "新茶賞　新茶　3名さま" in shown(TOLD)
    alone = shown(replace(TOLD, dated=(), draw_on=None))
    assert "2026年6月10日" not in alone and "後日の抽選" not in alone and "抽選日" not in alone


@pytest.mark.parametrize(
    ("contact", "reach"),
    [("stop@aobado.example.jp", "mailto:stop@aobado.example.jp"), ("0120-000-000", "tel:0120000000"), ("", "青葉堂")],
)
def test_winners_are_told_how_to_claim(contact: str, reach: str) -> None:
    assert reach in shown(replace(TOLD, shop=replace(SHOP, stop_contact=contact)))


def test_a_shop_abroad_speaks_english() -> None:
    page = shown(replace(TOLD, shop=replace(SHOP, language="", country="generic")))
    assert 'lang="en"' in page and "August 9, 2026" in page and "You have won!" in page
    assert "当たりました" not in page


def test_prizes_are_text_and_never_markup() -> None:
    page = shown(replace(TOLD, prizes=(replace(SPARK, prize='<img src=x onerror="alert(1)">'),)))
    assert "<img" not in page and "&lt;img" in page


def test_links_and_wins_are_named_as_the_description_says() -> None:
    """By hand from the docstring of dmgen/web/lottery.py."""
    digest = sha256(b"dmgen at once 1\naobado\nspring\n2026-04-10\nabcDEF123456").hexdigest()
    assert fragment(KEY, TOKEN) == f"{TOKEN}-{digest[:4]}"
    told = json.loads(wins_file(KEY, [Win("tea", TOKEN), Win("spark", TOKEN)]))
    assert told == {"format": 1, "wins": {digest[:32]: ["spark", "tea"]}}


def test_another_drop_names_the_same_link_otherwise() -> None:
    later = replace(KEY, drop=date(2026, 5, 10))
    assert fragment(KEY, TOKEN) != fragment(later, TOKEN)
    assert wins_file(KEY, [Win("tea", TOKEN)]) != wins_file(later, [Win("tea", TOKEN)])


def test_nobody_wins_in_a_file_without_wins() -> None:
    assert wins_file(KEY, []) == b'{"format":1,"wins":{}}\n'
