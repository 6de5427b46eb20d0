"""The page of the winners on a phone: everything fits, nothing is fetched from anybody, the proof is one tap away."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from dmgen.messages import Speaker
from dmgen.web.announcement import Announcement, Prize, announcement_page
from tests.browser.conftest import Page, Site

pytestmark = pytest.mark.system

TOLD = Announcement(
    sender="青葉堂オンラインストア",
    prizes=[
        Prize("千草賞", "新茶と急須のひと揃え", ["12組 345678番", "3組 004711番", "100組 999999番"]),
        Prize("お茶賞", "新茶 <b>50g</b> & 茶筒", [f"{n}組 {n * 7919:06d}番" for n in range(1, 31)]),
        Prize("当日賞", "300円引き", [f"{n}組 {n * 104:06d}番" for n in range(40, 52)], at_once=True),
    ],
    draw_on=date(2026, 6, 10),
    claim_days=60,
    promised="日経平均株価 2026-06-10 の終値",
    public="日経平均株価 2026-06-10 の終値 51234.56",
    tickets=200_000,
    voided=12,
    commitment="7bcc5bbf4e11d1ea" * 4,
    result="0123456789abcdef" * 4,
    file="抽選 結果.json",
)


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_winners_on_a_phone(phone: Page, serve: Callable[[Path], Site], tmp_path: Path, language: str) -> None:
    (tmp_path / "draw.html").write_bytes(announcement_page(TOLD, Speaker(language)))
    (tmp_path / "抽選 結果.json").write_text("{}")
    site = serve(tmp_path)
    site.watch(phone)
    said: list[str] = []
    phone.on("console", lambda message: said.append(message.text))
    phone.goto(site.url + "draw.html")
    assert phone.locator(".numbers li").count() == 45
    assert "新茶 <b>50g</b> & 茶筒" in phone.inner_text("body"), "what a campaign says is never markup"
    width = phone.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1], "nothing hangs over the edge"
    assert TOLD.commitment in phone.inner_text("body")
    assert (site.outside, said) == ([], [])
    with phone.expect_response("**/*.json") as answer:
        phone.click(".check a")
    assert answer.value.status == 200


def test_a_value_that_was_not_promised_is_shown_beside_the_promise() -> None:
    told = {name: getattr(TOLD, name) for name in TOLD.__slots__}
    page = announcement_page(Announcement(**told | {"public": "NIKKEI 1"}), Speaker("en")).decode()
    assert "as promised" in page
    assert TOLD.promised in page
    assert "as promised" not in announcement_page(TOLD, Speaker("en")).decode()
