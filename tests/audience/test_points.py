"""Points and ranks as a plain reading of the rules computes them: never invented, the list before the computed."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dmgen.audience import Audience, load_audience
from dmgen.errors import CampaignError
from dmgen.model.campaign import Campaign, ColumnRule, ColumnType
from dmgen.model.layout import Layout
from dmgen.model.points import Goal, Level, Points, Ranks
from tests.audience.conftest import AS_OF, ORDERS, build, rules

HEAD = "customer_id,name,postal_code,prefecture,city,street,dm_opt_out"
GOALS = (Goal(500, "500円券"), Goal(1000, "1,000円券"), Goal(3000, "新茶"))
RANKS = Ranks("spent", (Level("レギュラー", 0), Level("シルバー", 30_000), Level("ゴールド", 100_000)))
NEW = ("points_goal", "points_goal_label", "points_to_goal")

NO_POINTS = Points()


def listed(header: str, *cells: str) -> str:
    lines = (f"C{n},客 {n},100-0001,東京都,千代田区,千代田{n}-1,0,{row}" for n, row in enumerate(cells))
    return "\n".join((f"{HEAD},{header}", *lines)) + "\n"


def values(audience: Audience, *names: str) -> list[tuple]:
    rows = audience.rows(range(audience.customers_read), names)
    return [tuple(row[name] for name in names) for row in rows]


def with_words(campaign: Campaign, **words: str) -> Campaign:
    layout = Layout("base", Path("base.toml"), 210, 297, 3, 1, (), (), words)
    return replace(campaign, layouts={"base": layout})


@pytest.fixture
def load(tmp_path: Path):
    def make(customers: str, orders: str | None = None, points: Points = NO_POINTS, ranks: Ranks | None = None, **more):
        words = more.pop("words", {})
        campaign = build(tmp_path, customers, orders, **more)
        shop = replace(campaign.shop, ranks=ranks)
        return load_audience(with_words(replace(campaign, points=points, shop=shop), **words))

    return make


def test_headers_of_japanese_exports_are_known(load) -> None:
    header = "ポイント残高,ポイント基準日,失効予定ポイント,ポイント有効期限,会員ランク,次のランク,次のランクまで"
    audience = load(listed(header, '"1,200",2026/09/25,300,2026年10月31日,シルバー,ゴールド,"12,000円"', ",,,,,,"))
    names = ("points", "points_as_of", "points_expiring", "points_expire_on", "rank", "next_rank", "to_next_rank")
    assert values(audience, *names) == [
        (1200, date(2026, 9, 25), 300, date(2026, 10, 31), "シルバー", "ゴールド", 12000),
        (None, None, None, None, "", "", None),
    ]
    assert [audience.columns[name] for name in names] == [
        ColumnType.INT, ColumnType.DATE, ColumnType.INT, ColumnType.DATE, ColumnType.TEXT, ColumnType.TEXT,
        ColumnType.INT,
    ]  # fmt: skip


def test_our_own_names_are_typed_without_a_word_in_shop_toml(load) -> None:
    audience = load(listed("points,points_as_of", "1200,2026-09-25", "abc,?"), segments=rules("points >= 1000"))
    assert values(audience, "points", "points_as_of") == [(1200, date(2026, 9, 25)), (None, None)]
    assert audience.open_customers("s0").tolist() == [0]


def test_the_next_goal_is_the_first_above_the_balance(load) -> None:
    balances = ["", "0", "499", "500", "501", "2999", "3000", "9999999", "-20"]
    audience = load(listed("points", *balances), points=Points(goals=GOALS))
    assert values(audience, *NEW) == [
        (None, "", None), (500, "500円券", 500), (500, "500円券", 1), (1000, "1,000円券", 500),
        (1000, "1,000円券", 499), (3000, "新茶", 1), (None, "", None), (None, "", None), (500, "500円券", 520),
    ]  # fmt: skip


def test_goals_are_columns_of_rules_like_any_other(load) -> None:
    """Somebody who is nearly there is whom a segment or a tier asks for."""
    goals = Points(goals=GOALS)
    rule = 'points_to_goal <= 50 and points_goal_label != "新茶"'
    audience = load(listed("points", "460", "960", "2960", "", "100"), points=goals, segments=rules(rule))
    assert audience.open_customers("s0").tolist() == [0, 1]


def test_without_goals_or_points_there_are_no_goal_columns(load) -> None:
    assert not set(NEW) & load(listed("points", "100")).columns.keys()
    assert not set(NEW) & load(listed("other", "100"), points=Points(AS_OF, GOALS)).columns.keys()


def test_the_campaign_dates_balances_that_the_list_does_not(load) -> None:
    day = date(2026, 9, 1)
    assert values(load(listed("points", "5", ""), points=Points(day)), "points_as_of") == [(day,), (None,)]
    dated = load(listed("points,points_as_of", "5,2026-09-20", "6,"), points=Points(day))
    assert values(dated, "points_as_of") == [(date(2026, 9, 20),), (None,)]


def test_points_that_expire_before_the_drop_are_not_announced(load) -> None:
    """The letter would ask people to use what they no longer have."""
    day = AS_OF.isoformat()
    header = "points,points_expiring,points_expire_on"
    rows = ("700,300,2026-09-29", f"700,300,{day}", "700,300,2026-12-31", "700,300,", "700,,2026-01-01")
    words = {"body": "{% if points_expiring %}{{ points_expiring }}{% endif %}"}
    audience = load(listed(header, *rows), points=Points(goals=GOALS), words=words)
    assert values(audience, "points", "points_expiring", "points_expire_on", "points_to_goal") == [
        (700, None, None, None), (700, 300, AS_OF, 300), (700, 300, date(2026, 12, 31), 300), (700, 300, None, 300),
        (700, None, None, None),
    ]  # fmt: skip
    assert [(flag.line, flag.reason, flag.field, flag.value) for flag in audience.flags()] == [
        (2, "points_expired", "points_expire_on", "2026-09-29"),
        (6, "points_expired", "points_expire_on", "2026-01-01"),
    ]
    silent = load(listed(header, *rows), words={"body": "{{ points }}"})
    assert silent.flags() == []


def test_points_of_the_shop_s_own_type_text_are_refused(load) -> None:
    rule = ColumnRule("points", ("P",), ColumnType.TEXT)
    with pytest.raises(CampaignError, match=r'shop.toml: \[columns\] points .* type = "int"'):
        load(listed("P", "5"), columns=[rule])


def orders(*amounts: int | None) -> str:
    bought = [(n, amount) for n, amount in enumerate(amounts) if amount is not None]
    return "\n".join((ORDERS, *(f"{n},C{n},2026-09-01,{amount},1,completed" for n, amount in bought))) + "\n"


def test_ranks_are_those_of_the_money_spent(load) -> None:
    audience = load(listed("x", *"abcdef"), orders(None, 0, 29_999, 30_000, 100_000, 500_000), ranks=RANKS)
    assert values(audience, "rank", "next_rank", "to_next_rank") == [
        ("レギュラー", "シルバー", 30_000), ("レギュラー", "シルバー", 30_000), ("レギュラー", "シルバー", 1),
        ("シルバー", "ゴールド", 70_000), ("ゴールド", "", None), ("ゴールド", "", None),
    ]  # fmt: skip


def test_who_is_below_the_lowest_rank_has_none_and_the_lowest_next(load) -> None:
    ranks = Ranks("points", RANKS.levels[1:])
    audience = load(listed("points", "", "10", "30000"), ranks=ranks)
    assert values(audience, "rank", "next_rank", "to_next_rank") == [
        ("", "", None), ("", "シルバー", 29_990), ("シルバー", "ゴールド", 70_000),
    ]  # fmt: skip


def test_the_list_s_own_rank_goes_before_the_computed_one(load) -> None:
    cells = ("シルバー", "ゴールド", "", "プラチナ", "レギュラー")
    audience = load(listed("rank", *cells), orders(10_000, 10_000, 200_000, 10_000, 50_000), ranks=RANKS)
    assert values(audience, "rank", "next_rank", "to_next_rank") == [
        ("シルバー", "ゴールド", 90_000),  # a rank kept from last year: the way to the next is still known
        ("ゴールド", "", None),
        ("", "", None),  # the list says: no rank
        ("プラチナ", "", None),  # a rank that shop.toml does not know
        ("レギュラー", "", None),  # by the figures it should be silver: nothing is told that may be wrong
    ]  # fmt: skip
    high = replace(RANKS, levels=RANKS.levels[1:])  # whose rank is not known is not told that the lowest comes next
    unknown = load(listed("rank", "", "プラチナ"), orders(10_000, 10_000), ranks=high)
    assert values(unknown, "rank", "next_rank", "to_next_rank") == [("", "", None), ("プラチナ", "", None)]
    own = load(listed("rank,next_rank,to_next_rank", "シルバー,特別,5"), orders(10_000), ranks=RANKS)
    assert values(own, "rank", "next_rank", "to_next_rank") == [("シルバー", "特別", 5)]


def test_a_shop_without_ranks_has_the_list_s_own(load) -> None:
    audience = load(listed("rank", "A"))
    assert "next_rank" not in audience.columns
    assert values(audience, "rank") == [("A",)]


def test_ranks_by_orders_need_orders_and_by_anything_else_a_column_of_numbers(load) -> None:
    assert "rank" not in load(listed("x", "1"), ranks=RANKS).columns
    for by in ("spnet", "name"):
        with pytest.raises(CampaignError, match=rf'shop.toml: \[ranks\] by = "{by}"'):
            load(listed("x", "1"), orders(5), ranks=Ranks(by, RANKS.levels))


@given(
    balances=st.lists(st.none() | st.integers(-100, 5000), min_size=1, max_size=30),
    steps=st.sets(st.integers(1, 5000), min_size=1, max_size=6).map(sorted),
    starts=st.sets(st.integers(0, 5000), min_size=1, max_size=6).map(sorted),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_goals_and_ranks_are_those_of_a_loop_over_the_rows(load, balances, steps, starts) -> None:
    goals = tuple(Goal(step, f"g{step}") for step in steps)
    ranks = Ranks("points", tuple(Level(f"r{start}", start) for start in starts))
    rows = ["" if balance is None else str(balance) for balance in balances]
    audience = load(listed("points", *rows), points=Points(goals=goals), ranks=ranks)
    wanted = []
    for balance in balances:
        goal = next((g for g in goals if balance is not None and g.points > balance), None)
        held = [level for level in ranks.levels if balance is not None and level.start <= balance]
        above = [level for level in ranks.levels if balance is not None and level.start > balance]
        wanted.append(
            (
                *((goal.points, goal.label, goal.points - balance) if goal else (None, "", None)),
                held[-1].name if held else "",
                *((above[0].name, above[0].start - balance) if above else ("", None)),
            )
        )
    assert values(audience, *NEW, "rank", "next_rank", "to_next_rank") == wanted


def test_a_long_list_equals_the_loop(load) -> None:
    chance = Random(5)
    days = [AS_OF + timedelta(days=chance.randint(-40, 40)) for _ in range(3000)]
    balances = [chance.choice([None, chance.randint(0, 4000)]) for _ in days]
    rows = [f"{'' if b is None else b},100,{day}" for b, day in zip(balances, days, strict=True)]
    audience = load(listed("points,points_expiring,points_expire_on", *rows), points=Points(AS_OF, GOALS))
    for (expiring, on, to_goal, as_of), balance, day in zip(
        values(audience, "points_expiring", "points_expire_on", "points_to_goal", "points_as_of"), balances, days,
        strict=True,
    ):  # fmt: skip
        assert (expiring, on) == ((None, None) if day < AS_OF else (100, day))
        above = [goal.points for goal in GOALS if balance is not None and goal.points > balance]
        assert to_goal == (above[0] - balance if above and day >= AS_OF else None)
        assert as_of == (None if balance is None else AS_OF)
