"""From a segment to its letters: variants, control groups, the most pieces; everybody has one outcome."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.audience import Audience, load_audience
from dmgen.errors import CampaignError
from dmgen.model.audience import Limits
from dmgen.model.campaign import Campaign, ColumnRule, ColumnType, Segment
from dmgen.model.history import NO_HISTORY, Arm, History
from dmgen.model.recipient import Outcome
from dmgen.model.rule import Rule

from .conftest import ORDERS, build, people, person

AB = tuple(Segment(f"vip-{v}", "", "base", variant=v, of="vip", control=0.2) for v in "ab")
HELD = (Segment("vip", "", "base", control=0.2),)
POINTS = (ColumnRule("points", ("phone",), ColumnType.INT),)


def crowd(folder: Path, count: int, segments: Sequence[Segment], points: Sequence[object] = (), **limits) -> Campaign:
    """So many people, every second of whom has bought; `points` in the column phone."""
    cells = [*map(str, points), *[""] * count]
    rows = [person(f"{n:04d}", phone=cells[n]) for n in range(count)]
    orders = [ORDERS, *(f"{n},{n:04d},2026-01-01,500,1,completed" for n in range(0, count, 2))]
    campaign = build(folder, people(*rows), "\n".join(orders), scheme="cpm", segments=segments, columns=POINTS)
    return replace(campaign, choice=replace(campaign.choice, limits=Limits(**limits)))


def narrowed(campaign: Campaign, history: History = NO_HISTORY) -> tuple[Audience, dict[str, list[str]]]:
    """The audience when all letters fitted, and by segment or variant whose letters are printed."""
    audience = load_audience(campaign, history)
    audience.narrow(campaign, history)
    printed = {}
    for segment in campaign.segments:
        positions = audience.open_positions(segment.id)
        printed[segment.id] = [str(row["customer_id"]) for row in audience.rows(positions, ["customer_id"])]
        audience.settle(positions, Outcome.PRINTED, "select", "")
    audience.check_sum()
    assert sum(audience.counts().values()) == audience.customers_read
    return audience, printed


def test_a_segment_in_variants_is_one_segment_to_rules_and_words(tmp_path: Path) -> None:
    audience, printed = narrowed(crowd(tmp_path, 40, (*AB, Segment("rest", "", "base"))))
    names = Counter(row["segment"] for row in audience.rows(range(40), ["segment"]))
    assert names == {"vip": 40}
    assert [len(printed[name]) for name in ("vip-a", "vip-b", "rest")] == [16, 16, 0]
    assert len(audience.control()) == 8


def test_control_and_variants_are_alike_in_every_group(tmp_path: Path) -> None:
    audience, printed = narrowed(crowd(tmp_path, 40, AB))
    assert Counter(group for _, _, group in audience.control()) == {"": 4, "first_time": 4}
    for ids in printed.values():
        assert sum(int(customer) % 2 for customer in ids) == 8
    told = {r.customer_id: (r.outcome, r.reason) for r in audience.rejections()}
    assert told == {who: (Outcome.CONTROL, "control") for who, _, _ in audience.control()}


def test_the_first_rule_wins_also_before_a_segment_in_variants(tmp_path: Path) -> None:
    buyers = Segment("buyers", "", "base", when=Rule.parse("purchases"))
    _, printed = narrowed(crowd(tmp_path, 40, (buyers, *AB)))
    assert len(printed["buyers"]) == 20
    assert [len(printed[segment.id]) for segment in AB] == [8, 8]


def test_recorded_arms_are_kept_and_another_segments_are_not(tmp_path: Path) -> None:
    campaign = crowd(tmp_path, 40, AB)
    _, first = narrowed(campaign)
    swapped = {who: Arm("vip", "b") for who in first["vip-a"]} | {who: Arm("vip", "a") for who in first["vip-b"]}
    _, kept = narrowed(campaign, History(arms=swapped))
    assert (kept["vip-a"], kept["vip-b"]) == (first["vip-b"], first["vip-a"])
    elsewhere = {who: Arm("other", "b") for who in first["vip-a"]}
    assert narrowed(campaign, History(arms=elsewhere))[1] == first
    gone = {who: Arm("vip", "z") for who in first["vip-a"]}
    assert narrowed(campaign, History(arms=gone))[1] == first


def test_who_had_no_letter_gets_none_when_the_list_grew(tmp_path: Path) -> None:
    """Or the group to measure against would have had letters."""
    small, large = (tmp_path / name for name in ("small", "large"))
    small.mkdir(), large.mkdir()
    audience, printed = narrowed(crowd(small, 20, HELD))
    held = {who for who, _, _ in audience.control()}
    arms = {who: Arm("vip", "control") for who in held} | {who: Arm("vip", "") for who in printed["vip"]}
    grown, more = narrowed(crowd(large, 60, HELD), History(arms=arms))
    assert len(held) == 4
    assert held < {who for who, _, _ in grown.control()}
    assert set(printed["vip"]) < set(more["vip"])
    assert len(grown.control()) == 12


def test_the_most_pieces_go_to_the_highest_priority_in_list_order(tmp_path: Path) -> None:
    points = [5, "", 9, 5, 0, 7]
    campaign = crowd(tmp_path, 6, (Segment("all", "", "base"),), points, pieces=3, priority="points")
    audience, printed = narrowed(campaign)
    assert printed["all"] == ["0000", "0002", "0005"], "of two with five points the first in the list; list order"
    told = [(r.customer_id, r.reason, r.field, r.value) for r in audience.rejections()]
    assert told == [
        ("0001", "over_pieces", "points", ""),
        ("0003", "over_pieces", "points", "5"),
        ("0004", "over_pieces", "points", "0"),
    ]
    assert narrowed(crowd(tmp_path, 6, (Segment("all", "", "base"),), points, pieces=3))[1]["all"] == [
        "0000", "0001", "0002",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("limits", "printed", "reason"),
    [
        ({"budget": 1000, "cost": 105}, 9, "over_budget"),
        ({"budget": 1000, "cost": 100.0}, 10, "over_budget"),
        ({"budget": 3, "cost": 0.1}, 30, "over_budget"),  # 3 / 0.1 is 29.999… in binary
        ({"budget": 1000, "cost": 100, "pieces": 5}, 5, "over_pieces"),
        ({"budget": 500, "cost": 100, "pieces": 5}, 5, "over_pieces"),
        ({"budget": 0, "cost": 100}, 0, "over_budget"),
        ({"pieces": 0}, 0, "over_pieces"),
        ({"pieces": 99}, 40, ""),
    ],
)
def test_a_budget_buys_so_many_letters(tmp_path: Path, limits: dict, printed: int, reason: str) -> None:
    audience, letters = narrowed(crowd(tmp_path, 40, (Segment("all", "", "base"),), **limits))
    assert len(letters["all"]) == printed
    assert {r.reason for r in audience.rejections()} == ({reason} if reason else set())


def test_a_limit_is_filled_with_letters_and_control_is_of_the_same_people(tmp_path: Path) -> None:
    """One line by priority for both: nobody below it is measured against, and no place goes to waste."""
    points = list(range(100))
    audience, printed = narrowed(crowd(tmp_path, 100, HELD, points, pieces=30, priority="points"))
    held = [who for who, _, _ in audience.control()]
    assert len(printed["vip"]) == 30
    lowest = min(map(int, printed["vip"]))
    assert held
    assert min(map(int, held)) > lowest
    assert sorted(map(int, [*printed["vip"], *held])) == list(range(lowest, 100))
    none, nobody = narrowed(crowd(tmp_path, 100, HELD, points, pieces=0))
    assert (nobody["vip"], none.control()) == ([], [])


@pytest.mark.parametrize("priority", ["nothing", "prefecture"])
def test_a_priority_that_orders_nobody_is_refused_with_the_columns(tmp_path: Path, priority: str) -> None:
    with pytest.raises(CampaignError, match=rf'priority = "{priority}".*points.*last_order'):
        load_audience(crowd(tmp_path, 3, HELD, pieces=1, priority=priority))


@pytest.mark.parametrize("priority", ["points", "last_order", "lapsed", "spent"])
def test_any_column_with_an_order_is_a_priority(tmp_path: Path, priority: str) -> None:
    _, printed = narrowed(crowd(tmp_path, 10, (Segment("all", "", "base"),), pieces=5, priority=priority))
    even = ["0000", "0002", "0004", "0006", "0008"]
    assert printed["all"] == (["0000", "0001", "0002", "0003", "0004"] if priority == "points" else even)


@given(st.integers(0, 30), st.integers(0, 40), st.sampled_from([0.1, 0.5, 0.9]), st.booleans())
def test_everybody_is_in_one_place(tmp_path_factory, count: int, most: int, share: float, tried: bool) -> None:
    """Printed, held back and beyond the limit are all there are, whatever is tried and limited."""
    segments = tuple(replace(segment, control=share) for segment in (AB if tried else HELD))
    audience, printed = narrowed(crowd(tmp_path_factory.mktemp("crowd"), count, segments, pieces=most))
    counts = audience.counts()
    assert counts[Outcome.PRINTED] == sum(map(len, printed.values())) <= most
    assert counts[Outcome.CONTROL] == len(audience.control())
    assert counts[Outcome.PRINTED] + counts[Outcome.CONTROL] + counts[Outcome.OVER_LIMIT] == count
