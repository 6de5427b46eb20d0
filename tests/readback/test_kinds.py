"""Every kind of code is read back, and another person's is noticed."""

import json

import pikepdf
import pytest

from tests.jobs import Desk, Job

SLOTS = {
    "code128": 'words = "mine", box = [22, 60, 70, 14], style = "small"',
    "ean13": 'words = "digits", box = [22, 60, 50, 20]',
    "datamatrix": 'words = "mine", box = [22, 60, 20, 20]',
    "qr": 'words = "address", box = [22, 60, 35, 35]',
    "japanpost": "box = [22, 60, 100, 10], size = '9pt'",
}
WORDS = """
mine = "{{ customer_id }}-{{ piece_id }}"
digits = "49123{{ '%07d' | format(sequence) }}"
address = "https://a.example/{{ name }}?c={{ coupon_code }}"
"""


@pytest.fixture
def desk(tmp_path):
    desk = Desk.at(tmp_path)
    head = "customer_id,name,postal_code,prefecture,city,street,dm_opt_out"
    rows = (
        "1,客 一,263-0023,千葉県,千葉市稲毛区,緑町3丁目30-8　郵便ビル403号,0",
        "2,客 二,317-0055,茨城県,日立市,宮田町6丁目7-14　ABCビル2F,0",
        "3,客 三,198-0036,東京都,青梅市,河辺町十一丁目六番地一号　郵便タワー601,0",
    )
    desk.write("assets/lists/customers.csv", "\n".join((head, *rows)) + "\n")
    desk.edit("layouts/hello/hello.toml", "[words]\n", f"[words]\n{WORDS}")
    return desk


@pytest.mark.parametrize("kind", SLOTS)
def test_every_kind_of_code_is_read_back(desk, kind):
    path = desk.root / "layouts" / "hello" / "hello.toml"
    path.write_text(path.read_text("utf-8") + f'mine = {{ kind = "{kind}", {SLOTS[kind]} }}\n', "utf-8")
    job = desk.run("hello")
    slots = {slot["name"]: slot for slot in job.ticket["layouts"]["hello"]["pages"][0]["slots"]}
    assert slots["mine"]["kind"] == kind
    with pikepdf.open(job.printed[0], allow_overwriting_input=True) as pdf:
        one, other = pdf.pages[0], pdf.pages[2]
        one.Contents, other.Contents = other.Contents, one.Contents
        pdf.save(job.printed[0])
    report = json.loads(desk.invoke("verify", "job", "--json").stdout)
    found = {(f["slot"], f["what"], f["sequence"]) for f in report["read_back"]["first"] if "slot" in f}
    assert {("mine", "symbol_differs", 1), ("mine", "symbol_differs", 3)} <= found
    assert Job(job.folder).ticket["released"] is False
