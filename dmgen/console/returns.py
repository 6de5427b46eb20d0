"""What a campaign must bring in, on a terminal: at the expected response, and at 1, 5, 10 and 20 %."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from fractions import Fraction

from rich.console import Console

from dmgen.console.figures import UNKNOWN, amount, figures
from dmgen.messages import Speaker, mark
from dmgen.model.costs import RESPONSES
from dmgen.tasks.cost import CostReport, Row


def show_returns(console: Console, report: CostReport, names: list[str], speaker: Speaker) -> None:
    """Two tables and how they were reckoned; `names` of the report's rows. A segment without letters is left out."""
    say = speaker.say
    named = [*zip(names, report.rows, strict=True), (say(mark("All")), report.all)]
    shown = [(name, row) for name, row in named if row.letters]
    headings = (
        *(mark("Segment"), mark("Expected\nresponse"), mark("Profit\nneeded"), mark("Sales\nneeded")),
        *(mark("Average\nbasket"), mark("Breaks\neven at"), mark("Expected\ngain")),
    )
    title = say(mark("What it must bring in (needed: yen of each who orders)"))
    console.print(figures(title, [say(one) for one in headings], [(name, *_cells(row)) for name, row in shown]))
    by_rate = [(name, f"{row.per_letter:,}", *map(amount, row.returns.at_rates)) for name, row in shown]
    title = say(mark("Sales needed of each who orders, by the share of letters that bring an order (yen)"))
    rates = [f"{rate:.0%}" for rate in RESPONSES]
    console.print(figures(title, [say(mark("Segment")), say(mark("A letter")), *rates], by_rate))
    said = mark(
        "Reckoned with a gross profit of {margin:.0%} of sales, after what offers give ([costs] margin). Expected "
        "responses are to be changed, by segment or group: [costs] response = {{ {group} = 0.08 }}"
    )
    group = next((segment.group or segment.name for segment in report.campaign.segments), "lapsed")
    console.print(say(said, margin=report.campaign.costs.margin, group=group))
    if report.all.returns.basket is None:
        console.print(say(mark("Without an order list nothing is known of baskets: no response to break even at.")))


def _cells(row: Row) -> tuple[str, ...]:
    returns = row.returns
    return (
        _percent(returns.response, 1, ROUND_HALF_UP),
        amount(returns.profit_needed(returns.response)),
        amount(returns.revenue_needed(returns.response)),
        amount(None if returns.basket is None else round(returns.basket)),
        _percent(returns.break_even, 1, ROUND_CEILING),
        amount(returns.gain),
    )


def _percent(share: Fraction | None, decimals: int, rounding: str) -> str:
    if share is None:
        return UNKNOWN
    percent = Decimal(share.numerator) * 100 / Decimal(share.denominator)
    return f"{percent.quantize(Decimal(1).scaleb(-decimals), rounding):,}%"
