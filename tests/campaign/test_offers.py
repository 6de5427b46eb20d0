"""Offers as they are written: what a tier inherits, and every contradiction named by file, line and key."""

from datetime import date

import pytest

from dmgen.model.offer import Benefit, CodeSource

HEAD = """\
format = 1
id = "own"
drop = 2026-04-10
[audience]
layout = "letter"
[offers.thanks]
label = "300円引き"
"""
LETTER = '[words]\nhello = "こんにちは"\n[slots]\nx = { kind = "text", words = "hello", box = [20, 80, 99, 9] }\n'


@pytest.fixture
def load(desk):
    """`load(lines)`: the offers of a campaign with these lines under [offers.thanks]."""
    desk.write("letter.toml", LETTER)

    def load(lines: str):
        desk.write("campaign.toml", HEAD + lines)
        return desk.load().offers

    return load


BIRTHDAY = 'amount = 3\nvalid = "birthday month"\n'
VALID = 'valid = "30 days"\n'
AMOUNT = VALID + "amount = 300\n"
POOL = AMOUNT + 'codes = "pool:letter.toml"\n'
TIER = 'id = "gold", when = "spent >= 1", label = "x"'


@pytest.mark.parametrize(
    ("written", "benefit", "value"),
    [
        ("amount = 500", Benefit.AMOUNT, "500"),
        ("percent = 10\ncap = 3000", Benefit.PERCENT, "10%"),
        ("points = 500", Benefit.POINTS, "500 points"),
        ('shipping = "free"', Benefit.SHIPPING, "free shipping"),
        ('gift = "新茶の小袋"\nworth = 400', Benefit.GIFT, "新茶の小袋"),
    ],
)
def test_each_benefit_has_a_value_that_nobody_takes_for_another(load, written: str, benefit: Benefit, value: str):
    offer = load(VALID + written)["thanks"]
    assert (offer.benefit, offer.value) == (benefit, value)


def test_a_tier_is_an_offer_of_its_own_that_takes_over_what_it_does_not_say(load):
    lines = """valid = "30 days"
percent = 10
cap = 1000
minimum = 2000
maximum = 90000
products = ["T-101"]
starts = 2026-04-20
tiers = [
  { id = "gold", when = "spent >= 50000", label = "上限なし", cap = 5000 },
  { id = "silver", when = "spent >= 10000", label = "500円引き", amount = 500, minimum = 0 },
  { id = "gift", when = "spent", label = "おまけ", gift = "茶さじ", worth = 300 },
]"""
    offers = load(lines)
    assert list(offers) == ["thanks", "thanks.gold", "thanks.silver", "thanks.gift"]
    whole, gold, silver, gift = offers.values()
    assert [tier.offer for tier in whole.tiers] == [gold, silver, gift]
    assert (gold.benefit, gold.percent, gold.cap, gold.minimum) == (Benefit.PERCENT, 10, 5000, 2000)
    assert (silver.benefit, silver.amount, silver.percent, silver.cap, silver.minimum) == (
        Benefit.AMOUNT,
        500,
        0,
        None,
        0,
    )
    assert (gift.gift, gift.worth, gift.amount) == ("茶さじ", 300, 0)
    assert {offer.maximum for offer in offers.values()} == {90000}
    assert {offer.products for offer in offers.values()} == {("T-101",)}
    assert {offer.starts for offer in offers.values()} == {date(2026, 4, 20)}
    assert len({offer.terms for offer in offers.values()}) == 4


def test_a_shared_code_may_have_tiers(load):
    offers = load(AMOUNT + f'codes = "shared"\ntiers = [{{ {TIER}, amount = 500 }}]')
    assert {offer.codes for offer in offers.values()} == {CodeSource.SHARED}


CASES = [
    (VALID + "percent = 101", "line 9: offers.thanks.percent = 101", "from 1 to 100"),
    (VALID + "amount = 3\npercent = 10", "line 6: offers.thanks", "gives one thing"),
    (VALID, "line 6: offers.thanks", "gives one thing"),
    (VALID + 'shipping = "cheap"', "offers.thanks.shipping", '"free"'),
    (AMOUNT + "minimum = 500\nmaximum = 400", "line 11: offers.thanks.maximum = 400", "the least is 500, the most 400"),
    (AMOUNT + "cap = 400", "line 10: offers.thanks.cap = 400", "percent = 10"),
    (AMOUNT + "worth = 400", "line 10: offers.thanks.worth = 400", "gift = "),
    (VALID + 'gift = "x"', "line 9: offers.thanks.gift", "worth = 500"),
    ("amount = 3\nvalid = 2026-04-09", "line 9: offers.thanks.valid = 2026-04-09", "before the drop, 2026-04-10"),
    ("amount = 3\nvalid = 2026-02-30", "campaign.toml", "2026-02-30"),
    ('amount = 3\nvalid = "birthday"', "line 9: offers.thanks.valid", '"birthday month"'),
    (AMOUNT + "starts = 2026-05-11", "line 10: offers.thanks.starts = 2026-05-11", "after its last day, 2026-05-10"),
    (AMOUNT + 'starts = "2026-05-11"', "line 10: offers.thanks.starts", "date without quotes"),
    (BIRTHDAY + 'starts = 2026-05-01', "line 10: offers.thanks.starts", "take this line away"),
    (BIRTHDAY + 'codes = "shared"', "line 10: offers.thanks.codes", '"single"'),
    (AMOUNT + f"tiers = [{{ {TIER} }}]", "line 10: offers.thanks.tiers[1]", "what is better"),
    (AMOUNT + f"tiers = [{{ {TIER}, amount = 5, percent = 5 }}]", "offers.thanks.tiers[1]", "gives one thing"),
    (
        AMOUNT + f"tiers = [\n{{ {TIER}, amount = 5 }},\n{{ {TIER}, amount = 6 }}]",
        'line 12: offers.thanks.tiers[2].id = "gold"',
        "earlier tier",
    ),
    (AMOUNT + f"tiers = [{{ {TIER}, cap = 5 }}]", "offers.thanks.tiers[1].cap = 5", "only a percentage"),
    (AMOUNT + f"minimum = 9\ntiers = [{{ {TIER}, maximum = 8 }}]", "tiers[1].maximum = 8", "the least is 9"),
    (AMOUNT + f"maximum = 9\ntiers = [{{ {TIER}, minimum = 10 }}]", "tiers[1].minimum = 10", "the most 9"),
    (AMOUNT + f'tiers = [{{ {TIER}, gift = "x" }}]', "tiers[1].gift", "worth = 500"),
    (AMOUNT + f'tiers = [{{ {TIER}, amount = 5, codes = "shared" }}]', "tiers[1].codes", "pool:FILE"),
    (POOL + f'tiers = [{{ {TIER}, amount = 5 }}]', "line 11: offers.thanks.tiers[1]", "pool:"),
    (
        POOL + f'tiers = [{{ {TIER}, amount = 5, codes = "pool:letter.toml" }}]',
        "offers.thanks.codes",
        "something else",
    ),
    (
        POOL + '[offers.b]\nlabel = "x"\nvalid = "1 day"\npoints = 3\ncodes = "pool:letter.toml"',
        "line 15: offers.b.codes",
        "for thanks, which gives something else",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "place", "allowed"), CASES)
def test_a_bad_offer_is_refused_where_it_stands(load, refused, lines: str, place: str, allowed: str):
    refused(lambda: load(lines), ("campaign.toml", place, allowed))


def test_offers_that_give_the_same_may_share_a_pool(load):
    more = '[offers.b]\nlabel = "x"\nvalid = "1 day"\namount = 300\ncodes = "pool:letter.toml"'
    assert len(load(POOL + more)) == 2


def test_a_tier_may_draw_from_a_pool_of_its_own(desk, load):
    desk.write("gold.csv", "A\n")
    offers = load(POOL + f'tiers = [{{ {TIER}, amount = 5, codes = "pool:gold.csv" }}]')
    assert [offer.pool.name for offer in offers.values()] == ["letter.toml", "gold.csv"]
