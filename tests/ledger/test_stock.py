"""How far a pool lasts: looked up, never written."""

from dataclasses import replace
from datetime import date

from dmgen.ledger import tables
from dmgen.model.offer import CodeKind, CodeOrder

from .conftest import KEY, coupons, recipients, rows

OWN = [f"OWN-{number}" for number in range(12_000)]


def handed_out(ledger, count: int, key=KEY, name: str = "own") -> None:
    codes = iter(OWN)
    order = CodeOrder(CodeKind.COUPON, name, "terms", range(count), lambda n: [next(codes) for _ in range(n)], key.shop)
    with ledger.issuing(key) as issuing:
        issuing.issue(recipients(count), [order])


def test_codes_of_a_pool_that_are_taken_in_a_shop(ledger) -> None:
    assert ledger.taken_codes("aobado", OWN) == 0
    handed_out(ledger, 6000)
    before = len(rows(ledger, tables.codes))
    assert ledger.taken_codes("aobado", OWN) == 6000  # more than a statement holds
    assert ledger.taken_codes("aobado", OWN[6000:]) == 0
    assert ledger.taken_codes("other", OWN) == 0
    assert len(rows(ledger, tables.codes)) == before


def test_who_has_a_code_of_an_offer_already(ledger) -> None:
    handed_out(ledger, 6000)
    with ledger.issuing(KEY) as issuing:
        issuing.issue(["9999"], [coupons(1)])
    asked = [*recipients(6000)[5000:], "9999", "8888"]
    assert ledger.holders(KEY, "own", recipients(7000)) == 6000
    assert ledger.holders(KEY, "own", asked) == 1000
    assert ledger.holders(KEY, "thanks", asked) == 1
    assert ledger.holders(replace(KEY, drop=date(2026, 5, 10)), "own", asked) == 0
