"""A lottery's secrets are drawn once a drop, and its draw is held once: both stand for ever, in either database."""

from dataclasses import replace
from datetime import date

import pytest

from dmgen.errors import LedgerError
from dmgen.ledger import Drawn
from dmgen.ledger.tables import lotteries
from dmgen.offers.seal import new_secrets
from tests.ledger.conftest import KEY, rows

LATER = replace(KEY, drop=date(2026, 5, 10))
DRAWN = Drawn("k3m9qx", "ＮＩＫＫＥＩ 51234.56", ("00000017",), "ab" * 32, date(2026, 6, 10))


def test_a_drop_keeps_the_first_secrets_it_was_given(ledger) -> None:
    first, second = new_secrets(), new_secrets()
    assert ledger.secrets(KEY) is None
    with ledger.issuing(KEY) as issuing:
        assert issuing.secrets(first) == first
        assert issuing.secrets(second) == first
    with ledger.issuing(KEY) as issuing:
        assert issuing.secrets(second) == first
    assert ledger.secrets(KEY) == first
    assert ledger.secrets(LATER) is None
    with ledger.issuing(LATER) as issuing:
        assert issuing.secrets(second) == second
    assert (ledger.secrets(KEY), ledger.secrets(LATER)) == (first, second)


def test_secrets_of_a_run_that_failed_are_forgotten(ledger) -> None:
    """Nothing was printed with them."""
    with pytest.raises(ZeroDivisionError), ledger.issuing(KEY) as issuing:
        issuing.secrets(new_secrets())
        raise ZeroDivisionError
    assert rows(ledger, lotteries) == []


def test_a_draw_is_held_once(ledger) -> None:
    assert ledger.drawn(KEY) is None
    assert ledger.record_draw(KEY, DRAWN) == DRAWN
    again = DRAWN._replace(drawn_on=date(2026, 7, 1))
    assert ledger.record_draw(KEY, again) == DRAWN, "the day of the first stays"
    assert ledger.drawn(KEY) == DRAWN
    assert ledger.drawn(LATER) is None


@pytest.mark.parametrize(
    "other", [{"public": "NIKKEI 51234.57"}, {"job": "another"}, {"voided": ()}, {"result": "cd" * 32}]
)
def test_another_draw_is_refused_and_says_which_one_stands(ledger, other) -> None:
    ledger.record_draw(KEY, DRAWN)
    with pytest.raises(LedgerError, match=r"2026-06-10.*k3m9qx .*ＮＩＫＫＥＩ 51234\.56"):
        ledger.record_draw(KEY, DRAWN._replace(**other))
    assert ledger.drawn(KEY) == DRAWN
