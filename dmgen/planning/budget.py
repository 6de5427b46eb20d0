"""The sizes of symbols that show words: measured over the real list, decided before any number is issued."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote

from dmgen.audience import Audience, Positions
from dmgen.layout import Budget, Master, has_symbols, measure, merged, symbol_names, with_budget
from dmgen.model.campaign import Campaign, Segment
from dmgen.model.offer import Offer
from dmgen.model.production import Link, Numbers
from dmgen.offers import link
from dmgen.offers.lottery_words import COMMITMENT_LENGTH
from dmgen.offers.pool import read_pool
from dmgen.produce import WIDEST_SEQUENCE

Kinds = Callable[[Audience, str], Sequence[tuple[Numbers, Positions]]]
"""Of a segment: numbers as wide as any that may be issued, and the pieces that they stand for."""

_HEX_LETTER = "d"

_LETTER, _DIGIT = "W", "8"  # in a symbol, letters take as much room as any character, digits half of it


def with_symbol_sizes(
    campaign: Campaign, audience: Audience, masters: dict[str, Master], kinds: Kinds
) -> dict[str, Master]:
    """The masters of all segments with one size a layout for each symbol, whatever the number of workers.

    `kinds` say by segment what numbers its pieces get. Raises CampaignError where a symbol's modules would be
    too small for the longest payload.
    """
    budgets: defaultdict[str, list[Budget]] = defaultdict(list)
    for segment in campaign.segments:
        master = masters[segment.id].sealed(_HEX_LETTER * COMMITMENT_LENGTH)
        if not has_symbols(master):
            continue
        names = symbol_names(master)
        for placeholder, positions in kinds(audience, segment.id):
            pool = _pool(placeholder.offer)
            for numbers in _longest(campaign, segment, placeholder, pool):
                rows = audience.stream(positions[: None if names else 1], names)  # without columns all rows are alike
                varying = ("sequence", "coupon", "coupon_code") if pool else ("sequence",)
                budgets[segment.layout].append(measure(master, rows, numbers, WIDEST_SEQUENCE, varying))
    decided = {layout: merged(found) for layout, found in budgets.items()}
    return {
        segment.id: with_budget(masters[segment.id], decided[segment.layout])
        if segment.layout in decided
        else masters[segment.id]
        for segment in campaign.segments
    }


def _pool(offer: Offer | None) -> list[str]:
    return read_pool(offer.pool) if offer and offer.pool else []


def _longest(campaign: Campaign, segment: Segment, placeholder: Numbers, pool: list[str]) -> Iterator[Numbers]:
    """Numbers among which one takes as much room in a symbol as any that may be issued."""
    token = _LETTER * link.LENGTH
    longest = placeholder._replace(
        piece_id=_LETTER * len(placeholder.piece_id),
        coupon=_LETTER * len(placeholder.coupon),
        coupon_text=_lettered(placeholder.coupon_text),
        links={name: Link(token, link.prefix(campaign, segment, name) + token) for name in placeholder.links},
    )
    if pool:
        code = (_DIGIT if "".join(pool).isdigit() else _LETTER) * max(map(len, pool))
        longest = longest._replace(coupon=code, coupon_text=code)
        odd = max(pool, key=lambda one: len(quote(one, safe="")))  # in an address a sign takes three characters
        if len(quote(odd, safe="")) > len(code):
            yield longest._replace(coupon=odd, coupon_text=odd)
    yield longest


def _lettered(text: str) -> str:
    return "".join(_LETTER if char.isalnum() else char for char in text)
