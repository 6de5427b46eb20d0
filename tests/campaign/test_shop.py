"""shop.toml: found upward, its defaults, its columns, words and fonts."""

import pytest

from dmgen.campaign import find_shop, load_shop
from dmgen.model.campaign import ColumnRule, ColumnType

LEAST = 'format = 1\nid = "a"\nsender = "A"\n'


@pytest.fixture
def shop(tmp_path):
    def load(more: str):
        (tmp_path / "shop.toml").write_text(LEAST + more, encoding="utf-8")
        return load_shop(tmp_path / "shop.toml")

    return load


def test_defaults(shop, tmp_path):
    least = shop("")
    assert least.file == tmp_path / "shop.toml"
    assert (least.language, least.country, least.time_zone) == ("", "JP", "Asia/Tokyo")
    assert (least.stop_contact, least.links, least.ledger) == ("", "", "ledger.sqlite")
    assert (least.columns, least.about, least.fonts) == ((), {}, {})


def test_a_shop_is_found_in_the_nearest_folder_above(shop, tmp_path):
    shop("")
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert find_shop(deep).file == tmp_path.resolve() / "shop.toml"
    (tmp_path / "a" / "shop.toml").write_text(LEAST.replace('"a"', '"nearer"'), encoding="utf-8")
    assert find_shop(deep).id == find_shop(tmp_path / "a").id == "nearer"


def test_no_shop_says_where_it_was_looked_for(tmp_path, refused):
    refused(lambda: find_shop(tmp_path), (str(tmp_path.resolve()), "shop.toml", "above", "dmgen new NAME"))


def test_every_form_of_a_column(shop):
    columns = shop(
        "[columns]\n"
        'a = "one"\n'
        'b = ["one", "two"]\n'
        'c = { from = "x", type = "date" }\n'
        'd = { from = ["x", "y"], default = "0" }\n'
    ).columns
    assert columns == (
        ColumnRule("a", ("one",)),
        ColumnRule("b", ("one", "two")),
        ColumnRule("c", ("x",), ColumnType.DATE),
        ColumnRule("d", ("x", "y"), None, "0"),
    )


def test_words_about_the_shop(shop):
    assert shop('[about]\nstory = "大正三年創業"\n').about == {"story": "大正三年創業"}


def test_fonts_of_the_shop_and_over_the_shipped_ones(shop, tmp_path):
    (tmp_path / "own").mkdir()
    for name in ("kai.ttf", "min.OTF"):
        (tmp_path / "own" / name).touch()
    fonts = shop('[fonts]\nkai = "own/kai.ttf"\nmincho = "own/min.OTF"\n').fonts
    assert fonts == {"kai": tmp_path / "own" / "kai.ttf", "mincho": tmp_path / "own" / "min.OTF"}


@pytest.mark.parametrize("links", ["https://x.jp/c/", "http://x.jp/?c=", ""])
def test_links_end_as_written(shop, links):
    assert shop(f'links = "{links}"\n').links == links


def test_the_ledger_stays_as_written(shop):
    assert shop('ledger = "postgresql+psycopg://u@h/db"\n').ledger == "postgresql+psycopg://u@h/db"


def test_fonts_that_stand_in_for_any_other(shop, tmp_path):
    (tmp_path / "rare.ttf").write_bytes(b"")
    said = shop('[fonts]\nrare = "rare.ttf"\nfallback = ["rare", "gothic"]\n')
    assert (said.fonts, said.fallback) == ({"rare": tmp_path / "rare.ttf"}, ("rare", "gothic"))
    assert shop('[fonts]\nfallback = "mono"\n').fallback == ("mono",)
    assert shop("").fallback == ()
