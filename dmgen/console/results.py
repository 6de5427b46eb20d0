"""What further commands made or found, on a terminal: lists, proofs, jobs, findings."""

from pathlib import Path

from dmgen.ledger import Restored
from dmgen.messages import Speaker, mark
from dmgen.model.production import JobRecord
from dmgen.preflight import Report as Preflight
from dmgen.preflight import Severity
from dmgen.proofing.proof import Proof
from dmgen.readback import Finding, explain
from dmgen.tasks.doctor import Examined
from dmgen.tasks.lists import Lists
from dmgen.terminal import new_table, terminal
from dmgen.verify import Report as VerifyReport

_REMARKS_SHOWN = 20
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

_FINDINGS_SHOWN = 20


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


def show_jobs(jobs: list[JobRecord], speaker: Speaker) -> None:
    """A line a job, on stdout."""
    say = speaker.say
    if not jobs:
        terminal().print(say(mark("There are no jobs yet. Type: dmgen run CAMPAIGN")))
    for job in jobs:
        sent = f" {job.sent_on}" if job.sent_on else ""
        part = "  " + say(mark("completes {job}"), job=job.part_of) if job.part_of else ""
        part += "  " + say(mark("purged on {day}"), day=job.purged_on) if job.purged_on else ""
        print(f"{job.id}  {job.state.value}{sent}  {job.campaign}  {job.drop}  {job.pieces}  {job.folder}{part}")


def show_restored(folder: Path, found: Restored, speaker: Speaker) -> None:
    """What of a job's folder was written back, and how much of that the ledger had."""
    said = mark(
        "{folder}: written back {new_pieces:,} of {pieces:,} pieces, {new_codes:,} of {codes:,} codes, "
        "{new_withdrawn:,} of {withdrawn:,} customers who said no, {new_void:,} of {void:,} void codes, "
        "{new_events:,} of {events:,} entries of what happened to pieces. The ledger had the rest."
    )
    kinds = ("pieces", "codes", "withdrawn", "void", "events")
    new = {f"new_{kind}": found.new[kind] for kind in kinds}
    print(speaker.say(said, folder=folder, **{kind: found.shown[kind] for kind in kinds}, **new))


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
