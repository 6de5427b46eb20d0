"""The draw: by its description, evenly, exactly the promised winners, the same ones every time."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import islice, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmgen.model.lottery import Lottery, Prize, Reveal
from dmgen.offers.draw import Win, below, normalised, random_numbers, stream_key, unseen, winners
from dmgen.offers.seal import rules_of
from tests.jobs import ROOT
from tests.offers.reference_draw import reference

SEED = "00112233445566778899aabbccddeeff" * 2
PUBLIC = "NIKKEI 2026-12-01 close 51234.56"


def prize(id: str, count: int, reveal: Reveal = Reveal.DRAW) -> Prize:
    return Prize(id, id, "茶", 1000, count, reveal)


def by_prize(won: Sequence[Win]) -> dict[str, list[str]]:
    found = defaultdict(list)
    for win in won:
        found[win.prize].append(win.ticket)
    return dict(found)


def test_the_test_vectors_of_the_description() -> None:
    """They stand in README.md beside the module; a change of the algorithm is a change of its version."""
    key = stream_key(SEED, prize("first", 1), PUBLIC)
    told = (ROOT / "dmgen" / "offers" / "README.md").read_text("utf-8")
    assert all(value in told for value in (SEED, PUBLIC, key.hex(), "00000300, 00000950, 00000878"))
    assert key.hex() == "5e89751d7808bc11be78f44eea95b0b586c40ab158bcbfc774d671e4957c138e"
    assert [f"{number:016x}" for number in islice(random_numbers(key), 5)] == [
        "f5a9b52eccc231a6",
        "3f3753edc1216eb2",
        "5cb8dfb1d58e29bb",
        "396a8b1e77409ab3",
        "fa4970aac670b3cb",
    ]
    tickets = [f"{number:08d}" for number in range(1000)]
    won = winners(tickets, [prize("first", 1), prize("second", 3), prize("spark", 2, Reveal.PAGE)], SEED, PUBLIC)
    assert by_prize(won) == {
        "first": ["00000014"],
        "second": ["00000300", "00000950", "00000878"],
        "spark": ["00000768", "00000450"],
    }


@st.composite
def lotteries(draw) -> tuple[list[str], list[Prize], bool, list[str]]:
    count, step = draw(st.integers(1, 60)), draw(st.integers(1, 9999))
    tickets = [f"{number * step:06d}" for number in range(count)]
    repeat = draw(st.booleans())
    voided = sorted(draw(st.sets(st.sampled_from(tickets), max_size=min(20, count - 1))))
    left, prizes = len(tickets) - len(voided), []
    for number in range(draw(st.integers(1, 5))):
        count = draw(st.integers(0, left))
        if count:
            prizes.append(prize(f"p{number}", count, draw(st.sampled_from(Reveal))))
            left -= 0 if repeat else count
    return tickets, prizes, repeat, voided


@given(lotteries(), st.binary(min_size=32, max_size=32).map(bytes.hex), st.text('あア1 ."\\é', min_size=1, max_size=9))
def test_another_implementation_finds_the_same_winners(lottery, seed: str, public: str) -> None:
    tickets, prizes, repeat, voided = lottery
    won = winners(tickets, prizes, seed, public, repeat=repeat, voided=voided)
    rules = rules_of(Lottery(prizes=tuple(prizes), repeat=repeat))
    assert by_prize(won) == reference(tickets, rules, seed, public, voided)


@given(lotteries(), st.randoms())
def test_exactly_the_promised_winners(lottery, random) -> None:
    tickets, prizes, repeat, voided = lottery
    won = winners(tickets, prizes, SEED, PUBLIC, repeat=repeat, voided=voided)
    assert [win.prize for win in won] == [one.id for one in prizes for _ in range(one.count)]
    assert {win.ticket for win in won} <= set(tickets)
    assert not {win.ticket for win in won if dict(zip_reveal(prizes))[win.prize] is Reveal.DRAW} & set(voided)
    assert len(set(won)) == len(won), "no ticket wins one prize twice"
    if not repeat:
        assert len({win.ticket for win in won}) == len(won), "no ticket wins twice"
    random.shuffle(tickets)
    assert winners(tickets, prizes, SEED, PUBLIC, repeat=repeat, voided=voided) == won, "whatever the order"


def zip_reveal(prizes: list[Prize]) -> list[tuple[str, Reveal]]:
    return [(one.id, one.reveal) for one in prizes]


TICKETS = [f"{number:04d}" for number in range(50)]


def test_what_the_page_reveals_waits_for_no_public_value_and_stays() -> None:
    """Neither the public value nor a ticket voided later may change what a page has told somebody already."""
    prizes = [prize("first", 5), prize("spark", 10, Reveal.PAGE)]
    at_once = winners(TICKETS, prizes, SEED, "")
    assert {win.prize for win in at_once} == {"spark"}
    for public in (PUBLIC, "another"):
        won = winners(TICKETS, prizes, SEED, public, voided=[at_once[0].ticket])
        assert [win for win in won if win.prize == "spark"] == at_once
        assert not {win.ticket for win in won if win.prize == "first"} & {win.ticket for win in at_once}
    again = [winners(TICKETS, prizes, SEED, str(n), repeat=True) for n in range(20)]
    both = [{w.ticket for w in won if w.prize == "first"} & {w.ticket for w in at_once} for won in again]
    assert any(both), "with repeat a ticket may win on the page and in the draw"


def test_with_repeat_a_ticket_wins_several_prizes_and_never_one_of_them_twice() -> None:
    prizes = [prize("a", 50), prize("b", 50)]
    won = by_prize(winners(TICKETS, prizes, SEED, PUBLIC, repeat=True))
    assert sorted(won["a"]) == sorted(won["b"]) == TICKETS
    assert won["a"] != won["b"], "each prize has a shuffle of its own"
    with pytest.raises(ValueError, match="winners of b"):
        winners(TICKETS, prizes, SEED, PUBLIC)


def test_a_voided_ticket_changes_nothing_but_its_own_place() -> None:
    """Otherwise whoever may void tickets after the public value is known could choose the winners."""
    prizes = [prize("a", 10), prize("b", 10)]
    won = winners(TICKETS, prizes, SEED, PUBLIC)
    lost = sorted(set(TICKETS) - {win.ticket for win in won})
    assert winners(TICKETS, prizes, SEED, PUBLIC, voided=lost) == won
    without = by_prize(winners(TICKETS, prizes, SEED, PUBLIC, voided=[won[3].ticket]))
    assert without["a"][:9] == [win.ticket for win in won[:3] + won[4:10]]


@pytest.mark.parametrize("reveal", Reveal)
def test_more_winners_than_tickets_are_refused(reveal: Reveal) -> None:
    assert len(winners(TICKETS, [prize("a", 50, reveal)], SEED, PUBLIC)) == 50
    with pytest.raises(ValueError, match="winners of a"):
        winners(TICKETS, [prize("a", 51, reveal)], SEED, PUBLIC)
    if reveal is Reveal.DRAW:
        with pytest.raises(ValueError, match="winners of a"):
            winners(TICKETS, [prize("a", 50)], SEED, PUBLIC, voided=TICKETS[:1])


@given(st.integers(1, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_no_result_is_favoured_by_the_incomplete_last_round(limit: int, number: int) -> None:
    """Every result has as many of the 2^64 numbers as every other; the others are thrown away."""
    rounds = 2**64 // limit
    last = rounds * limit - 1
    assert below(limit, iter([number, 0])) == (number % limit if number <= last else 0)
    assert below(limit, iter([last])) == limit - 1
    if last < 2**64 - 1:
        assert below(limit, iter([last + 1, 2**64 - 1, 0])) == 0


def test_a_large_odd_range_shows_no_bias() -> None:
    """For ⅔ of 2^64 a plain remainder would give the lower half two thirds of all results."""
    limit = 2**64 // 3 * 2
    random = random_numbers(b"key")
    low = sum(below(limit, random) < limit // 2 for _ in range(20_000))
    assert abs(low - 10_000) < 6 * 71  # six standard deviations


def chi_square(counts: Counter, cells: int) -> float:
    expected = counts.total() / cells
    return sum((count - expected) ** 2 / expected for count in counts.values()) + (cells - len(counts)) * expected


def bound(cells: int) -> float:
    """Which chi-square exceeds once in a million draws (Wilson–Hilferty), for cells - 1 degrees of freedom."""
    k = cells - 1
    return k * (1 - 2 / (9 * k) + 4.753 * (2 / (9 * k)) ** 0.5) ** 3


@pytest.mark.parametrize("repeat", [False, True])
@pytest.mark.parametrize("reveal", Reveal)
def test_every_ticket_wins_every_prize_equally_often(reveal: Reveal, repeat: bool) -> None:
    """By chi-square over 7,000 seeds: seven tickets (a small odd range), three prizes, each on its own."""
    tickets = [str(number) for number in range(7)]
    prizes = [prize("a", 1, reveal), prize("b", 2, reveal), prize("c", 1, reveal)]
    found = Counter(win for n in range(7000) for win in winners(tickets, prizes, f"{n:064x}", PUBLIC, repeat=repeat))
    for one in prizes:
        of_prize = Counter({win: count for win, count in found.items() if win.prize == one.id})
        assert chi_square(of_prize, 7) < bound(7)


def test_every_order_of_winners_is_equally_likely() -> None:
    """All 60 ways to draw three of five, one of them voided in a sixth ticket: what is passed over biases nothing."""
    tickets = [str(number) for number in range(6)]
    prizes = [prize("a", 1), prize("b", 1), prize("c", 1)]
    found = Counter(
        "".join(win.ticket for win in winners(tickets, prizes, SEED, str(n), voided=["2"])) for n in range(12_000)
    )
    assert set(found) == {"".join(order) for order in permutations("01345", 3)}
    assert chi_square(found, 60) < bound(60)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (PUBLIC, PUBLIC),
        ("  ＮＩＫＫＥＩ　2026－12－01\tclose   ５１２３４．５６\n", PUBLIC),
        ("日経平均株価 ﾆｯｹｲ", "日経平均株価 ニッケイ"),
        ("Nikkei", "Nikkei"),
        (" \u3000 ", ""),
    ],
)
def test_a_public_value_is_read_in_any_width_and_spacing(typed: str, read: str) -> None:
    assert normalised(typed) == read
    assert normalised(read) == read


@given(st.text(max_size=20))
def test_reading_a_public_value_twice_changes_nothing(typed: str) -> None:
    assert normalised(normalised(typed)) == normalised(typed)


def test_characters_that_nobody_sees_are_found() -> None:
    assert unseen(normalised("51234\u200b.56")) == "\u200b"
    assert unseen(normalised("51234.56\n")) == ""
    assert unseen("\x00") == "\x00"
