"""Within a drop no lottery number is issued twice, however full its numbers are; another drop knows nothing of it."""

from datetime import date, timedelta
from functools import partial

import pytest

from dmgen.ledger import Ledger
from dmgen.model.lottery import Form
from dmgen.model.offer import CodeKind, CodeOrder, DropKey
from dmgen.offers import lottery
from dmgen.offers.orders import LOTTERY, ticket_scope
from tests.ledger.conftest import recipients

FORMS = [Form(4), Form(4, check=True), Form(4, 2), Form(4, 2, check=True)]


def issued(ledger: Ledger, key: DropKey, form: Form, people: int, each: int) -> list[str]:
    owners = [owner for owner in range(people) for _ in range(each)]
    draw = partial(lottery.draw, form=form)
    order = CodeOrder(CodeKind.TICKET, LOTTERY, lottery.terms(form), owners, draw, ticket_scope(key))
    with ledger.issuing(key) as issuing:
        return issuing.issue(recipients(people), [order]).codes[0]


@pytest.mark.parametrize("form", FORMS)
def test_no_number_twice_in_any_of_many_drops(ledger: Ledger, form: Form) -> None:
    """A tenth of all numbers is issued, so that chance alone would repeat dozens in each drop."""
    seen: set[str] = set()
    repeated = 0
    for number in range(25):
        key = DropKey("aobado", "spring", date(2026, 1, 1) + timedelta(days=number))
        tickets = issued(ledger, key, form, 250, 3)
        assert len(set(tickets)) == 750
        assert all(lottery.is_valid(ticket, form) for ticket in tickets)
        repeated += len(seen & set(tickets))
        seen |= set(tickets)
    assert repeated  # drops are drawn anew: nothing is handed down from one to the next


def test_a_drop_grows_without_repeating(ledger: Ledger) -> None:
    """The list grows from run to run; the first keep their numbers, the others' are new."""
    key, form = DropKey("aobado", "spring", date(2026, 1, 1)), Form(4)
    earlier: list[str] = []
    for people in (100, 300, 600, 900):
        tickets = issued(ledger, key, form, people, 1)
        assert tickets[: len(earlier)] == earlier
        assert len(set(tickets)) == people
        earlier = tickets
