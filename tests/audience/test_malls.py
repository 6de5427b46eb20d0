"""Customers known from malls alone get no letter, unless the campaign acknowledges that mall by name."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmgen.audience import Audience, load_audience
from dmgen.audience.clean.malls import mall_name
from dmgen.model.campaign import Campaign, Channel, Segment

from .conftest import EVERYBODY, HEADER, build, people, person

ORDERS = "order_id,customer_id,ordered_on,amount,status,モール"


def one(who: str) -> str:
    return person(who, name=f"山田 {who}")


def campaign(
    folder: Path, *orders: str, malls: Sequence[str] = (), channel: Channel = Channel.MAIL,
    segments: Sequence[Segment] = EVERYBODY, customers: str = "",
) -> Campaign:  # fmt: skip
    made = build(
        folder,
        customers or people(*(one(who) for who in "ABC")),
        "\n".join((ORDERS, *orders)) if orders else None,
        segments=segments,
    )
    return replace(made, channel=channel, choice=replace(made.choice, malls=tuple(malls)))


def of_mall(audience: Audience) -> list[str]:
    assert sum(audience.counts().values()) + len(open_ids(audience)) == audience.customers_read
    return sorted(bad.customer_id for bad in audience.rejections() if bad.reason == "mall")


def open_ids(audience: Audience) -> list[str]:
    segments = audience._segments
    return sorted(key for segment in segments for _, key in audience.who(audience.open_positions(segment)))


ROWS = (
    "1,A,2026-01-01,100,completed,楽天市場", "2,A,2026-01-02,100,completed,Ａｍａｚｏｎ",
    "3,B,2026-01-01,100,completed,楽天市場", "4,B,2026-01-02,100,cancelled,自社",
)  # fmt: skip


def test_who_is_known_from_malls_alone_is_suppressed(tmp_path: Path) -> None:
    audience = load_audience(campaign(tmp_path, *ROWS))
    assert of_mall(audience) == ["A"]  # B ordered from the shop itself, C ordered nowhere
    assert {bad.outcome.value for bad in audience.rejections()} == {"suppressed"}


@pytest.mark.parametrize(
    ("malls", "left"), [(("楽天",), ["A"]), (("amazon",), ["A"]), (("rakuten", "Amazon"), []), (("yahoo",), ["A"])]
)
def test_every_mall_must_be_acknowledged_by_name(tmp_path: Path, malls: tuple[str, ...], left: list[str]) -> None:
    audience = load_audience(campaign(tmp_path, *ROWS, malls=malls))
    assert of_mall(audience) == left
    assert any("no list names the mall yahoo" in str(remark) for remark in audience.remarks) == ("yahoo" in malls)


def test_the_customers_lists_own_column_counts_too(tmp_path: Path) -> None:
    customers = f"{HEADER},mall\n{one('A')},楽天\n{one('B')},\n{one('C')},Qoo10\n"
    assert of_mall(load_audience(campaign(tmp_path, customers=customers))) == ["A", "C"]
    own = "1,A,2026-01-01,100,completed,"
    assert of_mall(load_audience(campaign(tmp_path, own, customers=customers))) == ["C"]


SAFE = (
    Segment("ad", "", "base", offer=None),
    Segment("thanks", "", "base", mall_safe=True),
)


def test_parcels_of_mall_buyers_take_pieces_marked_mall_safe_only(tmp_path: Path) -> None:
    audience = load_audience(campaign(tmp_path, *ROWS, channel=Channel.INSERT_OPEN, segments=SAFE))
    chosen = {name: [key for _, key in audience.who(audience.open_positions(name))] for name in ("ad", "thanks")}
    assert chosen == {"ad": ["B", "C"], "thanks": ["A"]}
    assert of_mall(audience) == []
    (row,) = audience.rows([0], ["segment"])
    assert row == {"segment": "thanks"}
    assert of_mall(load_audience(campaign(tmp_path, *ROWS, channel=Channel.INSERT_OPEN))) == ["A"]
    assert of_mall(load_audience(campaign(tmp_path, *ROWS, segments=SAFE))) == ["A"]  # a letter is no parcel


PLACES = st.sampled_from(["", "自社", "楽天", "amazon", "手芸モール"])


@settings(max_examples=60, deadline=None)
@given(orders=st.lists(st.tuples(st.sampled_from("ABC"), PLACES), max_size=12),
       known=st.sets(st.sampled_from(["rakuten", "amazon"])))  # fmt: skip
def test_no_letter_goes_to_whom_only_a_mall_knows(
    tmp_path_factory: pytest.TempPathFactory, orders: list[tuple[str, str]], known: set[str]
) -> None:
    rows = [f"{n},{who},2026-01-01,100,completed,{mall}" for n, (who, mall) in enumerate(orders)]
    audience = load_audience(campaign(tmp_path_factory.mktemp("mall"), *rows, malls=sorted(known)))
    expected = []
    for who in "ABC":
        places = [mall for buyer, mall in orders if buyer == who]
        names = {"楽天": "rakuten"}
        denied = any(names.get(mall, mall) not in known | {"", "自社"} for mall in places)
        if denied and all(mall not in ("", "自社") for mall in places):
            expected.append(who)
    assert of_mall(audience) == expected


@pytest.mark.parametrize("word", ["", " ", "自社", "本店", "自社ＥＣ", "Own"])
def test_the_shops_own_sales_are_no_mall(word: str) -> None:
    assert mall_name(word) == ""


@pytest.mark.parametrize("word", ["楽天", "楽天市場", "Rakuten", "ＲＡＫＵＴＥＮ"])
def test_a_mall_has_one_name(word: str) -> None:
    assert mall_name(word) == "rakuten"
