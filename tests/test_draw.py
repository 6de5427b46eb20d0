"""`dmgen draw`, as a shop uses it: a campaign printed, sent, drawn, checked by anybody, and drawn again."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from contextlib import chdir
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dmgen.afterwards import open_ledger, shop_at
from dmgen.cli import app
from dmgen.ledger import Fate, Told
from dmgen.model.offer import CodeKind, DropKey
from dmgen.offers.seal import new_secrets
from tests.jobs import Desk, Job, people, rows
from tests.offers.reference_draw import reference
from tests.offers.test_published import run_script

PUBLIC = "日経平均株価 2026-06-10 の終値 51234.56"
DROP = "2026-04-10"
CAMPAIGN = f"""
format = 1
id     = "luck"
as_of  = 2026-04-05
drop   = {DROP}

[lists]
customers = "customers.csv"
seeds     = "seeds.csv"

[audience]
scheme   = "none"
segments = [{{ id = "everyone", label = "皆さま", layout = "hello", offer = "hello", tickets = 2 }}]

[offers.hello]
label   = "300円引き"
amount  = 300
minimum = 2000
valid   = "30 days"

[links.coupon]
to = "lottery"

[law]
cheapest_purchase = 1000
planned_sales     = 5000000

[lottery]
form    = "groups"
draw_on = 2026-06-10
public  = "日経平均株価 2026-06-10 の終値"
prizes  = [{{ id = "chigusa", label = "千草賞", prize = "新茶と急須のひと揃え", value = 800, count = 3 }},
           {{ id = "tea", label = "お茶賞", prize = "新茶", value = 300, count = 5 }},
           {{ id = "spark", label = "当日賞", prize = "300円引き", value = 300, count = 4, reveal = "page" }}]
"""
SHOP = "layouts/shop.toml"
KEY = DropKey("aobado", "luck", date(2026, 4, 10))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk.at(tmp_path)
    desk.write("layouts/luck/campaign.toml", CAMPAIGN)
    shop = desk.root / "layouts" / "shop.toml"
    if "\npages " not in (text := shop.read_text("utf-8")):
        shop.write_text(text.replace("\nlinks ", '\npages = "https://aobado.example.jp/dm/"\nlinks '), "utf-8")
    desk.write("layouts/luck/customers.csv", people(20))
    desk.write("layouts/luck/seeds.csv", "name,postal_code,prefecture,city,street\n店長,100-0001,東京都,千代田区,1-1\n")
    shutil.copy(desk.root / "layouts" / "hello" / "hello.toml", desk.root / "layouts" / "luck")
    desk.edit("layouts/luck/hello.toml", 'size = "15pt", leading = "19pt"', 'size = "9pt", leading = "11pt"')
    desk.edit("layouts/luck/hello.toml", "box = [22, 246, 44, 12]", "box = [22, 246, 44, 24]")
    return desk


def printed(desk: Desk, *args: str, sent: bool = True) -> Job:
    job = desk.run("luck", *args)
    if sent:
        assert desk.invoke("sent", "job", "--on", "2026-04-12", "--shop", SHOP).exit_code == 0
    return job


def draw(desk: Desk, *args: str | Path, public: str = PUBLIC, out: str = "draw.json") -> Any:
    return desk.invoke("draw", "layouts/luck", "--public", public, "--out", out, "--lang", "en", *args)


def verify(desk: Desk, *args: str, file: str = "draw.json") -> Any:
    return desk.invoke("draw", "--verify", file, "--lang", "en", *args)


def result(desk: Desk, name: str = "draw.json") -> dict:
    return json.loads((desk.root / name).read_text("utf-8"))


def customers_tickets(job: Job) -> set[str]:
    seeds = {row["piece_id"] for row in job.manifest if row["seed"] != "0"}
    assert len(seeds) == 1
    return {row["code"] for row in job.codes if row["kind"] == "ticket" and row["piece_id"] not in seeds}


def test_a_lottery_from_print_to_winners(desk: Desk) -> None:
    """Exactly the promised winners, the same as another implementation finds, each with its own address."""
    job = printed(desk)
    drawn = draw(desk)
    assert drawn.exit_code == 0, drawn.output
    told = result(desk)
    assert set(told["tickets"]) == customers_tickets(job), "decoys are the shop's own people and cannot win"
    won = {prize["prize"]: prize["tickets"] for prize in told["winners"]}
    assert [(id, len(tickets)) for id, tickets in won.items()] == [("chigusa", 3), ("tea", 5), ("spark", 4)]
    assert won == reference(told["tickets"], told["seal"]["rules"], told["secrets"]["seed"], PUBLIC)
    assert told["seal"] == job.ticket["lottery"]
    people = {row["piece_id"]: row for row in job.manifest}
    owners = {row["code"]: people[row["piece_id"]] for row in job.codes if row["kind"] == "ticket"}
    shipped = rows(desk.root / "draw-winners.csv")
    assert [row["ticket_code"] for row in shipped] == [ticket for tickets in won.values() for ticket in tickets]
    for row in shipped:
        assert {name: row[name] for name in ("customer_id", "name", "postal_code", "address")} == {
            name: owners[row["ticket_code"]][name] for name in ("customer_id", "name", "postal_code", "address")
        }
        group, number = row["ticket_code"].split("-")
        assert row["ticket"] == f"{int(group)}組 {number}番"


def test_the_script_of_the_description_checks_a_real_draw(desk: Desk) -> None:
    printed(desk)
    draw(desk)
    text = (desk.root / "draw.json").read_text("utf-8")
    assert run_script(desk.root, text)[0] == 0
    told = result(desk)
    first, second = told["winners"][0]["tickets"][:2]
    swapped = text.replace(first, "?").replace(second, first).replace("?", second)
    assert run_script(desk.root, swapped)[0] == 1
    desk.write("draw.json", swapped)
    assert verify(desk).exit_code == 6


def test_what_is_published_names_nobody(desk: Desk) -> None:
    job = printed(desk)
    draw(desk)
    for name in ("draw.json", "draw.html"):
        text = (desk.root / name).read_text("utf-8")
        for row in job.manifest:
            assert not [word for word in ("name", "address", "piece_id", "coupon_code") if row[word] in text], name
            assert f'"{row["customer_id"]}"' not in text
    page = (desk.root / "draw.html").read_text("utf-8")
    assert all(row["ticket"] in page for row in rows(desk.root / "draw-winners.csv"))
    assert job.ticket["lottery"]["commitment"] in page


def test_drawing_again_gives_the_same_files(desk: Desk) -> None:
    """Typed in another width and spacing, too: the first form stays."""
    printed(desk)
    assert draw(desk, public="日経平均株価　２０２６-０６-１０ の終値  ５１２３４．５６ ").exit_code == 0
    before = [(desk.root / name).read_bytes() for name in ("draw.json", "draw-winners.csv", "draw.html")]
    again = draw(desk, "--json")
    assert again.exit_code == 0, again.output
    assert "held on" in again.stderr
    assert json.loads(again.stdout)["again"] is True
    assert [(desk.root / name).read_bytes() for name in ("draw.json", "draw-winners.csv", "draw.html")] == before
    assert result(desk)["public"]["read"] == PUBLIC
    assert draw(desk, out="elsewhere/again.json").exit_code == 0
    assert result(desk, "elsewhere/again.json") == result(desk)


def test_another_public_value_is_refused_and_names_the_one_used(desk: Desk) -> None:
    printed(desk)
    draw(desk)
    other = draw(desk, public=PUBLIC.replace("56", "57"), out="other.json")
    assert other.exit_code == 4
    assert PUBLIC in other.stderr
    assert not (desk.root / "other.json").exists()


def test_the_public_value_is_shown_as_it_is_read_before_it_is_used(desk: Desk) -> None:
    printed(desk)
    said = draw(desk, public=f"  {PUBLIC.replace('5', '５')} ").stderr
    assert said.startswith(f"The public value is read as: {PUBLIC} (two forms")
    assert "two forms" not in draw(desk).stderr


@pytest.mark.parametrize(
    ("public", "words"), [("", "decides the draw"), ("　 ", "decides the draw"), ("5\u200b6", "U\\+200B")]
)
def test_a_public_value_that_is_none_is_refused(desk: Desk, public: str, words: str) -> None:
    printed(desk)
    refused = draw(desk, public=public)
    assert refused.exit_code == 2
    assert re.search(words, refused.stderr)


def test_a_value_that_was_not_promised_is_drawn_with_and_remarked(desk: Desk) -> None:
    printed(desk)
    drawn = draw(desk, public="NIKKEI 51234.56")
    assert drawn.exit_code == 0
    assert "the letters promise" in drawn.stderr
    checked = verify(desk)
    assert checked.exit_code == 0
    assert "announced as" in checked.stdout


def test_before_its_day_the_draw_warns_and_goes_on(desk: Desk) -> None:
    desk.edit("layouts/luck/campaign.toml", "draw_on = 2026-06-10", "draw_on = 2999-01-01")
    printed(desk)
    drawn = draw(desk)
    assert drawn.exit_code == 0
    assert "promised for 2999-01-01" in drawn.stderr
    assert (desk.root / "draw.json").exists()


def test_a_job_that_was_not_sent_is_drawn_and_remarked(desk: Desk) -> None:
    printed(desk, sent=False)
    drawn = draw(desk)
    assert drawn.exit_code == 0
    assert "not marked as sent" in drawn.stderr


def test_a_drop_that_was_drawn_is_not_printed_again(desk: Desk) -> None:
    """Its letters would carry numbers that were never in the draw."""
    printed(desk, sent=False)
    draw(desk)
    refused = desk.invoke("run", "layouts/luck", "--out", "again", "--lang", "en")
    assert refused.exit_code == 4
    assert "was drawn on" in refused.stderr


def test_tickets_made_void_cannot_win_and_change_nobody_elses_luck(desk: Desk) -> None:
    job = printed(desk, sent=False)
    ledger = open_ledger(shop_at(desk.root / "layouts"))
    key = ledger.job(job.ticket["job"])
    published = {prize["prize"]: prize["tickets"] for prize in drawn_elsewhere(desk)["winners"]}
    lucky, at_once = published["chigusa"][0], published["spark"][0]
    void(desk, job, lucky, at_once)
    assert draw(desk).exit_code == 0
    told = result(desk)
    won = {prize["prize"]: prize["tickets"] for prize in told["winners"]}
    assert told["voided"] == sorted([lucky, at_once])
    assert won["chigusa"][:2] == published["chigusa"][1:]
    assert won["spark"] == published["spark"], "fixed before the letters went out"
    assert not {lucky, at_once} & {row["ticket_code"] for row in rows(desk.root / "draw-winners.csv")}
    assert verify(desk).exit_code == 0
    void(desk, job, won["tea"][0])
    again = draw(desk)
    assert again.exit_code == 0
    assert "1 tickets were made void after the draw" in again.stderr
    assert result(desk) == told, "the draw stands"
    assert key.id == job.ticket["job"]


def drawn_elsewhere(desk: Desk) -> dict:
    """The draw of a copy of this desk: what would come out."""
    copy = Desk(desk.root.with_name(desk.root.name + "-copy"))
    shutil.copytree(desk.root, copy.root)
    assert draw(copy, "--job", "job").exit_code == 0
    return result(copy)


def void(desk: Desk, job: Job, *tickets: str) -> None:
    ledger = open_ledger(shop_at(desk.root / "layouts"))
    owners = {row["code"]: row["piece_id"] for row in job.codes if row["kind"] == "ticket"}
    codes = ledger.codes_of_pieces("aobado", {owners[ticket] for ticket in tickets})
    places = [
        place
        for ticket in tickets
        for n, row in enumerate(r for r in job.codes if r["piece_id"] == owners[ticket] and r["kind"] == "ticket")
        if row["code"] == ticket
        for place in codes[owners[ticket]]
        if place.kind is CodeKind.TICKET and place.n == n
    ]
    assert len(places) == len(tickets)
    ledger.give_fate(Fate.VOID, dict.fromkeys(places, Told(date(2026, 5, 1), "lost")))


@pytest.mark.parametrize(
    ("change", "told"),
    [*product(("added", "left out", "exchanged"), (False, True)), ("owners", False)],
)
def test_a_changed_ticket_list_is_noticed(desk: Desk, change: str, told: bool) -> None:
    """Also where somebody told job.json the new checksum: the seal is printed on the letters.

    Who owns which ticket is not sealed: that is what the checksum is for.
    """
    job = printed(desk)
    path = job.folder / "codes.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    place, _, other = [n for n, line in enumerate(lines) if ",ticket," in line][:3]  # the third is another customer's
    first, ticket, others = lines[place], lines[place].split(",")[2], lines[other].split(",")[2]
    if change == "added":
        lines.append(first.replace(ticket, "001-000007"))
    elif change == "left out":
        del lines[place]
    elif change == "exchanged":
        lines[place] = first.replace(ticket, "001-000007")
    else:
        lines[place], lines[other] = first.replace(ticket, others), lines[other].replace(others, ticket)
    path.write_text("".join(lines), "utf-8", newline="")
    if told:
        edit_ticket(
            job, lambda data: data["files"].update({"codes.csv": hashlib.sha256(path.read_bytes()).hexdigest()})
        )
    refused = draw(desk)
    assert refused.exit_code == 4, refused.output
    found = {"added": 41, "left out": 39}.get(change, 40)
    foreign = change in ("added", "exchanged")
    assert f"40 tickets were sealed, {found} are there now, {int(foreign)} of them" in refused.stderr
    assert not (desk.root / "draw.json").exists()


def edit_ticket(job: Job, change: Callable[[dict], object]) -> None:
    path = job.folder / "job.json"
    data = json.loads(path.read_text("utf-8"))
    change(data)
    path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")


def test_changed_rules_are_noticed(desk: Desk) -> None:
    job = printed(desk)
    edit_ticket(job, lambda data: data["lottery"]["rules"]["prizes"][0].update(count=2))
    refused = draw(desk)
    assert refused.exit_code == 4
    assert "rules of the lottery" in refused.stderr
    edit_ticket(job, lambda data: data.update(lottery={"seed": "?"}))
    assert "seal of the lottery" in draw(desk).stderr


def test_a_changed_manifest_ships_to_nobody(desk: Desk) -> None:
    job = printed(desk)
    path = job.folder / "manifest.csv"
    path.write_text(path.read_text("utf-8").replace("客 3", "客 4"), "utf-8", newline="")
    refused = draw(desk)
    assert refused.exit_code == 4
    assert "who wins" in refused.stderr


def test_a_ledger_without_the_seed_cannot_draw_and_says_so(desk: Desk) -> None:
    """job.json holds only the seed's hash: restoring the numbers does not restore it, and says that."""
    printed(desk)
    desk.ledger.unlink()
    restored = desk.invoke("ledger", "restore", "job", "--shop", SHOP, "--lang", "en")
    assert restored.exit_code == 0
    assert "cannot be drawn" in restored.stderr
    refused = draw(desk)
    assert refused.exit_code == 4
    assert "secret seed" in refused.stderr
    assert "backup" in refused.stderr
    with open_ledger(shop_at(desk.root / "layouts")).issuing(KEY) as issuing:
        issuing.secrets(new_secrets())
    assert "not the one that it was sealed with" in draw(desk).stderr


def test_more_winners_than_tickets_are_refused(desk: Desk) -> None:
    """Where so many tickets were made void that the promise cannot be kept."""
    job = printed(desk)
    void(desk, job, *sorted(customers_tickets(job))[:35])
    refused = draw(desk)
    assert refused.exit_code == 4
    assert "12 winners are promised, and only 5 tickets can win (35 are void)" in refused.stderr
    assert not list(desk.root.glob("*draw*"))


def test_without_prizes_of_ours_there_is_nothing_to_draw(desk: Desk) -> None:
    desk.run("hello", "--limit", "2")
    refused = desk.invoke("draw", "layouts/hello", "--public", "1", "--out", "draw.json", "--lang", "en")
    assert refused.exit_code == 4
    assert "[lottery] prizes" in refused.stderr
    nothing = draw(desk)
    assert nothing.exit_code == 4
    assert "dmgen run" in nothing.stderr


def test_the_job_is_found_or_asked_for(desk: Desk) -> None:
    first = printed(desk, sent=False)
    assert draw(desk, "--job", "nobody").exit_code == 4
    assert draw(desk, "--job", "job", "--drop", DROP).exit_code == 2
    desk.run("luck", "--drop", "2026-05-10", out="later")
    desk.edit("layouts/luck/campaign.toml", f"drop   = {DROP}\n", "")
    several = draw(desk)
    assert several.exit_code == 4
    assert "2026-04-10, 2026-05-10" in several.stderr
    first.folder.rename(desk.root / "moved")
    assert "--job FOLDER" in draw(desk, "--drop", DROP).stderr
    assert draw(desk, "--job", "moved").exit_code == 0
    assert result(desk)["drop"] == DROP


def test_files_are_whole_or_not_there(desk: Desk) -> None:
    printed(desk)
    (desk.root / "draw.html").mkdir()
    (desk.root / "draw.html" / "x").write_text("")
    assert draw(desk).exit_code == 5
    assert not (desk.root / "draw.json").exists()
    desk.write("mine.json", "{}")
    assert draw(desk, out="mine.json").exit_code == 5
    assert (desk.root / "mine.json").read_text() == "{}"
    assert draw(desk, out="draw.txt").exit_code == 2
    assert not list(desk.root.glob(".*partial"))


def test_the_seal_of_the_letter_is_compared(desk: Desk) -> None:
    """In any spacing, width and case, as a letter shows it."""
    job = printed(desk)
    draw(desk)
    seal = job.ticket["lottery"]["commitment"]
    fours = " ".join(seal[at : at + 4] for at in range(0, 64, 4)).upper()
    for typed in (seal, fours, "".join(chr(ord(c) + 0xFEE0) for c in seal)):
        checked = verify(desk, "--commitment", typed)
        assert checked.exit_code == 0, checked.output
        assert "as the letter says" in checked.stdout
    assert seal in verify(desk).stdout
    wrong = verify(desk, "--commitment", ("0" if seal[0] != "0" else "1") + seal[1:])
    assert wrong.exit_code == 6
    assert seal in wrong.stderr
    assert verify(desk, "--commitment", seal[:63]).exit_code == 2
    assert json.loads(verify(desk, "--json").stdout)["holds"] is True


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "\ufeff", '{"format": "dmgen lottery draw", "version": 1}', "[" * 100_000]
)
def test_a_file_that_is_no_draw_is_refused_in_words(desk: Desk, text: str) -> None:
    desk.write("draw.json", text)
    refused = verify(desk)
    assert refused.exit_code == 6
    assert "is no draw" in refused.stderr
    assert verify(desk, file="nothing.json").exit_code == 2


def test_arguments_that_do_not_go_together_are_refused(desk: Desk) -> None:
    for args in (
        ["draw"],
        ["draw", "layouts/luck", "--public", "1"],
        ["draw", "layouts/luck", "--verify", "draw.json"],
        ["draw", "layouts/luck", "--public", "1", "--out", "draw.json", "--commitment", "ab"],
    ):
        assert desk.invoke(*args).exit_code == 2, args


@pytest.mark.parametrize(("answer", "code"), [("n\n", 130), ("", 130), ("y\n", 0)])
def test_at_a_terminal_the_draw_is_asked_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    """A draw stands for ever, and the public value was typed by hand: who sees it misread can still say no."""
    printed(desk)
    with chdir(desk.root):
        monkeypatch.setattr("dmgen.commands.draw._at_a_terminal", lambda: True)
        args = ["draw", "layouts/luck", "--public", PUBLIC, "--out", "draw.json", "--lang", "en"]
        asked = CliRunner(env={"DMGEN_LEDGER": None}).invoke(app, args, input=answer)
    assert asked.exit_code == code, asked.output
    assert "Draw now?" in asked.stderr
    assert (desk.root / "draw.json").exists() is (code == 0)
    monkeypatch.undo()
    assert ("held on" in draw(desk).stderr) is (code == 0), "said no: nothing was drawn"
