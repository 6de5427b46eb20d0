"""Opening a ledger: where it lies, what is refused, and that no message tells a password."""

import os
import pickle
import sqlite3
import sys
from pathlib import Path

import pytest
from sqlalchemy import delete, make_url, update

from dmgen.errors import ExitCode, LedgerError
from dmgen.ledger import Ledger, tables


def test_a_ledger_keeps_its_own_id(place) -> None:
    assert place.open().id == place.open().id


@pytest.mark.parametrize("url", ["ledger.sqlite", "sqlite:///ledger.sqlite"])
def test_a_file_lies_beside_shop_toml_and_not_in_the_shell(tmp_path: Path, monkeypatch, url) -> None:
    shop, shell = tmp_path / "shop", tmp_path / "shell"
    shop.mkdir()
    shell.mkdir()
    monkeypatch.chdir(shell)
    Ledger.open(url, shop)
    assert (shop / "ledger.sqlite").is_file()
    assert list(shell.iterdir()) == []


def test_a_newer_format_is_refused_in_words(place) -> None:
    with place.open().database.writing("test") as connection:
        connection.execute(update(tables.meta).where(tables.meta.c.key == "format").values(value="6"))
    with pytest.raises(LedgerError, match=r"newer dmgen \(format 6; this one knows 5\).*pip install"):
        place.open()


def test_a_database_of_another_program_is_left_alone(place) -> None:
    ledger = place.open()
    with ledger.database.writing("test") as connection:
        connection.execute(delete(tables.meta))
    with pytest.raises(LedgerError, match="another program"):
        place.open()
    with ledger.database.writing("test") as connection:
        tables.meta.drop(connection)
    with pytest.raises(LedgerError, match="another program"):
        place.open()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("customer_id,name\n" * 100)
    with pytest.raises(LedgerError, match=r"customers\.csv.*not a database"):
        Ledger.open("customers.csv", tmp_path)


@pytest.mark.parametrize("url", ["missing/ledger.sqlite", ""])
def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path, url) -> None:
    with pytest.raises(LedgerError, match=r"shop\.toml"):
        Ledger.open(url, tmp_path)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://someone:s3cret@127.0.0.1/shop",
        "://",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql+psycopg://someone:s3cret@127.0.0.1:port/shop",
        "postgresql+psycopg://someone:half@s3cret@127.0.0.1/shop",
        "postgresql+psycopg://someone:s3cret@127.0.0.1:1/shop",
        "postgresql://someone:s3cret@no-such-host.invalid/shop",
    ],
)
def test_addresses_that_lead_nowhere_are_refused_without_the_password(tmp_path: Path, url) -> None:
    with pytest.raises(LedgerError) as refused:
        Ledger.open(url, tmp_path)
    said = repr(refused.value) + str(refused.value)
    assert "ledger" in said
    assert "s3cret" not in said
    assert str(pickle.loads(pickle.dumps(refused.value))) == str(refused.value)
    assert refused.value.exit_code is ExitCode.LEDGER


def test_a_wrong_password_is_not_repeated(tmp_path: Path) -> None:
    """Not even where the server names a user who is called like it."""
    server = os.environ.get("DMGEN_TEST_POSTGRES")
    if not server:
        pytest.skip("needs PostgreSQL: set DMGEN_TEST_POSTGRES")
    wrong = make_url(server).set(username="s3cret", password="s3cret").render_as_string(hide_password=False)
    with pytest.raises(LedgerError, match="password authentication failed") as refused:
        Ledger.open(wrong, tmp_path)
    assert "s3cret" not in str(refused.value)


def test_a_missing_driver_names_the_extra(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(LedgerError, match=r"pip install 'dmgen\[postgres\]'"):
        Ledger.open("postgresql+psycopg://someone@127.0.0.1/shop", tmp_path)


def test_an_error_while_writing_tells_no_customers_data(place) -> None:
    ledger = place.open()
    drop = ("aobado", "april", "2026-04-10", "customer-1001")
    with pytest.raises(LedgerError, match=r"unique|UNIQUE") as refused, ledger.database.writing("test") as connection:
        tables.insert_rows(connection, tables.pieces, [("222222222222", *drop)])
        tables.insert_rows(connection, tables.pieces, [("333333333333", *drop)])
    assert "customer-1001" not in str(refused.value)


def test_a_ledger_that_is_written_to_says_so_after_a_while(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("dmgen.ledger.database.PATIENCE", 0.1)
    ledger = Ledger.open("ledger.sqlite", tmp_path)
    other = sqlite3.connect(tmp_path / "ledger.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerError, match="locked"), ledger.database.writing("test"):
        pass
    other.close()
