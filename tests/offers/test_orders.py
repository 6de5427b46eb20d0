"""Recipients get what they are due, and nothing else."""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dmgen.model.campaign import Campaign, Channel, Lists, Shop
from dmgen.model.lottery import Form, Lottery
from dmgen.model.offer import CodeKind, CodeSource, Offer
from dmgen.model.scheme import NO_SCHEME
from dmgen.offers.coupon import is_valid
from dmgen.offers.entitlement import Due
from dmgen.offers.orders import code_orders
from dmgen.offers.pool import open_pools

FOLDER = Path("layouts/april-thanks")


def campaign(**offers: Offer) -> Campaign:
    return Campaign(
        id="april-thanks",
        folder=FOLDER,
        shop=Shop(id="aobado", sender="青葉堂", file=FOLDER.parent / "shop.toml"),
        drop=date(2026, 4, 10),
        as_of=date(2026, 4, 5),
        channel=Channel.MAIL,
        lists=Lists(),
        scheme=NO_SCHEME,
        segments=(),
        offers=offers,
        layouts={},
        lottery=Lottery(form=Form(digits=6)),
    )


def offer(codes: CodeSource, pool: Path | None = None) -> Offer:
    return Offer("thanks", "500円引き", 500, 3000, date(2026, 5, 10), codes, pool)


def test_a_single_code_a_person() -> None:
    thanks = offer(CodeSource.SINGLE)
    (order,) = code_orders(campaign(thanks=thanks), [Due(thanks, 0)] * 7, [], {})
    assert (order.kind, order.name, order.terms, order.scope) == (CodeKind.COUPON, "thanks", thanks.terms, "")
    assert list(order.owners) == list(range(7))
    assert all(map(is_valid, order.draw(7)))


def test_codes_of_a_pool(tmp_path: Path) -> None:
    path = tmp_path / "codes.txt"
    path.write_text("A\nB\n")
    thanks = offer(CodeSource.POOL, path)
    mailing = campaign(thanks=thanks, again=thanks)
    pools = open_pools(mailing)
    (order,) = code_orders(mailing, [Due(thanks, 0)] * 2, [], pools)
    assert order.kind is CodeKind.COUPON
    assert order.scope == mailing.shop.id  # two clients of one ledger may both have a code A
    assert order.draw(2) == ["A", "B"]
    assert list(pools) == [path]


@pytest.mark.parametrize("due", [Due(None, 0), Due(offer(CodeSource.SHARED), 0)])
def test_no_order_without_an_offer_or_for_a_shared_code(due: Due) -> None:
    assert code_orders(campaign(), [due] * 7, [], {}) == []


def test_each_offer_is_ordered_for_those_who_are_due_it() -> None:
    """A tier is an offer of its own; dates that differ from person to person are not."""
    whole = offer(CodeSource.SINGLE)
    gold = replace(whole, id="thanks.gold", amount=1500)
    later = replace(whole, expires=date(2026, 6, 30))
    dues = [Due(whole, 1), Due(gold, 0), Due(later, 2), Due(None, 0), Due(gold, 1)]
    first, second, tickets = code_orders(campaign(), dues, [], {})
    assert [(order.name, list(order.owners)) for order in (first, second)] == [
        ("thanks", [0, 2]),
        ("thanks.gold", [1, 4]),
    ]
    assert list(tickets.owners) == [0, 2, 2, 4]


def test_tickets_by_segment_and_a_link_a_name() -> None:
    tickets, coupon, survey = code_orders(campaign(), [Due(None, 3)] * 4, ["coupon", "survey"], {})
    assert (tickets.kind, tickets.name, tickets.terms) == (CodeKind.TICKET, "lottery", "6")
    assert tickets.scope == "aobado/april-thanks/2026-04-10"
    assert Counter(tickets.owners) == {0: 3, 1: 3, 2: 3, 3: 3}
    assert {len(number) for number in tickets.draw(100)} == {6}
    assert [(link.kind, link.name, link.scope) for link in (coupon, survey)] == [
        (CodeKind.LINK, "coupon", ""),
        (CodeKind.LINK, "survey", ""),
    ]
    assert [list(link.owners) for link in (coupon, survey)] == [[0, 1, 2, 3]] * 2
