"""Who is due what: the first rule that holds, the month of the next birthday, tickets by segment or by step."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.errors import CampaignError
from dmgen.layout import PieceValues
from dmgen.model.campaign import Campaign, Channel, Lists, Segment, Shop
from dmgen.model.lottery import Lottery, Step
from dmgen.model.offer import Offer, Tier
from dmgen.model.production import Numbers, Record
from dmgen.model.rule import Rule
from dmgen.model.scheme import NO_SCHEME
from dmgen.offers.entitlement import Due, Entitlement, NoBirthdayError, month_after

FOLDER = Path("layouts/april-thanks")
OFFER = Offer("thanks", "300円引き", 300, 0, date(2026, 5, 10))
NO_LOTTERY = Lottery()
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


def campaign(offer: Offer | None = OFFER, lottery: Lottery = NO_LOTTERY, drop: date = date(2026, 4, 10)) -> Campaign:
    return Campaign(
        id="april-thanks",
        folder=FOLDER,
        shop=Shop(id="aobado", sender="青葉堂", file=FOLDER.parent / "shop.toml"),
        drop=drop,
        as_of=drop,
        channel=Channel.MAIL,
        lists=Lists(),
        scheme=NO_SCHEME,
        segments=(),
        offers={offer.id: offer} if offer else {},
        layouts={},
        lottery=lottery,
    )


def entitled(offer: Offer | None = OFFER, lottery: Lottery = NO_LOTTERY, **segment) -> Entitlement:
    return Entitlement.of(campaign(offer, lottery), Segment("vip", "", "vip", offer=offer and offer.id, **segment))


def tiered(*rules: str) -> Offer:
    tiers = (Tier(Rule.parse(rule), replace(OFFER, id=f"thanks.{n}", amount=n)) for n, rule in enumerate(rules, 1))
    return replace(OFFER, tiers=tuple(tiers))


def test_without_rules_everybody_is_due_the_same_and_no_column_is_needed() -> None:
    same = entitled(tickets=2)
    assert same.constant == Due(OFFER, 2) == same.due({})
    assert same.constant is same.due({}) is same.dues([{}, {}])[1]
    assert same.names == frozenset()
    assert entitled(None).constant == Due(None, 0)


def test_the_first_tier_that_holds_is_due_and_else_the_offer_itself() -> None:
    found = entitled(tiered("spent >= 300", "spent >= 50", "spent >= 40"))
    assert found.constant is None
    assert found.names == {"spent"}
    due = {spent: found.due({"spent": spent}).offer.id for spent in (300, 299, 45, 39)}
    assert due == {300: "thanks.1", 299: "thanks.2", 45: "thanks.3", 39: "thanks"}
    assert found.due({"spent": None}).offer.id == "thanks"
    assert found.due({"spent": 1}).offer.tiers == ()  # letters and their workers carry the terms, not the rules


RULES = ("spent >= 50", 'rank == "gold"', "spent / visits > 10", "not spent", 'product.kind in ("tea", "cup")')


@given(
    st.sampled_from(RULES), st.integers(0, 100), st.integers(0, 9),
    st.sampled_from(["gold", ""]), st.sampled_from(["tea", "pot"]),
)  # fmt: skip
def test_a_tier_s_rule_means_what_a_slot_s_rule_means(rule: str, spent: int, visits: int, rank: str, kind: str) -> None:
    row = {"spent": spent, "visits": visits, "rank": rank, "product": Record({"kind": kind})}
    shown = PieceValues(row, [], Numbers("P")).holds(Rule.parse(rule))
    assert (entitled(tiered(rule)).due(row).offer.id == "thanks.1") is shown


def test_a_rule_that_compares_unlike_things_is_refused() -> None:
    with pytest.raises(CampaignError, match="spent"):
        entitled(tiered("spent >= 50")).due({"spent": "many"})


def test_tickets_are_the_segment_s_own_or_those_of_the_first_step_that_holds() -> None:
    lottery = Lottery(1, (Step(Rule.parse("spent >= 30"), 3), Step(Rule.parse("spent >= 10"), 2)))
    by_step = entitled(None, lottery)
    assert [by_step.due({"spent": spent}).tickets for spent in (30, 29, 9)] == [3, 2, 1]
    own = entitled(None, lottery, tickets=5)
    assert own.constant == Due(None, 5)
    assert entitled(None, lottery, tickets=0).constant == Due(None, 0)


def test_a_tier_and_a_step_go_together() -> None:
    found = entitled(tiered("spent >= 50"), Lottery(1, (Step(Rule.parse("visits"), 4),)))
    assert found.names == {"spent", "visits"}
    assert found.due({"spent": 50, "visits": 1})[1] == 4
    assert found.due({"spent": 0, "visits": 0}) == Due(OFFER, 1)


@pytest.mark.parametrize(
    ("drop", "ahead", "starts", "expires"),
    [
        (date(2026, 4, 30), 0, date(2026, 4, 1), date(2026, 4, 30)),
        (date(2026, 12, 31), 0, date(2026, 12, 1), date(2026, 12, 31)),
        (date(2026, 12, 1), 1, date(2027, 1, 1), date(2027, 1, 31)),
        (date(2027, 3, 1), 11, date(2028, 2, 1), date(2028, 2, 29)),
        (date(2026, 3, 1), 11, date(2027, 2, 1), date(2027, 2, 28)),
        (date(9999, 12, 31), 1, date(9999, 12, 1), date.max),
    ],
)
def test_the_month_of_the_next_birthday(drop: date, ahead: int, starts: date, expires: date) -> None:
    birthday = replace(OFFER, birthday=True)
    offer = Entitlement(drop, birthday, 0).due({"months_to_birthday": ahead}).offer
    assert (offer.starts, offer.expires, offer.id, offer.terms) == (starts, expires, "thanks", birthday.terms)


@given(days, st.integers(0, 11))
def test_a_month_is_whole_and_as_far_away_as_asked(day: date, months: int) -> None:
    """Counted day by day, without a calendar."""
    first, last = month_after(day, months)
    assert first.day == 1
    assert (last + timedelta(days=1)).day == 1
    assert (first.year, first.month) == (last.year, last.month)
    walked, seen = day, {(day.year, day.month)}
    while (walked.year, walked.month) != (first.year, first.month):
        walked += timedelta(days=1)
        seen.add((walked.year, walked.month))
    assert len(seen) == months + 1


def test_tiers_hold_in_the_same_month() -> None:
    whole = tiered("spent >= 50")
    whole = replace(
        whole,
        birthday=True,
        tiers=tuple(tier._replace(offer=replace(tier.offer, birthday=True)) for tier in whole.tiers),
    )
    found = entitled(whole)
    assert found.names == {"spent", "months_to_birthday"}
    gold = found.due({"spent": 50, "months_to_birthday": 2})
    assert (gold.offer.id, gold.offer.expires) == ("thanks.1", date(2026, 6, 30))
    assert found.due({"spent": 50, "months_to_birthday": 2}) is gold  # one object: batches stay small


def test_nobody_is_due_an_offer_without_a_last_day() -> None:
    with pytest.raises(NoBirthdayError):
        entitled(replace(OFFER, birthday=True)).due({"months_to_birthday": None})
