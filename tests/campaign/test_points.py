"""[points] and [ranks]: what would make a letter promise the wrong goal is refused where it is written."""

from datetime import date

import pytest

from dmgen.model.points import Goal, Level, Points, Ranks
from tests.campaign.conftest import Desk

POINTS = """
[points]
as_of = 2026-04-01
goals = [{ points = 500, label = "500円券" }, { points = 1000, label = "1,000円券" }]
"""
RANKS = """
[ranks]
by     = "spent"
levels = [{ name = "レギュラー", from = 0 }, { name = "ゴールド", from = 100000 }]
"""


def append(desk: Desk, name: str, text: str) -> None:
    desk.write(name, (desk.folder / name).read_text("utf-8") + text)


def test_points_and_ranks_are_read(desk: Desk) -> None:
    append(desk, "campaign.toml", POINTS)
    append(desk, "../shop.toml", RANKS)
    campaign = desk.load()
    assert campaign.points == Points(date(2026, 4, 1), (Goal(500, "500円券"), Goal(1000, "1,000円券")))
    assert campaign.shop.ranks == Ranks("spent", (Level("レギュラー", 0), Level("ゴールド", 100_000)))


def test_neither_is_asked_for(desk: Desk) -> None:
    campaign = desk.load()
    assert (campaign.points, campaign.shop.ranks) == (Points(), None)


@pytest.mark.parametrize(
    ("old", "new", "texts"),
    [
        ("points = 1000", "points = 500", ("points.goals[2].points = 500", "ascending order", "500")),
        ("points = 1000", "points = 400", ("points.goals[2].points = 400", "ascending order")),
        ("points = 500", "points = 0", ("points.goals[1].points = 0", "from 1 to")),
        ('label = "500円券"', 'label = ""', ("points.goals[1].label", "write some text")),
        ('label = "500円券"', "lable = 3", ("points.goals[1].lable", "unknown key")),
        (", label = \"500円券\"", "", ("points.goals[1].label is missing", "label = ")),
        ("points = 500, ", "", ("points.goals[1].points is missing", "points = 500")),
        ("2026-04-01", '"2026-04-01"', ("points.as_of", "without quotes")),
    ],
)  # fmt: skip
def test_goals_that_are_not_in_order_are_refused(desk: Desk, refused, old: str, new: str, texts) -> None:
    append(desk, "campaign.toml", POINTS.replace(old, new, 1))
    refused(desk.load, ("campaign.toml, line", *texts))


@pytest.mark.parametrize(
    ("old", "new", "texts"),
    [
        ("from = 100000", "from = 0", ("ranks.levels[2].from = 0", "ascending order")),
        ('name = "ゴールド"', 'name = "レギュラー"', ("ranks.levels[2].name", "already")),
        (", from = 100000", "", ("ranks.levels[2].from is missing", "for example: from = 100000")),
        ('name = "ゴールド", ', "", ("ranks.levels[2].name is missing", 'name = "ゴールド"')),
        ('by     = "spent"', "", ("ranks.by is missing", 'by = "spent"')),
        ('by     = "spent"', 'by = "a b"', ("ranks.by", "letters, digits")),
        ("levels", "steps", ("ranks", "unknown key")),
    ],
)
def test_ranks_that_are_not_in_order_are_refused(desk: Desk, refused, old: str, new: str, texts) -> None:
    append(desk, "../shop.toml", RANKS.replace(old, new, 1))
    refused(desk.load, ("shop.toml, line", *texts))
