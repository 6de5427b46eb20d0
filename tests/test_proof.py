"""Proofs: the worst letters of the real list, nothing issued, nothing that could be taken for a job."""

import json
import re

import pypdfium2
import pytest
import zxingcpp

from dmgen.errors import ExitCode
from dmgen.offers import coupon
from tests.jobs import Desk, people, squeezed

LIST = """customer_id,name,postal_code,prefecture,city,street,dm_opt_out
1,林 一,100-0001,東京都,千代田区,1-1,0
2,勅使河原 権左衛門之助,100-0002,東京都,千代田区,1-2,0
3,佐藤 花子,100-0003,東京都,千代田区千代田一丁目二番三号千代田ハイツ南館,1203,0
4,髙橋 﨑子,100-0004,東京都,千代田区,1-4,0
5,佐藤 次郎,100-0005,東京都,千代田区,1-5,1
"""


@pytest.fixture
def desk(tmp_path) -> Desk:
    desk = Desk.at(tmp_path)
    desk.write("list.csv", LIST)
    return desk


def proofed(desk: Desk, *args: str, campaign: str = "layouts/hello") -> tuple[dict, list[str]]:
    """What a proof says of itself, and the text of each of its pages."""
    result = desk.invoke("proof", campaign, "--lang", "en", "--out", "proof.pdf", "--json", *args)
    assert result.exit_code == 0, result.output
    document = pypdfium2.PdfDocument(desk.root / "proof.pdf")
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return json.loads(result.stdout), texts


def test_the_worst_letters_of_the_list_are_shown_with_a_watermark(desk):
    made, texts = proofed(desk, "--customers", "list.csv")
    assert made["letters"] == len(texts) == 4
    for name in ("林一", "勅使河原権左衛門之助", "佐藤花子", "髙橋﨑子"):
        assert sum(name in squeezed(text) for text in texts) == 1
    assert all("校正 PROOF" in text for text in texts)
    assert "rarest character: 﨑 (U+FA11)" in "".join(texts)


def test_a_proof_issues_nothing(desk):
    proofed(desk)
    assert not desk.ledger.exists()
    assert not (desk.root / "job").exists()
    assert [path.name for path in desk.root.glob("*.partial")] == []


def test_its_codes_can_never_be_redeemed(desk):
    _, texts = proofed(desk, "--customers", "list.csv")
    shown = [code for text in texts for code in re.findall(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}", text)]
    assert len(shown) == 4
    assert not any(coupon.is_valid(coupon.normalise(code)) for code in shown)


def test_every_branch_of_the_words_is_shown(desk):
    base = desk.root / "layouts" / "spring-thanks" / "base.toml"
    assert "{% if product" in base.read_text("utf-8")
    result = desk.invoke("proof", "layouts/spring-thanks", "--out", "proof.pdf", "--lang", "en")
    assert result.exit_code == 0, result.output
    found = re.findall(r"(with|without)\s+(product|offer|tickets)\b", " ".join(result.stderr.replace("|", " ").split()))
    assert ("with", "product") in found
    assert ("without", "product") in found
    document = pypdfium2.PdfDocument(desk.root / "proof.pdf")
    texts = [squeezed(page.get_textpage().get_text_range()) for page in document]
    document.close()
    assert any("のご注文を" in text for text in texts)


def test_one_customer(desk):
    made, texts = proofed(desk, "--customers", "list.csv", "--customer", "3")
    assert made["letters"] == 1
    assert "佐藤花子" in squeezed(texts[0])


@pytest.mark.parametrize(("customer", "said"), [("5", "wants no mail"), ("99", "there is no customer 99")])
def test_a_customer_without_a_letter_is_explained(desk, customer, said):
    result = desk.invoke("proof", "layouts/hello", "--customers", "list.csv", "--customer", customer, "--lang", "en")
    assert result.exit_code == ExitCode.LISTS
    assert said in result.stderr


def test_a_set_up_file_holds_nobody_real(desk):
    made, texts = proofed(desk, "--customers", "list.csv", "--fictional")
    assert made["letters"] == len(texts) == 10
    together = squeezed("".join(texts))
    for real in ("勅使河原", "佐藤花子", "千代田ハイツ"):
        assert real not in together
    assert "見本太郎" in together
    assert "PROOF" not in together


def test_a_set_up_file_scans(desk):
    proofed(desk, "--fictional")
    document = pypdfium2.PdfDocument(desk.root / "proof.pdf")
    links = {code.text for page in document for code in zxingcpp.read_barcodes(page.render(scale=3).to_pil())}
    assert len(links) == len(document) == 10
    document.close()


def test_the_same_proof_twice(desk):
    proofed(desk)
    first = (desk.root / "proof.pdf").read_bytes()
    proofed(desk)
    assert (desk.root / "proof.pdf").read_bytes() == first


def test_nobody_to_show(desk):
    desk.write("none.csv", LIST.splitlines()[0] + "\n")
    result = desk.invoke("proof", "layouts/hello", "--customers", "none.csv", "--out", "proof.pdf")
    assert result.exit_code == ExitCode.CAMPAIGN
    assert not list(desk.root.glob("*proof*"))


def test_many_customers_give_few_letters(desk):
    desk.write("many.csv", people(300))
    made, _ = proofed(desk, "--customers", "many.csv")
    assert made["letters"] <= 4


def test_customer_and_fictional_together_are_refused(desk):
    result = desk.invoke("proof", "layouts/hello", "--customer", "1", "--fictional")
    assert result.exit_code == ExitCode.USAGE
