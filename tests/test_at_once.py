"""Prizes that only the page reveals: right winners there, not a trace of them anywhere else, and no letter without."""

import json
import re
from collections import Counter
from hashlib import sha256

import pytest

from tests.at_once import CAMPAIGN, LETTER, PAGE, at_once, built, seed, tokens, winners
from tests.jobs import CUSTOMER, Desk, Job, people, rows


@pytest.fixture
def desk(tmp_path):
    desk = Desk.at(tmp_path)
    at_once(desk)
    return desk


def digest(token: str) -> str:
    """What page and file name a link by (dmgen/web/lottery.py), written out again."""
    return sha256(f"dmgen at once 1\naobado\nhello\n2026-04-05\n{token}".encode()).hexdigest()


def wins(desk: Desk) -> dict[str, list[str]]:
    told = json.loads((desk.root / "site" / PAGE / "instant.json").read_text("utf-8"))
    assert set(told) == {"format", "wins"} and told["format"] == 1
    assert list(told["wins"]) == sorted(told["wins"])  # in the order of their hashes, which tells nothing
    return told["wins"]


def test_the_page_knows_the_winners_and_nobody_else(desk):
    """Exactly those that seed and tickets give, each prize as often as promised."""
    job = desk.run("hello")
    built(desk)
    own = tokens(job)
    expected = {digest(own[piece])[:32]: [prize] for prize, pieces in winners(desk, job).items() for piece in pieces}
    assert len(expected) == 4
    assert wins(desk) == expected


def test_links_lead_to_the_page_with_a_check_behind_their_token(desk):
    job = desk.run("hello")
    built(desk)
    own = tokens(job)
    leads = {row["token"]: row["target"] for row in rows(desk.root / "site" / "links.csv")}
    assert len(leads) == 20
    for token in own.values():
        page = "https://aobado.example.jp/dm/hello/2026-04-05/lottery/"
        assert re.fullmatch(re.escape(page) + r"(\?[^#]*)?#" + f"{token}-{digest(token)[:4]}", leads[token])


def test_nothing_in_the_job_folder_tells_a_winner_from_a_loser(desk):
    """Whoever prints, folds or posts has these files: in each of them winners' ids stand just as losers' do."""
    job = desk.run("hello")
    built(desk)
    won = {piece for pieces in winners(desk, job).values() for piece in pieces}
    own, hashes = tokens(job), wins(desk)
    ticket = {row["piece_id"]: row["code"] for row in job.codes if row["kind"] == "ticket"}
    for path in (path for path in job.folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        assert seed(desk).encode() not in content
        assert not any(name.encode() in content for name in hashes)
        for what in ({piece: piece for piece in own}, own, ticket):
            times = {piece: content.count(value.encode()) for piece, value in what.items()}
            assert {times[piece] for piece in won} == {times[piece] for piece in own.keys() - won}, path
    cells = {piece: Counter(row["piece_id"] == piece for row in job.codes)[True] for piece in own}
    assert len(set(cells.values())) == 1


def test_letters_of_winners_and_losers_say_the_same(desk):
    """Words for words, but for their own name, address and numbers."""
    job = desk.run("hello")
    texts = {re.sub(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}|\d+", "#", text) for _, text in job.texts()}
    assert len(texts) == 1
    assert "当日賞" not in texts.pop()


def test_the_site_names_nobody(desk):
    """No name, no piece, no ticket, no token: hashes alone; the page is the same whoever wins."""
    job = desk.run("hello")
    built(desk)
    site = desk.root / "site"
    for path in (path for path in (site / "pages").rglob("*") if path.is_file()):
        content = path.read_text("utf-8")
        for row in job.manifest:
            assert row["piece_id"] not in content and row["lottery_number"] not in content
            assert row["name"] not in content
        assert not any(token in content for token in tokens(job).values())
    page = (site / PAGE / "index.html").read_bytes()
    desk.ledger.unlink()
    desk.run("hello", out="other")
    first = wins(desk)
    built(desk)
    assert wins(desk) != first
    seals = [job.ticket["lottery"]["commitment"], Job(desk.root / "other").ticket["lottery"]["commitment"]]
    fours = [" ".join(re.findall("....", seal)).encode() for seal in seals]
    assert (site / PAGE / "index.html").read_bytes() == page.replace(*fours)


def test_the_claims_name_the_winners(desk):
    """For whoever takes the calls: every winner once, with prize and number, and the file is where it was asked for."""
    job = desk.run("hello")
    built(desk, "--winners", "claims.csv")
    people = {row["piece_id"]: row for row in job.manifest}
    claims = rows(desk.root / "claims.csv")
    assert [row["prize_id"] for row in claims] == ["spark"] * 3 + ["tea"]
    for prize, pieces in winners(desk, job).items():
        assert {row["piece_id"] for row in claims if row["prize_id"] == prize} == set(pieces)
    for row in claims:
        person = people[row["piece_id"]]
        assert row["ticket"] == person["lottery_number"]
        assert all(row[name] == person[name] for name in ("customer_id", "name", "postal_code", "address"))


def test_the_claims_never_stand_in_the_site(desk):
    """A list of names inside the folder that is uploaded would be on the web: refused, and nothing is written."""
    desk.run("hello")
    result = desk.invoke("links", "build", "layouts/hello", "--out", "site", "--winners", "site/pages/w.csv",
                         "--lang", "en")  # fmt: skip
    assert result.exit_code == 2
    assert "names people" in result.stderr
    assert not (desk.root / "site").exists()


def test_a_decoy_never_wins(desk):
    """Its letter looks like any other; whoever plants it must not win what customers were promised: here all do."""
    desk.edit(CAMPAIGN, "[audience]", 'seeds = "seeds.csv"\n[audience]')
    desk.write("layouts/hello/seeds.csv", f"{CUSTOMER}\nS1,見張 一郎,100-0001,東京都,千代田区千代田,9-9,0\n")
    desk.write("assets/lists/customers.csv", people(8))
    desk.edit(CAMPAIGN, "count = 2 }", 'count = 2, reveal = "page" }')
    desk.edit(CAMPAIGN, "count = 3,", "count = 5,")
    job = desk.run("hello")
    built(desk, "--winners", "claims.csv")
    assert len(job.manifest) == 9
    assert {row["customer_id"] for row in rows(desk.root / "claims.csv")} == {f"{n:05d}" for n in range(1, 9)}


def test_a_void_letter_wins_no_more(desk):
    """Returned or stolen: the page is built again without it, its link carries nothing, and nobody moves up."""
    job = desk.run("hello")
    before = winners(desk, job)
    piece = before["tea"][0]
    assert desk.invoke("offers", "void", piece, "--why", "returned").exit_code == 0
    built(desk, "--winners", "claims.csv")
    assert {row["piece_id"] for row in rows(desk.root / "claims.csv")} == set(before["spark"])
    assert len(wins(desk)) == 3
    leads = {row["token"]: row["target"] for row in rows(desk.root / "site" / "links.csv")}
    assert "#" not in leads[tokens(job)[piece]]


def test_without_prizes_of_the_page_there_is_none(desk):
    """And nobody to claim."""
    text = (
        (desk.root / CAMPAIGN)
        .read_text("utf-8")
        .replace(', reveal = "page"', "")
        .replace('to = "lottery"', 'to = "coupon"')
    )
    (desk.root / CAMPAIGN).write_text(text, "utf-8")
    desk.run("hello")
    assert not any("lottery" in page for page in built(desk)["pages"])
    result = desk.invoke("links", "build", "layouts/hello", "--out", "site", "--winners", "c.csv", "--lang", "en")
    assert result.exit_code == 2 and "leave --winners out" in result.stderr
    assert not (desk.root / "c.csv").exists()


def test_a_changed_ticket_list_tells_nobody_anything(desk):
    """Whoever swaps a number in codes.csv gets no page: the seal does not fit."""
    job = desk.run("hello")
    codes = job.folder / "codes.csv"
    number = next(row["code"] for row in job.codes if row["kind"] == "ticket")
    codes.write_text(codes.read_text("utf-8-sig").replace(number, str(int(number) ^ 1).zfill(8)), "utf-8-sig")
    result = desk.invoke("links", "build", "layouts/hello", "--out", "site")
    assert result.exit_code == 4
    assert not (desk.root / "site").exists()


@pytest.mark.parametrize("when", ["", ', when = "tickets"', ', when = "tickets >= 1"'])
def test_a_link_on_every_letter_with_a_number(desk, when):
    desk.edit(LETTER, "box = [154, 203, 30, 30] }", f"box = [154, 203, 30, 30]{when} }}")
    assert desk.invoke("check", "layouts/hello").exit_code == 0


REFUSED = {
    "no link to the page": (
        CAMPAIGN,
        '[links.win]\nto = "lottery"',
        "",
        ["campaign.toml, line", "reveal", "[links.win]", 'to = "lottery"'],
    ),
    "a link elsewhere": (
        LETTER,
        'link = "win"',
        'link = "coupon"',
        ["campaign.toml, line", "hello.toml", 'link = "win"'],
    ),
    "a link for some": (
        LETTER,
        "box = [154, 203, 30, 30] }",
        'box = [154, 203, 30, 30], when = "offer" }',
        ['when = "tickets"'],
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_winner_who_would_never_know_is_refused(desk, case):
    """Before anything is issued, with the lines to write."""
    name, old, new, words = REFUSED[case]
    desk.edit(name, old, new)
    result = desk.invoke("check", "layouts/hello", "--lang", "en")
    assert result.exit_code == 1
    for word in words:
        assert word in " ".join(result.stderr.split()), (word, result.stderr)


def test_letters_without_numbers_need_no_link(desk):
    """Nobody can win there."""
    plain = (desk.root / LETTER).read_text("utf-8").replace('link = "win"', 'link = "coupon"')
    desk.write("layouts/hello/plain.toml", plain)
    first = """{ id = "first", when = 'customer_id == "00001"', layout = "plain", offer = "hello", tickets = %d }, """
    desk.edit(CAMPAIGN, 'segments = [{ id = "everyone"', f'segments = [{first % 0}{{ id = "everyone"')
    assert desk.invoke("check", "layouts/hello").exit_code == 0
    desk.edit(CAMPAIGN, first % 0, first % 1)
    result = desk.invoke("check", "layouts/hello", "--lang", "en")
    assert result.exit_code == 1 and "plain.toml" in result.stderr
