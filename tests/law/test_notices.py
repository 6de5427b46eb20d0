"""Notices are found where a letter says them, in either language, and only there."""

from datetime import date

import pytest

from dmgen.law.notices import NOTICES, When, Words, lacking, notices_of

DAY = date(2026, 4, 5)
NEEDED = notices_of(DAY)
SHOP = {
    "sender": "青葉堂オンラインストア",
    "phone": "0120-000-000",
    "address": "仙台市青葉区1-2-3",
    "stop_contact": "0120-1",
}


def missing(*sources: str, printed: tuple[str, ...] = (), **shop: str) -> list[str]:
    words = Words.of(sources, SHOP | shop)
    return [notice.id for notice in lacking(words, NEEDED, printed, lottery=True)]


@pytest.mark.parametrize("notice", NEEDED, ids=lambda notice: notice.id)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_words_that_are_proposed_are_found(notice, language):
    """Whoever adds what dmgen proposes is not told the same again."""
    assert notice.id in missing("こんにちは。Hello.")
    assert notice.id not in missing(getattr(notice, language))


def test_a_letter_without_a_lottery_needs_only_its_sender_and_the_way_out():
    words = Words.of(["こんにちは"], SHOP)
    needed = [notice for notice in NEEDED if notice.when is not When.ORDERS]
    assert [notice.id for notice in lacking(words, needed, (), lottery=False)] == ["sender", "opt_out"]


SAID = [
    ("opt_out", "ご不要の方はお電話ください"),
    ("opt_out", "このようなご案内が\n不要な方は"),
    ("opt_out", "次からお送りいたしません"),
    ("opt_out", "we will take you off the list"),
    ("organiser", "主　催　青葉堂"),
    ("entry", "応募期間 4月1日から"),
    ("entry", "お申し込みもお買いものも要りません"),
    ("entry", "番号は、お申し込みをいただかなくても、そのまま抽選の対象になります"),
    ("eligible", "この便りをお受け取りの方が対象です"),
    ("drawn", "{{ offer.expires | jdate }}に抽選し"),
    ("prizes", "新茶を30名さまに"),
    ("prizes", "{{ prize.count }}名様に"),
    ("prizes", "特賞　一本"),
    ("announced", "当選番号を翌日から発表します"),
    ("announced", "発表は賞品の発送をもって代えさせていただきます"),
    ("claim", "お引き換えは発表から60日以内"),
    ("contact", "お問い合わせ 0120"),
    ("sender", "青葉堂オンライン\nストア　店主"),
    ("price", "1箱 1,000円（税込み）"),
    ("payment", "代金引換"),
    ("returns", "返品はできません"),
    ("address", "〒980-0000 仙台市"),
    ("phone", "電話　0120-000-000"),
]


@pytest.mark.parametrize(("notice", "words"), SAID)
def test_words_that_say_a_notice(notice, words):
    assert notice not in missing(words)


NOT_SAID = [
    ("price", "500円引き"),
    ("price", "3,000円以上のお買いもの1回に"),
    ("phone", "お電話ください"),
    ("prizes", "お一人お一人に、ちがう番号を"),
    ("opt_out", "お申し込みは不要です"),
    ("drawn", "抽選番号をお送りします"),
    ("drawn", "{# lottery.draw_on #}{% if lottery.draw_on %}{% endif %}"),
    ("contact", "{{ shop.stop_contact }}"),
    ("opt_out", "{{ shop.phone }}"),
    ("sender", "青葉堂"),
]


@pytest.mark.parametrize(("notice", "words"), NOT_SAID)
def test_words_that_do_not_say_it(notice, words):
    assert notice in missing(words)


def test_what_the_shop_s_own_words_say_is_said():
    """A notice may stand in shop.toml's [about], once for all campaigns."""
    assert "returns" in missing("{{ shop.terms }}", terms="送料500円")
    assert "returns" not in missing("{{ shop.terms }}", terms="返品は8日以内")
    assert "returns" in missing("{{ shop.url }}", terms="返品は8日以内")


def test_what_the_artwork_carries_is_not_asked_for():
    everything = tuple(notice.id for notice in NEEDED)
    assert missing(printed=everything) == []
    assert missing(printed=everything[1:]) == ["sender"]


def test_a_later_set_of_notices_takes_over_on_its_day(tmp_path):
    file = tmp_path / "notices.toml"
    later = '[[sets]]\nvalid_from = 2027-04-01\n[[sets.notices]]\nid = "new"\nwhen = "always"\nnames = []\n'
    file.write_text(NOTICES.read_text("utf-8") + later + 'found = ["x"]\nja = "x"\nen = "x"\nrule = "x"\n', "utf-8")
    assert [notice.id for notice in notices_of(date(2027, 4, 1), file)] == ["new"]
    assert len(notices_of(date(2027, 3, 31), file)) == len(NEEDED)
