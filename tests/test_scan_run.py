"""`dmgen scan` over jobs as `dmgen run` makes them, while withdraw, void and fulfil change what is due."""

import json
from pathlib import Path

import pytest

from tests.jobs import Desk, Job, rows
from tests.test_fulfil import CAMPAIGN, CUSTOMERS, FIRST, ORDERS, shipped

SHOP = ("--shop", "layouts", "--lang", "en", "--json")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk.at(tmp_path)
    desk.write("assets/lists/customers.csv", CUSTOMERS)
    desk.write("assets/lists/orders.csv", ORDERS)
    desk.write("layouts/parcels/hello.toml", (desk.root / "layouts/hello/hello.toml").read_text("utf-8"))
    desk.write("layouts/parcels/campaign.toml", CAMPAIGN)
    desk.write("day.csv", shipped(*FIRST))
    return desk


def scanned(desk: Desk, *codes: str, code: int) -> dict:
    desk.write("scans.txt", "\r\n".join(codes))
    done = desk.invoke("scan", "job", "--from", "scans.txt", "--missing", "missing.csv", *SHOP)
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def told(desk: Desk, *command: str) -> dict:
    done = desk.invoke(*command, *SHOP)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_shift_with_withdrawals_and_changes(desk):
    job: Job = desk.run("parcels", "--shipments", "day.csv")
    pieces = {row["shipment_id"]: row["piece_id"] for row in job.manifest}
    assert pieces.keys() == {"S01", "S02", "S03", "S04", "S05"}
    said = scanned(desk, pieces["S01"], "O01", pieces["S02"], "S02", code=6)
    assert (said["matched"], said["missing"], said["no_piece_due"], said["refused"]) == (2, 3, 1, {})

    told(desk, "withdraw", "C02", "C03")
    said = scanned(desk, pieces["S03"], "S03", code=6)
    assert said["refused"] == {"must_not_go_in": 1}
    assert [one["piece_id"] for one in said["take_out"]] == [pieces["S02"]], "it lies in its parcel since before"
    told(desk, "void", "job", "--pieces", pieces["S04"], "--reason", "torn")
    desk.write("now.csv", shipped(*(one for one in FIRST if "S05" not in one), "S07 O05 B 2", "S08 O08 B 4"))
    told(desk, "fulfil", "job", "--shipments", "now.csv")
    said = scanned(desk, pieces["S04"], "S04", pieces["S05"], "S07", code=6)
    assert said["refused"] == {"must_not_go_in": 2}
    assert said["matched"] == 2
    [new] = rows(desk.root / "missing.csv")
    assert (new["shipment_id"], new["wave"], new["position"]) == ("S08", "B", "4")
    said = scanned(desk, new["piece_id"], "S08", "undo", "S08", new["piece_id"], code=6)
    assert (said["matched"], said["missing"], said["complete"]) == (3, 0, False), "S02 must still be opened"
    assert said["parcels"] == said["matched"] + said["no_piece_due"] == 7

    happened = [one["what"] for one in told(desk, "history", pieces["S02"])["happened"]]
    assert happened[0] == "job"
    assert set(happened) >= {"matched", "withdrawn", "pulled", "void"}
    assert {one["what"] for one in told(desk, "history", new["piece_id"])["happened"]} >= {
        "packed",
        "unmatched",
        "matched",
    }


def test_what_is_missing_can_be_printed_again(desk):
    """The list of the missing is what `dmgen reprint` takes; their sheets are the same pieces again."""
    job = desk.run("parcels", "--shipments", "day.csv")
    pieces = {row["shipment_id"]: row["piece_id"] for row in job.manifest}
    scanned(
        desk, *(code for shipment, piece in pieces.items() if shipment != "S04" for code in (piece, shipment)), code=6
    )
    told(desk, "reprint", "job", "--from-scan", "missing.csv", "--reason", "crumpled")
    assert scanned(desk, pieces["S04"], "S04", code=0)["complete"]
    assert "reprinted" in [one["what"] for one in told(desk, "history", pieces["S04"])["happened"]]
