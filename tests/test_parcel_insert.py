"""The sample campaign for parcels, run as a warehouse gets it: the right sheet for each parcel, readable and lawful."""

import csv
import json

import pypdfium2
import pytest
import zxingcpp

from tests.jobs import ROOT, Desk, Job, rows, squeezed

LISTS = ROOT / "assets" / "lists"


def listed(name: str) -> list[dict[str, str]]:
    with (LISTS / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def job(tmp_path_factory) -> Job:
    return Desk.at(tmp_path_factory.mktemp("parcels")).run("parcel-insert")


def test_the_sample_lists_tell_the_same(job):
    """Every order that the orders list knows is of the customer whom the parcel names."""
    owners = {row["order_id"]: row["customer_id"] for row in listed("orders")}
    names = {row["customer_id"]: row["name"] for row in listed("customers")}
    for parcel in listed("shipments"):
        orders = parcel["order_ids"].split(";")
        if parcel["customer_id"]:
            assert {owners[order] for order in orders} == {parcel["customer_id"]}
            assert (parcel["ship_to_name"] == names[parcel["customer_id"]]) is (parcel["gift"] == "0")
        if parcel["tracking"]:
            assert int(parcel["tracking"][:-1]) % 7 == int(parcel["tracking"][-1]), "a carrier's check digit"


def test_every_parcel_has_its_piece_or_a_reason(job):
    found = {row["shipment_id"]: (row["outcome"], row["reason"]) for row in rows(job.folder / "parcels.csv")}
    assert len(found) == len(listed("shipments")) == 25
    assert {place: told for place, told in found.items() if told[0] != "piece"} == {
        "S0406-006": ("empty", "first_parcel_has_it"),
        "S0406-008": ("empty", "opted_out"),
        "S0406-013": ("empty", "order_cancelled"),
        "S0406-014": ("empty", "gift"),
        "S0406-017": ("fallback", "unknown_customer"),
        "S0406-021": ("empty", "replacement"),
        "S0406-024": ("fallback", "unknown_customer"),
    }


def test_each_letter_is_of_its_parcel(job):
    """Name, product and key that people read; first buyers are welcomed, nobody is named to a stranger."""
    names = {row["customer_id"]: row["name"] for row in listed("customers")}
    products = {row["order_id"]: row["product"] for row in listed("orders")}
    bought = [row["customer_id"] for row in listed("orders") if row["status"] == "completed"]
    for row, text in job.texts():
        said, orders = squeezed(text), row["order_ids"].split(";")
        assert orders[0][-6:] == row["match_key"]
        assert row["match_key"] in said
        if row["segment"] == "fallback":
            assert "様" not in said
            continue
        assert squeezed(names[row["customer_id"]]) + "様" in said
        assert any(squeezed(f"「{products[order]}」") in said for order in orders), (row["order_ids"], text)
        welcomed = "はじめまして" in said
        assert welcomed is (row["segment"] == "welcome")
        assert welcomed is (bought.count(row["customer_id"]) == 1)


def test_a_scanner_reads_the_piece(job):
    for row in job.manifest:
        with pypdfium2.PdfDocument(job.folder / row["file"]) as document:
            picture = document[int(row["first_page"]) - 1].render(scale=200 / 72).to_pil()
        assert [code.text for code in zxingcpp.read_barcodes(picture)] == [row["piece_id"]]


def test_it_is_lawful_as_it_is(job):
    """Nothing needs to be acknowledged; with a coupon it would."""
    letter = job.ticket["law"]["letter"]
    assert (letter["findings"], letter["acknowledge"], letter["carrier"]) == ([], None, "yamato")
    assert job.ticket["remarks"] == []


def test_a_coupon_on_it_would_be_doubtful(tmp_path):
    desk = Desk.at(tmp_path)
    desk.edit(
        "layouts/parcel-insert/thanks.toml", "それが何よりです。", "何よりです。次に使えるクーポンをお付けします。"
    )
    result = desk.invoke("check", "layouts/parcel-insert", "--lang", "en")
    assert result.exit_code == 1
    assert "thanks.toml, line 11, slot body" in result.stderr
    assert "クーポン" in result.stderr
    desk.edit("layouts/parcel-insert/campaign.toml", "[parcels]", '[law]\nacknowledge = "確認済み"\n\n[parcels]')
    found = json.loads(desk.invoke("check", "layouts/parcel-insert", "--json").stdout)
    assert [finding["found"] for finding in found["law"]["letter"]["findings"]] == [["クーポン"]]


def test_the_product_of_the_letter_is_in_the_parcel(tmp_path):
    """Whoever ordered again before the parcel was packed reads of what lies in it, not of what comes later."""
    desk = Desk.at(tmp_path)
    path = desk.root / "assets/lists/orders.csv"
    path.write_text(
        path.read_text("utf-8") + "A101655,C0051,2026-04-05,1944,1,completed,F-303,柚子のパウンドケーキ\n", "utf-8"
    )
    [text] = [text for row, text in desk.run("parcel-insert").texts() if row["customer_id"] == "C0051"]
    assert "「深蒸し煎茶青葉」" in squeezed(text)


@pytest.mark.parametrize("shown", [False, True])
def test_a_customer_without_an_address_gets_a_note_that_shows_none(tmp_path, shown):
    """The parcel finds its way by its own label; only a layout that shows the address needs it."""
    desk = Desk.at(tmp_path)
    people = listed("customers")
    for person in people:
        if person["customer_id"] == "C0051":
            person.update(dict.fromkeys(("postal_code", "prefecture", "city", "town", "street", "building"), ""))
    path = tmp_path / "assets" / "lists" / "customers.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(people[0]))
        writer.writeheader()
        writer.writerows(people)
    if shown:
        desk.edit("layouts/parcel-insert/thanks.toml", "[words]\n", '[words]\nwhere = "{{ city }}"\n')
    done = desk.run("parcel-insert")
    (parcel,) = (row for row in rows(done.folder / "parcels.csv") if row["customer_id"] == "C0051")
    assert (parcel["outcome"], parcel["reason"]) == (("empty", "postal_code_missing") if shown else ("piece", ""))
