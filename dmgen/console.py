"""What people see on a terminal: progress, the summary, lists of jobs."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from dmgen.fulfil import TO_MEND
from dmgen.ledger import Fate, Told
from dmgen.messages import Speaker, mark
from dmgen.model.production import JobRecord
from dmgen.model.recipient import Outcome, Rejection
from dmgen.offers.coupon import in_fours
from dmgen.plan import Progress as Report
from dmgen.preflight import Report as Preflight
from dmgen.preflight import Severity
from dmgen.proof import Proof
from dmgen.readback import Finding, explain
from dmgen.reasons import explain_reason
from dmgen.release import Summary, arms
from dmgen.tasks.doctor import Examined
from dmgen.tasks.lists import Lists
from dmgen.tasks.offers_check import Answer, State
from dmgen.terminal import new_table, terminal
from dmgen.verify import Report as VerifyReport

_STAGES = {
    "lists": mark("Reading the lists"),
    "fit": mark("Fitting the letters"),
    "print": mark("Printing"),
    "read back": mark("Reading back"),
}

_LEFT_OUT = {
    "suppressed": mark("want no letters"),
    "review": mark("unclear whether they want any"),
    "rejected": mark("rejected rows"),
    "duplicate": mark("duplicate rows"),
    "no_address": mark("no such address"),
    "no_consent": mark("not agreed"),
    "not_mobile": mark("no mobile phone"),
    "address_twice": mark("address there already"),
}

_REMARKS_SHOWN = 20
_FAULTS_SHOWN = 100
_FINDINGS_SHOWN = 20


@contextmanager
def progress(speaker: Speaker) -> Iterator[Report]:
    """Report stages: a bar a stage on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=terminal(), transient=True) as bars:
        tasks = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(speaker.say(_STAGES[stage]), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield report


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


def show_lists(lists: Lists, speaker: Speaker) -> None:
    """A line a contact list: its people, and whom it leaves out and why."""
    say, console = speaker.say, terminal()
    table = new_table(say(mark("List")), say(mark("People")), say(mark("Channel")), say(mark("Left out")))
    for made in lists.made:
        left = "、".join(f"{say(_LEFT_OUT[reason])} {number:,}" for reason, number in made.left_out.items())
        table.add_row(made.file.name, f"{made.people:,}", made.channel.value, left or "-")
    console.print(table)
    for remark in lists.remarks[:_REMARKS_SHOWN]:
        console.print(say(mark("Look at this: {remark}"), remark=speaker.error(remark)))


def show_proof(made: Proof, speaker: Speaker) -> None:
    """A line a letter of a proof: its segment, whose it is, and why it was chosen."""
    say = speaker.say
    table = new_table(say(mark("Segment")), say(mark("Letters")), say(mark("Customer")), say(mark("Why")))
    for number, specimen in enumerate(made.specimens, 1):
        table.add_row(specimen.segment, str(number), str(specimen.row["customer_id"]), specimen.reasons(speaker))
    terminal().print(table)


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


def show_report(report: VerifyReport, speaker: Speaker) -> None:
    """What reading a job back found: the first findings, and whether the job may be sent."""
    console, say, verdict = terminal(), speaker.say, report.verdict
    if verdict.findings:
        found = new_table(say(mark("Piece")), say(mark("Sequence")), say(mark("Where")), say(mark("What")))
        for finding in map(Finding.of, verdict.findings[:_FINDINGS_SHOWN]):
            where = " ".join(filter(None, (finding.file, f"p.{finding.page}" if finding.page else "", finding.slot)))
            found.add_row(finding.piece_id, str(finding.sequence or ""), where, explain(finding, speaker))
        console.print(found)
    values = {"pieces": f"{verdict.pieces:,}", "all": f"{report.pieces:,}", "count": f"{verdict.count:,}"}
    if not verdict.released:
        said = mark("{pieces} of {all} pieces read back, {count} findings: the job is NOT released.")
    elif verdict.sample:
        said = mark("{pieces} of {all} pieces read back, as a sample: the job is released.")
    else:
        said = mark("{pieces} of {all} pieces read back, each its own person's: the job is released.")
    console.print(say(said, **values))
    if report.state is None:
        console.print(say(mark("No ledger here knows this job: give --shop its shop.toml, so that it can be sent.")))


def show_timings(seconds: dict[str, float], whole: float, speaker: Speaker) -> None:
    """Seconds by step; what no step counts is the rest."""
    say = speaker.say
    table = new_table(say(mark("Step")), say(mark("Seconds")))
    for step, taken in (seconds | {"": whole - sum(seconds.values())}).items():
        table.add_row(say(step or mark("the rest")), f"{taken:.1f}")
    table.add_row(say(mark("All")), f"{whole:.1f}")
    terminal().print(table)


_STATES = {
    State.VALID: mark("{code} is valid: {label}, until {expires}"),
    State.EARLY: mark("{code} does not hold yet: {label}, from {starts} until {expires}"),
    State.ISSUED: mark("{code} was issued and sent; its job's folder, which says until when it holds, is not there"),
    State.EXPIRED: mark("{code} has expired: {label}, until {expires}"),
    State.NOT_SENT: mark("{code} was issued, but its letters were not sent"),
    State.VOID: mark("{code} is void since {day}: {why}"),
    State.USED: mark("{code} was used on {day}, so it is worth nothing more: {label}"),
    State.UNKNOWN: mark("{code} is not one of this shop's codes, though it could be"),
    State.MISTYPED: mark("{code} cannot be a code: it is mistyped"),
}


def show_answer(answer: Answer, speaker: Speaker) -> None:
    """What a code is worth, where it comes from, and what may have been meant, on stdout."""
    say, promise = speaker.say, answer.promise
    label, starts, expires = (promise.label, promise.starts, promise.expires) if promise else ("", "", "")
    fates = promise.fates if promise else {}
    void, used = fates.get(Fate.VOID), fates.get(Fate.USED)
    told = void or used or Told(date.min, "")
    said = {"label": label or "-", "starts": starts, "expires": expires, "day": told.day, "why": told.why}
    print(say(_STATES[answer.state], code=answer.typed, **said))
    if void and used:
        print(say(mark("  yet it was used on {day}: find out where it was taken"), day=used.day))
    if promise:
        drop, sent = promise.coupon.drop, promise.sent_on
        origin = mark("  campaign {campaign}, offer {offer}, drop {drop}, sent: {sent}")
        where = {"campaign": drop.campaign, "offer": promise.coupon.offer, "drop": drop.drop, "sent": sent or "-"}
        print(say(origin, **where))
    for slip in answer.near:
        near = mark("  near: {code} (at place {place}: “{typed}” for “{right}”)")
        print(say(near, code=in_fours(slip.code), place=slip.place, typed=slip.typed, right=slip.right))


def show_jobs(jobs: list[JobRecord], speaker: Speaker) -> None:
    """A line a job, on stdout."""
    say = speaker.say
    if not jobs:
        terminal().print(say(mark("There are no jobs yet. Type: dmgen run CAMPAIGN")))
    for job in jobs:
        sent = f" {job.sent_on}" if job.sent_on else ""
        print(f"{job.id}  {job.state.value}{sent}  {job.campaign}  {job.drop}  {job.pieces}  {job.folder}")


def show_preflight(reports: list[Preflight], speaker: Speaker) -> None:
    """Each file with its findings, errors first, on stdout: what, where, and what to do."""
    say = speaker.say
    words = {Severity.ERROR: say(mark("ERROR")), Severity.WARNING: say(mark("warning"))}
    for report in reports:
        head = mark("{file}: {standard}, pages: {pages:,} (read: {read:,}), errors: {errors}, warnings: {warnings}")
        errors, warnings = report.count(Severity.ERROR), report.count(Severity.WARNING)
        standard = report.standard or say(mark("no standard"))
        counts = {"pages": report.pages, "read": report.read, "errors": errors, "warnings": warnings}
        print(say(head, file=report.file, standard=standard, **counts))
        for finding in report.findings:
            place = say(mark("page {page}"), page=finding.page) if finding.page else say(mark("file"))
            times = f" (×{finding.times:,})" if finding.times > 1 else ""
            print(f"  {words[finding.severity]}  {place}, {finding.at}{times}: {finding.said(speaker)}")
            print(f"      → {finding.remedy_said(speaker)}  [{finding.rule}]")


def show_examined(examined: list[Examined], speaker: Speaker) -> None:
    """A line a thing, on stdout."""
    for thing in examined:
        print(f"{'NG' if thing.wrong else 'OK'}  {thing.name}: {speaker.error(thing.told)}")
