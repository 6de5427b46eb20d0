"""[guard]: a job that is not as expected is not issued, and says which number stopped it."""

import json

import pytest

from tests.jobs import CUSTOMER, Desk, people


@pytest.fixture
def desk(tmp_path):
    """Ten customers, of whom one has no postal code, one an unclear wish and one said no."""
    desk = Desk.at(tmp_path)
    text = (
        people(10)
        .replace("客 1,100-0001", "客 1,")
        .replace(",2-1,0\n", ",2-1,perhaps\n")
        .replace(",3-1,0\n", ",3-1,1\n")
    )
    desk.write("assets/lists/customers.csv", text)
    return desk


def guard(desk: Desk, line: str) -> None:
    path = desk.root / "layouts" / "hello" / "campaign.toml"
    path.write_text(path.read_text("utf-8").partition("\n[guard]")[0] + f"\n[guard]\n{line}\n", "utf-8")


def stopped(desk: Desk, *says: str) -> None:
    """The run and its check both stop with exit 3, and nothing is left behind."""
    for command in (("run", "layouts/hello", "--out", "job"), ("check", "layouts/hello")):
        result = desk.invoke(*command, "--lang", "en")
        assert result.exit_code == 3, result.output
        for said in ("campaign.toml", "Nothing was issued", *says):
            assert said in result.stderr
    assert not (desk.root / "job").exists()
    assert desk.invoke("jobs").stdout == ""


def passes(desk: Desk, out: str = "job") -> None:
    job = desk.run("hello", "--lang", "en", out=out)
    assert sum(job.counts["outcomes"].values()) == job.counts["customers"]


@pytest.mark.parametrize(
    ("line", "stops"),
    [
        ("max_rejected = 0.1", True),
        ("max_rejected = 0.2", False),  # two of ten are not more than a fifth
        ("max_rejected = 1", True),
        ("max_rejected = 2", False),
        ("max_rejected = 0", True),
        ("max_pieces = 6", True),
        ("max_pieces = 7", False),
    ],
)
def test_a_number_stops_what_is_beyond_it(desk, line, stops):
    guard(desk, line)
    if stops:
        stopped(desk, f"[guard] {line}:")
    else:
        passes(desk)


def test_who_said_no_is_not_a_rejected_row(desk):
    """A shop with many opt-outs has no bad list."""
    guard(desk, "max_rejected = 2")
    desk.write("assets/lists/customers.csv", people(10).replace("-1,0\n", "-1,1\n"))
    passes(desk)


def test_letters_that_cannot_be_set_count_as_rejected(desk):
    desk.write("assets/lists/customers.csv", people(10).replace("客 3", "客 \U0001f600"))
    guard(desk, "max_rejected = 0")
    stopped(desk, "1 of 10")


def test_a_limit_keeps_a_job_below_the_guard(desk):
    guard(desk, "max_pieces = 6\n[limits]\npieces = 6")
    passes(desk)


def test_a_list_that_shrank_since_the_last_drop_is_no_whole_export(desk):
    guard(desk, "max_shrink = 0.2")
    passes(desk, out="first")  # nothing to compare with
    for count, stops in ((7, True), (8, False), (20, False)):
        desk.write("assets/lists/customers.csv", people(count))
        result = desk.invoke("run", "layouts/hello", "--drop", "2026-06-01", "--out", "second", "--lang", "en")
        assert result.exit_code == (3 if stops else 0), result.output
        if stops:
            assert "max_shrink = 0.2: the list has 7 customers, at the last drop it had 10" in result.stderr


def test_a_drop_is_not_compared_with_its_own_practice(desk):
    guard(desk, "max_shrink = 0.2")
    passes(desk)
    desk.write("assets/lists/customers.csv", people(2))
    passes(desk)


def test_what_guards_is_in_the_jobs_record(desk):
    guard(desk, "max_pieces = 100")
    settings = desk.run("hello").ticket["settings"]
    assert settings["guard"] == {"max_rejected": None, "max_pieces": 100, "max_shrink": None}
    assert settings["contact"] == {"minimum_days": None, "letters": None, "days": 365}


def test_without_a_guard_nothing_stops(desk):
    desk.write("assets/lists/customers.csv", CUSTOMER + "\n,x,,,,,\n")
    look = json.loads(desk.invoke("check", "layouts/hello", "--json").stdout)
    assert look["counts"]["outcomes"]["rejected"] == 1
