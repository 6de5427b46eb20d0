"""What people see on a terminal: progress, the summary, lists of jobs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from dmgen.messages import Speaker, mark
from dmgen.model.production import JobRecord
from dmgen.model.recipient import Outcome
from dmgen.plan import Progress as Report
from dmgen.preflight import Report as Preflight
from dmgen.preflight import Severity
from dmgen.reasons import explain_reason
from dmgen.release import Summary

_STAGES = {
    "lists": mark("Reading the lists"),
    "fit": mark("Fitting the letters"),
    "print": mark("Printing"),
}

_NUMBERS = 1  # the column of every table that holds numbers


def _console() -> Console:
    return Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=not sys.stderr.isatty())


@contextmanager
def progress(speaker: Speaker) -> Iterator[Report]:
    """Report stages: a bar a stage on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_console(), transient=True) as bars:
        tasks = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(speaker.say(_STAGES[stage]), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield report


def _table(*headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD if sys.stderr.isatty() else box.ASCII2, pad_edge=False)
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="right" if number == _NUMBERS else "left", overflow="fold")
    return table


def show_summary(summary: Summary, speaker: Speaker) -> None:
    """Pieces a segment, then what became of everybody else, then the orders that did not count."""
    console, say = _console(), speaker.say
    letters = _table(say(mark("Segment")), say(mark("Letters")), say(mark("Layout")), say(mark("Offer")))
    for segment in summary.campaign.segments:
        label = f"{segment.id} {segment.label}".strip()
        letters.add_row(label, f"{summary.segments[segment.id]:,}", segment.layout, segment.offer or "-")
    letters.add_row(say(mark("All")), f"{summary.pieces:,}", "", "")
    console.print(letters)
    rows = _table(say(mark("Customers")), say(mark("Rows")))
    for outcome, number in summary.outcomes.items():
        if not number:
            continue
        rows.add_row(outcome.value, f"{number:,}")
        if outcome not in (Outcome.NO_SEGMENT, Outcome.OVER_LIMIT):  # their only reason says the same
            _add_reasons(rows, summary, "customers", outcome, speaker)
    rows.add_row(say(mark("All")), f"{summary.customers:,}")
    console.print(rows)
    if summary.misfits:
        misfits = _table(say(mark("Slot")), say(mark("Customer")), say(mark("Why")))
        for r in summary.misfits:
            misfits.add_row(r.field, r.customer_id, f"{explain_reason(r.reason, speaker)} {r.value}".strip())
        console.print(misfits)
    if summary.orders:
        orders = _table(say(mark("Orders")), say(mark("Rows")))
        for what, number in summary.orders.items():
            orders.add_row(what, f"{number:,}")
            if what == Outcome.REJECTED:
                _add_reasons(orders, summary, "orders", Outcome.REJECTED, speaker)
        console.print(orders)


def _add_reasons(table: Table, summary: Summary, source: str, outcome: Outcome, speaker: Speaker) -> None:
    for (of, what, reason), number in sorted(summary.reasons.items()):
        if (of, what) == (source, outcome):
            table.add_row(f"  {explain_reason(reason, speaker)}", f"{number:,}")


def show_jobs(jobs: list[JobRecord], speaker: Speaker) -> None:
    """A line a job, on stdout."""
    say = speaker.say
    if not jobs:
        _console().print(say(mark("There are no jobs yet. Type: dmgen run CAMPAIGN")))
    for job in jobs:
        sent = f" {job.sent_on}" if job.sent_on else ""
        print(f"{job.id}  {job.state.value}{sent}  {job.campaign}  {job.drop}  {job.pieces}  {job.folder}")


def show_preflight(reports: list[Preflight], speaker: Speaker) -> None:
    """Each file with its findings, errors first, on stdout: what, where, and what to do."""
    say = speaker.say
    words = {Severity.ERROR: say(mark("ERROR")), Severity.WARNING: say(mark("warning"))}
    for report in reports:
        head = mark("{file}: {standard}, {pages:,} pages ({read:,} read): {errors} errors, {warnings} warnings")
        errors, warnings = report.count(Severity.ERROR), report.count(Severity.WARNING)
        standard = report.standard or say(mark("no standard"))
        counts = {"pages": report.pages, "read": report.read, "errors": errors, "warnings": warnings}
        print(say(head, file=report.file, standard=standard, **counts))
        for finding in report.findings:
            place = say(mark("page {page}"), page=finding.page) if finding.page else say(mark("file"))
            times = f" (×{finding.times:,})" if finding.times > 1 else ""
            print(f"  {words[finding.severity]}  {place}, {finding.at}{times}: {finding.said(speaker)}")
            print(f"      → {finding.remedy_said(speaker)}  [{finding.rule}]")
