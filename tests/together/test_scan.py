"""`dmgen scan PILE`: each letter by the job of its own shop; never green for another client's parcel."""

import json
import random
import re
from pathlib import Path

import pytest

from tests.jobs import rows
from tests.together.conftest import SHIPMENT, Warehouse, batch_rows
from tests.together.test_run import piled, three

SHOPS = ("--shop", "aoba", "--shop", "kasumi", "--lang", "en")


class Station:
    """A packing table over a pile of the two shops, every parcel of which has a tracking number of its own."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.desk = warehouse.desk
        campaigns = three(warehouse)
        numbered = [(*row, f"T-{place:04d}") for place, row in enumerate(batch_rows(), 1)]
        warehouse.shipments(numbered, (*SHIPMENT, "tracking"))
        self.pile = piled(warehouse, *campaigns)
        self.rows = rows(self.pile / "pile.csv")
        self.jobs = [one["job"] for one in json.loads((self.pile / "pile.json").read_text("utf-8"))["jobs"]]

    @property
    def due(self) -> list[dict[str, str]]:
        return [row for row in self.rows if row["piece_id"]]

    def row(self, shop: str, shipment: str) -> dict[str, str]:
        (found,) = (row for row in self.rows if (row["shop"], row["shipment_id"]) == (shop, shipment))
        return found

    def scan(self, *codes: str, name: str = "one", more: tuple[str, ...] = ()) -> tuple[dict, str, int]:
        """The JSON at the end, what the screen showed, and the exit code."""
        self.desk.write("scans.txt", "\n".join(codes))
        asked = ("--from", "scans.txt", "--station", name, "--json", *SHOPS, *more)
        done = self.desk.invoke("scan", "pile", *asked)
        assert done.exit_code in (0, 6), done.output
        return json.loads(done.stdout), " ".join(done.stderr.split()), done.exit_code

    def told(self, shop: str, *command: str) -> dict:
        done = self.desk.invoke(*command, "--shop", shop, "--lang", "en", "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)


@pytest.fixture
def station(warehouse: Warehouse) -> Station:
    return Station(warehouse)


def test_the_letters_of_every_shop_are_scanned_at_one_table_and_kept_in_their_own_ledgers(station):
    pairs = [code for row in station.due for code in (row["piece_id"], row["tracking"])]
    said, screen, code = station.scan(*pairs)
    assert (code, said["complete"], screen.count("OK ")) == (0, True, 13)
    assert [said[name] for name in ("parcels", "matched", "missing", "no_piece_due")] == [18, 13, 0, 5]
    even, note, rest = station.jobs
    assert {job: one["matched"] for job, one in said["jobs"].items()} == {even: 3, note: 6, rest: 4}
    for row in station.due:
        happened = station.told(row["shop"], "history", row["piece_id"])["happened"]
        assert [one["what"] for one in happened].count("matched") == 1


def test_a_number_that_parcels_of_two_shops_have_is_never_enough(station):
    """Both shops have a parcel S1 with an order O-1: green for either would put a letter into the other client's."""
    mine = station.row("aoba", "S1")
    said, screen, _ = station.scan(mine["piece_id"], "S1", "O-1", mine["tracking"])
    assert said["matched"] == 1, "the tracking number is one parcel's alone"
    assert said["refused"] == {"several_parcels": 2}
    assert "parcels of several shops have this number" in screen
    said, _, _ = station.scan("S2", station.row("aoba", "S2")["piece_id"])
    assert said["matched"] == 1


def test_a_letter_in_the_parcel_of_another_client_is_red_and_nobodys_ledger_names_the_others_parcel(station):
    mine, other = station.row("aoba", "S2"), station.row("kasumi", "S2")
    said, screen, _ = station.scan(mine["piece_id"], other["tracking"])
    assert said["refused"] == {"wrong_parcel": 1}
    assert f"into this parcel belongs piece {other['piece_id']}" in screen
    assert said["matched"] == 0
    refused = [one for one in station.told("aoba", "history", mine["piece_id"])["happened"] if one["what"] == "refused"]
    assert len(refused) == 1
    assert "shipment" not in json.dumps(refused)


def test_a_parcel_of_a_shop_without_a_campaign_gets_nothing(station):
    """Its number is like another shop's; it is known as its own."""
    stranger, mine = station.row("sora", "S1"), station.row("aoba", "S1")
    said, screen, _ = station.scan(mine["piece_id"], stranger["tracking"])
    assert said["refused"] == {"no_piece_due": 1}
    assert "no piece goes into wave B, position 41" in screen


def test_a_parcel_whose_piece_comes_from_the_other_campaign_of_its_shop_is_that_ones(station):
    """S2 is empty in the plan of `rest`, because `even` has it."""
    even, rest = station.row("aoba", "S2"), station.row("aoba", "S3")
    said, _, _ = station.scan(rest["piece_id"], even["tracking"], even["piece_id"], even["tracking"])
    assert (said["refused"], said["matched"]) == ({"wrong_parcel": 1}, 1)


def test_undo_takes_back_the_stations_last_match_whichever_job_it_is_of(station):
    one, two = station.row("aoba", "S2"), station.row("kasumi", "S1")
    said, screen, _ = station.scan(one["piece_id"], one["tracking"], two["piece_id"], two["tracking"], "undo")
    assert said["matched"] == 1
    assert f"Taken back: piece {two['piece_id']}" in screen
    said, screen, _ = station.scan("undo", "undo")
    assert said["matched"] == 0
    assert f"Taken back: piece {one['piece_id']}" in screen
    assert "no match to take back" in screen


def test_who_says_no_while_the_pile_is_packed_is_red_at_once(station):
    mine, other = station.row("aoba", "S2"), station.row("kasumi", "S3")
    station.told("aoba", "withdraw", "1002")
    station.told("kasumi", "void", station.jobs[1], "--pieces", other["piece_id"], "--reason", "torn")
    said, screen, code = station.scan(
        mine["piece_id"], mine["tracking"], other["piece_id"], other["tracking"], more=("--missing", "missing.csv")
    )
    assert (code, said["matched"]) == (6, 0)
    assert said["refused"] == {"must_not_go_in": 2}
    assert "its customer wants no letters" in screen
    assert "its codes are void" in screen
    assert said["parcels"] == said["matched"] + said["missing"] + said["must_not_go_in"] + said["no_piece_due"] == 18
    assert said["no_piece_due"] == 7
    left = rows(station.desk.root / "missing.csv")
    assert [row["piece_id"] for row in left] == [row["piece_id"] for row in station.due if row not in (mine, other)], (
        "in packing order over all shops"
    )


def test_what_is_missing_is_printed_again_job_by_job(station):
    """One list for all: each job takes its own lines and says whose the others are."""
    lost = [station.row("aoba", "S2"), station.row("aoba", "S3"), station.row("kasumi", "S1")]
    scans = [code for row in station.due if row not in lost for code in (row["piece_id"], row["tracking"])]
    station.scan(*scans, more=("--missing", "missing.csv"))
    even, note, rest = station.jobs
    assert {row["piece_id"]: row["job"] for row in rows(station.desk.root / "missing.csv")} == {
        row["piece_id"]: row["job"] for row in lost
    }
    for shop, job, others in (("aoba", even, {note, rest}), ("kasumi", note, {even, rest})):
        made = station.told(shop, "reprint", job, "--from-scan", "missing.csv")
        assert made["pieces"] == 1
        (remark,) = made["remarks"]
        assert all(other in remark for other in others)


def test_a_job_of_the_pile_that_is_cancelled_is_left_out_and_its_letters_are_red(station):
    station.desk.invoke("cancel", station.jobs[0], "--shop", "aoba")
    gone, mine = station.row("aoba", "S2"), station.row("aoba", "S3")
    said, screen, _ = station.scan(gone["piece_id"], gone["tracking"], mine["piece_id"], mine["tracking"])
    assert f"job {station.jobs[0]} is cancelled" in screen
    assert said["matched"] == 1
    assert said["parcels"] == 18


def test_matches_are_right_whatever_is_scanned_in_whatever_order(station):
    """No match but of the plan, each once, whoever's codes come one after another."""
    chance = random.Random(11)
    codes = [code for row in station.rows for code in (row["piece_id"], row["tracking"], row["shipment_id"]) if code]
    said, screen, _ = station.scan(*chance.choices([*codes, "undo", "strange"], k=400))
    pairs = {(row["piece_id"], row["position"]) for row in station.due}
    green = re.findall(r"OK wave \w+, position (\d+) \(parcel \w+\): piece (\w+)", screen)
    assert green
    assert {(piece, position) for position, piece in green} <= pairs
    assert said["matched"] == len(green) - screen.count("Taken back")
    assert said["matched"] + said["missing"] == 13


def test_a_job_of_a_pile_is_scanned_over_the_pile(station):
    """Alone it would take another client's parcel for its own where their numbers are the same."""
    done = station.desk.invoke("scan", station.jobs[0], "--shop", "aoba", "--from", "/dev/null", "--lang", "en")
    assert done.exit_code == 4
    assert f"dmgen scan {station.pile.resolve()} --shop A --shop B" in " ".join(done.output.split())


def test_where_the_pile_is_gone_a_job_of_it_is_scanned_alone_and_that_is_said(station):
    station.pile.rename(station.desk.root / "elsewhere")
    done = station.desk.invoke("scan", station.jobs[0], "--shop", "aoba", "--from", "/dev/null", "--lang", "en")
    assert done.exit_code == 6
    assert "dmgen scan FOLDER" in done.output


def test_a_pile_needs_the_shop_of_everyone_in_it(station, tmp_path: Path):
    done = station.desk.invoke("scan", "pile", "--shop", "aoba", "--from", "/dev/null", "--lang", "en")
    assert done.exit_code == 2
    assert "kasumi" in done.output


def test_a_pile_whose_table_was_changed_is_not_scanned(station):
    table = station.pile / "pile.csv"
    table.write_bytes(table.read_bytes().replace(b"T-0001", b"T-0002"))
    done = station.desk.invoke("scan", "pile", *SHOPS, "--from", "/dev/null")
    assert done.exit_code == 4
