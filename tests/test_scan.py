"""`dmgen scan` and `dmgen history`: green for the right pair alone, red at once for all else, counts that add up."""

import json
import random
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.ledger import Event, Fate, Ledger, Told, What
from dmgen.model.offer import CodeKind, CodeOrder, DropKey
from dmgen.model.parcel import ParcelOutcome, PlannedParcel
from dmgen.model.production import JobRecord, JobState
from dmgen.offers import coupon
from dmgen.tasks.scan_codes import Codes, fold, lines, readings
from tests.jobs import Desk, rows

KEY = DropKey("aobado", "april-thanks", date(2026, 4, 10))
JOB = JobRecord("abc234", KEY.shop, KEY.campaign, KEY.drop, JobState.READY, "job", 3, KEY.drop)
SHOP = ("--shop", "shop.toml")


class Table:
    """A shop whose ledger holds a job: parcels S1 … with a piece each, the last one without."""

    def __init__(self, root: Path, count: int = 5) -> None:
        self.desk = Desk(root)
        self.desk.write("shop.toml", 'format = 1\nid = "aobado"\nsender = "青葉堂"\n')
        self.ledger = Ledger.open("ledger.sqlite", root)
        with self.ledger.issuing(KEY) as issuing:
            order = CodeOrder(CodeKind.COUPON, "thanks", "500", range(count), coupon.draw)
            self.pieces = issuing.issue([str(1001 + n) for n in range(count)], [order]).piece_ids
        self.ledger.record(JOB)
        self.planned = [
            PlannedParcel(
                f"s-{n}", "AB"[n > 3], str(n), n, (f"2026-{n:03d}",), str(1000 + n), f"1234-5678-{n:04d}", piece,
                ParcelOutcome.PIECE,
            )
            for n, piece in enumerate(self.pieces, 1)
        ]  # fmt: skip
        last = PlannedParcel("s-99", "B", "99", 99, ("2026-099",), "", "", "", ParcelOutcome.EMPTY, "gift")
        self.ledger.keep_parcels(JOB.id, [*self.planned, last])

    def scan(self, *scans: str | bytes, station: str = "one", more: tuple[str, ...] = ()) -> tuple[dict, str, int]:
        """The JSON at the end, what the screen showed, and the exit code."""
        text = b"\n".join(line if isinstance(line, bytes) else line.encode() for line in scans)
        self.desk.root.joinpath("scans.txt").write_bytes(text)
        asked = ("--from", "scans.txt", "--station", station, "--json", "--lang", "en", *SHOP, *more)
        done = self.desk.invoke("scan", JOB.id, *asked)
        return json.loads(done.stdout), done.stderr, done.exit_code

    def verdicts(self, *scans: str | bytes) -> list[str]:
        """The first words of the screen's lines."""
        _, screen, _ = self.scan(*scans)
        return [line.split()[0] for line in screen.splitlines()[2:] if not line.startswith("  ")]


@pytest.fixture
def table(tmp_path: Path) -> Table:
    return Table(tmp_path)


def test_every_pair_scanned_leaves_nothing_missing(table):
    said, screen, code = table.scan(*(code for one in table.planned for code in (one.piece_id, one.shipment_id)))
    assert code == 0
    assert (said["complete"], said["parcels"], said["matched"], said["missing"]) == (True, 6, 5, 0)
    assert screen.count("OK ") == 5
    assert "STOP" not in screen


def test_counts_add_up_and_the_missing_are_told_in_packing_order(table):
    one, two, *_ = table.planned
    said, _, code = table.scan(
        one.piece_id, one.shipment_id,  # matched
        one.piece_id, one.shipment_id,  # duplicate
        two.piece_id, one.shipment_id,  # into a parcel that has its piece
        two.piece_id, "s-3",  # wrong parcel
        two.piece_id, "s-99",  # a parcel that gets none
        "nobody's", two.shipment_id,  # foreign
        more=("--missing", "missing.csv"),
    )  # fmt: skip
    assert code == 6
    assert [said[name] for name in ("parcels", "matched", "missing", "must_not_go_in", "no_piece_due")] == [
        6,
        1,
        4,
        0,
        1,
    ]
    assert said["refused"] == {"duplicate": 2, "wrong_parcel": 1, "no_piece_due": 1, "foreign": 1}
    assert [one["shipment_id"] for one in said["first_missing"]] == ["s-2", "s-3", "s-4", "s-5"]
    written = rows(table.desk.root / "missing.csv")
    assert written == said["first_missing"]
    assert written[0] == {
        "piece_id": two.piece_id, "wave": "A", "position": "2", "shipment_id": "s-2", "order_ids": "2026-002",
        "match_key": "026002", "job": JOB.id,
    }  # fmt: skip


def test_a_wrong_parcel_says_where_both_belong_and_stores_nothing(table):
    one, two, *_ = table.planned
    _, screen, _ = table.scan(one.piece_id, two.shipment_id)
    stop = " ".join(screen[screen.index("STOP") :].split())
    assert "wrong parcel: this is wave A, position 2 (parcel s-2)" in stop
    assert f"piece {one.piece_id} belongs into wave A, position 1 (parcel s-1)" in stop
    assert f"into this parcel belongs piece {two.piece_id}" in stop
    assert table.scan()[0]["matched"] == 0


@pytest.mark.parametrize("change", ["shipment", "order", "tracking", "tracking without hyphens", "parcel first"])
def test_a_parcel_is_known_by_each_of_its_numbers(table, change):
    one = table.planned[0]
    parcel = {
        "order": one.orders[0],
        "tracking": one.tracking,
        "tracking without hyphens": one.tracking.replace("-", ""),
    }
    pair = [one.piece_id, parcel.get(change, one.shipment_id)]
    assert table.scan(*(reversed(pair) if change == "parcel first" else pair))[0]["matched"] == 1


@pytest.mark.parametrize(
    "typed",
    [
        "]d2{}", "]C1{}", "\x1d]d2{}\r", "  {}\t\r\n", "*{}*", "\x02{}\x03", "\ufeff{}", "]C0{}\r\r\n",
    ],
)  # fmt: skip
def test_what_a_scanner_adds_is_taken_off(table, typed):
    one = table.planned[0]
    assert table.scan(typed.format(one.piece_id), typed.format("s-1"))[0]["matched"] == 1


def test_full_width_and_lower_case_are_the_same_code(table):
    one = table.planned[0]
    wide = "".join(chr(ord(c) + 0xFEE0) for c in one.piece_id.lower())
    assert table.scan(wide, "Ｓ－１")[0]["matched"] == 1
    assert table.scan(table.planned[1].piece_id, "２０２６ー００２".encode("cp932"))[0]["matched"] == 2


def test_nw7_start_and_stop_letters_of_a_carriers_label(table):
    one = table.planned[0]
    assert table.scan(one.piece_id, f"A{one.tracking.replace('-', '')}A")[0]["matched"] == 1


@pytest.mark.parametrize("between", ["\t", ",", ";", " , "])
def test_a_line_may_hold_the_pair(table, between):
    one = table.planned[0]
    assert table.scan(f"{one.piece_id}{between}{one.shipment_id}")[0]["matched"] == 1


def test_a_bad_half_takes_its_partner_with_it_and_nothing_shifts(table):
    """A foreign letter, scanned with its parcel, must not leave the parcel as the first half of the next pair."""
    one, two, three, *_ = table.planned
    scans = [
        "foreign",
        one.shipment_id,
        two.piece_id,
        two.shipment_id,
        "s-99",
        "foreign",
        three.piece_id,
        three.shipment_id,
    ]
    said, _, _ = table.scan(*scans)
    assert said["matched"] == 2
    assert said["refused"] == {"foreign": 1, "no_piece_due": 1}


def test_a_forgotten_parcel_is_told_and_the_next_pair_is_whole(table):
    one, two, three, *_ = table.planned
    said, screen, _ = table.scan(one.piece_id, two.piece_id, two.shipment_id, three.shipment_id)
    assert said["matched"] == 1
    assert said["refused"] == {"unpaired": 2}
    assert f"piece {one.piece_id} was scanned without its parcel" in screen
    assert "(parcel s-3) was scanned without its piece" in screen


def test_a_scanner_that_stutters_does_no_harm(table):
    one = table.planned[0]
    said, _, _ = table.scan(one.piece_id, one.piece_id, one.shipment_id)
    assert (said["matched"], said["refused"]) == (1, {})


def test_the_number_of_a_split_order_names_no_parcel(table):
    """The letter lies in the first parcel; the order's number alone could be the second one's."""
    one, two, *rest = table.planned
    table.ledger.keep_parcels(JOB.id, [one, two._replace(orders=one.orders), *rest])
    said, screen, _ = table.scan(one.piece_id, one.orders[0], one.shipment_id)
    assert said["refused"] == {"several_parcels": 1}
    assert "(parcel s-1) / wave A, position 2 (parcel s-2)" in screen
    assert said["matched"] == 1, "the piece is still in the hand: the better number ends the pair"


def test_a_shipment_that_is_called_like_an_order_is_that_parcel(table):
    one, two, *rest = table.planned
    table.ledger.keep_parcels(JOB.id, [one, two._replace(orders=(one.shipment_id,)), *rest])
    assert table.scan(one.piece_id, one.shipment_id)[0]["matched"] == 1


def test_numbers_that_differ_in_hyphens_alone_are_not_mixed_up(table):
    one, two, *rest = table.planned
    planned = [one._replace(orders=("1-23",)), two._replace(orders=("12-3",)), *rest]
    table.ledger.keep_parcels(JOB.id, planned)
    said, _, _ = table.scan(one.piece_id, "123", "1-23")
    assert (said["matched"], said["refused"]) == (1, {"several_parcels": 1})


def test_what_must_not_go_in_is_red_with_the_piece_alone(table):
    void, withdrawn, pulled, *rest = table.planned
    [code] = table.ledger.codes_of_pieces(KEY.shop, [void.piece_id])[void.piece_id]
    table.ledger.give_fate(Fate.VOID, {code: Told(date(2026, 4, 9), "山田さんの電話")})
    table.ledger.keep_parcels(
        JOB.id,
        [void, withdrawn, pulled._replace(piece_id="", outcome=ParcelOutcome.EMPTY, reason="withdrawn"), *rest],
        [Event(JOB.id, withdrawn.piece_id, What.WITHDRAWN), Event(JOB.id, pulled.piece_id, What.PULLED)],
    )
    said, screen, _ = table.scan(void.piece_id, withdrawn.piece_id, pulled.piece_id)
    assert said["refused"] == {"must_not_go_in": 3}
    assert (said["parcels"], said["missing"], said["must_not_go_in"], said["no_piece_due"]) == (5, 2, 2, 1)
    assert f"piece {void.piece_id} must not go in: its codes are void since 2026-04-09" in screen
    assert f"piece {withdrawn.piece_id} must not go in: its customer wants no letters" in screen
    assert f"piece {pulled.piece_id} must not go in: it was taken out of the pile" in screen
    assert "山田" not in screen, "what was said to the shop is not for the packing table"


def test_a_piece_stopped_after_it_was_packed_is_to_be_taken_out(table):
    one, *rest = table.planned
    table.scan(*(code for pair in table.planned for code in (pair.piece_id, pair.shipment_id)))
    table.ledger.keep_parcels(JOB.id, [one._replace(piece_id=""), *rest], [Event(JOB.id, one.piece_id, What.PULLED)])
    said, _, code = table.scan()
    assert (code, said["complete"], said["matched"], said["missing"]) == (6, False, 4, 0)
    assert [(out["piece_id"], out["shipment_id"]) for out in said["take_out"]] == [(one.piece_id, "s-1")]
    shown = table.desk.invoke("scan", JOB.id, "--from", "scans.txt", "--lang", "en", *SHOP)
    assert f"TAKE OUT piece {one.piece_id} of parcel s-1 (station one" in shown.stderr


def test_undo_takes_the_stations_last_match_back(table):
    one, two, *_ = table.planned
    pairs = [one.piece_id, "s-1", two.piece_id, "s-2"]
    said, screen, _ = table.scan(*pairs, "undo", "ＵＮＤＯ", "undo", *pairs[:2])
    assert said["matched"] == 1
    assert screen.count("Taken back") == 2
    assert "no match to take back" in screen
    table.scan("取消", station="two")
    assert table.scan()[0]["matched"] == 1, "another station's match stays"


def test_end_ends_and_status_tells(table):
    one, *_ = table.planned
    said, screen, _ = table.scan(one.piece_id, "s-1", "status", "end", table.planned[1].piece_id, "s-2")
    assert said["matched"] == 1
    assert "1 of 5 parcels have their piece, 4 to go" in screen


def test_work_goes_on_where_it_stopped(table):
    one, two, *_ = table.planned
    table.scan(one.piece_id, "s-1")
    said, screen, _ = table.scan(two.piece_id, "s-2", one.piece_id, station="two")
    assert "1 of 5 parcels have their piece" in screen
    assert said["matched"] == 2
    assert f"piece {one.piece_id} is in parcel s-1 already (station one" in screen


def test_pieces_and_parcels_of_other_jobs_are_named_and_strangers_are_not(table):
    with table.ledger.issuing(DropKey(KEY.shop, "other", KEY.drop)) as issuing:
        [piece] = issuing.issue(["1001"], []).piece_ids
    with table.ledger.issuing(DropKey("midori", "other", KEY.drop)) as issuing:
        [strange] = issuing.issue(["1001"], []).piece_ids
    table.ledger.record(JobRecord("abc239", KEY.shop, "other", KEY.drop, JobState.READY, "x", 1, KEY.drop))
    table.ledger.keep_parcels("abc239", [table.planned[0]._replace(shipment_id="x-1", piece_id=piece, orders=("X",))])
    said, screen, _ = table.scan(piece, strange, table.pieces[0], "x-1")
    assert said["refused"] == {"foreign": 2}, "the strange piece stands for the parcel of the one before: a pair"
    assert f"piece {piece} is not of this job, but of job abc239" in screen
    assert "this parcel is not of this job, but of job abc239" in screen
    assert "midori" not in screen


def test_a_job_cancelled_during_the_shift_ends_it(table):
    table.ledger.cancel(JOB.id)
    result = table.desk.invoke("scan", JOB.id, "--lang", "en", *SHOP)
    assert result.exit_code == 4
    assert "job abc234 is cancelled" in result.stderr


def test_a_job_without_parcels_is_refused(table):
    table.ledger.record(JobRecord("abc240", KEY.shop, "plain", KEY.drop, JobState.READY, "x", 1, KEY.drop))
    result = table.desk.invoke("scan", "abc240", "--lang", "en", *SHOP)
    assert result.exit_code == 4
    assert "no parcels" in result.stderr


def test_a_file_that_is_not_there_is_no_fault(table):
    result = table.desk.invoke("scan", JOB.id, "--from", "nowhere.txt", "--lang", "en", *SHOP)
    assert result.exit_code == 3
    assert "nowhere.txt" in result.stderr


def start(table: Table, *more: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "dmgen", "scan", JOB.id, *SHOP, "--lang", "en", *more]
    return subprocess.Popen(
        command, cwd=table.desk.root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_each_line_is_answered_before_the_next_is_typed(table):
    """A scanner that ends its codes with a carriage return; the answer must not wait for a buffer to fill."""
    one = table.planned[0]
    process = start(table)
    shown = [process.stderr.readline(), process.stderr.readline()]
    for typed in (one.piece_id, one.shipment_id):
        process.stdin.write(typed.encode() + b"\r")
        process.stdin.flush()
        shown.append(process.stderr.readline())
    process.communicate(b"", timeout=30)
    assert shown[2].startswith("…   piece".encode())
    assert shown[3].startswith(b"OK   wave A, position 1")
    assert process.returncode == 6


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupted_scan_keeps_what_was_matched(table):
    one = table.planned[0]
    process = start(table)
    process.stdin.write(f"{one.piece_id}\n{one.shipment_id}\n".encode())
    process.stdin.flush()
    for _ in range(4):
        process.stderr.readline()
    process.send_signal(signal.SIGINT)
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert process.returncode == 130
    assert f"dmgen scan {JOB.id}" in process.stderr.read().decode()
    assert table.scan()[0]["matched"] == 1


def test_history_tells_all_that_happened_to_a_piece(table):
    one, *_ = table.planned
    table.ledger.keep_parcels(JOB.id, table.planned, [Event(JOB.id, one.piece_id, What.PACKED, {"shipment": "s-1"})])
    table.scan(one.piece_id, "s-2", one.piece_id, "s-1", "undo", one.piece_id, "s-1")
    [code] = table.ledger.codes_of_pieces(KEY.shop, [one.piece_id])[one.piece_id]
    table.ledger.give_fate(Fate.USED, {code: Told(date(2030, 5, 1), "")})
    table.ledger.mark_sent(JOB.id, date(2030, 4, 12), [])
    done = table.desk.invoke("history", f"]d2{one.piece_id.lower()}", "--json", *SHOP)
    said = json.loads(done.stdout)
    assert (said["shop"], said["campaign"], said["drop"], said["customer_id"]) == (
        "aobado",
        "april-thanks",
        "2026-04-10",
        "1001",
    )
    assert [(job["job"], job["state"], job["sent_on"]) for job in said["jobs"]] == [("abc234", "sent", "2030-04-12")]
    [parcel] = said["parcels"]
    assert (parcel["wave"], parcel["position"], parcel["shipment_id"], parcel["order_ids"]) == (
        "A",
        "1",
        "s-1",
        ["2026-001"],
    )
    [issued] = said["codes"]
    assert issued["fates"] == {"used": {"day": "2030-05-01", "why": ""}}
    happened = [one["what"] for one in said["happened"]]
    assert happened == ["job", "packed", "refused", "unmatched", "matched", "sent", "used"]
    text = table.desk.invoke("history", one.piece_id, "--lang", "en", *SHOP).stdout
    assert "scanned into its parcel" in text
    assert issued["code"] in text


def test_history_of_a_strangers_piece_says_what_to_type(table):
    result = table.desk.invoke("history", "ABCDEFGH2345", "--lang", "en", *SHOP)
    assert result.exit_code == 4
    assert "manifest.csv" in result.stderr


ids = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)


@settings(max_examples=200, deadline=None)
@given(st.lists(ids, min_size=2, max_size=6, unique_by=fold), st.data())
def test_a_code_never_names_a_parcel_whose_number_it_is_not(numbers, data):
    """Whatever is typed around or within it: what is found has the same letters and digits, in this order."""
    planned = [PlannedParcel(one, "A", "1", n, (), "", "", "", ParcelOutcome.EMPTY) for n, one in enumerate(numbers)]
    codes = Codes(planned)
    for one in numbers:
        assert codes.parcels(one) == [one]
    typed = data.draw(st.sampled_from(numbers)) + data.draw(st.text("0A-*] ", max_size=2))
    found = codes.parcels(typed)
    if len(found) == 1 and fold(found[0]) not in readings(typed):
        letters = "".join(filter(str.isalnum, fold(found[0])))
        assert letters in {"".join(filter(str.isalnum, one)) for one in readings(typed)}


@given(
    st.lists(st.text("abc123-", min_size=1, max_size=6), max_size=8),
    st.integers(1, 5),
    st.sampled_from(["\r", "\n", "\r\n"]),
)
def test_lines_come_out_whole_however_the_input_is_cut(texts, size, end):
    typed = end.join(texts).encode()
    assert list(lines(typed[at : at + size] for at in range(0, len(typed), size))) == texts


def test_matches_are_right_whatever_is_scanned_in_whatever_order(tmp_path):
    """A thousand random scans: no match but of the plan, each once, and the counts are those of a second reckoning."""
    table = Table(tmp_path, 12)
    chance = random.Random(7)
    codes = [code for one in table.planned for code in (one.piece_id, one.shipment_id)] + ["s-99", "strange", "undo"]
    said, screen, _ = table.scan(*chance.choices(codes, k=1000))
    assert said["matched"] == screen.count("OK ") - screen.count("Taken back")
    assert said["matched"] + said["missing"] == 12
    assert sum(said["refused"].values()) <= screen.count("STOP ")
    assert said["take_out"] == []
