"""`dmgen ledger backup`: a whole copy of the ledger, taken at any moment, that nothing is written over."""

import sqlite3
from pathlib import Path

import pytest

from dmgen.errors import LedgerError
from dmgen.ledger import backup, copy_ledger
from dmgen.ledger.database import open_database
from tests.jobs import Desk
from tests.ledger.conftest import KEY, coupons, place, recipients  # noqa: F401

SHOP = ("--shop", "layouts", "--lang", "en")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.at(tmp_path)


def test_a_copy_in_the_place_of_the_ledger_knows_who_said_no(desk: Desk) -> None:
    desk.invoke("withdraw", "55555", *SHOP)
    made = desk.invoke("ledger", "backup", "copies/monday.sqlite", *SHOP)
    assert made.exit_code == 0, made.output
    copy = desk.root / "copies" / "monday.sqlite"
    assert copy.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in copy.parent.iterdir()] == [copy.name]
    copy.replace(desk.ledger)
    assert "55555" in desk.invoke("withdraw", "--list", *SHOP).output


def test_nothing_is_written_over(desk: Desk) -> None:
    """An older copy, the ledger itself, a folder, a link that leads nowhere."""
    desk.invoke("withdraw", "55555", *SHOP)
    (desk.root / "old.sqlite").write_text("old")
    (desk.root / "link.sqlite").symlink_to("nowhere")
    before = desk.ledger.read_bytes()
    for file in ("old.sqlite", "layouts/ledger.sqlite", "layouts", "link.sqlite"):
        refused = desk.invoke("ledger", "backup", file, *SHOP)
        assert (refused.exit_code, "is there already" in refused.output) == (5, True), refused.output
    assert ((desk.root / "old.sqlite").read_text(), desk.ledger.read_bytes()) == ("old", before)
    assert not (desk.root / "nowhere").exists()


def test_no_ledger_is_made_to_be_copied(desk: Desk) -> None:
    refused = desk.invoke("ledger", "backup", "copy.sqlite", *SHOP)
    assert (refused.exit_code, "no ledger yet" in refused.output) == (4, True)
    assert not desk.ledger.exists()
    assert not (desk.root / "copy.sqlite").exists()


def test_a_damaged_ledger_gives_no_copy(desk: Desk) -> None:
    """A copy that is not sound would be found out on the day it is needed."""
    desk.run("hello", "--drop", "2026-05-01")
    content = bytearray(desk.ledger.read_bytes())
    content[-4096:] = b"\x5a" * 4096
    desk.ledger.write_bytes(content)
    refused = desk.invoke("ledger", "backup", "copies/copy.sqlite", *SHOP)
    assert (refused.exit_code, "damaged" in refused.output) == (4, True), refused.output
    assert not list((desk.root / "copies").iterdir())


def ledgers(place) -> list[str]:  # noqa: F811
    with place.open().database.reading() as connection:
        return [row[0] for row in connection.exec_driver_sql("SELECT piece_id FROM pieces ORDER BY 1")]


def test_a_copy_holds_whole_transactions_only(place, tmp_path: Path) -> None:  # noqa: F811
    """Taken while numbers are being issued, it has those of before; a server's ledger is copied by pg_dump."""
    ledger, copy = place.open(), tmp_path / "copy.sqlite"
    with ledger.issuing(KEY) as issuing:
        issuing.issue(recipients(3), [coupons(3)])
    before = ledgers(place)
    copy.touch()
    if ledger.database.file is None:
        with pytest.raises(LedgerError) as refused:
            copy_ledger(ledger.database, copy, Path("of monday.dump"))
        url = ledger.database.engine.url
        assert f"pg_dump --format=custom '--file=of monday.dump' --host={url.host}" in str(refused.value)
        assert ":" not in str(refused.value).partition("Type:")[2]  # no user:password@host
        return
    with ledger.issuing(KEY) as issuing:
        issuing.issue([*recipients(3), "9999"], [coupons(4)])
        copy_ledger(ledger.database, copy, copy)
    with sqlite3.connect(copy) as copied:
        assert [row[0] for row in copied.execute("SELECT piece_id FROM pieces ORDER BY 1")] == before
    assert len(ledgers(place)) == 4


def test_a_ledger_that_stays_locked_is_not_waited_for_without_end(desk: Desk, monkeypatch) -> None:
    desk.invoke("withdraw", "55555", *SHOP)
    monkeypatch.setattr(backup, "PATIENCE", 0)
    with sqlite3.connect(desk.ledger, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        copy = desk.root / "copy.sqlite"
        copy.touch()
        with pytest.raises(LedgerError, match="locked"):
            copy_ledger(open_database(str(desk.ledger), desk.root), copy, copy)
