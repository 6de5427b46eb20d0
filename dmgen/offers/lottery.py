"""Lottery numbers: digits of a fixed length, none of which tells of another."""

from dmgen.errors import CampaignError
from dmgen.messages import mark
from dmgen.model.random_text import random_strings

_FULLEST = 10  # at most one number in ten is a ticket: guessing is no game, and drawing never runs into a wall


def draw(n: int, digits: int) -> list[str]:
    """`n` random numbers of `digits` digits, leading zeros kept."""
    return random_strings(n, digits, "0123456789")


def check_ticket_space(tickets: int, digits: int) -> None:
    """Refuse a drop whose tickets would fill more than a tenth of the numbers. Raises CampaignError."""
    if tickets * _FULLEST <= 10**digits:
        return
    raise CampaignError(
        mark(
            "campaign.toml: {tickets} lottery tickets are too many for numbers of {digits} digits: "
            "at most one number in ten may be a ticket, or they could be guessed. "
            "Write under [lottery]: digits = {needed}"
        ),
        tickets=tickets,
        digits=digits,
        needed=len(str(tickets * _FULLEST - 1)),
    )
