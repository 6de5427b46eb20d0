"""The figures of an audience as tables in words: the terminal shows them, and the page beside its plots."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dmgen.messages import Speaker, mark
from dmgen.model.analysis import FEWEST, WINDOWS, Analysis, Flow, Part
from dmgen.report.words import Figures, letters_left, media_label, number, percent, ratio, step_label

_COHORTS_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Table:
    """A table in words: `texts` columns of text, then numbers; `note` says how they are counted."""

    id: str
    title: str
    note: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: int = 1


def tables(analysis: Analysis, speaker: Speaker) -> list[Table]:
    """The tables that these lists allow, in the page's order."""
    makers: list[Callable[[Analysis, Speaker], Table | None]] = [
        _customers, _segments, _groups, _orders, _repeats, _cohorts, _intervals, _media, _pairs, _churn
    ]  # fmt: skip
    made = (maker(analysis, speaker) for maker in makers)
    return [table for table in made if table and table.rows]


def _flow(flow: Flow, speaker: Speaker, read: str, left: str) -> tuple[tuple[str, ...], ...]:
    rows = [(step_label(step, speaker), f"−{step.rows:,}", ratio(step.rows, flow.read)) for step in flow.steps]
    first, last = (speaker.say(read), f"{flow.read:,}", ""), (speaker.say(left), f"{flow.left:,}", "")
    return (first, *rows, (*last[:2], ratio(flow.left, flow.read)))


def _customers(analysis: Analysis, speaker: Speaker) -> Table:
    say = speaker.say
    return Table(
        "customers",
        say(mark("From the list to the letters")),
        say(
            mark("Every row of the list has one outcome; together they are the rows read. Every letter was fitted.")
            if analysis.fitted
            else mark(
                "Every row of the list has one outcome; together they are the rows read. As the segments are made: "
                "with --fit, every letter is fitted, too, up to those that are printed."
            )
        ),
        (say(mark("Customers")), say(mark("Rows")), say(mark("Share"))),
        _flow(analysis.customers, speaker, mark("rows read"), letters_left(analysis)),
    )


def _orders(analysis: Analysis, speaker: Speaker) -> Table | None:
    if analysis.orders is None:
        return None
    say = speaker.say
    return Table(
        "orders",
        say(mark("From the orders to the purchases")),
        say(mark("Only completed orders with an amount are purchases. All figures below are counted over them.")),
        (say(mark("Orders")), say(mark("Rows")), say(mark("Share"))),
        _flow(analysis.orders, speaker, mark("rows read"), mark("purchases")),
    )


def _part_rows(parts: Sequence[Part], analysis: Analysis, figures: Figures) -> tuple[tuple[str, ...], ...]:
    whole = analysis.everybody
    return tuple(
        (
            part.label,
            f"{part.people:,}",
            ratio(part.people, whole.people),
            number(part.purchases),
            figures.money(part.spent),
            percent(analysis.revenue_share(part)),
            figures.mean(part),
        )
        for part in parts
    )


def _part_headings(first: str, people: str, speaker: Speaker) -> tuple[str, ...]:
    say = speaker.say
    return (
        *(first, people, say(mark("Share")), say(mark("Purchases")), say(mark("Revenue"))),
        *(say(mark("Share of revenue")), say(mark("Revenue a buyer"))),
    )


def _segments(analysis: Analysis, speaker: Speaker) -> Table:
    say, figures = speaker.say, Figures(analysis, speaker)
    return Table(
        "segments",
        say(mark("Segments")),
        say(
            mark(
                "Customers left for a letter, by the campaign's segments. Shares are of all customers and of all "
                "revenue; what fewer than {fewest} buyers spent is not shown."
            ),
            fewest=FEWEST,
        ),
        _part_headings(say(mark("Segment")), say(mark("Letters")), speaker),
        _part_rows(analysis.segments, analysis, figures),
    )


def _groups(analysis: Analysis, speaker: Speaker) -> Table:
    say, figures = speaker.say, Figures(analysis, speaker)
    return Table(
        "groups",
        say(mark("Groups of the scheme {scheme}"), scheme=analysis.scheme),
        say(mark("All customers who have bought, also those who get no letter.")),
        _part_headings(say(mark("Group")), say(mark("Customers")), speaker),
        _part_rows(analysis.groups, analysis, figures),
    )


def _repeats(analysis: Analysis, speaker: Speaker) -> Table:
    say, buyers = speaker.say, analysis.everybody.buyers
    last = len(analysis.repeats) - 1
    rows = []
    for place, people in enumerate(analysis.repeats):
        times = mark("{times} or more") if place == last and place else mark("{times}")
        at_least = sum(analysis.repeats[place:])
        rows.append((say(times, times=place + 1), f"{people:,}", ratio(people, buyers), ratio(at_least, buyers)))
    return Table(
        "repeats",
        say(mark("Repeat purchases")),
        say(
            mark("Repeat rate: buyers with two purchases or more ÷ buyers = {rate}."),
            rate=percent(analysis.repeat_rate),
        ),
        (say(mark("Purchases")), say(mark("Buyers")), say(mark("Share")), say(mark("So many or more"))),
        tuple(rows) if buyers else (),
    )


def _cohorts(analysis: Analysis, speaker: Speaker) -> Table:
    say = speaker.say
    return Table(
        "cohorts",
        say(mark("From the first purchase to the second (F2)")),
        say(
            mark(
                "Of the customers who first bought in a month, the share that bought again within so many days. "
                "A dash: not all of them have had so many days yet, or fewer than {fewest} buyers."
            ),
            fewest=FEWEST,
        ),
        (
            *(say(mark("First purchase")), say(mark("Buyers"))),
            *(say(mark("within {days} days"), days=days) for days in WINDOWS),
            say(mark("up to now")),
        ),
        tuple(
            (f"{c.month:%Y-%m}", f"{c.buyers:,}", *(percent(share) for share in c.within), percent(c.ever))
            for c in analysis.cohorts[-_COHORTS_SHOWN:]
        ),
    )


def _intervals(analysis: Analysis, speaker: Speaker) -> Table | None:
    say, found = speaker.say, analysis.intervals
    if found is None:
        return None
    low, middle, high = (say(mark("{days:g} days"), days=days) for days in found.quartiles)
    return Table(
        "intervals",
        say(mark("Days until the next purchase")),
        say(mark("From a customer's day of purchase to their next one; several orders of one day are one purchase.")),
        (say(mark("Intervals")), say(mark("Number"))),
        (
            (say(mark("counted")), f"{found.count:,}"),
            (say(mark("a quarter buys again within")), low),
            (say(mark("half within (median)")), middle),
            (say(mark("three quarters within")), high),
        ),
    )


def _media(analysis: Analysis, speaker: Speaker) -> Table:
    say, figures = speaker.say, Figures(analysis, speaker)
    return Table(
        "media",
        say(mark("LTV by media code")),
        say(
            mark(
                "By the medium of each customer's first order: what they have spent up to now ÷ customers. Media of "
                "fewer than {fewest} customers, and orders without one, are taken together."
            ),
            fewest=FEWEST,
        ),
        (
            *(say(mark("First medium")), say(mark("Customers")), say(mark("Purchases"))),
            *(say(mark("Revenue")), say(mark("Share of revenue")), say(mark("LTV"))),
        ),
        tuple(
            (
                media_label(part, speaker),
                f"{part.people:,}",
                number(part.purchases),
                figures.money(part.spent),
                percent(analysis.revenue_share(part)),
                figures.mean(part),
            )
            for part in analysis.media
        ),
    )


def _pairs(analysis: Analysis, speaker: Speaker) -> Table:
    say = speaker.say
    return Table(
        "pairs",
        say(mark("What is bought next")),
        say(
            mark(
                "Buyers of the first product who bought the second one on a later day. Lift: how many times as often "
                "as it is bought next by all customers. Best first (share × lift)."
            )
        ),
        (
            *(say(mark("Whoever buys")), say(mark("buys next"))),
            *(say(mark("Customers")), say(mark("Share")), say(mark("Lift"))),
        ),
        tuple(
            (p.before_name, p.after_name, f"{p.support:,}", percent(p.confidence), f"{p.lift:.2f}")
            for p in analysis.pairs
        ),
        texts=2,
    )


def _churn(analysis: Analysis, speaker: Speaker) -> Table | None:
    say, found = speaker.say, analysis.churn
    if found is None:
        return None
    return Table(
        "churn",
        say(mark("Subscriptions: who stops after which delivery")),
        say(
            mark(
                "Stopped: the next delivery is overdue, after {days} days (one and a half usual intervals). "
                "Rate: stopped ÷ (went on + stopped); whoever is not overdue yet is not counted in it."
            ),
            days=found.days,
        ),
        (
            *(say(mark("Delivery")), say(mark("Reached")), say(mark("Went on")), say(mark("Stopped"))),
            *(say(mark("Not due yet")), say(mark("Rate of stopping"))),
        ),
        tuple(
            (str(t.number), f"{t.reached:,}", f"{t.went_on:,}", f"{t.stopped:,}", f"{t.waiting:,}", percent(t.churn))
            for t in found.turns
        ),
    )
