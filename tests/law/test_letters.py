"""What makes a printed sheet a letter (信書) is found for each channel and carrier, and only that."""

from datetime import date
from pathlib import Path

import pytest

from dmgen.law.letters import (
    CALLED,
    LENGTH,
    VALUE,
    Finding,
    Holds,
    Passage,
    Severity,
    Sheet,
    findings,
    letter_rules_of,
)
from dmgen.layout import said
from dmgen.model.campaign import PARCEL_CHANNELS, Channel
from dmgen.model.parcel import Carrier

RULES = letter_rules_of(date(2026, 4, 5))
FILE = Path("leaflet.toml")
FORBIDDEN, GREY = Severity.FORBIDDEN, Severity.GREY
NAMED = "{{ name }}様"


def passage(source: str, kind: str = "text", slot: str = "body", area: float = 100.0) -> Passage:
    words = said(source, VALUE, {})
    return Passage(slot, kind, "body", FILE, 1, words.names, words.text, words.lines, words.length, area)


def found(holds: Holds, *passages: Passage | str, pages: int = 1) -> list[Finding]:
    made = [one if isinstance(one, Passage) else passage(one, slot=f"slot{n}") for n, one in enumerate(passages)]
    return findings(Sheet("leaflet", pages, tuple(made)), holds, RULES)


def signs(holds: Holds, *passages: Passage | str, pages: int = 1) -> dict[str, Severity]:
    return {finding.sign: finding.severity for finding in found(holds, *passages, pages=pages)}


PARCELS = ("yamato", "sagawa", "yupack", "other", "yumail", None)
WAYS = [
    (Channel.MAIL, None, Holds.ANYTHING),
    (Channel.MAIL_OPEN, None, Holds.OPEN),
    (Channel.MAIL_OPEN, "letterpack", Holds.OPEN),  # the carrier is the parcels'
    *((Channel.INSERT_NOTE, carrier, Holds.NOTE) for carrier in PARCELS),
    *((Channel.INSERT_OPEN, carrier, Holds.OPEN) for carrier in PARCELS),
    *((channel, carrier, Holds.ANYTHING) for channel in PARCEL_CHANNELS for carrier in ("letterpack", "teikeigai")),
]


@pytest.mark.parametrize(("channel", "carrier", "holds"), WAYS)
def test_channel_and_carrier_decide_what_may_be_held(channel, carrier, holds):
    """レターパック and 定形外 are 郵便; ゆうメール is not, and carries a note with goods like any parcel carrier."""
    assert RULES.holds(channel, Carrier(carrier) if carrier else None) is holds


def test_every_carrier_is_either_mail_or_not():
    import tomllib

    from dmgen.law.letters import LETTERS

    [written] = tomllib.loads(LETTERS.read_text("utf-8"))["sets"]
    listed = [*written["carriers"]["mail"], *written["carriers"]["parcels"]]
    assert sorted(listed) == sorted(carrier.value for carrier in Carrier)


def test_mail_may_hold_anything():
    assert found(Holds.ANYTHING, NAMED, "会員の皆様へ、お誕生月のクーポン", passage("", "address")) == []


# words, on an open sheet, on a note with a name
CASES = [
    (NAMED, {"name": FORBIDDEN}, {}),
    ("{{ family_name | sama }}", {"name": FORBIDDEN}, {}),
    ("{{ anything }} さま", {"name": FORBIDDEN, "column": GREY}, {}),
    ("青葉様", {"name": FORBIDDEN}, {}),
    ("お客様の声。皆様へ。お客さま各位。仕様と模様は様々です。同様に、30名さまに", {}, {}),
    ("{{ city }}にお住まいの方へ", {"address": FORBIDDEN}, {"address": GREY}),
    ("{{ product.name }}", {"goods": FORBIDDEN}, {}),
    ("先日はありがとうございました", {"goods": FORBIDDEN}, {}),
    ("お買い上げいただき、ありがとうございます", {"goods": FORBIDDEN}, {}),
    ("お買上げの商品", {"goods": FORBIDDEN}, {}),
    ("ご注文を　いただき\nありがとう", {"goods": FORBIDDEN}, {}),
    ("ご注文は下の電話へ。2,000円以上お買い上げの際に。ご購入はこちら。ご注文ください。", {}, {}),
    ("{{ purchases }}回のご注文", {"history": FORBIDDEN}, {"history": GREY}),
    ("{{ last_order | jdate }}", {"history": FORBIDDEN}, {"history": GREY}),
    ("会員の皆様へ", {"relation": FORBIDDEN}, {}),
    ("会員登録はこちら", {"relation": GREY}, {}),
    ("いつも青葉堂をご利用いただき", {"relation": FORBIDDEN}, {}),
    ("{{ rank }}", {"history": FORBIDDEN}, {"history": GREY}),
    ("{{ points | comma }}", {"points": FORBIDDEN}, {"points": GREY}),
    ("お手持ちのポイント", {"points": FORBIDDEN}, {"points": GREY}),
    ("ポイント10倍", {"points": GREY}, {"points": GREY}),
    ("お誕生月おめでとうございます", {"birthday": FORBIDDEN}, {"birthday": GREY}),
    ("{{ birthday_month }}", {"birthday": FORBIDDEN}, {"birthday": GREY}),
    ("{{ upsell.name }}はいかがですか", {"recommended": GREY}, {"recommended": GREY}),
    ("ご本人さま限り", {"only": GREY}, {}),
    ("{{ remark }}", {"column": GREY}, {}),
    ("{{ customer_id }}", {"column": GREY}, {}),
    ("{{ shop.phone }} {{ drop | jdate }} {{ parcel.key }} {{ piece_id }} {{ sequence }}", {}, {}),
    ("次回のお買いものに 300円引きクーポン", {}, {"offer": GREY}),
    ("{{ offer.label }} {{ coupon_code }} {{ ticket_numbers }}", {}, {"offer": GREY}),
    ("開けたら冷蔵庫でお持ちください。お困りのときはお電話を。", {}, {}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "on_open", "on_note"), CASES, ids=[case[0][:24] for case in CASES])
def test_signs_of_a_letter(words, on_open, on_note):
    """The note has a name of its own elsewhere, and long harmless words beside which an offer is a small thing."""
    assert signs(Holds.OPEN, words) == on_open
    assert signs(Holds.NOTE, words, passage(NAMED, slot="name"), passage("お", slot="rest", area=10_000)) == on_note


@pytest.mark.parametrize("kind", ["address", "postal_boxes", "japanpost"])
def test_slots_of_an_address(kind):
    """A window address is out on open mail; a note that has one would lie in a closed envelope."""
    assert signs(Holds.OPEN, passage("", kind)) == {"address": FORBIDDEN}
    assert signs(Holds.NOTE, passage("", kind)) == {"address": GREY}


@pytest.mark.parametrize("kind", ["coupon", "lottery", "link.coupon", "link.lottery"])
def test_offers_are_free_on_an_open_sheet_and_doubtful_on_a_note(kind):
    assert signs(Holds.OPEN, passage("", kind)) == {}
    assert signs(Holds.NOTE, NAMED, passage("", kind, area=10)) == {"offer": GREY}


def test_a_link_that_leads_to_no_offer_is_none():
    assert signs(Holds.NOTE, NAMED, passage("", "link.ar"), passage("", "link")) == {}


def test_a_sheet_that_names_nobody_is_no_letter():
    """A leaflet of offers may lie in a parcel whatever the channel says; the fallback piece is such a one."""
    assert signs(Holds.NOTE, "クーポン 500円引き", passage("", "coupon")) == {}


def test_an_offer_as_the_main_content_of_a_note():
    [of_words, whole] = found(Holds.NOTE, NAMED, passage("", "coupon", area=100))
    assert (of_words.severity, whole.severity, whole.share, whole.slot) == (GREY, FORBIDDEN, 0.5, "")
    assert [finding.share for finding in found(Holds.NOTE, NAMED, passage("", "coupon", area=99))] == [None]


def test_a_word_of_an_offer_in_a_long_text_is_not_its_main_content():
    body = "お礼を申しあげます。\n" * 9 + "クーポンをお付けします。"
    assert [finding.share for finding in found(Holds.NOTE, NAMED, body)] == [None]
    assert found(Holds.NOTE, NAMED, body)[0].line == 10


def test_a_note_is_short():
    words = "あ" * (RULES.characters - 1)
    assert signs(Holds.NOTE, NAMED, words) == {}
    assert signs(Holds.NOTE, NAMED, words + "あ") == {LENGTH: GREY}
    assert signs(Holds.OPEN, words * 2) == signs(Holds.NOTE, words * 2) == {}
    assert signs(Holds.NOTE, NAMED, pages=RULES.pages + 1) == {LENGTH: GREY}


def test_a_finding_says_where_it_is():
    [finding] = found(Holds.OPEN, "こんにちは。\n\n会員の皆様へ、会員の皆様へ。\nマイページで")
    assert (finding.line, finding.found, finding.slot) == (3, ("会員",), "slot0")
    assert finding.as_json()["file"] == "leaflet.toml"


def test_every_sign_has_a_name_for_people():
    assert {sign.id for sign in RULES.signs} - {"free"} | {LENGTH} == CALLED.keys()
    assert RULES.signs[-1].columns == ("*",), "whatever no other sign has"


def test_rules_of_a_day_before_the_first_are_the_first():
    assert letter_rules_of(date(1990, 1, 1)) == RULES
