"""Postage files: the shipped one in order, and what is said of every slip in one of the user's own."""

import re
import tomllib
from datetime import date, timedelta

import pytest

from dmgen.errors import CampaignError
from dmgen.model.posting import Discount, MailClass
from dmgen.post.conditions import PEOPLE
from dmgen.post.postage import DISCOUNT_NAMES
from dmgen.post.rates import POSTAGE, Certain, Person, rates
from tests.post.given import DAY, SHIPPED

OWN = """format = 1
[[sets]]
valid_from = 2026-10-01
read_on = 2026-11-01
[sets.classes.teikei]
short = [90, 120]
long = [140, 235]
thickness = 10
steps = [{ to = 25, yen = 100 }, { to = 50, yen = 110 }]
source = "窓口"
certain = "own"
[sets.discounts.sorted]
classes = ["teikei"]
sort = ["district"]
slack = [3]
base = [{ sort = "district", percent = [[2_000, 3], [10_000, 4.5]] }]
special = [{ slack = 3, regional_office = true, pieces = 50_000, percent = 2 }]
prices = [{ to = 25, yen = [[100, 90]] }]
not_with = ["local"]
thickness = 6
one_district = false
least = 100
people = ["approved"]
[sets.rounding]
to = "down"
"""


@pytest.fixture
def own(tmp_path):
    """Prices of one's own, once the text is written into the file."""

    def read(text, day=DAY):
        file = tmp_path / "postage.toml"
        file.write_text(text, "utf-8")
        return rates(day, file)

    return read


def test_the_shipped_prices_have_every_class_discount_source_and_mark():
    assert set(SHIPPED.classes) == set(MailClass)
    assert set(SHIPPED.discounts) == set(Discount) == set(DISCOUNT_NAMES)
    entries = [*SHIPPED.classes.values(), *SHIPPED.discounts.values()]
    assert all(one.source.startswith("https://") and one.certain is not Certain.OWN for one in entries)
    assert SHIPPED.rounding_certain is Certain.MEMORY
    assert set(PEOPLE) == set(Person)
    for written in tomllib.loads(POSTAGE.read_text("utf-8"))["sets"]:
        assert written["valid_from"] <= written["read_on"]


def test_dearer_is_heavier_and_more_is_cheaper():
    """Slips of the hand in the tables: every class gets dearer by weight, every rate higher by pieces."""
    for one in SHIPPED.classes.values():
        assert [step.yen for step in one.steps] == sorted({step.yen for step in one.steps})
    for discount in SHIPPED.discounts.values():
        for base in discount.base:
            assert [rate for _, rate in base.percent] == sorted({rate for _, rate in base.percent})


def test_a_file_of_ones_own_is_read_whole(own):
    found = own(OWN)
    assert found.classes[MailClass.TEIKEI].steps == ((25, 100), (50, 110))
    asked = found.discounts[Discount.SORTED]
    assert (asked.least, asked.thickness, asked.slack, asked.people) == (100, 6, (3,), (Person.APPROVED,))
    assert str(asked.base[0].percent[1][1]) == "4.5"
    assert found.valid_from == date(2026, 10, 1)


def test_a_day_before_the_first_set_has_no_postage(own):
    first = date(2026, 10, 1)
    assert own(OWN, first).valid_from == first
    with pytest.raises(
        CampaignError,
        match=r"no postage is known for 2026-09-30; .* hold from 2026-10-01\. Write the prices",
    ):
        own(OWN, first - timedelta(days=1))
    with pytest.raises(CampaignError, match="2024-10-01"):
        rates(date(2024, 9, 30))


def test_the_latest_set_holds_in_whatever_order_they_are_written(own):
    later = OWN.replace("format = 1\n", "").replace("2026-10-01", "2027-04-01").replace("yen = 110", "yen = 130")
    for text in (OWN + later, "format = 1\n" + later + OWN.replace("format = 1\n", "")):
        for day, price in ((date(2027, 3, 31), 110), (date(2027, 4, 1), 130)):
            assert own(text, day).classes[MailClass.TEIKEI].steps[-1].yen == price


def test_a_file_is_read_once_and_again_when_it_changes(own, monkeypatch):
    """A run asks three times; whoever mends a price and asks again in the same second gets the new one."""
    parsed = []
    loads = tomllib.loads
    monkeypatch.setattr(tomllib, "loads", lambda *args, **keys: parsed.append(1) or loads(*args, **keys))
    text = OWN.replace("窓口", "本局")
    assert [own(text).classes[MailClass.TEIKEI].steps[-1].yen for _ in range(3)] == [110] * 3
    assert len(parsed) == 1
    assert own(text.replace("yen = 110", "yen = 120")).classes[MailClass.TEIKEI].steps[-1].yen == 120


# (what stands in OWN, what is written for it, what is said)
SLIPS = [
    ("format = 1\n", "", "format is missing"),
    ("format = 1", "format = 2", "written for a newer dmgen: format = 2"),
    ("format = 1", "format = 1\nprice = 3", "price: unknown key; allowed here: format, sets"),
    ("valid_from = 2026-10-01\n", "", "sets[1].valid_from is missing"),
    ("valid_from = 2026-10-01", 'valid_from = "2026-10-01"', 'sets[1].valid_from = "2026-10-01": write a date without'),
    ("valid_from = 2026-10-01", "valid_from = 2026-10-01T00:00:00", "sets[1].valid_from = 2026-10-01 00:00:00: write"),
    ("read_on = 2026-11-01", "read_on = 3", "sets[1].read_on = 3: write a date"),
    ("[sets.classes.teikei]", "[sets.classes.letter]", "sets[1].classes.letter: unknown key; allowed here: hagaki, te"),
    ("[sets.discounts.sorted]", "[sets.discounts.kubun]", "sets[1].discounts.kubun: unknown key; allowed here: sort"),
    ("short = [90, 120]", "short = [90]", "sets[1].classes.teikei.short = [90]: write two numbers"),
    ("short = [90, 120]", "short = 90", "sets[1].classes.teikei.short = 90: write a list"),
    ("short = [90, 120]", "short = [120, 90]", "sets[1].classes.teikei.short = [120, 90]: write it in ascending"),
    ("short = [90, 120]", "shorter = [90, 120]", "classes.teikei.shorter: unknown key; allowed here: short, long"),
    ("short = [90, 120]\n", "", "sets[1].classes.teikei.short is missing; allowed here: short, long"),
    ("thickness = 10", "thickness = true", "classes.teikei.thickness = true: allowed: a number from 0.1 to"),
    ("thickness = 10", "thickness = inf", "classes.teikei.thickness = Infinity: allowed: a number from 0.1 to"),
    ("yen = 100", "yen = 99.5", "classes.teikei.steps[1].yen = 99.5: allowed: a whole number from 1 to"),
    ("yen = 100", "yen = 0", "classes.teikei.steps[1].yen = 0: allowed: a whole number from 1 to"),
    ("yen = 100", 'yen = "100円"', 'steps[1].yen = "100円": allowed: a whole number'),
    ("to = 25, yen = 100", "to = 60, yen = 100", "classes.teikei.steps = ["),
    ("to = 25, yen = 100", "to = -1, yen = 100", "steps[1].to = -1: allowed: a number from 0.1 to"),
    (
        "steps = [{ to = 25, yen = 100 }, { to = 50, yen = 110 }]",
        "steps = []",
        "classes.teikei.steps = []: write a list",
    ),
    ('certain = "own"', 'certain = "yes"', 'classes.teikei.certain = "yes": allowed: "OFF", "2+", "1", "MEM", "own"'),
    ('source = "窓口"', "source = 3", "classes.teikei.source = 3: write text in quotes"),
    ('classes = ["teikei"]', 'classes = ["letter"]', 'sorted.classes[1] = "letter": allowed: "hagaki", "teikei"'),
    ('classes = ["teikei"]', "classes = [[1]]", "sorted.classes[1] = [1]: allowed: "),
    ('sort = ["district"]', 'sort = ["zip"]', 'sorted.sort[1] = "zip": allowed: "none", "district", "listed"'),
    ("slack = [3]", "slack = [5]", "sorted.slack[1] = 5: allowed: 0, 3, 7"),
    ("[10_000, 4.5]", "[10_000, 4.55]", "base[1].percent[2][2] = 4.55: allowed: percent from 0 to 100, in tenths"),
    ("[10_000, 4.5]", "[10_000, 101]", "base[1].percent[2][2] = 101: allowed: percent"),
    ("[10_000, 4.5]", "[10_000, nan]", "base[1].percent[2][2] = NaN: allowed: percent"),
    ("[10_000, 4.5]", "[1_000, 4.5]", "sorted.base[1].percent = ["),
    ("[10_000, 4.5]", "10_000", "sorted.base[1].percent[2] = 10000: write a list"),
    ("regional_office = true", "regional_office = 1", "special[1].regional_office = 1: write true or false"),
    ("pieces = 50_000", "pieces = -1", "special[1].pieces = -1: allowed: a whole number from 0"),
    ("[[100, 90]]", "[[100, 90.5]]", "prices[1].yen[1][2] = 90.5: allowed: a whole number"),
    ("[[100, 90]]", "[[200, 90], [100, 80]]", "prices[1].yen = ["),
    ('not_with = ["local"]', 'not_with = ["all"]', 'sorted.not_with[1] = "all": allowed: "sorted", "barcode"'),
    ("one_district = false", 'one_district = "no"', 'sorted.one_district = "no": write true or false'),
    ('people = ["approved"]', 'people = ["boss"]', 'sorted.people[1] = "boss": allowed: "bundles", "readable"'),
    ('to = "down"', 'to = "even"', 'sets[1].rounding.to = "even": allowed: "down", "half_up", "up"'),
    (
        "[[sets]]\n",
        "[[sets]]\nvalid_from = 2026-10-01\n[sets.classes]\n[[sets]]\n",
        "another set holds from the same day",
    ),
    ("[[sets]]\n", "[sets]\n", "sets = {"),
    ("thickness = 10", "thickness = ", "line 8, column 13: A value is missing"),
    ("thickness = 10", "thickness = 1e99999999999999999999", "classes.teikei.thickness = Infinity: allowed"),
]


@pytest.mark.parametrize(("stands", "written", "said"), SLIPS)
def test_a_slip_is_said_with_file_line_key_and_what_is_allowed(own, stands, written, said):
    assert stands in OWN
    with pytest.raises(CampaignError) as refused:
        own(OWN.replace(stands, written, 1))
    text = str(refused.value)
    assert said in text, text
    assert re.search(r"postage\.toml(, line [1-9]\d*|: format is missing|: written for a newer)", text)
    assert re.search(r"allowed|write|missing|upgrade", text)


def test_sets_without_classes(own):
    with pytest.raises(CampaignError, match="write at least one entry"):
        own("format = 1\n[[sets]]\nvalid_from = 2026-10-01\n[sets.classes]\n")
    with pytest.raises(CampaignError, match="write a list"):
        own("format = 1\nsets = []\n")
    with pytest.raises(CampaignError, match=r"sets\[1\].valid_from is missing"):
        own("format = 1\nsets = [3]\n")


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(CampaignError, match="there is no such file"):
        rates(DAY, tmp_path / "none.toml")
    with pytest.raises(CampaignError, match="cannot be read"):
        rates(DAY, tmp_path)
    sjis = tmp_path / "sjis.toml"
    sjis.write_bytes('source = "窓口"'.encode("cp932"))
    with pytest.raises(CampaignError, match="not UTF-8"):
        rates(DAY, sjis)


def test_a_byte_order_mark_does_no_harm(tmp_path):
    file = tmp_path / "bom.toml"
    file.write_bytes(b"\xef\xbb\xbf" + OWN.encode())
    assert rates(DAY, file).valid_from == date(2026, 10, 1)


def test_the_line_is_that_of_the_slip(own):
    with pytest.raises(
        CampaignError, match=r"postage\.toml, line 16: sets\[1\]\.discounts\.sorted\.base\[1\]\.percent"
    ):
        own(OWN.replace("[10_000, 4.5]", "[1_000, 4.5]"))
