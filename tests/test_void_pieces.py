"""`dmgen void`: pieces of a job, their codes and their places in parcels are no longer good; the shop gets a list."""

import json
import sqlite3
from pathlib import Path

import pytest

from dmgen.afterwards import open_ledger, shop_at
from dmgen.ledger import What
from dmgen.model.parcel import ParcelOutcome, PlannedParcel
from dmgen.offers.coupon import in_fours
from tests.jobs import Desk, Job, rows

SHOP = "layouts/shop.toml"
WHY = ("--reason", "cut off at the fold")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.at(tmp_path)


@pytest.fixture
def job(desk: Desk) -> Job:
    return desk.run("spring-thanks", "--limit", "6")


def told(desk: Desk, *args: str | Path) -> dict:
    result = desk.invoke("void", "job", *args, "--shop", SHOP, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def fates(desk: Desk) -> list[tuple]:
    with sqlite3.connect(desk.ledger) as connection:
        return sorted(connection.execute("select * from fates"))


def state(desk: Desk, code: str) -> str:
    return json.loads(desk.invoke("offers", "check", code, "--shop", SHOP, "--json").stdout)["state"]


def own(job: Job, piece: str, kind: str = "coupon") -> list[str]:
    return [row["code"] for row in job.codes if (row["piece_id"], row["kind"]) == (piece, kind)]


def test_all_codes_of_the_pieces_are_void_and_listed_as_printed(desk: Desk, job: Job) -> None:
    ids = [row["piece_id"] for row in job.manifest[1:3]]
    made = told(desk, "--range", "2-3", *WHY)
    codes = [row for row in job.codes if row["piece_id"] in ids]
    assert sum(made["codes"]["void"].values()) == len(codes) == made["rows"]
    assert (made["pieces"], made["known"], made["parcels"]) == (2, 0, 0)
    listed = rows(desk.root / made["file"])
    assert Path(made["file"]) == Path("job/voids/void-codes.csv")
    assert [{name: row[name] for name in codes[0]} for row in listed] == codes
    for row in listed:
        assert row["printed"] == (in_fours(row["code"]) if row["kind"] == "coupon" else row["code"])
    assert {state(desk, code) for piece in ids for code in own(job, piece)} == {"void"}
    assert state(desk, own(job, job.manifest[0]["piece_id"])[0]) != "void"
    shop = shop_at(desk.root / SHOP)
    events = open_ledger(shop).events(shop.id, ids)
    assert [(event.what, event.told) for event in events] == [(What.VOIDED, {"reason": WHY[1]})] * 2


def test_doing_it_again_changes_nothing(desk: Desk, job: Job) -> None:
    first = told(desk, "--range", "2", *WHY)
    before, listed = fates(desk), (desk.root / first["file"]).read_bytes()
    again = told(desk, job.manifest[1]["piece_id"], "--reason", "another word")
    assert (again["known"], again["codes"]["void"]) == (1, {})
    assert fates(desk) == before
    assert (desk.root / again["file"]).read_bytes() == listed
    more = told(desk, "--range", "3", *WHY, "--out", "elsewhere")
    assert more["rows"] > first["rows"], "the list is of all that are void"
    assert more["file"] == "elsewhere/void-codes.csv"
    shop = shop_at(desk.root / SHOP)
    assert len(open_ledger(shop).events(shop.id, [job.manifest[1]["piece_id"]])) == 1


def test_a_used_code_stays_used_and_is_told(desk: Desk, job: Job) -> None:
    piece = job.manifest[1]["piece_id"]
    [code] = own(job, piece)
    used = desk.write("used.txt", code + "\n")
    assert desk.invoke("offers", "used", used, "--shop", SHOP).exit_code == 0
    made = told(desk, "--range", "2", *WHY)
    assert made["codes"]["used"] == [piece]
    assert state(desk, code) == "used"
    assert code not in [row["code"] for row in rows(desk.root / made["file"])]


def test_a_parcel_whose_piece_is_void_has_nothing_to_pack(desk: Desk, job: Job) -> None:
    shop = shop_at(desk.root / SHOP)
    ledger = open_ledger(shop)
    ids = [row["piece_id"] for row in job.manifest]
    plan = [
        PlannedParcel(f"S-{n}", "A", str(n), n, (f"O-{n}",), f"c{n}", "", piece, ParcelOutcome.PIECE)
        for n, piece in enumerate(ids[:3], 1)
    ]
    ledger.keep_parcels(job.ticket["job"], plan)
    assert told(desk, ids[1], ids[4], *WHY)["parcels"] == 1
    emptied = plan[1]._replace(piece_id="", outcome=ParcelOutcome.EMPTY, reason="void")
    assert ledger.parcels(job.ticket["job"]) == [plan[0], emptied, plan[2]]
    assert {event.piece_id for event in ledger.events(shop.id, ids)} == {ids[1], ids[4]}
    assert told(desk, ids[1], *WHY)["parcels"] == 0


def test_the_cart_is_given_what_to_withdraw_and_nothing_else(desk: Desk, job: Job) -> None:
    [code] = own(job, job.manifest[1]["piece_id"])
    made = told(desk, "--range", "2", *WHY, "--for", "generic")
    folder = desk.root / made["cart"]["folder"]
    assert sorted(path.name for path in folder.iterdir()) == ["README.txt", "export.json", "withdraw.csv"]
    assert [row["code_plain"] for row in rows(folder / "withdraw.csv")] == [code]
    assert sum(made["cart"]["withdrawn"].values()) == 1
    assert told(desk, "--range", "2-3", *WHY, "--for", "generic")["cart"]["withdrawn"] != made["cart"]["withdrawn"]


def test_a_void_piece_is_not_printed_again(desk: Desk, job: Job) -> None:
    told(desk, "--range", "2", *WHY)
    result = desk.invoke("reprint", "job", "--range", "1-2", "--shop", SHOP)
    assert result.exit_code == 4
    assert job.manifest[1]["piece_id"] in result.stderr
    assert job.manifest[0]["piece_id"] not in result.stderr


def test_void_wants_a_reason_and_pieces_of_the_job(desk: Desk, job: Job) -> None:
    for args in (("--range", "2", "--reason", " "), WHY, ("--range", "7", *WHY)):
        assert desk.invoke("void", "job", *args, "--shop", SHOP).exit_code == 2
    scan = desk.write("scan.txt", f"{job.manifest[0]['piece_id']}\nNOBODY\n")
    result = desk.invoke("void", "job", "--from", scan, *WHY, "--shop", SHOP)
    assert result.exit_code == 4
    assert "NOBODY" not in result.output
    assert fates(desk) == []
    assert not (job.folder / "voids").exists()


def test_people_are_told_in_both_languages(desk: Desk, job: Job) -> None:
    for lang in ("ja", "en"):
        result = desk.invoke("void", "job", "--range", "2", *WHY, "--shop", SHOP, "--lang", lang)
        assert result.exit_code == 0
        assert "job/voids/void-codes.csv" in result.stdout
    assert "void before" in result.stdout


def test_a_code_that_everybody_has_stays_good(desk: Desk) -> None:
    desk.edit("layouts/hello/campaign.toml", "[offers.hello]", '[offers.hello]\ncodes = "shared"')
    job = desk.run("hello", "--limit", "3")
    made = told(desk, "--range", "2", *WHY)
    code = job.codes[0]["code"]
    assert made["stay_good"] == [code]
    assert code not in [row["code"] for row in rows(desk.root / made["file"])]
    assert state(desk, code) != "void"
    said = desk.invoke("void", "job", "--range", "2", *WHY, "--shop", SHOP, "--lang", "en").stdout
    assert f"{code} is the code of everybody" in said
