"""One person gets one letter however often they are listed, and one word of theirs stops all of it."""

import tempfile
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.audience import Audience, load_audience
from dmgen.audience.cells.keys import email_key, phone_key
from dmgen.audience.cells.matching import address_key, name_key
from dmgen.audience.clean.groups import components, links_of
from dmgen.model.audience import Duplicates
from dmgen.model.recipient import Outcome

from .conftest import HEADER, ORDERS, build, people, person

PERSON, HOUSEHOLD = Duplicates.PERSON, Duplicates.HOUSEHOLD


def fates(folder: Path, *rows: str, mode: Duplicates = PERSON) -> list[tuple[int, str, str]]:
    """Line, reason and value of every row without a letter."""
    return told(load_audience(build(folder, people(*rows), duplicates=mode)))


def told(audience: Audience) -> list[tuple[int, str, str]]:
    return [(bad.line, bad.reason, bad.value) for bad in audience.rejections()]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"name": "髙橋 太郎"}, {"name": "高橋　太郎"}),
        ({"name": "ﾔﾏﾀﾞ ﾀﾛｳ"}, {"name": "ヤマダ タロウ"}),
        ({"street": "一丁目2番3号"}, {"street": "１－２－３"}),
        ({"street": "1-2-3", "building": "コーポ青葉101号室"}, {"street": "1-2-3-101"}),
        ({"street": "1-2-3", "building": "コーポ青葉101号室"}, {"street": "1-2-3"}),
        ({"street": "9", "email": "Hana@Example.com "}, {"street": "8", "email": "hana@example.com"}),
        ({"street": "9", "phone": "03-1234-5678"}, {"street": "8", "phone": "０３（１２３４）５６７８"}),
        ({"postal_code": "1000001"}, {"postal_code": "〒100-0001"}),
    ],
)
def test_one_person_with_two_ids_gets_the_letter_of_the_later_row(
    tmp_path: Path, first: dict[str, str], second: dict[str, str]
) -> None:
    assert fates(tmp_path, person("A", **first), person("B", **second)) == [(2, "same_person", "line 3")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"name": "山田 太郎"}, {"name": "山田 花子"}),
        ({"street": "1-2-3"}, {"street": "1-2-4"}),
        ({"postal_code": "100-0001"}, {"postal_code": "100-0002"}),
        ({"building": "101"}, {"building": "102"}),
        ({"street": "9", "email": "x@example.com"}, {"street": "8", "email": "y@example.com"}),
        ({"name": "山田 太郎", "email": "x@example.com"}, {"name": "山田 花子", "email": "x@example.com"}),
    ],
)
def test_two_people_get_two_letters(tmp_path: Path, first: dict[str, str], second: dict[str, str]) -> None:
    assert fates(tmp_path, person("A", **first), person("B", **second)) == []


def test_who_gives_no_room_is_nobody_where_two_of_the_name_live(tmp_path: Path) -> None:
    rows = [person("A", building="101"), person("B", building="102"), person("C")]
    assert fates(tmp_path, *rows) == []


def test_an_address_that_many_names_share_ties_nobody(tmp_path: Path) -> None:
    """The shop's own phone stands in for a missing one: it must not make two people of one name one person."""
    same = {"phone": "03-1234-5678", "email": "info@example.com"}
    names = ["山田", "鈴木", "田中", "佐藤", "加藤"]
    rows = [person(f"{n}{i}", name=name, street=f"{n}-{i}", **same) for n, name in enumerate(names) for i in (1, 2)]
    assert fates(tmp_path, *rows) == []
    assert len(fates(tmp_path, *rows[:8])) == 4


def test_the_row_that_can_get_a_letter_is_kept_then_the_latest(tmp_path: Path) -> None:
    rows = [
        person("A", registered_on="2026-01-01"),
        person("B", registered_on="2026-03-01"),
        person("C", registered_on="2026-02-01"),
        person("D", registered_on=""),
        person("E", registered_on="2026-04-01", name="山田 太郎", town="?? ??", email="x@example.com"),
        person("F", registered_on="2025-01-01", email="x@example.com"),
    ]
    assert fates(tmp_path, *rows) == [
        (2, "same_person", "line 3"), (4, "same_person", "line 3"), (5, "same_person", "line 3"),
        (6, "address_damaged", "?? ??"), (7, "same_person", "line 3"),
    ]  # fmt: skip


def test_orders_of_one_person_count_together(tmp_path: Path) -> None:
    orders = "\n".join((ORDERS, "1,A,2026-01-01,100,1,completed", "2,B,2026-02-01,200,1,completed",
                        "3,B,2026-03-01,400,1,completed", "4,C,2026-03-01,50,1,completed"))  # fmt: skip
    rows = [person("A"), person("B", postal_code=""), person("C", name="山田 花子"), person("A")]
    audience = load_audience(build(tmp_path, people(*rows), orders, duplicates=PERSON))
    # B has no postal code, so nothing ties it to A but an e-mail address
    assert [row["spent"] for row in audience.rows([0, 1, 2], ["spent"])] == [100, 600, 50]
    rows = [person("A", email="x@example.com"), person("B", email="X@example.com", postal_code=""), rows[2]]
    audience = load_audience(build(tmp_path, people(*rows), orders, duplicates=PERSON))
    assert [row["spent"] for row in audience.rows([0, 1, 2], ["spent"])] == [700, 0, 50]
    assert told(audience) == [(3, "postal_code_missing", "")]
    assert audience.order_counts == {"read": 4, "counted": 4}


def test_one_word_of_a_person_stops_all_their_letters(tmp_path: Path) -> None:
    rows = [
        person("A", email="x@example.com"),
        person("B", street="9", email="x@example.com", phone="03-1111-2345"),
        person("C", street="8", phone="03-1111-2345", dm_opt_out="1"),  # moved twice
        person("D", name="鈴木", dm_opt_out="?"),
        person("E", name="鈴木"),
        person("F", name="田中", dm_opt_out="?"),
        person("G", name="田中", dm_opt_out="1", postal_code="x", email="t@example.com"),
        person("H", name="田中", street="7", email="t@example.com", postal_code=""),
    ]
    assert fates(tmp_path, *rows) == [
        (2, "same_person_opted_out", "line 4"), (3, "same_person_opted_out", "line 4"), (4, "opted_out", "1"),
        (5, "opt_out_unclear", "?"), (6, "same_person_unclear", "line 5"),
        (7, "opt_out_unclear", "?"), (8, "opted_out", "1"), (9, "same_person_opted_out", "line 8"),
    ]  # fmt: skip


def test_rows_that_get_no_letter_themselves_are_heard_as_well(tmp_path: Path) -> None:
    """An opt-out counts in a row without an id, in one of a conflicting id, and in one with cells too many."""
    rows = [
        person("A", name="鈴木", email="s@example.com"),
        person("", name="鈴木", email="s@example.com", street="9", dm_opt_out="1"),
        person("B", name="田中", street="9", dm_opt_out="1"),
        person("B", name="佐藤", street="7"),
        person("C", name="田中", street="9"),
        person("D", name="加藤", street="5"),
        person("D", name="加藤", street="5", dm_opt_out="1") + ",x",
    ]
    assert fates(tmp_path, *rows) == [
        (2, "same_person_opted_out", "line 3"), (3, "customer_id_missing", ""),
        (4, "id_conflict", "B"), (5, "id_conflict", "B"), (6, "same_person_opted_out", "line 4"),
        (7, "same_person_opted_out", "line 8"), (8, "ragged_row", "14 fields, 13 expected"),
    ]  # fmt: skip


def test_who_died_gets_no_letter_under_another_id(tmp_path: Path) -> None:
    rows = [person("A", name="山田 太郎（逝去）"), person("B", name="山田　太郎")]
    assert fates(tmp_path, *rows) == [(2, "deceased", "山田 太郎（逝去）"), (3, "same_person_opted_out", "line 2")]


def test_one_id_written_in_two_ways_is_no_conflict(tmp_path: Path) -> None:
    rows = [person("A", name="髙橋", street="一丁目1"), person("A", name="高橋", street="1-1")]
    assert fates(tmp_path, *rows) == [(3, "same_row_twice", "A")]


def test_who_looks_like_another_is_named_for_a_person_to_look_at(tmp_path: Path) -> None:
    rows = [
        person("A", name="斎藤 一郎", street="1"), person("B", name="斉藤 一郎", street="1"),
        person("C", name="佐藤 明", name_kana="サトウ アキラ", street="2"),
        person("D", name="佐藤 晃", name_kana="ｻﾄｳ ｱｷﾗ", street="2"),
        person("E", name="山田 太郎", name_kana="ヤマダ タロウ", street="3"),
        person("F", name="山田 次郎", name_kana="ヤマダ ジロウ", street="3"),  # brothers
        person("G", name="森 一", street="4"), person("H", name="林 一", street="4"),  # too short to tell
        person("I", name="加藤 花子", street="5"), person("J", name="カトウ ハナコ", street="5"),
        person("K", name="加藤 花子", street="6", name_kana="カトウ ハナコ"),
        person("L", name="ｶﾄｳ ﾊﾅｺ", street="6"),
    ]  # fmt: skip
    audience = load_audience(build(tmp_path, people(*rows), duplicates=PERSON))
    assert told(audience) == []
    assert [(flag.line, flag.reason, flag.value) for flag in audience.flags()] == [
        (3, "looks_like", "line 2"), (5, "looks_like", "line 4"), (13, "looks_like", "line 12"),
    ]  # fmt: skip


def test_who_looks_like_somebody_that_said_no_waits_for_a_person(tmp_path: Path) -> None:
    rows = [person("A", name="斎藤 一郎", dm_opt_out="1"), person("B", name="斉藤 一郎")]
    assert fates(tmp_path, *rows) == [(2, "opted_out", "1"), (3, "looks_like_opted_out", "line 2")]


def test_households_only_where_they_are_asked_for(tmp_path: Path) -> None:
    rows = [
        person("A", name="山田 太郎", building="コーポ 101"), person("B", name="山田 花子", building="101号室"),
        person("C", name="山田 一", building="102"),
        person("D", name="鈴木 一", building="101"),
        person("E", name="斎藤 一郎", street="5"), person("F", name="斉藤 一郎", street="5"),
        person("G", name="岡田 一", city="神戸市", town="中央区加納町", street="6-5-1"),
        person("H", name="岡田 二", city="神戸市中央区", town="加納", street="6-5-1"),
        person("I", name="岡田 三", city="神戸市中央区", town="元町通", street="6-5-1"),
    ]  # fmt: skip
    assert fates(tmp_path, *rows) == []
    assert fates(tmp_path, *rows, mode=HOUSEHOLD) == [
        (2, "same_household", "line 3"), (6, "same_household", "line 7"), (8, "same_household", "line 9"),
    ]  # fmt: skip


def test_one_of_a_household_that_says_no_stops_its_letter(tmp_path: Path) -> None:
    rows = [person("A", name="山田 太郎"), person("B", name="山田 花子", dm_opt_out="1"), person("C", name="山田 花子")]
    assert fates(tmp_path, *rows, mode=HOUSEHOLD) == [
        (2, "same_household_opted_out", "line 3"), (3, "opted_out", "1"), (4, "same_person_opted_out", "line 3"),
    ]  # fmt: skip


POOL = {
    "customer_id": ["A", "B", "C", "D", "E", "F", "G", ""],
    "name": ["髙橋 一", "高橋　一", "鈴木 二", "ｽｽﾞｷ", "すずき", ""],
    "postal_code": ["100-0001", "1000001", "150-0001", ""],
    "street": ["一丁目1", "1-1", "2-2", "2-2-3-101"],
    "email": ["", "a@example.com", "A@example.com", "b@example.com"],
    "phone": ["", "03-1111-2345", "0311112345"],
    "dm_opt_out": ["0", "0", "0", "1", "?"],
}
CELLS = st.fixed_dictionaries({key: st.sampled_from(cells) for key, cells in POOL.items()})


def same_person(one: dict[str, str], other: dict[str, str]) -> bool:
    """Certainly one person: told by the definition, row against row, for rooms that are both given."""
    if not name_key(one["name"]) or name_key(one["name"]) != name_key(other["name"]):
        return False
    postal = [row["postal_code"].replace("-", "") for row in (one, other)]
    places = [address_key(f"千代田区千代田{row['street']}") for row in (one, other)]
    return (
        (postal[0] == postal[1] != "" and places[0] == places[1])
        or email_key(one["email"]) == email_key(other["email"]) != ""
        or phone_key(one["phone"]) == phone_key(other["phone"]) != ""
    )


def clusters(rows: list[dict[str, str]]) -> list[set[int]]:
    """By hand: everybody in a set of their own, sets with a tie between them made one until none is left."""
    sets = [{place} for place in range(len(rows))]
    for one, other in combinations(range(len(rows)), 2):
        if same_person(rows[one], rows[other]):
            first, second = (next(group for group in sets if place in group) for place in (one, other))
            if first is not second:
                sets.remove(second)
                first |= second
    return sets


@settings(max_examples=150, deadline=None)
@given(st.lists(CELLS, max_size=9), st.sampled_from([PERSON, HOUSEHOLD]))
def test_nobody_gets_two_letters_and_nobody_who_said_no_gets_one(rows: list[dict[str, str]], mode: Duplicates) -> None:
    with tempfile.TemporaryDirectory() as folder:
        listed = people(*(person(**row, city="千代田区", town="千代田") for row in rows))
        audience = load_audience(build(Path(folder), listed, duplicates=mode))
    opened = set(audience.open_positions("all").tolist())
    for group in clusters(rows):
        said = {rows[place]["dm_opt_out"] for place in group}
        assert len(opened & group) <= 1
        assert said == {"0"} or not opened & group
    audience.settle(audience.open_positions("all"), Outcome.PRINTED, "print", "")
    audience.check_sum()
    assert sum(audience.counts().values()) == len(rows)


@settings(max_examples=100, deadline=None)
@given(st.lists(CELLS, max_size=9, unique_by=lambda row: row["customer_id"]), st.randoms(use_true_random=False))
def test_the_persons_do_not_depend_on_the_order_of_the_rows(rows: list[dict[str, str]], random: Random) -> None:
    def reasons(order: list[dict[str, str]]) -> dict[str, str]:
        with tempfile.TemporaryDirectory() as folder:
            listed = people(*(person(**row, city="千代田区", town="千代田") for row in order))
            audience = load_audience(build(Path(folder), listed, duplicates=PERSON))
        return {bad.customer_id: bad.reason for bad in audience.rejections() if bad.reason != "same_person"} | {
            "kept": str(len(audience.open_positions("all")))
        }

    shuffled = list(rows)
    random.shuffle(shuffled)
    assert reasons(rows) == reasons(shuffled)


@given(st.lists(st.lists(st.integers(-1, 6), min_size=12, max_size=12), min_size=1, max_size=4))
def test_components_are_what_walking_along_the_ties_reaches(keys: list[list[int]]) -> None:
    label = components([links_of(np.array(key, np.int64)) for key in keys], 12)
    ties: defaultdict[int, set[int]] = defaultdict(set)
    for key in keys:
        for one, other in combinations(range(12), 2):
            if key[one] == key[other] != -1:
                ties[one].add(other)
                ties[other].add(one)
    for start in range(12):
        reached, waiting = {start}, [start]
        while waiting:
            new = ties[waiting.pop()] - reached
            reached |= new
            waiting += new
        assert label[start] == min(reached)


def test_a_long_chain_of_ties_is_one_person(tmp_path: Path) -> None:
    rows = [
        person(f"{n:03}", street=str(n), email=f"e{n // 2}@example.com", phone=f"03-1234-{(n + 1) // 2 + 1000}")
        for n in range(400)
    ]
    assert len(fates(tmp_path, *rows)) == 399


def test_the_header_of_these_tests_has_every_key() -> None:
    assert {"name", "email", "phone", "postal_code"} <= set(HEADER.split(","))
