"""Whole runs of campaigns whose terms differ from person to person: each letter says, and is given, its own."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from dmgen.campaign import load_shop
from dmgen.tasks.offers_check import check_code
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
drawn   = "elsewhere"
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


def copied(desk: Desk, job: Job) -> Path:
    folder = desk.root / "copy"
    shutil.rmtree(folder, ignore_errors=True)
    return shutil.copytree(job.folder, folder)


def findings(desk: Desk, folder: Path) -> list[dict]:
    """What verify finds in a job that is not to be released."""
    result = desk.invoke("verify", folder, "--json", "--shop", "layouts/own/shop.toml")
    assert result.exit_code == 6, result.output
    return json.loads(result.stdout)["read_back"]["first"]


def reticketed(desk: Desk, job: Job, place: int, **terms: object) -> list[dict]:
    """What verify finds in a copy of the job whose job.json says other terms of an offer."""
    folder = copied(desk, job)
    ticket = json.loads((folder / "job.json").read_text("utf-8"))
    ticket["settings"]["offers"][place].update(terms)
    (folder / "job.json").write_text(json.dumps(ticket), "utf-8")
    return findings(desk, folder)


def test_a_letter_that_says_another_label_is_not_released(desk: Desk, job: Job) -> None:
    """The words of each letter are compared with what its own piece was promised."""
    found = reticketed(desk, job, 1, label="3割引き")
    gold = next(row["piece_id"] for row in job.manifest if row["customer_id"] == "00004")
    assert [(one["piece_id"], one["slot"], one["what"], one["field"]) for one in found] == [
        (gold, "coupon", "text_differs", "offer.label")
    ]


@pytest.mark.parametrize(("term", "value"), [("value", "200"), ("minimum", 9)])
def test_tables_that_say_other_terms_are_not_released(desk: Desk, job: Job, term: str, value: object) -> None:
    found = reticketed(desk, job, 0, **{term: value})
    assert [(one["what"], one["field"]) for one in found] == [("codes_differ", "coupon_value")] * 2


@pytest.mark.parametrize("day", ["2026-12-30", "2027-12-31", "2026-13-01", ""])
def test_another_last_day_is_not_released(desk: Desk, job: Job, day: str) -> None:
    """In both tables alike: no end of a month, one beyond the year, no day at all."""
    folder = copied(desk, job)
    for name in ("manifest.csv", "codes.csv"):
        text = (folder / name).read_text("utf-8-sig")
        (folder / name).write_text("\ufeff" + text.replace("2026-12-31", day), "utf-8")
    mine = next(row["piece_id"] for row in job.manifest if row["customer_id"] == "00005")
    told = {(one["what"], one["field"]) for one in findings(desk, folder) if one.get("piece_id") == mine}
    assert ("codes_differ", "coupon_expires") in told
    assert any(what == "text_differs" for what, _ in told)


def test_a_proof_shows_every_kind(desk: Desk, job: Job) -> None:
    for option in ((), ("--fictional",), ("--customer", "00002")):
        made = desk.invoke("proof", "layouts/own", *option, "--out", "proof.pdf")
        assert made.exit_code == 0, made.output


REFUSALS = [
    ('when = "paid >= 300000"', 'when = "payd >= 300000"', "tiers[1].when", "did you mean paid?"),
    ("paid == 0", "pade == 0", "lottery.steps[2].when", "did you mean paid?"),
    (
        'when = "paid >= 50000", label',
        'when = "offer.amount", label',
        "tiers[2].when",
        "there is no column offer.amount",
    ),
]


@pytest.fixture
def own(tmp_path: Path, desk: Desk) -> Desk:
    """The campaign in a folder of its own, to be broken."""
    ignore = shutil.ignore_patterns("ledger*")
    shutil.copytree(desk.root / "layouts" / "own", tmp_path / "layouts" / "own", ignore=ignore)
    return Desk(tmp_path)


@pytest.mark.parametrize(("old", "new", "place", "told"), REFUSALS)
def test_a_rule_about_a_column_that_is_not_there(own: Desk, old: str, new: str, place: str, told: str) -> None:
    own.edit("layouts/own/campaign.toml", old, new)
    result = own.invoke("check", "layouts/own", "--lang", "en")
    assert result.exit_code == 1
    for text in ("campaign.toml, line ", place, told):
        assert text in result.stderr, result.stderr


def test_a_birthday_month_needs_a_list_with_birthdays(own: Desk) -> None:
    own.edit("layouts/own/people.csv", "birthday", "born")
    result = own.invoke("check", "layouts/own", "--lang", "en")
    assert result.exit_code == 1
    assert "line 13: offers.thanks.valid" in result.stderr
    assert "no column birthday" in result.stderr


def test_a_rule_that_compares_unlike_things(own: Desk) -> None:
    own.edit("layouts/own/campaign.toml", 'when = "paid >= 300000"', 'when = "name >= 300000"')
    result = own.invoke("check", "layouts/own", "--lang", "en")
    assert result.exit_code == 1
    assert "name >= 300000" in result.stderr


def test_a_purchase_that_would_be_free_is_remarked_on(own: Desk) -> None:
    own.edit("layouts/own/campaign.toml", "amount = 300\n", "amount = 300\nminimum = 300\n")
    result = own.invoke("check", "layouts/own", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "thanks takes 300 off baskets from 300 on" in " ".join(result.stderr.split())


BENEFITS = {
    "amount": ("amount = 500", "500円引き", "500"),
    "percent": ("percent = 10\ncap = 3000", "10%引き", "10%"),
    "points": ("points = 500", "500ポイント", "500 points"),
    "shipping": ('shipping = "free"', "送料無料", "free shipping"),
    "gift": ('gift = "=茶さじ"\nworth = 300', "茶さじをひとつ", "=茶さじ"),
}
OFFER = """
[offers.{id}]
label = "{label}"
valid = "30 days"
minimum = 2000
{terms}
"""
SAID = """\
[page]
size = "A4"
[words]
name = "{{ name }}様"
offer = "{{ offer.label }}（{{ offer.expires | jdate }}まで、{{ offer.minimum | yen }}から）"
about = '''\
{% if offer.benefit == "amount" %}{{ offer.amount | yen }}
{% elif offer.benefit == "percent" %}{{ offer.percent }}パーセント、{{ offer.cap | yen }}まで
{% elif offer.benefit == "points" %}{{ offer.points | comma }}点
{% elif offer.benefit == "gift" %}おまけは{{ offer.gift }}（{{ offer.worth | yen }}）
{% else %}送料なし{{ offer.maximum }}{{ offer.products }}
{% endif %}'''
[style]
body  = { font = "mincho", size = "10.5pt" }
[slots]
name   = { kind = "text", words = "name", style = "body", box = [20, 80, 120, 10] }
coupon = { kind = "coupon", words = "offer", box = [20, 100, 120, 30] }
about  = { kind = "text", words = "about", style = "body", box = [20, 150, 120, 20] }
"""
LAW = "[law]\ncheapest_purchase = 2000\n"  # what a gift is measured by
PEOPLE = """\
customer_id,name,postal_code,prefecture,city,street,dm_opt_out,kind
""" + "".join(f"{n},客 {n},100-0001,東京都,千代田区千代田,{n}-1,0,{name}\n" for n, name in enumerate(BENEFITS, 1))


def test_every_benefit_reaches_its_letter_and_its_tables(own: Desk) -> None:
    """One of each through a whole run, which reads its letters back."""
    segments = "".join(
        f"""{{ id = "{name}", label = "x", layout = "said", offer = "{name}", when = 'kind == "{name}"' }},\n"""
        for name in BENEFITS
    )
    offers = "".join(OFFER.format(id=name, label=label, terms=terms) for name, (terms, label, _) in BENEFITS.items())
    head = CAMPAIGN.partition("[audience]")[0]
    own.write("layouts/own/campaign.toml", f"{head}[audience]\nsegments = [\n{segments}]\n{offers}{LAW}")
    own.write("layouts/own/said.toml", SAID)
    own.write("layouts/own/people.csv", PEOPLE)
    own.edit("layouts/own/shop.toml", '\n[columns]\npaid = { from = "paid", type = "int" }\n', "")
    job = own.run("own")
    assert job.ticket["released"] is True
    values = {row["segment"]: row["coupon_value"].removeprefix("'") for row in job.manifest}
    assert values == {name: value for name, (_, _, value) in BENEFITS.items()}
    coupons = {row["name"]: row for row in job.codes if row["kind"] == "coupon"}
    assert {name: row["value"].removeprefix("'") for name, row in coupons.items()} == values
    assert coupons["gift"]["value"] == "'=茶さじ"  # no formula in a spreadsheet
    assert {(row["minimum"], row["expires"]) for row in coupons.values()} == {("2000", "2026-05-10")}
    said = {row["segment"]: squeezed(text) for row, text in job.texts()}
    for name, (_, label, _) in BENEFITS.items():
        assert f"{label}（2026年5月10日まで、¥2,000から）" in said[name]
    about = ("¥500", "10パーセント、¥3,000まで", "500点", "送料なし", "おまけは=茶さじ（¥300）")
    for name, words in zip(BENEFITS, about, strict=True):
        assert words in said[name]
    for row in job.manifest:
        found = own.invoke("offers", "check", row["coupon_code"], "--shop", "layouts/own/shop.toml", "--json")
        assert found.exit_code == 0, found.output


@pytest.mark.parametrize(
    ("day", "state"), [("2026-11-30", "early"), ("2026-12-31", "valid"), ("2027-01-01", "expired")]
)
def test_the_call_centre_is_told_the_dates_of_the_letter(desk: Desk, day: str, state: str) -> None:
    """In the birthday month each has other days: those that stand on their own letter count."""
    if not (desk.root / "told").exists():
        desk.run("own", "--drop", "2026-04-11", out="told")
        assert desk.invoke("sent", "told", "--on", "2026-04-12", "--shop", "layouts/own/shop.toml").exit_code == 0
    row = next(row for row in Job(desk.root / "told").manifest if row["customer_id"] == "00005")
    answer = check_code(load_shop(desk.root / "layouts/own/shop.toml"), row["coupon_code"], date.fromisoformat(day))
    promise = answer.promise
    assert (answer.state, promise.value, promise.starts, promise.expires) == (
        state, "300", date(2026, 12, 1), date(2026, 12, 31),
    )  # fmt: skip
