"""Purchases and groups: every order counted once, groups as a second plain implementation has them."""

import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.audience import load_audience
from dmgen.errors import ListError
from dmgen.model.campaign import ColumnRule, ColumnType

from .conftest import AS_OF, ORDERS, build, people, person

Order = tuple[str, date, int, str]


def plain_cpm(orders: list[Order], listed: str) -> dict[str, tuple[int, int, int, int, str, int]]:
    """Customer portfolio management, one customer at a time, in fractions."""
    bought: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for who, day, amount, status in orders:
        if status == "completed" and amount > 0 and day <= AS_OF and who in listed:
            bought[who].append((day, amount))
    revenue = sum(amount for purchases in bought.values() for _, amount in purchases)
    found = {}
    for who, purchases in bought.items():
        first, last = min(day for day, _ in purchases), max(day for day, _ in purchases)
        spent, tenure = sum(amount for _, amount in purchases), (last - first).days
        good = spent >= 7 * Fraction(revenue, len(bought))
        if len(purchases) == 1:
            group = "first_time"
        elif tenure < 90:
            group = "yochiyochi"
        elif not good:
            group = "kotsukotsu"
        else:
            group = "ryuko" if tenure < 210 else "yuryo"
        recency = (AS_OF - last).days
        found[who] = (len(purchases), spent, tenure, recency, group, int(recency >= 240))
    return found


WHO = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DAY = st.one_of(st.sampled_from([-1, 0, 1, 89, 90, 91, 209, 210, 211, 239, 240, 241]), st.integers(-5, 900)).map(
    lambda days: AS_OF - timedelta(days=days)
)
ORDER = st.tuples(
    st.sampled_from("AAAAABBBBCC" + WHO + "?"), DAY, st.sampled_from([1, 1, 10, 100, 5000, 0, -5]),
    st.sampled_from(["completed"] * 6 + ["cancelled", "returned"]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(ORDER, max_size=60))
def test_cpm_agrees_with_a_plain_implementation(orders: list[Order]) -> None:
    lines = [f"{n},{who},{day},{amount},1,{status}" for n, (who, day, amount, status) in enumerate(orders)]
    # A third said no, a third has no name: they are not mailed, but they are customers all the same.
    rows = [
        person(who, dm_opt_out=str(int(n % 3 == 1)), name="" if n % 3 == 2 else "山田") for n, who in enumerate(WHO)
    ]
    with tempfile.TemporaryDirectory() as folder:
        audience = load_audience(build(Path(folder), people(*rows), "\n".join((ORDERS, *lines)), scheme="cpm"))
    expected = plain_cpm(orders, WHO)
    assert {who: tuple(rest) for who, *rest in audience.groups()} == expected
    assert [row[0] for row in audience.groups()] == sorted(expected)
    assert audience.group_counts() == Counter(group for *_, group, _ in expected.values())
    counts = audience.order_counts
    assert sum(counts.values()) == 2 * counts["read"] == 2 * len(orders)
    assert counts["counted"] == sum(row[0] for row in expected.values())


def test_seven_times_the_unit_price_is_met_exactly(tmp_path: Path) -> None:
    # Eight buyers; A spends 49 of 56, which is 7 × 7 to the yen; one yen less does not do.
    others = [f"{n},{who},2026-09-01,1,1,completed" for n, who in enumerate("BCDEFGH")]
    for amount, group in ((25, "yuryo"), (24, "kotsukotsu")):
        lines = [ORDERS, "x,A,2025-09-01,24,1,completed", f"y,A,2026-09-01,{amount},1,completed", *others]
        audience = load_audience(
            build(tmp_path, people(*(person(who) for who in "ABCDEFGH")), "\n".join(lines), scheme="cpm")
        )
        assert next(iter(audience.groups()))[5] == group


@pytest.mark.parametrize(
    ("tenure", "group"),
    [(89, "yochiyochi"), (90, "ryuko"), (209, "ryuko"), (210, "yuryo")],
)
def test_good_customers_change_group_on_the_day(tmp_path: Path, tenure: int, group: str) -> None:
    days = (AS_OF - timedelta(days=tenure), AS_OF)
    lines = [f"{n},A,{day},100,1,completed" for n, day in enumerate(days)]
    others = [f"{who},{who},{AS_OF},1,1,completed" for who in WHO[1:]]
    customers = people(*(person(who) for who in WHO))
    audience = load_audience(build(tmp_path, customers, "\n".join((ORDERS, *lines, *others)), scheme="cpm"))
    assert next(iter(audience.groups()))[5] == group


@pytest.mark.parametrize(("days", "lapsed"), [(239, 0), (240, 1)])
def test_customers_lapse_on_the_day(tmp_path: Path, days: int, lapsed: int) -> None:
    order = f"1,A,{AS_OF - timedelta(days=days)},100,1,completed"
    audience = load_audience(build(tmp_path, people(person("A")), f"{ORDERS}\n{order}", scheme="cpm"))
    assert list(audience.groups()) == [("A", 1, 100, 0, days, "first_time", lapsed)]


def test_every_order_is_counted_under_what_became_of_it(tmp_path: Path) -> None:
    rows = [
        "1,A,2026-09-30,100,1,Completed ",
        "2,A,2026-10-01,100,1,completed",
        "3,A,2026-09-30,0,1,completed",
        "4,A,2026-09-30,▲100,1,completed",
        "5,A,2026-09-30,100,1,cancelled",
        "6,X,2026-09-30,100,1,completed",
        "7,C,2026-09-30,100,1,completed",
        "1,A,2026-09-30,100,1,completed",
        ",A,2026-09-30,100,1,completed",
        "8,A,2026-09-30,ten,1,completed",
        "9,A,30/09/2026,100,1,completed",
        "10,A,2026-09-30",
    ]
    customers = people(person("A"), person("C"), person("C", name="別人"))
    audience = load_audience(build(tmp_path, customers, "\n".join((ORDERS, *rows)), scheme="cpm"))
    assert audience.order_counts == {
        "read": 12, "rejected": 5, "status:cancelled": 1, "no_amount": 2, "after_as_of": 1,
        "unlisted_customer": 1, "conflicting_customer": 1, "counted": 1,
    }  # fmt: skip
    bad = [(b.line, b.reason, b.field, b.value) for b in audience.rejections() if b.source == "orders"]
    assert bad == [
        (9, "order_id_twice", "order_id", "1"),
        (10, "order_id_missing", "order_id", ""),
        (11, "amount_unclear", "amount", "ten"),
        (12, "date_unclear", "ordered_on", "30/09/2026"),
        (13, "ragged_row", "", "3 fields, 6 expected"),
    ]
    assert list(audience.groups()) == [("A", 1, 100, 0, 0, "first_time", 0)]


def test_stamps_with_a_zone_fall_on_the_shops_calendar_day(tmp_path: Path) -> None:
    rows = ["1,A,2026-09-29T15:30:00Z,100,1,completed", "2,A,2026-09-30 23:59,100,1,completed"]
    orders = "\n".join((ORDERS.replace("ordered_on", "ordered_at"), *rows))
    audience = load_audience(build(tmp_path, people(person("A")), orders))
    (row,) = audience.rows([0], ["purchases", "first_order", "last_order", "average_basket", "group", "lapsed"])
    assert list(row.values()) == [2, date(2026, 9, 30), date(2026, 9, 30), 100, "", False]


def test_a_generic_country_counts_in_hundredths(tmp_path: Path) -> None:
    rows = ["1,A,2026-01-01,0.10,1,completed", "2,A,2026-01-02,0.2,1,completed", "3,A,2026-01-02,1.005,1,completed"]
    audience = load_audience(build(tmp_path, people(person("A")), "\n".join((ORDERS, *rows)), country="generic"))
    (row,) = audience.rows([0], ["spent", "average_basket"])
    assert row == {"spent": 0.3, "average_basket": 0.15}
    assert [bad.value for bad in audience.rejections()] == ["1.005"]


def test_the_product_is_that_of_the_latest_purchase(tmp_path: Path) -> None:
    rows = [
        "1,A,2026-02-01,100,completed,S1,梅", "2,A,2026-01-01,100,completed,S2,茶",
        "3,B,2026-01-01,100,completed,S9,海苔", "4,B,2026-01-01,100,completed,,新茶",
        "5,C,2026-01-01,100,completed,S1,x", "6,C,2026-03-01,100,cancelled,S2,x",
    ]  # fmt: skip
    orders = "\n".join(("order_id,customer_id,ordered_on,amount,status,sku,product", *rows))
    products = 'sku,name,usage,価格\nS1,南高梅,"毎朝\n一粒","1,200円"\nS2,煎茶,,800\n'
    columns = [ColumnRule("price", ("価格",), ColumnType.INT)]
    customers = people(*(person(who) for who in "ABCD"))
    audience = load_audience(build(tmp_path, customers, orders, products, columns=columns))
    a, b, c, d = (row["product"] for row in audience.rows([0, 1, 2, 3], ["product"]))
    assert (a.name, a.usage, a.price) == ("南高梅", "毎朝\n一粒", 1200)
    assert (b.name, b.usage) == ("新茶", "")
    assert c is a
    assert not d
    assert audience.records["product"].columns == ("sku", "name", "usage", "価格", "price")
    bare = load_audience(build(tmp_path, customers, orders))
    assert bare.records["product"].columns == ("*",)
    assert bare.rows([0], ["product"])[0]["product"].name == "梅"
    assert set(load_audience(build(tmp_path, customers)).records) == {"product"}


@pytest.mark.parametrize(
    ("products", "says"),
    [
        ("name\nx\n", "column sku"),
        ("sku,name\nS1,a\nS1,b\n", "line 3: the sku S1 stands in line 2"),
        ("sku,name\n,a\n", "line 2: the sku is missing"),
        ("sku,name\nS1,a,b\n", r"line 2: .* \(3 fields, 2 expected\)"),
        ("sku,price\nS1,cheap\n", 'line 2: "cheap" in the column price'),
    ],
)
def test_a_lookup_that_cannot_be_trusted_is_refused(tmp_path: Path, products: str, says: str) -> None:
    columns = [ColumnRule("price", ("price",), ColumnType.INT)] if "price" in products else []
    with pytest.raises(ListError, match=says):
        load_audience(build(tmp_path, people(person()), None, products, columns=columns))


def test_groups_agree_with_the_generators_own_truth(shared: Path, tmp_path: Path) -> None:
    generator = [sys.executable, shared / "data/scale/gen_scale.py", "--out", tmp_path, "--format", "parquet"]
    subprocess.run([*generator, "--customers", "300", "--orders", "1500", "--seed", "3"], check=True)
    # The generator counts completed orders of 0 yen, a purchase has an amount: this seed has none.
    assert min(pq.read_table(tmp_path / "orders.parquet")["amount"].to_pylist()) > 0
    campaign = build(tmp_path, tmp_path / "customers.parquet", tmp_path / "orders.parquet", scheme="cpm")
    audience = load_audience(campaign)
    truth = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    names = {"second": "yochiyochi"}
    wanted = {names.get(group, group): sum(n.values()) for group, n in truth["segments"].items()}
    assert audience.group_counts() == {group: n for group, n in wanted.items() if n}
    lapsed = sum(row[6] for row in audience.groups())
    assert lapsed == sum(n["dormant"] for n in truth["segments"].values())
