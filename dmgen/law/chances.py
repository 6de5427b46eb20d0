"""What one number, and one person, can win in the lotteries that run together."""

from dataclasses import dataclass
from heapq import nlargest
from itertools import chain, repeat

from dmgen.model.lottery import Lottery, Prize, Reveal


@dataclass(frozen=True, slots=True)
class Chances:
    """Yen that one ticket, and one person with `tickets` of them, can win; and all prizes of all the lotteries."""

    one_ticket: int
    one_person: int
    tickets: int
    total: int


def chances(lottery: Lottery, tickets: int) -> Chances:
    """The most that can be won.

    A ticket can win on the page and at the draw, and each lottery alongside as well; at the draw more than once only
    where `repeat` allows it: then, at the worst, everything.
    """
    drawn = [prize for prize in lottery.prizes if prize.reveal is Reveal.DRAW]
    shown = [prize for prize in lottery.prizes if prize.reveal is Reveal.PAGE]
    others = sum(other.highest for other in lottery.alongside)

    def most(with_tickets: int) -> int:
        at_draw = _sum(drawn) if lottery.repeat else _best(drawn, with_tickets)
        return at_draw + _best(shown, with_tickets) + others

    total = _sum(lottery.prizes) + sum(other.total for other in lottery.alongside)
    return Chances(most(1), most(max(tickets, 1)), tickets, total)


def _sum(prizes: list[Prize] | tuple[Prize, ...]) -> int:
    return sum(prize.value * prize.count for prize in prizes)


def _best(prizes: list[Prize], tickets: int) -> int:
    """The most valuable prizes, one a ticket."""
    return sum(nlargest(tickets, chain.from_iterable(repeat(p.value, min(p.count, tickets)) for p in prizes)))
