"""A newer shipments list after the run: only the difference is made, and every parcel has one right piece."""

import json
from pathlib import Path

import pytest

from dmgen.ledger import Ledger, What, matches
from dmgen.model.parcel import PlannedParcel
from tests.jobs import Desk, Job, rows

DAY = "2026-05-01"
CAMPAIGN = """
format  = 1
id      = "parcels"
as_of   = 2026-05-01
channel = "insert_note"

[lists]
customers = "../../assets/lists/customers.csv"
orders    = "../../assets/lists/orders.csv"

[audience]
segments = [{ id = "everyone", layout = "hello", offer = "hello" }]

[offers.hello]
label   = "500円引き"
amount  = 500
minimum = 3000
valid   = "30 days"

[parcels]
gaps = "slip"
carrier = "yamato"

[law]
acknowledge = "a test"
"""
CUSTOMERS = "customer_id,name,postal_code,prefecture,city,street,dm_opt_out\n" + "".join(
    f"C{n:02d},客 {n},100-0001,東京都,千代田区千代田,{n}-1,0\n" for n in range(1, 13)
)
ORDERS = "order_id,customer_id,ordered_on,amount,status\n" + "".join(
    f"O{n:02d},C{(n - 1) % 12 + 1:02d},2026-04-30,3000,shipped\n" for n in range(1, 25)
)
HEAD = "shipment_id,order_ids,wave,position,ship_on,gift\n"


def shipped(*parcels: str) -> str:
    """A list of parcels, written `S1 O01 A 1`, with orders joined by + and perhaps `gift`."""
    lines = []
    for parcel in parcels:
        shipment, orders, wave, position, *gift = parcel.split()
        lines.append(f"{shipment},{orders.replace('+', ';')},{wave},{position},{DAY},{'1' if gift else ''}\n")
    return HEAD + "".join(lines)


FIRST = ("S01 O01 A 1", "S02 O02 A 2", "S03 O03 A 3", "S04 O04 B 1", "S05 O05 B 2", "S06 O06 B 3 gift")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk.at(tmp_path)
    desk.write("assets/lists/customers.csv", CUSTOMERS)
    desk.write("assets/lists/orders.csv", ORDERS)
    layout = (desk.root / "layouts" / "hello" / "hello.toml").read_text("utf-8")
    desk.write("layouts/parcels/hello.toml", layout)
    desk.write("layouts/parcels/campaign.toml", CAMPAIGN)
    return desk


@pytest.fixture
def job(desk: Desk) -> Job:
    desk.write("day.csv", shipped(*FIRST))
    return desk.run("parcels", "--shipments", "day.csv")


def fulfil(desk: Desk, job: Job, *parcels: str, code: int = 0, more: tuple[str, ...] = ()) -> dict:
    desk.write("now.csv", shipped(*parcels))
    told = ("--shop", "layouts", "--json", "--lang", "en")
    result = desk.invoke("fulfil", job.folder, "--shipments", "now.csv", *told, *more)
    assert result.exit_code == code, result.output
    return json.loads(result.stdout) if code == 0 else {"said": result.output}


def ledger(desk: Desk) -> Ledger:
    return Ledger.open(str(desk.ledger), desk.root)


def plan(desk: Desk, job: Job) -> dict[str, PlannedParcel]:
    return {one.shipment_id: one for one in ledger(desk).parcels(job.ticket["job"])}


def test_a_run_that_cannot_store_its_parcels_records_no_job(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that is ready without its parcels could be sent, and no scanner would know it."""

    def fails(*_: object) -> None:
        raise OSError("the power went")

    monkeypatch.setattr(matches, "keep_parcels", fails)
    desk.write("day.csv", shipped(*FIRST))
    run = ("run", "layouts/parcels", "--out", "job", "--shipments", "day.csv", "--lang", "en")
    assert desk.invoke(*run).exit_code == 70
    assert ledger(desk).jobs() == []
    monkeypatch.undo()
    assert len(plan(desk, desk.run("parcels", "--shipments", "day.csv"))) == len(FIRST)


def test_the_same_list_changes_nothing(desk: Desk, job: Job) -> None:
    done = fulfil(desk, job, *FIRST)
    assert (done["folder"], done["kept"], done["before"]) == (None, 5, 5)
    assert not (job.folder / "fulfil").exists()


NOW = (
    "S10 O01+O02+O13 A 1",  # S01 merged with another order of the same customer … and with C02's: nobody's piece
    "S03 O03 B 9",  # another wave
    "S07 O16 B 1",  # S04 went into a parcel with a new number
    "S06 O06 B 3",  # no gift after all
    "S08 O08 C 1",  # new
)


def test_only_the_difference_is_made(desk: Desk, job: Job) -> None:
    """Every piece of before and every parcel of now is accounted for; only new pieces are printed; each code once."""
    owners = {row["customer_id"]: row for row in job.manifest}
    done = fulfil(desk, job, *NOW)
    assert (done["before"], done["kept"], done["moved"], done["pulled"], done["added"]) == (5, 0, 2, 3, 2)
    assert done["parcels"] == {"empty.mixed_customers": 1, "piece": 4}
    folder = job.folder / "fulfil" / "001"
    assert str(folder) == done["folder"]
    pulls = {pull["piece_id"]: pull for pull in rows(folder / "pull.csv")}
    told = {
        who: (pull["why"], pull["shipment_id"], pull["put_into_shipment"], pull["put_into_wave"], pull["sequence"])
        for who, row in owners.items()
        if (pull := pulls.get(row["piece_id"]))
    }
    assert told == {
        "C01": ("mixed_customers", "S01", "", "", owners["C01"]["sequence"]),
        "C02": ("mixed_customers", "S02", "", "", owners["C02"]["sequence"]),
        "C03": ("moved", "S03", "S03", "B", owners["C03"]["sequence"]),
        "C04": ("moved", "S04", "S07", "B", owners["C04"]["sequence"]),
        "C05": ("parcel_gone", "S05", "", "", owners["C05"]["sequence"]),
    }
    added = Job(folder / "added")
    assert [row["customer_id"] for row in added.manifest] == ["C06", "C08"]
    assert added.ticket["released"] and added.counts["pieces"] == 2
    told = desk.invoke("jobs", "--shop", "layouts", "--lang", "en").stdout.splitlines()
    assert [line.endswith(f"completes {job.ticket['job']}") for line in told] == [False, True]
    assert not {row["code"] for row in added.codes} & {row["code"] for row in job.codes}
    parcels = {row["shipment_id"]: row for row in rows(folder / "parcels.csv")}
    assert list(parcels) == ["S10", "S07", "S06", "S03", "S08"]
    for shipment, who in (("S03", "C03"), ("S07", "C04"), ("S06", "C06"), ("S08", "C08")):
        assert parcels[shipment]["customer_id"] == who
        assert (job.folder / parcels[shipment]["file"]).is_file()
    assert {one: parcel.piece_id for one, parcel in plan(desk, job).items()} == {
        one: row["piece_id"] for one, row in parcels.items()
    }
    again = {row["piece_id"]: row for row in rows(folder / "manifest.csv")}
    assert {row["customer_id"] for row in again.values()} == {"C03", "C04", "C06", "C08"}
    assert again[owners["C04"]["piece_id"]]["shipment_id"] == "S07"


def test_what_came_out_is_void_and_remembered(desk: Desk, job: Job) -> None:
    fulfil(desk, job, *NOW)
    owners = {row["customer_id"]: row for row in job.manifest}
    for who, void in (("C05", True), ("C04", False)):
        told = desk.invoke("offers", "check", owners[who]["coupon_code"], "--shop", "layouts", "--json")
        assert (json.loads(told.stdout)["state"] == "void") is void
    book = ledger(desk)
    (out,) = book.events("aobado", [owners["C05"]["piece_id"]])
    (moved,) = book.events("aobado", [owners["C04"]["piece_id"]])
    assert (out.what, out.told) == (What.PULLED, {"shipment": "S05", "why": "parcel_gone"})
    assert (moved.what, moved.told) == (What.MOVED, {"from": "S04", "to": "S07", "wave": "B", "position": "1"})


def test_the_second_time_nothing_changes(desk: Desk, job: Job) -> None:
    fulfil(desk, job, *NOW)
    before = plan(desk, job)
    done = fulfil(desk, job, *NOW)
    assert (done["folder"], done["moved"], done["pulled"], done["added"]) == (None, 0, 0, 0)
    assert plan(desk, job) == before
    assert [entry.name for entry in (job.folder / "fulfil").iterdir()] == ["001"]


def test_who_comes_back_gets_no_second_number(desk: Desk, job: Job) -> None:
    """A parcel cancelled and shipped after all: its coupon is void, and another would be a second one."""
    fulfil(desk, job, *FIRST[1:])
    done = fulfil(desk, job, *FIRST)
    assert (done["added"], done["parcels"]["empty.void_today"]) == (0, 1)
    assert fulfil(desk, job, *FIRST)["folder"] is None
    desk.write("day.csv", shipped(*FIRST))
    whole = desk.run("parcels", "--shipments", "day.csv", out="whole")
    assert "C01" not in {row["customer_id"] for row in whole.manifest}
    assert plan(desk, whole)["S01"].reason == "void_today"


def test_a_no_in_the_newer_lists_takes_the_piece_out(desk: Desk, job: Job) -> None:
    desk.write("assets/lists/customers.csv", CUSTOMERS.replace("3-1,0", "3-1,1"))
    done = fulfil(desk, job, *FIRST)
    assert [(pull["shipment_id"], pull["why"]) for pull in done["pulls"]] == [("S03", "opted_out")]


def test_withdrawn_between_two_lists(desk: Desk, job: Job) -> None:
    assert desk.invoke("withdraw", "C02", "--shop", "layouts").exit_code == 0
    done = fulfil(desk, job, *FIRST)
    assert (done["folder"], done["parcels"]["empty.withdrawn_late"], done["before"]) == (None, 1, 4)


def test_a_packed_parcel_is_told_first_and_can_be_scanned_again(desk: Desk, job: Job) -> None:
    pieces = {row["shipment_id"]: row["piece_id"] for row in job.manifest}
    with ledger(desk).scanning(job.ticket["job"]) as scanning:
        for shipment in ("S03", "S04", "S05"):
            assert scanning.match(pieces[shipment], shipment, "table 1").stored
    done = fulfil(desk, job, *NOW)
    told = [(pull["shipment_id"], pull["packed"]) for pull in done["pulls"]]
    assert told == [("S04", "S04"), ("S05", "S05"), ("S01", ""), ("S02", "")]  # S03 holds its piece, wherever it stands
    with ledger(desk).scanning(job.ticket["job"]) as scanning:
        assert scanning.match(pieces["S04"], "S07", "table 1").stored
        assert [match.shipment_id for match in scanning.standing().recall] == ["S05"]


def test_new_pieces_can_be_withdrawn_and_are_sent_with_the_job(desk: Desk, job: Job) -> None:
    part = fulfil(desk, job, *NOW)["part"]
    told = json.loads(desk.invoke("withdraw", "C08", "--shop", "layouts", "--json").stdout)
    (pull,) = told["pulls"]
    assert (pull["job"], pull["shipment_id"], pull["file"].split("/")[-1][:5]) == (part, "S08", "parce")
    assert "name" in desk.invoke("sent", part, "--on", DAY, "--shop", "layouts", "--lang", "en").output
    assert desk.invoke("sent", job.folder, "--on", DAY, "--shop", "layouts").exit_code == 0
    book, people = ledger(desk), [f"C{n:02d}" for n in range(1, 13)]
    assert sorted(book.mailed(job.ticket["job"], people) + book.mailed(part, people)) == ["C03", "C04", "C06"]


def test_a_job_that_is_gone_is_not_changed(desk: Desk, job: Job) -> None:
    part = fulfil(desk, job, *NOW)["part"]
    desk.write("now.csv", shipped(*FIRST))
    asked = ("--shipments", "now.csv", "--shop", "layouts", "--lang", "en")
    assert f"name {job.ticket['job']}" in desk.invoke("fulfil", part, *asked).output
    assert desk.invoke("sent", job.folder, "--on", DAY, "--shop", "layouts").exit_code == 0
    assert "is sent" in fulfil(desk, job, *FIRST, code=4)["said"]
    letters = desk.run("hello", out="letters")
    assert "no parcels" in desk.invoke("fulfil", letters.folder, *asked).output


def test_a_cancelled_job_takes_its_parts_with_it(desk: Desk, job: Job) -> None:
    part = fulfil(desk, job, *NOW)["part"]
    assert desk.invoke("cancel", job.folder, "--shop", "layouts").exit_code == 0
    assert ledger(desk).job(part).state.value == "cancelled"


def test_a_difference_that_is_cut_off_leaves_the_plan_as_it_was(
    desk: Desk, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between printing and planning: the next time it is made anew, and nothing of the first is sent."""
    before = plan(desk, job)

    def fails(*_: object, **__: object) -> None:
        raise OSError("cut off")

    with monkeypatch.context() as broken:
        broken.setattr(Ledger, "keep_parcels", fails)
        fulfil(desk, job, *NOW, code=70)
    assert plan(desk, job) == before
    assert not list((job.folder / "fulfil").rglob("pull.csv"))
    orphan = next(one for one in ledger(desk).jobs("aobado") if one.part_of)
    done = fulfil(desk, job, *NOW)
    assert ledger(desk).job(orphan.id).state.value == "cancelled"
    assert Job(Path(done["folder"]) / "added").issued().keys() == {"C06", "C08"}
    assert [entry.name for entry in (job.folder / "fulfil").iterdir()] == ["001"]


def test_files_of_the_difference_have_names_and_barcodes_of_their_own(desk: Desk, job: Job) -> None:
    added = Job(Path(fulfil(desk, job, *NOW)["folder"]) / "added")
    assert not {file.name for file in added.printed} & {file.name for file in job.printed}
    payloads = [row["payload"] for place in (job, added) for row in rows(place.folder / "sheets.csv")]
    assert len(payloads) == len(set(payloads))


def test_two_campaigns_of_one_name_have_to_be_told_apart(desk: Desk, job: Job) -> None:
    desk.write("layouts/copy/campaign.toml", CAMPAIGN)
    assert "--campaign" in fulfil(desk, job, *NOW, code=1)["said"]
    assert fulfil(desk, job, *NOW, more=("--campaign", "layouts/parcels"))["added"] == 2


def test_no_second_piece_for_a_trial_that_was_limited(desk: Desk) -> None:
    desk.write("day.csv", shipped(*FIRST))
    job = desk.run("parcels", "--shipments", "day.csv", "--limit", "2")
    done = fulfil(desk, job, *FIRST)
    assert (done["added"], done["parcels"]["empty.over_limit"]) == (0, 3)


def test_links_and_codes_of_new_pieces_are_among_the_job_s(desk: Desk, job: Job) -> None:
    """A code on a letter that was printed later must not lead nowhere, nor be unknown to the cart."""
    added = Job(Path(fulfil(desk, job, *NOW)["folder"]) / "added")
    assert desk.invoke("links", "build", "layouts/parcels", "--out", "site").exit_code == 0
    tokens = {row["token"] for row in rows(desk.root / "site" / "links.csv")}
    assert tokens == {row["code"] for one in (job, added) for row in one.codes if row["kind"] == "link"}
    told = ("--for", "generic", "--out", "codes", "--shop", "layouts", "--json")
    exported = json.loads(desk.invoke("offers", "export", job.folder, *told).stdout)
    assert exported["codes"] == sum(row["kind"] == "coupon" for one in (job, added) for row in one.codes)
