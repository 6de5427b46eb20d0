"""Letters (信書) in parcels and open mail, as users meet it: refused with every place, acknowledged, recorded."""

import json

import pytest

from tests.jobs import Desk, people

CAMPAIGN, LETTER, SHOP = "layouts/hello/campaign.toml", "layouts/hello/hello.toml", "layouts/shop.toml"


@pytest.fixture
def desk(tmp_path) -> Desk:
    desk = Desk.at(tmp_path)
    desk.write("assets/lists/customers.csv", people(3))
    return desk


def by(desk: Desk, channel: str, carrier: str = "yamato") -> None:
    desk.edit(CAMPAIGN, 'id     = "hello"\n', f'id     = "hello"\nchannel = "{channel}"\n')
    if carrier and channel.startswith("insert"):
        added(desk, f'[parcels]\ncarrier = "{carrier}"')


def added(desk: Desk, table: str) -> None:
    desk.write(CAMPAIGN, (desk.root / CAMPAIGN).read_text("utf-8") + f"\n{table}\n")


def acknowledged(desk: Desk, why: str = "店の法務に確認済み") -> None:
    added(desk, f'[law]\nacknowledge = "{why}"')


def told(desk: Desk) -> dict:
    result = desk.invoke("check", "layouts/hello", "--json", "--lang", "en")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(desk: Desk) -> str:
    for command in ("check", "run"):
        result = desk.invoke(command, "layouts/hello", "--lang", "en", *(["--out", "job"] if command == "run" else []))
        assert (result.exit_code, result.stdout) == (1, ""), result.output
    assert not (desk.root / "job").exists()
    return result.stderr


def places(said: str) -> list[str]:
    """The slots that a message names."""
    return [line.split("slot ")[1].split(":")[0] for line in said.splitlines() if "slot " in line]


def test_a_named_letter_with_coupon_and_lottery_is_no_note(desk):
    """The example of the facts: grey to risky, so the words are named and the user decides."""
    by(desk, "insert_note")
    said = refused(desk)
    assert 'channel = "insert_note"' in said
    assert [word for word in ("hello.toml, line", "coupon", "acknowledge", "no legal advice") if word not in said] == []
    assert {"coupon", "lottery", "notice", "qr"} <= set(places(said))


def test_an_open_sheet_names_nobody(desk):
    by(desk, "insert_open")
    said = refused(desk)
    assert {"name", "address"} <= set(places(said))
    assert "{{ name }}" in said
    assert not {"coupon", "lottery"} & set(places(said)), "codes and lottery numbers may be on it"


def test_open_mail_has_no_window_and_nothing_personal(desk):
    by(desk, "mail_open")
    said = refused(desk)
    assert {"name", "address"} <= set(places(said))
    acknowledged(desk)
    assert told(desk)["law"]["letter"]["carrier"] is None


AS_MAIL = [("mail", ""), ("insert_note", "letterpack"), ("insert_open", "teikeigai")]


@pytest.mark.parametrize(("channel", "carrier"), AS_MAIL)
def test_mail_may_hold_letters(desk, channel, carrier):
    by(desk, channel, carrier)
    letter = told(desk)["law"]["letter"]
    assert (letter["may_hold"], letter["findings"], letter["carrier"]) == ("anything", [], carrier or None)


def test_what_is_acknowledged_goes_on_and_is_recorded(desk):
    by(desk, "insert_note")
    acknowledged(desk)
    letter = told(desk)["law"]["letter"]
    assert letter == desk.run("hello").ticket["law"]["letter"]
    assert (letter["channel"], letter["carrier"], letter["may_hold"]) == ("insert_note", "yamato", "note")
    assert letter["acknowledge"] == "店の法務に確認済み"
    assert {finding["severity"] for finding in letter["findings"]} == {"forbidden", "grey"}
    assert {finding["file"] for finding in letter["findings"] if finding["file"]} == {"hello.toml"}


SEEN = [
    ("en", ["Letters (信書)", "no legal advice", "shop's lawyer"]),
    ("ja", ["信書の点検", "法的助言ではありません", "shop's lawyer"]),
]


@pytest.mark.parametrize(("language", "words"), SEEN)
def test_people_see_it(desk, language, words):
    by(desk, "insert_note")
    acknowledged(desk, "shop's lawyer")
    seen = desk.invoke("check", "layouts/hello", "--lang", language).stderr
    assert [word for word in words if word not in seen] == [], seen


def test_proofs_can_be_looked_at_before(desk):
    by(desk, "insert_note")
    assert desk.invoke("proof", "layouts/hello", "--out", "proof.pdf").exit_code == 0


def test_words_that_shop_and_offer_say_count_as_written(desk):
    by(desk, "insert_open")
    desk.edit(SHOP, "[about]", '[about]\ngreeting = "会員の皆様へ"')
    desk.edit(CAMPAIGN, 'label   = "300円引き"', 'label   = "お誕生月 300円引き"')
    desk.edit(LETTER, "[words]\n", '[words]\nhello = "{{ shop.greeting }}"\nterms = "{{ offer.label }}"\n')
    for top, words in ((10, "hello"), (16, "terms")):
        slot = f'{words} = {{ kind = "text", words = "{words}", style = "small", box = [150, {top}, 40, 5] }}'
        desk.edit(LETTER, "[slots]\n", f"[slots]\n{slot}\n")
    said = refused(desk)
    assert [word for word in ("会員", "お誕生月") if word not in said] == [], said


def test_words_that_no_letter_shows_are_not_found(desk):
    """A slot under a rule that never holds prints nothing."""
    by(desk, "insert_open")
    for box in ("[22, 20, 84, 36]", "[22, 106, 150, 12]"):
        desk.edit(LETTER, f"{box} }}", f'{box}, when = "not offer" }}')
    assert not {"name", "address"} & set(places(refused(desk)))


def test_the_carrier_and_the_shipments_are_asked_for(desk):
    by(desk, "insert_note", "")
    acknowledged(desk)
    remarks = told(desk)["remarks"]
    assert any("carrier" in remark and "[parcels]" in remark for remark in remarks)
    assert any("--shipments" in remark for remark in remarks)


def test_an_acknowledgement_that_nothing_needs_is_pointed_out(desk):
    by(desk, "insert_note", "letterpack")
    acknowledged(desk)
    assert any("acknowledge" in remark for remark in told(desk)["remarks"])
    assert not any("artwork" in remark for remark in told(desk)["remarks"])


def test_a_shop_abroad_has_other_laws(desk):
    desk.edit("layouts/hello-en/campaign.toml", 'id     = "hello-en"\n', 'id     = "hello-en"\nchannel = "mail_open"\n')
    found = json.loads(desk.invoke("check", "layouts/hello-en", "--json").stdout)
    assert (found["law"]["letter"]["rules"], found["law"]["letter"]["findings"]) == (None, [])


def test_a_slot_of_a_layout_that_is_extended_is_found_where_it_stands(desk):
    campaign = "layouts/spring-thanks/campaign.toml"
    desk.edit(campaign, 'channel = "mail"', 'channel = "mail_open"')
    said = desk.invoke("check", "layouts/spring-thanks", "--lang", "en").stderr
    [line] = [line.strip() for line in said.splitlines() if "slot address" in line]  # of six letters, told once
    at = (desk.root / "layouts/spring-thanks/base.toml").read_text("utf-8").splitlines()
    assert (
        f"base.toml, line {next(n for n, text in enumerate(at, 1) if text.startswith('address   = { kind'))}," in line
    )


def test_a_link_without_an_offer_leads_to_none(desk):
    """The guide's QR code of a letter without coupon may be on a note; the coupon's may not."""
    by(desk, "insert_note")
    assert "qr" in places(refused(desk))
    desk.edit(CAMPAIGN, 'offer = "hello", ', "")
    desk.edit(LETTER, "{{ offer.expires | jdate }}に抽選し", "5月5日に抽選し")
    desk.edit(LETTER, "{{ offer.label }}の券と、", "")
    assert "qr" not in places(refused(desk))
