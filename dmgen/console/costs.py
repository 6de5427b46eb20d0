"""What a campaign would cost, on a terminal: costs a segment, and what they are made of."""

from collections import Counter

from rich.console import Console

from dmgen.console.figures import UNKNOWN, amount, figures
from dmgen.console.posting import show_discounts, show_posting
from dmgen.console.returns import show_returns
from dmgen.messages import Speaker, mark
from dmgen.model.costs import Cost, Origin
from dmgen.tasks.cost import CostReport, Row
from dmgen.terminal import terminal

_PAID_FOR = {
    Cost.SETUP: mark("setting up the job"),
    Cost.SETUP_LAYOUT: mark("setting up a layout"),
    Cost.SIDE: mark("printing a side"),
    Cost.SHELL: mark("a pre-printed sheet"),
    Cost.PAPER: mark("a sheet of paper"),
    Cost.FOLD: mark("folding a letter"),
    Cost.ENVELOPE: mark("an envelope"),
    Cost.INSERTING: mark("inserting a letter"),
    Cost.PER_PIECE: mark("all else of a letter"),
}


def show_cost(report: CostReport, speaker: Speaker) -> None:
    """The sum first, then what it is made of, and last what a person should look at."""
    console, say = terminal(), speaker.say
    whole = report.all
    if whole.per_letter is None:
        console.print(say(mark("Nobody gets a letter: there is nothing to pay for.")))
        return
    said = mark("{letters} letters cost {total} yen, {each} yen a letter.")
    console.print(say(said, letters=f"{whole.letters:,}", total=f"{whole.total:,}", each=f"{whole.per_letter:,}"))
    names = _names(report, speaker)
    _show_rows(console, report, names, speaker)
    _show_prices(console, report, speaker)
    if not report.campaign.in_parcels:
        show_posting(console, report, speaker)
        show_discounts(console, report, speaker)
    show_returns(console, report, names, speaker)
    for remark in report.remarks:
        console.print(say(mark("Look at this: {remark}"), remark=speaker.error(remark)))


def _names(report: CostReport, speaker: Speaker) -> list[str]:
    """What each row is called: by its label, and where several have the same by the id, too."""
    labels = Counter(row.segment.label for row in report.rows if row.segment)
    return [
        speaker.say(mark("slips and separators"))
        if row.segment is None
        else row.segment.label
        if labels[row.segment.label] == 1
        else f"{row.segment.id} {row.segment.label}"
        for row in report.rows
    ]


def _show_rows(console: Console, report: CostReport, names: list[str], speaker: Speaker) -> None:
    say = speaker.say
    headings = [
        *(mark("Segment"), mark("Pieces"), mark("Sheets"), mark("Print"), mark("Paper"), mark("Handling")),
        *(mark("Postage"), mark("Total"), mark("A letter")),
    ]
    rows = [
        (name, *_amounts(row)) for name, row in zip([*names, say(mark("All"))], [*report.rows, report.all], strict=True)
    ]
    left_out = {headings.index("Postage")} if report.campaign.in_parcels else set()
    if all(row.sheets == row.letters for row in report.rows):
        left_out.add(headings.index("Sheets"))
    console.print(figures(say(mark("Costs (yen, with tax)")), [say(one) for one in headings], rows, without=left_out))
    unknown = [name for name, row in zip(names, report.rows, strict=True) if row.postage is None]
    if unknown:
        said = mark("Postage is not known for {segments}: it is not in these sums.")
        console.print(say(said, segments=", ".join(unknown)))


def _amounts(row: Row) -> tuple[str, ...]:
    yen = (row.print, row.paper, row.handling, row.postage, row.total)
    each = UNKNOWN if row.per_letter is None else f"{row.per_letter:,}"
    return amount(row.letters), amount(row.sheets), *map(amount, yen), each


def _show_prices(console: Console, report: CostReport, speaker: Speaker) -> None:
    """The price of each thing, how often, and where the price stands."""
    say = speaker.say
    origins = {Origin.EXAMPLE: say(mark("example")), Origin.SHOP: Origin.SHOP, Origin.CAMPAIGN: Origin.CAMPAIGN}
    headings = (mark("Paid for"), mark("Key"), mark("Price from"), mark("Price"), mark("Times"), mark("Yen"))
    rows = [
        (
            say(_PAID_FOR[charge.cost]),
            charge.cost.value,
            str(origins[charge.origin]),
            f"{charge.unit:,}",
            f"{charge.quantity:,}",
            f"{charge.yen:,}",
        )
        for charge in report.charges
    ]
    console.print(figures(say(mark("What is paid for")), [say(one) for one in headings], rows, texts=3))
    if report.examples:
        said = mark(
            'Prices from "example" are nobody\'s offer (put down on {day}). Your own go into {shop}: '
            "[costs] and below it {key} = 4.5"
        )
        key = max(report.examples, key=lambda charge: charge.quantity).cost.value
        shop = report.campaign.shop.file.name
        console.print(say(said, day=report.campaign.costs.dated, shop=shop, key=key))
