"""The command line: what stands on stdout and stderr, in which language, on which terminal; jobs afterwards."""

import json
import os
from pathlib import Path

import pytest

from dmgen.errors import ExitCode
from tests.jobs import Desk, people

COMMANDS = [
    ("--help",),
    *((name, "--help") for name in ("run", "check", "new", "symbol", "jobs", "sent", "cancel", "ledger")),
]


@pytest.fixture
def desk(tmp_path):
    desk = Desk.at(tmp_path)
    desk.write("assets/lists/customers.csv", people(3))
    return desk


def test_the_last_line_of_stdout_is_the_job_folder(desk):
    """Nothing else is on stdout, so that a script can take it; in a pipe no bar is drawn."""
    done = desk.command("run", "layouts/hello")
    assert done.code == 0
    [folder] = done.out
    assert Path(folder).parts[:2] == ("output", "hello")
    assert Path(folder).name.startswith("2026-04-05-")
    assert (desk.root / folder / "job.json").is_file()
    assert "everyone" in done.err
    assert "\x1b" not in done.err
    assert "\r" not in done.err


def test_json_is_one_object_on_stdout(desk):
    done = desk.command("run", "layouts/hello", "--json")
    said = json.loads(done.stdout)
    folder = desk.root / said["folder"]
    ticket = json.loads((folder / "job.json").read_text("utf-8"))
    assert (said["job"], said["counts"]) == (ticket["job"], ticket["counts"])
    assert done.out[-1].startswith("{")
    checked = json.loads(desk.invoke("check", "layouts/hello", "--json").stdout)
    assert (checked["job"], checked["folder"]) == (None, None)
    same = {key: checked["counts"][key] for key in ("customers", "outcomes", "reasons", "segments", "pieces")}
    assert same.items() <= said["counts"].items()


def test_the_summary_tells_customers_from_orders(tmp_path):
    """A damaged order is not a rejected customer."""
    desk = Desk.at(tmp_path)
    orders = "order_id,customer_id,ordered_on,amount,items,status\nO1,C0001,2026-01-01,many,1,completed\n"
    desk.write("orders.csv", orders)
    result = desk.invoke("check", "layouts/spring-thanks", "--orders", "orders.csv", "--lang", "en")
    customers, orders = result.stderr.split("Orders")
    assert "not an amount" in orders
    assert "not an amount" not in customers


def test_labels_are_shown_as_they_are_written(desk):
    """A label is text, not markup of the terminal's library."""
    desk.edit("layouts/hello/campaign.toml", "すべてのお客さま", "[bold]A[/] [/x] :smile:")
    result = desk.invoke("run", "layouts/hello")
    assert result.exit_code == 0, result.output
    assert "[bold]A[/] [/x] :smile:" in result.stderr


def test_help_is_grouped_in_the_order_of_the_work(desk):
    shown = desk.command("--help").out
    places = [
        next(n for n, line in enumerate(shown) if f" {panel} " in line) for panel in ("Prepare", "Print", "Afterwards")
    ]
    assert places == sorted(places)
    groups = [
        {"check", "cost", "analyze", "lists", "new", "proof", "ar", "symbol", "doctor"},
        {"run", "verify", "preflight"},
        {"jobs", "sent", "cancel", "scan", "history", "withdraw", "fulfil", "reprint", "void"}
        | {"ledger", "offers", "links", "draw", "package", "purge"},
    ]
    for start, end, names in zip(places, [*places[1:], len(shown)], groups, strict=True):
        here = {line.strip("│ ").split(" ")[0] for line in shown[start + 1 : end] if line.startswith("│ ")}
        assert here - {""} == names


def test_without_a_command_help_is_shown(desk):
    done = desk.command()
    assert "Prepare" in done.stdout.decode()
    assert "Traceback" not in done.err


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_speaks_the_language_of_the_locale_or_of_the_option(desk, command):
    english = desk.command(*command)
    japanese = desk.command(*command, LANG="ja_JP.UTF-8")
    assert (english.code, japanese.code) == (0, 0)
    assert english.out != japanese.out
    assert not any(ord(char) > 0x3000 for char in english.stdout.decode())
    if command[0] in ("run", "new"):
        assert desk.command(*command, "--lang", "ja").out == japanese.out


def test_help_shows_the_names_of_tables(desk):
    """Square brackets would be markup: [contact_lists] would not be seen."""
    assert "[contact_lists]" in " ".join(desk.command("lists", "--help").out)


def speaks_japanese(text: str) -> bool:
    return any("ぁ" <= char <= "ん" for char in text)


def test_messages_speak_the_option_then_the_shop_then_the_locale(desk):
    run = ("check", "layouts/hello", "--customers", "none.csv")
    assert speaks_japanese(desk.invoke(*run).stderr)
    assert not speaks_japanese(desk.invoke(*run, "--lang", "en").stderr)
    desk.edit("layouts/shop.toml", 'language     = "ja"', 'language     = "en"')
    assert not speaks_japanese(desk.invoke(*run, LANG="ja_JP.UTF-8").stderr)
    assert speaks_japanese(desk.invoke(*run, "--lang", "ja").stderr)
    desk.edit("layouts/shop.toml", 'language     = "en"', "")
    assert speaks_japanese(desk.invoke(*run, LANG="ja_JP.UTF-8").stderr)
    assert not speaks_japanese(desk.invoke(*run, LANG="en_US.UTF-8").stderr)


def test_a_broken_shop_file_is_told_in_the_language_of_the_locale(desk):
    desk.write("layouts/shop.toml", "format = ")
    result = desk.invoke("run", "layouts/hello", LANG="ja_JP.UTF-8")
    assert result.exit_code == 1
    assert "shop.toml" in result.stderr


def test_rejections_explain_in_the_language_of_the_run(desk):
    desk.write("assets/lists/customers.csv", people(2).replace(",100-0001", ",1", 1))
    messages = {lang: desk.run("hello", "--lang", lang, out=lang).rejections[0] for lang in ("ja", "en")}
    assert speaks_japanese(messages["ja"].pop("message"))
    assert not speaks_japanese(messages["en"].pop("message"))
    assert messages["ja"] == messages["en"]


@pytest.mark.parametrize("encoding", ["cp932", "ascii"])
def test_a_terminal_that_cannot_show_a_character_never_stops_a_job(desk, encoding):
    """Windows in Japan speaks cp932, which has no 彅, no check mark and no snowman."""
    desk.edit("layouts/hello/campaign.toml", "すべてのお客さま", "草彅 ✓ ☃")
    commands = {("run", "layouts/hello", "--out", "job"): 0, ("jobs",): 0, ("run", "layouts/草彅☃"): 1, ("--help",): 0}
    for command, code in commands.items():
        done = desk.command(*command, PYTHONIOENCODING=encoding, LANG="ja_JP.UTF-8")
        assert (command, done.code) == (command, code)
        assert b"Traceback" not in done.stderr
    assert (desk.root / "job" / "job.json").is_file()


def test_the_version(desk):
    result = desk.invoke("--version")
    assert (result.exit_code, result.stdout.split()[0]) == (0, "dmgen")


def test_the_exit_codes_are_those_of_the_design():
    """Scripts of other people depend on them."""
    names = ["ok", "campaign", "usage", "lists", "ledger", "output", "preflight", "internal", "interrupted"]
    assert [(code.name.lower(), int(code)) for code in ExitCode] == list(
        zip(names, [0, 1, 2, 3, 4, 5, 6, 70, 130], strict=True)
    )


def states(desk: Desk) -> list[tuple[str, ...]]:
    result = desk.invoke("jobs")
    assert result.exit_code == 0
    return [tuple(line.split()[1:3]) for line in result.stdout.splitlines()]


def test_jobs_are_superseded_cancelled_and_sent_for_good(desk):
    assert desk.invoke("jobs").stdout == ""
    first, second = desk.run("hello", out="a"), desk.run("hello", out="b")
    assert states(desk) == [("superseded", "hello"), ("ready", "hello")]
    assert desk.invoke("cancel", first.ticket["job"]).exit_code == 4
    assert desk.invoke("cancel", "b").exit_code == 0
    third = desk.run("hello", out="c")
    assert states(desk) == [("superseded", "hello"), ("cancelled", "hello"), ("ready", "hello")]
    sent = desk.invoke("sent", third.ticket["job"], "--on", "2026-04-10")
    assert (sent.exit_code, states(desk)[2]) == (0, ("sent", "2026-04-10"))
    for command in (("sent", "c", "--on", "2026-04-11"), ("cancel", "c"), ("run", "layouts/hello", "--out", "d")):
        refused = desk.invoke(*command, "--lang", "en")
        assert refused.exit_code == 4
        assert third.ticket["job"] in refused.stderr
    assert not (desk.root / "d").exists()
    assert desk.run("hello", "--drop", "2026-05-01", out="d").manifest
    assert second.digests() == third.digests()


def test_jobs_name_folders_that_are_found_from_anywhere(desk):
    desk.run("hello", out="job")
    folder = desk.invoke("jobs").stdout.split()[-1]
    assert Path(folder) == (desk.root / "job").resolve()
    desk.ledger.unlink()
    assert desk.invoke("ledger", "restore", "job").exit_code == 0
    assert Path(desk.invoke("jobs").stdout.split()[-1]) == Path(folder)


def test_a_job_that_there_is_not(desk):
    desk.run("hello")
    for command in (("sent", "zzzzzz", "--on", "2026-04-10"), ("cancel", "z" * 5000), ("ledger", "restore", "layouts")):
        result = desk.invoke(*command, "--lang", "en")
        assert result.exit_code == 4
        assert "job" in result.stderr
    assert desk.invoke("sent", "job").exit_code == 2


@pytest.mark.parametrize("damage", ["{}", "[]", "", '{"job": 1, "shop": "aobado", "campaign": "x", "drop": "soon"}'])
def test_a_damaged_job_is_not_restored(desk, damage):
    desk.run("hello")
    desk.write("job/job.json", damage)
    assert desk.invoke("ledger", "restore", "job").exit_code == 4


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("manifest.csv", "piece_id", "pieces"),
        ("manifest.csv", "00002", '"00002'),
        ("codes.csv", "kind", "kin"),
        ("codes.csv", ",coupon,", ",coupons,"),
        ("codes.csv", ",hello,", ",other,"),
    ],
)
def test_damaged_lists_of_a_job_are_not_restored(desk, name, old, new):
    """Half a ledger would issue the other half's codes anew."""
    desk.run("hello")
    path = desk.root / "job" / name
    path.write_text(path.read_text("utf-8-sig").replace(old, new, 1), "utf-8")
    desk.ledger.unlink()
    assert desk.invoke("ledger", "restore", "job").exit_code == 4
    assert desk.invoke("jobs").stdout == ""


def test_a_ledger_of_the_environment_comes_first(desk):
    desk.invoke("run", "layouts/hello", DMGEN_LEDGER=str(desk.root / "other.sqlite"))
    assert (desk.root / "other.sqlite").exists()
    assert not desk.ledger.exists()


@pytest.mark.skipif(os.name == "nt", reason="pipes of POSIX")
def test_a_reader_that_stops_reading_is_no_fault(desk):
    """`dmgen jobs | head -1`."""
    for day in range(1, 4):
        desk.run("hello", "--drop", f"2026-05-{day:02d}", "--limit", "0", out=f"j{day}")
    process = desk.start("jobs", PYTHONUNBUFFERED="1")
    process.stdout.close()
    process.wait(60)
    assert b"fault" not in process.stderr.read()
    process.stderr.close()
    assert list(desk.root.glob("dmgen-fault*")) == []
