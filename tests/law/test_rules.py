"""The limits of 景品表示法, against amounts computed by hand, and rules that change on a day."""

import tomllib
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.law.notices import CALLED, NOTICES, notices_of
from dmgen.law.rules import RULES, Kind, rules_of
from tests.law.given import DAY

HIGHEST = [
    (Kind.GENERAL, 1, 20),
    (Kind.GENERAL, 100, 2_000),  # a shop with an article of 100 yen
    (Kind.GENERAL, 864, 17_280),
    (Kind.GENERAL, 4_999, 99_980),
    (Kind.GENERAL, 5_000, 100_000),
    (Kind.GENERAL, 1_000_000, 100_000),
    (Kind.JOINT, 1, 300_000),
    (Kind.JOINT, 1_000_000, 300_000),
    (Kind.GIFT, 1, 200),
    (Kind.GIFT, 999, 200),
    (Kind.GIFT, 1_000, 200),
    (Kind.GIFT, 1_004, 200),  # 200.8: never more than a fifth
    (Kind.GIFT, 1_005, 201),
    (Kind.GIFT, 3_000, 600),
    (Kind.GIFT, 1_000_000, 200_000),
    (Kind.OPEN, 100, None),
    (Kind.PRICE_CUT, 100, None),
]


@pytest.mark.parametrize(("kind", "transaction", "most"), HIGHEST)
def test_the_most_that_one_thing_may_be_worth(kind, transaction, most):
    assert rules_of(DAY).limits[kind].most(transaction) == most


@pytest.mark.parametrize(
    ("kind", "sales", "most"),
    [
        (Kind.GENERAL, 5_000_000, 100_000),
        (Kind.GENERAL, 99, 1),
        (Kind.GENERAL, 49, 0),
        (Kind.JOINT, 5_000_000, 150_000),
        (Kind.GIFT, 5_000_000, None),
        (Kind.OPEN, 5_000_000, None),
    ],
)
def test_the_most_that_all_prizes_may_be_worth(kind, sales, most):
    assert rules_of(DAY).limits[kind].most_of_all(sales) == most


@given(st.sampled_from(Kind), st.integers(0, 10**8), st.integers(0, 10**6))
def test_a_dearer_purchase_never_allows_less(kind, transaction, more):
    """The bands leave no step down, neither at 1,000 nor at 5,000 yen."""
    limits = rules_of(DAY).limits[kind]
    low, high = limits.most(transaction), limits.most(transaction + more)
    assert low is None or low <= high


@given(st.integers(0, 10**8))
def test_a_share_is_never_rounded_up(transaction):
    general, gift = (rules_of(DAY).limits[kind].most(transaction) for kind in (Kind.GENERAL, Kind.GIFT))
    assert general <= 20 * transaction
    assert gift <= max(Fraction(transaction, 5), 200) < gift + 1


def test_a_later_set_of_rules_takes_over_on_its_day(tmp_path):
    """The rules are data: a new notice is a new set, and drops before it keep the old one."""
    later = RULES.read_text("utf-8").split("[[sets]]")[1]
    later = later.replace("2007-03-07", "2027-04-01").replace("percent = 2_000", "percent = 1_000")
    file = tmp_path / "premiums.toml"
    file.write_text("[[sets]]" + later + RULES.read_text("utf-8"), "utf-8")  # written first: the order does not matter
    last_day, first_day = rules_of(date(2027, 3, 31), file), rules_of(date(2027, 4, 1), file)
    assert (last_day.valid_from, last_day.limits[Kind.GENERAL].most(1000)) == (date(2007, 3, 7), 20_000)
    assert (first_day.valid_from, first_day.limits[Kind.GENERAL].most(1000)) == (date(2027, 4, 1), 10_000)


def test_before_the_first_set_its_rules_are_used():
    """A drop of long ago is only printed from old lists, to try something."""
    assert rules_of(date(1998, 6, 30)).valid_from == date(2007, 3, 7)


@pytest.mark.parametrize("file", [RULES, NOTICES], ids=lambda file: file.name)
def test_every_rule_says_where_it_stands_and_how_certain_that_is(file):
    for written in tomllib.loads(file.read_text("utf-8"))["sets"]:
        assert written["read_on"] > written["valid_from"]
        tables = written["notices"] if "notices" in written else [t for t in written.values() if isinstance(t, dict)]
        for table in tables:
            assert table["rule"], table
            assert table["certain"] in ("OFF", "2+", "1", "MEM"), table
            assert "notices" in written or table["source"].startswith("http"), table


def test_every_notice_has_a_name_for_people():
    assert [notice.id for notice in notices_of(DAY)] == list(CALLED)
