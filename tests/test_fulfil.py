"""A newer shipments list after the run: only the difference is made, and at the end every parcel has one right piece."""

import json
from pathlib import Path

import pytest

from dmgen.ledger import Ledger, PlannedParcel, What
from dmgen.model.parcel import ParcelOutcome
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


def test_the_same_list_changes_nothing(desk: Desk, job: Job) -> None:
    done = fulfil(desk, job, *FIRST)
    assert (done["folder"], done["kept"], done["before"]) == (None, 5, 5)
    assert not (job.folder / "fulfil").exists()
