"""The draw: from secret seed, public value and tickets to the winners, by steps that anyone can repeat.

The steps, with examples, are in README.md beside this file.
"""

import hmac
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from dmgen.model.lottery import Prize, Reveal
from dmgen.offers.seal import VERSION, canonical

_WORD = 8  # bytes of a random number


class Win(NamedTuple):
    """A prize, by its id, and a ticket that wins it."""

    prize: str
    ticket: str


def normalised(public: str) -> str:
    """A public value as it is used: in ordinary width (NFKC), runs of blanks as one, none at the ends. Case stays."""
    return " ".join(unicodedata.normalize("NFKC", public).split())


def unseen(public: str) -> str:
    """The first character that nobody sees and that could hide in a normalised public value; "" where there is none."""
    return next((character for character in public if unicodedata.category(character)[0] == "C"), "")


def winners(
    tickets: Sequence[str],
    prizes: Sequence[Prize],
    seed: str,
    public: str,
    *,
    repeat: bool = False,
    voided: Collection[str] = (),
) -> list[Win]:
    """The winners of every prize that can be drawn, in the order of the prizes, then of the draw.

    Without a public value ("") those are the prizes that the letter's page reveals at once, which no public value
    decides and no later voiding changes; with one they and the dated draw's. `seed` is hexadecimal. A `voided` ticket
    is passed over in the dated draw. A ticket wins one prize at most, on the page or in the draw; with `repeat` it
    may win several prizes, though never one of them twice. Raises ValueError where there are fewer tickets than a
    prize needs.
    """
    numbers = sorted(tickets)
    at_once = _drawn(numbers, [p for p in prizes if p.reveal is Reveal.PAGE], seed, "", set(), repeat)
    if not public:
        return at_once
    passed = {win.ticket for win in at_once} if not repeat else set[str]()
    dated = _drawn(numbers, [p for p in prizes if p.reveal is Reveal.DRAW], seed, public, passed | set(voided), repeat)
    places = {prize.id: place for place, prize in enumerate(prizes)}
    return sorted(at_once + dated, key=lambda win: places[win.prize])  # stable: within a prize as drawn


def _drawn(
    tickets: Sequence[str], prizes: Sequence[Prize], seed: str, public: str, passed: set[str], repeat: bool
) -> list[Win]:
    """The winners of these prizes, each drawn from a shuffle of its own of all tickets; those `passed` cannot win."""
    won: list[Win] = []
    for prize in prizes:
        shuffle = _shuffle(tickets, random_numbers(stream_key(seed, prize, public)))
        found: list[str] = []
        while len(found) < prize.count:
            ticket = next(shuffle, None)
            if ticket is None:
                raise ValueError(f"fewer tickets than winners of {prize.id}")
            if ticket not in passed:
                found.append(ticket)
        won += [Win(prize.id, ticket) for ticket in found]
        if not repeat:
            passed = passed | set(found)
    return won


def stream_key(seed: str, prize: Prize, public: str) -> bytes:
    """The key of a prize's random numbers: an HMAC of what decides it, under the seed."""
    what = canonical(["dmgen lottery draw", VERSION, prize.reveal.value, prize.id, public])
    return hmac.digest(bytes.fromhex(seed), what, "sha256")


def random_numbers(key: bytes) -> Iterator[int]:
    """Random numbers of 64 bits without end: HMAC-SHA256 of a counter (8 bytes), four of each."""
    counter = 0
    while True:
        block = hmac.digest(key, counter.to_bytes(_WORD, "big"), sha256)
        yield from (int.from_bytes(block[at : at + _WORD], "big") for at in range(0, len(block), _WORD))
        counter += 1


def below(limit: int, random: Iterator[int]) -> int:
    """The next number from 0 up to, not including, `limit`; all are equally likely.

    Random numbers in the incomplete last round of `limit` are thrown away: they would favour the low results.
    """
    even = 2 ** (8 * _WORD) // limit * limit
    return next(number for number in random if number < even) % limit


def _shuffle(tickets: Sequence[str], random: Iterator[int]) -> Iterator[str]:
    """The tickets in random order (Fisher–Yates, only as far as it is asked for)."""
    moved: dict[int, str] = {}
    for place in range(len(tickets)):
        chosen = place + below(len(tickets) - place, random)
        yield moved.get(chosen, tickets[chosen])
        moved[chosen] = moved.pop(place, tickets[place])
