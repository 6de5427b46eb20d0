"""What letters may say of a lottery: {{ lottery.prizes }}, {{ lottery.draw_on | jdate }} …"""

from datetime import date

from dmgen.model.lottery import Lottery, Prize

COMMITMENT_LENGTH, HEXADECIMAL = 64, "0123456789abcdef"
"""The one word that is known only when the numbers have been issued, `lottery.commitment`: a SHA-256."""
NO_COMMITMENT = "0" * COMMITMENT_LENGTH
"""What a proof shows in its place: no seal is this."""


def lottery_words(lottery: Lottery, *, japanese: bool) -> dict[str, str | int | date | None]:
    """The words that are the same on all letters, by name; what a lottery does not say is empty."""
    return {
        "prizes": prizes_sentence(lottery.prizes, japanese=japanese),
        "winners": lottery.winners,
        "draw_on": lottery.draw_on,
        "public": lottery.public,
        "claim_by": lottery.claim_by,
    }


def prizes_sentence(prizes: tuple[Prize, ...], *, japanese: bool) -> str:
    """All prizes with how many win each: 千草賞 新茶と急須のひと揃え（8,000円相当）3名さま、…

    A prize that is a discount says itself what it is worth; so does one of a shop abroad, whose currency is not known.
    """
    if not japanese:
        return "; ".join(f"{prize.label}: {prize.prize} ({_winners(prize.count)})" for prize in prizes)
    return "、".join(f"{prize.label} {prize.prize}{_worth(prize)}{prize.count:,}名さま" for prize in prizes)


def _worth(prize: Prize) -> str:
    return " " if prize.offer else f"（{prize.value:,}円相当）"


def _winners(count: int) -> str:
    return "1 winner" if count == 1 else f"{count:,} winners"
