"""After the pile is printed: whoever says no is found in the pile itself, and nothing stale looks current."""

import json
from pathlib import Path

import pypdfium2
import pytest

from dmgen.ledger import Ledger
from tests.jobs import rows, squeezed
from tests.together.conftest import Warehouse, batch_rows
from tests.together.test_run import piled, three


class Printed:
    """The pile of two shops in a warehouse, and what is typed afterwards."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.desk, self.campaigns = warehouse.desk, three(warehouse)
        warehouse.shipments(batch_rows())
        self.pile = piled(warehouse, *self.campaigns)
        self.name = json.loads((self.pile / "pile.json").read_text("utf-8"))["pile"]
        self.rows = rows(self.pile / "pile.csv")

    def row(self, shop: str, shipment: str) -> dict[str, str]:
        (found,) = (row for row in self.rows if (row["shop"], row["shipment_id"]) == (shop, shipment))
        return found

    def type(self, shop: str, *command: str | Path, code: int = 0) -> dict:
        done = self.desk.invoke(*command, "--shop", shop, "--lang", "en", "--json")
        assert done.exit_code == code, done.output
        return json.loads(done.stdout) if code == 0 else {"said": " ".join(done.output.split())}

    def job_folder(self, campaign: str) -> Path:
        return next((self.desk.root / "output" / campaign).iterdir())

    def page(self, pull: dict[str, str]) -> str:
        document = pypdfium2.PdfDocument(self.pile / pull["file"])
        text = document[int(pull["page"]) - 1].get_textpage().get_text_range()
        document.close()
        return squeezed(text)


@pytest.fixture
def printed(warehouse: Warehouse) -> Printed:
    return Printed(warehouse)


def pulled(folder: Path) -> list[list[dict[str, str]]]:
    return [rows(file) for file in sorted((folder / "pulls").glob("*/pull.csv"))]


def test_a_letter_that_is_withdrawn_is_named_where_it_lies_in_the_pile(printed):
    """The page that the list names is the letter's, as another library reads it, whichever of the jobs printed it."""
    done = printed.type("aoba", "withdraw", "1007", "1002")
    pulls = {pull["shipment_id"]: pull for pull in done["pulls"]}
    for shipment in ("S2", "S7"):
        row, pull = printed.row("aoba", shipment), pulls[shipment]
        assert {name: pull[name] for name in ("piece_id", "job", "file", "page")} == {
            name: row[name] for name in ("piece_id", "job", "file", "page")
        }
        assert pull["pile"] == printed.name
        assert f"あおば客{1000 + int(shipment[1:])}さま" in printed.page(pull)
    [of_pile] = pulled(printed.pile)
    assert [pull["shipment_id"] for pull in of_pile] == ["S2", "S7"], "as they lie, over both jobs"
    assert pulled(printed.job_folder("even")) == [[pulls["S2"]]]
    assert pulled(printed.job_folder("rest")) == [[pulls["S7"]]]
    assert str(printed.pile.resolve() / "pulls" / "001" / "pull.csv") in done["lists"]


def test_both_shops_lists_lie_in_the_pile_side_by_side(printed):
    printed.type("aoba", "withdraw", "1002")
    printed.type("kasumi", "withdraw", "1001")
    assert [[pull["job"] for pull in own] for own in pulled(printed.pile)] == [
        [printed.row("aoba", "S2")["job"]],
        [printed.row("kasumi", "S1")["job"]],
    ]
    said = printed.desk.invoke("withdraw", "1006", "--shop", "kasumi", "--lang", "en").output
    row = printed.row("kasumi", "S6")
    assert f"{row['file']} page {row['page']}" in " ".join(said.replace("│", " ").split())


def test_void_pieces_are_pulled_out_of_the_pile_too(printed):
    row = printed.row("kasumi", "S4")
    done = printed.type("kasumi", "void", row["job"], "--pieces", row["piece_id"], "--reason", "torn")
    [[pull]] = pulled(printed.pile)
    assert done["pulls"] == [pull]
    assert (pull["why"], pull["file"], pull["page"], pull["position"]) == (
        "void",
        row["file"],
        row["page"],
        row["position"],
    )
    assert "かすみ客1004さま" in printed.page(pull)
    again = printed.type("kasumi", "void", row["job"], "--pieces", row["piece_id"], "--reason", "torn")
    assert (again["pulls"], len(pulled(printed.pile))) == ([], 1)


def test_what_was_packed_already_is_told_first(printed):
    packed, lying = printed.row("aoba", "S7"), printed.row("aoba", "S2")
    ledger = Ledger.open("ledger.sqlite", printed.desk.root / "aoba")
    with ledger.scanning(packed["job"]) as scanning:
        assert scanning.match(packed["piece_id"], "S7", "one").stored
    printed.type("aoba", "withdraw", "1002", "1007")
    [pulls] = pulled(printed.pile)
    assert [(pull["piece_id"], pull["packed"]) for pull in pulls] == [
        (packed["piece_id"], "S7"),
        (lying["piece_id"], ""),
    ]


def test_a_withdrawal_that_cannot_be_recorded_leaves_no_list_in_the_pile(printed, monkeypatch):
    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Ledger, "keep_parcels", fails)
    assert printed.desk.invoke("withdraw", "1002", "--shop", "aoba").exit_code == 70
    assert not list(printed.pile.rglob("pull.csv*"))


def test_a_pile_that_is_elsewhere_is_said_and_the_list_lies_with_the_job(printed):
    printed.pile.rename(printed.desk.root / "elsewhere")
    done = printed.type("aoba", "withdraw", "1002")
    [remark] = done["remarks"]
    assert printed.name in remark and str(printed.pile.resolve()) in remark
    [[pull]] = pulled(printed.job_folder("even"))
    [own] = [row for row in rows(printed.job_folder("even") / "manifest.csv") if row["customer_id"] == "1002"]
    assert (pull["pile"], pull["file"], pull["page"]) == ("", own["file"], own["first_page"])


def test_the_warehouses_package_of_a_pile_has_its_pull_lists(printed):
    printed.type("aoba", "withdraw", "1002")
    done = printed.desk.invoke(
        "package", "pile", "--for", "warehouse", "--out", "w", "--shop", "aoba", "--shop", "kasumi"
    )
    assert done.exit_code == 0, done.output
    assert rows(printed.desk.root / "w" / "pulls" / "001" / "pull.csv") == pulled(printed.pile)[0]


def test_the_pile_made_again_has_nobody_who_said_no_and_no_old_list(printed):
    kept = printed.row("aoba", "S4")["piece_id"] or printed.row("aoba", "S6")["piece_id"]
    printed.type("aoba", "withdraw", "1002")
    done = printed.desk.invoke("run", *printed.campaigns, "--shipments", "shipments.csv", "--out", "pile")
    assert done.exit_code == 0, done.output
    pieces = {row["piece_id"] for row in rows(printed.pile / "pile.csv")}
    assert kept in pieces
    assert printed.row("aoba", "S2")["piece_id"] not in pieces
    assert not (printed.pile / "pulls").exists()


def test_a_newer_list_for_one_job_of_a_pile_is_refused_with_what_to_type(printed):
    """Alone, `rest` would print a second letter for every parcel that `even` has, and the pile's lists would lie."""
    row = printed.row("aoba", "S3")
    before = sorted(printed.desk.root.rglob("*"))
    said = printed.type("aoba", "fulfil", row["job"], "--shipments", "shipments.csv", code=4)["said"]
    assert "dmgen run A B C --shipments FILE" in said
    assert printed.name in said
    assert [path for path in sorted(printed.desk.root.rglob("*")) if path not in before] == []


def test_a_sheet_of_the_pile_is_printed_again_out_of_its_job(printed):
    row = printed.row("aoba", "S2")
    made = printed.type("aoba", "reprint", row["job"], "--pieces", row["piece_id"])
    [again] = rows(Path(made["folder"]) / "manifest.csv")
    document = pypdfium2.PdfDocument(Path(made["folder"]) / again["file"])
    text = squeezed(document[int(again["first_page"]) - 1].get_textpage().get_text_range())
    document.close()
    assert text == printed.page(row)
