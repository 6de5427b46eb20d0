"""The folder as a whole: the same tables make the same bytes, the two tables must agree, ids only."""

import re

import pytest

from dmgen.errors import PreflightError
from dmgen.fulfil import PARCELS, write_table
from tests.warehouse.conftest import NAME, PARCEL_COLUMNS, parcel
from tests.warehouse.test_packing_list import texts

ROWS = [parcel(1, "S1"), parcel(2, "S2", reason="control"), parcel(3, "S3", wave="B", order_ids="髙é")]


def test_the_same_tables_make_the_same_bytes_whoever_makes_them(warehouse, monkeypatch):
    first, _ = warehouse(ROWS, out="one")
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    second, _ = warehouse(ROWS, out="two", workers=2)
    names = sorted(file.name for file in first.iterdir())
    assert names == [
        "characters.csv", "manifest.xlsx", "packing-01.pdf", "packing-02.pdf", "picking-logiless.csv",
        "picking-nextengine.csv", "sku-lines-logiless.csv", "sku-lines-nextengine.csv",
    ]  # fmt: skip
    assert {name: (first / name).read_bytes() for name in names} == {
        name: (second / name).read_bytes() for name in names
    }


def test_what_a_broken_run_left_is_not_packed_from(warehouse):
    """A wave fewer than before leaves no list behind."""
    first, _ = warehouse(ROWS)
    second, _ = warehouse(ROWS[:1])
    assert first == second
    assert not (second / "packing-02.pdf").exists()


def test_only_the_workbook_knows_people(warehouse):
    folder, _ = warehouse(ROWS)
    for file in folder.iterdir():
        if file.suffix == ".csv":
            text = file.read_bytes().decode("cp932" if "nextengine" in file.name else "utf-8-sig")
        elif file.suffix == ".pdf":
            text = "".join(texts(file))
        else:
            continue
        assert not re.search("|".join([*NAME.split(), "000123", "060-0001"]), text), file.name


@pytest.mark.parametrize("fault", ["a piece too many", "a piece too few", "another outcome"])
def test_tables_that_do_not_agree_stop_the_job(warehouse, monkeypatch, fault):
    rows = [dict(row) for row in ROWS]
    if fault == "a piece too many":
        rows[1] |= {"piece_id": "PX", "outcome": "piece"}
    elif fault == "a piece too few":
        rows[0] |= {"piece_id": "", "outcome": "empty", "reason": "control"}
    else:
        rows[0]["outcome"] = "empty"

    def other(path, columns, written):
        table = ([row[c] for c in PARCEL_COLUMNS] for row in rows) if path.name == PARCELS else written
        return write_table(path, columns, table)

    monkeypatch.setattr("tests.warehouse.conftest.write_table", other)
    with pytest.raises(PreflightError, match="do not name the same letters"):
        warehouse(ROWS)


def test_a_job_without_parcels_on_its_list_has_empty_tables(warehouse):
    folder, remarks = warehouse([])
    assert remarks == []
    assert (folder / "manifest.xlsx").is_file()
    assert not list(folder.glob("*.pdf"))
