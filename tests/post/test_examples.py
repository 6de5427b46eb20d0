"""The three examples that README.md computes by hand: what dmgen computes is what is written, figure by figure."""

import re
from decimal import Decimal

import pytest

from dmgen.model.posting import MailRules
from dmgen.post.classes import classed
from dmgen.post.effects import effects
from dmgen.post.item import item_of
from dmgen.post.postage import Posting, postage
from tests.post.given import BARCODE, CARD_PAPER, NAGA3, PAPER, SHIPPED, SORTED, asked, layout

README = (SHIPPED.file.with_name("README.md")).read_text("utf-8")
EXAMPLES = re.split(r"^### \d\. ", README.partition("## How certain it is")[0], flags=re.MULTILINE)[1:]
ROW = re.compile(r"^\| ([\d,.]+) \| ([\d.]+) \| ([\d,.]+) \| ([\d,.]+) \|$", re.MULTILINE)
WITHOUT = re.compile(r"Without discounts .*? = ([\d,]+) yen; ([\d,]+) yen are saved")


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _written(example: str) -> tuple[list[tuple[Decimal, ...]], int, int, int]:
    """Rows of the table, the total, what it would be without discounts, what is saved, as the README says them."""
    rows = [tuple(map(_number, row)) for row in ROW.findall(example)]
    (total,) = re.findall(r"\*\*([\d,]+) yen\*\*", example)
    ((full, saved),) = WITHOUT.findall(example)
    return rows, int(_number(total)), int(_number(full)), int(_number(saved))


def _computed(mail: Posting, rules: MailRules) -> tuple[list[tuple[Decimal, ...]], int, int, int]:
    paid = postage([mail], rules, SHIPPED)
    rows = [
        (
            Decimal(line.pieces),
            sum((one.percent or Decimal(0) for one in line.given), Decimal(0)),
            line.unit,
            line.amount,
        )
        for line in paid.lines
    ]
    return rows, paid.total, paid.full, paid.saved


def _card() -> tuple[Posting, MailRules]:
    rules = MailRules(discounts=(BARCODE,))
    item = item_of(layout(100.0, 148.0), 1, CARD_PAPER, rules)
    assert item.weight == 3.10
    return Posting(item, classed(item, rules, SHIPPED, card=True), 3_000, 2_987, {}), rules


def _letter(pieces: int, with_barcode: int, rules: MailRules) -> tuple[Posting, MailRules]:
    item = item_of(layout(folds=(99.0, 198.0)), 1, PAPER, rules)
    assert (item.weight, item.thickness) == (11.93, 0.593)
    return Posting(item, classed(item, rules, SHIPPED, card=False), pieces, with_barcode, {}), rules


CASES = [
    _card(),
    _letter(12_000, 11_640, asked(SORTED, BARCODE, slack=3)),
    _letter(500, 490, MailRules(envelope=NAGA3)),
]
# The same figures a second time, so that neither the README nor the prices change unseen.
TOTALS = [(247_383, 255_000), (1_202_388, 1_320_000), (55_000, 55_000)]


@pytest.mark.parametrize("number", range(3))
def test_an_example_comes_out_as_it_is_written(number):
    assert len(EXAMPLES) == len(CASES)
    written, computed = _written(EXAMPLES[number]), _computed(*CASES[number])
    assert computed == written
    assert written[1:3] == TOTALS[number]


def test_what_the_second_example_says_of_each_discount():
    (mail, rules), text = CASES[1], EXAMPLES[1]
    found = {effect.discount: effect for effect in effects([mail], rules, SHIPPED)}
    more = [int(_number(one)) for one in re.findall(r"\(([\d,]+) more\)", text)]
    assert [found[SORTED].saves, found[BARCODE].saves] == more
    assert found[SORTED].met and found[BARCODE].met


def test_no_discount_can_be_had_for_the_third():
    mail, rules = CASES[2]
    assert not any(effect.met or effect.saves for effect in effects([mail], rules, SHIPPED))
