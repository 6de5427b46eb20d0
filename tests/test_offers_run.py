"""Whole runs of campaigns whose terms differ from person to person: each letter says, and is given, its own."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.jobs import Desk, Job, squeezed

CUSTOMERS = """\
customer_id,name,postal_code,prefecture,city,street,dm_opt_out,birthday,paid
00001,客 一,100-0001,東京都,千代田区千代田,1-1,0,1980-04-30,100
00002,客 二,100-0001,東京都,千代田区千代田,2-1,0,1980-02-29,50000
00003,客 三,100-0001,東京都,千代田区千代田,3-1,0,,100
00004,客 四,100-0001,東京都,千代田区千代田,4-1,0,3月31日,300000
00005,客 五,100-0001,東京都,千代田区千代田,5-1,0,1990-12-01,0
"""
CAMPAIGN = """\
format  = 1
id      = "own"
drop    = 2026-04-10
as_of   = 2026-04-05
channel = "mail"
[lists]
customers = "people.csv"
[audience]
segments = [{ id = "all", label = "全員", layout = "letter", offer = "thanks" }]
[offers.thanks]
label  = "300円引き"
amount = 300
valid  = "birthday month"
tiers  = [
  { id = "gold", when = "paid >= 300000", label = "2割引き", percent = 20, cap = 3000 },
  { id = "silver", when = "paid >= 50000", label = "1,500円引き", amount = 1500, minimum = 5000 },
]
[lottery]
tickets = 1
steps   = [{ when = "paid >= 50000", tickets = 3 }, { when = "paid == 0", tickets = 0 }]
"""
LETTER = """\
[page]
size = "A4"
bleed = 3
[words]
hello = "{{ name }}様"
offer = "{{ offer.label }}（{{ offer.starts | jdate }}から{{ offer.expires | jdate }}まで）"
gold = "ゴールドのお客さまへ"
draw = "番号は{{ tickets }}口"
[style]
body  = { font = "mincho", size = "10.5pt" }
[slots]
address = { kind = "address", box = [20, 20, 85, 32] }
hello   = { kind = "text", words = "hello", style = "body", box = [20, 80, 120, 10] }
coupon  = { kind = "coupon", words = "offer", box = [20, 100, 120, 30] }
gold    = { kind = "text", words = "gold", style = "body", box = [20, 140, 90, 9], when = 'offer.id == "thanks.gold"' }
kuji    = { kind = "lottery", words = "draw", style = "body", box = [20, 160, 60, 40], when = "tickets" }
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk.at(tmp_path_factory.mktemp("desk"))
    desk.write("layouts/own/people.csv", CUSTOMERS)
    desk.write("layouts/own/campaign.toml", CAMPAIGN)
    desk.write("layouts/own/letter.toml", LETTER)
    typed = '\n[columns]\npaid = { from = "paid", type = "int" }\n'
    desk.write("layouts/own/shop.toml", (desk.root / "layouts" / "shop.toml").read_text("utf-8") + typed)
    return desk


@pytest.fixture(scope="module")
def job(desk: Desk) -> Job:
    return desk.run("own", out="own")


def texts(job: Job) -> Iterator[tuple[str, str]]:
    for row, text in job.texts():
        yield row["customer_id"], squeezed(text)


def test_each_letter_says_its_own_label_and_dates(job: Job) -> None:
    found = dict(texts(job))
    assert "300円引き（2026年4月1日から2026年4月30日まで）" in found["00001"]
    assert "1,500円引き（2027年2月1日から2027年2月28日まで）" in found["00002"]
    assert "2割引き（2027年3月1日から2027年3月31日まで）" in found["00004"]
    assert "300円引き（2026年12月1日から2026年12月31日まで）" in found["00005"]
    assert [who for who, text in found.items() if "ゴールド" in text] == ["00004"]


def test_the_tables_say_what_the_letters_say(job: Job) -> None:
    rows = {row["customer_id"]: (row["coupon_value"], row["coupon_expires"]) for row in job.manifest}
    assert rows == {
        "00001": ("300", "2026-04-30"), "00002": ("1500", "2027-02-28"), "00004": ("20%", "2027-03-31"),
        "00005": ("300", "2026-12-31"),
    }  # fmt: skip
    owners = {row["piece_id"]: row["customer_id"] for row in job.manifest}
    coupons = {owners[row["piece_id"]]: row for row in job.codes if row["kind"] == "coupon"}
    assert {who: (row["name"], row["value"], row["minimum"]) for who, row in coupons.items()} == {
        "00001": ("thanks", "300", "0"), "00002": ("thanks.silver", "1500", "5000"),
        "00004": ("thanks.gold", "20%", "0"), "00005": ("thanks", "300", "0"),
    }  # fmt: skip


def test_tickets_follow_the_steps(job: Job) -> None:
    owners = {row["piece_id"]: row["customer_id"] for row in job.manifest}
    tickets = Counter(owners[row["piece_id"]] for row in job.codes if row["kind"] == "ticket")
    assert tickets == {"00001": 1, "00002": 3, "00004": 3}
    for who, text in texts(job):
        assert ("番号は" in text) == bool(tickets[who])
        assert not tickets[who] or f"番号は{tickets[who]}口" in text


def test_nobody_gets_a_letter_without_a_last_day(job: Job) -> None:
    assert [(row["customer_id"], row["reason"], row["field"]) for row in job.rejections] == [
        ("00003", "no_birthday", "birthday")
    ]


def test_the_job_names_every_offer_with_its_terms(job: Job) -> None:
    settings = job.ticket["settings"]
    assert [offer["id"] for offer in settings["offers"]] == ["thanks", "thanks.gold", "thanks.silver"]
    assert settings["segments"][0]["offer"] == "thanks"
    assert settings["segments"][0]["tickets"] == [0, 1, 3]
    gold = settings["offers"][1]
    assert (gold["benefit"], gold["percent"], gold["cap"], gold["birthday"]) == ("percent", 20, 3000, True)


def test_again_the_same_people_have_the_same_numbers(desk: Desk, job: Job) -> None:
    again = desk.run("own", "--workers", "2", out="again")
    assert again.digests() == job.digests()


def test_every_code_is_found_again_and_the_ledger_restored(desk: Desk, job: Job) -> None:
    ledger = desk.root / "layouts" / "own" / "ledger.sqlite"
    kept = ledger.read_bytes()
    ledger.unlink()
    restored = desk.invoke("ledger", "restore", "own", "--shop", "layouts/own/shop.toml")
    assert restored.exit_code == 0, restored.output
    assert desk.run("own", out="restored").issued() == job.issued()
    ledger.write_bytes(kept)
    for row in job.manifest:
        found = desk.invoke("offers", "check", row["coupon_code"], "--shop", "layouts/own/shop.toml", "--json")
        assert found.exit_code == 0, found.output


def test_a_proof_shows_every_kind(desk: Desk, job: Job) -> None:
    for option in ((), ("--fictional",), ("--customer", "00002")):
        made = desk.invoke("proof", "layouts/own", *option, "--out", "proof.pdf")
        assert made.exit_code == 0, made.output
