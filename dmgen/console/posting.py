"""How letters would be posted, on a terminal: class, weight, price, and what each discount saves and asks for."""

from collections.abc import Iterator

from rich.console import Console

from dmgen.console.figures import UNKNOWN, figures
from dmgen.messages import Speaker, mark
from dmgen.post.classes import CLASS_NAMES
from dmgen.post.conditions import Condition
from dmgen.post.effects import Effect
from dmgen.post.postage import DISCOUNT_NAMES, Posting
from dmgen.post.rates import Certain
from dmgen.posted import Posted, assumed
from dmgen.reasons import explain_reason
from dmgen.tasks.cost import CostReport
from dmgen.terminal import new_table

_SIGNS = {False: "✗ ", None: "・", True: "✓ "}
_UNSURE = (Certain.ONE, Certain.MEMORY)


def show_posting(console: Console, report: CostReport, speaker: Speaker) -> None:
    """How the letters are posted, what was assumed of that, and how many have no barcode."""
    say = speaker.say
    if report.rates is None:
        console.print(say(mark("Postage is known only for letters posted in Japan.")))
        return
    rows = [_cells(one, one.posting, speaker) for one in report.posted if one.posting]
    if rows:
        headings = (
            *(mark("Posted as"), mark("Envelope"), mark("Size (mm)"), mark("Pieces"), mark("mm thick"), mark("g")),
            mark("Yen"),
        )
        console.print(figures(say(mark("By post")), [say(one) for one in headings], rows, texts=3))
    if report.postage:
        said = mark("Postage {total} yen, without discounts {full} yen; prices since {day}.")
        paid = report.postage
        console.print(say(said, total=f"{paid.total:,}", full=f"{paid.full:,}", day=report.rates.valid_from))
    for one in assumed(report.posted):
        console.print(say(mark("Assumed: {assumed}"), assumed=speaker.error(one)))
    for reason, letters in report.no_barcode.items():
        said = mark("{letters} letters: {reason}")
        console.print(say(said, letters=f"{letters:,}", reason=explain_reason(reason, speaker)))


def _cells(one: Posted, posting: Posting, speaker: Speaker) -> tuple[str, ...]:
    item, classed = posting.item, posting.classed
    envelope = one.rules.envelope.name if one.rules.envelope else UNKNOWN
    size = f"{item.width:g}×{item.height:g}"
    numbers = (f"{posting.pieces:,}", f"{item.thickness:.1f}", f"{item.weight:.1f}", f"{classed.price:,}")
    return speaker.say(CLASS_NAMES[classed.mail_class]), envelope, size, *numbers


def show_discounts(console: Console, report: CostReport, speaker: Speaker) -> None:
    """What each discount saves or would save, and what it asks for; of one out of reach only what stands against it."""
    if not report.effects:
        return
    say = speaker.say
    table = new_table(say(mark("Discount")), say(mark("Saves (yen)")), say(mark("What it asks for")))
    table.title, table.title_justify = say(mark("Discounts")), "left"
    table.padding = (0, 0)
    for effect in report.effects:
        asked = say(mark("asked for") if effect.asked else mark("not asked for"))
        saves = f"{effect.saves:,}" if effect.saves else UNKNOWN
        name = f"{say(DISCOUNT_NAMES[effect.discount])}\n{effect.discount}: {asked}"
        table.add_row(name, saves, "\n".join(_told(effect, speaker)))
    console.print(table)
    said = mark('✓ met  ✗ not met  ・ for people to see to. Asked for under [mail]: discounts = ["sorted", "barcode"]')
    console.print(say(said))
    for one in report.further:
        said = mark("Would save {saves} yen more: {what}")
        console.print(say(said, saves=f"{one.saves:,}", what=speaker.error(one.message)))
    for hint in report.hints:
        console.print(say(mark("Near a discount: {hint}"), hint=speaker.error(hint)))


def _told(effect: Effect, speaker: Speaker) -> Iterator[str]:
    reached = effect.asked or effect.saves
    order = (False, None, True) if reached else (False,)
    for met in order:
        yield from (_condition(one, speaker) for one in effect.conditions if one.met is met)
    if reached and effect.certain in _UNSURE:
        yield _SIGNS[None] + speaker.say(
            mark("the rates are not from the post itself: ask there before you count on it")
        )


def _condition(condition: Condition, speaker: Speaker) -> str:
    return _SIGNS[condition.met] + speaker.error(condition.message)
