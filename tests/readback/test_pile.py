"""The fault drill of parcel jobs: whatever would put a letter into another parcel turns the job red.

The checksums are made to fit again: what is compared is the content itself.
"""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.fulfil import MANIFEST, PARCELS, SHEETS
from dmgen.readback.pages import squeezed
from dmgen.readback.sheets import shows
from tests.jobs import Desk, rows
from tests.readback.conftest import Copy
from tests.readback.parcels import print_parcels

Row = dict[str, str]
PILES = [("face_down", 1, "slip"), ("face_up", 1, "slip"), ("face_up", 2, "skip"), ("face_up", 2, "slip")]
_OF_PARCEL = ("shipment_id", "wave", "position", "order_ids", "match_key")


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, int, str], Desk]:
    """Finished jobs, each printed once."""
    made: dict[tuple[str, int, str], Desk] = {}

    def get(*pile: object) -> Desk:
        delivery, sides, gaps = key = pile  # type: ignore[misc]
        if key not in made:  # type: ignore[comparison-overlap]
            root = tmp_path_factory.mktemp("pile")
            made[key], _ = print_parcels(root, delivery=delivery, sides=sides, gaps=gaps)  # type: ignore[index, arg-type]
        return made[key]  # type: ignore[index]

    return get


def copied(desk: Desk, to: Path) -> Copy:
    shutil.copytree(desk.root / "job", to)
    return Copy(desk, to)


@pytest.fixture(params=["face_down", "face_up"])
def pile(request, desks, tmp_path) -> Copy:
    """A job of one-sided letters, to be damaged."""
    return copied(desks(request.param, 1, "slip"), tmp_path / "copy")


def whats(copy: Copy) -> set[str]:
    copy.cover_tracks()
    return {finding["what"] for finding in copy.findings()}


def found(copy: Copy, what: str) -> list[dict]:
    copy.cover_tracks()
    return [finding for finding in copy.findings() if finding["what"] == what]


def redrawn(copy: Copy, one: Row, other: Row, change: Callable[[pikepdf.Page, pikepdf.Page], None]) -> None:
    """Change the first pages of two rows of tables."""
    paths = [copy.folder / row["file"] for row in (one, other)]
    pdfs = [pikepdf.open(path, allow_overwriting_input=True) for path in dict.fromkeys(paths)]
    pages = [pdf.pages[int(row["first_page"]) - 1] for pdf, row in zip((pdfs[0], pdfs[-1]), (one, other), strict=True)]
    change(*pages)
    for pdf, path in zip(pdfs, dict.fromkeys(paths), strict=True):
        pdf.save(path)


def swap(one: pikepdf.Page, other: pikepdf.Page) -> None:
    mine, theirs = one.Contents.read_bytes(), other.Contents.read_bytes()
    one.Contents.write(theirs)
    other.Contents.write(mine)


@pytest.mark.parametrize("kind", PILES, ids=lambda kind: "-".join(map(str, kind)))
def test_a_pile_that_nobody_touched_is_released(kind, desks, tmp_path):
    """All sheets of the press in either order, one- and two-sided letters, with and without slips, also in samples."""
    copy = copied(desks(*kind), tmp_path / "copy")
    assert copy.verify() == copy.verify()
    code, report = copy.verify()
    assert (code, report["read_back"]["findings"]) == (0, 0), report
    assert copy.verify("--sample", "3")[0] == 0
    slips = [row for row in rows(copy.folder / SHEETS) if row["kind"] == "slip"]
    assert [row["shipment_id"] for row in slips] == (["SHP-003", "SHP-009", "SHP-013"] if kind[2] == "slip" else [])


def sheets(copy: Copy, kind: str) -> list[Row]:
    return [row for row in rows(copy.folder / SHEETS) if row["kind"] == kind]


def test_two_slips_swapped(pile):
    one, other, _ = sheets(pile, "slip")
    redrawn(pile, one, other, swap)
    pile.cover_tracks()
    findings = pile.findings()
    assert {(f["what"], f.get("slot", "")) for f in findings} >= {
        *(("sheet_text", slot) for slot in ("wave", "position", "shipment", "key")), ("sheet_code", "code"),
    }  # fmt: skip
    pages = {(f["file"], str(f["page"])) for f in findings if f["what"] == "sheet_text"}
    assert pages == {(row["file"], row["first_page"]) for row in (one, other)}


def test_the_slip_of_a_pile_without_letters_is_read_too(pile):
    *_, last = sheets(pile, "slip")
    redrawn(pile, sheets(pile, "slip")[0], last, swap)
    pile.cover_tracks()
    assert last["file"] in {finding["file"] for finding in pile.findings()}


def test_two_separators_swapped(pile):
    redrawn(pile, *sheets(pile, "separator")[:2], swap)
    assert {f["slot"] for f in found(pile, "sheet_text")} >= {"part", "parcels", "code"}


def test_a_slip_and_a_letter_swapped(pile):
    letter = next(row for row in pile.job.manifest if row["file"] == sheets(pile, "slip")[0]["file"])
    redrawn(pile, sheets(pile, "slip")[0], letter, swap)
    assert {"sheet_text", "sheet_code", "text_differs"} <= whats(pile)


@pytest.mark.parametrize("down", [115, 400])
def test_a_name_on_a_slip_is_found_wherever_it_stands(pile, down):
    """A slip names nobody: what stands between its words is found, too; what lies outside of the sheet is not there."""
    slip = sheets(pile, "slip")[0]
    letter = next(row for row in pile.job.manifest if row["file"] == slip["file"] and row["name"])

    def write(page: pikepdf.Page, of: pikepdf.Page) -> None:
        moved = b"\nq 1 0 0 1 0 %.2f cm\n" % (-down * 72 / 25.4)
        page.Contents.write(page.Contents.read_bytes() + moved + of.Contents.read_bytes() + b"\nQ\n")

    redrawn(pile, slip, letter, write)
    pile.cover_tracks()
    code, report = pile.verify()
    more = {f["what"] for f in report["read_back"]["first"]} & {"sheet_more", "sheet_text", "sheet_code"}
    assert bool(code) == bool(more) == (down == 115)


def test_pieces_of_one_layout_swapped(pile):
    """The leaflets have no name on them: their parcels tell them apart."""
    one, other, _ = [row for row in pile.job.manifest if row["segment"] == "fallback"]
    redrawn(pile, one, other, swap)
    pile.cover_tracks()
    assert {f["piece_id"] for f in pile.findings() if "piece_id" in f} == {one["piece_id"], other["piece_id"]}


def exchange(one: Row, other: Row, columns: tuple[str, ...]) -> None:
    for name in columns:
        one[name], other[name] = other[name], one[name]


def test_two_rows_of_the_manifest_tell_each_other_s_parcel(pile):
    pile.retable(MANIFEST, lambda table: exchange(table[0], table[1], _OF_PARCEL))
    differs = found(pile, "parcel_differs")
    assert {f["piece_id"] for f in differs} == {pile.piece(0), pile.piece(1)}
    assert {f["field"] for f in differs} == {*_OF_PARCEL} - {"wave"}


def test_two_pieces_change_parcels_in_every_table(pile):
    """Then the tables agree with each other, and the letters say otherwise."""
    one, other = pile.piece(1), pile.piece(4)
    pile.retable(MANIFEST, lambda table: exchange(table[1], table[4], _OF_PARCEL))

    def change(table: list[Row]) -> None:
        mine, theirs = (next(row for row in table if row["piece_id"] == piece) for piece in (one, other))
        exchange(mine, theirs, _OF_PARCEL)

    pile.retable(PARCELS, change)
    pile.cover_tracks()
    findings = pile.findings()
    shown = {(f["piece_id"], f["what"], f["slot"]) for f in findings if "slot" in f}
    assert shown == {(p, what, slot) for p in (one, other) for what, slot in
                     (("text_differs", "key"), ("symbol_differs", "ship"))}  # fmt: skip


CELLS = {
    PARCELS: ("place", "wave", "position", "shipment_id", "order_ids", "outcome", "reason", "piece_id", "match_key",
              "page", "file", "customer_id"),
    SHEETS: ("kind", "wave", "position", "shipment_id", "file", "first_page", "last_page", "payload"),
    MANIFEST: ("shipment_id", "wave", "position", "order_ids", "match_key", "first_page", "last_page", "file"),
}  # fmt: skip


@pytest.mark.parametrize("table", CELLS)
def test_no_cell_of_a_table_can_be_another(table, desks, tmp_path):
    """Of a parcel without a piece, nothing but parcels.csv says who its customer is; of the last, its place."""
    pile = copied(desks("face_up", 1, "slip"), tmp_path / "copy")
    whole = (pile.folder / table).read_bytes()
    there = rows(pile.folder / table)
    for number in (1, len(there) - 1):
        for column in CELLS[table]:
            row = there[number]
            if table == PARCELS and (
                (column == "customer_id" and not row["piece_id"]) or (column == "place" and number == len(there) - 1)
            ):
                continue
            value = row[column]
            other = str(int(value) + 1) if value.isascii() and value.isdecimal() else value + "1"
            pile.retable(table, lambda table, n=number, name=column, other=other: table[n].update({name: other}))
            pile.cover_tracks()
            code, report = pile.verify()
            whats = {finding["what"] for finding in report["read_back"]["first"]}
            assert code == 6, (column, number)
            assert whats & {"parcel_differs", "parcel_order", "sheet_differs", "file_unknown", "page_count", "count"}
            (pile.folder / table).write_bytes(whole)
    pile.cover_tracks()
    assert pile.verify()[0] == 0


@pytest.mark.parametrize("table", [PARCELS, SHEETS, MANIFEST])
def test_no_row_of_a_table_can_be_missing_doubled_or_elsewhere(pile, table):
    size = len(rows(pile.folder / table))
    changes: list[Callable[[list[Row], int], None]] = [
        lambda there, n: there.pop(n),
        lambda there, n: there.insert(n, dict(there[n])),
        lambda there, n: there.insert(0, there.pop(n)),
    ]
    for change in changes:
        for number in (1, size - 1):
            before = (pile.folder / table).read_bytes()
            pile.retable(table, lambda there, n=number, change=change: change(there, n))
            pile.cover_tracks()
            assert pile.findings(), (table, number)
            (pile.folder / table).write_bytes(before)


@pytest.mark.parametrize("first", [False, True])
def test_a_sheet_missing_from_the_file(pile, first):
    """A slip or a separator that is not printed moves every later letter to the wrong parcel."""
    slip = sheets(pile, "separator" if first else "slip")[0]
    with pikepdf.open(pile.folder / slip["file"], allow_overwriting_input=True) as pdf:
        del pdf.pages[int(slip["first_page"]) - 1]
        pdf.save(pile.folder / slip["file"])
    assert "page_count" in whats(pile)


@pytest.mark.parametrize(("said", "instead"), [("fallback", "piece"), ("piece", "fallback")])
def test_the_piece_for_nobody_known_is_told_from_a_customer_s(pile, said, instead):
    """Also where the counts are made to fit."""

    def change(table: list[Row]) -> None:
        row = next(row for row in table if row["outcome"] == said)
        row["outcome"], row["reason"] = instead, ""

    def recount(ticket: dict) -> None:
        names = [".".join(filter(None, (row["outcome"], row["reason"]))) for row in rows(pile.folder / PARCELS)]
        ticket["counts"]["parcels"] = dict(Counter(names))

    pile.retable(PARCELS, change)
    pile.reticket(recount)
    assert {f["field"] for f in found(pile, "parcel_differs")} == {"outcome"}
    assert "count" not in whats(pile)


def test_a_separator_says_the_name_of_its_file(pile):
    def change(table: list[Row]) -> None:
        one, other, *_ = (row for row in table if row["kind"] == "separator")
        exchange(one, other, ("payload",))

    pile.retable(SHEETS, change)
    assert [f["field"] for f in found(pile, "sheet_differs")] == ["payload", "payload"]


def test_a_parcel_that_stands_there_twice_is_named_by_its_rows(pile):
    pile.retable(PARCELS, lambda table: table[5].update(shipment_id=table[1]["shipment_id"]))
    assert [(f["file"], f["sequence"], f["field"]) for f in found(pile, "twice")] == [
        (PARCELS, 2, "shipment_id"), (PARCELS, 6, "shipment_id"),
    ]  # fmt: skip


@pytest.mark.parametrize("told", [{"parcels": 99}, {"pieces": 1}, {"slips": 0}, {"files": []}, {"wave": "午前"}])
def test_waves_of_job_json_add_up(pile, told):
    pile.reticket(lambda ticket: ticket["waves"][1].update(told))
    assert any(f.get("field") == "waves" for f in found(pile, "count"))


@pytest.mark.parametrize("told", [{"files": 99}, {"parcels": "many"}, 7])
def test_a_job_json_that_dmgen_has_not_written_is_refused(pile, told):
    pile.reticket(lambda ticket: ticket.update(waves=[ticket["waves"][0] | told if isinstance(told, dict) else told]))
    result = pile.desk.invoke("verify", pile.folder)
    assert result.exit_code == 4
    assert "job.json" in result.output


def test_counts_of_job_json_add_up(pile):
    def change(ticket: dict) -> None:
        counts = ticket["counts"]["parcels"]
        counts["piece"], counts["empty.opted_out"] = counts["piece"] - 1, counts["empty.opted_out"] + 1

    pile.reticket(change)
    assert [f["field"] for f in found(pile, "count")] == ["parcels"]


def test_a_turned_file_is_not_what_a_press_that_stacks_face_down_needs(pile):
    """Read in the other direction, every piece and sheet of the job is at the wrong end."""
    other = {"face_up": "face_down", "face_down": "face_up"}

    def turn(ticket: dict) -> None:
        rules = ticket["settings"]["parcels"]
        rules["delivery"] = other[rules["delivery"]]

    pile.reticket(turn)
    assert "pages_overlap" in whats(pile)


def test_slips_where_none_were_asked_for(pile):
    pile.reticket(lambda ticket: ticket["settings"]["parcels"].update(gaps="skip"))
    assert {"file"} <= {f.get("field") for f in found(pile, "parcel_differs")}


def test_a_table_that_is_not_there(pile):
    (pile.folder / PARCELS).unlink()
    pile.reticket(lambda ticket: ticket["files"].pop(PARCELS))
    assert "file_unreadable" in whats(pile)


SHOWN = st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=12).map(squeezed).filter(bool)


@given(text=SHOWN, other=SHOWN)
def test_a_text_shows_itself_and_nothing_else(text, other):
    assert shows(text, text)
    assert shows(text, other) == (text == other) or "〓" in text or text.endswith("…")
    assert shows("〓" + text, "😀" + text)
    assert shows(text + "…", text + other)
    assert not shows("…", text) or text == "…"
    assert not shows(text + other, text)


def test_a_cut_text_must_begin_like_its_own():
    assert shows("SHIP-0001…", "SHIP-00012345")
    assert not shows("SHIP-0002…", "SHIP-00012345")
    assert not shows("SHIP-0001", "SHIP-00012345")
