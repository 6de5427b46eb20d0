"""Whose letter goes into which parcel: the right person's, once, or none for a listed reason."""

import csv
import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.audience import Audience, load_audience
from dmgen.model.audience import Duplicates, Limits
from dmgen.model.campaign import Segment
from dmgen.model.history import NO_HISTORY
from dmgen.model.production import Record
from dmgen.model.recipient import MENDABLE_FIRST, Outcome
from dmgen.model.rule import Rule

from .conftest import person, rules
from .parcels import campaign, loaded, prove, told

HEAD = "shipment_id,order_ids,customer_id,ship_to_name,gift,kind"


def who(number: int, **cells: str) -> str:
    """A customer called C1, C2 … with a name and a house of their own."""
    return person(
        f"C{number}", **{"name": f"客{'一二三四五六七八九'[number - 1]} 太郎", "street": f"{number}-1"} | cells
    )


def shipments(*rows: str) -> str:
    return "\n".join((HEAD, *(row + "," * (HEAD.count(",") - row.count(",")) for row in rows))) + "\n"


def order(number: int, customer: str, status: str = "完了", day: str = "2026-09-01", amount: int = 1000) -> str:
    return f"O{number},{customer},{day},{amount},,{status}"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return tmp_path


def test_customers_are_found_by_their_orders_or_by_name_of_the_list(desk: Path) -> None:
    audience = loaded(
        desk, [who(1), who(2), who(3)], [order(1, "C1"), order(2, "C2")], shipments("S1,O1", "S2,,C3", "S3,O2,C2")
    )
    assert told(audience) == {"S1": ("piece", "C1", ""), "S2": ("piece", "C3", ""), "S3": ("piece", "C2", "")}
    assert audience.counts()[Outcome.NO_PARCEL] == 0


def test_a_bundle_of_one_customer_gets_one_letter_and_one_of_several_none(desk: Path) -> None:
    orders = [order(1, "C1"), order(2, "C1"), order(3, "C2"), order(4, "C3")]
    audience = loaded(desk, [who(1), who(2), who(3)], orders, shipments("S1,O1;O2", "S2,O3;O4", "S3,O4,C1"))
    assert told(audience) == {
        "S1": ("piece", "C1", ""), "S2": ("empty", "", "mixed_customers"), "S3": ("empty", "", "mixed_customers"),
    }  # fmt: skip
    assert reasons(audience)["C2", "no_parcel"] == "mixed_customers"


def test_a_split_order_has_its_letter_in_the_first_parcel_that_takes_one(desk: Path) -> None:
    head = "shipment_id,order_ids,position,gift"
    audience = loaded(desk, [who(1)], [order(1, "C1")], f"{head}\nS1,O1,9,\nS2,O1,2,\nS3,O1,1,1\n")
    assert told(audience) == {
        "S3": ("empty", "", "gift"), "S2": ("piece", "C1", ""), "S1": ("empty", "", "first_parcel_has_it"),
    }  # fmt: skip
    assert audience.counts()[Outcome.NO_PARCEL] == 0


@pytest.mark.parametrize("fallback", [True, False])
def test_whom_nobody_knows_gets_the_leaflet_or_nothing(desk: Path, fallback: bool) -> None:
    audience = loaded(
        desk,
        [who(1)],
        [order(1, "C1"), order(2, "X9"), order(3, "")],
        shipments("S1,O1", "S2,O2", "S3,O3", "S4,O8", "S5,,C9", "S6,,", "S7,O1;O8", "S8,O1,C9"),
        fallback=fallback,
    )
    outcome = "fallback" if fallback else "empty"
    expected = {name: (outcome, f"parcel:{name}" if fallback else "", "unknown_customer") for name in
                ("S2", "S3", "S4", "S5", "S6", "S7", "S8")}  # fmt: skip
    assert told(audience) == {"S1": ("piece", "C1", "")} | expected
    if fallback:
        positions = audience.open_positions("fallback")
        rows = audience.rows(positions, ("name", "address", "parcel", "customer_id", "purchases", "line", "product"))
        assert [row["parcel"].key for row in rows[:3]] == ["O2", "O3", "O8"]  # type: ignore[union-attr]
        assert {row["name"] for row in rows} == {row["address"] for row in rows} == {""}
        assert {row["purchases"] for row in rows} == {None}
        assert not any(row["product"] for row in rows)
        assert audience.who(positions.tolist())[0] == (3, "parcel:S2")
        assert audience.source_of(int(positions[0])) == "shipments"
        audience.settle(positions[:2], Outcome.OVER_LIMIT, "select", "over_limit")
        assert told(audience)["S2"] == ("empty", "", "over_limit")
        assert told(audience)["S4"][0] == "fallback"
        prove(audience)


def test_an_id_of_several_people_is_nobodys(desk: Path) -> None:
    customers = [who(1), person("C1", name="別人 花子", street="9-9"), who(2)]
    orders = [order(1, "C1"), order(2, "C2"), "O2,C1,2026-09-01,1000,,完了"]
    audience = loaded(desk, customers, orders, shipments("S1,O1", "S2,,C1", "S3,O2"))
    assert {reason for _, _, reason in told(audience).values()} == {"ambiguous_customer"}


def test_an_order_of_somebody_who_is_not_listed_is_not_the_named_customers(desk: Path) -> None:
    """Unlike an order that does not say who bought: there the shipments list is believed."""
    orders = [order(1, "C1"), order(2, "X9"), order(3, "")]
    audience = loaded(desk, [who(1), who(2)], orders, shipments("S1,O2,C1", "S2,O1;O2", "S3,O3,C2"))
    assert told(audience) == {
        "S1": ("empty", "", "mixed_customers"), "S2": ("empty", "", "mixed_customers"), "S3": ("piece", "C2", ""),
    }  # fmt: skip


def test_an_order_is_cancelled_when_all_of_its_lines_are(desk: Path) -> None:
    orders = [order(1, "C1", "キャンセル"), order(1, "C1", "未発送"), order(2, "C2", "キャンセル"), order(2, "C2", "")]
    audience = loaded(desk, [who(1), who(2)], orders, shipments("S1,O1", "S2,O2"))
    assert told(audience) == {"S1": ("piece", "C1", ""), "S2": ("empty", "", "order_cancelled")}


@pytest.mark.parametrize(
    ("receiver", "goes"),
    [
        ("髙橋　花子 様", True), ("高橋花子", True), ("ﾀｶﾊｼ ﾊﾅｺ", True), ("タカハシハナコ様", True), ("", True),
        ("高橋 太郎", False), ("高橋花子　祖母", False), ("株式会社高橋", False),
    ],
)  # fmt: skip
def test_no_letter_where_somebody_else_opens_the_parcel(desk: Path, receiver: str, goes: bool) -> None:
    customers = [person("C1", name="髙橋 花子", name_kana="タカハシ ハナコ")]
    audience = loaded(desk, customers, [order(1, "C1")], shipments(f"S1,O1,,{receiver}"))
    assert told(audience)["S1"] == (("piece", "C1", "") if goes else ("empty", "", "other_receiver"))


def test_gifts_and_replacements_hold_no_letter_and_their_customers_have_the_reason(desk: Path) -> None:
    audience = loaded(
        desk, [who(1), who(2), who(3)], [order(1, "C1"), order(2, "C2")], shipments("S1,O1,,,1", "S2,O2,,,,交換")
    )
    assert told(audience) == {"S1": ("empty", "", "gift"), "S2": ("empty", "", "replacement")}
    assert reasons(audience) == {
        ("C1", "no_parcel"): "gift", ("C2", "no_parcel"): "replacement", ("C3", "no_parcel"): "no_parcel",
    }  # fmt: skip
    assert [one.parcel.customer_id for one in audience.packing()] == ["C1", "C2"]


def test_who_has_no_parcel_is_counted_and_not_listed(desk: Path) -> None:
    audience = loaded(desk, [who(1), who(2), who(3)], [order(1, "C1"), order(2, "C2")], shipments("S1,O1,,,1"))
    listed = [(r.customer_id, r.reason, r.field, r.value) for r in audience.rejections_by_outcome(MENDABLE_FIRST)]
    assert listed == [("C1", "gift", "shipment_id", "S1")]
    assert audience.tally()["customers", Outcome.NO_PARCEL, "no_parcel"] == 2
    assert audience.counts()[Outcome.NO_PARCEL] == 3


def test_what_the_shop_may_not_send_says_why_in_the_parcel(desk: Path) -> None:
    """The customer's own outcome is the parcel's reason; it is never overruled by a parcel."""
    customers = [who(1, dm_opt_out="1"), who(2, name=""), who(3), who(4)]
    orders = [order(n, f"C{n}", amount=n * 100) for n in (1, 2, 3, 4)]
    audience = loaded(
        desk, customers, orders, shipments(*(f"S{n},O{n}" for n in (1, 2, 3, 4))), segments=rules("spent == 400")
    )
    assert told(audience) == {
        "S1": ("empty", "", "opted_out"), "S2": ("empty", "", "name_missing"),
        "S3": ("empty", "", "no_segment"), "S4": ("piece", "C4", ""),
    }  # fmt: skip


def test_todays_first_buyer_is_welcomed(desk: Path) -> None:
    """Orders in the parcels are purchases, though open, unknown or of today; not where they are cancelled."""
    orders = [
        order(1, "C1", "未発送", "2026-10-01"), order(2, "C2", "ナゾ"), order(3, "C2"), order(4, "C3", "キャンセル"),
        order(5, "C3", "未発送"), order(6, "C4", "完了", "2026-10-02"), order(7, "C5", "未発送", "2026-10-01"),
    ]  # fmt: skip
    segments = (
        Segment("welcome", "", "base", when=Rule.parse("purchases == 1")),
        Segment("again", "", "base", when=Rule.parse("purchases > 1")),
        Segment("none", "", "base", when=Rule.parse("purchases == 0")),
    )
    parcels = shipments("S1,O1", "S2,O2", "S3,O4", "S4,O4;O5", "S5,O6", "S6,O9,C5")
    audience = loaded(desk, [who(n) for n in range(1, 6)], orders, parcels, segments=segments)
    found = {one.parcel.shipment_id: one.segment or one.reason for one in audience.packing()}
    assert found == {
        "S1": "welcome", "S2": "again", "S3": "order_cancelled", "S4": "welcome", "S5": "none", "S6": "none",
    }  # fmt: skip
    (row,) = audience.rows(audience.open_positions("again"), ("purchases", "recency_days"))
    assert row == {"purchases": 2, "recency_days": 29}
    first = audience.rows(audience.open_positions("welcome"), ("customer_id", "recency_days"))[0]
    assert first == {"customer_id": "C1", "recency_days": 0}


def test_several_ids_of_one_person_are_one_person(desk: Path) -> None:
    """Whichever id an order has, the piece is that of the row that is kept; one parcel has it."""
    twins = {"name": "山田 太郎", "street": "1-1", "email": "a@example.com"}
    customers = [person("C1", **twins), person("C2", **twins), who(3)]
    orders = [order(1, "C1"), order(2, "C2"), order(3, "C3")]
    audience = loaded(desk, customers, orders, shipments("S1,O1", "S2,O2", "S3,O3"), duplicates=Duplicates.PERSON)
    assert told(audience) == {
        "S1": ("piece", "C2", ""), "S2": ("empty", "", "first_parcel_has_it"), "S3": ("piece", "C3", ""),
    }  # fmt: skip
    bundle = loaded(desk, customers, orders, shipments("S1,O1;O2"), duplicates=Duplicates.PERSON)
    assert told(bundle) == {"S1": ("piece", "C2", "")}


def test_nobody_gets_the_letter_of_somebody_else_of_the_household(desk: Path) -> None:
    """One letter a household is right in the post; in her parcel his name is wrong."""
    home = {"street": "5-5", "phone": "03-1111-2222"}
    customers = [person("C1", name="山田 花子", **home), person("C2", name="山田 太郎", **home)]
    orders = [order(1, "C1"), order(2, "C2")]
    made = [loaded(desk, customers, orders, shipments(row), duplicates=Duplicates.HOUSEHOLD) for row in
            ("S1,O1", "S1,O2", "S1,,C1")]  # fmt: skip
    assert [told(audience)["S1"] for audience in made] == [
        ("empty", "", "same_household"), ("piece", "C2", ""), ("empty", "", "same_household"),
    ]  # fmt: skip


def test_words_may_say_the_parcel(desk: Path) -> None:
    text = "shipment_id,order_ids,wave,position,ship_on,tracking\nS1,AB-100123;O2,W,7,2026-10-01,555\n"
    audience = loaded(desk, [who(1)], ["AB-100123,C1,2026-09-01,100,,完了", order(2, "C1")], text)
    ((row,),) = [audience.rows(audience.open_positions("all"), ("parcel", "seed"))]
    parcel = row["parcel"]
    assert isinstance(parcel, Record)
    cells = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in parcel.cells.items()}
    assert cells == {
        "shipment_id": "S1", "wave": "W", "position": "7", "place": 1, "order": "AB-100123", "orders": "AB-100123;O2",
        "key": "100123", "tracking": "555", "ship_on": "2026-10-01",
    }  # fmt: skip
    assert set(audience.records["parcel"].columns) == set(parcel.cells)
    assert row["seed"] == 0


def test_limits_take_pieces_for_nobody_known_first(desk: Path) -> None:
    made = campaign(
        desk, [who(1), who(2)], [order(1, "C1"), order(2, "C2")], shipments("S1,O8", "S2,O1", "S3,O9", "S4,O2")
    )
    made = replace(made, choice=replace(made.choice, limits=Limits(pieces=3)))
    audience = load_audience(made)
    audience.narrow(made, NO_HISTORY)
    prove(audience)
    assert {name: (outcome, reason) for name, (outcome, _, reason) in told(audience).items()} == {
        "S1": ("fallback", "unknown_customer"), "S2": ("piece", ""), "S3": ("empty", "over_pieces"),
        "S4": ("piece", ""),
    }  # fmt: skip


def test_campaigns_without_parcels_know_nothing_of_them(desk: Path) -> None:
    made = campaign(desk, [who(1)], [order(1, "C1", "未発送")], shipments("S1,O1"))
    audience = load_audience(replace(made, lists=replace(made.lists, shipments=None)))
    assert (audience.packing(), audience.parcels_read, "parcel" in audience.records) == ([], 0, False)
    assert audience.order_counts["counted"] == 0
    assert audience.open_positions("fallback").tolist() == []


def test_buyers_are_customers_too(desk: Path) -> None:
    """Without a customers list the people are those of the orders, and parcels find them by order."""
    header = "order_id,name,postal_code,address,email,ordered_on,amount,status,dm_opt_out\n"
    orders = header + "O1,山田 太郎,100-0001,東京都千代田区千代田1-1,a@example.com,2026-10-01,100,未発送,0\n"
    made = campaign(desk, [who(1)], [order(1, "C1")], shipments("S1,O1,,山田太郎"))
    (desk / "orders.csv").write_text(orders, "utf-8")
    audience = load_audience(replace(made, lists=replace(made.lists, customers=None)))
    prove(audience)
    assert [one.outcome.value for one in audience.packing()] == ["piece"]


def reasons(audience: Audience) -> dict[tuple[str, str], str]:
    return {(r.customer_id, r.outcome.value): r.reason for r in audience.rejections() if r.source == "customers"}


@dataclass(frozen=True)
class Day:
    """A day of a small shop: whom each order is of and how it stands, and the parcels."""

    opted_out: Sequence[bool]  # by customer
    orders: Sequence[tuple[int, str]]  # customer (or -1: nobody's), status
    parcels: Sequence[
        tuple[Sequence[int], int, bool, int, int]
    ]  # orders, customer named (-1: none), gift, wave, position


STATUS = st.sampled_from(["完了", "未発送", "キャンセル", "ナゾ"])


@st.composite
def days(draw: st.DrawFn) -> Day:
    people = draw(st.integers(1, 5))
    orders = draw(st.lists(st.tuples(st.integers(-1, people - 1), STATUS), min_size=1, max_size=8))
    known = st.integers(0, len(orders))  # the last is an order that the list has not
    parcel = st.tuples(
        st.lists(known, max_size=3, unique=True),
        st.sampled_from([-1, -1, -1, *range(people), 8]),
        st.sampled_from([False, False, False, True]),
        st.integers(1, 2),
        st.integers(1, 5),
    )
    out = draw(st.lists(st.sampled_from([False, False, True]), min_size=people, max_size=people))
    return Day(out, orders, draw(st.lists(parcel, max_size=8)))


def expected(day: Day) -> dict[str, tuple[str, int, str]]:
    """A second way to the same: parcels walked in packing order, with dicts and loops."""
    waves: list[int] = []
    for _, _, _, wave, _ in day.parcels:
        if wave not in waves:
            waves.append(wave)
    numbered = sorted(enumerate(day.parcels), key=lambda one: (waves.index(one[1][3]), one[1][4], one[0]))
    found: dict[str, tuple[str, int, str]] = {}
    served: set[int] = set()
    for number, (orders, named, gift, _, _) in numbered:
        alive = [one for one in orders if one == len(day.orders) or day.orders[one][1] != "キャンセル"]
        buyers = [None if one == len(day.orders) else day.orders[one][0] for one in alive]
        listed = {buyer for buyer in buyers if buyer is not None and buyer >= 0}
        if 0 <= named < len(day.opted_out):
            listed.add(named)
        if orders and not alive:
            answer = ("empty", -1, "order_cancelled")
        elif gift:
            answer = ("empty", -1, "gift")
        elif len(listed) > 1:
            answer = ("empty", -1, "mixed_customers")
        elif not listed or named == 8 or (named == -1 and (None in buyers or -1 in buyers)):
            answer = ("fallback", -1, "unknown_customer")
        else:
            (customer,) = listed
            if day.opted_out[customer]:
                answer = ("empty", -1, "opted_out")
            elif customer in served:
                answer = ("empty", -1, "first_parcel_has_it")
            else:
                served.add(customer)
                answer = ("piece", customer, "")
        found[f"P{number}"] = answer
    return found


@settings(max_examples=200, deadline=None)
@given(days())
def test_every_parcel_gets_what_a_second_reckoning_gives_it(day: Day) -> None:
    """No letter of one customer in another's parcel, nobody twice, no parcel unaccounted for."""
    customers = [who(n + 1, dm_opt_out=str(int(no))) for n, no in enumerate(day.opted_out)]
    orders = [
        order(n, f"C{customer + 1}" if customer >= 0 else "", status) for n, (customer, status) in enumerate(day.orders)
    ]
    rows = [
        f"P{n},{';'.join(f'O{one}' for one in sorted(parcel[0]))},{f'C{parcel[1] + 1}' if parcel[1] >= 0 else ''},"
        f"{int(parcel[2])},{parcel[3]},{parcel[4]}"
        for n, parcel in enumerate(day.parcels)
    ]
    text = "\n".join(("shipment_id,order_ids,customer_id,gift,wave,position", *rows)) + "\n"
    with tempfile.TemporaryDirectory() as folder:
        audience = loaded(Path(folder), customers, orders, text)
    right = expected(day)
    assert [one.parcel.shipment_id for one in audience.packing()] == list(right)
    assert told(audience) == {
        name: (outcome, {"piece": f"C{customer + 1}", "fallback": f"parcel:{name}"}.get(outcome, ""), reason)
        for name, (outcome, customer, reason) in right.items()
    }
    outcomes = audience.counts()
    assert sum(outcomes.values()) + sum(one[0] == "piece" for one in right.values()) == len(customers)


@pytest.mark.parametrize("lists", ["online_retail", "cdnow_sample"])
def test_real_orders_as_a_day_of_parcels(desk: Path, shared: Path, lists: str) -> None:
    """Single orders, bundles, mixed bundles and unknown orders: each as the orders list itself says, row by row."""
    folder = shared / "data" / "real" / lists
    with (folder / "orders.csv").open(encoding="utf-8-sig", newline="") as file:
        orders = list(csv.DictReader(file))
    with (folder / "customers.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = {row["customer_id"] for row in csv.DictReader(file)}
    chance = random.Random(5)
    by_customer: dict[str, list[str]] = {}
    for row in orders:
        by_customer.setdefault(row["customer_id"], []).append(row["order_id"])
    buyer = {row["order_id"]: row["customer_id"] for row in orders}
    gone = {row["order_id"] for row in orders if row["status"] in ("cancelled", "returned", "refunded")}
    parcels: list[list[str]] = [[row["order_id"]] for row in chance.sample(orders, 800)]
    parcels += [own[:3] for own in chance.sample(list(by_customer.values()), 300)]
    parcels += [[chance.choice(orders)["order_id"], chance.choice(orders)["order_id"]] for _ in range(50)]
    parcels += [[f"unknown-{n}"] for n in range(20)]
    chance.shuffle(parcels)
    path = desk / "shipments.csv"
    path.write_text(
        "shipment_id,order_ids\n" + "".join(f"P{n},{' / '.join(own)}\n" for n, own in enumerate(parcels)), "utf-8"
    )
    made = campaign(desk, [who(1)], [order(1, "C1")], path)
    made = replace(
        made,
        lists=replace(
            made.lists,
            customers=folder / "customers.csv",
            orders=folder / "orders.csv",
            no_opt_out_recorded=True,
        ),
    )
    audience = load_audience(made)
    prove(audience)
    found, served = told(audience), set()
    for number, own in enumerate(parcels):
        outcome, customer, reason = found[f"P{number}"]
        alive = [one for one in own if one not in gone]
        buyers = {buyer.get(one, "") for one in alive}
        if not alive:
            assert (outcome, reason) == ("empty", "order_cancelled")
        elif len(buyers & listed) > 1:
            assert (outcome, reason) == ("empty", "mixed_customers")
        elif not buyers <= listed:
            assert (outcome, reason) == ("fallback", "unknown_customer")
        elif buyers & served:
            assert (outcome, reason) == ("empty", "first_parcel_has_it")
        elif outcome == "piece":
            assert {customer} == buyers
            served |= buyers
        else:
            assert reason not in ("unknown_customer", "mixed_customers", "first_parcel_has_it")
    assert len(served) > 700
