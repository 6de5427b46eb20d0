"""Which class a thing is posted in, and what it costs without any discount."""

from collections.abc import Iterator
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


class Classed(NamedTuple):
    """A class, the step of weight (up to so many g), the full price (yen); what a person should know of it."""

    mail_class: MailClass
    step: float
    price: int
    remarks: tuple[DmgenError, ...] = ()


def classed(item: Item, rules: MailRules, rates: Rates, *, card: bool) -> Classed:
    """The class asked for, or the cheapest that takes the thing; `card`: 郵便はがき or POST CARD is printed on it.

    Raises CampaignError when no class, or not the one asked for, takes it. ゆうメール is only taken when asked for: a
    letter to a person may not go by it.
    """
    postcard = card and rules.envelope is None
    free = [one for one in MailClass if one in rates.classes and one is not MailClass.YUMAIL]
    wanted = free if rules.mail_class is None else [rules.mail_class]
    reasons: list[DmgenError] = []
    able: list[Classed] = []
    for one in wanted:
        against = list(_against(item, one, rates.classes[one], postcard=postcard))
        reasons += against
        if not against:
            step = next(step for step in rates.classes[one].steps if item.weight <= step.to)
            able.append(Classed(one, step.to, step.yen))
    if not able:
        raise CampaignError(mark("[mail] class: {reason}"), reason=reasons[0])
    return min(able, key=lambda one: one.price)


def _against(item: Item, mail_class: MailClass, limits: ClassRates, *, postcard: bool) -> Iterator[CampaignError]:
    """What of a thing a class does not take."""
    name = CampaignError(CLASS_NAMES[mail_class])
    if mail_class is MailClass.HAGAKI and not postcard:
        yield CampaignError(mark("{name}: 郵便はがき or POST CARD has to be printed on it"), name=name)
    for side, (low, high) in ((item.width, limits.short), (item.height, limits.long)):
        if not low <= side <= high:
            message = mark("{name}: a side of {side:g} mm; allowed: {low:g} to {high:g} mm")
            yield CampaignError(message, name=name, side=side, low=low, high=high)
    if limits.thickness is not None and item.thickness > limits.thickness:
        message = mark("{name}: {thickness:g} mm thick; allowed: {most:g} mm")
        yield CampaignError(message, name=name, thickness=item.thickness, most=limits.thickness)
    around = item.width + item.height + item.thickness
    if limits.sum is not None and around > limits.sum:
        message = mark("{name}: both sides and the thickness are {around:g} mm together; allowed: {most:g} mm")
        yield CampaignError(message, name=name, around=around, most=limits.sum)
    if not limits.lightest <= item.weight <= limits.steps[-1].to:
        message = mark("{name}: {weight:g} g; allowed: {low:g} to {high:g} g")
        values = {"weight": item.weight, "low": limits.lightest, "high": limits.steps[-1].to}
        yield CampaignError(message, name=name, **values)
