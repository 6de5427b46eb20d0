"""A shop that names its cart is told by check and run what that cart cannot take, before anything is printed."""

import json
from pathlib import Path

import pytest

from tests.jobs import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.at(tmp_path)


def remarks(desk: Desk) -> list[str]:
    result = desk.invoke("check", "layouts/hello", "--json", "--lang", "en")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["remarks"]


def name_cart(desk: Desk, cart: str) -> None:
    desk.edit("layouts/shop.toml", 'ledger       = "ledger.sqlite"', f'ledger = "ledger.sqlite"\ncart = "{cart}"')


def test_check_proposes_a_shared_code_where_the_cart_cannot_take_single_ones(desk: Desk) -> None:
    before = remarks(desk)
    name_cart(desk, "stores")
    [told] = [remark for remark in remarks(desk) if remark not in before]
    assert "STORES" in told
    assert 'Write in campaign.toml: [offers.hello] codes = "shared"' in told
    desk.edit("layouts/hello/campaign.toml", "[offers.hello]", '[offers.hello]\ncodes = "shared"')
    assert remarks(desk) == before
    assert not desk.ledger.exists(), "a look makes no ledger"


def test_a_cart_that_takes_them_is_not_spoken_of(desk: Desk) -> None:
    before = remarks(desk)
    name_cart(desk, "shopify")
    assert remarks(desk) == before


def test_an_unknown_cart_is_refused_with_the_known_ones(desk: Desk) -> None:
    name_cart(desk, "shopfy")
    result = desk.invoke("check", "layouts/hello", "--lang", "en")
    assert result.exit_code == 1
    assert "did you mean shopify" in result.stderr
    assert "woocommerce" in result.stderr
    assert "line 10" in result.stderr
