"""What a campaign would cost, on a terminal: costs a segment, how it is posted, discounts, what it must bring in."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from fractions import Fraction

from rich.console import Console

from dmgen.messages import Speaker, mark
from dmgen.model.costs import RESPONSES, Cost, Origin
from dmgen.post.classes import CLASS_NAMES
from dmgen.post.effects import DISCOUNT_NAMES, Condition, Effect
from dmgen.posted import Posted, assumed
from dmgen.reasons import explain_reason
from dmgen.tasks.cost import CostReport, Row
from dmgen.terminal import filled_table, new_table, terminal

_PAID_FOR = {
    Cost.SETUP: mark("setting up the job"),
    Cost.SETUP_LAYOUT: mark("setting up a layout"),
    Cost.SIDE: mark("printing a side"),
    Cost.SHELL: mark("a pre-printed sheet"),
    Cost.PAPER: mark("a sheet of paper"),
    Cost.FOLD: mark("folding"),
    Cost.ENVELOPE: mark("an envelope"),
    Cost.INSERTING: mark("inserting"),
    Cost.PER_PIECE: mark("per letter"),
}
_UNKNOWN = "-"


def show_cost(report: CostReport, speaker: Speaker) -> None:
    """The sum first, then what it is made of, and last what a person should look at."""
    console, say = terminal(), speaker.say
    whole = report.all
    if whole.per_letter is None:
        console.print(say(mark("Nobody gets a letter: nothing to pay for.")))
        return
    said = mark("{letters} letters cost {total} yen, {each} yen each.")
    console.print(say(said, letters=f"{whole.letters:,}", total=f"{whole.total:,}", each=f"{whole.per_letter:,}"))
    _show_rows(console, report, speaker)
    _show_prices(console, report, speaker)
    _show_posting(console, report, speaker)
    _show_discounts(console, report, speaker)
    _show_returns(console, report, speaker)
    for hint in report.hints:
        console.print(say(mark("Near a discount: {hint}"), hint=speaker.error(hint)))
    for remark in report.remarks:
        console.print(say(mark("Look at this: {remark}"), remark=speaker.error(remark)))


def _name(row: Row, speaker: Speaker) -> str:
    return row.label or speaker.say(mark("slips and separators"))


def _show_rows(console: Console, report: CostReport, speaker: Speaker) -> None:
    say = speaker.say
    headings = (
        *(mark("Segment"), mark("Letters"), mark("Sheets"), mark("Printing"), mark("Paper")),
        *(mark("Handling"), mark("Postage"), mark("Total"), mark("Each")),
    )
    rows = [(_name(row, speaker), *_amounts(row)) for row in report.rows]
    shown = filled_table([say(one) for one in headings], [*rows, (say(mark("All")), *_amounts(report.all))], 1)
    shown.title, shown.title_justify = say(mark("Costs (yen, with tax)")), "left"
    console.print(shown)
    if report.all.postage is None:
        console.print(say(mark("The postage is not known: it is not in these sums.")))


def _amounts(row: Row) -> tuple[str, ...]:
    yen = (row.print, row.paper, row.handling, row.postage, row.total)
    each = _UNKNOWN if row.per_letter is None else f"{row.per_letter:,}"
    return f"{row.letters:,}", f"{row.sheets:,}", *map(_yen, yen), each


def _yen(amount: int | None) -> str:
    return _UNKNOWN if amount is None else f"{amount:,}"


def _show_prices(console: Console, report: CostReport, speaker: Speaker) -> None:
    """The price of each thing, how often, and where the price stands."""
    say = speaker.say
    origins = {Origin.EXAMPLE: say(mark("example")), Origin.SHOP: Origin.SHOP, Origin.CAMPAIGN: Origin.CAMPAIGN}
    headings = (mark("Paid for"), mark("Price from"), mark("Yen each"), mark("How many"), mark("Yen"))
    rows = [
        (
            f"{say(_PAID_FOR[charge.cost])} ({charge.cost})",
            str(origins[charge.origin]),
            f"{charge.unit:,}",
            f"{charge.quantity:,}",
            f"{charge.yen:,}",
        )
        for charge in report.charges
    ]
    console.print(filled_table([say(one) for one in headings], rows, 2))
    if report.examples:
        said = mark(
            "Prices marked as examples are nobody's offer (as of {day}): write your own under [costs] in {shop}, "
            "for example {key} = 4.5"
        )
        key = max(report.examples, key=lambda charge: charge.quantity).cost.value
        shop = report.campaign.shop.file.name
        console.print(say(said, day=report.campaign.costs.dated, shop=shop, key=key))


def _show_posting(console: Console, report: CostReport, speaker: Speaker) -> None:
    """How the letters are posted, and what was assumed of that."""
    say = speaker.say
    if report.campaign.in_parcels:
        return
    if report.rates is None:
        console.print(say(mark("Postage is known for letters posted in Japan alone.")))
        return
    taken = [one for one in report.posted if one.posting]
    if taken:
        headings = (mark("Posted as"), mark("Size"), mark("Letters"), mark("mm thick"), mark("g"), mark("Yen each"))
        rows = [_posting(one, speaker) for one in taken]
        shown = filled_table([say(one) for one in headings], rows, 2)
        shown.title, shown.title_justify = say(mark("By post")), "left"
        console.print(shown)
    if report.postage:
        said = mark("Postage {total} yen, without discounts {full} yen; prices since {day}.")
        paid = report.postage
        console.print(say(said, total=f"{paid.total:,}", full=f"{paid.full:,}", day=report.rates.valid_from))
    for one in assumed(report.posted):
        console.print(say(mark("Assumed: {assumed}"), assumed=speaker.error(one)))
    for reason, letters in report.no_barcode.items():
        said = mark("{letters} letters without a customer barcode: {reason}")
        console.print(say(said, letters=f"{letters:,}", reason=explain_reason(reason, speaker)))


def _posting(one: Posted, speaker: Speaker) -> tuple[str, ...]:
    posting = one.posting
    assert posting is not None  # noqa: S101  those that the post does not take are left out
    item, classed = posting.item, posting.classed
    how = one.rules.envelope.name if one.rules.envelope else one.layout.name
    kind = f"{speaker.say(CLASS_NAMES[classed.mail_class])} {how}"
    size = f"{item.width:g}×{item.height:g} mm"
    return kind, size, f"{posting.pieces:,}", f"{item.thickness:.1f}", f"{item.weight:.1f}", f"{classed.price:,}"


def _show_discounts(console: Console, report: CostReport, speaker: Speaker) -> None:
    """What each discount saves or would save, and whether what it asks for is met."""
    if not report.effects:
        return
    say = speaker.say
    table = new_table(say(mark("Discount")), say(mark("Yen saved")), say(mark("What it asks for")))
    table.title, table.title_justify = say(mark("Discounts")), "left"
    for effect in report.effects:
        name = say(DISCOUNT_NAMES[effect.discount])
        asked = say(mark("asked for") if effect.asked else mark("not asked for"))
        conditions = "\n".join(_condition(one, speaker) for one in effect.conditions)
        table.add_row(f"{name}\n{asked}", _saved(effect), conditions)
    console.print(table)
    said = mark("✓ met  ✗ not met  ・ people see to it. A discount is asked for under [mail] discounts.")
    console.print(say(said))


def _saved(effect: Effect) -> str:
    return f"{effect.saves:,}" if effect.met else _UNKNOWN


def _condition(condition: Condition, speaker: Speaker) -> str:
    sign = "・" if condition.met is None else "✓" if condition.met else "✗"
    return f"{sign} {speaker.error(condition.message)}"


def _show_returns(console: Console, report: CostReport, speaker: Speaker) -> None:
    """What each segment must bring in at its expected response, and at 1, 5, 10 and 20 %."""
    say = speaker.say
    rows = [row for row in (*report.rows, report.all) if row.letters]
    names = [_name(row, speaker) if row.segment else say(mark("All")) for row in rows]
    headings = (
        *(mark("Segment"), mark("Expected response"), mark("Profit needed each"), mark("Sales needed each")),
        *(mark("Average basket"), mark("Breaks even at"), mark("Expected gain")),
    )
    told = [(name, *_returns(row)) for name, row in zip(names, rows, strict=True)]
    shown = filled_table([say(one) for one in headings], told, 1)
    shown.title, shown.title_justify = say(mark("What it must bring in (yen; each: of those who order)")), "left"
    console.print(shown)
    rates = [f"{rate:.0%}" for rate in RESPONSES]
    at_rates = [
        (name, str(row.per_letter), *map(_yen, row.returns.at_rates)) for name, row in zip(names, rows, strict=True)
    ]
    shown = filled_table([say(mark("Segment")), say(mark("Cost of a letter")), *rates], at_rates, 1)
    shown.title, shown.title_justify = say(mark("Sales needed of each who orders, if so many order")), "left"
    console.print(shown)
    said = mark(
        "Reckoned with a margin of {margin:.0%} ([costs] margin, after what offers give). "
        "Expected responses are defaults to change: [costs] response = {{ {group} = 0.08 }}"
    )
    group = next((segment.group or segment.name for segment in report.campaign.segments), "lapsed")
    console.print(say(said, margin=report.campaign.costs.margin, group=group))


def _returns(row: Row) -> tuple[str, ...]:
    returns = row.returns
    return (
        _percent(returns.response, 1, ROUND_HALF_UP),
        _yen(returns.profit_needed(returns.response)),
        _yen(returns.revenue_needed(returns.response)),
        _yen(None if returns.basket is None else round(returns.basket)),
        _percent(returns.break_even, 2, ROUND_CEILING),
        _yen(returns.gain),
    )


def _percent(share: Fraction | None, decimals: int, rounding: str) -> str:
    if share is None:
        return _UNKNOWN
    percent = Decimal(share.numerator) * 100 / Decimal(share.denominator)
    return f"{percent.quantize(Decimal(1).scaleb(-decimals), rounding):,} %"
