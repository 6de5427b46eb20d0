"""Numbers and outcomes as this shop and this language write them."""

from dmgen.messages import Speaker, mark
from dmgen.model.analysis import Analysis, Part, Step
from dmgen.reasons import explain_reason

NOTHING = "–"
_STATUS = "status:"
_WORDS = {
    "printed": mark("printed"),
    "suppressed": mark("suppressed"),
    "control": mark("control group"),
    "review": mark("to be reviewed"),
    "rejected": mark("rejected"),
    "duplicate": mark("duplicate"),
    "no_segment": mark("no segment"),
    "no_parcel": mark("no parcel today"),
    "over_limit": mark("over the limit"),
    "other_status": mark("other statuses"),
    "no_amount": mark("nothing was paid"),
    "after_as_of": mark("later than the day measured up to"),
    "item_line": mark("further lines of an order"),
    "ambiguous_customer": mark("of an address that several customers have"),
    "unlisted_customer": mark("of somebody who is not in the customer list"),
    "conflicting_customer": mark("of an id that several customers have"),
}


def letters_left(analysis: Analysis) -> str:
    """What those are called of whom no outcome took a letter, before it is translated."""
    return mark("letters to print") if analysis.fitted else mark("left for a letter")


class Figures:
    """Numbers as this shop and this language write them."""

    def __init__(self, analysis: Analysis, speaker: Speaker) -> None:
        self.decimals = analysis.decimals
        self.yen = speaker.say(mark("¥{amount}"), amount="{}")

    def money(self, amount: float | None) -> str:
        """An amount of the smallest unit."""
        if amount is None:
            return NOTHING
        figure = f"{amount / 10**self.decimals:,.{self.decimals}f}"
        return figure if self.decimals else self.yen.format(figure)

    def mean(self, part: Part) -> str:
        """What one buyer has spent on average."""
        return self.money(part.spent / part.buyers if part.spent is not None and part.buyers else None)


def number(count: int | None) -> str:
    """How many."""
    return NOTHING if count is None else f"{count:,}"


def percent(share: float | None) -> str:
    """A share of a whole."""
    if share is None:
        return NOTHING
    return "<0.1%" if 0 < share < 0.0005 else f"{share:.1%}"


def ratio(part: int, whole: int) -> str:
    """A part as a share of a whole."""
    return percent(part / whole if whole else None)


def step_label(step: Step, speaker: Speaker) -> str:
    """What became of some rows, in words; a status stands as the list has it."""
    if step.outcome.startswith(_STATUS):
        return speaker.say(mark("status: {status}"), status=step.outcome.removeprefix(_STATUS) or NOTHING)
    said = speaker.say(_WORDS[step.outcome]) if step.outcome in _WORDS else explain_reason(step.outcome, speaker)
    reason = explain_reason(step.reason, speaker) if step.reason and step.reason != step.outcome else ""
    return speaker.say(mark("{outcome}: {reason}"), outcome=said, reason=reason) if reason else said


def media_label(part: Part, speaker: Speaker) -> str:
    """A medium's code; the small ones together have none."""
    return part.label or speaker.say(mark("others, or without one"))
