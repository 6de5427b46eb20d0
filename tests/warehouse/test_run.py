"""A whole run over a Yamato file: what the warehouse packs from says what was printed."""

import openpyxl
import pytest

from tests.jobs import CUSTOMER, Desk, Job, rows
from tests.warehouse.test_carrier import cells, changed, layout, table
from tests.warehouse.test_characters import read
from tests.warehouse.test_packing_list import texts

ORDERS = "order_id,customer_id,ordered_on,amount,status"
PACKED = ["R-000005", "R-000002", "R-000003", "R-000001"]
UNWANTED = 3  # of the customers, who wants no letter


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, Job, bytes]:
    desk = Desk.at(tmp_path_factory.mktemp("desk"))
    people = [f"{n:05d},髙橋 {n},100-0001,東京都,千代田区千代田,{n}-1,{int(n == UNWANTED)}" for n in range(1, 9)]
    desk.write("people.csv", "\n".join((CUSTOMER, *people)) + "\n")
    orders = [f"R-{n:06d},{n:05d},2026-04-0{n},5000,completed" for n in range(1, 9)]
    desk.write("orders.csv", "\n".join((ORDERS, *orders)) + "\n")
    columns = layout("4")
    data = table(columns, *({"お客様管理番号": f"R-{n:06d}", "お届け先名": f"髙橋 {n}"} for n in (5, 2, 3, 1)))
    (desk.root / "b2.csv").write_bytes(data)
    campaign = "layouts/hello/campaign.toml"
    desk.edit(campaign, 'id     = "hello"', 'id     = "hello"\nchannel = "insert_open"')
    desk.edit(campaign, 'customers = "../../assets/lists/customers.csv"',
              'customers = "../../people.csv"\norders = "../../orders.csv"')  # fmt: skip
    desk.edit(campaign, "[audience]", '[law]\nacknowledge = "a test"\n\n[audience]')
    result = desk.invoke("run", "layouts/hello", "--out", "job", "--shipments", "b2.csv")
    assert result.exit_code == 0, result.output
    return desk, Job(desk.root / "job"), data


def test_the_files_stand_in_the_job_with_their_digests(job):
    folder = job[1].folder / "warehouse"
    names = {f"warehouse/{file.name}" for file in folder.iterdir()}
    assert names <= job[1].ticket["files"].keys()
    assert {"warehouse/manifest.xlsx", "warehouse/carrier.csv", "warehouse/packing-01.pdf"} <= names


def test_every_printed_letter_is_in_the_carriers_file_at_its_parcel(job):
    _, done, data = job
    columns = layout("4")
    pieces = {row["shipment_id"]: row["piece_id"] for row in done.manifest}
    assert set(pieces) == {"R-000005", "R-000002", "R-000001"}
    after = (done.folder / "warehouse" / "carrier.csv").read_bytes()
    told = [(row[0], row[columns.index("検索キー1")]) for row in cells(after)[1:]]
    assert told == [
        (shipment, pieces.get(shipment, "")) for shipment in ("R-000005", "R-000002", "R-000003", "R-000001")
    ]
    assert {name for _, name, _ in changed(data, after, columns)} == {"検索キータイトル1", "検索キー1"}


def test_picking_texts_and_lines_name_the_orders_of_printed_letters(job):
    folder = job[1].folder / "warehouse"
    orders = [row["order_ids"] for row in job[1].manifest]
    assert [row[0] for row in read(folder / "picking-nextengine.csv", "cp932")[1:]] == orders
    assert [row[0] for row in read(folder / "sku-lines-logiless.csv", "utf-8-sig")[1:]] == orders


def test_list_and_workbook_hold_every_parcel_in_packing_order(job):
    folder = job[1].folder
    parcels = [row["shipment_id"] for row in rows(folder / "parcels.csv")]
    assert parcels == PACKED
    [page] = texts(folder / "warehouse" / "packing-01.pdf")
    assert [line.split()[-1] for line in page.splitlines() if "R-0" in line and " " in line] == parcels
    book = openpyxl.load_workbook(folder / "warehouse" / "manifest.xlsx")
    heads = [cell.value for cell in book["荷物"][1]]
    place = heads.index("出荷番号")
    assert [row[place] for row in book["荷物"].iter_rows(min_row=2, values_only=True)] == parcels
    assert "髙橋 1" in [cell for row in book["手紙"].values for cell in row]


def test_verify_sees_that_a_list_was_changed(job):
    desk, done, _ = job
    assert desk.invoke("verify", "job").exit_code == 0
    file = done.folder / "warehouse" / "carrier.csv"
    before = file.read_bytes()
    file.write_bytes(before + b"x")
    result = desk.invoke("verify", "job")
    file.write_bytes(before)
    assert result.exit_code != 0
    assert "carrier.csv" in result.output
