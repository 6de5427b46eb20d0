"""What became of a code stays so: void and used ones are never good again, and the first day counts."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dmgen.ledger import CodePlace, Fate, Ledger, RestoredCode, RestoredPiece, Told, tables
from dmgen.model.offer import CodeKind

from .conftest import KEY, coupons, links, recipients, rows, tickets

FIRST, LATER = date(2026, 5, 1), date(2026, 5, 9)
OWNERS = [0, 0, 1, 2]


def issue(ledger, key=KEY):
    with ledger.issuing(key) as issuing:
        issuing.shared("everyone", "shared", lambda n: [f"TOGETHER{key.drop.month}"])
        return issuing.issue(recipients(3), [coupons(3), tickets(OWNERS, key), links(3)])


def coupon_places(issued) -> list[CodePlace]:
    return [CodePlace(piece_id, CodeKind.COUPON, "thanks", 0) for piece_id in issued.piece_ids]


def void(ledger, places, day=FIRST, why="lost in the post"):
    return ledger.give_fate(Fate.VOID, {place: Told(day, why) for place in places})


def use(ledger, places, day=FIRST):
    return ledger.give_fate(Fate.USED, {place: Told(day, "") for place in places})


def test_a_code_is_good_until_it_gets_a_fate_and_keeps_the_first_day(place) -> None:
    ledger = place.open()
    one, two, _ = places = coupon_places(issue(ledger))
    assert ledger.fates(places) == {}
    assert void(ledger, [one]) == ([one], [], [])
    assert use(ledger, [two]) == ([two], [], [])
    assert void(ledger, [one], LATER, "again") == ([], [one], [])
    assert use(ledger, [two], LATER) == ([], [two], [])
    assert place.open().fates(places) == {
        one: {Fate.VOID: Told(FIRST, "lost in the post")},
        two: {Fate.USED: Told(FIRST, "")},
    }


def test_a_used_code_is_not_made_void(ledger) -> None:
    one, two, _ = coupon_places(issue(ledger))
    use(ledger, [one])
    assert void(ledger, [one, two]) == ([two], [], [one])
    assert ledger.fates([one]) == {one: {Fate.USED: Told(FIRST, "")}}


def test_a_void_code_that_a_till_took_is_recorded_as_both(ledger) -> None:
    one, *_ = coupon_places(issue(ledger))
    void(ledger, [one])
    assert use(ledger, [one], LATER) == ([one], [], [])
    assert ledger.fates([one]) == {one: {Fate.VOID: Told(FIRST, "lost in the post"), Fate.USED: Told(LATER, "")}}
    assert void(ledger, [one], LATER) == ([], [one], [])


def test_void_codes_are_told_by_drop_and_kind(ledger) -> None:
    later = replace(KEY, drop=date(2026, 6, 10))
    issued, other = issue(ledger), issue(ledger, later)
    own = ledger.codes_of_pieces(KEY.shop, [issued.piece_ids[0]])[issued.piece_ids[0]]
    void(ledger, [*own, coupon_places(other)[1]])
    use(ledger, coupon_places(issued)[2:])
    assert ledger.voided(KEY, CodeKind.COUPON) == {issued.codes[0][0]}
    assert ledger.voided(KEY, CodeKind.TICKET) == set(issued.codes[1][:2])
    assert ledger.voided(KEY, CodeKind.LINK) == {issued.codes[2][0]}
    assert ledger.voided(later, CodeKind.COUPON) == {other.codes[0][1]}
    assert ledger.voided(later, CodeKind.TICKET) == set()


def test_a_piece_knows_all_that_it_was_issued_of_its_own(ledger) -> None:
    """Both tickets, its coupon and its link, but not the code that everybody has; nothing of another shop."""
    issued = issue(ledger)
    first, second = issued.piece_ids[:2]
    found = ledger.codes_of_pieces(KEY.shop, [first, second, "222222222222"])
    assert found[first] == [
        CodePlace(first, CodeKind.COUPON, "thanks", 0),
        CodePlace(first, CodeKind.LINK, "coupon", 0),
        CodePlace(first, CodeKind.TICKET, "lottery", 0),
        CodePlace(first, CodeKind.TICKET, "lottery", 1),
    ]
    assert found.keys() == {first, second}
    assert ledger.codes_of_pieces("other", [first]) == {}


def test_a_piece_without_codes_of_its_own_is_known(ledger) -> None:
    with ledger.issuing(KEY) as issuing:
        [piece_id] = issuing.issue(recipients(1), []).piece_ids
    assert ledger.codes_of_pieces(KEY.shop, [piece_id]) == {piece_id: []}


def test_a_coupon_says_where_it_is_kept_and_whether_everybody_has_it(ledger) -> None:
    issued = issue(ledger)
    [own] = ledger.coupons(KEY.shop, [issued.codes[0][1]])
    [common] = ledger.coupons(KEY.shop, ["TOGETHER4"])
    assert (own.place, own.shared) == (coupon_places(issued)[1], False)
    assert (common.offer, common.shared) == ("everyone", True)
    assert void(ledger, [common.place]).new == [common.place]
    assert ledger.voided(KEY, CodeKind.COUPON) == {"TOGETHER4"}


def test_many_go_through_in_chunks(ledger, monkeypatch) -> None:
    with ledger.issuing(KEY) as issuing:
        issued = issuing.issue(recipients(40), [coupons(40)])
    monkeypatch.setattr("dmgen.ledger.tables.CHUNK", 7)
    places = coupon_places(issued)
    use(ledger, places[:10])
    changed = void(ledger, places)
    assert (set(changed.new), changed.known, set(changed.barred)) == (set(places[10:]), [], set(places[:10]))
    assert ledger.voided(KEY, CodeKind.COUPON) == set(issued.codes[0][10:])
    assert len(ledger.coupons(KEY.shop, issued.codes[0])) == 40
    assert ledger.codes_of_pieces(KEY.shop, issued.piece_ids).keys() == set(issued.piece_ids)


def test_issuing_and_restoring_leave_fates_alone(ledger) -> None:
    """A void code that a later run of the drop prints again is still void."""
    issued = issue(ledger)
    one, two, _ = coupon_places(issued)
    void(ledger, [one])
    use(ledger, [two])
    before = rows(ledger, tables.fates)
    assert issue(ledger) == issued
    codes = (RestoredCode(CodeKind.COUPON, "thanks", issued.codes[0][0], "500 yen"),)
    ledger.restore(KEY, [RestoredPiece(issued.piece_ids[0], "1001", codes)])
    assert rows(ledger, tables.fates) == before


def test_a_fault_on_the_way_leaves_no_fate(ledger) -> None:
    one, *_ = coupon_places(issue(ledger))
    with pytest.raises(KeyError):
        ledger.give_fate(Fate.VOID, _Failing({one: Told(FIRST, "")}))
    assert ledger.fates([one]) == {}


class _Failing(dict):
    def __getitem__(self, key):
        raise KeyError(key)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(st.sampled_from([Fate.VOID, Fate.USED]), st.sets(st.integers(0, 2)), st.sampled_from([FIRST, LATER])),
        max_size=8,
    )
)
def test_any_order_of_happenings_ends_as_a_plain_model_says(tmp_path_factory, steps) -> None:
    """A second implementation: a dictionary. The three parts of each answer are all codes asked, each once."""
    ledger = Ledger.open("ledger.sqlite", tmp_path_factory.mktemp("fates"))
    places = coupon_places(issue(ledger))
    model: dict[CodePlace, dict[Fate, Told]] = {}
    for fate, numbers, day in steps:
        asked = [places[number] for number in sorted(numbers)]
        changed = ledger.give_fate(fate, {place: Told(day, "") for place in asked})
        assert sorted([*changed.new, *changed.known, *changed.barred]) == sorted(asked)
        for place in asked:
            had = model.setdefault(place, {})
            if fate not in had and not (fate is Fate.VOID and Fate.USED in had):
                had[fate] = Told(day, "")
        assert ledger.fates(places) == {place: had for place, had in model.items() if had}
