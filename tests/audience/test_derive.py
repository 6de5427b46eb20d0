"""Customers made from orders, or given ids: one a person, the same in every run, nothing of them in the clear."""

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from dmgen.audience import Audience, load_audience
from dmgen.errors import CampaignError, ListError

from .conftest import build

HEADER = "order_id,customer_id,ordered_on,amount,status,name,postal_code,address,email,phone,note"


def order(key: str, **cells: str) -> str:
    row = dict.fromkeys(HEADER.split(","), "") | {
        "order_id": key, "ordered_on": "2026-01-01", "amount": "100", "status": "completed", "name": "山田 太郎",
        "postal_code": "100-0001", "address": "東京都千代田区千代田1-1",
    }  # fmt: skip
    return ",".join('"' + cell + '"' for cell in (row | cells).values())


def load(folder: Path, *orders: str) -> Audience:
    return load_audience(build(folder, None, "\n".join((HEADER, *orders)), no_opt_out_recorded=True))


def people_of(audience: Audience, *names: str) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in audience.rows(range(audience.customers_read), names)]


def test_one_customer_a_person(tmp_path: Path) -> None:
    audience = load(
        tmp_path,
        order("1", customer_id="C1", email="a@example.com"),
        order("2", email="A@Example.com "),  # a guest's order, of C1's e-mail address
        order("3", email="b@example.com", name="佐藤 花", ordered_on="2026-02-01", address="東京都港区2-2"),
        order("4", email="b@example.com", name="佐藤 花", ordered_on="2026-03-01", address="東京都港区3-3"),
        order("5", email="b@example.com", name="佐藤 花", address="東京都港区1-1"),
        order("6", name="鈴木　一", address="東京都北区1-1"),
        order("7", name="鈴木 一", address="東京都北区１－１".replace("－", "-")),
        order("8", name="", address="", postal_code="", phone="03-1234-5678"),
        order("9", name="", address="", postal_code=""),
        order("10", name="佐藤花", address="東京都港区１-１", ordered_on="2025-01-01"),  # of the e-mail address's
    )
    rows = people_of(audience, "line", "name", "address", "purchases", "spent")
    assert rows == [
        (3, "山田 太郎", "東京都千代田区千代田1-1", 2, 200),
        (5, "佐藤 花", "東京都港区3-3", 4, 400),
        (8, "鈴木 一", "東京都北区１-１", 2, 200),
        (9, "", "", 1, 100),
    ]
    (own,), *derived = people_of(audience, "customer_id")
    assert own == "C1"
    assert all(re.fullmatch("d-[0-9a-f]{16}", str(key)) for (key,) in derived)
    assert audience.order_counts == {"read": 10, "unlisted_customer": 1, "counted": 9}
    assert [str(remark).split("so ")[1] for remark in audience.remarks] == [
        "4 are made of its buyers: 1 by customer id, 1 by e-mail address, 1 by name and address, 1 by phone."
    ]


def test_ids_are_the_same_whatever_else_the_list_holds(tmp_path: Path) -> None:
    rows = [order(str(n), email=f"p{n % 7}@example.com", name=f"人{n % 7}") for n in range(30)]
    first = {row[0] for row in people_of(load(tmp_path, *rows), "customer_id")}
    random.Random(1).shuffle(rows)
    assert {row[0] for row in people_of(load(tmp_path, *rows), "customer_id")} == first
    assert {row[0] for row in people_of(load(tmp_path, *rows[:20]), "customer_id")} <= first
    other = build(tmp_path, None, tmp_path / "orders.csv", no_opt_out_recorded=True)
    other = replace(other, shop=replace(other.shop, id="another"))
    assert not {row[0] for row in people_of(load_audience(other), "customer_id")} & first


def test_a_mail_address_of_two_ids_is_neithers(tmp_path: Path) -> None:
    rows = [order("1", customer_id="C1", email="a@x.jp"), order("2", customer_id="C2", email="a@x.jp")]
    audience = load(tmp_path, *rows, order("3", email="a@x.jp"))
    assert [row[1] for row in people_of(audience, "customer_id", "purchases")] == [1, 1, 1]


def test_a_note_of_any_order_is_the_customers(tmp_path: Path) -> None:
    """What says no to mail counts, although a later order does not repeat it."""
    rows = [
        order("1", email="a@x.jp", note="DM不要"),
        order("2", email="a@x.jp", ordered_on="2026-04-01"),
        order("3", email="a@x.jp", ordered_on="2026-05-01", note="熨斗"),
    ]
    (bad,) = load(tmp_path, *rows).rejections()
    assert (bad.line, bad.outcome, bad.value) == (4, "suppressed", "DM不要 / 熨斗")


def test_the_file_may_be_named_as_both_lists(tmp_path: Path) -> None:
    text = "\n".join((HEADER, order("1", email="a@x.jp")))
    (tmp_path / "orders.csv").write_text(text, "utf-8")
    both = build(tmp_path, tmp_path / "orders.csv", tmp_path / "orders.csv", no_opt_out_recorded=True)
    assert load_audience(both).customers_read == 1


def test_orders_that_do_not_say_who_bought_make_no_customers(tmp_path: Path) -> None:
    with pytest.raises(ListError, match="do not say who bought"):
        load_audience(build(tmp_path, None, "order_id,customer_id,ordered_on,amount,status\n"))
    with pytest.raises(CampaignError, match="no list of customers"):
        load_audience(build(tmp_path, None))


LIST = "氏名,郵便番号,住所,メールアドレス,電話番号"


def test_a_list_without_ids_gets_some(tmp_path: Path) -> None:
    rows = [
        "山田 太郎,100-0001,東京都千代田区1-1,a@x.jp,",
        "山田 花子,100-0001,東京都千代田区1-1,a@x.jp,",
        "佐藤 一,100-0001,東京都千代田区2-2,,",
        "鈴木 二,100-0001,東京都千代田区3-3,c@x.jp,",
        "鈴木 二,100-0001,東京都千代田区4-4,c@x.jp,",
    ]
    audience = load_audience(build(tmp_path, "\n".join((LIST, *rows)), no_opt_out_recorded=True))
    ids = [str(row[0]) for row in people_of(audience, "customer_id")]
    assert len(set(ids)) == 5
    assert any("5 rows get one of their own: 4 by e-mail" in str(remark) for remark in audience.remarks)
    alone = load_audience(build(tmp_path, "\n".join((LIST, rows[0])), no_opt_out_recorded=True))
    assert people_of(alone, "customer_id") == [(ids[0],)]


def test_a_list_without_ids_beside_orders_with_ids_is_refused(tmp_path: Path) -> None:
    """Made ids would match no order: the shop's own must be found."""
    customers = "\n".join((LIST, "山田 太郎,100-0001,東京都千代田区1-1,a@x.jp,"))
    orders = "order_id,customer_id,ordered_on,amount,status\n1,C1,2026-01-01,100,completed\n"
    with pytest.raises(ListError, match="customer_id is missing"):
        load_audience(build(tmp_path, customers, orders, no_opt_out_recorded=True))
