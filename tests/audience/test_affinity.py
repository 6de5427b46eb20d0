"""Cross-sell and what the products list says: equal to a count in plain Python that knows no arrays."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.audience import load_audience
from dmgen.audience.measure import affinity as module
from dmgen.audience.measure.affinity import affinity, recommended
from dmgen.audience.measure.goods import UNKNOWN, Goods, Owned, owned
from dmgen.errors import CampaignError, ListError
from dmgen.model.audience import Choice, CrossSell, Duplicates, Lists
from tests.audience.conftest import build, people, person, rules

PRODUCTS = 6
Line = tuple[int, int, int]  # customer, day, product
LINES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4), st.integers(0, PRODUCTS - 1)), max_size=60)


def goods(lines: Sequence[Line]) -> Owned:
    columns = [np.array([line[place] for line in lines], np.int64) for place in range(3)]
    customer, day, product = columns
    keys = tuple(f"S{number}" for number in range(PRODUCTS))
    table = Goods(keys, keys, customer, day.astype(np.int32), product.astype(np.int32), np.ones(len(lines)))
    return owned(table)


def first_days(lines: Sequence[Line]) -> dict[int, dict[int, int]]:
    days: dict[int, dict[int, int]] = defaultdict(dict)
    for customer, day, product in lines:
        days[customer][product] = min(day, days[customer].get(product, day))
    return days


def counted(lines: Sequence[Line], asked: CrossSell) -> dict[tuple[int, int], tuple[int, Fraction, Fraction]]:
    """(A, B) → support, confidence, lift, by the definitions' words."""
    days = first_days(lines)
    found = {}
    for a in range(PRODUCTS):
        for b in range(PRODUCTS):
            buyers = [had for had in days.values() if a in had]
            support = sum(b in had and had[b] > had[a] for had in buyers)
            if a == b or not support or support < asked.support:
                continue
            led = sum(b in had and had[b] > min(had.values()) for had in days.values())
            confidence = Fraction(support, len(buyers))
            lift = confidence / Fraction(led, len(days))
            if lift >= asked.lift:
                found[a, b] = (support, confidence, lift)
    return found


@given(LINES, st.integers(1, 3), st.sampled_from([0.0, 1.0, 1.5]))
def test_pairs_are_those_of_a_plain_count(lines: list[Line], support: int, lift: float) -> None:
    asked = CrossSell(support, lift)
    pairs, expected = affinity(goods(lines), PRODUCTS, asked), counted(lines, asked)
    assert set(zip(pairs.before.tolist(), pairs.after.tolist(), strict=True)) == set(expected)
    for row, (a, b) in enumerate(zip(pairs.before.tolist(), pairs.after.tolist(), strict=True)):
        exact = expected[a, b]
        assert pairs.support[row] == exact[0]
        assert pairs.confidence[row] == pytest.approx(float(exact[1]))
        assert pairs.lift[row] == pytest.approx(float(exact[2]))
    assert pairs.score.tolist() == sorted(pairs.score.tolist(), reverse=True)


@given(LINES, st.integers(1, 2), st.sets(st.integers(0, PRODUCTS - 1)))
def test_everybody_is_offered_the_best_product_that_they_lack(
    lines: list[Line], support: int, allowed: set[int]
) -> None:
    asked = CrossSell(support, 0)
    bought, mask = goods(lines), np.array([product in allowed for product in range(PRODUCTS)])
    offered = recommended(affinity(bought, PRODUCTS, asked), bought, mask, customers=10)
    days, pairs = first_days(lines), counted(lines, asked)
    for customer in range(10):
        own = days.get(customer, {})
        choices = [
            (-round(float(confidence * lift), 9), -support, b)
            for (a, b), (support, confidence, lift) in pairs.items()
            if a in own and b not in own and b in allowed
        ]
        assert offered[customer] == (min(choices)[2] if choices else UNKNOWN)


@given(LINES)
def test_the_order_of_rows_and_the_size_of_blocks_change_nothing(lines: list[Line]) -> None:
    asked = CrossSell(1, 0)
    whole = affinity(goods(lines), PRODUCTS, asked)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "_BLOCK", 3)
        parts = affinity(goods(lines[::-1]), PRODUCTS, asked)
    assert [getattr(whole, name).tolist() for name in whole.__slots__] == [
        getattr(parts, name).tolist() for name in parts.__slots__
    ]


def test_of_too_many_products_those_with_most_buyers_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory stays bounded: product 2, bought least, is in no pair."""
    monkeypatch.setattr(module, "MOST_PRODUCTS", 2)
    lines = [(who, 0, 0) for who in range(3)] + [(who, 1, 1) for who in range(3)] + [(who, 2, 2) for who in range(2)]
    pairs = affinity(goods(lines), PRODUCTS, CrossSell(1, 0))
    assert list(zip(pairs.before, pairs.after, strict=True)) == [(0, 1)]


ORDER_HEADER = "order_id,customer_id,ordered_on,amount,status,sku,product"


def orders_of(*bought: str) -> str:
    """An orders list: "A1 2026-01-05 S1 茶" a row."""
    rows = enumerate(line.split(" ") for line in bought)
    return "\n".join([ORDER_HEADER, *(f"{n},{a},{day},100,completed,{sku},{p}" for n, (a, day, sku, p) in rows)])


# Three people went from S1 to S2 and two from S1 to S3; D and E have S1 alone, F nothing.
PATHS = orders_of(
    "A 2026-01-01 S1 梅", "B 2026-01-01 S1 梅", "C 2026-01-01 S1 梅", "D 2026-01-01 S1 梅", "E 2026-01-01 S1 梅",
    "A 2026-02-01 S2 茶", "B 2026-02-01 S2 茶", "C 2026-02-01 S2 茶",
    "A 2026-03-01 S3 海苔", "B 2026-03-01 S3 海苔",
)  # fmt: skip
SIX = people(*(person(key, name=f"山田 {given}郎") for key, given in zip("ABCDEF", "一二三四五六", strict=True)))


def offered(folder: Path, products: str | None = None, gone: str | None = None, name: str = "cross_sell") -> list[str]:
    return [str(row[name]) for row in _audience(folder, products, gone).rows(np.arange(6), [name])]


def _audience(folder: Path, products: str | None = None, gone: str | None = None, **more: object):  # type: ignore[no-untyped-def]
    campaign = build(folder, SIX, PATHS, products, **more)  # type: ignore[arg-type]
    lists = campaign.lists
    if gone is not None:
        (folder / "gone.csv").write_text(gone, "utf-8")
        lists = Lists(lists.customers, lists.orders, lists.products, out_of_stock=folder / "gone.csv")
    return load_audience(
        replace(campaign, lists=lists, choice=Choice(duplicates=Duplicates.EXACT, cross_sell=CrossSell(2, 1.0)))
    )


def test_what_others_bought_next_is_a_column_for_rules_and_a_record_for_letters(tmp_path: Path) -> None:
    audience = _audience(tmp_path, segments=rules('cross_sell == "S2"', "cross_sell", "True"))
    assert [audience.open_positions(f"s{n}").tolist() for n in range(3)] == [[3, 4], [2], [0, 1, 5]]
    d, c, f = (row["cross_sell"] for row in audience.rows(np.array([3, 2, 5]), ["cross_sell"]))
    assert (d.sku, d.name, bool(d)) == ("S2", "茶", True)
    assert (c.sku, str(c), bool(f)) == ("S3", "S3", False)
    assert d == "S2", "a slot's rule says the same as a segment's"


@pytest.mark.parametrize(
    ("products", "gone"),
    [
        ("sku,name\nS1,梅\nS3,海苔\n", None),
        ("sku,name,stock\nS1,梅,5\nS2,茶,0\nS3,海苔,\n", None),
        ("sku,name,out_of_stock\nS1,梅,0\nS2,茶,1\nS3,海苔,\n", None),
        ("sku,name,trial\nS1,梅,0\nS2,茶,1\nS3,海苔,0\n", None),
        (None, "sku\nS2\n"),
        ("sku,name\nS1,梅\nS2,茶\nS3,海苔\n", "sku,備考\nS2,入荷待ち\n"),
    ],
    ids=["unlisted", "stock", "flag", "trial", "list", "list-beside-products"],
)
def test_what_cannot_be_sold_is_not_offered(tmp_path: Path, products: str | None, gone: str | None) -> None:
    """Whoever would have been offered S2 gets the next best; that one is theirs already, or none."""
    assert offered(tmp_path, products, gone) == ["", "", "S3", "S3", "S3", ""]


def test_a_list_of_what_is_out_of_stock_needs_skus_and_is_among_the_inputs(tmp_path: Path) -> None:
    assert [file.path.name for file in _audience(tmp_path, gone="sku\nS2\n").inputs][-1] == "gone.csv"
    with pytest.raises(ListError, match=r"gone\.csv.*sku"):
        _audience(tmp_path, gone="品番\nS2\n")


def test_without_products_in_the_orders_there_is_no_such_column(tmp_path: Path) -> None:
    orders = "order_id,customer_id,ordered_on,amount,status\n1,A,2026-01-01,100,completed\n"
    with pytest.raises(CampaignError, match="no column cross_sell"):
        load_audience(build(tmp_path, SIX, orders, segments=rules("cross_sell")))
    with pytest.raises(CampaignError, match=r"no column trial_only"):
        load_audience(build(tmp_path, SIX, PATHS, segments=rules("trial_only")))


def test_names_do_where_an_orders_list_has_no_skus(tmp_path: Path) -> None:
    """The lookup is found by the name that one product of it has."""
    bare = "\n".join(",".join(line.split(",")[:5] + line.split(",")[6:]) for line in PATHS.splitlines())
    choice = Choice(duplicates=Duplicates.EXACT, cross_sell=CrossSell(2, 1.0))
    audience = load_audience(replace(build(tmp_path, SIX, bare), choice=choice))
    assert [str(row["cross_sell"]) for row in audience.rows(np.arange(6), ["cross_sell"])][3] == "茶"
    listed = build(tmp_path, SIX, bare, "sku,name\nS1,梅\nS2,茶\nS3,海苔\n")
    [row] = load_audience(replace(listed, choice=choice)).rows(np.array([3]), ["cross_sell"])
    assert (row["cross_sell"].sku, row["cross_sell"].name) == ("S2", "茶")  # type: ignore[union-attr]


def test_what_is_bought_together_is_not_bought_next(tmp_path: Path) -> None:
    """Lines of one order are of one day; pieces count for the margin."""
    rows = ["1,A,2026-01-01,100,completed,S1,2", "1,A,2026-01-01,100,completed,S2,1"]
    rows += ["2,B,2026-01-01,100,completed,S1,1", "2,B,2026-01-01,100,completed,S2,1"]
    orders = "\n".join(["order_id,customer_id,ordered_on,amount,status,sku,quantity", *rows])
    campaign = build(tmp_path, SIX, orders, "sku,margin\nS1,10\nS2,5\n")
    audience = load_audience(replace(campaign, choice=Choice(cross_sell=CrossSell(1, 0))))
    cells = audience.rows(np.arange(3), ["cross_sell", "margin"])
    assert [(str(row["cross_sell"]), row["margin"]) for row in cells] == [("", 25), ("", 15), ("", 0)]


def test_upsell_is_what_the_last_product_is_upgraded_to(tmp_path: Path) -> None:
    """By sku or by name; what is owned, gone or for trial is not offered, then the product before it counts."""
    plain = "sku,name,upgrade_to\nS1,梅,茶\nS2,茶,S4\nS3,海苔,\nS4,玉露,\n"
    assert offered(tmp_path, plain, name="upsell") == ["S4", "S4", "S4", "S2", "S2", ""]
    assert offered(tmp_path, plain, "sku\nS4\n", name="upsell") == ["", "", "", "S2", "S2", ""]
    assert offered(tmp_path, plain, "sku\nS2\n", name="upsell") == ["S4", "S4", "S4", "", "", ""]


def test_an_upgrade_that_nothing_is_called_is_said_aloud(tmp_path: Path) -> None:
    twice = "sku,name,upgrade_to\nS1,梅,茶\nS2,茶,\nS3,茶,\n"
    [remark] = _audience(tmp_path, twice).remarks
    assert "S1" in str(remark)
    assert '"茶"' in str(remark)


def test_trial_only_is_who_has_bought_nothing_else(tmp_path: Path) -> None:
    audience = _audience(tmp_path, "sku,trial\nS1,1\nS2,0\nS3,\n", segments=rules("trial_only", "True"))
    assert audience.open_positions("s0").tolist() == [3, 4]
    unnamed = PATHS + "\n99,E,2026-04-01,100,completed,,"
    doubtful = build(tmp_path, SIX, unnamed, "sku,trial\nS1,1\n", segments=rules("trial_only", "True"))
    assert load_audience(doubtful).open_positions("s0").tolist() == [3]


def test_margin_adds_up_over_everything_bought(tmp_path: Path) -> None:
    audience = _audience(tmp_path, 'sku,margin\nS1,"1,200"\nS2,300\nS3,\n')
    assert [row["margin"] for row in audience.rows(np.arange(6), ["margin"])] == [1500, 1500, 1500, 1200, 1200, 0]
    shares = _audience(tmp_path, "sku,margin\nS1,35%\nS2,300\n")
    assert "margin" not in shares.columns, "a share is no amount"


@pytest.mark.parametrize("column", ["trial", "out_of_stock", "stock"])
def test_a_flag_that_is_neither_yes_nor_no_is_refused_with_its_line(tmp_path: Path, column: str) -> None:
    with pytest.raises(ListError, match=rf"line 3.*たぶん.*{column}"):
        _audience(tmp_path, f"sku,{column}\nS1,1\nS2,たぶん\n")
