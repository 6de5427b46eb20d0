"""`dmgen cost`: a campaign reckoned by hand, sums that add up, nothing issued, nothing personal in what it says."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.jobs import Desk, people, rows

LAYOUT = """
format = 1
[page]
size  = "A4"
bleed = 3
folds = [99, 198]
sides = {sides}
[words]
to = "{{{{ name | sama }}}}"
[style]
text = {{ font = "mincho", size = "10pt" }}
[slots]
to = {{ kind = "text", words = "to", style = "text", box = [20, 20, 100, 10] }}
"""
PAGE = """
[[pages]]
{when}
[pages.slots]
to = {{ kind = "text", words = "to", style = "text", box = [20, 20, 100, 10] }}
"""
CAMPAIGN = """
format = 1
id     = "small"
as_of  = 2026-04-05
drop   = 2026-04-10
[lists]
customers = "people.csv"
[audience]
segments = [
  { id = "one",  label = "一枚", when = "kind == 'a'", layout = "one" },
  { id = "two",  label = "二枚", when = "kind == 'b'", layout = "two" },
  { id = "none", label = "なし", when = "kind == 'c'", layout = "one" },
]
"""
COSTS = """
[mail]
envelope = "naga3"
[print]
paper = { name = "上質紙", ream = 90 }
[costs]
setup        = 1000
setup_layout = 100
side         = [{ from = 0, yen = 12.5 }, { from = 7, yen = 10.5 }]
paper        = 2.25
fold         = 1
envelope     = 7.1
inserting    = 3
per_piece    = 0.5
margin       = 0.25
response     = { one = 0.1, two = 0.2 }
"""
MONEY = ("print", "paper", "handling", "postage", "total")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk.at(tmp_path_factory.mktemp("cost"))


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Desk]:
    """Five people of a kind and two of another; two layouts, of one page and of three on two sides."""
    desk = Desk(tmp_path)
    desk.write("layouts/shop.toml", 'format = 1\nid = "s"\nsender = "店"\nledger = "ledger.sqlite"\n')
    desk.write("layouts/small/campaign.toml", CAMPAIGN + COSTS)
    desk.write("layouts/small/one.toml", LAYOUT.format(sides=1))
    desk.write("layouts/small/two.toml", LAYOUT.format(sides=2) + 2 * PAGE.format(when=""))
    header, *cells = people(7).splitlines()
    kinds = [f"{cell},{kind}" for cell, kind in zip(cells, "aaaaabb", strict=True)]
    desk.write("layouts/small/people.csv", "\n".join([f"{header},kind", *kinds]) + "\n")
    yield desk
    assert not desk.ledger.exists(), "nothing is issued"


def told(desk: Desk, campaign: str, *args: str) -> dict[str, Any]:
    result = desk.invoke("cost", f"layouts/{campaign}", "--json", *args)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def check_sums(found: dict[str, Any]) -> None:
    """Down and across: what is shown adds up."""
    for key in (*MONEY, "letters", "sheets"):
        assert sum(row[key] for row in found["segments"]) == found["all"][key], key
    for row in (*found["segments"], found["all"]):
        assert sum(row[key] for key in MONEY[:-1]) == row["total"]
    assert sum(price["total"] for price in found["prices"]) + found["all"]["postage"] == found["all"]["total"]
    if found["postage"]:
        assert found["postage"]["total"] == found["all"]["postage"]


def test_a_small_campaign_by_hand(small: Desk) -> None:
    """7 letters: 5 of a sheet printed on one side, 2 of two sheets on three sides. 11 sides × 10.5 yen (7 or more
    letters) = 115.5 → 116, shared 5:6 → 53 and 63; 9 sheets × 2.25 = 20.25 → 20 → 11 and 9; setup 1,000 → 714 and
    286, two layouts 100 each; folding 5 and 2; envelopes 7 × 7.1 = 49.7 → 50 → 36 and 14; inserting 15 and 6; half a
    yen each 3.5 → 4 → 3 and 1; postage 110 each (定形, 11.9 g and 18.5 g).
    """
    found = told(small, "small")
    one, two, none = found["segments"]
    assert [one[key] for key in ("letters", "sheets", *MONEY)] == [5, 5, 867, 11, 59, 550, 1487]
    assert [two[key] for key in ("letters", "sheets", *MONEY)] == [2, 4, 449, 9, 23, 220, 701]
    assert [none[key] for key in ("letters", "sheets", *MONEY)] == [0, 0, 0, 0, 0, 0, 0]
    assert (one["per_letter"], two["per_letter"], none["per_letter"]) == (297.4, 350.5, None)
    assert (found["all"]["total"], found["all"]["per_letter"]) == (2188, 312.57)
    # 1,487 yen by half a responder; a quarter of what is spent is profit
    assert (one["profit_each"], one["revenue_each"]) == (2974, 11896)
    assert (two["profit_each"], two["revenue_each"]) == (1753, 7010)
    assert [one[f"revenue_each_at_{rate}"] for rate in (1, 5, 10, 20)] == [118960, 23792, 11896, 5948]
    assert (one["average_basket"], one["break_even_response"], one["expected_gain"]) == (None, None, None)
    assert found["example_prices"] == []
    assert [(posted["class"], posted["weight"], posted["letters"]) for posted in found["posted"]] == [
        ("teikei", 11.93, 5),
        ("teikei", 18.46, 2),
    ]
    check_sums(found)


def test_what_is_computed_otherwise_than_the_budget_says_is_pointed_out(small: Desk) -> None:
    small.edit("layouts/small/campaign.toml", "[mail]", "[limits]\nbudget = 10000\ncost = 100\n[mail]")
    (remark,) = told(small, "small")["remarks"]
    assert "cost = 100" in remark and "312.57" in remark
    small.edit("layouts/small/campaign.toml", "cost = 100", "cost = 312.6")
    assert told(small, "small")["remarks"] == []


def test_prices_of_nobody_are_said_to_be_examples(small: Desk) -> None:
    small.edit("layouts/small/campaign.toml", "paper        = 2.25\n", "")
    found = told(small, "small")
    assert (found["example_prices"], found["example_prices_dated"]) == (["paper"], "2026-04-01")
    said = small.invoke("cost", "layouts/small", "--lang", "en").stderr
    assert "nobody's offer" in said and "2026-04-01" in said


def test_nobody_and_the_first_few(small: Desk) -> None:
    assert told(small, "small", "--limit", "0")["all"]["total"] == 0
    assert "nothing to pay for" in small.invoke("cost", "layouts/small", "--limit", "0", "--lang", "en").stderr
    found = told(small, "small", "--limit", "6")
    assert [row["letters"] for row in found["segments"]] == [5, 1, 0]
    assert next(price["yen"] for price in found["prices"] if price["cost"] == "side") == 12.5
    check_sums(found)


def test_letters_of_other_numbers_of_sheets_are_printed_as_the_thickest_and_posted_each_by_itself(small: Desk) -> None:
    page = PAGE.format(when="when = \"customer_id == '00001'\"")
    small.write("layouts/small/one.toml", LAYOUT.format(sides=1) + page)
    found = told(small, "small")
    assert found["segments"][0]["sheets"] == 10
    assert [(posted["letters"], posted["sheets"], posted["segments"]) for posted in found["posted"]] == [
        (4, 1, ["one"]),
        (3, 2, ["one", "two"]),
    ]
    assert all("1 to 2 sheets" in posted["assumptions"][0] for posted in found["posted"])
    assert [row["postage"] for row in found["segments"]] == [550, 220, 0]
    check_sums(found)
    page = PAGE.format(when="when = \"customer_id == 'nobody'\"")
    small.write("layouts/small/one.toml", LAYOUT.format(sides=1) + page)
    assert told(small, "small")["segments"][0]["sheets"] == 5, "a page that nobody gets costs nothing"


def test_without_mail_what_is_assumed_is_said(small: Desk) -> None:
    small.edit("layouts/small/campaign.toml", '[mail]\nenvelope = "naga3"\n', "")
    small.edit("layouts/small/campaign.toml", '[print]\npaper = { name = "上質紙", ream = 90 }\n', "")
    found = told(small, "small")
    assert {posted["envelope"] for posted in found["posted"]} == {"長形3号"}
    said = " ".join(text for posted in found["posted"] for text in posted["assumptions"])
    assert "[mail] envelope" in said and "[print] paper" in said
    assert found["all"]["total"] == 2188


def test_what_the_post_does_not_take_is_an_error_where_it_is_asked_for(small: Desk) -> None:
    small.edit("layouts/small/campaign.toml", 'envelope = "naga3"', 'envelope = "naga4"')
    result = small.invoke("cost", "layouts/small", "--lang", "en")
    assert result.exit_code == 1
    assert "does not fit into 長形4号" in result.stderr


def test_what_the_post_does_not_take_is_left_open_where_it_was_assumed(small: Desk) -> None:
    """A poster: no envelope that there is holds it. The rest is reckoned all the same."""
    small.edit("layouts/small/campaign.toml", '[mail]\nenvelope = "naga3"\n', "")
    small.edit("layouts/small/one.toml", 'size  = "A4"', "size  = [700, 500]")
    small.edit("layouts/small/one.toml", "folds = [99, 198]\n", "")
    found = told(small, "small")
    one, two, _ = found["segments"]
    assert (one["postage"], two["postage"], found["all"]["postage"]) == (None, 220, 220)
    assert any("no postage for one" in remark for remark in found["remarks"])
    assert one["print"] and found["all"]["total"] == one["total"] + two["total"]
    assert "Postage is not known for 一枚" in small.invoke("cost", "layouts/small", "--lang", "en").stderr


def test_shells_are_paid_for_when_black_alone_is_printed_later(small: Desk) -> None:
    small.edit("layouts/small/campaign.toml", "[print]", '[print]\nvariables = "black only"')
    small.edit("layouts/small/campaign.toml", "[costs]", "[costs]\nshell = 4")
    found = told(small, "small")
    assert next(price for price in found["prices"] if price["cost"] == "shell")["total"] == 9 * 4
    assert found["all"]["total"] == 2188 + 36
    check_sums(found)


def test_a_discount_near_by_is_pointed_out(small: Desk) -> None:
    count = 1960
    header, *cells = people(count).splitlines()
    listed = "\n".join([f"{header},kind", *(f"{cell},a" for cell in cells)]) + "\n"
    small.write("layouts/small/people.csv", listed)
    small.edit("layouts/small/campaign.toml", "[mail]", '[mail]\ndiscounts = ["sorted"]')
    found = told(small, "small")
    assert [effect["met"] for effect in found["discounts"] if effect["asked"]] == [False]
    (hint,) = (hint for hint in found["hints"] if "区分" in hint)
    assert "1,960" in hint and "40" in hint and "6,600" in hint  # 3 % of 2,000 × 110 yen


def test_letters_of_another_weight_do_not_count_along(small: Desk) -> None:
    """1,400 letters of a sheet and 700 of two, at one price: the post asks for 2,000 of the same weight."""
    header, *cells = people(2100).splitlines()
    kinds = [f"{cell},{'ab'[place % 3 == 0]}" for place, cell in enumerate(cells)]
    small.write("layouts/small/people.csv", "\n".join([f"{header},kind", *kinds]) + "\n")
    small.edit("layouts/small/campaign.toml", "[mail]", '[mail]\ndiscounts = ["sorted"]')
    found = told(small, "small")
    assert found["postage"]["total"] == 2100 * 110
    (asked,) = (effect for effect in found["discounts"] if effect["asked"])
    assert any("内訳票" in one["text"] for one in asked["conditions"])


def test_a_discount_asked_for_is_taken_off_and_shared(small: Desk) -> None:
    small.write("layouts/small/two.toml", LAYOUT.format(sides=2) + PAGE.format(when=""))
    header, *cells = people(2100).splitlines()
    kinds = [f"{cell},{'ab'[place % 3 == 0]}" for place, cell in enumerate(cells)]
    small.write("layouts/small/people.csv", "\n".join([f"{header},kind", *kinds]) + "\n")
    small.edit("layouts/small/campaign.toml", "[mail]", '[mail]\ndiscounts = ["sorted"]')
    found = told(small, "small")
    assert found["postage"]["total"] == 2100 * 110 * 97 // 100
    assert [row["postage"] for row in found["segments"]] == [149380, 74690, 0]
    (asked,) = (effect for effect in found["discounts"] if effect["asked"])
    assert (asked["discount"], asked["saves"], asked["met"]) == ("sorted", 6930, True)
    check_sums(found)
    said = small.invoke("cost", "layouts/small", "--lang", "en").stderr
    assert "sorted: asked for" in said and "6,930" in said and "✓" in said and "・" in said
    further = [one for one in found["further"] if "slack = 3" in one["text"]]
    assert further and further[0]["saves"] == 2100 * 110 * 2 // 100
    assert "Would save 4,620 yen more" in said


def test_who_has_barcodes_has_their_discount(small: Desk) -> None:
    header, *cells = people(1600).splitlines()
    kinds = [f"{cell},{'ab'[place >= 1500]}" for place, cell in enumerate(cells)]
    small.write("layouts/small/people.csv", "\n".join([f"{header},kind", *kinds]) + "\n")
    barcode = 'code = { kind = "japanpost", size = "9pt", box = [22, 40, 84, 8] }\n'
    small.write("layouts/small/one.toml", LAYOUT.format(sides=1) + barcode)
    small.edit("layouts/small/campaign.toml", "[mail]", '[mail]\ndiscounts = ["barcode"]')
    found = told(small, "small")
    assert [row["postage"] for row in found["segments"]] == [1500 * 110 * 97 // 100, 100 * 110, 0]
    check_sums(found)


def test_the_table_is_what_json_says(small: Desk) -> None:
    found = told(small, "small", "--out", "figures/cost.csv")
    table = rows(small.root / "figures/cost.csv")
    assert [row["segment"] for row in table] == ["one", "two", "none", "(all)"]
    expected = [*found["segments"], found["all"]]
    assert [{key: "" if cell is None else str(cell) for key, cell in row.items()} for row in expected] == table
    assert [path.name for path in (small.root / "figures").iterdir()] == ["cost.csv"]


def test_a_table_that_cannot_be_written_is_said(small: Desk) -> None:
    small.write("file", "")
    assert small.invoke("cost", "layouts/small", "--out", "file/cost.csv").exit_code == 5
    for folder in (".", "layouts"):  # a folder is a slip of the pen, no fault of the program
        done = small.invoke("cost", "layouts/small", "--out", folder, "--lang", "en")
        assert (done.exit_code, "is a folder: give --out the name of a file" in done.stderr) == (5, True), done.output


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("campaign", ["spring-thanks", "hagaki", "parcel-insert", "hello-en", "shell-letter"])
def test_shipped_campaigns(desk: Desk, campaign: str, language: str) -> None:
    """Sums add up, tables show the same figures in both languages, and nobody is named."""
    found = told(desk, campaign, "--lang", language)
    if found["all"]["postage"] is not None:
        check_sums(found)
    result = desk.invoke("cost", f"layouts/{campaign}", "--lang", language, COLUMNS="80")
    assert result.exit_code == 0
    assert f"{found['all']['total']:,}" in result.stderr
    assert max(map(len, result.stderr.splitlines())) < 400
    assert not desk.ledger.exists()
    everything = result.stderr + json.dumps(found, ensure_ascii=False)
    listed = "customers-en.csv" if campaign == "hello-en" else "customers.csv"
    for row in rows(desk.root / "assets/lists" / listed):
        told_of = [row.get(key) for key in ("name", "customer_id", "email", "street") if row.get(key)]
        assert not [text for text in told_of if text and len(text) > 2 and text in everything]


def test_parcels_have_no_postage_and_pay_for_the_sheets_between(desk: Desk) -> None:
    found = told(desk, "parcel-insert")
    assert (found["postage"], found["all"]["postage"], found["posted"], found["discounts"]) == (None, 0, [], [])
    assert found["segments"][-1]["segment"] == "(sheets)"
    assert found["segments"][-1]["letters"] == 0 < found["segments"][-1]["sheets"]
    assert {price["cost"] for price in found["prices"]} == {"setup", "setup_layout", "side", "paper", "inserting"}


def test_where_the_post_is_not_japans_it_is_said(desk: Desk) -> None:
    found = told(desk, "hello-en")
    assert (found["postage"], found["all"]["postage"]) == (None, None)
    assert "posted in Japan" in desk.invoke("cost", "layouts/hello-en", "--lang", "en").stderr


def test_people_respond_as_their_group_does_and_lapsed_ones_less(desk: Desk) -> None:
    rates = {row["segment"]: row["expected_response"] for row in told(desk, "spring-thanks")["segments"]}
    assert rates == {"winback": 0.01, "first": 0.05, "brand": 0.1, "crosssell": 0.1, "quiet": 0.1, "vip": 0.2}


def test_the_gain_of_all_is_the_sum_of_the_segments(desk: Desk) -> None:
    found = told(desk, "spring-thanks")
    assert found["all"]["expected_gain"] == sum(row["expected_gain"] for row in found["segments"])
    for row in found["segments"]:
        margin = Decimal(str(found["margin"]))
        profit = row["letters"] * Decimal(str(row["expected_response"])) * Decimal(str(row["average_basket"])) * margin
        assert abs(profit - row["total"] - row["expected_gain"]) <= 2


def test_variants_share_their_segments_response_and_control_gets_no_letter(small: Desk) -> None:
    one = '{ id = "one",  label = "一枚", when = "kind == \'a\'", layout = "one" }'
    tried = one.replace(" }", ', control = 0.4, variants = [{ id = "x" }, { id = "y", layout = "two" }] }')
    small.edit("layouts/small/campaign.toml", one, tried)
    small.edit("layouts/small/campaign.toml", "one = 0.1", "one = 0.15")
    found = told(small, "small")
    arms = {row["segment"]: row for row in found["segments"]}
    assert arms["one-x"]["letters"] + arms["one-y"]["letters"] == 3
    assert {arms[name]["expected_response"] for name in ("one-x", "one-y") if arms[name]["letters"]} == {0.15}
    assert "one-x 一枚" in small.invoke("cost", "layouts/small", "--lang", "ja").stderr, "two of one label"
    check_sums(found)


def test_a_wrong_folder_is_said(desk: Desk) -> None:
    assert desk.invoke("cost", "nowhere").exit_code == 1
