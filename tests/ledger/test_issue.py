"""What is issued stays issued: the same to the same, never the same to another."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dmgen.errors import CampaignError, LedgerError
from dmgen.ledger import tables
from dmgen.offers import coupon
from dmgen.offers.pool import Pool

from .conftest import KEY, coupons, links, recipients, rows, tickets


def issue(ledger, key=KEY, count=5, orders=None):
    with ledger.issuing(key) as issuing:
        return issuing.issue(recipients(count), orders or [coupons(count)])


def test_the_same_drop_gives_the_same_numbers(place) -> None:
    orders = [coupons(5), tickets([0, 0, 0, 2, 4]), links(5)]
    first = issue(place.open(), orders=orders)
    assert issue(place.open(), orders=orders) == first
    assert len(set(first.piece_ids)) == 5
    assert all(len(piece_id) == 12 for piece_id in first.piece_ids)


def test_numbers_belong_to_recipients_not_to_their_order(ledger) -> None:
    first = issue(ledger)
    with ledger.issuing(KEY) as issuing:
        turned = issuing.issue(recipients(5)[::-1], [coupons(5)])
        more = issuing.issue(["2000", *recipients(5)], [coupons(6)])
    assert turned.piece_ids == first.piece_ids[::-1]
    assert turned.codes[0] == first.codes[0][::-1]
    assert more.codes[0][1:] == first.codes[0]
    assert more.codes[0][0] not in first.codes[0]


def test_a_code_is_found_with_its_drop_in_its_own_shop_only(ledger) -> None:
    """The call centre of one client never hears of another's campaigns; lottery numbers are no coupons."""
    later = replace(KEY, drop=date(2026, 5, 10))
    codes = {key: issue(ledger, key, orders=[coupons(5), tickets([0], key)]).codes for key in (KEY, later)}
    asked = {codes[KEY][0][0], codes[later][0][1], codes[KEY][1][0], "222222222222"}
    assert [one[:3] for one in ledger.coupons(KEY.shop, asked)] == [
        (codes[later][0][1], "thanks", later),
        (codes[KEY][0][0], "thanks", KEY),
    ]
    assert ledger.coupons("other", asked) == []


def test_another_drop_campaign_or_shop_never_repeats_a_number(ledger) -> None:
    keys = [KEY, replace(KEY, drop=date(2026, 5, 10)), replace(KEY, campaign="may"), replace(KEY, shop="other")]
    few = iter(coupon.draw(40))
    taken = next(few)

    def draw(n: int) -> list[str]:
        """Every drop is offered the same code first, then one that is new."""
        return [taken, *(next(few) for _ in range(n))]

    issued = [issue(ledger, key, 3, [coupons(3, draw=draw)]) for key in keys]
    codes = [code for one in issued for code in one.codes[0]]
    assert len(set(codes)) == len(codes) == 12
    assert len({piece_id for one in issued for piece_id in one.piece_ids}) == 12


def test_a_ticket_is_unique_in_its_drop_only(ledger) -> None:
    later = replace(KEY, drop=date(2026, 5, 10))

    def draw(n: int) -> list[str]:
        return [f"{number:08d}" for number in range(n)]

    first = issue(ledger, KEY, 2, [tickets([0, 1], KEY, draw)])
    second = issue(ledger, later, 2, [tickets([0, 1], later, draw)])
    assert first.codes == second.codes == [["00000000", "00000001"]]


def test_tickets_are_counted_by_owner(ledger) -> None:
    owners = [0, 0, 0, 1, 3, 3]
    first = issue(ledger, orders=[tickets(owners)]).codes[0]
    assert len(set(first)) == 6
    again = issue(ledger, orders=[tickets([3, 0, 3, 0, 1, 0, 1])]).codes[0]
    assert [again[1], again[3], again[5]] == first[:3]
    assert [again[0], again[2]] == first[4:]
    assert again[4] == first[3]
    assert again[6] not in first


def test_taken_and_repeated_candidates_are_drawn_again(ledger) -> None:
    taken = issue(ledger).codes[0]
    offered = iter([taken, [taken[0], "NEW1", "NEW1", "NEW2", taken[1]], ["NEW2", "NEW3", "NEW4"], ["NEW5"]])
    later = replace(KEY, drop=date(2026, 5, 10))
    assert issue(ledger, later, orders=[coupons(5, draw=lambda n: next(offered))]).codes == [
        ["NEW1", "NEW2", "NEW3", "NEW4", "NEW5"]
    ]


def test_a_full_number_space_is_an_error_and_not_an_endless_loop(ledger) -> None:
    with pytest.raises(LedgerError, match="digits"):
        issue(ledger, count=3, orders=[tickets([0, 1, 2], KEY, lambda n: ["1", "2"][:n])])


def test_changed_terms_are_refused(ledger) -> None:
    issue(ledger)
    with pytest.raises(LedgerError, match="--drop"):
        issue(ledger, orders=[coupons(5, terms="1000 yen")])
    issue(ledger, replace(KEY, drop=date(2026, 5, 10)), orders=[coupons(5, terms="1000 yen")])


def test_a_shared_code_is_one_a_drop_and_nobody_elses(ledger) -> None:
    single = issue(ledger).codes[0]
    offered = iter([single[0], "TOGETHER", "TOGETHER", "AGAIN"])

    def shared(key) -> str:
        with ledger.issuing(key) as issuing:
            return issuing.shared("everyone", "500 yen", lambda n: [next(offered)])

    assert shared(KEY) == shared(KEY) == "TOGETHER"
    assert shared(replace(KEY, drop=date(2026, 5, 10))) == "AGAIN"


def test_an_offer_does_not_turn_from_single_to_shared_within_a_drop(ledger) -> None:
    issue(ledger)
    with pytest.raises(LedgerError, match="terms"), ledger.issuing(KEY) as issuing:
        issuing.shared("thanks", "500 yen, shared", coupon.draw)


@pytest.mark.parametrize("stop", [RuntimeError, KeyboardInterrupt, CampaignError])
def test_an_exception_takes_everything_back(ledger, stop) -> None:
    with pytest.raises(stop), ledger.issuing(KEY) as issuing:
        issuing.issue(recipients(5), [coupons(5), tickets([0, 1]), links(5)])
        raise stop("stop")
    assert rows(ledger, tables.pieces) == rows(ledger, tables.codes) == rows(ledger, tables.terms) == []


def test_a_pool_hands_out_no_code_twice(ledger) -> None:
    codes = [f"OWN-{number:03d}" for number in range(12)]

    def run(key, count: int) -> list[str]:
        orders = [coupons(count, draw=Pool(Path("codes.csv"), codes).draw)]
        return issue(ledger, key, count, orders).codes[0]

    later, last = replace(KEY, drop=date(2026, 5, 10)), replace(KEY, drop=date(2026, 6, 10))
    assert run(KEY, 5) == codes[:5]
    assert run(later, 5) == codes[5:10]
    assert run(KEY, 5) == codes[:5]
    with pytest.raises(CampaignError, match=r"codes\.csv.* 3 more"):
        run(last, 5)
    assert run(last, 2) == codes[10:]


def test_one_pool_serves_several_segments_of_a_run(ledger) -> None:
    codes = [f"OWN-{number:03d}" for number in range(4)]
    pool = Pool(Path("codes.csv"), codes)
    with ledger.issuing(KEY) as issuing:
        one = issuing.issue(["1", "2"], [coupons(2, draw=pool.draw)])
        two = issuing.issue(["3", "4"], [coupons(2, draw=pool.draw)])
    assert one.codes[0] + two.codes[0] == codes


def test_chunks_do_not_show(ledger, monkeypatch) -> None:
    owners = [owner for owner in range(23) for _ in range(owner % 3)]
    orders = [coupons(23), tickets(owners), links(23)]
    whole = issue(ledger, count=23, orders=orders)
    monkeypatch.setattr("dmgen.ledger.issue.CHUNK", 5)
    monkeypatch.setattr("dmgen.ledger.tables.CHUNK", 5)
    assert issue(ledger, count=23, orders=orders) == whole
    later = replace(KEY, drop=date(2026, 5, 10))
    fresh = issue(ledger, later, 23, [coupons(23), tickets(owners, later), links(23)])
    assert [len(set(codes)) for codes in fresh.codes] == [23, len(owners), 23]


def test_a_recipient_given_twice_is_our_own_fault(ledger) -> None:
    with pytest.raises(ValueError, match="twice"), ledger.issuing(KEY) as issuing:
        issuing.issue(["1", "1"], [])


def test_customer_data_is_data(ledger) -> None:
    odd = ["'; DROP TABLE codes; --", "%s", "%(name)s", "?", ":x", "{}", '"', "\\", "青葉 太郎", " 1", "1 ", "1"]
    with ledger.issuing(KEY) as issuing:
        first = issuing.issue(odd, [coupons(len(odd))])
    with ledger.issuing(KEY) as issuing:
        assert issuing.issue(odd, [coupons(len(odd))]) == first
    assert len(set(first.piece_ids)) == len(odd)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(runs=st.lists(st.tuples(st.integers(4, 7), st.lists(st.integers(0, 30), unique=True)), max_size=5))
def test_whatever_is_run_every_recipient_of_a_drop_keeps_one_coupon(place, runs) -> None:
    ledger = place.open()
    seen: dict[tuple[int, int], str] = {}
    for month, people in runs:
        with ledger.issuing(replace(KEY, drop=date(2026, month, 10))) as issuing:
            codes = issuing.issue([str(person) for person in people], [coupons(len(people))]).codes[0]
        for person, code in zip(people, codes, strict=True):
            assert seen.setdefault((month, person), code) == code
    assert len(set(seen.values())) == len(seen)
