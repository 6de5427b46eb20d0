"""Bad lists as they really occur, through a whole `run`: right, or refused by name; never half right."""

import json

import pytest

from dmgen.model.cells import unguard
from tests.jobs import Desk, rows, shared, squeezed

LETTERS = {"01": 6, "02": 3, "03": 3, "04": 3, "05": 3, "06": 3, "13": 10, "15": 6, "19": 2, "35": 0}
REFUSED = {
    "07_duplicate_header.csv": ("street", "more than once"),
    "09_missing_required_column.csv": ("postal_code", "dm_opt_out", "name_kana"),
    "10_rakuten_like_orders.csv": ("list of orders", "rakuten", "orders = …"),  # given as customers
    "11_shopify_like_customers.csv": ("dm_opt_out", "Last Name"),  # e-mail consent is none to post
    "33_empty.csv": ("empty",),
    "34_bom_only.csv": ("empty",),
    "38_html_table.xls": ("HTML",),
}


@pytest.fixture
def desk(tmp_path):
    return Desk.at(tmp_path)


def adversarial(name: str):
    return next(shared("data", "adversarial").glob(f"{name}*"))


def expected(number: str) -> list[dict]:
    lines = next(shared("data", "adversarial", "expected").glob(f"{number}_*")).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("number", LETTERS)
def test_lists_that_must_be_right_are(desk, number):
    """Each accepted row has a letter with the expected name in it, each rejected one a reason."""
    job = desk.run("hello", "--as-of", "2026-09-30", "--customers", adversarial(number))
    assert len(job.manifest) == LETTERS[number]
    wanted = [] if number == "35" else expected(number)
    assert [row["customer_id"] for row in job.manifest] == [row["key"] for row in wanted if row["action"] == "accept"]
    names = {row["key"]: row["fields"].get("name") for row in wanted}
    for row, text in job.texts():
        name = names[row["customer_id"]]
        assert name is None or unguard(row["name"]) == name
        assert squeezed(unguard(row["name"])) in squeezed(text)
    assert len(job.rejections) == len(wanted) - len(job.manifest)


@pytest.mark.parametrize("name", REFUSED)
def test_lists_that_are_not_understood_are_refused_by_name(desk, name):
    """One clear line with the file's name, exit code 3, nothing written, and nobody's data quoted."""
    result = desk.invoke("run", "layouts/hello", "--customers", adversarial(name), "--out", "job", "--lang", "en")
    assert result.exit_code == 3
    assert result.stdout == ""
    message = result.stderr.strip()
    assert len(message.splitlines()) == 1
    assert all(word in message for word in (name, *REFUSED[name])), message
    assert "@" not in message
    assert not (desk.root / "job").exists()


def test_ragged_rows_are_named_with_line_and_number_of_fields(desk):
    job = desk.run("hello", "--customers", adversarial("19"))
    named = {int(row["line"]): (row["reason"], row["value"].split()[0]) for row in job.rejections}
    assert sorted(named.values()) == [("ragged_row", "15"), ("ragged_row", "15"), ("ragged_row", "4")]
    assert all(line > 1 for line in named)


def test_no_written_cell_is_a_formula(desk):
    """What a spreadsheet would run carries an apostrophe, in every file of the job."""
    job = desk.run("hello", "--customers", adversarial("13"))
    for name in ("manifest.csv", "codes.csv", "rejections.csv", "groups.csv"):
        cells = [cell for row in rows(job.folder / name) for cell in row.values()]
        assert [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell] == []
    assert any(row["name"].startswith("'=") for row in job.manifest)


@pytest.mark.parametrize("number", ["23", "29", "30"])
def test_lists_of_unclear_cells_lose_no_row(desk, number):
    """Postal codes, amounts and dates that are not understood are rejected one by one."""
    file = adversarial(number)
    job = desk.run("hello", "--as-of", "2026-09-30", "--customers" if number == "23" else "--orders", file)
    assert sum(job.counts["outcomes"].values()) == job.counts["customers"]
    if number == "23":
        assert job.counts["customers"] == 45
        return
    orders = job.counts["orders"]
    assert orders["read"] == sum(n for what, n in orders.items() if what != "read") == len(expected(number))
    named = [row for row in job.rejections if row["source"] == "orders"]
    assert (
        len(named) == orders["rejected"] == sum(n for k, n in job.counts["reasons"].items() if k.startswith("orders."))
    )
    assert job.counts["outcomes"]["rejected"] == sum(
        n for key, n in job.counts["reasons"].items() if key.startswith("customers.rejected.")
    )
