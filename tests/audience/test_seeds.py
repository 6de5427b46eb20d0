"""Decoys get a letter in every segment and are counted apart: no customer is lost or added by them."""

from pathlib import Path

import pytest

from dmgen.audience import Audience, load_audience
from dmgen.errors import ListError
from dmgen.model.recipient import Outcome, fingerprint
from tests.jobs import Desk, squeezed

from .conftest import HEADER, ORDERS, build, people, person, rules

SEEDS = """\
customer_id,name,postal_code,address
1,見本 太郎,150-0001,東京都渋谷区神宮前1-1
2,見本 花子,530-0001,大阪府大阪市北区梅田1-1
"""
TWO = rules("spent >= 200", "spent < 200")
BOUGHT = f"{ORDERS}\n1,A,2026-01-01,100,1,completed\n2,B,2026-02-01,200,1,completed\n3,C,2026-02-02,300,1,completed"


def seeded(folder: Path, text: str = SEEDS, rows: tuple[str, ...] | None = None) -> Audience:
    path = folder / "seeds.csv"
    path.write_text(text, "utf-8")
    listed = rows or tuple(person(key, street=key, email=f"{key}@example.com") for key in "ABC")
    return load_audience(build(folder, people(*listed), BOUGHT, segments=TWO, seeds=path, scheme="cpm"))


def ids(audience: Audience, segment: str) -> list[str]:
    return [str(row["customer_id"]) for row in audience.rows(audience.open_positions(segment), ["customer_id"])]


def test_every_segment_ends_with_the_decoys(tmp_path: Path) -> None:
    audience = seeded(tmp_path)
    assert ids(audience, "s0") == ["B", "C", "seed-s0-1", "seed-s0-2"]
    assert ids(audience, "s1") == ["A", "seed-s1-1", "seed-s1-2"]
    assert audience.customers_read == 3
    assert [file.path.name for file in audience.inputs] == ["customers.csv", "orders.csv", "seeds.csv"]


def test_a_decoy_reads_like_a_letter_of_its_segment_but_is_nobody(tmp_path: Path) -> None:
    audience = seeded(tmp_path)
    names = [name for name in audience.columns if name != "product"]
    model, _, seed, _ = audience.rows(audience.open_positions("s0"), [*names, "product", "seed"])
    assert (model["seed"], seed["seed"]) == (0, 1)
    for name in ("spent", "last_order", "group", "segment", "purchases"):
        assert seed[name] == model[name], name
    assert (seed["name"], seed["family_name"], seed["postal_code"]) == ("見本 太郎", "見本", "150-0001")
    for name in HEADER.split(","):
        if name not in ("customer_id", "name", "postal_code", "dm_opt_out", "registered_on"):
            assert seed[name] == "", name
    who = (str(seed[name]) for name in ("customer_id", "name", "postal_code", "address"))
    assert seed["fingerprint"] == fingerprint(*who)
    assert seed["line"] == 2


def test_outcomes_add_up_without_the_decoys(tmp_path: Path) -> None:
    audience = seeded(tmp_path)
    for segment in ("s0", "s1"):
        audience.settle(audience.open_positions(segment), Outcome.PRINTED, "print", "")
    audience.check_sum()
    assert audience.counts()[Outcome.PRINTED] == 3


def test_without_a_customer_there_is_no_decoy_and_one_left_out_stays_out(tmp_path: Path) -> None:
    audience = seeded(tmp_path)
    audience.settle(audience.open_positions("s0")[1:3], Outcome.OVER_LIMIT, "select", "over_limit")
    assert ids(audience, "s0") == ["B", "seed-s0-2"]
    audience.settle(audience.open_customers("s1"), Outcome.REJECTED, "fit", "overset", "name", ["x"])
    assert ids(audience, "s1") == []


def test_a_decoy_copies_a_customer_whose_letter_can_be_set(tmp_path: Path) -> None:
    audience = seeded(tmp_path)
    audience.settle(audience.open_positions("s0")[:1], Outcome.REJECTED, "fit", "overset", "name", ["x"])
    assert [row["spent"] for row in audience.rows(audience.open_seeds("s0"), ["spent"])] == [300, 300]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("customer_id,name,postal_code,address\n1,,150-0001,渋谷区神宮前1-1\n", "line 2.*no name"),
        ("customer_id,name,postal_code,address\n1,見本,x,渋谷区神宮前1-1\n", "line 2.*not a postal code"),
        ("customer_id,name,postal_code,address\n1,見本\n", "line 2.*cells"),
        ("customer_id,name,postal_code\n1,見本,150-0001\n", "no address"),
        ("customer_id,name\n1,見本\n", "postal_code"),
    ],
)
def test_a_decoy_that_no_letter_reaches_stops_the_run(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ListError, match=words) as error:
        seeded(tmp_path, text)
    assert "seeds.csv" in str(error.value.values["file"])


def test_a_customer_with_the_id_of_a_decoy_stops_the_run(tmp_path: Path) -> None:
    """Both would be one recipient in the ledger."""
    with pytest.raises(ListError, match="seed-s0-1"):
        seeded(tmp_path, rows=(person("seed-s0-1"), person("A"), person("B")))


def _with_seeds(desk: Desk, text: str = SEEDS) -> None:
    desk.write("layouts/hello/seeds.csv", text)
    old = 'customers = "../../assets/lists/customers.csv"'
    desk.edit("layouts/hello/campaign.toml", old, f'{old}\nseeds = "seeds.csv"')


def test_decoys_are_printed_marked_and_read_back(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path)
    _with_seeds(desk)
    job = desk.run("hello")
    assert job.ticket["released"]
    marked = [row for row in job.manifest if row["seed"] == "1"]
    assert [row["customer_id"] for row in marked] == ["seed-everyone-1", "seed-everyone-2"]
    assert {row["seed"] for row in job.manifest} == {"0", "1"}
    assert job.counts["seeds"] == 2
    assert job.counts["pieces"] == len(job.manifest) == job.counts["outcomes"]["printed"] + 2
    assert sum(job.counts["outcomes"].values()) == job.counts["customers"]
    letters = {row["customer_id"]: squeezed(text) for row, text in job.texts()}
    assert "見本太郎" in letters["seed-everyone-1"]
    assert len({row["coupon_code"] for row in job.manifest}) == len(job.manifest)
    again = desk.run("hello", out="again")
    assert again.issued() == job.issued()  # a decoy is a recipient of the ledger like any other
    said = desk.invoke("check", "layouts/hello", "--lang", "en")
    assert "decoys" in said.output


def test_a_decoy_whose_letter_cannot_be_set_stops_the_run(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path)
    _with_seeds(desk, SEEDS.replace("見本 太郎", "見本 \U0001f600"))
    result = desk.invoke("check", "layouts/hello")
    assert result.exit_code == 3
    assert "seed-everyone-1" in result.output


def test_a_limit_cuts_decoys_with_the_rest(tmp_path: Path) -> None:
    desk = Desk.at(tmp_path)
    _with_seeds(desk)
    job = desk.run("hello", "--limit", "3")
    assert [row["seed"] for row in job.manifest] == ["0", "0", "0"]
    assert job.counts["seeds"] == 0
