"""What letters are posted with says what was printed: pieces, districts, money reckoned a second time; and no name."""

import csv
import json
from collections import Counter
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from dmgen import pipeline
from dmgen.errors import PreflightError
from dmgen.post.delivery_note import NOTE_COLUMNS
from dmgen.post.rates import POSTAGE
from tests.jobs import Desk, Job

HEADER = "customer_id,name,postal_code,prefecture,city,street,dm_opt_out,points"
TOWNS = (
    ("100-0001", "東京都", "千代田区", "千代田"), ("104-0061", "東京都", "中央区", "銀座"),
    ("150-0002", "東京都", "渋谷区", "渋谷"), ("060-0001", "北海道", "札幌市中央区", "北一条西"),
    ("530-0001", "大阪府", "大阪市北区", "梅田"), ("812-0011", "福岡県", "福岡市博多区", "博多駅前"),
)  # fmt: skip
GENERAL = ("100-0000", "東京都", "千代田区", "某町")  # 代表番号: no customer barcode for it
CODED, UNCODED = 20, 3
MAIL = {"post_office": "銀座", "discounts": ["sorted", "barcode"], "slack": 3}


def listed(coded: int = CODED, uncoded: int = UNCODED) -> str:
    towns = [TOWNS[n * n % len(TOWNS)] for n in range(coded)] + [GENERAL] * uncoded
    people = [
        f"{n:05d},名倉 {n},{code},{prefecture},{city},{town}{n % 9 + 1}-{n % 20 + 1},0,100"
        for n, (code, prefecture, city, town) in enumerate(towns)
    ]
    return "\n".join((HEADER, *people)) + "\n"


def posted(desk: Desk, mail: dict[str, Any], people: str) -> None:
    """The sample of window letters, posted so, to these people; discounts begin with 20 and 10 letters."""
    desk.configure("layouts/window-letter/campaign.toml", lists={"customers": "posted.csv"}, mail=mail)
    desk.write("layouts/window-letter/posted.csv", people)
    prices = POSTAGE.read_text("utf-8")
    assert prices.count("[[2_000, 3]") == prices.count("[[1_000, 3]]") == 1
    desk.write("layouts/postage.toml", prices.replace("[[2_000, 3]", "[[20, 3]").replace("[[1_000, 3]]", "[[10, 3]]"))
    desk.configure("layouts/shop.toml", postage="postage.toml")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, Job]:
    desk = Desk.at(tmp_path_factory.mktemp("posted"))
    posted(desk, MAIL, listed())
    return desk, desk.run("window-letter", "--workers", "1")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk.at(tmp_path)


def texts(file: Path) -> list[str]:
    with pypdfium2.PdfDocument(file) as pdf:
        return [page.get_textpage().get_text_range() for page in pdf]


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_figures_are_those_of_the_printed_letters(run):
    """Reckoned from manifest.csv: 110 yen, 3 % and 2 % for sorted letters that may take longer, 3 % for a barcode."""
    _, job = run
    codes = Counter(row["postal_code"] for row in job.manifest)
    without = codes.pop(GENERAL[0])
    with_code = sum(codes.values())
    assert (with_code, without) == (CODED, UNCODED)
    hundredths = with_code * 110 * (100 - 3 - 2 - 3) + without * 110 * (100 - 3 - 2)

    first, second, total = table(job.folder / "post" / "delivery-note.csv")
    assert tuple(first) == NOTE_COLUMNS
    assert [(line["pieces"], line["full_price"]) for line in (first, second)] == [("20", "110"), ("3", "110")]
    assert [(line["sorted_percent"], line["barcode_percent"]) for line in (first, second)] == [("5", "3"), ("5", "")]
    assert [line["unit_price"] for line in (first, second)] == ["101.2", "104.5"]
    assert [line["amount"] for line in (first, second)] == ["2024", "313.5"]
    assert (total["row"], total["pieces"], total["amount"]) == ("total", "23", "2337")
    assert {line["post_office"] for line in (first, second, total)} == {"銀座"}
    told = ("class", "up_to_grams", "short_mm", "long_mm", "slack_days", "payment")
    assert [first[name] for name in told] == ["teikei", "50", "120", "235", "3", "betsuno"]

    post = job.ticket["post"]
    assert (post["pieces"], post["total"], post["full"]) == (23, hundredths // 100, 23 * 110)
    assert [(line["pieces"], line["unit"]) for line in post["lines"]] == [(20, "101.2"), (3, "104.5")]
    assert post["without_barcode"] == UNCODED
    assert job.counts["pieces"] == 23


def test_dmgen_cost_says_the_same(run):
    desk, job = run
    told = json.loads(desk.invoke("cost", "layouts/window-letter", "--json").stdout)
    assert told["postage"]["total"] == job.ticket["post"]["total"]


def test_the_bundles_hold_every_letter_once(run):
    _, job = run
    expected = [
        (district, len(list(letters))) for district, letters in groupby(row["postal_code"][:3] for row in job.manifest)
    ]
    bundles = table(job.folder / "post" / "bundles.csv")
    digits = Counter()
    for bundle in bundles:
        digits[bundle["district"][:3]] += int(bundle["letters"])
    assert digits == Counter(dict(expected))
    assert len(expected) == len(dict(expected)), "sorted: no district twice"
    post = job.ticket["post"]
    assert (post["districts"], post["bundles"]) == (len({row["district"] for row in bundles}), len(bundles))
    pages = "\n".join(texts(job.folder / "post" / "bundles.pdf"))
    assert "把束一覧" in pages
    for bundle in bundles:
        assert bundle["district"] in pages
        assert f"{int(bundle['letters']):,}" in pages


def test_letters_without_a_barcode_are_listed_with_the_reason_and_no_name(run):
    _, job = run
    wanted = [
        (row["piece_id"], row["sequence"], row["file"], row["first_page"], row["postal_code"])
        for row in job.manifest
        if row["postal_code"] == GENERAL[0]
    ]
    lines = table(job.folder / "post" / "no-barcode.csv")
    assert [tuple(line.values())[:5] for line in lines] == wanted
    assert {line["reason"] for line in lines} == {"no_barcode_general"}
    assert list(lines[0]) == ["piece_id", "sequence", "file", "page", "postal_code", "reason", "message"]


def test_the_note_is_one_page_in_the_language_of_the_shop(run):
    _, job = run
    [page] = texts(job.folder / "post" / "delivery-note.pdf")
    wanted = ["別納郵便物等差出票", "青葉堂オンラインストア", "銀座", "2,337", "2,530", "101.2", "104.5", "313.5"]
    assert not [word for word in wanted if word not in page]
    assert not [word for word in ("差出人", "種別", "金額（円）", "お支払い合計", "割引の条件") if word not in page]
    assert "料金は 2 通り" in page, "letters of one price are handed in apart from those of another"
    assert "円未満の端数" in page  # 313.5 yen among the lines, and none in the sum


def test_nobody_is_named_in_what_goes_to_the_post(run):
    _, job = run
    names = [word for row in job.manifest for word in (row["name"], row["address"], row["customer_id"])]
    everything = ""
    for file in (job.folder / "post").iterdir():
        everything += "\n".join(texts(file)) if file.suffix == ".pdf" else file.read_text("utf-8-sig")
        if file.suffix == ".pdf":
            with pikepdf.open(file) as pdf:
                everything += str(pdf.docinfo)
    everything += json.dumps(job.ticket["post"], ensure_ascii=False)
    assert "名倉" not in everything
    assert not [name for name in names[: 3 * 50] if name in everything and not name.isdigit()]


def test_the_same_job_has_the_same_files_with_more_workers_and_names_their_checksums(run):
    desk, job = run
    before = {name: digest for name, digest in job.ticket["files"].items() if name.startswith("post/")}
    again = desk.run("window-letter", "--workers", "2", out="again")
    after = {name: digest for name, digest in again.ticket["files"].items() if name.startswith("post/")}
    assert before == after
    files = ["bundles.csv", "bundles.pdf", "delivery-note.csv", "delivery-note.pdf", "no-barcode.csv"]
    assert sorted(before) == [f"post/{file}" for file in files]


@pytest.mark.parametrize(
    ("payment", "letters", "said"),
    [("betsuno", 9, "10 letters at once"), ("betsuno", 10, ""), ("konou", 49, "50 pieces a month"), ("konou", 50, "")],
)
def test_too_few_letters_for_how_they_are_paid_are_pointed_out(desk, payment, letters, said):
    posted(desk, {"payment": payment, "envelope": "naga3"}, listed(letters, 0))
    shown = " ".join(desk.invoke("check", "layouts/window-letter", "--lang", "en").output.split())
    assert ("[mail] payment" in shown) == bool(said)
    assert said in shown


def test_letters_by_the_month_as_listed_name_the_other_form(desk):
    posted(desk, {"payment": "konou"}, listed(3, 0))
    job = desk.run("window-letter")
    assert sorted(file.name for file in (job.folder / "post").iterdir()) == ["delivery-note.csv", "delivery-note.pdf"]
    [page] = texts(job.folder / "post" / "delivery-note.pdf")
    assert "後納郵便物等差出票" in page
    assert "330" in page
    assert "通り" not in page, "all letters at one price"
    line, total = table(job.folder / "post" / "delivery-note.csv")
    assert (line["sorting"], line["districts"], total["amount"]) == ("none", "0", "330")


def test_what_a_shop_is_called_is_no_formula(desk):
    posted(desk, MAIL, listed(3, 0))
    desk.configure("layouts/shop.toml", sender="=1+1{x}")
    job = desk.run("window-letter")
    assert {row["sender"] for row in table(job.folder / "post" / "delivery-note.csv")} == {"'=1+1{x}"}
    assert "=1+1{x}" in texts(job.folder / "post" / "delivery-note.pdf")[0]


def test_a_job_that_is_not_posted_has_none_of_it(desk):
    job = desk.run("hello")
    assert not (job.folder / "post").exists()
    assert job.ticket["post"] is None


def test_what_the_post_does_not_take_is_said_before_anything_is_issued(desk):
    posted(desk, {"class": "hagaki"}, listed(3, 0))
    for command in (("check", "layouts/window-letter"), ("run", "layouts/window-letter", "--out", "job")):
        result = desk.invoke(*command)
        assert result.exit_code == 1, result.output
        assert "[mail]" in result.output
    assert not (desk.root / "job").exists()


def test_a_letter_that_is_counted_but_not_printed_stops_the_job(desk, monkeypatch):
    posted(desk, MAIL, listed(3, 0))
    counted = pipeline.handed_in

    def one_more(plan):
        found = counted(plan)
        [posting] = found.delivery.postings
        delivery = replace(found.delivery, postings=[replace(posting, pieces=posting.pieces + 1)])
        return replace(found, delivery=delivery)

    monkeypatch.setattr(pipeline, "handed_in", one_more)
    result = desk.invoke("run", "layouts/window-letter", "--out", "job")
    assert result.exit_code == PreflightError.exit_code, result.output
    assert not (desk.root / "job").exists()
