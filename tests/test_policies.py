"""Names print as their owners write them or are named to the shop; what happens then is for [policy] to say."""

import json
import shutil
import sqlite3

import pikepdf
import pytest

from tests.fonts.conftest import MakeFont, make_font  # noqa: F401
from tests.jobs import CUSTOMER, Desk

CAMPAIGN = "layouts/hello/campaign.toml"
SPRING = "layouts/spring-thanks/campaign.toml"
SOUND = ["髙橋 花子", "山﨑 太郎", "𠮷野家 茂", "葛\U000e0100城 一", "か\u309aき\u309a 花", "Erdős Pál", "が José"]
OTHER_FORM, NO_FONT, STREET = "渡邊\U000e0109 次郎", "山\u0e01 一", "千代田\u0e02"


@pytest.fixture
def desk(tmp_path):
    return Desk.at(tmp_path)


def _people(desk: Desk, *names: str, street: str = "千代田") -> None:
    rows = (f"{n:03d},{name},100-0001,東京都,千代田区{street},{n}-1,0" for n, name in enumerate(names, 1))
    desk.write("assets/lists/customers.csv", "\n".join((CUSTOMER, *rows)) + "\n")


def _policy(desk: Desk, text: str, campaign: str = CAMPAIGN) -> None:
    path = desk.root / campaign
    path.write_text(f"{path.read_text('utf-8')}\n[policy]\n{text}\n", "utf-8")


def test_names_print_as_they_are_written(desk, make_font: MakeFont) -> None:  # noqa: F811
    """Each of them from the font that has it, 邊 with E0109 from the shop's own."""
    font = make_font(cmap={0x908A: "A"}, sequences=[(0x908A, 0xE0109, "B")], file="rare")
    shutil.copy(font, desk.root / "layouts" / "rare.ttf")
    desk.edit("layouts/shop.toml", "[about]", '[fonts]\nrare = "rare.ttf"\nfallback = ["rare"]\n\n[about]')
    _people(desk, *SOUND, OTHER_FORM)
    job = desk.run("hello")
    assert [row["name"] for row in job.manifest] == [*SOUND, OTHER_FORM]
    for row, text in job.texts():
        assert text.count(row["name"]) == 2, row["name"]
    with pikepdf.open(job.printed[0]) as pdf:
        assert "Own" in {str(font.BaseFont)[8:] for font in pdf.pages[0].Resources.Font.values()}


def test_the_same_names_are_the_same_bytes_whatever_the_workers(desk) -> None:
    _people(desk, *SOUND * 3)
    desk.configure(CAMPAIGN, print={"batch": 4})
    first, second = (desk.run("hello", "--workers", str(n), out=f"job{n}") for n in (1, 2))
    assert first.digests() == second.digests()


def test_each_missing_glyph_is_listed_with_customer_column_and_code_point(desk) -> None:
    _people(desk, "青葉 花子", OTHER_FORM, NO_FONT)
    path = desk.root / "assets" / "lists" / "customers.csv"
    path.write_text(path.read_text("utf-8") + f"004,若葉 一,100-0001,東京都,{STREET},1-1,0\n", "utf-8")
    expected = [("002", "name", "U+908A U+E0109"), ("003", "name", "U+0E01"), ("004", "city", "U+0E02")]
    checked = desk.invoke("check", "layouts/hello", "--lang", "en")
    assert checked.exit_code == 0
    for customer, field, value in expected:
        [line] = [line for line in checked.stderr.splitlines() if value in line]
        assert customer in line and line.lstrip("|").startswith(field)
    said = json.loads(desk.invoke("check", "layouts/hello", "--json").stdout)
    assert [(m["customer_id"], m["field"], m["value"]) for m in said["misfits"]] == expected
    assert [m["line"] for m in said["misfits"]] == [3, 4, 5]
    job = desk.run("hello")
    assert [(row["customer_id"], row["field"], row["value"]) for row in job.rejections] == expected
    assert [row["customer_id"] for row in job.manifest] == ["001"]
    assert not (job.folder / "warnings.csv").exists()
    assert (job.counts["warnings"], job.ticket["settings"]["policy"]["missing_glyph"]) == ({}, "reject-piece")


@pytest.mark.parametrize(
    ("reason", "name", "told"),
    [("missing_glyph", NO_FONT, "name missing_glyph U+0E01"), ("overset", "青" * 300, "overset")],
)
def test_stop_ends_the_run_before_anything_is_issued(desk, reason: str, name: str, told: str) -> None:
    _people(desk, "青葉 花子", *[name] * 7)
    _policy(desk, f'{reason} = "stop"')
    for command in (("check",), ("run", "--out", "job")):
        result = desk.invoke(command[0], "layouts/hello", "--lang", "en", *command[1:])
        assert result.exit_code == 3, result.output
        assert result.stderr.startswith("7 letters")
        assert f"line 3, customer 002: {told}" in result.stderr or told in result.stderr
        assert "customer 006" in result.stderr and "customer 007" not in result.stderr
        assert "reject-piece" in result.stderr
    assert not (desk.root / "job").exists()
    if desk.ledger.exists():
        with sqlite3.connect(desk.ledger) as ledger:
            tables = [name for (name,) in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            counts = {table: ledger.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
        assert not any(count for table, count in counts.items() if table in ("codes", "pieces", "jobs")), counts


def test_other_faults_do_not_stop_a_run(desk) -> None:
    _people(desk, "青葉 花子", NO_FONT)
    _policy(desk, 'overset = "stop"')
    assert [row["reason"] for row in desk.run("hello").rejections] == ["missing_glyph"]


def test_a_warning_prints_the_letter_and_lists_what_is_wrong_with_it(desk) -> None:
    _people(desk, "青葉 花子", OTHER_FORM, NO_FONT, "青" * 330)
    _policy(desk, 'missing_glyph = "warn"\noverset = "warn"')
    job = desk.run("hello", "--lang", "en")
    assert [row["customer_id"] for row in job.manifest] == ["001", "002", "003", "004"]
    assert job.counts["outcomes"]["printed"] == job.counts["customers"] == 4
    texts = {row["customer_id"]: "".join(text.split()) for row, text in job.texts()}
    assert texts["002"].count("渡邊次郎様") == texts["003"].count("山〓一様") == 2
    assert texts["004"].count("青" * 330) == 2
    warnings = job.folder / "warnings.csv"
    lines = warnings.read_text("utf-8-sig").splitlines()
    assert lines[1:3] == [
        "customers,3,002,fit,printed,missing_glyph,name,U+908A U+E0109,no font has this character",
        "customers,4,003,fit,printed,missing_glyph,name,U+0E01,no font has this character",
    ]
    assert all(line.startswith("customers,5,004,fit,printed,overset,") for line in lines[3:])
    assert job.counts["warnings"] == {"missing_glyph": 2, "overset": len(lines) - 3}
    assert "warnings.csv" in job.ticket["files"]
    assert job.rejections == []
    said = json.loads(desk.invoke("check", "layouts/hello", "--json").stdout)
    assert [m["customer_id"] for m in said["warnings"]][:3] == ["002", "003", "004"]
    fewer = desk.run("hello", "--limit", "1", "--lang", "en")
    assert not (fewer.folder / "warnings.csv").exists()
    assert fewer.counts["warnings"] == {}


# Pictures of products


def _lose_picture(desk: Desk, how: str) -> int:
    """Take a product's picture away; returns how many letters show it."""
    letters = desk.run("spring-thanks", out="before")
    path = desk.root / "assets" / "lists" / "photos" / "T-101.jpg"
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes({"no picture": b"this is no picture", "cut off": path.read_bytes()[:900]}[how])
    desk.ledger.unlink()
    return letters.counts["pieces"]


@pytest.mark.parametrize("how", ["gone", "no picture", "cut off"])
def test_a_missing_picture_costs_the_letters_that_show_it(desk, how: str) -> None:
    """Today's photo of one product must not stop everybody else's letter."""
    pieces = _lose_picture(desk, how)
    job = desk.run("spring-thanks")
    lost = [row for row in job.rejections if row["reason"] == "missing_image"]
    assert 0 < len(lost) == pieces - job.counts["pieces"]
    assert {(row["field"], row["value"]) for row in lost} == {("product.photo", "photos/T-101.jpg")}


def test_a_missing_picture_may_stop_the_run_or_leave_its_slot_empty(desk) -> None:
    pieces = _lose_picture(desk, "gone")
    _policy(desk, 'missing_image = "stop"', SPRING)
    result = desk.invoke("run", "layouts/spring-thanks", "--lang", "en", "--out", "job")
    assert result.exit_code == 3
    assert "product.photo missing_image photos/T-101.jpg" in result.stderr
    desk.edit(SPRING, '"stop"', '"warn"')
    job = desk.run("spring-thanks")
    assert job.counts["pieces"] == pieces
    assert job.counts["warnings"] == {"missing_image": sum(1 for _ in (job.folder / "warnings.csv").open()) - 1}
