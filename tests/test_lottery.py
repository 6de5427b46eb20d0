"""A lottery from campaign.toml to the printed letter: numbers in their form, and a seal that is what was printed."""

import json
import re
from collections import Counter
from hashlib import sha256

import pytest

from tests.at_once import CAMPAIGN, ELSEWHERE, LETTER
from tests.jobs import CUSTOMER, Desk, Job, people, rows, squeezed

LOTTERY = """
[lottery]
form    = "groups"
groups  = 99
check_digit = true
draw_on = 2026-06-10
public  = "日経平均株価 2026-06-10 の終値"
prizes  = [{ id = "chigusa", label = "千草賞", prize = "新茶と急須のひと揃え", value = 8000, count = 2 },
           { id = "tea", label = "新茶賞", prize = "300円引き", value = 300, count = 1, offer = "hello" }]

[law]
cheapest_purchase = 1000
planned_sales     = 5000000
"""
NOTICE = (
    '"賞品は{{ lottery.prizes }}、計{{ lottery.winners }}本。抽選 {{ lottery.draw_on | jdate }}'
    "（{{ lottery.public }}）。引換 {{ lottery.claim_by | jdate }}まで。封 {{ lottery.commitment | fours }} 以上"
    '"'
)


@pytest.fixture
def desk(tmp_path):
    desk = Desk.at(tmp_path)
    lottery(desk)
    return desk


def lottery(desk: Desk, count: int = 6) -> None:
    """The hello campaign with a sealed lottery, its terms in the notice of every letter."""
    desk.write("assets/lists/customers.csv", people(count))
    desk.edit(CAMPAIGN, ELSEWHERE, LOTTERY)
    text = (desk.root / LETTER).read_text("utf-8")
    notice = next(line for line in text.splitlines() if line.startswith('notice  = "'))
    desk.edit(LETTER, notice, f"notice = {NOTICE}")
    desk.edit(LETTER, "box = [22, 246, 44, 12]", "box = [22, 246, 48, 12]")
    desk.edit(LETTER, "box = [70, 246, 118, 20]", "box = [72, 246, 116, 22]")


def secrets(desk: Desk) -> tuple[str, str]:
    import sqlite3

    with sqlite3.connect(desk.ledger) as database:
        return database.execute("select seed, salt from lotteries").fetchone()


def independent_commitment(job: Job, seed: str, salt: str) -> str:
    """The seal made again, without dmgen, from the job's files and the two secrets (dmgen/offers/README.md)."""

    def canonical(data: object) -> bytes:
        return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    decoys = {row["piece_id"] for row in job.manifest if row["seed"] == "1"}
    numbers = sorted(c["code"] for c in job.codes if c["kind"] == "ticket" and c["piece_id"] not in decoys)
    drop = [job.ticket[name] for name in ("shop", "campaign", "drop")]
    sealed = {
        "version": 1,
        "shop": drop[0],
        "campaign": drop[1],
        "drop": drop[2],
        "seed_hash": sha256(canonical(["dmgen lottery seed", 1, *drop, seed])).hexdigest(),
        "tickets_hash": sha256("\n".join([salt, *numbers]).encode()).hexdigest(),
        "tickets": len(numbers),
        "rules": job.ticket["lottery"]["rules"],
    }
    return sha256(canonical(sealed)).hexdigest()


def test_numbers_stand_on_letters_in_the_classic_form(desk):
    """組・番号 as people read them; the ledger's form in the files."""
    job = desk.run("hello")
    assert job.ticket["released"]
    for row, text in job.texts():
        group, number = re.fullmatch(r"(\d{2})-(\d{7})", row["lottery_number"]).groups()
        assert f"{int(group)}組 {number}番" in text
    assert len({row["lottery_number"] for row in job.manifest}) == 6


def test_the_seal_is_printed_and_can_be_made_again(desk):
    """What every letter shows is what job.json says, and follows from the ledger's secrets and the printed tickets."""
    job = desk.run("hello")
    commitment = job.ticket["lottery"]["commitment"]
    assert commitment == independent_commitment(job, *secrets(desk))
    for _, text in job.texts():
        assert commitment in squeezed(text)
        assert " ".join(commitment[at : at + 4] for at in range(0, 8, 4)) in text
        assert "千草賞新茶と急須のひと揃え（8,000円相当）2名さま、新茶賞300円引き1名さま、計3本" in squeezed(text)
        assert "抽選2026年6月10日（日経平均株価2026-06-10の終値）。引換2026年8月9日まで" in squeezed(text)


def test_neither_seed_nor_salt_leaves_the_ledger(desk):
    job = desk.run("hello")
    for secret in secrets(desk):
        assert len(secret) == 64
        for path in job.folder.rglob("*"):
            assert path.is_dir() or secret.encode() not in path.read_bytes(), path


def test_a_drop_run_twice_has_one_seal_whatever_the_workers(desk):
    """Same list, same seal, same bytes: or a reprint would promise another draw."""
    desk.configure(CAMPAIGN, print={"batch": 2})
    jobs = [desk.run("hello", "--workers", str(n), out=f"job{n}") for n in (1, 2)]
    assert len(jobs[0].printed) == 3
    assert jobs[0].digests() == jobs[1].digests()
    assert jobs[0].ticket["lottery"] == jobs[1].ticket["lottery"]


def test_another_list_has_another_seal(desk):
    """Whoever joins, the numbers to draw from change, and the seal says so; the seed stays."""
    first = desk.run("hello", out="a").ticket["lottery"]
    desk.write("assets/lists/customers.csv", people(7))
    second = desk.run("hello", out="b").ticket["lottery"]
    assert (first["tickets"], second["tickets"]) == (6, 7)
    assert first["seed_hash"] == second["seed_hash"]
    assert first["tickets_hash"] != second["tickets_hash"]
    assert first["commitment"] != second["commitment"]


def test_a_decoy_has_a_number_that_cannot_win(desk):
    """A seed's letter looks like any other, but nobody but the shop would win with it: it is not in the seal."""
    desk.edit(CAMPAIGN, "[audience]", 'seeds = "seeds.csv"\n[audience]')
    desk.write("layouts/hello/seeds.csv", f"{CUSTOMER}\nS1,見張 一郎,100-0001,東京都,千代田区千代田,9-9,0\n")
    job = desk.run("hello")
    assert [row["seed"] for row in job.manifest].count("1") == 1
    assert all(row["lottery_number"] for row in job.manifest)
    assert len(job.manifest) == 7 and job.ticket["lottery"]["tickets"] == 6
    assert job.ticket["lottery"]["commitment"] == independent_commitment(job, *secrets(desk))
    assert desk.invoke("verify", "job").exit_code == 0


def test_a_proof_shows_no_seal_and_no_number_of_anybody(desk):
    """Zeros where the commitment will stand: a proof is made before the numbers are."""
    import pypdfium2

    result = desk.invoke("proof", "layouts/hello", "--out", "proof.pdf")
    assert result.exit_code == 0, result.output
    document = pypdfium2.PdfDocument(desk.root / "proof.pdf")
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert "0" * 64 in squeezed(text)
    assert "00組" in text
    assert not desk.ledger.exists()


@pytest.mark.parametrize("place", ["commitment", "tickets"])
def test_reading_back_finds_another_seal(desk, place):
    """Letters that show another commitment than job.json, and a seal over another number of tickets."""
    job = desk.run("hello")
    ticket = job.ticket
    if place == "tickets":
        ticket["lottery"]["tickets"] += 1
    else:
        ticket["lottery"]["commitment"] = "0" * 64
    (job.folder / "job.json").write_text(json.dumps(ticket), "utf-8")
    result = desk.invoke("verify", "job")
    assert result.exit_code == 6
    found = json.loads((job.folder / "job.json").read_text("utf-8"))["read_back"]["first"]
    expected = "tickets" if place == "tickets" else "lottery.commitment"
    assert {finding["field"] for finding in found} == {expected}


def test_without_prizes_of_ours_nothing_is_sealed(desk):
    """drawn = "elsewhere": letters cannot show a commitment that nobody gave; the rest of the words stay."""
    desk.edit(CAMPAIGN, LOTTERY, ELSEWHERE)
    result = desk.invoke("check", "layouts/hello", "--lang", "en")
    assert result.exit_code == 1
    assert "hello.toml" in result.stderr and "there is no lottery.commitment" in result.stderr
    desk.edit(LETTER, "封 {{ lottery.commitment | fours }} 以上", "")
    job = desk.run("hello")
    assert job.ticket["lottery"] is None


def test_the_form_cannot_change_once_numbers_are_out(desk):
    """A drop has numbers of one form: the ledger refuses the other, naming the drop."""
    desk.run("hello", out="a")
    desk.edit(CAMPAIGN, "groups  = 99", "groups  = 98")
    result = desk.invoke("run", "layouts/hello", "--out", "b", "--lang", "en")
    assert result.exit_code == 4
    desk.edit(CAMPAIGN, "groups  = 98", "groups  = 99")
    assert desk.run("hello", out="c").issued() == Job(desk.root / "a").issued()


def test_numbers_of_every_form_are_restored(desk):
    """A ledger that was lost knows them again from the job's folder, and a later run prints the same."""
    first = desk.run("hello", out="a")
    desk.ledger.unlink()
    assert desk.invoke("ledger", "restore", "a").exit_code == 0
    assert desk.run("hello", out="b").issued() == first.issued()


def test_a_letter_in_english(desk):
    """A shop abroad: Group 12 No. 345678, commas of its own, and prizes without a currency that nobody knows."""
    desk.edit("layouts/shop.toml", 'country      = "JP"', 'country      = "generic"')
    desk.write("assets/lists/customers.csv", CUSTOMER + "\n1,Ann Lee,62704,IL,Springfield,1 Sample St,0\n")
    desk.edit(CAMPAIGN, "tickets = 1 }", "tickets = 3 }")
    desk.edit(LETTER, "封 {{", "{{ ticket_numbers }} 封 {{")
    desk.edit(LETTER, "box = [22, 246, 48, 12]", "box = [22, 234, 100, 38]")
    desk.edit(LETTER, "box = [72, 246, 116, 22]", "box = [122, 242, 66, 30]")
    job = desk.run("hello")
    ((row, text),) = job.texts()
    group, number = row["lottery_number"].split("-")
    assert f"Group {int(group)} No. {number}" in " ".join(text.split())
    assert f"Group{int(group)}No.{number},Group" in squeezed(text)
    assert "千草賞:新茶と急須のひと揃え(2winners);新茶賞:300円引き(1winner)" in squeezed(text)


def test_codes_csv_has_the_codes_and_no_more(desk):
    """Whoever handles the files learns no winner: codes are as the ledger keeps them, nothing beside them."""
    job = desk.run("hello")
    tickets = [row for row in rows(job.folder / "codes.csv") if row["kind"] == "ticket"]
    assert {row["name"] for row in tickets} == {"lottery"}
    assert {(row["value"], row["minimum"], row["expires"], row["url"]) for row in tickets} == {("", "", "", "")}


def test_who_has_spent_more_has_more_numbers_and_all_are_sealed(tmp_path):
    """[lottery] steps by what orders say, to the letter, the tables and the seal."""
    desk = Desk.at(tmp_path)
    desk.edit("layouts/spring-thanks/campaign.toml", 'offer = "regular", tickets = 3 }', 'offer = "regular" }')
    steps = "[lottery]\ntickets = 1\nform = \"groups\"\nsteps = [{ when = 'spent >= 130000', tickets = 3 }]\n"
    desk.edit("layouts/spring-thanks/campaign.toml", "[lottery]\n", steps)
    job = desk.run("spring-thanks")
    spent = {row["customer_id"]: int(row["spent"]) for row in rows(job.folder / "groups.csv")}
    tickets = Counter(row["piece_id"] for row in job.codes if row["kind"] == "ticket")
    vip = [row for row in job.manifest if row["segment"] == "vip"]
    due = {row["piece_id"]: 3 if spent[row["customer_id"]] >= 130000 else 1 for row in vip}
    assert set(due.values()) == {1, 3}
    assert {piece: tickets[piece] for piece in due} == due
    assert job.ticket["lottery"]["tickets"] == sum(tickets.values())
    for row, text in job.texts():
        assert text.count("組 ") == tickets[row["piece_id"]]
