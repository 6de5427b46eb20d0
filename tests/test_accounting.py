"""The rows that a person can mend are found among thousands that are as they should be."""

from itertools import pairwise
from pathlib import Path

import pytest

from tests.jobs import Desk, Job, rows

HEADER = "customer_id,name,postal_code,prefecture,city,street,dm_opt_out"
FIXABLE = (
    ("postal_code_invalid", "客 一,10-00,東京都,千代田区千代田,1-1,0"),
    ("postal_code_missing", "客 二,,東京都,千代田区千代田,1-2,0"),
    ("name_missing", ",100-0001,東京都,千代田区千代田,1-3,0"),
    ("name_damaged", "??,100-0001,東京都,千代田区千代田,1-4,0"),
    ("address_missing", "客 五,100-0001,,,,0"),
    ("opt_out_unclear", "客 六,100-0001,東京都,千代田区千代田,1-6,?"),
    ("opt_out_unclear", "客 七,100-0001,東京都,千代田区千代田,1-7,たぶん"),
    ("ragged_row", "客 八,100-0001,東京都,千代田区千代田,1-8,0,x"),
    ("name_damaged", "\ufffd,100-0001,東京都,千代田区千代田,1-9,0"),
    ("missing_glyph", "客 \U0001f600,100-0001,東京都,千代田区千代田,1-10,0"),
)
OPTED_OUT, LETTERS = 3000, 5


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, Job]:
    """A drop to a list most of whose people want no mail."""
    desk = Desk.at(tmp_path_factory.mktemp("desk"))
    no = [f"N{n:04},断 {n},100-0001,東京都,千代田区千代田,{n}-1,1" for n in range(OPTED_OUT)]
    yes = [f"Y{n},客 {n},100-0001,東京都,千代田区千代田,{n}-2,0" for n in range(LETTERS)]
    listed = no[:1500] + [f"F{n},{row}" for n, (_, row) in enumerate(FIXABLE)] + yes + no[1500:]
    desk.write("list.csv", "\n".join((HEADER, *listed)) + "\n")
    return desk, desk.run("hello", "--customers", desk.root / "list.csv")


def test_ten_rows_to_mend_are_found_among_thousands_of_opt_outs(job: tuple[Desk, Job]) -> None:
    """Exactly these ten, each with its line, its reason and what to do, reason by reason."""
    _, made = job
    found = rows(made.folder / "to-mend.csv")
    wanted = {f"F{n}": reason for n, (reason, _) in enumerate(FIXABLE)}
    assert {row["customer_id"]: row["reason"] for row in found} == wanted
    assert len(found) == len(FIXABLE)
    lines = (made.folder.parent / "list.csv").read_text("utf-8").splitlines()
    for row in found:
        assert lines[int(row["line"]) - 1].startswith(f"{row['customer_id']},")
        assert row["message"] != row["reason"]
        assert len(row["what_to_do"]) > 10
    reasons = [row["reason"] for row in found]
    runs = sum(one != other for one, other in pairwise(reasons)) + 1
    assert runs == len(set(reasons)), "rows of one reason stand together"


def test_rejections_begin_with_what_can_be_mended(job: tuple[Desk, Job]) -> None:
    _, made = job
    outcomes = [row["outcome"] for row in made.rejections]
    assert outcomes == ["review"] * 2 + ["rejected"] * 8 + ["suppressed"] * OPTED_OUT
    suppressed = [int(row["line"]) for row in made.rejections if row["outcome"] == "suppressed"]
    assert suppressed == sorted(suppressed)
    assert made.counts["to_mend"] == len(FIXABLE)
    assert made.counts["outcomes"]["printed"] == LETTERS
    assert "to-mend.csv" in made.ticket["files"]


def test_check_names_the_first_rows_and_run_the_file(job: tuple[Desk, Job]) -> None:
    desk, _ = job
    checked = desk.invoke("check", "layouts/hello", "--customers", desk.root / "list.csv", "--lang", "en")
    assert "Rows to mend: 10" in checked.output
    assert "customers 1502" in checked.output
    ran = desk.invoke(
        "run", "layouts/hello", "--customers", desk.root / "list.csv", "--out", "again", "--lang", "en"
    )  # fmt: skip
    assert "again/to-mend.csv" in ran.output.replace("\n", "")


def test_where_nothing_is_to_be_mended_there_is_no_such_list(tmp_path: Path) -> None:
    """And an earlier run's is taken away."""
    desk = Desk.at(tmp_path)
    good = "Y1,客 一,100-0001,東京都,千代田区千代田,1-2,0"
    desk.write("list.csv", "\n".join((HEADER, good, f"Y2,{FIXABLE[0][1]}")) + "\n")
    made = desk.run("hello", "--customers", desk.root / "list.csv")
    assert len(rows(made.folder / "to-mend.csv")) == 1
    desk.write("list.csv", "\n".join((HEADER, good)) + "\n")
    desk.run("hello", "--customers", desk.root / "list.csv")
    assert not (made.folder / "to-mend.csv").exists()
