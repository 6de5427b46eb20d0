"""One ledger for every test, once in SQLite and once in PostgreSQL."""

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy

from dmgen.ledger import Ledger
from dmgen.model.lottery import DIGITS
from dmgen.model.offer import CodeKind, CodeOrder, DropKey
from dmgen.offers import coupon, link, lottery

KEY = DropKey("aobado", "april-thanks", date(2026, 4, 10))


@dataclass(frozen=True)
class Place:
    """Where a ledger is; picklable, so that other processes can open it too."""

    url: str
    base: Path

    def open(self) -> Ledger:
        return Ledger.open(self.url, self.base)


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "sqlite":
        yield Place("ledger.sqlite", tmp_path)
        return
    server = os.environ.get("DMGEN_TEST_POSTGRES")
    if not server:
        pytest.skip("needs PostgreSQL: set DMGEN_TEST_POSTGRES")
    schema = f"test_{uuid.uuid4().hex}"
    engine = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    url = sqlalchemy.make_url(server).update_query_dict({"options": f"-csearch_path={schema}"})
    yield Place(url.render_as_string(hide_password=False), tmp_path)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
def ledger(place: Place) -> Ledger:
    return place.open()


def recipients(count: int) -> list[str]:
    return [str(1001 + number) for number in range(count)]


def coupons(count: int, terms: str = "500 yen", draw=coupon.draw) -> CodeOrder:
    return CodeOrder(CodeKind.COUPON, "thanks", terms, range(count), draw)


EIGHT_DIGITS = partial(lottery.draw, form=DIGITS)


def tickets(owners: list[int], key: DropKey = KEY, draw=EIGHT_DIGITS) -> CodeOrder:
    return CodeOrder(CodeKind.TICKET, "lottery", "8", owners, draw, f"{key.shop}/{key.campaign}/{key.drop}")


def links(count: int) -> CodeOrder:
    return CodeOrder(CodeKind.LINK, "coupon", "", range(count), link.draw)


def rows(ledger: Ledger, table: sqlalchemy.Table) -> list[tuple]:
    with ledger.database.reading() as connection:
        return sorted(tuple(row) for row in connection.execute(sqlalchemy.select(table)))
