"""Which class a thing is posted in, and what it costs without any discount."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dmgen.errors import CampaignError, DmgenError
from dmgen.messages import mark
from dmgen.model.posting import MailClass, MailRules
from dmgen.post.item import Item
from dmgen.post.rates import ClassRates, Rates

CLASS_NAMES = {
    MailClass.HAGAKI: mark("postcard (hagaki)"),
    MailClass.TEIKEI: mark("standard letter (teikei)"),
    MailClass.TEIKEIGAI: mark("non-standard letter (teikeigai)"),
    MailClass.TEIKEIGAI_LARGE: mark("large non-standard letter (teikeigai_large)"),
    MailClass.YUMAIL: mark("Yu-Mail (yumail)"),
}
NEAR = 0.05
"""Weights are computed; paper is up to so much heavier than it says, glue and ink not counted."""


class Classed(NamedTuple):
    """A class, the step of weight (up to so many g), the full price (yen); what a person should know of it."""

    mail_class: MailClass
    step: float
    price: int
    remarks: tuple[DmgenError, ...] = ()


def classed(item: Item, rules: MailRules, rates: Rates, *, card: bool) -> Classed:
    """The class asked for, or the cheapest that takes the thing; `card`: 郵便はがき or POST CARD is printed on it.

    Raises CampaignError when no class, or not the one asked for, takes it. ゆうメール is taken only when it is asked
    for: a letter to a person may not go by it.
    """
    postcard = card and rules.envelope is None
    asked = rules.mail_class
    if asked is not None and asked not in rates.classes:
        message = mark('[mail] class: {file} has no prices for "{asked}"; allowed: {known}')
        known = ", ".join(f'"{one}"' for one in rates.classes)
        raise CampaignError(message, file=rates.file.name, asked=asked, known=known)
    wanted: list[MailClass] = [one for one in rates.classes if one is not MailClass.YUMAIL]
    wanted = sorted(wanted, key=list(MailClass).index) if asked is None else [asked]
    against = {one: list(_against(item, one, rates.classes[one], postcard=postcard)) for one in wanted}
    able = [one for one in wanted if not against[one]]
    if not able:
        message = mark("[mail]: as a {name} this cannot be posted: {reasons}")
        name = CampaignError(CLASS_NAMES[wanted[-1]])  # the class that takes most
        raise CampaignError(message, name=name, reasons=_together(against[wanted[-1]]))
    taken = [(_step_of(item, rates.classes[one]), one) for one in able]
    (price, step), best = min(taken, key=lambda one: one[0])
    remarks = (*_of_card(item, best, against, postcard=postcard), *_of_weight(item, best, rates.classes[best]))
    return Classed(best, step, price, remarks)


def _step_of(item: Item, limits: ClassRates) -> tuple[int, float]:
    step = next(step for step in limits.steps if item.weight <= step.to)
    return step.yen, step.to


def _against(item: Item, mail_class: MailClass, limits: ClassRates, *, postcard: bool) -> Iterator[CampaignError]:
    """What of a thing a class does not take."""
    if mail_class is MailClass.HAGAKI and not postcard:
        yield CampaignError(mark("no card on which 郵便はがき or POST CARD is printed"))
    for side, (low, high) in ((item.width, limits.short), (item.height, limits.long)):
        if not low <= side <= high:
            message = mark("a side of {side:g} mm, allowed are {low:g} to {high:g} mm")
            yield CampaignError(message, side=side, low=low, high=high)
    if limits.thickness is not None and item.thickness > limits.thickness:
        message = mark("about {thickness:.1f} mm thick, allowed are {most:g} mm")
        yield CampaignError(message, thickness=item.thickness, most=limits.thickness)
    around = round(item.width + item.height + item.thickness, 3)
    if limits.sum is not None and around > limits.sum:
        message = mark("both sides and the thickness are {around:g} mm together, allowed are {most:g} mm")
        yield CampaignError(message, around=around, most=limits.sum)
    if not limits.lightest <= item.weight <= limits.steps[-1].to:
        message = mark("about {weight:.1f} g, allowed are {low:g} to {high:g} g")
        yield CampaignError(message, weight=item.weight, low=limits.lightest, high=limits.steps[-1].to)


def _together(reasons: Sequence[CampaignError]) -> CampaignError:
    whole = reasons[0]
    for one in reasons[1:]:
        whole = CampaignError(mark("{first}; {second}"), first=whole, second=one)
    return whole


def _of_card(
    item: Item, best: MailClass, against: dict[MailClass, list[CampaignError]], *, postcard: bool
) -> Iterator[DmgenError]:
    """A card that is charged as a letter, and why."""
    reasons = against.get(MailClass.HAGAKI, [])
    if best is MailClass.HAGAKI or not reasons:
        return
    name = DmgenError(CLASS_NAMES[best])
    if postcard:
        message = mark("郵便はがき is printed on it, but it is charged as a {name}: {reasons}")
        yield DmgenError(message, name=name, reasons=_together(reasons))
    elif len(reasons) == 1 and item.thickness < 1:
        message = mark(
            "it has the size and weight of a postcard and is charged as a {name}: a card needs 郵便はがき or POST CARD "
            "printed on its address side, and no envelope"
        )
        yield DmgenError(message, name=name)


def _of_weight(item: Item, mail_class: MailClass, limits: ClassRates) -> Iterator[DmgenError]:
    """A weight so near to a limit that the computed one does not decide."""
    bounds = [limits.lightest, *(step.to for step in limits.steps)]
    near = next((one for one in bounds if one and abs(item.weight - one) <= one * NEAR), None)
    if near is not None:
        message = mark(
            "about {weight:.1f} g is near the limit of {near:g} g for a {name}: paper is not exactly as heavy as it "
            "says, so weigh one before all are printed"
        )
        yield DmgenError(message, weight=item.weight, near=near, name=DmgenError(CLASS_NAMES[mail_class]))
