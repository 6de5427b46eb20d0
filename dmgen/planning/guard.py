"""[guard]: what must not happen unnoticed. Beyond its numbers nothing is issued."""

from fractions import Fraction

from dmgen.audience import Audience
from dmgen.errors import ListError
from dmgen.messages import mark
from dmgen.model.campaign import Campaign
from dmgen.model.history import History
from dmgen.model.recipient import Outcome


def check_guard(campaign: Campaign, audience: Audience, pieces: int, history: History) -> None:
    """Raises ListError where the list or the job is not as the campaign expects it.

    Rejected are rows that cannot be used: rejected, or to be read by a person (review). The list's size is compared
    with that of the campaign's last other drop.
    """
    guard, file = campaign.choice.guard, campaign.folder / "campaign.toml"
    counts, read = audience.counts(), audience.customers_read
    rejected = counts[Outcome.REJECTED] + counts[Outcome.REVIEW]
    if guard.max_rejected is not None:
        most = _exact(guard.max_rejected) * (read if guard.max_rejected < 1 else 1)
        if rejected > most:
            raise ListError(
                mark(
                    "{file}: [guard] max_rejected = {most}: {rejected:,} of {read:,} customers cannot be used. Nothing "
                    "was issued. To see them, take this line away and type: dmgen check. Mend the list, or raise "
                    "the number."
                ),
                file=file,
                most=_figure(guard.max_rejected),
                rejected=rejected,
                read=read,
            )
    if guard.max_pieces is not None and pieces > guard.max_pieces:
        raise ListError(
            mark(
                "{file}: [guard] max_pieces = {most}: this job would have {pieces:,} letters. Nothing was issued. "
                "Look at the list and the segments, set [limits] pieces, or raise max_pieces."
            ),
            file=file,
            most=guard.max_pieces,
            pieces=pieces,
        )
    if guard.max_shrink is not None and history.customers and read < history.customers * (1 - _exact(guard.max_shrink)):
        raise ListError(
            mark(
                "{file}: [guard] max_shrink = {most}: the list has {read:,} customers, at the last drop it had "
                "{before:,}. Nothing was issued. Is the export complete? If so, raise max_shrink or take it away."
            ),
            file=file,
            most=_figure(guard.max_shrink),
            read=read,
            before=history.customers,
        )


def _exact(number: float) -> Fraction:
    """The number as it is written, so that a share of exactly so many rows is not more than that."""
    return Fraction(str(number))


def _figure(number: float) -> str:
    """A share or a number as people write it."""
    return f"{number:g}"
