"""A thousand campaigns on one ledger: no code is ever anybody else's."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dmgen.ledger import Issuing, Ledger
from dmgen.model.campaign import Campaign, Channel, Lists, Shop
from dmgen.model.lottery import Form, Lottery
from dmgen.model.offer import CodeKind, CodeSource, Offer
from dmgen.model.scheme import NO_SCHEME
from dmgen.offers import coupon
from dmgen.offers.entitlement import Due
from dmgen.offers.orders import code_orders
from dmgen.offers.pool import Pool

FIRST = date(2026, 4, 10)
POOL = Path("codes.csv")
SINGLE = Offer("thanks", "500円引き", 500, 3000, date(2026, 5, 10))
GOLD = replace(SINGLE, id="thanks.gold", amount=1500)
SHARED = replace(SINGLE, id="all", codes=CodeSource.SHARED)
OWN = replace(SINGLE, id="own", codes=CodeSource.POOL, pool=POOL)
OWN_TOO = replace(OWN, id="own-too")
DUES = [Due(offer, tickets) for offer in (None, SINGLE, GOLD, SHARED, OWN, OWN_TOO) for tickets in (0, 1, 3)]

WITHOUT_POOL = [
    due for due in DUES if due.offer not in (OWN, OWN_TOO)
]  # each drop looks through the pool again, which takes its time


def campaign(number: int, shop: str) -> Campaign:
    return Campaign(
        id=f"c{number % 100}",
        folder=Path("layouts/own"),
        shop=Shop(id=shop, sender="", file=Path("layouts/shop.toml")),
        drop=FIRST + timedelta(days=number // 100),
        as_of=FIRST,
        channel=Channel.MAIL,
        lists=Lists(),
        scheme=NO_SCHEME,
        segments=(),
        offers={},
        layouts={},
        lottery=Lottery(form=Form(digits=5)),
    )


Issue = tuple[CodeKind, str, str, str]  # kind, name, within what it must be unique, code


def unique_in(mailing: Campaign, kind: CodeKind, name: str) -> str:
    """Within what a code may stand once, by the promise and not by the ledger: ever, a shop, a drop."""
    if kind is CodeKind.TICKET:
        return f"{mailing.shop.id} {mailing.id} {mailing.drop}"
    return mailing.shop.id if name.startswith("own") else ""


def issued(connection, mailing: Campaign, dues: list[Due], codes: list[str]) -> list[Issue]:
    """What the recipients of a drop get, as a run asks for it."""
    issuing, pools = Issuing(connection, mailing.key), {POOL: Pool(POOL, codes)}
    orders = code_orders(mailing, dues, ["coupon"], pools)
    result = issuing.issue([str(number) for number in range(len(dues))], orders)
    found = [
        (order.kind, order.name, unique_in(mailing, order.kind, order.name), code)
        for order, given in zip(orders, result.codes, strict=True)
        for code in given
    ]
    if any(due.offer == SHARED for due in dues):
        found.append((CodeKind.COUPON, "all", "", issuing.shared("all", SHARED.terms, coupon.draw)))
    return found


def test_no_code_repeats_over_a_thousand_campaigns(tmp_path: Path) -> None:
    """Single and shared coupons and links ever, tickets in their drop, a pool's codes in their shop."""
    ledger, chance = Ledger.open("ledger.sqlite", tmp_path), Random(5)
    pool = [f"OWN-{number}" for number in range(1500)]
    seen: Counter[tuple[CodeKind, str, str]] = Counter()
    drops: dict[tuple[str, int], tuple[list[Due], list[Issue]]] = {}
    with ledger.database.writing(ledger.id) as connection:
        for number in range(500):
            for shop in ("aobado", "other"):
                dues = chance.choices(DUES if number % 10 == 0 else WITHOUT_POOL, k=12)
                found = issued(connection, campaign(number, shop), dues, pool)
                drops[shop, number] = dues, found
                seen.update((kind, scope, code) for kind, _, scope, code in found)
    assert len(drops) == 1000
    assert len(seen) > 30_000
    assert {code: times for code, times in seen.items() if times > 1} == {}
    own = [code for _, found in drops.values() for _, name, _, code in found if name.startswith("own")]
    assert set(Counter(own).values()) <= {1, 2}  # both shops may have a file with the same codes
    with ledger.database.writing(ledger.id) as connection:
        for (shop, number), (dues, found) in chance.sample(sorted(drops.items(), key=lambda one: one[0]), 30):
            assert issued(connection, campaign(number, shop), dues, pool) == found


drops = st.lists(st.tuples(st.integers(0, 5), st.lists(st.sampled_from(DUES), max_size=8)), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(drops)
def test_whoever_is_due_what_nobody_else_has_their_code(tmp_path: Path, runs: list[tuple[int, list[Due]]]) -> None:
    """Runs of a few drops again and again, with other people due other things each time."""
    ledger = Ledger.open(f"{len(list(tmp_path.iterdir()))}.sqlite", tmp_path)
    holders: dict[tuple[CodeKind, str, str], set[tuple[int, int, str]]] = {}
    for number, dues in runs:
        mailing = campaign(number, "aobado")
        orders = code_orders(mailing, dues, [], {POOL: Pool(POOL, [f"OWN-{n}" for n in range(200)])})
        with ledger.issuing(mailing.key) as issuing:
            result = issuing.issue([str(place) for place in range(len(dues))], orders)
        for order, codes in zip(orders, result.codes, strict=True):
            assert (
                len(codes)
                == len(order.owners)
                == sum(
                    due.tickets
                    if order.kind is CodeKind.TICKET
                    else due.offer is not None and due.offer.id == order.name
                    for due in dues
                )
            )
            for owner, code in zip(order.owners, codes, strict=True):
                holders.setdefault((order.kind, unique_in(mailing, order.kind, order.name), code), set()).add(
                    (number, owner, order.name)
                )
    assert all(len(those) == 1 for those in holders.values())
