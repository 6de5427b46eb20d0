"""Letters of one campaign seen by the next: caps, trials and controls from run to run, by the commands people type."""

import json
import shutil
import sqlite3

import pytest

from tests.jobs import Desk, Job, people, rows

CONTACT = "\n[contact]\nminimum_days = 30\n"


@pytest.fixture
def desk(tmp_path):
    """Two campaigns of one shop with one list of five: hello, and may, which keeps thirty days of peace."""
    desk = Desk.at(tmp_path)
    desk.write("assets/lists/customers.csv", people(5))
    shutil.copytree(desk.root / "layouts" / "hello", desk.root / "layouts" / "may")
    desk.edit("layouts/may/campaign.toml", 'id     = "hello"', 'id     = "may"\ndrop   = 2026-05-01')
    add(desk, "may", CONTACT)
    return desk


def add(desk: Desk, campaign: str, text: str) -> None:
    path = desk.root / "layouts" / campaign / "campaign.toml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def vip(desk: Desk, control: str, *variants: str, campaign: str = "hello") -> None:
    """The campaign's only segment with a control group, in variants."""
    tried = ", ".join(f'{{ id = "{variant}" }}' for variant in variants)
    desk.edit(
        f"layouts/{campaign}/campaign.toml", "tickets = 1 }", f"tickets = 1, {control} variants = [{tried}] }}"
    )  # fmt: skip


def send(desk: Desk, job: str, on: str) -> None:
    done = desk.invoke("sent", job, "--on", on, "--lang", "en")
    assert done.exit_code == 0, done.output


def over(job: Job) -> dict[str, str]:
    """Who is over a limit, and why; the job's outcomes add up."""
    assert sum(job.counts["outcomes"].values()) == job.counts["customers"]
    assert len(job.manifest) == job.counts["outcomes"]["printed"]
    return {row["customer_id"]: row["reason"] for row in job.rejections if row["outcome"] == "over_limit"}


def test_the_next_campaign_leaves_out_who_had_a_letter(desk):
    first = desk.run("hello", "--limit", "2", out="april")
    send(desk, "april", "2026-04-08")
    capped = desk.run("may", out="may")
    assert over(capped) == {row["customer_id"]: "recent_letter" for row in first.manifest}
    assert len(capped.manifest) == 3
    assert {row["value"] for row in capped.rejections} == {"2026-04-08"}
    assert over(desk.run("may", "--drop", "2026-05-08", out="later")) == {}


def test_a_job_that_was_not_sent_reached_nobody(desk):
    """A practice run, one that another took the place of, and one that was cancelled."""
    desk.run("hello", out="practice")
    desk.run("hello", "--limit", "1", out="april")
    assert over(desk.run("may", out="a")) == {}
    desk.invoke("cancel", "april")
    assert over(desk.run("may", out="b")) == {}


def test_a_drop_run_again_is_not_capped_by_itself(desk):
    first = desk.run("may", out="may")
    again = desk.run("may", out="may")
    assert again.digests() == first.digests()
    send(desk, "may", "2026-05-01")
    look = json.loads(desk.invoke("check", "layouts/may", "--json").stdout)
    assert look["counts"]["outcomes"]["over_limit"] == 0
    assert over(desk.run("may", "--drop", "2026-05-20", out="next")).keys() == {f"{n:05d}" for n in range(1, 6)}


def test_a_check_sees_the_ledger_but_makes_none(desk):
    ledgers = lambda: sorted(desk.root.rglob("*.sqlite*"))  # noqa: E731
    assert desk.invoke("check", "layouts/may").exit_code == 0
    assert ledgers() == []
    desk.run("hello", out="april")
    send(desk, "april", "2026-04-08")
    look = json.loads(desk.invoke("check", "layouts/may", "--json").stdout)["counts"]
    assert look["outcomes"]["over_limit"] == 5
    assert look["reasons"] == {"customers.over_limit.recent_letter": 5}


def test_a_letter_can_say_when_the_last_one_went(desk):
    """Columns of the ledger are columns like any other: in rules and in words."""
    desk.run("hello", "--limit", "1", out="april")
    send(desk, "april", "2026-04-03")
    desk.edit(
        "layouts/may/campaign.toml", 'offer = "hello", tickets', 'when = "letter_days == 2", offer = "hello", tickets'
    )
    desk.edit("layouts/may/campaign.toml", CONTACT, "")
    job = desk.run("may", out="may")
    assert [row["customer_id"] for row in job.manifest] == ["00001"]


def test_a_job_without_its_folder_says_what_to_type(desk):
    job = desk.run("hello", out="april").ticket["job"]
    (desk.root / "april").rename(desk.root / "moved")
    refused = desk.invoke("sent", job, "--on", "2026-04-08", "--lang", "en")
    assert refused.exit_code == 4
    assert f"dmgen sent {job} --on DAY --lost" in refused.stderr
    send(desk, "moved", "2026-04-08")
    assert len(over(desk.run("may", out="may"))) == 5


def test_a_lost_job_counts_everybody_of_its_drop(desk):
    """Five had numbers in a first run, two in the run that was sent and lost."""
    desk.run("hello", out="april")
    job = desk.run("hello", "--limit", "2", out="april").ticket["job"]
    shutil.rmtree(desk.root / "april")
    assert desk.invoke("sent", job, "--on", "2026-04-08", "--lost").exit_code == 0
    assert len(over(desk.run("may", out="may"))) == 5


def test_a_manifest_that_was_saved_by_a_spreadsheet_is_not_believed(desk):
    job = desk.run("hello", out="april")
    path = job.folder / "manifest.csv"
    path.write_text(path.read_text("utf-8").replace("00002", "2"), "utf-8")
    refused = desk.invoke("sent", "april", "--on", "2026-04-08", "--lang", "en")
    assert (refused.exit_code, "manifest.csv is not as it was written" in refused.stderr) == (4, True)
    assert "--lost" in refused.stderr


def test_seeds_are_in_no_trial_and_nobodys_letters(desk):
    """Decoys of the shop's own stand in the manifest, and are remembered neither as arms nor as recipients."""
    vip(desk, "", "a", "b")
    desk.write("layouts/hello/seeds.csv", people(2))
    desk.edit("layouts/hello/campaign.toml", "[lists]", '[lists]\nseeds = "seeds.csv"')
    job = desk.run("hello", out="april")
    decoys = {row["customer_id"] for row in job.manifest if row["seed"] == "1"}
    assert len(decoys) == 4
    assert sum(job.counts["outcomes"].values()) == job.counts["customers"] == 5
    send(desk, "april", "2026-04-08")
    with sqlite3.connect(desk.ledger) as ledger:
        for table in ("mailings", "assignments"):
            kept = {row[0] for row in ledger.execute(f"SELECT recipient FROM {table}")}
            assert kept == {f"{n:05d}" for n in range(1, 6)}
    assert len(over(desk.run("may", out="may"))) == 5


def test_a_control_group_is_named_and_stays_one_when_the_list_grows(desk):
    desk.write("assets/lists/customers.csv", people(20))
    vip(desk, "control = 0.2,", "a", "b")
    job = desk.run("hello", out="a")
    held = {row["customer_id"] for row in rows(job.folder / "control.csv")}
    assert rows(job.folder / "control.csv")[0].keys() == {"customer_id", "segment", "group"}
    assert {row["segment"] for row in rows(job.folder / "control.csv")} == {"everyone"}
    assert {row["customer_id"] for row in job.rejections if row["outcome"] == "control"} == held
    assert len(held) == job.counts["outcomes"]["control"] == 4
    assert job.counts["arms"] == {"everyone": {"a": 8, "b": 8, "control": 4}}
    assert over(job) == {}
    arm = {row["customer_id"]: row["variant"] for row in job.manifest}
    assert {row["segment"]: row["variant"] for row in job.manifest} == {"everyone-a": "a", "everyone-b": "b"}
    assert job.ticket["released"]
    desk.write("assets/lists/customers.csv", people(50))
    grown = desk.run("hello", out="b")
    later = {row["customer_id"]: row["variant"] for row in grown.manifest}
    assert {who: later[who] for who in arm} == arm
    assert held < {row["customer_id"] for row in rows(grown.folder / "control.csv")}
    assert grown.counts["arms"] == {"everyone": {"a": 20, "b": 20, "control": 10}}


def test_a_lost_ledger_is_told_the_arms_by_the_jobs_folder(desk):
    desk.write("assets/lists/customers.csv", people(20))
    vip(desk, "control = 0.2,", "a", "b")
    first = desk.run("hello", out="a")
    desk.ledger.unlink()
    assert desk.invoke("ledger", "restore", "a").exit_code == 0
    desk.write("assets/lists/customers.csv", people(21))
    again = desk.run("hello", out="b")
    arms = [{row["customer_id"]: row["variant"] for row in job.manifest} for job in (first, again)]
    held = [{row["customer_id"] for row in rows(job.folder / "control.csv")} for job in (first, again)]
    assert {who: arms[1].get(who) for who in arms[0]} == arms[0]
    assert held[0] == held[1]


def test_a_campaign_that_tries_nothing_writes_no_arms(desk):
    job = desk.run("hello", out="a")
    assert not (job.folder / "control.csv").exists()
    assert {row["variant"] for row in job.manifest} == {""}
    assert job.counts["arms"] == {}
    with sqlite3.connect(desk.ledger) as ledger:
        assert ledger.execute("SELECT count(*) FROM assignments").fetchone() == (0,)


def test_an_offer_of_one_variant_is_printed_to_it_alone(desk):
    """Each letter has its own variant's offer, and reads back so."""
    desk.write("assets/lists/customers.csv", people(6))
    vip(desk, "", "a", "b")
    desk.edit("layouts/hello/campaign.toml", '{ id = "b" }', '{ id = "b", offer = "more" }')
    more = '\n[offers.more]\nlabel = "700円引き"\namount = 700\nminimum = 2000\nvalid = "30 days"\n'
    add(desk, "hello", more)
    job = desk.run("hello", out="a")
    assert job.ticket["released"]
    assert {(row["variant"], row["coupon_value"]) for row in job.manifest} == {("a", "300"), ("b", "700")}
    for row, text in job.texts():
        assert ("700" in text) == (row["variant"] == "b")


def test_a_letter_that_does_not_fit_its_variant_is_not_moved_to_the_other(desk):
    """Or the variants would no longer have been drawn by lot."""
    desk.write("assets/lists/customers.csv", people(6).replace("客 3", "客 \U0001f600"))
    vip(desk, "", "a", "b")
    job = desk.run("hello", out="a")
    assert job.counts["outcomes"]["rejected"] == 1
    assert sorted(job.counts["arms"]["everyone"].values()) == [2, 3]
    assert over(job) == {}


def test_a_variant_cannot_be_called_like_the_group_without_a_letter(desk):
    vip(desk, "", "a", "control")
    refused = desk.invoke("check", "layouts/hello", "--lang", "en")
    assert (refused.exit_code, "control" in refused.stderr) == (1, True)


def test_limits_are_said_in_numbers(desk):
    add(desk, "hello", "\n[limits]\nbudget = 300\ncost = 100\n")
    job = desk.run("hello", out="a")
    assert over(job) == {"00004": "over_budget", "00005": "over_budget"}
    assert job.ticket["settings"]["limits"] == {"pieces": None, "budget": 300, "cost": 100.0, "priority": ""}
    assert job.counts["reasons"] == {"customers.over_limit.over_budget": 2}
