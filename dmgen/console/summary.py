"""The outcome of a check or a run on a terminal."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from dmgen.fulfil import TO_MEND
from dmgen.messages import Speaker, mark
from dmgen.model.parcel import ParcelOutcome
from dmgen.model.recipient import Outcome, Rejection
from dmgen.reasons import explain_reason
from dmgen.summary import Summary, arms
from dmgen.terminal import new_table, terminal

_REMARKS_SHOWN = 20

_FAULTS_SHOWN = 100
_GOES_IN = {
    ParcelOutcome.PIECE: mark("a letter goes in"),
    ParcelOutcome.FALLBACK: mark("the piece for customers whom nobody knows goes in"),
    ParcelOutcome.EMPTY: mark("nothing goes in"),
}


def show_summary(summary: Summary, speaker: Speaker) -> None:
    """Pieces a segment, then what became of everybody else, then the orders that did not count."""
    console, say = terminal(), speaker.say
    letters = new_table(say(mark("Segment")), say(mark("Letters")), say(mark("Layout")), say(mark("Offer")))
    for segment in summary.campaign.segments:
        label = f"{segment.id} {segment.label}".strip()
        letters.add_row(label, f"{summary.segments[segment.id]:,}", segment.layout, segment.offer or "-")
    letters.add_row(say(mark("All")), f"{summary.pieces:,}", "", "")
    if summary.seeds:
        letters.add_row(say(mark("of these decoys (seeds)")), f"{summary.seeds:,}", "", "")
    console.print(letters)
    for name, tried in arms(summary).items():
        told = ", ".join(f"{arm} {number:,}" for arm, number in tried.items())
        console.print(say(mark("Tried in {segment}: {arms}"), segment=name, arms=told))
    rows = new_table(say(mark("Customers")), say(mark("Rows")))
    for outcome, number in summary.outcomes.items():
        if not number:
            continue
        rows.add_row(outcome.value, f"{number:,}")
        if outcome not in (Outcome.NO_SEGMENT, Outcome.CONTROL):  # their only reason says the same
            _add_reasons(rows, summary, "customers", outcome, speaker)
    rows.add_row(say(mark("All")), f"{summary.customers:,}")
    console.print(rows)
    _show_parcels(console, summary, speaker)
    _show_faults(console, mark("No letter"), summary.misfits, summary.misfit_count, speaker)
    _show_faults(console, mark("Printed; have a look"), summary.warnings, len(summary.warnings), speaker)
    _show_to_mend(console, summary, speaker)
    for remark in summary.remarks[:_REMARKS_SHOWN]:
        console.print(say(mark("Look at this: {remark}"), remark=speaker.error(remark)))
    if len(summary.remarks) > _REMARKS_SHOWN:
        console.print(say(mark("and {more} more of this kind"), more=len(summary.remarks) - _REMARKS_SHOWN))
    if summary.folder and not summary.released:
        console.print(say(mark("Not released: type dmgen verify {folder} before it is sent."), folder=summary.folder))
    _show_rows(console, "orders", mark("Orders"), summary.orders, summary, speaker)
    _show_rows(console, "contacts", mark("Contacts"), summary.contacts, summary, speaker)


def _show_parcels(console: Console, summary: Summary, speaker: Speaker) -> None:
    """What goes into the parcels of the day, and why nothing goes into the others."""
    if not summary.parcels:
        return
    say = speaker.say
    table = new_table(say(mark("Parcels")), say(mark("Count")))
    for what, number in summary.parcels.items():
        outcome, _, reason = what.partition(".")
        told = say(_GOES_IN[ParcelOutcome(outcome)])
        table.add_row(f"{told}: {explain_reason(reason, speaker)}" if reason else told, f"{number:,}")
    table.add_row(say(mark("All")), f"{sum(summary.parcels.values()):,}")
    console.print(table)


def _show_rows(
    console: Console, source: str, heading: str, counts: Mapping[str, int], summary: Summary, speaker: Speaker
) -> None:
    """What became of the rows of a list that is not of people."""
    if counts:
        table = new_table(speaker.say(heading), speaker.say(mark("Rows")))
        for what, number in counts.items():
            table.add_row(what, f"{number:,}")
            if what == Outcome.REJECTED:
                _add_reasons(table, summary, source, Outcome.REJECTED, speaker)
        console.print(table)


def _show_faults(console: Console, heading: str, rows: Sequence[Rejection], count: int, speaker: Speaker) -> None:
    """Rows that cannot be set as they should be: where to look in the list, whose they are, and what is wrong."""
    if not count:
        return
    say = speaker.say
    faults = new_table(say(mark("Field")), say(mark("Customer")), say(mark("Why")))
    faults.title, faults.title_justify = say(heading), "left"
    for r in rows[:_FAULTS_SHOWN]:
        faults.add_row(r.field, r.customer_id, f"{explain_reason(r.reason, speaker)} {r.value}".strip())
    console.print(faults)
    if count > _FAULTS_SHOWN:
        more = mark("… and {more} more: dmgen run writes all of them to its lists, dmgen check --json shows them")
        console.print(say(more, more=count - _FAULTS_SHOWN))


def _show_to_mend(console: Console, summary: Summary, speaker: Speaker) -> None:
    """How many rows a person can mend, and where they stand: the file of a run, the first lines of a check."""
    if not summary.to_mend_count:
        return
    count = f"{summary.to_mend_count:,}"
    if summary.folder:
        said = mark("Rows to mend: {count}, with what to do: {file}")
        console.print(speaker.say(said, count=count, file=summary.folder / TO_MEND))
        return
    first = ", ".join(f"{r.source} {r.line}" for r in summary.to_mend)
    said = mark("Rows to mend: {count}. The first, by list and line: {first}. dmgen run writes all to {file}.")
    console.print(speaker.say(said, count=count, first=first, file=TO_MEND))


def _add_reasons(table: Table, summary: Summary, source: str, outcome: Outcome, speaker: Speaker) -> None:
    for (of, what, reason), number in sorted(summary.reasons.items()):
        if (of, what) == (source, outcome):
            table.add_row(f"  {explain_reason(reason, speaker)}", f"{number:,}")
