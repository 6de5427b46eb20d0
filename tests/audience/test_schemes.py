"""Schemes: every buyer in one group, the one that a second, plain implementation of the definition says."""

import csv
import itertools
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dmgen.audience import load_audience
from dmgen.audience.clean.customers import read_customers
from dmgen.audience.clean.orders import read_orders
from dmgen.audience.measure.measure import measure
from dmgen.audience.read.columns import mapping
from dmgen.audience.read.sources import open_list
from dmgen.errors import CampaignError
from dmgen.model.rule import CELLS, evaluate
from dmgen.model.scheme import OptionValue
from dmgen.resources import scheme_file, scheme_names

from .conftest import ORDERS, build, people, person
from .purchases import Order, measured

Options = Mapping[str, OptionValue]
REAL = {"cdnow_sample": date(1998, 6, 30), "online_retail": date(2011, 12, 9)}
CPM_OPTIONS = [
    {"tenure": tenure, "unit_price": unit, "same_day_orders": same} | numbers
    for tenure, unit, same in itertools.product(
        ("first_to_last", "first_to_as_of"), ("per_customer", "per_order"), ("separate", "merge")
    )
    for numbers in ({}, {"settled_days": 30, "loyal_days": 365, "lapsed_days": 100, "good_times": 2.5})
]


def cpm_group(buys: list[tuple[date, int]], unit: Fraction, as_of: date, options: Options) -> tuple[str, bool]:
    """One customer by the definition of customer portfolio management, in fractions; and whether they lapsed."""
    count = len({day for day, _ in buys}) if options["same_day_orders"] == "merge" else len(buys)
    first, last = min(day for day, _ in buys), max(day for day, _ in buys)
    tenure = ((last if options["tenure"] == "first_to_last" else as_of) - first).days
    good = sum(amount for _, amount in buys) >= Fraction(str(options.get("good_times", 7))) * unit
    lapsed = (as_of - last).days >= options.get("lapsed_days", 240)
    if count == 1:
        return "first_time", lapsed
    if tenure < options.get("settled_days", 90):
        return "yochiyochi", lapsed
    if not good:
        return "kotsukotsu", lapsed
    return ("ryuko" if tenure < options.get("loyal_days", 210) else "yuryo"), lapsed


def plain_counts(folder: Path, as_of: date, options: Options) -> tuple[Counter[str], int]:
    """How many customers of the files are in each group, and how many lapsed: csv, dicts and fractions only."""
    with (folder / "customers.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = {row["customer_id"] for row in csv.DictReader(file)}
    bought: dict[str, list[tuple[date, int]]] = defaultdict(list)
    with (folder / "orders.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            day = date.fromisoformat((row.get("ordered_on") or row["ordered_at"])[:10])
            amount = int(row["amount"])
            if row["status"] == "completed" and amount > 0 and day <= as_of and row["customer_id"] in listed:
                bought[row["customer_id"]].append((day, amount))
    revenue = sum(amount for buys in bought.values() for _, amount in buys)
    orders = sum(
        len({day for day, _ in buys}) if options["same_day_orders"] == "merge" else len(buys)
        for buys in bought.values()
    )
    unit = Fraction(revenue, len(bought) if options["unit_price"] == "per_customer" else orders)
    found = [cpm_group(buys, unit, as_of, options) for buys in bought.values()]
    return Counter(group for group, _ in found), sum(lapsed for _, lapsed in found)


@pytest.mark.parametrize("name", REAL)
def test_cpm_counts_of_real_lists_under_every_option(shared: Path, tmp_path: Path, name: str) -> None:
    """2 × 2 × 2 options, each with the trade's numbers and with others: sixteen counts of two implementations."""
    folder, as_of = shared / "data" / "real" / name, REAL[name]
    lists = folder / "customers.csv", folder / "orders.csv"
    campaign = build(tmp_path, *lists, as_of=as_of, no_opt_out_recorded=True)
    customers = read_customers(mapping(open_list(lists[0]), campaign.shop), campaign)
    orders = read_orders(mapping(open_list(lists[1]), campaign.shop), campaign, customers.ids, customers.columns)
    seen = []
    for options in CPM_OPTIONS:
        asked = build(tmp_path, *lists, as_of=as_of, scheme="cpm", options=options)
        columns = measure(asked, customers, orders, None, frozenset())
        groups = Counter(group for group in columns["group"].cells.to_pylist() if group)
        lapsed = sum(columns["lapsed"].cells.to_pylist())
        assert (groups, lapsed) == plain_counts(folder, as_of, options), options
        seen.append(groups)
    assert len({tuple(sorted(groups.items())) for groups in seen}) > 8, "the options make a difference"
    assert set().union(*seen) == {"first_time", "yochiyochi", "kotsukotsu", "ryuko", "yuryo"}


def test_cpm_through_the_whole_audience_counts_the_same(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / "real" / "cdnow_sample"
    options = {"tenure": "first_to_as_of", "unit_price": "per_order", "same_day_orders": "merge"}
    lists = folder / "customers.csv", folder / "orders.csv"
    audience = load_audience(build(tmp_path, *lists, as_of=REAL["cdnow_sample"], scheme="cpm", options=options))
    groups, lapsed = plain_counts(folder, REAL["cdnow_sample"], options)
    assert audience.group_counts() == groups
    assert sum(row[6] for row in audience.groups()) == lapsed


Buys = list[Order]


def by_customer(orders: Sequence[Order]) -> dict[int, Buys]:
    """The orders of each customer, by day and then as listed."""
    found: dict[int, Buys] = defaultdict(list)
    for order in sorted(orders, key=lambda order: order.day):
        found[order.who].append(order)
    return found


def visits(buys: Buys, options: Options) -> list[Buys]:
    """The orders of each purchase."""
    if options.get("same_day_orders") != "merge":
        return [[order] for order in buys]
    return [list(orders) for _, orders in itertools.groupby(buys, key=lambda order: order.day)]


def plain_cpm(bought: dict[int, Buys], options: Options) -> dict[int, str]:
    revenue = sum(order.amount for buys in bought.values() for order in buys)
    made = {who: visits(buys, options) for who, buys in bought.items()}
    per_order = options.get("unit_price") == "per_order"
    unit = Fraction(revenue, sum(map(len, made.values())) if per_order else len(bought)) if bought else 0
    found = {}
    for who, buys in bought.items():
        tenure = (0 if options.get("tenure") == "first_to_as_of" else -buys[-1].days) + buys[0].days
        if len(made[who]) == 1:
            found[who] = "first_time"
        elif tenure < 90:
            found[who] = "yochiyochi"
        elif sum(order.amount for order in buys) < 7 * unit:
            found[who] = "kotsukotsu"
        else:
            found[who] = "ryuko" if tenure < 210 else "yuryo"
    return found


def plain_consultant(bought: dict[int, Buys], options: Options) -> dict[int, str]:
    trials = set(str(options.get("trial_skus", "")).split(","))
    found = {}
    for who, buys in bought.items():
        made = visits(buys, options)
        regular = [any(order.sku not in trials or not order.sku for order in visit) for visit in made]
        sale = [any(order.discount or order.code for order in visit) for visit in made]
        if len(made) >= 2 and Fraction(sum(sale), len(made)) >= Fraction(80, 100):
            found[who] = "trend"
        elif sum(regular) >= 3:
            found[who] = "excellent"
        else:
            found[who] = "second" if any(regular[1:]) else "first"
    return found


def plain_aftercare(bought: dict[int, Buys], options: Options) -> dict[int, str]:
    count = {who: len(visits(buys, options)) for who, buys in bought.items()}
    basket = {who: half_up(sum(order.amount for order in buys), count[who]) for who, buys in bought.items()}

    def percentile(values: list[int]) -> int:
        return next(v for v in sorted(values) if 100 * sum(w <= v for w in values) >= 75 * len(values))

    found = {}
    for who, buys in bought.items():
        if buys[-1].days >= 90:
            found[who] = "dormant"
        elif count[who] == 1:
            found[who] = "new"
        else:
            loyal = count[who] > percentile([*count.values()]) and basket[who] > percentile([*basket.values()])
            found[who] = "loyal" if loyal else "repeat"
    return found


def half_up(number: int, by: int) -> int:
    return int(Fraction(number, by) + Fraction(1, 2))


def plain_decile(bought: dict[int, Buys], options: Options) -> dict[int, str]:
    spent = {who: sum(order.amount for order in buys) for who, buys in bought.items()}
    return {
        who: f"decile_{1 + 10 * sum(other > own for other in spent.values()) // len(spent)}"
        for who, own in spent.items()
    }


# Rows: r = 5 … 1; columns: f + m = 10 … 8, 7 … 6, 5 … 4, 3 … 2. As a person would draw it on paper.
CELLS_OF_RFM = """
champions    loyal           potential_loyal   new
champions    loyal           potential_loyal   promising
loyal        need_attention  need_attention    about_to_sleep
at_risk      at_risk         hibernating       hibernating
cannot_lose  at_risk         hibernating       lost
"""


def rfm_cell(r: int, f: int, m: int) -> str:
    rows = [line.split() for line in CELLS_OF_RFM.strip().splitlines()]
    column = 0 if f + m >= 8 else 1 if f + m >= 6 else 2 if f + m >= 4 else 3
    return rows[5 - r][column]


def plain_rfm(bought: dict[int, Buys], options: Options) -> dict[int, str]:
    values = {
        "r": {who: -buys[-1].days for who, buys in bought.items()},
        "f": {who: len(visits(buys, options)) for who, buys in bought.items()},
        "m": {who: sum(order.amount for order in buys) for who, buys in bought.items()},
    }
    scores = {
        name: {who: 1 + 5 * sum(other < own for other in of.values()) // len(of) for who, own in of.items()}
        for name, of in values.items()
    }
    return {who: rfm_cell(*(scores[name][who] for name in "rfm")) for who in bought}


PLAIN: dict[str, Callable[[dict[int, Buys], Options], dict[int, str]]] = {
    "cpm": plain_cpm,
    "consultant4": plain_consultant,
    "aftercare4": plain_aftercare,
    "rfm": plain_rfm,
    "decile": plain_decile,
}
ORDER = st.builds(
    Order,
    who=st.integers(0, 9),
    days=st.one_of(st.sampled_from([0, 1, 89, 90, 91, 209, 210, 211, 300]), st.integers(0, 900)),
    amount=st.sampled_from([1, 1, 10, 100, 999, 5000]),
    discount=st.sampled_from([0, 0, 50]),
    code=st.sampled_from(["", "", "SALE"]),
    sku=st.sampled_from(["", "T", "A", "B"]),
)
SAME_DAY = st.sampled_from(["separate", "merge"])
OPTIONS = {
    "cpm": st.fixed_dictionaries(
        {
            "tenure": st.sampled_from(["first_to_last", "first_to_as_of"]),
            "unit_price": st.sampled_from(["per_customer", "per_order"]),
            "same_day_orders": SAME_DAY,
        }
    ),
    "consultant4": st.fixed_dictionaries({"trial_skus": st.sampled_from(["", "T"]), "same_day_orders": SAME_DAY}),
} | dict.fromkeys(("aftercare4", "rfm", "decile"), st.fixed_dictionaries({"same_day_orders": SAME_DAY}))


def test_every_shipped_scheme_has_a_plain_implementation_here() -> None:
    assert set(PLAIN) == set(scheme_names())


@pytest.mark.parametrize("scheme", PLAIN)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), orders=st.lists(ORDER, max_size=40))
@example(data=None, orders=[])
def test_a_schemes_groups_partition_the_buyers_as_its_definition_says(
    scheme: str, data: st.DataObject | None, orders: list[Order]
) -> None:
    """Nobody with a purchase is without a group, nobody without one has any; a copy of the file says the same."""
    options = data.draw(OPTIONS[scheme]) if data else {}
    groups = measured(orders, customers=12, scheme=scheme, options=options)["group"]
    expected = PLAIN[scheme](by_customer(orders), options)
    assert {who: group for who, group in enumerate(groups) if group} == expected
    assert len(groups) >= 12


@pytest.mark.parametrize("scheme", PLAIN)
def test_a_copy_of_a_scheme_gives_the_same_groups(tmp_path: Path, scheme: str) -> None:
    shutil.copy(scheme_file(scheme), tmp_path / "own.toml")
    orders = [
        Order(who, (97 * who + 61 * n) % 400, 90_000 if who == 4 else 1 + who**3 % 997, int(who % 3 == 0))
        for who in range(60)
        for n in range(1 + who % 5)
    ]
    shipped, own = (measured(orders, scheme=name, folder=tmp_path) for name in (scheme, "own.toml"))
    assert shipped == own
    assert len(set(own["group"])) > 2


@settings(max_examples=80, deadline=None)
@given(st.lists(ORDER, min_size=1, max_size=40))
def test_scores_are_monotone_and_equal_for_equals(orders: list[Order]) -> None:
    columns = measured(orders, scheme="rfm")
    deciles = measured(orders, scheme="decile")["decile"]
    for score, values, up in (("r", "recency_days", False), ("f", "purchases", True), ("m", "spent", True)):
        pairs = [(a, b) for a, b in zip(columns[values], columns[score], strict=True) if b is not None]
        assert {b for _, b in pairs} <= {1, 2, 3, 4, 5}
        for (a, one), (b, other) in itertools.pairwise(sorted(pairs, reverse=not up)):
            assert one == other if a == b else one <= other
    spent = [(a, b) for a, b in zip(columns["spent"], deciles, strict=True) if b is not None]
    for (a, one), (b, other) in itertools.pairwise(sorted(spent, reverse=True)):
        assert one == other if a == b else one <= other
    said = [f"{r}{f}{m}" for r, f, m in zip(columns["r"], columns["f"], columns["m"], strict=True) if r]
    assert said == [text for text in columns["rfm"] if text]


@settings(max_examples=80, deadline=None)
@given(st.lists(ORDER, max_size=40))
def test_merged_days_never_make_more_purchases_nor_change_what_was_spent(orders: list[Order]) -> None:
    separate = measured(orders, scheme="cpm")
    merged = measured(orders, scheme="cpm", options={"same_day_orders": "merge"})
    for name in ("spent", "tenure_days", "recency_days", "first_order", "last_order"):
        assert merged[name] == separate[name]
    assert all(one <= other for one, other in zip(merged["purchases"], separate["purchases"], strict=True))
    assert all((one > 0) == (other > 0) for one, other in zip(merged["purchases"], separate["purchases"], strict=True))


def test_without_ties_quintiles_and_deciles_are_of_equal_size() -> None:
    orders = [Order(n, days=n, amount=1000 - n) for n in range(50)]
    columns = measured(orders, scheme="rfm")
    assert [columns["r"].count(n) for n in (1, 2, 3, 4, 5)] == [10] * 5
    assert (columns["r"][0], columns["m"][0], columns["f"][0]) == (5, 5, 1)
    deciles = measured(orders, scheme="decile")["decile"]
    assert deciles == [1 + n // 5 for n in range(50)]


def test_fixed_cuts_of_rfm_part_as_their_file_says() -> None:
    cuts = {"recency_cuts": (30, 90, 180, 365), "purchase_cuts": (2, 3, 5, 10), "spent_cuts": (100, 200, 300, 400)}
    days = [0, 30, 31, 90, 91, 180, 181, 365, 366]
    orders = [Order(n, day) for n, day in enumerate(days)]
    columns = measured(orders, scheme="rfm", options=cuts)
    assert columns["r"] == [5, 5, 4, 4, 3, 3, 2, 2, 1]
    many = [Order(n, 0, amount) for n, amount in enumerate((99, 100, 199, 200, 400)) for _ in range(1)]
    assert measured(many, scheme="rfm", options=cuts)["m"] == [1, 2, 2, 3, 5]
    often = [Order(n, k, 1) for n, times in enumerate((1, 2, 3, 4, 5, 9, 10)) for k in range(times)]
    assert measured(often, scheme="rfm", options=cuts)["f"] == [1, 2, 3, 3, 4, 4, 5]


def test_the_named_cells_of_rfm_cover_all_125_as_drawn() -> None:
    groups = build(Path(), None, scheme="rfm").scheme.groups
    found = {}
    for r, f, m in itertools.product(range(1, 6), repeat=3):
        cells = {"r": r, "f": f, "m": m}.__getitem__
        found[r, f, m] = next(g.id for g in groups if g.when is None or evaluate(g.when, cells, CELLS))
    assert found == {rfm: rfm_cell(*rfm) for rfm in found}
    assert set(found.values()) == {group.id for group in groups}
    assert CELLS_OF_RFM.split() == [word for word in scheme_table() if word in {group.id for group in groups}]


def scheme_table() -> list[str]:
    """The words of the table in the comments of rfm.toml."""
    lines = scheme_file("rfm").read_text("utf-8").splitlines()
    return [word for line in lines if line.startswith("#   r = ") for word in line.split()]


TRIAL = {"trial_skus": "T, U"}


@pytest.mark.parametrize(
    ("said", "orders", "group"),
    [
        ("one purchase", "A", "first"),
        ("one purchase at a sale is no habit", "A%", "first"),
        ("trial, then a regular product", "T A", "second"),
        ("two regular products", "A A", "second"),
        ("a regular product, then trials only", "A T", "first"),
        ("three trials", "T U T", "first"),
        ("trial and two regular products", "T A A", "second"),
        ("three regular products", "A A A", "excellent"),
        ("trial and three regular products", "T A A A", "excellent"),
        ("two purchases, both at sales", "A% A%", "trend"),
        ("half of two", "A% A", "second"),
        ("four of five, exactly 80 %", "A% A% A% A% A", "trend"),
        ("three of four, 75 %", "A% A% A% A", "excellent"),
        ("trials at sales only", "T% T%", "trend"),
    ],
)
def test_the_steps_of_consultant4(said: str, orders: str, group: str) -> None:
    bought = [Order(0, 100 - n, sku=word[0], discount=50 * word.endswith("%")) for n, word in enumerate(orders.split())]
    assert measured(bought, scheme="consultant4", options=TRIAL)["group"] == [group], said


def test_trial_products_come_from_the_products_list_and_lines_decide() -> None:
    """An order with one regular line is a regular purchase, whatever stands first."""
    products = {"T": {"trial": "1"}, "A": {"trial": ""}, "B": {"trial": "no"}}
    orders = [Order(0, 9, sku="T"), Order(0, 5, sku="T"), Order(1, 9, sku="T"), Order(1, 5, sku="B")]
    found = measured(orders, scheme="consultant4", products=products)
    assert (found["group"], found["regular_purchases"]) == (["first", "second"], [0, 1])
    orders = [Order(0, 9, lines=("T",)), Order(0, 5, lines=("T", "A")), Order(1, 9, lines=("T", "T")), Order(1, 2)]
    found = measured(orders, scheme="consultant4", products=products)
    assert (found["regular_purchases"], found["group"]) == ([1, 1], ["second", "second"])


def test_a_scheme_that_the_lists_do_not_bear_is_refused_with_what_they_lack() -> None:
    orders = [Order(0, 1)]
    with pytest.raises(CampaignError, match=r"consultant4.toml.*groups.* trend needs .*discounted.*discount, code"):
        measured(orders, scheme="consultant4", leave_out=("discount", "code"))
    assert measured(orders, scheme="consultant4", leave_out=("discount",))["group"] == ["first"]
    with pytest.raises(CampaignError, match=r"excellent needs the column regular_purchases.*sku"):
        measured(orders, scheme="consultant4", options=TRIAL, leave_out=("sku",))


OWN = """
{head}
[totals]
{totals}
[scores]
{scores}
[columns]
{columns}
[[groups]]
id = "a"
when = "{when}"
[[groups]]
id = "b"
"""


def own(folder: Path, last: int = 300, **parts: str) -> dict[str, list[object]]:
    """What a user's own scheme makes of three customers who spent 100, 200 and 300 (`last`)."""
    text = OWN.format(**{"head": "", "totals": "", "scores": "", "columns": "", "when": "spent > 1"} | parts)
    (folder / "own.toml").write_text(text, "utf-8")
    return measured([Order(n, 5, spent) for n, spent in enumerate((100, 200, last))], scheme="own.toml", folder=folder)


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"when": "spnt > 1"}, "groups.* a: there is no column spnt. There are: .*spent"),
        ({"columns": 'x = "last_order > 3"'}, "columns. x: in .*mixes types"),
        ({"columns": 'x = "y"\ny = "spent"'}, "columns. x: there is no column y"),
        ({"columns": 'group = "spent"', "when": "group == 'a'"}, "mixes types"),
        ({"totals": 'x = { sum = "last_order" }'}, "totals. x: the column last_order is of the type date"),
        ({"scores": 'x = { of = "nothing", one = "low" }'}, "scores. x: there is no column nothing"),
        ({"totals": 'spent = { sum = "spent" }'}, "spent is a column of the customers already"),
        ({"when": "spent / 0 > 1 and 1 / 0"}, "groups.* a: .* cannot be computed"),
        ({"when": "spent * 9223372036854775807 > 1"}, "groups.* a: .* cannot be computed"),
    ],
)
def test_a_slip_in_a_users_own_scheme_is_named(tmp_path: Path, parts: dict[str, str], says: str) -> None:
    with pytest.raises(CampaignError, match=says):
        own(tmp_path, **parts)


def test_totals_of_a_users_own_scheme(tmp_path: Path) -> None:
    for totals, when, groups in (
        ('x = { mean = "spent" }', "spent >= x", "baa"),
        ('x = { mean = "spent" }', "spent == x", "bab"),
        ('x = { mean = "spent" }', "spent != x", "aba"),
        ('x = { mean = "spent" }', "x / 2 < spent", "baa"),
        ('x = { sum = "spent" }', "3 * spent < x", "abb"),
        ('x = { count = "spent" }', "spent <= 100 * x / 2", "abb"),
        ('x = { count = "spent" }', "spent < 200 * x / 3", "abb"),
        ('x = { percentile = "spent", at = 34 }', "spent <= x", "aab"),
        ('x = { percentile = "spent", at = 33 }', "spent <= x", "abb"),
        ('x = { percentile = "spent", at = 100 }', "spent >= x", "bba"),
    ):
        assert "".join(own(tmp_path, totals=totals, when=when)["group"]) == groups, (totals, when)


def test_a_mean_that_no_float_holds_is_exact(tmp_path: Path) -> None:
    """601 ÷ 3 × 3 is 601 and nothing beside it."""
    found = own(tmp_path, last=301, totals='x = { mean = "spent" }', when="3 * x == 601 and spent > 100")
    assert found["group"] == ["b", "a", "a"]


def test_the_scheme_of_an_empty_shop_has_nobody() -> None:
    for scheme in scheme_names():
        found = measured([], customers=3, scheme=scheme)
        assert found["group"] == ["", "", ""]
        assert found["lapsed"] == [False, False, False]


def test_hundredths_are_counted_exactly() -> None:
    """In a shop that counts in cents: 7 × the unit price is met to the cent, though floats do not hold it."""
    others = [Order(n, 0, 10) for n in range(1, 8)]  # 10 cents each
    for amount, group in ((490 - 240, "yuryo"), (489 - 240, "kotsukotsu")):
        orders = [Order(0, 400, 240), Order(0, 0, amount), *others]
        found = measured(orders, scheme="cpm", country="generic")
        assert found["group"][0] == group
        assert found["spent"][0] == (240 + amount) / 100


def test_a_column_of_the_list_is_not_overwritten_by_a_schemes(tmp_path: Path) -> None:
    customers = people(person("A")).replace("registered_on", "decile", 1)
    orders = f"{ORDERS}\n1,A,2026-09-01,100,1,completed"
    with pytest.raises(CampaignError, match="decile is a column of the customers already"):
        load_audience(build(tmp_path, customers, orders, scheme="decile"))


def test_discounts_and_trial_lines_of_a_shops_own_files_make_the_groups(tmp_path: Path) -> None:
    """From CSV: item lines, a discount an order, `trial` in the products list."""
    head = "order_id,customer_id,ordered_on,amount,status,discount,sku"
    rows = [
        "1,A,2026-01-01,500,completed,0,T", "2,A,2026-02-01,900,completed,0,T", "2,A,2026-02-01,900,completed,0,R",
        "3,B,2026-01-01,500,completed,100,R", "4,B,2026-02-01,500,completed,100,R",
        "5,C,2026-01-01,500,completed,0,T", "6,D,2026-01-01,500,cancelled,0,R",
    ]  # fmt: skip
    customers = people(*(person(who, name=f"山田 {who}") for who in "ABCD"))
    products = "sku,name,trial\nT,お試し,1\nR,定番,0\n"
    audience = load_audience(build(tmp_path, customers, "\n".join((head, *rows)), products, scheme="consultant4"))
    found = audience.rows([0, 1, 2, 3], ["group"])
    assert [row["group"] for row in found] == ["second", "trend", "first", ""]
