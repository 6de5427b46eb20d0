"""The sample campaign with everything on one letter, from the run to the reader's phone, the cart and the draw."""

import csv
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.jobs import ROOT, Desk, Job

pytestmark = pytest.mark.system
CAMPAIGN = "layouts/shincha"
PUBLIC = "2026年6月10日の日経平均株価の終値 38,123.45"


@pytest.fixture(scope="module")
def sent(tmp_path_factory) -> tuple[Desk, Job]:
    desk = Desk.at(tmp_path_factory.mktemp("shincha"))
    job = desk.run("shincha")
    assert desk.invoke("sent", str(job.folder), "--on", "2026-04-10").exit_code == 0
    return desk, job


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.open(encoding="utf-8-sig", newline="")))


def test_every_letter_has_the_marker_and_what_its_person_is_due(sent):
    _, job = sent
    assert len({row["ar_id"] for row in job.manifest}) == 1 and all(row["ar_id"] for row in job.manifest)
    due = {True: ("shincha.gold", "1000", 2), False: ("shincha", "300", 1)}
    tickets = Counter(row["piece_id"] for row in job.codes if row["kind"] == "ticket")
    coupons = {row["piece_id"]: row for row in job.codes if row["kind"] == "coupon"}
    spent = {row["customer_id"]: int(row["spent"]) for row in rows(job.folder / "groups.csv")}
    for row in job.manifest:
        coupon = coupons[row["piece_id"]]
        has = (coupon["name"], coupon["value"], tickets[row["piece_id"]])
        assert has == due[spent[row["customer_id"]] >= 30000]


def test_from_the_printed_link_to_the_film_the_coupon_and_its_terms(sent, phone, serve, tmp_path):
    """What a web host would hold: the folders of `links build` and `ar build`, each where its README says."""
    desk, job = sent
    assert desk.invoke("links", "build", CAMPAIGN, "--out", tmp_path / "links").exit_code == 0
    host = tmp_path / "links" / "pages"
    assert desk.invoke("ar", "build", CAMPAIGN, "--out", host / "shincha" / "ar").exit_code == 0
    targets = {row["url"]: urlsplit(row["target"]) for row in rows(tmp_path / "links" / "links.csv")}
    gold = next(r for r in job.codes if r["name"] == "shincha.gold")
    url = next(row["url"] for row in job.manifest if row["piece_id"] == gold["piece_id"])
    site = serve(host)
    site.watch(phone)
    phone.goto(site.url + targets[url].path.removeprefix("/dm/") + "#" + targets[url].fragment)
    phone.click("[data-do=plain]")
    phone.wait_for_selector("#plain video", state="visible")
    code = phone.inner_text("[data-code]:visible")
    assert code.replace("-", "") == gold["code"]
    phone.click("[data-terms]:visible")
    phone.wait_for_selector("h1")
    assert "1,000円引き" in phone.inner_text("h1")
    assert code in phone.inner_text("main")
    assert site.outside == []
    personal = {row["name"] for row in job.manifest} | {row["customer_id"] for row in job.manifest}
    told = "".join(path.read_text("utf-8", "ignore") for path in host.rglob("*") if path.suffix in (".html", ".json"))
    assert not [one for one in personal if one in told]


def test_the_draw_holds_before_anybody(sent, tmp_path):
    """The letter's seal, the published file, dmgen's own check and the script of the documentation agree."""
    desk, job = sent
    done = desk.invoke("draw", CAMPAIGN, "--public", PUBLIC, "--out", tmp_path / "draw.json")
    assert done.exit_code == 0, done.output
    published = json.loads((tmp_path / "draw.json").read_text("utf-8"))
    assert {w["prize"]: len(w["tickets"]) for w in published["winners"]} == {"chigusa": 3, "wakaba": 30}
    seal = job.ticket["lottery"]["commitment"]
    assert desk.invoke("draw", "--verify", tmp_path / "draw.json", "--commitment", seal).exit_code == 0
    guide = (ROOT / "dmgen" / "offers" / "README.md").read_text("utf-8")
    script = tmp_path / "verify.py"
    script.write_text(guide.split("```python\n")[1].split("```")[0], "utf-8")
    alone = subprocess.run(
        [sys.executable, script, tmp_path / "draw.json"], capture_output=True, text=True, check=False
    )
    assert alone.returncode == 0 and seal in alone.stdout
    winners = rows(tmp_path / "draw-winners.csv")
    owners = {row["code"]: row["piece_id"] for row in job.codes if row["kind"] == "ticket"}
    people = {row["piece_id"]: row["name"] for row in job.manifest}
    assert len(winners) == 33
    assert all(people[row["piece_id"]] == row["name"] for row in winners)
    assert {row["piece_id"] for row in winners} <= set(owners.values())


def test_a_coupon_through_the_cart_and_back(sent, tmp_path):
    """Exported, read out, used, void: each number is accounted for."""
    desk, job = sent
    codes = [row["code"] for row in job.codes if row["kind"] == "coupon"]
    assert desk.invoke("offers", "export", str(job.folder), "--for", "generic", "--out", tmp_path / "a").exit_code == 0
    exported = [row for path in (tmp_path / "a").glob("*.csv") for row in rows(path)]
    assert len(exported) == len(codes)
    (tmp_path / "used.csv").write_text(f"code\n{codes[0]}\n", "utf-8")
    assert desk.invoke("offers", "used", tmp_path / "used.csv").exit_code == 0
    assert desk.invoke("offers", "void", codes[1], "--why", "返品").exit_code == 0
    states = [json.loads(desk.invoke("offers", "check", code, "--json").output)["state"] for code in codes[:2]]
    assert states == ["used", "void"]
    assert desk.invoke("offers", "export", str(job.folder), "--for", "generic", "--out", tmp_path / "b").exit_code == 0
    again = [row for path in (tmp_path / "b").glob("*.csv") for row in rows(path)]
    assert len(again) == len(codes) - 1  # the void one among them, to be taken out; the used one not
    told = json.loads((tmp_path / "b" / "export.json").read_text("utf-8"))
    assert (told["void"], told["used"]) == (1, 1)
