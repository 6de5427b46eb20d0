"""Segments: the first rule that matches wins; a rule that makes no sense is refused with what there is."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.audience import COMPUTED, load_audience
from dmgen.errors import CampaignError, ListError
from dmgen.model.campaign import ColumnRule, ColumnType, Segment
from dmgen.model.recipient import Outcome
from dmgen.model.rule import CELLS, Logic, Rule, evaluate

from .conftest import HEADER, ORDERS, build, people, person, rules

CUSTOMERS = people(
    person("A", email="a@example.com", registered_on="2026-01-01"), person("B", prefecture="大阪府"), person("C")
)
BOUGHT = "\n".join(
    (
        ORDERS,
        "1,A,2025-01-01,300,1,completed",
        "2,A,2025-12-01,300,1,completed",
        "3,B,2026-09-01,100,1,completed",
    )
)


@pytest.mark.parametrize(
    ("rule", "who"),
    [
        ("purchases", "AB"),
        ("not purchases", "C"),
        ("purchases >= 2 and prefecture == '東京都'", "A"),
        ("prefecture in ('大阪府', '京都府') or lapsed", "AB"),
        ("prefecture not in ('大阪府', '京都府')", "AC"),
        ("last_order >= '2026-01-01'", "B"),
        ("last_order < '2026-01-01'", "A"),
        ("'2025-01-01' <= first_order < '2025-06-01'", "A"),
        ("first_order == last_order", "B"),
        ("last_order", "AB"),
        ("registered_on == '2026-01-01'", "A"),
        ("registered_on != '2026-01-01'", ""),
        ("recency_days > 0", "AB"),
        ("not recency_days > 0", "C"),
        ("spent / purchases > 250", "A"),
        ("spent - 100 * purchases == 0", "BC"),
        ("-spent < -100", "A"),
        ("email", "A"),
        ("lapsed == True", "A"),
        ("lapsed == 0", "BC"),
        ("group == 'first_time'", "B"),
        ("line == 3", "B"),
        ("1 < 2", "ABC"),
        ("purchases in (1, 2.0)", "AB"),
        ("purchases in ()", ""),
    ],
)
def test_a_rule_takes_whom_it_says(tmp_path: Path, rule: str, who: str) -> None:
    campaign = build(tmp_path, CUSTOMERS, BOUGHT, scheme="cpm", segments=rules(rule))
    audience = load_audience(campaign)
    taken = audience.rows(audience.open_positions("s0"), ["customer_id", "segment"])
    assert "".join(str(row["customer_id"]) for row in taken) == who
    assert all(row["segment"] == "s0" for row in taken)
    assert audience.counts()[Outcome.NO_SEGMENT] == 3 - len(who)


def test_the_first_segment_wins_and_a_bare_one_takes_the_rest(tmp_path: Path) -> None:
    segments = (
        *rules("lapsed"),
        Segment("first", "", "base", group="first_time"),
        Segment("both", "", "base", group="kotsukotsu", when=rules("purchases > 99")[0].when),
        Segment("rest", "", "base"),
    )
    audience = load_audience(build(tmp_path, CUSTOMERS, BOUGHT, scheme="cpm", segments=segments))
    found = {segment.id: audience.open_positions(segment.id).tolist() for segment in segments}
    assert found == {"s0": [0], "first": [1], "both": [], "rest": [2]}


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("purchase > 1", "no column purchase"),
        ("product.name == 'x'", "no column product.name"),
        ("segment == 'x'", "no column segment"),
        ("purchases > 'many'", "purchases > 'many'"),
        ("prefecture > 3", "prefecture > 3"),
        ("last_order > 'soon'", "last_order > 'soon'"),
        ("last_order > 20260101", "last_order > 20260101"),
        ("last_order > prefecture", "last_order > prefecture"),
        ("purchases in ('1', 2)", "purchases in ('1', 2)"),
        ("purchases in 3", "purchases in 3"),
        ("purchases == (1, 2)", "purchases == (1, 2)"),
        ("prefecture + 1 > 3", "prefecture + 1"),
        ("'a' * 99999999999 == prefecture", "'a' * 99999999999"),
        ("-prefecture == 'x'", "-prefecture"),
        ("(1, 2)", "(1, 2)"),
        ("(purchases > 1) == lapsed", "purchases > 1"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_the_columns(tmp_path: Path, rule: str, says: str) -> None:
    with pytest.raises(CampaignError) as caught:
        load_audience(build(tmp_path, CUSTOMERS, BOUGHT, scheme="cpm", segments=rules(rule)))
    message = str(caught.value)
    assert says in message
    for part in ("campaign.toml", "segment s0", rule, "purchases (int)", "last_order (date)", "email (text)"):
        assert part in message


@pytest.mark.parametrize(
    "rule", ["1 / 0 > 1", "purchases * 9223372036854775807 > 0", "purchases > 10000000000000000000000"]
)
def test_arithmetic_that_cannot_be_done_is_an_error_of_the_rule(tmp_path: Path, rule: str) -> None:
    try:
        load_audience(build(tmp_path, CUSTOMERS, BOUGHT, segments=rules(rule)))
    except CampaignError as error:
        assert rule in str(error)


NUMBER = st.sampled_from(["purchases", "spent", "recency_days", "line", "2", "3.5", "-1"])
TEXT = st.sampled_from(["prefecture", "email", "group", "'東京都'", "''"])
DAY = st.sampled_from(["first_order", "last_order", "registered_on", "'2026-01-01'"])
COMPARISONS = [
    st.builds("{} {} {}".format, kind, st.sampled_from(["<", "==", "!=", ">="]), kind) for kind in (NUMBER, TEXT, DAY)
]
ATOM = st.one_of(*COMPARISONS, st.sampled_from(["lapsed", "email", "purchases", "last_order", "spent / purchases > 1"]))
RULE = st.recursive(
    ATOM,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("(not {})".format, inner),
    ),
    max_leaves=5,
)


@given(RULE)
def test_columns_and_single_cells_agree_on_every_rule(tmp_path_factory: pytest.TempPathFactory, rule: str) -> None:
    """The layout asks the same rules of one customer's cells: both must say the same."""

    def dated(value: object, other: object) -> object:
        return date.fromisoformat(str(value)) if isinstance(other, date) and isinstance(value, str) else value

    cells = Logic(
        **{name: getattr(CELLS, name) for name in ("truth", "both", "either", "negate", "contains", "calculate")},
        compare=lambda op, a, b: CELLS.compare(op, dated(a, b), dated(b, a)),
    )
    folder = tmp_path_factory.mktemp("rules")
    audience = load_audience(build(folder, CUSTOMERS, BOUGHT, scheme="cpm", segments=rules(rule)))
    names = [name for name in audience.columns if name != "segment"]
    for position, row in enumerate(audience.rows([0, 1, 2], names)):
        if "/" in rule and not row["purchases"]:
            continue  # a single cell divides by zero where a column has no value
        said = bool(evaluate(Rule.parse(rule), row.__getitem__, cells))
        assert said == (position in audience.open_positions("s0")), (rule, row)


def test_a_campaign_without_its_lists_is_refused_with_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(CampaignError, match="lists"):
        load_audience(build(tmp_path, CUSTOMERS, scheme="cpm"))
    with pytest.raises(CampaignError, match="customers = "):
        load_audience(build(tmp_path, None))


def test_without_orders_there_is_nothing_to_measure(tmp_path: Path) -> None:
    audience = load_audience(build(tmp_path, CUSTOMERS))
    assert "purchases" not in audience.columns
    assert audience.order_counts == {}
    assert audience.group_counts() == {}
    assert list(audience.groups()) == []


@pytest.mark.parametrize("name", sorted(COMPUTED))
def test_a_column_named_like_a_computed_one_is_refused_until_renamed(tmp_path: Path, name: str) -> None:
    text = f"{HEADER},{name}\r\n{person()},7\r\n"
    with pytest.raises(ListError, match=rf"\[columns\].*list_{name} = "):
        load_audience(build(tmp_path, text))
    columns = [ColumnRule(f"list_{name}", (name,), ColumnType.INT)]
    audience = load_audience(build(tmp_path, text, columns=columns))
    assert audience.rows([0], [f"list_{name}"]) == [{f"list_{name}": 7}]


def test_a_rule_of_the_shop_that_no_list_can_follow_is_refused(tmp_path: Path) -> None:
    for column in (ColumnRule("name", ("氏名",)), ColumnRule("points", ("email", "Punkte"))):
        with pytest.raises(CampaignError) as caught:
            load_audience(build(tmp_path, CUSTOMERS, columns=[column]))
        assert column.sources[-1] in str(caught.value)
        assert "customers.csv: customer_id, name" in str(caught.value)
    with pytest.raises(CampaignError, match="group"):
        load_audience(build(tmp_path, CUSTOMERS, columns=[ColumnRule("group", ("email",))]))


def test_one_set_of_rules_serves_lists_of_several_kinds(tmp_path: Path) -> None:
    columns = [
        ColumnRule("customer_id", ("会員ID",)),
        ColumnRule("amount", ("合計",)),
        ColumnRule("price", ("価格",), ColumnType.INT),
    ]
    customers = CUSTOMERS.replace("customer_id", "会員ID", 1)
    orders = BOUGHT.replace("customer_id", "会員ID", 1).replace("amount", "合計", 1)
    both = load_audience(build(tmp_path, customers, orders, columns=columns))
    assert both.rows([0], ["spent", "会員ID"]) == [{"spent": 600, "会員ID": "A"}]
    assert load_audience(build(tmp_path, customers, columns=columns)).customers_read == 3
    with pytest.raises(CampaignError, match="price asks for 価格"):
        load_audience(build(tmp_path, customers, orders, "sku\n", columns=columns))
