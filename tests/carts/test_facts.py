"""What carts can take is data that people read: complete, dated, the same in the table of the docs."""

import tomllib
from datetime import date

import pytest

from dmgen.carts import CART_OF, FORMATS, Use, cart, obstacle, remarks
from dmgen.model.offer import Benefit, CodeSource, Offer
from dmgen.resources import cart_names
from tests import cart_table

DATA = tomllib.loads(cart_table.DATA.read_text("utf-8"))


def offer(name: str = "thanks", **terms) -> Offer:
    return Offer(
        **{"id": name, "label": "300円引き", "amount": 300, "minimum": 0, "expires": date(2027, 5, 10), **terms}
    )


@pytest.mark.parametrize("name", cart_names())
def test_every_fact_has_its_source_date_and_certainty(name: str) -> None:
    one = DATA[name]
    assert one["source"].startswith("http")
    assert date(2026, 1, 1) < one["checked"] <= date.today()  # noqa: DTZ011
    assert one["certainty"] in ("OFF", "1", "MEM")
    assert set(one) <= {
        *("name", "single", "at_once", "most", "benefits", "conditions", "way", "source", "checked", "certainty"),
    }
    assert cart(name).benefits
    assert "|" not in one["way"]


def test_the_table_in_the_docs_is_the_data() -> None:
    assert cart_table.table() in cart_table.README.read_text("utf-8"), "type: python -m tests.cart_table"


def test_every_layout_is_of_a_known_cart_or_of_none() -> None:
    assert set(CART_OF) == set(FORMATS) - {"generic"}
    assert set(CART_OF.values()) <= set(cart_names())
    assert all(cart(name).single for name in CART_OF.values())


@pytest.mark.parametrize("benefit", list(Benefit))
@pytest.mark.parametrize("name", cart_names())
def test_a_cart_keeps_what_its_data_says(name: str, benefit: Benefit) -> None:
    found = obstacle(cart(name), offer(benefit=benefit))
    assert (found is None) == (benefit.value in DATA[name]["benefits"])
    if found:
        assert DATA[name]["name"] in str(found)


@pytest.mark.parametrize("terms", [{"minimum": 1}, {"maximum": 9}, {"cap": 5}, {"products": ("T",)}])
def test_a_condition_that_a_cart_does_not_know_is_an_obstacle(terms: dict) -> None:
    [condition] = terms
    for name in cart_names():
        known = condition in DATA[name]["conditions"]
        assert (obstacle(cart(name), offer(**terms)) is None) == known


def test_single_codes_where_none_can_be_taken_in_get_a_proposal_a_segment() -> None:
    [told] = remarks("base", [Use(offer(), "vip", 1200), Use(offer("thanks.gold"), "vip", 34), Use(offer(), "new", 5)])
    text = str(told)
    assert "1,239" in text
    assert '[offers.thanks] codes = "shared"' in text
    assert '[offers.thanks-new] (= [offers.thanks]) codes = "shared"; { id = "new", offer = "thanks-new" }' in text
    assert "BASE" in text


def test_more_codes_than_a_cart_takes_are_said() -> None:
    assert remarks("shopline", [Use(offer(), "vip", 20000)]) == []
    [told] = remarks("shopline", [Use(offer(), "vip", 20000), Use(offer(), "new", 1)])
    assert "20,000" in str(told)
    assert "20,001" in str(told)


def test_a_benefit_that_a_cart_lacks_is_said_once_an_offer() -> None:
    points = offer("bonus", benefit=Benefit.POINTS, amount=0, points=500, codes=CodeSource.SHARED)
    [told] = remarks("shopify", [Use(points, "vip", 5), Use(points, "new", 5), Use(offer(), "new", 9)])
    assert str(told).startswith("[offers.bonus]: Shopify has no coupon code for points.")


@pytest.mark.parametrize("name", cart_names())
def test_shared_codes_and_pools_are_nobodys_trouble(name: str) -> None:
    pool = offer("pool", benefit=Benefit.POINTS, codes=CodeSource.POOL)
    assert remarks(name, [Use(offer(codes=CodeSource.SHARED), "vip", 10**6), Use(pool, "vip", 10**6)]) == []
    assert remarks("", [Use(offer(), "vip", 10**6)]) == []
