"""The piece for parcels whose customer nobody knows: it says nothing of anybody, and stops before it would."""

import re
from pathlib import Path

import pytest

from tests.jobs import Desk, rows

CAMPAIGN = """format = 1
id = "note"
as_of = 2026-04-06
channel = "insert_note"
[lists]
customers = "customers.csv"
orders = "orders.csv"
opt_out = "none recorded"
[audience]
segments = [{ id = "all", layout = "note" }]
[offers.thanks]
label = "300円引き"
amount = 300
minimum = 2000
valid = "30 days"
[law]
acknowledge = "a test"
[parcels]
fallback = { layout = "leaflet", offer = "thanks" }
"""
LAYOUT = """format = 1
[page]
size = [105, 148]
[words]
body = "WORDS"
[style]
body = { font = "gothic", size = "9pt", leading = "14pt" }
[slots]
body = { kind = "text", words = "body", style = "body", box = [8, 50, 80, 30] }
MORE
"""
CUSTOMERS = "customer_id,name,postal_code,address\nC1,山田 太郎,100-0001,東京都千代田区千代田1-1\n"
ORDERS = "order_id,customer_id,ordered_on,amount,status\nO1,C1,2026-04-06,1000,未発送\n"
SHIPMENTS = "shipment_id,order_ids,ship_to_name\nS1,O1,山田太郎\nS2,O2,山田太郎\nS3,O3,\n"


def desk_of(root: Path, words: str, more: str = "", campaign: str = CAMPAIGN) -> Desk:
    desk = Desk.at(root)
    files = {"campaign.toml": campaign, "customers.csv": CUSTOMERS, "orders.csv": ORDERS, "shipments.csv": SHIPMENTS}
    files["note.toml"] = LAYOUT.replace("WORDS", "{{ name | sama }} {{ parcel.key }}").replace("MORE", "")
    files["leaflet.toml"] = LAYOUT.replace("WORDS", words).replace("MORE", more)
    for name, text in files.items():
        desk.write(f"layouts/note/{name}", text)
    return desk


def checked(desk: Desk):  # type: ignore[no-untyped-def]
    folder = desk.root / "layouts" / "note"
    return desk.invoke("check", folder, "--shipments", folder / "shipments.csv", "--lang", "en")


def test_it_may_tell_parcel_shop_and_offer(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, "{{ shop.sender }} {{ parcel.wave }}-{{ parcel.place }} {{ offer.label }} {{ coupon }}")
    folder = desk.root / "layouts" / "note"
    done = desk.invoke("run", folder, "--shipments", folder / "shipments.csv", "--out", tmp_path / "job")
    assert done.exit_code == 0, done.output
    manifest = rows(tmp_path / "job" / "manifest.csv")
    assert [(row["shipment_id"], row["customer_id"], row["name"], row["segment"]) for row in manifest] == [
        ("S1", "C1", "山田 太郎", "all"), ("S2", "parcel:S2", "", "fallback"), ("S3", "parcel:S3", "", "fallback"),
    ]  # fmt: skip
    assert len({row["coupon_code"] for row in manifest[1:]}) == 2


@pytest.mark.parametrize(
    ("words", "more", "where"),
    [
        ("{{ name | sama }}", "", r"name \(\[words\] body\)"),
        ("{{ parcel.key }} {{ purchases }}", "", r"purchases \(\[words\] body\)"),
        ("{% if spent > 3 %}a{% endif %}", "", "spent"),
        ("{{ product.name }}", "", r"product.name \(\[words\] body\)"),
        ("a", 'a = { kind = "address", style = "body", name_style = "body", box = [8, 90, 80, 40] }', "address, name"),
    ],
)
def test_it_may_tell_nothing_of_a_customer(tmp_path: Path, words: str, more: str, where: str) -> None:
    done = checked(desk_of(tmp_path, words, more))
    assert done.exit_code == 1
    said = " ".join(done.output.split())
    assert "leaflet.toml: this layout is for parcels whose customer nobody knows" in said
    assert re.search(rf"cannot tell .*{where}", said), said


@pytest.mark.parametrize(
    "terms",
    [
        'valid = "birthday month"',
        'valid = "30 days"\ntiers = [{ id = "more", when = "spent > 5", label = "500円引き", amount = 500 }]',
    ],
)
def test_its_offer_is_the_same_for_all(tmp_path: Path, terms: str) -> None:
    customers = CUSTOMERS.replace("address", "address,birthday").replace("千代田1-1", "千代田1-1,1990-04-01")
    desk = desk_of(tmp_path, "a", campaign=CAMPAIGN.replace('valid = "30 days"', terms))
    desk.write("layouts/note/customers.csv", customers)
    done = checked(desk)
    assert done.exit_code == 1
    said = " ".join(done.output.split())
    assert 'parcels.fallback.offer = "thanks"' in said and "alike for all" in said, said


@pytest.mark.parametrize("shipped", [True, False])
def test_proofs_show_it_though_there_may_be_none(tmp_path: Path, shipped: bool) -> None:
    """Also of a day on which every customer is known: the shop sees the leaflet before it is ever needed."""
    desk = desk_of(tmp_path, "{{ shop.sender }} {{ parcel.key }} {{ parcel.ship_on | jdate }}{{ coupon }}")
    folder = desk.root / "layouts" / "note"
    if not shipped:
        desk.write("layouts/note/shipments.csv", "shipment_id,order_ids,ship_on\nS1,O1,2026-04-06\n")
    else:
        desk.write("layouts/note/shipments.csv", "shipment_id,order_ids,ship_on\nS1,O1,2026-04-06\nS2,O9,2026-04-06\n")
    given = ("proof", folder, "--shipments", folder / "shipments.csv")
    for more in ((), ("--fictional",), *([("--customer", "parcel:S2")] if shipped else [])):
        done = desk.invoke(*given, "--out", tmp_path / f"proof{len(more)}.pdf", *more)
        assert done.exit_code == 0, (more, done.output)


def test_figures_can_be_asked_for(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, "{{ parcel.key }}")
    folder = desk.root / "layouts" / "note"
    campaign = (folder / "campaign.toml").read_text("utf-8")
    desk.write("layouts/note/campaign.toml", campaign.replace("[lists]", '[lists]\nshipments = "shipments.csv"'))
    done = desk.invoke("analyze", folder, "--out", tmp_path / "report")
    assert done.exit_code == 0, done.output
