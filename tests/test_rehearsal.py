"""A whole day in the warehouse, by the commands alone: printed, changed, packed by what the sheets themselves show.

The piles are what is decoded from the rendered pages; the scans are typed from them. At the end the ledger and the
files are audited by plain SQL and by what the day's own story says.
"""

import json
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import pypdfium2
import zxingcpp

from tests.jobs import Desk, Job, rows
from tests.rehearsal import DAY, WAVES, Box, Day, listed, made_up

CAMPAIGN = """format = 1
id = "note"
as_of = 2026-04-06
channel = "insert_note"
[lists]
customers = "customers.csv"
orders = "orders.csv"
opt_out = "none recorded"
[audience]
segments = [
  { id = "welcome", when = "purchases == 1", layout = "note", offer = "thanks" },
  { id = "thanks", when = "purchases > 1", layout = "note", offer = "thanks", tickets = 1 },
]
[offers.thanks]
label = "300円引き"
amount = 300
minimum = 2000
valid = "30 days"
[lottery]
drawn = "elsewhere"
[parcels]
carrier = "yamato"
fallback = { layout = "leaflet" }
[law]
acknowledge = "a rehearsal"
[print]
batch = 150
"""
MATCH = 'match = { kind = "datamatrix", words = "match", box = [84, 6, 14, 14] }'
NOTE = f"""format = 1
[page]
size = [105, 148]
[words]
name = "{{{{ name | sama }}}}"
key = "{{{{ parcel.key }}}}"
match = "{{{{ piece_id }}}}"
body = "ありがとうございます。{{{{ coupon }}}} {{{{ ticket_numbers }}}}"
stop = "{{{{ shop.stop_contact }}}}"
[style]
body = {{ font = "gothic", size = "9pt", leading = "14pt", fit = "shrink" }}
[slots]
name = {{ kind = "text", words = "name", style = "body", box = [8, 30, 80, 6] }}
body = {{ kind = "text", words = "body", style = "body", box = [8, 50, 80, 30] }}
key = {{ kind = "text", words = "key", style = "body", box = [60, 10, 20, 5] }}
stop = {{ kind = "text", words = "stop", style = "body", box = [8, 130, 60, 5] }}
{MATCH}
"""
LEAFLET = f"""format = 1
[page]
size = [105, 148]
[words]
body = "お買い上げありがとうございます。"
key = "{{{{ parcel.key }}}}"
match = "{{{{ piece_id }}}}"
[style]
body = {{ font = "gothic", size = "9pt", leading = "14pt" }}
[slots]
body = {{ kind = "text", words = "body", style = "body", box = [8, 50, 80, 30] }}
key = {{ kind = "text", words = "key", style = "body", box = [60, 10, 20, 5] }}
{MATCH}
"""
SCALE = 130 / 72  # a packer's scanner sees far more


def decoded(file: Path) -> list[tuple[str, str]]:
    """What each sheet of a print file shows: the code on it, and its text without blanks."""
    document = pypdfium2.PdfDocument(file)
    sheets = []
    for page in document:
        code = zxingcpp.read_barcodes(page.render(scale=SCALE, grayscale=True).to_numpy())
        text = "".join(page.get_textpage().get_text_range().split())
        matrices = [one.text for one in code if one.format == zxingcpp.BarcodeFormat.DataMatrix]
        sheets.append((matrices[0] if matrices else "", text))
    document.close()
    return sheets


class Warehouse:
    """The packing tables: piles of real sheets, the boxes of the day, and the shop's commands."""

    def __init__(self, root: Path) -> None:
        self.desk = Desk.at(root)
        self.day = made_up()
        campaign = "layouts/note"
        for name, text in {
            "campaign.toml": CAMPAIGN, "note.toml": NOTE, "leaflet.toml": LEAFLET,
            "customers.csv": self.day.customers(), "orders.csv": self.day.orders(),
        }.items():  # fmt: skip
            self.desk.write(f"{campaign}/{name}", text)
        self.sheets: dict[str, str] = {}  # on the tables: by piece, what its sheet says
        self.done: dict[str, Any] = {}

    def command(self, *args: str, code: int = 0) -> Any:
        """A command of dmgen with --json, in the shop."""
        result = self.desk.invoke(*args, "--json")
        assert result.exit_code == code, result.output
        return json.loads(result.stdout.splitlines()[-1])

    def print_piles(self) -> Job:
        self.desk.write("morning.csv", listed(self.day.boxes))
        self.command("run", "layouts/note", "--shipments", "morning.csv", "--out", "job")
        return Job(self.desk.root / "job")

    def lay_out(self, job: Job) -> list[list[tuple[str, str]]]:
        """Put the job's sheets on the tables; the piles, file by file."""
        piles = [decoded(file) for file in job.printed]
        pieces = {row["piece_id"] for row in job.manifest}
        self.sheets |= {code: text for pile in piles for code, text in pile if code in pieces}
        return piles

    def take_out(self, pulls: Path) -> dict[str, str]:
        """Follow a pull list: destroy sheets, or say into which parcel they go now."""
        moved = {}
        for row in rows(pulls):
            if row["put_into_shipment"]:
                moved[row["put_into_shipment"]] = row["piece_id"]
            else:
                del self.sheets[row["piece_id"]]
        return moved


def test_a_whole_day(tmp_path: Path) -> None:
    """One test, for each step packs what the one before left on the tables."""
    warehouse = Warehouse(tmp_path)
    piles_lie_in_packing_order(warehouse)
    parcels_are_merged_split_and_cancelled(warehouse)
    five_say_no_and_nine_sheets_are_damaged(warehouse)
    every_parcel_is_packed_and_scanned(warehouse)
    every_parcel_has_one_right_piece_or_a_reason(warehouse)
    the_history_of_a_piece_can_be_read_back(warehouse, warehouse.day.opted_out[0], "withdrawn")
    the_history_of_a_piece_can_be_read_back(warehouse, warehouse.day.damaged[0], "reprinted")


def query(warehouse: Warehouse, sql: str, *values: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(warehouse.desk.ledger) as connection:
        return connection.execute(sql, values).fetchall()


def piles_lie_in_packing_order(warehouse: Warehouse) -> None:
    """Morning: the Nth sheet after a separator belongs to the Nth parcel of its wave, and names its customer."""
    day, job = warehouse.day, warehouse.print_piles()
    piles = warehouse.lay_out(job)
    assert len(piles) == sum(-(-sum(box.wave == wave for box in day.boxes) // 150) for wave in WAVES)
    assert all("仕切り" in pile[0][1] for pile in piles)
    lying = [sheet for pile in piles for sheet in pile[1:]]
    assert len(lying) == len(day.boxes) == 1000
    owners = {row["piece_id"]: row["customer_id"] for row in job.manifest}
    lettered: set[str] = set()
    for box, (code, text) in zip(day.boxes, lying, strict=True):
        who = day.customer_of(box)
        if day.takes_a_letter(box) and who not in lettered:
            lettered.add(who)
            assert owners[code] == who
            assert f"客{who}様" in text
        elif who:
            assert code not in owners
            assert box.shipment_id in text
            assert who not in text
        else:
            assert owners[code] == f"parcel:{box.shipment_id}"
    nothing = {"empty.gift": 6, "empty.replacement": 4, "empty.first_parcel_has_it": 40}
    assert job.counts["parcels"] == {"piece": len(lettered), "fallback.unknown_customer": 5, **nothing}
    welcomed = {row["customer_id"] for row in job.manifest if row["segment"] == "welcome"}
    assert welcomed == lettered - set(day.regulars) - {who for who, n in _bought(day).items() if n > 1}


def _bought(day: Day) -> Counter[str]:
    return Counter(day.buyers.values())


def parcels_are_merged_split_and_cancelled(warehouse: Warehouse) -> None:
    """Noon: only the difference is made; what is printed is put elsewhere or destroyed, nothing is numbered twice."""
    job = Job(warehouse.desk.root / "job")
    codes_before = query(warehouse, "select * from codes")
    warehouse.desk.write("noon.csv", listed(warehouse.day.after()))
    told = warehouse.command("fulfil", "job", "--shipments", "noon.csv")
    folder = job.folder / "fulfil" / "001"
    pulls = rows(folder / "pull.csv")
    gone = {row["shipment_id"] for row in pulls if not row["put_into_shipment"]}
    assert gone == set(warehouse.day.cancelled)
    assert query(warehouse, "select * from codes") == codes_before
    assert not (folder / "added").exists()
    warehouse.done["moved"] = warehouse.take_out(folder / "pull.csv")
    plan = rows(folder / "parcels.csv")
    assert [row["shipment_id"] for row in plan] == [box.shipment_id for box in warehouse.day.after()]
    again = warehouse.command("fulfil", "job", "--shipments", "noon.csv")
    assert told != again
    assert not (job.folder / "fulfil" / "002").exists()


def five_say_no_and_nine_sheets_are_damaged(warehouse: Warehouse) -> None:
    """Afternoon: who said no is taken out; a crumpled sheet is printed again, the same sheet."""
    job = Job(warehouse.desk.root / "job")
    warehouse.command("withdraw", *warehouse.day.opted_out, "--shop", "layouts", "--out", "no")
    assert warehouse.take_out(warehouse.desk.root / "no" / "pull.csv") == {}
    of = {row["customer_id"]: row["piece_id"] for row in job.manifest}
    damaged = {of[who]: warehouse.sheets.pop(of[who]) for who in warehouse.day.damaged}
    warehouse.desk.write("crumpled.txt", "\r\n".join(f"]d2{piece}" for piece in damaged) + "\r\n")
    warehouse.command("reprint", "job", "--from-scan", "crumpled.txt", "--reason", "paper jam")
    folder = job.folder / "reprints" / "001"
    fresh = [sheet for file in sorted((folder / "print").glob("*.pdf")) for sheet in decoded(file)]
    assert dict(fresh) == damaged
    assert len(fresh) == len(damaged) == 9
    assert {row["reprint"] for row in rows(folder / "manifest.csv")} == {"1"}
    warehouse.sheets |= dict(fresh)


def every_parcel_is_packed_and_scanned(warehouse: Warehouse) -> None:
    """Evening: two tables scan what lies before them; what must not go in turns red."""
    job, day = Job(warehouse.desk.root / "job"), warehouse.day
    place = {row["shipment_id"]: row["piece_id"] for row in rows(job.folder / "parcels.csv") if row["piece_id"]}
    moved_into = warehouse.done["moved"]
    moved = set(moved_into.values())
    packed: dict[str, str] = {}
    for box in day.after():
        piece = moved_into.get(box.shipment_id) or place.get(box.shipment_id, "")
        if piece in warehouse.sheets and (piece not in moved or box.shipment_id in moved_into):
            packed[box.shipment_id] = piece
    boxes = {box.shipment_id: box for box in day.after()}
    lines = [[piece, _scanned(boxes[shipment], number)] for number, (shipment, piece) in enumerate(packed.items())]
    half = len(lines) // 2
    of = {row["customer_id"]: row["piece_id"] for row in job.manifest}
    withdrawn = of[day.opted_out[0]]
    stray = [withdrawn, lines[-1][1]]
    warehouse.desk.write("table1.txt", _typed([*lines[:half], stray, lines[0]]))
    warehouse.desk.write("table2.txt", _typed(lines[half:]))
    first = warehouse.command("scan", "job", "--from", "table1.txt", "--station", "1", code=6)
    assert first["matched"] == half
    last = warehouse.command("scan", "job", "--from", "table2.txt", "--station", "2")
    assert (last["matched"], last["missing"]) == (len(lines), 0)
    warehouse.done["packed"] = packed


def _scanned(box: Box, number: int) -> str:
    """What stands on the parcel: its own number, its carrier's, or an order's where that is unmistakable."""
    return [box.shipment_id, box.tracking, box.orders[0]][number % 3 if len(box.orders) == 1 else number % 2]


def _typed(lines: list[list[str]]) -> str:
    return "".join(f"{code}\r\n" for line in lines for code in line)


def every_parcel_has_one_right_piece_or_a_reason(warehouse: Warehouse) -> None:
    """Night: the audit, by the story of the day and by plain SQL."""
    day, job = warehouse.day, Job(warehouse.desk.root / "job")
    plan = query(warehouse, "select shipment_id, piece_id, outcome, reason, recipient from parcels order by place")
    matched = dict(query(warehouse, "select shipment_id, piece_id from matches"))
    owners = dict(query(warehouse, "select piece_id, recipient from pieces"))
    assert [row[0] for row in plan] == [box.shipment_id for box in day.after()]
    lettered: set[str] = set()
    for box, (shipment, piece, outcome, reason, _) in zip(day.after(), plan, strict=True):
        who = day.customer_of(box)
        assert bool(piece) == (shipment in matched) == (outcome != "empty")
        assert reason == "unknown_customer" if outcome == "fallback" else bool(reason) != bool(piece)
        if piece:
            assert matched[shipment] == piece == warehouse.done["packed"][shipment]
            assert owners[piece] == (who or f"parcel:{shipment}")
            assert who not in lettered
            assert who not in day.opted_out
            assert not who or day.takes_a_letter(box)
            lettered |= {who} - {""}
    due = {day.customer_of(box) for box in day.after() if day.takes_a_letter(box)}
    assert lettered == due - set(day.opted_out)
    assert Counter(row[3] for row in plan if row[2] == "empty") == {
        "gift": 6, "replacement": 4, "first_parcel_has_it": 15, "withdrawn_late": 5,
    }  # fmt: skip
    codes = query(warehouse, "select kind, code, piece_id from codes")
    assert len({code[:2] for code in codes}) == len(codes)
    void = {row[0] for row in query(warehouse, "select piece_id from fates where fate = 'void'")}
    in_boxes = set(matched.values())
    assert void.isdisjoint(in_boxes)
    with_codes = {code[2] for code in codes}
    assert void == with_codes - in_boxes
    assert {row["piece_id"] for row in job.codes} == with_codes


def the_history_of_a_piece_can_be_read_back(warehouse: Warehouse, customer: str, happened: str) -> None:
    (piece,) = (row["piece_id"] for row in Job(warehouse.desk.root / "job").manifest if row["customer_id"] == customer)
    told = json.dumps(warehouse.command("history", piece, "--shop", "layouts"))
    assert customer in told
    assert happened in told
    assert DAY in told
