"""What cannot lie in one pile is refused in words before anything is issued; what fails later leaves no pile."""

import json
import sqlite3
from dataclasses import replace

import pytest

import dmgen.together.run as run_module
from dmgen.errors import PreflightError
from dmgen.together import pile
from tests.jobs import Job
from tests.together.conftest import SHIPMENT, SHOP, Warehouse, batch_rows
from tests.together.test_run import piled, three


def refused(warehouse: Warehouse, code: int, *args: str, words: str) -> str:
    """A run that ends with this code and says so, in English; nothing was issued or written."""
    result = warehouse.desk.invoke("run", *args, "--lang", "en")
    assert result.exit_code == code, result.output
    assert words in result.output.replace("\n", " ")
    assert not (warehouse.desk.root / "output").exists()
    for shop in ("aoba", "kasumi"):
        assert issued(warehouse, shop) == 0
    return result.output


def issued(warehouse: Warehouse, shop: str) -> int:
    ledger = warehouse.desk.root / shop / "ledger.sqlite"
    if not ledger.exists():
        return 0
    with sqlite3.connect(ledger) as connection:
        return connection.execute("select count(*) from pieces").fetchone()[0]


BATCH = ("--shipments", "shipments.csv")


def test_a_batch_needs_its_list(warehouse):
    refused(warehouse, 2, *three(warehouse), words="add --shipments FILE")


def test_the_same_campaign_twice(warehouse):
    one = warehouse.campaign("aoba", "even", "true")
    warehouse.shipments(batch_rows())
    refused(warehouse, 2, one, one, *BATCH, words="are the same drop of the same campaign")


def test_campaigns_of_several_shops_need_to_know_whose_a_parcel_is(warehouse):
    campaigns = three(warehouse)
    warehouse.shipments([row[1:] for row in batch_rows()], SHIPMENT[1:])
    refused(warehouse, 3, *campaigns, *BATCH, words="nothing in the list tells whose a parcel is")


def test_campaigns_of_one_shop_need_no_column(warehouse):
    even, _, rest = three(warehouse)
    warehouse.shipments([row[1:] for row in batch_rows() if row[0] == "aoba"], SHIPMENT[1:])
    table = json.loads((piled(warehouse, even, rest) / "pile.json").read_text("utf-8"))
    assert table["counts"]["by"] == {"aoba even": 3, "aoba rest": 4, "empty.gift": 1}


def test_two_shops_of_one_id(warehouse):
    campaigns = three(warehouse)
    warehouse.desk.write("kasumi/shop.toml", SHOP.format(id="aoba", sender="霞屋"))
    warehouse.shipments(batch_rows())
    refused(warehouse, 1, *campaigns, *BATCH, words="give each shop its own id")


@pytest.mark.parametrize("option", ["--customers", "--orders"])
def test_one_list_for_the_customers_of_several_shops(warehouse, option):
    """Both shops have a customer 1001: each would be written to by the other's name."""
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    refused(warehouse, 2, *campaigns, *BATCH, option, "aoba/customers.csv", words=f"{option} would give one list")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('standard = "PDF/X-4"', 'standard = "PDF/VT-1"', "PDF standard"),
        ("drop    = 2026-04-06", "drop    = 2026-04-07", "day of the drop"),
        ("[print]", "[release]\nread_back = false\n[print]", "read_back = false"),
        ('channel = "insert_note"', 'channel = "mail"', "needs a channel that goes into parcels"),
        ('standard = "PDF/X-4"', 'standard = "PDF/X-4"\nblack_only = true', "black_only"),
    ],
)
def test_what_must_be_the_same_of_all(warehouse, old, new, words):
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    warehouse.desk.edit("kasumi/note/campaign.toml", old, new)
    refused(warehouse, 1, *campaigns, *BATCH, words=words)


def test_another_printing_condition(warehouse):
    """PDF/X-1a may name a condition without a profile: then the names must be the same."""
    campaigns = three(warehouse, standard="PDF/X-1a:2003")
    warehouse.shipments(batch_rows())
    edited = 'standard = "PDF/X-1a:2003"'
    warehouse.desk.edit("kasumi/note/campaign.toml", edited, f'{edited}\ncondition = "JC200103"')
    refused(warehouse, 1, *campaigns, *BATCH, words="the printing condition: FOGRA39 and JC200103")


def test_another_paper(warehouse):
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    warehouse.desk.edit("kasumi/note/note.toml", "sides = 1", "sides = 2")
    refused(warehouse, 1, *campaigns, *BATCH, words="100 × 148 + 3 mm / 1 and 100 × 148 + 3 mm / 2")


def test_a_limit_is_of_one_campaign(warehouse):
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    refused(warehouse, 2, *campaigns, *BATCH, "--limit", "3", words="--limit counts the letters of one campaign")


def test_shops_that_read_the_list_otherwise(warehouse):
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    shop = warehouse.desk.root / "kasumi" / "shop.toml"
    shop.write_text(shop.read_text("utf-8") + '\n[shipments]\nshipment_id = "order_ids"\nshop = "shop"\n', "utf-8")
    refused(warehouse, 3, *campaigns, *BATCH, words="reads the list otherwise than")


def test_a_later_campaign_that_cannot_be_planned_stops_the_first_one_too(warehouse):
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    (warehouse.desk.root / "kasumi" / "customers.csv").unlink()
    refused(warehouse, 3, *campaigns, *BATCH, words="customers.csv")


def test_a_folder_that_holds_something_else_is_left_alone(warehouse):
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    warehouse.desk.write("pile/notes.txt", "keep")
    refused(warehouse, 5, *campaigns, *BATCH, "--out", "pile", words="is no pile of these campaigns")
    assert [path.name for path in (warehouse.desk.root / "pile").iterdir()] == ["notes.txt"]


def no_pile(warehouse: Warehouse) -> bool:
    root = warehouse.desk.root
    return not (root / "pile").exists() and not list(root.glob(".pile*"))


def test_where_the_second_job_fails_the_first_stands_and_no_pile_appears(warehouse, monkeypatch):
    """Told plainly; the same command completes it, and every letter keeps its numbers."""
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    real = run_module.make

    def make(plan, *args, **options):
        if plan.campaign.id == "note":
            raise PreflightError("the paper is out")
        return real(plan, *args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(run_module, "make", make)
        result = warehouse.desk.invoke("run", *campaigns, *BATCH, "--out", "pile", "--lang", "en")
    assert result.exit_code == 6
    assert "note: the paper is out No pile was made. Released before that: even " in result.output.replace("\n", " ")
    assert no_pile(warehouse)
    [even] = (warehouse.desk.root / "output" / "even").iterdir()
    assert Job(even).ticket["released"]
    assert (
        not list((warehouse.desk.root / "output" / "note").glob("*"))
        if (warehouse.desk.root / "output" / "note").exists()
        else True
    )
    before = {row["customer_id"]: row["piece_id"] for row in Job(even).manifest}
    table = json.loads((piled(warehouse, *campaigns) / "pile.json").read_text("utf-8"))
    [again] = [one for one in (warehouse.desk.root / "output" / "even").iterdir() if one != even]
    assert {row["customer_id"]: row["piece_id"] for row in Job(again).manifest} == before
    assert table["counts"]["parcels"] == 18


def test_a_run_that_is_interrupted_says_what_stands(warehouse, monkeypatch):
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    real = run_module.make

    def make(plan, *args, **options):
        if plan.campaign.id == "note":
            raise KeyboardInterrupt
        return real(plan, *args, **options)

    monkeypatch.setattr(run_module, "make", make)
    result = warehouse.desk.invoke("run", *campaigns, *BATCH, "--out", "pile", "--lang", "en")
    assert result.exit_code == 130
    assert "Released before that: even " in result.output.replace("\n", " ")
    assert no_pile(warehouse)


@pytest.mark.parametrize("moment", ["before", "between", "after"])
def test_a_job_file_that_is_changed_meanwhile_is_found_out(warehouse, monkeypatch, moment):
    """Before the pile is made, while it is made, and after it was joined but before it was read back."""
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    root = warehouse.desk.root

    def change() -> None:
        [job] = (root / "output" / "note").iterdir()
        file = next((job / "print").glob("*.pdf"))
        data = file.read_bytes()
        place = data.index(b"stream\n") + 20
        file.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])

    def meanwhile(module, name: str, *, first: bool) -> None:
        real = getattr(module, name)

        def wrapped(*args, **options):
            if first:
                change()
            done = real(*args, **options)
            if not first:
                change()
            return done

        monkeypatch.setattr(module, name, wrapped)

    if moment == "before":
        meanwhile(run_module, "read_source", first=True)
        monkeypatch.setattr(run_module, "read_source", once(run_module.read_source, "note"))
    elif moment == "between":
        meanwhile(run_module, "make_pile", first=True)
    else:
        meanwhile(run_module, "make_pile", first=False)
    result = warehouse.desk.invoke("run", *campaigns, *BATCH, "--out", "pile", "--lang", "en")
    assert result.exit_code == 6, result.output
    assert "No pile was made" in result.output.replace("\n", " ")
    assert no_pile(warehouse)


def once(wrapped, campaign: str):
    """Only of one campaign's job is the file changed."""
    from dmgen.together.sources import read_source

    return lambda summary: (wrapped if summary.campaign.id == campaign else read_source)(summary)


def swapped_items(real):
    """A pile in which two pieces of different clients change their places."""

    def make(batch, together, sources, *frame):
        made = real(batch, together, sources, *frame)
        items = list(made.items)
        one, other = [n for n, item in enumerate(items) if item.piece_id][:2]
        a, b = items[one], items[other]
        items[one], items[other] = a._replace(leaf=b.leaf), b._replace(leaf=a.leaf)
        return pile.PileFile(made.file, made.wave, tuple(items), made.turned, made.frame)

    return make


def swapped_rows(real):
    """A table that says the pieces of two parcels the other way round."""

    def rows(together, sources, files):
        made = [list(row) for row in real(together, sources, files)]
        one, other = [n for n, row in enumerate(made) if row[7]][:2]
        for column in (5, 6, 7):
            made[one][column], made[other][column] = made[other][column], made[one][column]
        return iter(made)

    return rows


@pytest.mark.parametrize(("name", "fault"), [("_file", swapped_items), ("_rows", swapped_rows)])
def test_the_reading_back_finds_pieces_that_lie_in_each_others_parcels(warehouse, monkeypatch, name, fault):
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    monkeypatch.setattr(pile, name, fault(getattr(pile, name)))
    result = warehouse.desk.invoke("run", *campaigns, *BATCH, "--out", "pile", "--lang", "en")
    assert result.exit_code == 6, result.output
    assert "the pile is not what it should be" in result.output.replace("\n", " ")
    assert no_pile(warehouse)


def test_a_pile_is_not_made_of_a_job_that_is_not_released(warehouse, monkeypatch):
    """The job that is not is named; the exit code says that something did not read back."""
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    real = run_module.make
    monkeypatch.setattr(run_module, "make", lambda *args: replace(real(*args), released=False))
    result = warehouse.desk.invoke("run", *campaigns, *BATCH, "--out", "pile", "--lang", "en")
    assert result.exit_code == 6
    assert "(even) is not released, so no pile is made" in result.output.replace("\n", " ")
    assert no_pile(warehouse)


def test_the_shops_of_a_batch_are_held_once_each_and_free_again(warehouse):
    """Two campaigns of one shop do not wait for each other, nor does the next run."""
    campaigns = three(warehouse)
    warehouse.shipments(batch_rows())
    for _ in range(2):
        piled(warehouse, *campaigns)
