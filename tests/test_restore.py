"""A lost ledger must not forget who said no: what job folders show comes back, exactly, and once."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.jobs import CUSTOMER, Desk, Job, rows
from tests.test_fulfil import CAMPAIGN, CUSTOMERS, FIRST, NOW, ORDERS, shipped

PEOPLE = [f"{n:05d},客 {n},100-0001,東京都,千代田区千代田,{n}-1,0" for n in range(1, 13)]
DAY = "2026-05-01"
WHY = "asked by telephone"
TABLES = ("pieces", "codes", "terms", "jobs", "parcels", "fates", "withdrawn")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk.at(tmp_path)
    desk.write("assets/lists/customers.csv", "\n".join((CUSTOMER, *PEOPLE)) + "\n")
    return desk


def parcels(desk: Desk) -> Job:
    """A job of parcels that a newer list changed, of which pieces were reprinted, made void and withdrawn."""
    desk.write("assets/lists/customers.csv", CUSTOMERS)
    desk.write("assets/lists/orders.csv", ORDERS)
    desk.write("layouts/parcels/hello.toml", (desk.root / "layouts" / "hello" / "hello.toml").read_text("utf-8"))
    desk.write("layouts/parcels/campaign.toml", CAMPAIGN)
    desk.write("day.csv", shipped(*FIRST))
    desk.write("now.csv", shipped(*NOW))
    job = desk.run("parcels", "--shipments", "day.csv")
    done(desk, "withdraw", "C05", "--reason", WHY)
    done(desk, "fulfil", job.folder, "--shipments", "now.csv")
    done(desk, "withdraw", "C08")
    done(desk, "reprint", job.folder, "--pieces", piece(job, "C03"), "--reason", "torn")
    done(desk, "void", job.folder, piece(job, "C03"), "--reason", "cut off")
    return job


def piece(job: Job, customer: str) -> str:
    [found] = [row["piece_id"] for row in job.manifest if row["customer_id"] == customer]
    return found


def done(desk: Desk, *args: str | Path) -> str:
    result = desk.invoke(*args, "--shop", "layouts", "--lang", "en")
    assert result.exit_code == 0, result.output
    return result.output


def restore(desk: Desk, *folders: str | Path) -> str:
    return done(desk, "ledger", "restore", *folders)


def known(desk: Desk) -> dict[str, list[tuple]]:
    """All that the ledger holds, but when it was told so."""
    with sqlite3.connect(desk.ledger) as ledger:
        found = {name: sorted(ledger.execute(f"SELECT * FROM {name}")) for name in TABLES}
        day = "date(at, '+9 hours')"  # at the shop
        found["events"] = sorted(ledger.execute(f"SELECT shop, job, piece_id, what, told, {day} FROM events"))
    return found


def remembered(desk: Desk) -> dict[str, str]:
    with sqlite3.connect(desk.ledger) as ledger:
        return dict(ledger.execute("SELECT recipient, why FROM withdrawn"))


def test_everything_that_was_done_to_pieces_comes_back(desk: Desk) -> None:
    """Withdrawn with day and reason, void pieces and codes, moves, reprints, the plan, the job that completes it."""
    job = parcels(desk)
    before = known(desk)
    assert {event[3] for event in before["events"]} == {
        "withdrawn", "pulled", "moved", "packed", "reprinted", "voided"
    }  # fmt: skip
    desk.ledger.unlink()
    said = restore(desk, job.folder)
    assert known(desk) == before
    count = {name: len(before[name]) for name in before}
    assert f"{count['withdrawn']} of {count['withdrawn']} customers who said no" in said
    assert f"{count['fates']} of {count['fates']} void codes, {count['events']} of {count['events']} entries" in said
    assert "dmgen withdraw --from FILE" in said


def test_restoring_again_changes_nothing(desk: Desk) -> None:
    job = parcels(desk)
    desk.ledger.unlink()
    restore(desk, job.folder)
    before = known(desk)
    said = restore(desk, job.folder, job.folder)
    assert known(desk) == before
    assert said.count("0 of 2 customers") == 2


def test_nor_does_it_to_a_ledger_that_was_not_lost(desk: Desk) -> None:
    """Who took the no back since, and is remembered so, is written to."""
    desk.run("hello", "--drop", DAY)
    done(desk, "withdraw", "00003", "00004")
    later = desk.run("hello", "--drop", "2026-06-01", out="later")
    done(desk, "withdraw", "00003", "--again")
    before = known(desk)
    restore(desk, "job", later.folder)
    assert known(desk) == before


def test_an_older_copy_of_the_ledger_learns_what_came_after_it(desk: Desk) -> None:
    """The job is in the copy, the objection is not: it must not be taken for settled."""
    desk.run("hello", "--drop", DAY)
    done(desk, "ledger", "backup", "copy.sqlite")
    done(desk, "withdraw", "00003", "--reason", WHY)
    before = known(desk)
    (desk.root / "copy.sqlite").replace(desk.ledger)
    assert remembered(desk) == {}
    restore(desk, "job")
    assert known(desk) == before


def test_who_said_no_before_a_run_is_known_from_its_rejections(desk: Desk) -> None:
    """Without a letter in any pile they stand in no pull list, but every run left them out."""
    done(desk, "withdraw", "00007", "--reason", WHY)
    job = desk.run("hello", "--drop", DAY)
    desk.ledger.unlink()
    assert "1 of 1 customers who said no" in restore(desk, job.folder)
    assert list(remembered(desk)) == ["00007"]
    assert "00007" not in {row["customer_id"] for row in desk.run("hello", "--drop", "2026-06-01", out="b").manifest}


def test_a_pull_list_alone_is_enough(desk: Desk) -> None:
    """Of a job withdrawn from before the reason was written beside it, or where that file was lost."""
    job = desk.run("hello", "--drop", DAY)
    done(desk, "withdraw", "00003", "--reason", WHY)
    (job.folder / "pulls" / "001" / "void-pieces.csv").unlink()
    codes = known(desk)["fates"]
    desk.ledger.unlink()
    restore(desk, job.folder)
    assert list(remembered(desk)) == ["00003"]
    assert [row[:5] for row in known(desk)["fates"]] == [row[:5] for row in codes]


def test_a_code_that_was_void_by_itself_is_known_where_it_is_listed(desk: Desk) -> None:
    job = desk.run("hello", "--drop", DAY)
    [code] = [row["code"] for row in job.codes if (row["piece_id"], row["kind"]) == (piece(job, "00002"), "coupon")]
    done(desk, "offers", "void", code, "--why", "returned")
    done(desk, "void", job.folder, piece(job, "00003"), "--reason", "cut off")
    codes = [row[:5] for row in known(desk)["fates"]]
    desk.ledger.unlink()
    restore(desk, job.folder)
    assert [row[:5] for row in known(desk)["fates"]] == codes


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("job/pulls/001/pull.csv", "PIECE", "222222222222", "pull.csv, line 2"),
        ("job/pulls/001/void-pieces.csv", "PIECE", "222222222222", "void-pieces.csv, line 2"),
        ("job/pulls/001/void-pieces.csv", "-", "/", "void-pieces.csv, line 2"),
        ("job/pulls/001/pull.csv", "shipment_id", "shipment", "pull.csv"),
        ("job/reprints/001/reprint.json", "JOB", "zzzzzz", "reprint.json"),
        ("job/reprints/001/reprint.json", "{", "", "reprint.json"),
        ("job/rejections.csv", "reason", "reasons", "rejections.csv"),
        ("job/voids/void-codes.csv", ",coupon,", ",coupons,", "void-codes.csv"),
    ],
)
def test_a_file_that_is_another_jobs_is_refused_and_named(desk: Desk, file: str, old: str, new: str, said: str) -> None:
    """And nothing is restored: neither numbers nor the job."""
    left_out = PEOPLE[0].replace("00001", "00013")[:-1] + "1"
    desk.write("assets/lists/customers.csv", "\n".join((CUSTOMER, *PEOPLE, left_out)) + "\n")
    job = desk.run("hello", "--drop", DAY)
    done(desk, "withdraw", "00003")
    done(desk, "reprint", job.folder, "--pieces", piece(job, "00004"), "--reason", "torn")
    done(desk, "void", job.folder, piece(job, "00004"), "--reason", "cut off")
    path = desk.root / file
    text = path.read_text("utf-8-sig").replace(
        {"PIECE": piece(job, "00003"), "JOB": job.ticket["job"]}.get(old, old), new
    )
    path.write_text(text, "utf-8")
    desk.ledger.unlink()
    result = desk.invoke("ledger", "restore", "job", "--shop", "layouts", "--lang", "en")
    assert (result.exit_code, said in result.output) == (4, True), result.output
    assert not any(known(desk).values())


def test_a_job_that_completes_another_comes_with_it(desk: Desk) -> None:
    """Restored for itself it would supersede the job whose parcels it is for."""
    job = parcels(desk)
    desk.ledger.unlink()
    result = desk.invoke("ledger", "restore", "job/fulfil/001/added", "--shop", "layouts", "--lang", "en")
    assert result.exit_code == 4
    assert str(job.folder.resolve()) in result.output
    moved = shutil.move(job.folder, desk.root / "moved")
    restore(desk, moved)
    states = json.loads(json.dumps(known(desk)["jobs"]))
    assert sorted((row[5], bool(row[-1])) for row in states) == [("ready", False), ("ready", True)]


def test_who_packs_does_not_read_what_was_said_to_the_shop(desk: Desk) -> None:
    job = desk.run("hello", "--drop", DAY)
    done(desk, "withdraw", "00003", "--reason", WHY)
    [told] = rows(job.folder / "pulls" / "001" / "void-pieces.csv")
    assert (told["piece_id"], told["why"]) == (piece(job, "00003"), WHY)
    assert WHY not in (job.folder / "pulls" / "001" / "pull.csv").read_text("utf-8-sig")
