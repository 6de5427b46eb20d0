"""What a user gets wrong: one clear message that says what to do, the right exit code, no traceback, no job."""

import shutil

import pytest

from tests.jobs import Desk, people

HELLO = "layouts/hello/campaign.toml"
LETTER = "layouts/hello/hello.toml"
SHOP = "layouts/shop.toml"
NAME = "{{ name | sama }}"
WHO = 'layout = "hello"'
PICTURE = '{ kind = "image", file = "art.png", box = [9, 9, 9, 9] }'


@pytest.fixture
def desk(tmp_path):
    return Desk.at(tmp_path)


def refused(desk: Desk, code: int, *words: str, args: tuple[str, ...] = ()) -> str:
    """`run` must end with this code and say these words, leaving nothing behind; so must `check`."""
    for command in ("check", "run"):
        out = ("--out", "job") if command == "run" else ()
        result = desk.invoke(command, "layouts/hello", "--lang", "en", *out, *args)
        assert result.exit_code == code, result.output
        assert result.stdout == ""
        assert [word for word in words if word not in result.stderr] == [], result.stderr
        assert "Traceback" not in result.stderr
        assert not (desk.root / "job").exists()
        assert list(desk.root.glob("dmgen-fault*")) == []
    return result.stderr


# What is written instead of what, the exit code, and words of the message.
EDITS = {
    "unknown field": (LETTER, NAME, "{{ nane }}", 1, "hello.toml, line, nane, name"),
    "unknown field of the shop": (LETTER, "{{ shop.owner }}", "{{ shop.ownr }}", 1, "hello.toml, shop.ownr, owner"),
    "words that do not parse": (LETTER, NAME, "{{ name", 1, "hello.toml, line"),
    "words of Python": (LETTER, NAME, "{{ name.__class__ }}", 1, "hello.toml"),
    "unknown offer": (HELLO, 'offer = "hello"', 'offer = "helo"', 1, "campaign.toml, line, helo, hello"),
    "unknown layout": (HELLO, WHO, 'layout = "helo"', 1, "campaign.toml, helo, hello"),
    "unknown key": (HELLO, "amount  = 300", "amonut  = 300", 1, "campaign.toml, amonut, amount"),
    "wrong TOML": (HELLO, 'id     = "hello"', 'id     = "hello', 1, "campaign.toml, line 3"),
    "missing format": (HELLO, "format = 1", "", 1, "campaign.toml, format = 1"),
    "newer format": (HELLO, "format = 1", "format = 2", 1, "campaign.toml, newer"),
    "unknown group": (HELLO, WHO, f'group = "vip", {WHO}', 1, "campaign.toml, vip"),
    "unknown column in a rule": (HELLO, WHO, f'when = "spnt > 1", {WHO}', 1, "spnt, customer_id"),
    "rule of wrong types": (HELLO, WHO, f'when = "name > 1", {WHO}', 1, "name > 1, text"),
    "rule that is code": (HELLO, WHO, f"when = \"open('x')\", {WHO}", 1, "open"),
    "unknown column of a slot's rule": (LETTER, 'when = "offer"', 'when = "spnt"', 1, "hello.toml, coupon, spnt"),
    "QR code too small": (LETTER, "[154, 203, 30, 30]", "[154, 203, 9, 9]", 1, "hello.toml, qr, 0.3"),
    "fixed copy too long": (LETTER, "[70, 246, 118, 20]", "[70, 246, 20, 4]", 1, "hello.toml, notice"),
    "scheme without orders": (HELLO, 'scheme   = "none"', 'scheme   = "cpm"', 1, "cpm, orders"),
    "missing list": (HELLO, "lists/customers.csv", "lists/custmers.csv", 3, "custmers.csv, [lists]"),
    "no links for a QR code": (SHOP, 'links        = "https://aobado.example.jp/c/"', "", 1, "links"),
    "missing picture": (LETTER, "[slots]\n", f"[slots]\nart = {PICTURE}\n", 1, "art.png"),
    "too many tickets": (HELLO, "[lottery]", "[lottery]\ndigits = 4", 1, "digits = 5"),
}


@pytest.mark.parametrize("case", EDITS)
def test_a_wrong_line_in_the_files_of_a_campaign(desk, case):
    name, old, new, code, words = EDITS[case]
    desk.edit(name, old, new)
    if case == "too many tickets":
        desk.write("assets/lists/customers.csv", people(1001))
    message = refused(desk, code, *words.split(", "))
    assert len(message.strip().splitlines()) <= 3


def test_a_ledger_that_is_none(desk):
    desk.edit(SHOP, '"ledger.sqlite"', '"mysql://x/y"')
    result = desk.invoke("run", "layouts/hello", "--out", "job")
    assert result.exit_code == 4
    assert "ledger" in result.stderr
    desk.write("layouts/ledger.sqlite", "these are not the pages of a database " * 99)
    desk.edit(SHOP, '"mysql://x/y"', '"ledger.sqlite"')
    result = desk.invoke("run", "layouts/hello", "--out", "job", "--lang", "en")
    assert result.exit_code == 4
    assert "ledger.sqlite" in result.stderr
    assert not (desk.root / "job").exists()


def test_a_column_that_the_letter_needs_is_missing_from_the_list(desk):
    list_without = people(2).replace(",dm_opt_out", "").replace(",0\n", "\n")
    desk.write("assets/lists/customers.csv", list_without)
    refused(desk, 3, "customers.csv", "dm_opt_out", "customer_id, name")


def test_a_list_column_with_the_name_of_a_computed_one(desk):
    desk.write(
        "assets/lists/customers.csv", people(2).replace("dm_opt_out", "dm_opt_out,spent").replace(",0\n", ",0,9\n")
    )
    refused(desk, 3, "customers.csv", "spent")


def test_a_font_that_cannot_be_read(desk):
    desk.write("layouts/house.ttf", "this is no font")
    desk.edit("layouts/shop.toml", "[about]", '[fonts]\nmincho = "house.ttf"\n\n[about]')
    refused(desk, 1, "house.ttf")


def test_a_pool_without_codes(desk):
    desk.write("layouts/hello/codes.csv", "code\n")
    desk.edit(HELLO, 'valid   = "30 days"', 'valid   = "30 days"\ncodes = "pool:codes.csv"')
    refused(desk, 1, "codes.csv", "empty")


def test_a_campaign_folder_that_is_none(desk):
    for place in ("layouts/helo", "layouts", "assets/lists/customers.csv", "x" * 5000):
        result = desk.invoke("run", place, "--lang", "en")
        assert result.exit_code == 1, result.output
        assert "dmgen new NAME" in result.stderr
    shutil.move(desk.root / "layouts/shop.toml", desk.root / "shop.txt")
    refused(desk, 1, "shop.toml")


def test_files_with_a_byte_order_mark_are_read(desk):
    """Notepad writes one."""
    for name in (HELLO, LETTER, "layouts/shop.toml"):
        desk.write(name, "\ufeff" + (desk.root / name).read_text("utf-8"))
    assert desk.invoke("check", "layouts/hello").exit_code == 0


@pytest.mark.parametrize(
    "args",
    [
        ("--as-of", "yesterday"), ("--drop", "2026-02-30"), ("--drop", "04/01/2026"), ("--limit", "-1"),
        ("--limit", "x"), ("--workers", "0"), ("--lang", "fr"), ("--customer", "x.csv"), ("--shipments",),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_wrong_option_is_a_usage_error(desk, args):
    result = desk.invoke("run", "layouts/hello", *args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert args[0] in result.stderr
    assert {path.name for path in desk.root.iterdir()} == {"assets", "layouts"}


def test_the_last_day_of_the_calendar_is_a_day(desk):
    """An offer cannot run beyond it; nothing overflows."""
    assert desk.invoke("check", "layouts/hello", "--drop", "9999-12-31", "--as-of", "0001-01-01").exit_code == 0


def test_a_folder_with_other_things_in_it_is_not_written_into(desk):
    desk.write("job/holiday.jpg", "x")
    result = desk.invoke("run", "layouts/hello", "--out", "job", "--lang", "en")
    assert result.exit_code == 5
    assert "--out" in result.stderr
    assert [path.name for path in (desk.root / "job").iterdir()] == ["holiday.jpg"]


def test_another_jobs_folder_is_not_written_into(desk):
    desk.run("hello", out="job")
    for other in (("layouts/spring-thanks",), ("layouts/hello", "--drop", "2026-05-01")):
        result = desk.invoke("run", *other, "--out", "job")
        assert result.exit_code == 5
    assert desk.run("hello", out="job").ticket["campaign"] == "hello"


def test_a_folder_that_cannot_be_made(desk):
    desk.write("file", "x")
    for out in ("file", "file/job"):
        result = desk.invoke("run", "layouts/hello", "--out", out, "--lang", "en")
        assert result.exit_code == 5
        assert "--out" in result.stderr
    assert (desk.root / "file").read_text() == "x"


def test_what_the_user_made_stays_when_a_run_fails(desk):
    """Only folders that the run itself made are taken away."""
    desk.edit(LETTER, NAME, "{{ nane }} 様")
    (desk.root / "mine" / "job").mkdir(parents=True)
    for out in ("mine/job", "new/deep/job"):
        assert desk.invoke("run", "layouts/hello", "--out", out).exit_code == 1
    assert list((desk.root / "mine" / "job").iterdir()) == []
    assert not (desk.root / "new").exists()


def test_a_failing_run_leaves_the_finished_job_alone(desk):
    job = desk.run("hello")
    before = {path: path.read_bytes() for path in job.folder.rglob("*") if path.is_file()}
    desk.edit(LETTER, NAME, "{{ nane }} 様")
    assert desk.invoke("run", "layouts/hello", "--out", "job").exit_code == 1
    assert {path: path.read_bytes() for path in job.folder.rglob("*") if path.is_file()} == before
