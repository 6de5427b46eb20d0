"""Who says no after the run: out of the pile, codes void, and no later run writes to them."""

import json
import shutil
from pathlib import Path

import pytest

from dmgen.ledger import Event, Ledger, What
from dmgen.model.parcel import ParcelOutcome, PlannedParcel
from tests.jobs import CUSTOMER, Desk, Job, rows

PEOPLE = [f"{n:05d},客 {n},100-0001,東京都,千代田区千代田,{n}-1,0" for n in range(1, 13)]
DAY = "2026-05-01"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk.at(tmp_path)
    desk.write("assets/lists/customers.csv", "\n".join((CUSTOMER, *PEOPLE)) + "\n")
    return desk


def withdraw(desk: Desk, *args: str | Path, code: int = 0) -> dict:
    result = desk.invoke("withdraw", *args, "--json", "--lang", "en")
    assert result.exit_code == code, result.output
    return json.loads(result.stdout) if code == 0 else {"said": result.output}


def ledger(desk: Desk) -> Ledger:
    return Ledger.open(str(desk.ledger), desk.root)


def piece_of(job: Job, customer: str) -> dict[str, str]:
    (row,) = (row for row in job.manifest if row["customer_id"] == customer)
    return row


def test_the_piece_is_pulled_and_its_codes_are_void(desk: Desk) -> None:
    job = desk.run("hello", "--drop", DAY)
    who = job.manifest[1]["customer_id"]
    row = piece_of(job, who)
    done = withdraw(desk, who, "--reason", "asked by telephone")
    (pull,) = done["pulls"]
    assert (pull["piece_id"], pull["job"], pull["why"]) == (row["piece_id"], job.ticket["job"], "withdrawn_late")
    assert (pull["file"], pull["page"], pull["sequence"]) == (row["file"], row["first_page"], row["sequence"])
    assert rows(job.folder / "pulls" / "001" / "pull.csv") == [pull]
    own = [code["code"] for code in job.codes if code["piece_id"] == row["piece_id"]]
    assert done["void"] == len(own) > 0
    told = desk.invoke("offers", "check", row["coupon_code"], "--shop", "layouts", "--json")
    assert json.loads(told.stdout)["state"] == "void"
    happened = [event.what for event in ledger(desk).events("aobado", [row["piece_id"]])]
    assert happened == [What.WITHDRAWN, What.PULLED]


def test_withdrawing_twice_changes_nothing(desk: Desk) -> None:
    job = desk.run("hello", "--drop", DAY)
    first = withdraw(desk, "00003", "00004")
    again = withdraw(desk, "00004", " 00003 ", "00003")
    assert (first["new"], len(first["pulls"]), again["new"], again["pulls"], again["void"]) == (2, 2, 0, [], 0)
    assert again["pulled_before"] == 2
    assert [entry.name for entry in (job.folder / "pulls").iterdir()] == ["001"]


def test_no_later_run_writes_to_them(desk: Desk) -> None:
    """Neither another drop nor the same one again, whose numbers are void now; neither another campaign."""
    desk.run("hello", "--drop", DAY)
    withdraw(desk, "00003")
    for number, day in enumerate((DAY, "2026-06-01")):
        job = desk.run("hello", "--drop", day, out=f"later-{number}")
        assert len(job.manifest) == 11
        (left,) = (row for row in job.rejections if row["customer_id"] == "00003")
        assert (left["outcome"], left["reason"]) == ("suppressed", "withdrawn_late")


def test_nor_to_other_rows_of_the_same_person(desk: Desk) -> None:
    desk.run("hello", "--drop", DAY)
    withdraw(desk, "00003")
    twin = "00099,客　3,100-0001,東京都,千代田区千代田,3-1,0"
    desk.write("assets/lists/customers.csv", "\n".join((CUSTOMER, *PEOPLE, twin)) + "\n")
    job = desk.run("hello", "--drop", "2026-06-01", out="later")
    reasons = {row["customer_id"]: row["reason"] for row in job.rejections}
    assert (reasons["00003"], reasons["00099"]) == ("withdrawn_late", "same_person_opted_out")


def test_a_customer_whose_letter_another_row_gets_is_pointed_out(desk: Desk) -> None:
    """The ledger knows the recipient by one id only; a no under the other must not be lost."""
    twin = "00099,客　3,100-0001,東京都,千代田区千代田,3-1,0"
    desk.write("assets/lists/customers.csv", "\n".join((CUSTOMER, *PEOPLE, twin)) + "\n")
    job = desk.run("hello", "--drop", DAY)
    done = withdraw(desk, "00003")
    assert (done["pulls"], done["no_piece"]) == ([], ["00003"])
    assert done["other_rows"] == [{"customer_id": "00003", "job": job.ticket["job"], "row": "line 14"}]


def test_who_is_unknown_is_remembered_all_the_same(desk: Desk) -> None:
    done = withdraw(desk, "55555")
    assert (done["new"], done["no_piece"], done["lists"]) == (1, ["55555"], [])
    desk.write("assets/lists/customers.csv", "\n".join((CUSTOMER, *PEOPLE, PEOPLE[0].replace("00001", "55555"))) + "\n")
    assert "55555" not in {row["customer_id"] for row in desk.run("hello", "--drop", DAY).manifest}


def test_a_look_knows_them_too(desk: Desk) -> None:
    desk.run("hello", "--drop", DAY)
    withdraw(desk, "00003")
    counts = json.loads(desk.invoke("check", "layouts/hello", "--drop", DAY, "--json").stdout)["counts"]
    assert counts["reasons"]["customers.suppressed.withdrawn_late"] == 1


def test_sent_does_not_count_what_was_pulled(desk: Desk) -> None:
    job = desk.run("hello", "--drop", DAY)
    withdraw(desk, "00003")
    assert desk.invoke("sent", job.folder, "--on", DAY, "--shop", "layouts").exit_code == 0
    known = ledger(desk).mailed(job.ticket["job"], [f"{n:05d}" for n in range(1, 13)])
    assert sorted(known) == [f"{n:05d}" for n in range(1, 13) if n != 3]


def test_sent_with_a_lost_folder_does_not_count_it_either(desk: Desk) -> None:
    job = desk.run("hello", "--drop", DAY)
    withdraw(desk, "00003")
    assert desk.invoke("sent", job.ticket["job"], "--on", DAY, "--lost", "--shop", "layouts").exit_code == 0
    assert "00003" not in ledger(desk).mailed(job.ticket["job"], ["00003", "00004"])


def test_a_letter_on_its_way_is_told(desk: Desk) -> None:
    job = desk.run("hello", "--drop", DAY)
    desk.invoke("sent", job.folder, "--on", DAY, "--shop", "layouts")
    done = withdraw(desk, "00003")
    assert (done["pulls"], done["sent"]) == ([], {"00003": {"job": job.ticket["job"], "on": DAY}})


def test_a_job_whose_folder_is_gone_wants_a_place_for_its_list(desk: Desk) -> None:
    """Nothing is done by halves: without a place for the list nobody is withdrawn."""
    job = desk.run("hello", "--drop", DAY)
    shutil.move(job.folder, desk.root / "elsewhere")
    assert "--out" in withdraw(desk, "00003", code=4)["said"]
    assert ledger(desk).withdrawn("aobado") == {}
    done = withdraw(desk, "00003", "--out", "lists")
    assert rows(desk.root / "lists" / "pull.csv") == done["pulls"]
    assert (len(done["pulls"]), done["pulls"][0]["file"]) == (1, "")


def test_a_list_that_lies_there_is_not_written_over(desk: Desk) -> None:
    desk.run("hello", "--drop", DAY)
    withdraw(desk, "00003", "--out", "lists")
    before = (desk.root / "lists" / "pull.csv").read_bytes()
    assert "another folder" in withdraw(desk, "00004", "--out", "lists", code=5)["said"]
    assert (desk.root / "lists" / "pull.csv").read_bytes() == before
    assert "00004" not in ledger(desk).withdrawn("aobado")


def test_a_file_of_ids(desk: Desk) -> None:
    desk.run("hello", "--drop", DAY)
    desk.write("stop.csv", "会員番号,受付日\n00003,4/1\n00004,4/2\n")
    assert len(withdraw(desk, "--from", "stop.csv")["pulls"]) == 2
    assert "dmgen withdraw C0012" in withdraw(desk, code=2)["said"]


def test_who_takes_it_back_is_written_to_again(desk: Desk) -> None:
    desk.run("hello", "--drop", DAY)
    withdraw(desk, "00003", "00004")
    back = json.loads(desk.invoke("withdraw", "00003", "77777", "--again", "--shop", "layouts", "--json").stdout)
    assert back == {"taken_back": ["00003"]}
    listed = json.loads(desk.invoke("withdraw", "--list", "--shop", "layouts", "--json").stdout)
    assert [one["customer_id"] for one in listed] == ["00004"]
    assert "00003" in {row["customer_id"] for row in desk.run("hello", "--drop", "2026-06-01", out="later").manifest}


def test_a_parcel_is_left_empty(desk: Desk) -> None:
    """The scanner's plan must no longer expect the piece; the list says in which parcel it would go."""
    job = desk.run("hello", "--drop", DAY)
    book, job_id = ledger(desk), job.ticket["job"]
    planned = [
        PlannedParcel(f"S{n}", "A", str(n), n, (f"2604-{n:06d}",), row["customer_id"], "", row["piece_id"],
                      ParcelOutcome.PIECE)
        for n, row in enumerate(reversed(job.manifest), 1)
    ]  # fmt: skip
    book.keep_parcels(job_id, planned)
    done = withdraw(desk, "00003", "00010")
    keys = [(pull["shipment_id"], pull["wave"], pull["position"], pull["match_key"]) for pull in done["pulls"]]
    assert keys == [("S3", "A", "3", "000003"), ("S10", "A", "10", "000010")]
    now = {one.shipment_id: one for one in book.parcels(job_id)}
    for parcel in planned:
        empty = parcel._replace(piece_id="", outcome=ParcelOutcome.EMPTY, reason="withdrawn_late")
        assert now[parcel.shipment_id] == (empty if parcel.shipment_id in ("S3", "S10") else parcel)
    events = book.events("aobado", [pull["piece_id"] for pull in done["pulls"]])
    assert Event(job_id, planned[2].piece_id, What.PULLED, {"shipment": "S3"}, events[1].at) == events[1]


def test_a_withdrawal_that_cannot_be_recorded_leaves_no_list(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    job = desk.run("hello", "--drop", DAY)

    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Ledger, "keep_parcels", fails)
    assert desk.invoke("withdraw", "00003", "--shop", "layouts").exit_code == 70
    assert not list(job.folder.rglob("pull.csv*"))


def test_a_list_of_an_earlier_run_does_not_stay_in_its_folder(desk: Desk) -> None:
    job = desk.run("hello", "--drop", DAY)
    withdraw(desk, "00003")
    desk.run("hello", "--drop", DAY)
    assert not (job.folder / "pulls").exists()
