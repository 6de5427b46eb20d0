"""`dmgen new`: the folder it makes loads, has its own id and list, and nothing is overwritten."""

import os
import sys
from pathlib import Path

import pytest

from dmgen.campaign import load_campaign, start_campaign
from dmgen.errors import OutputError, UsageError

from .conftest import SHOP

CAMPAIGN = """\
format = 1
id = "hello"  # the folder's name
[lists]
customers = "../../assets/lists/customers.csv"  # your own list
products = "products.csv"
[audience]
layout = "letter"
"""


@pytest.fixture
def start(tmp_path, monkeypatch):
    """Runs `dmgen new NAME` in an empty folder, from a starter elsewhere."""
    shipped = tmp_path / "shipped"
    files = {
        "starters/hello/campaign.toml": CAMPAIGN,
        "starters/hello/letter.toml": '[slots]\nx = { kind = "image", file = "art/p.png", box = [0, 0, 9, 9] }\n',
        "starters/hello/art/p.png": "",
        "starters/hello/products.csv": "sku\n",
        "starters/shop.toml": SHOP,
        "assets/lists/customers.csv": "customer_id\n",
    }
    for name, text in files.items():
        path = shipped / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    starters = shipped / "starters"
    return lambda name: start_campaign(name, starters / "hello", starters / "shop.toml")


def test_the_new_campaign_loads_with_its_own_id_and_list(start):
    written = start("Spring Thanks")
    folder = Path("Spring Thanks")
    names = ["art/p.png", "campaign.toml", "letter.toml", "lists/customers.csv", "products.csv", "../shop.toml"]
    assert sorted(path.resolve() for path in written) == sorted((folder / name).resolve() for name in names)
    campaign = load_campaign(folder)
    assert (campaign.id, campaign.shop.id) == ("spring-thanks", "aobado")
    assert campaign.lists.customers == folder / "lists" / "customers.csv"
    assert campaign.lists.customers.read_text() == "customer_id\n"
    assert campaign.lists.products == folder / "products.csv"


def test_notes_of_the_starter_are_kept(start):
    start("x")
    text = Path("x/campaign.toml").read_text(encoding="utf-8")
    assert text == CAMPAIGN.replace('"hello"', '"x"').replace("../../assets/lists", "lists")


def test_a_shop_above_is_kept(start):
    Path("shop.toml").write_text("mine")
    written = start("layouts/deep/x")
    assert Path("shop.toml").read_text() == "mine"
    assert not any(path.name == "shop.toml" for path in written)


def test_a_starter_with_a_shop_of_its_own_needs_no_other(start, tmp_path):
    (tmp_path / "shipped" / "starters" / "hello" / "shop.toml").write_text(SHOP)
    start("x")
    assert sorted(path.name for path in Path().iterdir()) == ["x"]
    assert load_campaign(Path("x")).shop.file.resolve() == Path("x/shop.toml").resolve()


def test_an_empty_folder_is_filled_and_another_left_alone(start):
    Path("x").mkdir()
    assert start("x")
    before = sorted(Path("x").rglob("*"))
    with pytest.raises(OutputError, match=r"x: there is something already.*dmgen new NAME"):
        start("x")
    Path("y").write_text("mine")
    with pytest.raises(OutputError, match="y: there is something already"):
        start("y")
    assert sorted(Path("x").rglob("*")) == before and Path("y").read_text() == "mine"


@pytest.mark.parametrize("name", ["", ".", "..", "/", "春のお礼", "a:b", "a?", "x.", "-x", "***", "a\\b"])
def test_a_name_that_cannot_be_an_id_is_refused(start, name):
    with pytest.raises(UsageError, match="dmgen new spring-thanks"):
        start(name)
    assert not list(Path().iterdir())


@pytest.mark.parametrize(
    ("name", "campaign_id"),
    [
        ("2026春DM", "2026-dm"),
        ("Ｓｐｒｉｎｇ", "spring"),
        ("été", "ete"),
        ("a" * 31 + "-b", "a" * 31),
        ("a_b.c", "a-b-c"),
    ],
)
def test_ids_are_ascii(start, name, campaign_id):
    start(name)
    assert load_campaign(Path(name)).id == campaign_id


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_place_that_cannot_be_written(start):
    Path("locked").mkdir(mode=0o500)
    with pytest.raises(OutputError, match="cannot be written"):
        start("locked/x")


def test_a_file_where_a_folder_should_be(start):
    Path("file").touch()
    with pytest.raises(OutputError, match="cannot be written"):
        start("file/x")
