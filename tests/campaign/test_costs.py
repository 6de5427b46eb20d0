"""[costs]: each price is the nearest file's, what is wrong is refused where it is written."""

import tomllib
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from dmgen.model.costs import RESPONSES, Cost, Costs, Origin, Price, Step
from dmgen.resources import costs_file, scheme_file, scheme_names
from tests.campaign.conftest import Desk

Refused = Callable[[Callable[[], object], tuple[str, ...]], str]


def append(desk: Desk, name: str, text: str) -> None:
    desk.write(name, (desk.folder / name).read_text("utf-8") + text)


def costs(desk: Desk, text: str) -> Costs:
    append(desk, "campaign.toml", f"[costs]\n{text}\n")
    return desk.load().costs


def test_what_nobody_says_is_an_example_and_dated(desk: Desk) -> None:
    found = desk.load().costs
    assert set(found.prices) == set(Cost)
    assert {price.origin for price in found.prices.values()} == {Origin.EXAMPLE}
    assert found.dated == date(2026, 4, 1)
    assert found.margin == Decimal("0.3")


def test_each_key_is_the_nearest_files(desk: Desk) -> None:
    append(desk, "../shop.toml", "[costs]\nside = 8\npaper = 1.25\nmargin = 0.4\nresponse = { lapsed = 0.02 }\n")
    found = costs(desk, "side = 9.5\nresponse = { yuryo = 0.15 }")
    assert found.prices[Cost.SIDE] == Price((Step(0, Decimal("9.5")),), Origin.CAMPAIGN)
    assert found.prices[Cost.PAPER] == Price((Step(0, Decimal("1.25")),), Origin.SHOP)
    assert found.prices[Cost.FOLD].origin is Origin.EXAMPLE
    assert found.margin == Decimal("0.4")
    assert found.response["lapsed"] == Decimal("0.02")
    assert found.response["yuryo"] == Decimal("0.15")
    assert found.response["first_time"] == Decimal("0.05")


def test_a_price_is_that_of_the_last_step_that_is_reached(desk: Desk) -> None:
    price = costs(desk, "side = [{ from = 0, yen = 12 }, { from = 5000, yen = 9 }]").prices[Cost.SIDE]
    assert [price.at(letters) for letters in (0, 1, 4999, 5000, 200_000)] == [12, 12, 12, 9, 9]


def test_money_is_what_was_written_and_no_binary_fraction(desk: Desk) -> None:
    assert costs(desk, "paper = 0.1").prices[Cost.PAPER].at(1) == Decimal("0.1")


@pytest.mark.parametrize("name", scheme_names())
def test_every_group_of_a_shipped_scheme_has_one_of_the_four_responses(name: str) -> None:
    groups = tomllib.loads(scheme_file(name).read_text("utf-8"), parse_float=Decimal)["groups"]
    assert {group["response"] for group in groups} <= set(RESPONSES)


def test_shipped_prices_say_every_key(desk: Desk) -> None:
    assert set(tomllib.loads(costs_file().read_text("utf-8"))["costs"]) == {*Cost, "margin", "response"}


@pytest.mark.parametrize(
    ("written", "texts"),
    [
        ("sides = 9", ("costs.sides", "did you mean side?", "setup_layout")),
        ("side = -1", ("costs.side", "0 or more")),
        ("side = 4.555", ("costs.side", "at most two decimals")),
        ("side = nan", ("costs.side", "0 or more")),
        ("side = inf", ("costs.side", "0 or more")),
        ('side = "9"', ("costs.side", "without quotes", "from = 5000")),
        ("side = true", ("costs.side", "without quotes")),
        ("side = []", ("costs.side", "begin with from = 0")),
        ("side = [{ from = 100, yen = 9 }]", ("costs.side", "begin with from = 0")),
        ("side = [{ from = 0, yen = 9 }, { from = 0, yen = 8 }]", ("costs.side", "ascend")),
        ("side = [{ from = 0, yen = 9 }, { from = 9, yen = 'x' }]", ("costs.side[2].yen", "two decimals")),
        ("side = [{ from = 0, yen = 9 }, { from = 1.5, yen = 8 }]", ("costs.side[2].from", "whole number")),
        ("side = [{ from = 0 }]", ("costs.side[1].yen is missing", "yen = 12")),
        ("margin = 0", ("costs.margin", "above 0")),
        ("margin = 30", ("costs.margin", "up to 1", "0.1 for a tenth")),
        ("response = { vip = 5 }", ("costs.response.vip", "up to 1")),
        ("response = { yuuryo = 0.2 }", ("costs.response.yuuryo", "did you mean yuryo?", "winback", "lapsed")),
        ("response = 0.1", ("costs.response", "write a table")),
    ],
)
def test_refusals(desk: Desk, refused: Refused, written: str, texts: tuple[str, ...]) -> None:
    append(desk, "campaign.toml", f"[costs]\n{written}\n")
    refused(desk.load, (*texts, "campaign.toml, line "))


def test_a_shop_is_refused_alike(desk: Desk, refused: Refused) -> None:
    append(desk, "../shop.toml", "[costs]\nfold = -2\n")
    refused(desk.load, ("shop.toml, line ", "costs.fold", "0 or more"))
