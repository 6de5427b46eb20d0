"""The shop's own codes: handed out once over all runs, and counted before anything is printed."""

import pytest

from tests.jobs import Desk, people


@pytest.fixture
def desk(tmp_path) -> Desk:
    desk = Desk.at(tmp_path)
    desk.write("assets/lists/customers.csv", people(5))
    desk.edit("layouts/hello/campaign.toml", 'valid   = "30 days"', 'valid   = "30 days"\ncodes = "pool:codes.csv"')
    return desk


def pool(desk: Desk, count: int) -> list[str]:
    codes = [f"AOBA{n:04d}" for n in range(count)]
    desk.write("layouts/hello/codes.csv", "code\n" + "\n".join(codes) + "\n")
    return codes


def refused(desk: Desk, command: str, *texts: str, day: str = "2026-06-01") -> None:
    result = desk.invoke(command, "layouts/hello", "--drop", day, "--lang", "en")
    assert result.exit_code == 1, result.output
    for text in ("codes.csv", "exhausted", *texts):
        assert text in result.stderr, result.stderr


def test_check_finds_a_pool_that_is_too_short_and_leaves_no_ledger(desk: Desk) -> None:
    pool(desk, 3)
    refused(desk, "check", "5 recipients need one, 3 of 3 are left", "at least 2 unused codes")
    assert not desk.ledger.exists()
    pool(desk, 5)
    assert desk.invoke("check", "layouts/hello").exit_code == 0
    assert not desk.ledger.exists()


def test_codes_that_earlier_drops_got_are_not_left(desk: Desk) -> None:
    codes = pool(desk, 8)
    first = desk.run("hello", "--drop", "2026-05-01", out="a")
    refused(desk, "check", "5 recipients need one, 3 of 8 are left", "at least 2 unused codes")
    before = desk.ledger.read_bytes()
    refused(desk, "run", "5 recipients need one, 3 of 8 are left")
    assert not (desk.root / "output").exists() or not list((desk.root / "output").rglob("*.pdf"))
    pool(desk, 10)
    second = desk.run("hello", "--drop", "2026-06-01", out="b")
    given = [row["coupon_code"] for job in (first, second) for row in job.manifest]
    assert sorted(given) == pool(desk, 10)
    assert set(codes) < set(given)
    assert before != desk.ledger.read_bytes()


def test_whoever_has_their_code_in_this_drop_needs_none(desk: Desk) -> None:
    """The same drop again takes nothing out of the pool; one more customer takes one."""
    pool(desk, 5)
    first = desk.run("hello", "--drop", "2026-05-01", out="a")
    assert desk.invoke("check", "layouts/hello", "--drop", "2026-05-01").exit_code == 0
    assert desk.run("hello", "--drop", "2026-05-01", out="b").issued() == first.issued()
    desk.write("assets/lists/customers.csv", people(6))
    refused(desk, "check", "1 recipients need one, 0 of 5 are left", day="2026-05-01")


def test_a_limit_needs_only_so_many(desk: Desk) -> None:
    pool(desk, 3)
    assert desk.invoke("check", "layouts/hello", "--limit", "3").exit_code == 0
    assert desk.invoke("check", "layouts/hello", "--limit", "4").exit_code == 1


def test_a_server_is_always_asked(desk: Desk) -> None:
    """It alone knows who said no after a run; a look that cannot ask must not show letters to them."""
    pool(desk, 5)
    desk.edit("layouts/hello/campaign.toml", 'codes = "pool:codes.csv"', "")
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    asked = desk.invoke("check", "layouts/hello", "--lang", "en", DMGEN_LEDGER=nowhere)
    assert asked.exit_code == 4, asked.output
