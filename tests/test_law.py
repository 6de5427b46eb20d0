"""Campaigns before the law, as users meet it: refused before anything is issued, shown, recorded, remarked on."""

import json
import re

import pytest

from tests.jobs import CUSTOMER, Desk, people

CAMPAIGN = "layouts/hagaki/campaign.toml"
CARD = "layouts/hagaki/card.toml"


@pytest.fixture
def desk(tmp_path) -> Desk:
    """Forty customers get the sample postcard with its lottery."""
    desk = Desk.at(tmp_path)
    desk.write("assets/lists/customers.csv", people(40))
    return desk


def told(desk: Desk, campaign: str = "hagaki") -> dict:
    result = desk.invoke("check", f"layouts/{campaign}", "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


PRIZE, LAW = "value = 1000, count = 30", "[law]"
REFUSED = {
    "too dear": (PRIZE, "value = 17281, count = 1", ["line 23", "lottery.prizes[1].value = 17281", "17,280", "864"]),
    "too many in all": ("planned_sales     = 2000000", "planned_sales = 1499999", ["law.planned_sales", "29,999"]),
    "more winners": (PRIZE, "value = 1, count = 41", ["lottery.prizes", "41", "40"]),
    "no winner": ("  { id", "#  { id", ["lottery.prizes", "40 lottery numbers", 'drawn = "elsewhere"']),
    "nobody's": ("tickets = 1", "tickets = 0", ["lottery.prizes", "nobody"]),
    "count 0": ("count = 30", "count = 0", ["count = 0", "from 1 to"]),
    "no base": ("cheapest_purchase = 864", "#", ["[law]", "cheapest_purchase = 1000", "spent before does not count"]),
    "no sales": ("planned_sales     = 2000000", "", ["[law]", "planned_sales = 5000000"]),
    "no law": (LAW, "[[law]]", ["law"]),
    "open": ("prizes  =", 'kind = "open"\nprizes  =', []),
    "unknown notice": (LAW, '[law]\nprinted = ["organizer"]', ["law.printed[1]", "did you mean organiser?"]),
    "alongside": (
        "prizes  =",
        'alongside = [{ label = "店", highest = 16281, total = 16281 }]\nprizes  =',
        ["alongside"],
    ),
    "drawn by another": ("value = 1000, count = 30", "value = 17281, count = 1", ["17,280"]),
    "gift": ("amount  = 300", 'gift = "茶さじ"\nworth = 401', ["offers.shincha.worth = 401", "400", "告示5号"]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_may_not_be_printed_is_refused_before_anything_is_issued(desk, case):
    old, new, words = REFUSED[case]
    if case == "drawn by another":
        desk.edit(CAMPAIGN, "prizes  =", 'drawn = "elsewhere"\nprizes  =')
        desk.edit(CARD, "{{ lottery.draw_on | jdate }}", "5月20日")
    desk.edit(CAMPAIGN, old, new)
    if case == "open":  # the list knows of purchases
        desk.write("assets/lists/customers.csv", _with_purchases(people(40), {7: "1"}))
        words = ["lottery.kind", "everyone", 'kind = "general"']
    for command in ("check", "run"):
        result = desk.invoke(command, "layouts/hagaki", "--lang", "en", *(["--out", "job"] if command == "run" else []))
        assert result.exit_code == 1, result.output
        assert [word for word in words if word not in result.stderr] == [], result.stderr
        assert result.stdout == ""
    assert not (desk.root / "job").exists()


def _with_purchases(listed: str, bought: dict[int, str]) -> str:
    head, *rows = listed.splitlines()
    cells = (f"{row},{bought.get(number, '0')}" for number, row in enumerate(rows))
    return "\n".join([f"{head},購入回数", *cells]) + "\n"


def test_nothing_stands_in_the_ledger_after_a_refusal(desk):
    """The corrected campaign's first numbers are the first that were ever issued."""
    desk.edit(CAMPAIGN, "value = 1000", "value = 99999")
    assert desk.invoke("run", "layouts/hagaki", "--out", "job").exit_code == 1
    desk.edit(CAMPAIGN, "value = 99999", "value = 1000")
    assert len(desk.run("hagaki").codes) == 40 * 3


def test_an_open_lottery_to_people_who_never_bought(desk):
    desk.edit(CAMPAIGN, "prizes  =", 'kind = "open"\nprizes  =')
    desk.edit(CAMPAIGN, "value = 1000", "value = 9999999")
    desk.write("assets/lists/customers.csv", _with_purchases(people(40), {}))
    [prize, total, _] = told(desk)["law"]["measured"]
    assert (prize["kind"], prize["limit"], total["limit"]) == ("open", None, None)


def test_every_figure_is_shown_and_recorded(desk):
    law = told(desk)["law"]
    assert law == desk.run("hagaki").ticket["law"]
    assert (law["rules"], law["legal_advice"], law["lacking"]) == ("2007-03-07", False, {})
    prize, total, discount = law["measured"]
    figures = ("id", "kind", "value", "count", "base", "limit", "lawful")
    assert [prize[name] for name in figures] == ["lottery.wakaba", "general", 1000, 30, 864, 17_280, True]
    assert [total[name] for name in figures[2:]] == [30_000, None, 2_000_000, 40_000, True]
    assert [discount[name] for name in figures] == ["offers.shincha", "price_cut", 300, None, None, None, True]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["若葉賞", "17,280", "40,000", "price cut", "This is no legal advice"]),
        ("ja", ["若葉賞", "17,280", "40,000", "値引", "これは法的助言ではありません"]),
    ],
)
def test_people_see_the_same(desk, language, words):
    seen = desk.invoke("check", "layouts/hagaki", "--lang", language).stderr
    assert [word for word in words if word not in seen] == [], seen


def test_a_campaign_without_anything_to_win_shows_nothing_of_it(desk):
    assert "景品表示法" not in desk.invoke("check", "layouts/duplex-letter", "--lang", "ja").stderr
    assert told(desk, "duplex-letter")["law"]["legal_advice"] is False


def test_a_trial_of_a_few_letters_is_measured_as_the_whole(desk):
    """`--limit 3` prints three of forty letters; thirty winners are still none too many."""
    assert len(desk.run("hagaki", "--limit", "3").manifest) == 3


def test_nobody_to_write_to_is_no_broken_promise(desk):
    desk.write("assets/lists/customers.csv", CUSTOMER + "\n")
    assert desk.invoke("check", "layouts/hagaki").exit_code == 0


def test_proofs_can_be_looked_at_before_the_figures_are_known(desk):
    desk.edit(CAMPAIGN, "cheapest_purchase = 864", "#")
    assert desk.invoke("proof", "layouts/hagaki", "--out", "proof.pdf").exit_code == 0


def test_what_a_letter_does_not_say_is_named_with_words_to_add(desk):
    desk.edit(CARD, "権利の譲渡はできません。", "。")
    desk.edit(CARD, "主催 {{ shop.sender }}。", "")
    found = told(desk)
    assert found["law"]["lacking"] == {"card": ["organiser", "not_transferable"]}
    [remark] = found["remarks"]
    assert "card.toml" in remark
    assert "主催 {{ shop.sender }}" in remark
    desk.edit(CAMPAIGN, LAW, '[law]\nprinted = ["organiser", "not_transferable"]')
    assert told(desk)["remarks"] == []


def test_words_that_no_letter_of_the_segment_prints_do_not_count(desk):
    """The notice stands in a slot of its own rule; one that never holds prints nothing."""
    desk.edit(CARD, 'box = [36, 122, 57, 16], when = "tickets" }', 'box = [36, 122, 57, 16], when = "not tickets" }')
    assert len(told(desk)["law"]["lacking"]["card"]) > 5


def test_a_card_that_takes_orders_says_what_the_law_asks_of_it(desk):
    """特定商取引法 11条; of a letter no responsible person's name is asked for."""
    desk.edit(CAMPAIGN, LAW, "[law]\ntakes_orders = true")
    assert told(desk)["law"]["lacking"]["card"] == ["price", "shipping", "payment", "delivery", "returns"]
    assert "特定商取引法" not in desk.invoke("check", "layouts/hagaki", "--lang", "en").stdout


def test_a_shop_abroad_is_not_measured_by_japanese_rules(desk):
    path = "layouts/hello-en/campaign.toml"
    desk.edit(path, 'offer = "spring" }', 'offer = "spring", tickets = 1 }')
    prize = '{ id = "a", label = "A", prize = "Tea", value = 9, count = 2 }'
    lottery = f'[lottery]\ndraw_on = "9 days"\npublic = "x"\nprizes = [{prize}]'
    desk.write(path, (desk.root / path).read_text("utf-8") + lottery)
    found = told(desk, "hello-en")
    assert (found["law"]["rules"], found["law"]["measured"]) == (None, [])
    assert any("generic" in remark for remark in found["remarks"])
    assert any("Organised by" in remark for remark in found["remarks"])
    desk.edit(path, "count = 2", "count = 99")
    assert desk.invoke("check", "layouts/hello-en").exit_code == 1, "more winners than tickets is wrong everywhere"


def test_every_sample_campaign_is_lawful_and_says_what_it_should(tmp_path):
    """With the lists that come with it; where there are prizes, the notice says them and their number."""
    desk = Desk.at(tmp_path)
    for folder in sorted((desk.root / "layouts").iterdir()):
        if not folder.is_dir():
            continue
        found = told(desk, folder.name)
        assert (found["law"]["lacking"], found["remarks"]) == ({}, []), folder.name
        text = "".join(file.read_text("utf-8") for file in folder.glob("*.toml") if file.name != "campaign.toml")
        for row in found["law"]["measured"]:
            if row["kind"] == "general" and row["count"]:
                said = re.search(rf"（{row['value']:,}円相当）を{row['count']}名さま", text)
                assert said or "lottery.prizes" in text, (folder.name, row)
