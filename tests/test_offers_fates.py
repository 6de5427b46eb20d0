"""`dmgen offers void` and `used`: what became of codes is recorded once, added up, and told to the call centre."""

import json
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dmgen.offers.coupon import ALPHABET, in_fours, is_valid
from tests.jobs import Desk, Job

SHOP = "layouts/shop.toml"
WHY = ("--why", "returned by the post")
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.at(tmp_path)


@pytest.fixture
def job(desk: Desk) -> Job:
    """A job that was sent, with a coupon for each of its six letters."""
    made = desk.run("hello", "--limit", "6", "--drop", "2026-04-10", out="sent")
    assert desk.invoke("sent", "sent", "--on", "2026-04-12", "--shop", SHOP).exit_code == 0
    return made


def coupons(job: Job) -> list[str]:
    return [row["code"] for row in job.codes if row["kind"] == "coupon"]


def told(desk: Desk, *command: str | Path) -> dict:
    result = desk.invoke("offers", *command, "--shop", SHOP, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(desk: Desk, *command: str | Path) -> str:
    result = desk.invoke("offers", *command, "--shop", SHOP, "--lang", "en")
    assert result.exit_code in (2, 3, 4), result.output
    return result.stderr


def test_a_void_code_is_void_however_it_was_typed_and_says_why(desk: Desk, job: Job) -> None:
    first, second, *_ = coupons(job)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in first.lower())
    before = datetime.now(TOKYO).date()
    assert told(desk, "void", wide, " ".join(second), *WHY) == {
        "void": {"coupon": 2}, "known": 0, "used": [], "shared": [],
    }  # fmt: skip
    assert told(desk, "void", in_fours(first), "--why", "again") == {
        "void": {}, "known": 1, "used": [], "shared": [],
    }  # fmt: skip
    answer = told(desk, "check", first)
    assert (answer["state"], answer["void_why"], answer["used_on"]) == ("void", "returned by the post", None)
    since = date.fromisoformat(answer["void_since"])
    assert before <= since <= datetime.now(TOKYO).date(), "a day of the shop's, wherever the machine stands"
    assert answer["expires"] == "2026-05-10"


def test_a_piece_is_void_with_all_that_it_was_issued(desk: Desk) -> None:
    job = desk.run("spring-thanks", "--limit", "4", out="sent")
    piece = job.manifest[0]["piece_id"]
    mine = [row for row in job.codes if row["piece_id"] == piece]
    counted = {kind: sum(row["kind"] == kind for row in mine) for kind in ("coupon", "ticket", "link")}
    assert told(desk, "void", piece.lower(), *WHY)["void"] == {kind: n for kind, n in counted.items() if n}
    assert told(desk, "check", next(row["code"] for row in mine if row["kind"] == "coupon"))["state"] == "void"
    other = next(row for row in job.codes if row["kind"] == "coupon" and row["piece_id"] != piece)
    assert told(desk, "check", other["code"])["state"] == "not_sent"


def test_a_file_of_codes_and_pieces_is_all_or_nothing(desk: Desk, job: Job) -> None:
    first, second, *_ = coupons(job)
    piece = job.manifest[2]["piece_id"]
    file = desk.write("void.txt", f"{first}\nNOBODY-HAS-THIS\n{piece}\n\n{second}\n")
    assert "void.txt" in (said := refused(desk, "void", "--file", file, *WHY))
    assert "(1): 2." in said
    assert "NOBODY" not in said
    assert told(desk, "check", first)["state"] == "expired", "nothing is void after a slip"
    file = desk.write("void.txt", f"{first}\n{piece}\n\n{second}\n")
    assert told(desk, "void", "--file", file, *WHY)["void"]["coupon"] == 3


def test_void_is_refused_without_a_reason_or_a_code(desk: Desk, job: Job) -> None:
    first, *_ = coupons(job)
    assert "--why" in refused(desk, "void", first, "--why", " ")
    assert "name coupon codes" in refused(desk, "void", *WHY)
    assert "neither a coupon code nor" in refused(desk, "void", first, "NOTHING", *WHY)
    assert told(desk, "check", first)["state"] == "expired"


def test_a_used_code_says_when_and_stays_used(desk: Desk, job: Job) -> None:
    first, second, *_ = coupons(job)
    file = desk.write("used.csv", f"{first},\n".replace(",", ""))
    assert told(desk, "used", file)["recorded"] == 1
    assert told(desk, "check", first)["state"] == "used"
    assert told(desk, "void", first, second, *WHY) == {
        "void": {"coupon": 1}, "known": 0, "used": [in_fours(first)], "shared": [],
    }  # fmt: skip
    assert (told(desk, "check", first)["state"], told(desk, "check", second)["state"]) == ("used", "void")


def test_redemptions_add_up_and_each_code_is_counted_once(desk: Desk, job: Job) -> None:
    """A cart's own export: Shift_JIS, further columns with names, a day, blank cells, two codes in one cell."""
    one, two, three, four, *_ = coupons(job)
    told(desk, "void", three, *WHY)
    unknown = next(code for c in ALPHABET if is_valid(code := "22222222222" + c))
    lines = [
        "受注日,お名前,クーポンコード",
        f"2026/04/20 10:11:12,山田 花子,{in_fours(one)}",
        f"2026/04/15,山田 花子,{one.lower()}",
        "2026/04/15,鈴木 一郎,",
        f"2026/04/16,鈴木 一郎,'{two}、{three}",
        "2026/04/16,佐藤 様,WELCOME10",
        f",佐藤 様,{unknown}",
        f",田中 様,{four}",
    ]
    file = desk.root / "orders.csv"
    file.write_bytes("\r\n".join(lines).encode("cp932"))
    found = told(desk, "used", file)
    assert found == {
        "codes": 7, "recorded": 3, "known": 1, "shared": 0, "unknown_lines": [6, 7],
        "void": [{"line": 5, "code": in_fours(three)}],
    }  # fmt: skip
    assert told(desk, "check", one)["used_on"] == "2026-04-15", "the earliest day of the file"
    assert told(desk, "check", two)["used_on"] == "2026-04-16"
    answer = told(desk, "check", three)
    assert (answer["state"], answer["used_on"]) == ("void", "2026-04-16")
    again = told(desk, "used", file)
    assert again == found | {"recorded": 0, "known": 5, "void": []}


def test_nothing_of_a_person_is_told(desk: Desk, job: Job) -> None:
    first, *_ = coupons(job)
    told(desk, "void", first, *WHY)
    file = desk.write("orders.csv", f"name,code\n山田花子,{first}\n鈴木一郎,鈴木一郎\n")
    for lang in ("ja", "en"):
        result = desk.invoke("offers", "used", file, "--shop", SHOP, "--lang", lang)
        assert result.exit_code == 0
        assert "山田" not in result.output
        assert "鈴木" not in result.output
        assert "3" in result.stdout


def test_a_shared_code_is_used_by_many_and_void_for_all(desk: Desk) -> None:
    desk.edit("layouts/hello/campaign.toml", "[offers.hello]", '[offers.hello]\ncodes = "shared"')
    job = desk.run("hello", "--limit", "3", out="shared")
    code = coupons(job)[0]
    file = desk.write("used.csv", f"code\n{code}\n{code}\n")
    assert told(desk, "used", file) == {
        "codes": 2, "recorded": 0, "known": 0, "void": [], "unknown_lines": [], "shared": 2,
    }  # fmt: skip
    assert told(desk, "check", code)["state"] == "not_sent"
    assert told(desk, "void", job.manifest[0]["piece_id"], *WHY)["void"].get("coupon") is None, "only what is its own"
    assert told(desk, "void", code, *WHY)["shared"] == [in_fours(code)]
    assert told(desk, "check", code)["state"] == "void"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", "", "no codes in it"),
        ("columns.csv", "name,town\na,b\n", "line 1: no column holds codes"),
        ("day.csv", "code,day\nABCD,yesterday\n", "line 2: the day cannot be read"),
        ("future.csv", "code,day\nABCD,2999-01-01\n", "line 2: 2999-01-01 is still to come"),
        ("torn.csv", 'code\n"ABCD\n', "line 2: this is no CSV line"),
        ("book.xlsx", "", "neither UTF-8 nor Shift_JIS"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(desk: Desk, job: Job, name: str, content: str, says: str) -> None:
    file = desk.root / name
    file.write_bytes(b"PK\x03\x04\xff\xff" if name == "book.xlsx" else content.encode())
    assert says in refused(desk, "used", file)
    assert "cannot be read" in refused(desk, "used", desk.root / "nowhere.csv")


def test_people_are_told_in_japanese(desk: Desk, job: Job) -> None:
    first, second, *_ = coupons(job)
    told(desk, "used", desk.write("used.csv", first))
    for command in (("void", first, second, *WHY), ("check", first), ("check", second)):
        result = desk.invoke("offers", *command, "--shop", SHOP, "--lang", "ja")
        assert result.exit_code == 0
        assert any("\u3040" < c < "\u30ff" for c in result.stdout)


def test_restoring_a_job_leaves_fates_alone(desk: Desk, job: Job) -> None:
    first, *_ = coupons(job)
    told(desk, "void", first, *WHY)
    assert desk.invoke("ledger", "restore", "sent", "--shop", SHOP).exit_code == 0
    assert told(desk, "check", first)["state"] == "void"


def test_a_void_code_is_not_printed_again(desk: Desk) -> None:
    """Not its own, nor one that everybody has: a letter would promise what the till refuses."""
    job = desk.run("hello", "--limit", "3", "--drop", "2026-06-10", out="first")
    piece = job.manifest[1]["piece_id"]
    told(desk, "void", piece, *WHY)
    again = ("run", "layouts/hello", "--drop", "2026-06-10", "--lang", "en", "--limit")
    result = desk.invoke(*again, "3", "--out", "again")
    assert result.exit_code == 4
    assert piece in result.stderr
    assert not (desk.root / "again").exists()
    assert desk.invoke(*again, "1", "--out", "again").exit_code == 0, "others are printed"
    desk.edit("layouts/hello/campaign.toml", "[offers.hello]", '[offers.hello]\ncodes = "shared"')
    shared = desk.run("hello", "--limit", "3", "--drop", "2026-07-10", out="shared")
    told(desk, "void", coupons(shared)[0], *WHY)
    assert desk.invoke("run", "layouts/hello", "--drop", "2026-07-10", "--out", "shared").exit_code == 4
