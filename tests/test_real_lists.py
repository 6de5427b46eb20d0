"""Real lists, end to end: nobody is lost, and every letter says what its own manifest row says."""

import random
import re
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from tests.jobs import Desk, Job, rows, shared, squeezed

REAL = {"online_retail": date(2011, 12, 9), "cdnow_sample": date(1998, 6, 30)}
CODE = re.compile(r"[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}")
TICKET = re.compile(r"(?<!\d)\d{8}(?!\d)")
DECODED = 300  # letters whose QR codes are decoded, in each job
SCALE = 2  # pixels a point: a module of the letters' codes is three pixels


@dataclass(frozen=True)
class Case:
    """A job, and the rows of the lists that it was made from."""

    job: Job
    customers: list[dict[str, str]]
    orders: list[dict[str, str]]


@pytest.mark.parametrize("campaign", ["spring-thanks", "hello"])
@pytest.mark.parametrize("lists", REAL)
def test_a_real_list_gives_the_right_letters(tmp_path, lists, campaign):
    """One job, made once, looked at from all sides."""
    folder = shared("data", "real", lists)
    options = ("--customers", folder / "customers.csv", "--orders", folder / "orders.csv", "--as-of", REAL[lists])
    job = _long_ago(tmp_path).run(campaign, *options)
    case = Case(job, rows(folder / "customers.csv"), rows(folder / "orders.csv"))
    for holds in HOLDS:
        holds(case)


def _long_ago(root: Path) -> Desk:
    """A desk whose letters are not posted: nobody remembers the postage of these years."""
    desk = Desk.at(root)
    desk.configure("layouts/spring-thanks/campaign.toml", mail=None)
    return desk


def _every_customer_is_printed_or_named_with_a_reason(case: Case) -> None:
    """No row of the customers list may vanish or appear twice."""
    job, customers = case.job, case.customers
    named = [row["customer_id"] for row in job.rejections if row["source"] == "customers"]
    printed = [row["customer_id"] for row in job.manifest]
    assert sorted(printed + named) == sorted(row["customer_id"] for row in customers)
    assert job.counts["customers"] == sum(job.counts["outcomes"].values()) == len(customers)
    assert (
        job.counts["outcomes"]["printed"]
        == len(printed)
        == job.counts["pieces"]
        == sum(job.counts["segments"].values())
    )
    assert len(named) == sum(n for key, n in job.counts["reasons"].items() if key.startswith("customers."))


def _the_orders_add_up(case: Case) -> None:
    """Every order read was counted or has its own heading."""
    job, orders = case.job, case.orders
    counts = dict(job.counts["orders"])
    assert counts.pop("read") == len(orders) == sum(counts.values())
    bought = [int(row["purchases"]) for row in rows(job.folder / "groups.csv")]
    assert sum(bought) == counts["counted"] > 0
    assert len(bought) == sum(job.counts["groups"].values()) or job.ticket["settings"]["scheme"] == "none"


def _pages_sequence_and_files_are_what_the_manifest_says(case: Case) -> None:
    """The warehouse finds a letter by file and page, the printer by sequence."""
    job = case.job
    assert [int(row["sequence"]) for row in job.manifest] == list(range(1, len(job.manifest) + 1))
    last: dict[str, int] = {}
    for row in job.manifest:
        assert int(row["first_page"]) == last.get(row["file"], 0) + 1
        last[row["file"]] = int(row["last_page"])
    assert last == {part["file"]: part["pages"] for part in job.ticket["print"]}
    assert {name: len(pypdfium2.PdfDocument(job.folder / name)) for name in last} == last


def _every_letter_says_its_own_row_and_nobody_elses_code(case: Case) -> None:
    """Another person's code in a letter is the incident that must never happen."""
    job = case.job
    own = {row["piece_id"]: {} for row in job.manifest}
    for row in job.codes:
        own[row["piece_id"]].setdefault(row["kind"], set()).add(row["code"])
    everybodys_tickets = {row["code"] for row in job.codes if row["kind"] == "ticket"}
    for row, text in job.texts():
        codes = own[row["piece_id"]]
        for said in (row["name"] + "様", row["postal_code"], row["address"]):
            assert squeezed(said) in squeezed(text)
        assert {code.replace("-", "") for code in CODE.findall(text)} == codes.get("coupon", set())
        assert row["coupon_code"] in (codes.get("coupon") or {""})
        assert everybodys_tickets & set(TICKET.findall(text)) == codes.get("ticket", set())
        assert row["lottery_number"] in (codes.get("ticket") or {""})


def _the_qr_codes_lead_where_the_manifest_says(case: Case) -> None:
    """An independent decoder reads, on the rendered page, the link of this very row."""
    job = case.job
    sample = sorted(random.Random(0).sample(range(len(job.manifest)), DECODED))
    assert {job.manifest[place]["segment"] for place in sample} >= {
        s for s, n in job.counts["segments"].items() if n > 100
    }
    documents = {path.name: pypdfium2.PdfDocument(path) for path in job.printed}
    for place in sample:
        row = job.manifest[place]
        document = documents[row["file"].removeprefix("print/")]
        found = [
            code
            for page in range(int(row["first_page"]) - 1, int(row["last_page"]))
            for code in _decoded(document[page])
        ]
        assert found == [row["url"]]


def _decoded(page: pypdfium2.PdfPage) -> list[str]:
    image = page.render(scale=SCALE, grayscale=True).to_numpy()
    return [code.text for code in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)]


def _numbers_are_issued_once(case: Case) -> None:
    """Piece ids, coupons, tickets and links are unique in a job."""
    job = case.job
    assert len({row["piece_id"] for row in job.manifest}) == len(job.manifest)
    for kind in ("coupon", "ticket", "link"):
        codes = [row["code"] for row in job.codes if row["kind"] == kind]
        assert len(set(codes)) == len(codes)


def _checksums_in_the_job_ticket_are_those_of_the_files(case: Case) -> None:
    """job.json vouches for every file of the job."""
    job = case.job
    assert job.ticket["files"] == Job(job.folder).digests()


def _every_file_is_sound(case: Case) -> None:
    """qpdf finds nothing to repair: a press that is stricter than a viewer takes the file."""
    for path in sorted((case.job.folder / "print").iterdir()):
        with pikepdf.open(path) as pdf:
            assert pdf.check_pdf_syntax() == [], path.name


HOLDS = (
    _every_customer_is_printed_or_named_with_a_reason,
    _the_orders_add_up,
    _pages_sequence_and_files_are_what_the_manifest_says,
    _every_letter_says_its_own_row_and_nobody_elses_code,
    _the_qr_codes_lead_where_the_manifest_says,
    _numbers_are_issued_once,
    _checksums_in_the_job_ticket_are_those_of_the_files,
    _every_file_is_sound,
)


@pytest.mark.system
def test_every_page_of_a_real_job_is_drawn_without_a_word(tmp_path, program):
    """Ghostscript interprets every page, poppler draws the first ones of every file; neither complains."""
    folder = shared("data", "real", "cdnow_sample")
    options = ("--customers", folder / "customers.csv", "--orders", folder / "orders.csv", "--as-of", "1998-06-30")
    job = _long_ago(tmp_path).run("spring-thanks", *options)
    draws = (
        [program("gs"), "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=nullpage"],
        [program("pdftoppm"), "-r", "20", "-l", "5", "-png"],
    )
    for path in sorted((job.folder / "print").iterdir()):
        for draw in draws:
            out = [str(tmp_path / "page")] if "pdftoppm" in draw[0] else []
            ran = subprocess.run([*draw, str(path), *out], capture_output=True, text=True, check=False)
            assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", ""), path.name
