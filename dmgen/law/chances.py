"""What one number, and one person, can win in the lotteries that run together."""

from dataclasses import dataclass
from heapq import nlargest
from itertools import chain, repeat

from dmgen.model.lottery import Lottery


@dataclass(frozen=True, slots=True)
class Chances:
    """Yen that one ticket, and one person with `tickets` of them, can win; and all prizes of all the lotteries."""

    one_ticket: int
    one_person: int
    tickets: int
    total: int


def chances(lottery: Lottery, tickets: int) -> Chances:
    """The most that can be won.

    A ticket wins one prize, on the page or at the draw; with `repeat` each prize once. Each lottery alongside can be
    won as well.
    """
    others = sum(other.highest for other in lottery.alongside)

    def most(with_tickets: int) -> int:
        """What so many tickets win at best."""
        within_reach = chain.from_iterable(repeat(p.value, min(p.count, with_tickets)) for p in lottery.prizes)
        return others + sum(within_reach if lottery.repeat else nlargest(with_tickets, within_reach))

    total = sum(prize.value * prize.count for prize in lottery.prizes)
    return Chances(most(1), most(max(tickets, 1)), tickets, total + sum(other.total for other in lottery.alongside))
