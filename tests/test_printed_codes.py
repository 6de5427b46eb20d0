"""Codes of whole jobs, read from the printed pages by another decoder: each says what its own letter's row says."""

import io
from pathlib import Path
from urllib.parse import unquote

import pypdfium2
import pytest
import zxingcpp

from dmgen.symbols import customer_barcode
from tests.jobs import Desk, Job
from tests.symbols.test_japanpost import bars_of_picture

LAYOUT = """\
[words]
name = "{{ name }}"
url = "https://aobado.example.jp/?n={{ name }}&c={{ customer_id }}&q={{ coupon_code }}"
member = "M-{{ customer_id }}-{{ sequence }}"
jan = "4901234{{ jan }}"
[style]
code = { font = "mono", size = "8pt" }
[slots]
name = { kind = "text", words = "name", box = [20, 20, 100, 8] }
url = { kind = "qr", words = "url", box = [20, 40, 40, 40] }
link = { kind = "qr", link = "coupon", box = [70, 40, 30, 30] }
member = { kind = "code128", words = "member", style = "code", box = [20, 110, 100, 15] }
jan = { kind = "ean13", words = "jan", box = [20, 140, 40, 15], when = "jan" }
dm = { kind = "datamatrix", words = "member", box = [110, 40, 15, 15] }
post = { kind = "japanpost", box = [20, 180, 75, 8] }
"""
HEAD = "customer_id,name,postal_code,prefecture,city,town,street,building,dm_opt_out,jan"
ROWS = (
    "0000001,青葉 花子,263-0023,千葉県,千葉市稲毛区,緑町,3丁目30-8,郵便ビル403号,0,12345",
    "2,A&B=#1,100-0000,東京都,千代田区,,1-1,,0,",
    "C-33,若葉 次郎,060-0906,北海道,札幌市東区,北六条東四丁目,,郵便センター6号館,0,00000",
    "0004,新芽 三郎,100-0013,東京都,千代田区,霞が関,1丁目3番2号,郵便プラザ503室,0,99999",
)
PLACES = {"url": (20, 40, 40, 40), "link": (70, 40, 30, 30), "member": (20, 110, 100, 15), "jan": (20, 140, 40, 15),
          "dm": (110, 40, 15, 15), "post": (20, 180, 75, 8)}  # fmt: skip
DPI = 300
BLEED = 3


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk.at(tmp_path)
    desk.write("layouts/hello/hello.toml", LAYOUT)
    return desk


def _customers(*rows: str) -> str:
    return "\n".join((HEAD, *rows)) + "\n"


def _cut(job: Job) -> list[tuple[dict, dict]]:
    """Each manifest row with the pictures of its codes."""
    found = []
    for row in job.manifest:
        with pypdfium2.PdfDocument(io.BytesIO((job.folder / row["file"]).read_bytes())) as document:
            page = document[int(row["first_page"]) - 1].render(scale=DPI / 72, grayscale=True).to_pil()
        dots = DPI / 25.4
        boxes = {
            slot: page.crop(
                tuple(round(value * dots) for value in (x + BLEED, y + BLEED, x + w + BLEED, y + h + BLEED))
            )
            for slot, (x, y, w, h) in PLACES.items()
        }
        found.append((row, boxes))
    return found


def _read(image) -> str:
    [code] = zxingcpp.read_barcodes(image)
    return code.text


def test_every_code_says_what_its_row_says(desk: Desk) -> None:
    desk.write("assets/lists/customers.csv", _customers(*ROWS))
    job = desk.run("hello")
    rows = {cells.split(",")[0]: cells.split(",") for cells in ROWS}
    assert len(job.manifest) == len(ROWS)
    for row, codes in _cut(job):
        number, name, postal, *_, jan = rows[row["customer_id"]]
        url, token = _read(codes["url"]), _read(codes["link"])
        assert url.isascii()
        assert [unquote(part.partition("=")[2]) for part in url.split("&")] == [name, number, row["coupon_code"]]
        assert token == row["url"]
        assert _read(codes["member"]) == _read(codes["dm"]) == f"M-{number}-{row['sequence']}"
        assert zxingcpp.read_barcodes(codes["jan"]) == [] if not jan else _read(codes["jan"])[:12] == f"4901234{jan}"
        bars = bars_of_picture(codes["post"])
        if number == "2":  # 代表郵便番号
            assert bars == ""
        else:
            address = " ".join(rows[number][6:8]) if number != "C-33" else "四丁目 郵便センター6号館"
            assert bars == customer_barcode(postal, address).bars


def test_symbols_are_the_same_whatever_the_number_of_workers(desk: Desk) -> None:
    """Their size follows from the whole list, and no worker sees all of it."""
    many = (f"{n},客 {'長' * (n % 9)},263-0023,千葉県,千葉市稲毛区,緑町,{n}-1,,0,{n:05d}" for n in range(1, 60))
    desk.write("assets/lists/customers.csv", _customers(*many))
    one, two = desk.run("hello", "--workers", "1", out="one"), desk.run("hello", "--workers", "2", out="two")
    assert one.digests() == two.digests()


def test_the_longest_payload_of_the_list_decides_in_the_check(desk: Desk) -> None:
    desk.edit("layouts/hello/hello.toml", "box = [20, 40, 40, 40]", "box = [20, 40, 18, 18]")
    desk.write("assets/lists/customers.csv", _customers(*ROWS))
    assert desk.invoke("check", "layouts/hello").exit_code == 0
    longest = f"5,{'長' * 30},263-0023,千葉県,千葉市稲毛区,緑町,1-1,,0,"
    desk.write("assets/lists/customers.csv", _customers(*ROWS, longest))
    for command in ("check", "run"):
        refused = desk.invoke(command, "layouts/hello", "--lang", "en")
        assert refused.exit_code == 1
        assert "slot url: the longest payload of this list has" in refused.stderr
        assert "make the box 2" in refused.stderr
    assert not desk.ledger.exists() or desk.invoke("jobs").stdout == ""


def test_a_payload_that_cannot_be_a_code_rejects_its_piece_alone(desk: Desk) -> None:
    bad = ("5,春 一,263-0023,千葉県,千葉市,緑町,1,,0,1234", "６,夏 二,263-0023,千葉県,千葉市,緑町,1,,0,12345")
    desk.write("assets/lists/customers.csv", _customers(*ROWS, *bad))
    job = desk.run("hello", "--lang", "en")
    assert len(job.manifest) == len(ROWS)
    rejected = {row["customer_id"]: row for row in job.rejections if row["stage"] == "fit"}
    assert (rejected["5"]["reason"], rejected["5"]["field"]) == ("payload_not_ean13", "jan")
    assert rejected["６"]["reason"] == "payload_not_ascii"
    assert "digits" in rejected["5"]["message"]


def test_pool_codes_of_any_signs_fit_the_budget(desk: Desk) -> None:
    """Which code a letter gets is known only once it is issued; its symbol was decided before."""
    valid = 'valid   = "30 days"'
    desk.edit("layouts/hello/campaign.toml", valid, valid + '\ncodes = "pool:pool.csv"')
    desk.write("layouts/hello/pool.csv", "code\n1\n22222222\nA/&+?%=#\n4444\n")
    desk.edit("layouts/hello/hello.toml", 'member = "M-', 'member = "{{ coupon_code }}-')
    desk.write("assets/lists/customers.csv", _customers(*ROWS))
    for row, read in _cut(desk.run("hello")):
        assert unquote(_read(read["url"]).rpartition("q=")[2]) == row["coupon_code"]
        assert _read(read["member"]).startswith(row["coupon_code"] + "-")


def test_the_pool_s_most_awkward_code_decides(desk: Desk) -> None:
    """In an address a sign takes three characters: the version for plain letters would not do."""
    valid = 'valid   = "30 days"'
    desk.edit("layouts/hello/campaign.toml", valid, valid + '\ncodes = "pool:pool.csv"')
    desk.edit("layouts/hello/hello.toml", "box = [20, 40, 40, 40]", "box = [20, 40, 15, 15]")
    desk.write("assets/lists/customers.csv", _customers(*ROWS))
    for code, exit_code in (("A" * 13, 0), ("A" + "/" * 12, 1)):
        desk.write("layouts/hello/pool.csv", f"code\n{code}\n1\n2\n3\n")
        assert desk.invoke("check", "layouts/hello").exit_code == exit_code
