"""CSV for people: nothing in it runs, and our own readers get back what was written."""

import csv
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.errors import OutputError
from dmgen.fulfil import GROUP_COLUMNS, REJECTION_COLUMNS, BatchTables, collate, explained, write_table
from dmgen.fulfil.manifest import CODE_COLUMNS, MANIFEST_COLUMNS
from dmgen.model.cells import unguard
from dmgen.model.offer import Offer
from dmgen.model.production import Batch, Kind, Link, Numbers, Row

DANGEROUS = tuple("=+-@\t\r＝＋－＠")


def _rows(path: Path) -> list[list[str]]:
    text = path.read_bytes().decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text[1:], newline="")))


OFFER = Offer("thanks", "500円引き", 500, 3000, date(2026, 5, 10))


def _row(**cells: object) -> Row:
    base: Row = {
        "customer_id": "1001", "name": "青葉 花子", "postal_code": "100-0001", "address": "東京都",
        "fingerprint": "ab12",
    }  # fmt: skip
    return base | cells  # type: ignore[return-value]


def _batch(number: int, rows: list[Row]) -> Batch:
    link = {"qr": Link("tok", "https://x/tok")}
    numbers = [
        Numbers(f"P{number}{i}", "ABCD2345EFGH", "ABCD 2345 EFGH", ("11", "22"), link, offer=OFFER)
        for i in range(len(rows))
    ]
    return Batch(number, (Kind("vip", "letter", "b"),), f"print/{number:03d}.pdf", 10 * number, rows, numbers)


def _written(folder: Path, batches: list[Batch]) -> None:
    work = folder / "work"
    work.mkdir()
    for batch in reversed(batches):  # workers finish in any order
        tables = BatchTables(work, batch)
        for i, (row, numbers) in enumerate(zip(batch.rows, batch.numbers, strict=True)):
            tables.add(row, numbers, batch.first_sequence + i, (2 * i + 1, 2 * i + 2))
        tables.close()
    collate(work, folder, len(batches))


def test_parts_are_joined_in_print_order(tmp_path: Path) -> None:
    _written(tmp_path, [_batch(number, [_row(), _row()]) for number in (1, 2, 3)])
    manifest = _rows(tmp_path / "manifest.csv")
    assert manifest[0] == list(MANIFEST_COLUMNS)
    assert [row[1] for row in manifest[1:]] == ["10", "11", "20", "21", "30", "31"]
    assert [row[2:6] for row in manifest[1:3]] == [["1", "print/001.pdf", "1", "2"], ["1", "print/001.pdf", "3", "4"]]
    assert manifest[1][12:] == [
        "ABCD2345EFGH",
        "500",
        "2026-05-10",
        "11",
        "https://x/tok",
        "ab12",
        "b",
        "0",
        "",
        *[""] * 5,
    ]


def test_every_issued_number_has_a_row(tmp_path: Path) -> None:
    _written(tmp_path, [_batch(1, [_row()])])
    head, *codes = _rows(tmp_path / "codes.csv")
    assert head == list(CODE_COLUMNS)
    assert [tuple(row[1:3]) for row in codes] == [
        ("coupon", "ABCD2345EFGH"), ("ticket", "11"), ("ticket", "22"), ("link", "tok"),
    ]  # fmt: skip
    assert {row[0] for row in codes} == {"P10"}


def test_a_piece_without_numbers_has_empty_cells_and_no_codes(tmp_path: Path) -> None:
    batch = _batch(1, [_row()])
    bare = Batch(1, (Kind("vip", "letter"),), batch.file, 1, batch.rows, [Numbers("P1")])
    _written(tmp_path, [bare])
    assert _rows(tmp_path / "manifest.csv")[1][12:] == ["", "", "", "", "", "ab12", "", "0", "", *[""] * 5]
    assert len(_rows(tmp_path / "codes.csv")) == 1


def test_an_empty_job_has_tables_with_headings(tmp_path: Path) -> None:
    _written(tmp_path, [])
    assert _rows(tmp_path / "manifest.csv") == [list(MANIFEST_COLUMNS)]


def test_no_cell_of_the_manifest_is_a_formula(tmp_path: Path) -> None:
    fields = ("customer_id", "name", "postal_code", "address")
    rows = [_row(**{field: sign + "1+1"}) for field in fields for sign in DANGEROUS]
    batch = _batch(1, rows)
    numbers = [Numbers(f"P{i}", f"{DANGEROUS[i % 10]}POOL", "", offer=OFFER) for i in range(len(rows))]
    _written(tmp_path, [Batch(1, (Kind("vip", "letter"),), batch.file, 1, rows, numbers)])
    for name in ("manifest.csv", "codes.csv"):
        head, *written = _rows(tmp_path / name)
        assert not [cell for row in written for cell in row if cell.startswith(DANGEROUS)]
        if name == "manifest.csv":
            for row, original in zip(written, rows, strict=True):
                for field in fields:
                    assert unguard(row[head.index(field)]) == original[field]


@given(rows=st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), min_size=9, max_size=9)))
def test_lists_of_people_come_back_as_they_were(
    rows: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "rejections.csv"
    assert write_table(path, REJECTION_COLUMNS, rows) == len(rows)
    head, *written = _rows(path)
    assert head == list(REJECTION_COLUMNS)
    assert not [cell for row in written for cell in row if cell.startswith(DANGEROUS)]
    assert [[unguard(cell) for cell in row] for row in written] == rows


def test_numbers_and_flags_stay_numbers(tmp_path: Path) -> None:
    write_table(tmp_path / "groups.csv", GROUP_COLUMNS, [("1001", 3, -500, 10.5, None, "vip", True)])
    assert _rows(tmp_path / "groups.csv")[1] == ["1001", "3", "-500", "10.5", "", "vip", "1"]


def test_a_missing_part_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"), explained(tmp_path):
        collate(tmp_path, tmp_path, 1)
